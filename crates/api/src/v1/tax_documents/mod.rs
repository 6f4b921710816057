//! Invoices and credit notes written for partners.

mod file;
mod list;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::invoicing::{StoredTaxDocument, TaxDocumentKind};
use tributary_kernel::{LocalDate, PartnerId, PayoutId, ProgramId, TaxDocumentId, Timestamp};

use crate::ApiState;
use crate::wire::MoneyOut;

/// A document in an address.
#[derive(Debug, Deserialize, JsonSchema)]
struct DocumentPath {
    /// The document's id.
    id: TaxDocumentId,
}

/// An invoice or credit note that you wrote for a partner.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TaxDocument")]
struct DocumentOut {
    /// Its id.
    id: TaxDocumentId,
    /// Its number: a series without gaps.
    number: String,
    /// `invoice` (type 389) or `credit_note` (261).
    kind: TaxDocumentKind,
    /// The payout that it is about.
    payout: PayoutId,
    /// Of which program.
    program: ProgramId,
    /// For whom.
    partner: PartnerId,
    /// The invoice that a credit note takes back.
    corrects: Option<TaxDocumentId>,
    /// Day of issue.
    issued_on: LocalDate,
    /// Net of VAT.
    net: MoneyOut,
    /// VAT.
    vat: MoneyOut,
    /// Category of VAT: `S` at a rate, `AE` reverse charge, `O` not subject.
    vat_category: String,
    /// When it was made.
    created_at: Timestamp,
}

impl From<StoredTaxDocument> for DocumentOut {
    fn from(it: StoredTaxDocument) -> Self {
        Self {
            id: it.id,
            number: it.number,
            kind: it.kind,
            payout: it.payout,
            program: it.program,
            partner: it.partner,
            corrects: it.corrects,
            issued_on: it.issued_on,
            net: it.net.into(),
            vat: it.vat.into(),
            vat_category: it.category,
            created_at: it.created_at,
        }
    }
}

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/v1/tax_documents", get_with(list::list, list::LIST.apply()))
        .api_route("/v1/tax_documents/{id}", get_with(list::get, list::GET.apply()))
        .api_route("/v1/tax_documents/{id}/pdf", get_with(file::pdf, file::describe_pdf))
        .api_route("/v1/tax_documents/{id}/ubl", get_with(file::ubl, file::describe_ubl))
}
