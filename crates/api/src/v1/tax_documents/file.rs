use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use tributary_app::invoicing::{DocumentForm, tax_document_file};
use tributary_web::{Caller, PathOf, Problem};

use super::DocumentPath;
use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::download;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such document.")];

const PDF: Doc = Doc {
    id: "get_tax_document_pdf",
    tag: "payouts",
    summary: "Get an invoice or credit note as PDF",
    detail: "In the partner's language. Every call gets the same bytes.",
    scope: Some("read"),
    errors: ERRORS,
};

const UBL: Doc = Doc {
    id: "get_tax_document_ubl",
    tag: "payouts",
    summary: "Get an invoice or credit note as UBL",
    detail: "UBL 2.1 in the form of Peppol BIS Self-Billing 3. Every call gets the same bytes.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) fn describe_pdf(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(PDF.apply()(operation), "application/pdf", "The file.")
}

pub(super) fn describe_ubl(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(UBL.apply()(operation), "application/xml", "The file.")
}

pub(super) async fn pdf(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<DocumentPath>,
) -> Result<Response, Problem> {
    let file = tax_document_file(state.app(), &caller.actor, path.id, DocumentForm::Pdf).await?;
    Ok(download(file.media_type, &file.name, file.content))
}

pub(super) async fn ubl(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<DocumentPath>,
) -> Result<Response, Problem> {
    let file = tax_document_file(state.app(), &caller.actor, path.id, DocumentForm::Ubl).await?;
    Ok(download(file.media_type, &file.name, file.content))
}
