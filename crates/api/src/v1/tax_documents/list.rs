use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::invoicing::{TaxDocumentFilter, find_tax_document, list_tax_documents};
use tributary_kernel::{PartnerId, PayoutId, ProgramId};
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::{DocumentOut, DocumentPath};
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const LIST: Doc = Doc {
    id: "list_tax_documents",
    tag: "payouts",
    summary: "List invoices and credit notes written for partners",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const GET: Doc = Doc {
    id: "get_tax_document",
    tag: "payouts",
    summary: "Get an invoice or credit note",
    detail: "Its figures; `/pdf` and `/ubl` are its files.",
    scope: Some("read"),
    errors: &[(404, "not_found", "You have no such document.")],
};

/// Which documents.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// About one payout.
    #[serde(default)]
    payout: Option<PayoutId>,
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// For one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

pub(super) async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<DocumentOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter =
        TaxDocumentFilter { payout: query.payout, program: query.program, partner: query.partner };
    let found = list_tax_documents(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, DocumentOut::from))
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<DocumentPath>,
) -> Result<Json<DocumentOut>, Problem> {
    Ok(Json(find_tax_document(state.app(), &caller.actor, path.id).await?.into()))
}
