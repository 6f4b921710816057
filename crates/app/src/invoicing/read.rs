use tributary_directory::Actor;
use tributary_kernel::{Refusal, TaxDocumentId};
use tributary_store::invoicing::{self as store, StoredTaxDocument};
use tributary_store::list::{Page, PageRequest};

use crate::directory::viewer_of;
use crate::secrets::sha256;
use crate::{App, AppError};

pub use tributary_store::invoicing::TaxDocumentFilter;

/// Documents that an actor may see, newest first.
///
/// # Errors
/// Without the right to read.
pub async fn list_tax_documents(
    app: &App,
    actor: &Actor,
    filter: &TaxDocumentFilter,
    page: PageRequest,
) -> Result<Page<StoredTaxDocument>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(store::list_tax_documents(&mut *conn, viewer, filter, page).await?)
}

/// One document that an actor may see.
///
/// # Errors
/// Without the right to read; not found.
pub async fn find_tax_document(
    app: &App,
    actor: &Actor,
    id: TaxDocumentId,
) -> Result<StoredTaxDocument, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = store::find_tax_document(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("document").into())
}

tributary_kernel::text_enum! {
    /// In which form a document is asked for.
    pub enum DocumentForm {
        /// For people.
        Pdf = "pdf",
        /// For programs: UBL 2.1.
        Ubl = "ubl",
    }
}

/// A document's bytes, as they were made.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentFile {
    /// File name.
    pub name: String,
    /// Its type.
    pub media_type: &'static str,
    /// The bytes.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for DocumentFile {
    /// Without the bytes: they hold names and addresses.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A document's file: the same bytes every time.
///
/// # Errors
/// Without the right to read; not found.
pub async fn tax_document_file(
    app: &App,
    actor: &Actor,
    id: TaxDocumentId,
    form: DocumentForm,
) -> Result<DocumentFile, AppError> {
    let it = find_tax_document(app, actor, id).await?;
    let mut conn = app.record.read().await?;
    let files = store::tax_document_files(&mut *conn, it.owner, it.id).await?;
    let files = files.ok_or_else(|| AppError::Corrupt(format!("{id} has no files")))?;
    let (content, hash, media_type, ending) = match form {
        DocumentForm::Pdf => (files.pdf, files.pdf_hash, "application/pdf", "pdf"),
        DocumentForm::Ubl => (files.ubl, files.ubl_hash, "application/xml", "xml"),
    };
    if sha256(&content) != hash {
        return Err(AppError::Corrupt(format!("the {form} of {id} does not have its hash")));
    }
    let name = format!("{}.{ending}", it.number.replace('/', "-"));
    Ok(DocumentFile { name, media_type, content })
}
