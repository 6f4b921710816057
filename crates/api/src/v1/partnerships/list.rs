use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::PartnershipFilter;
use tributary_app::directory::list_partnerships;
use tributary_directory::PartnershipStatus;
use tributary_kernel::{PartnerId, ProgramId};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::PartnershipOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_partnerships",
    tag: "partnerships",
    summary: "List partnerships",
    detail: "Partners in your programs, newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which partnerships.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one status.
    #[serde(default)]
    status: Option<PartnershipStatus>,
    /// Whose name, address or code has this text.
    #[serde(default)]
    search: Option<String>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<PartnershipOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter = PartnershipFilter {
        program: query.program,
        partner: query.partner,
        status: query.status,
        search: query.search,
    };
    let found = list_partnerships(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, PartnershipOut::from))
}
