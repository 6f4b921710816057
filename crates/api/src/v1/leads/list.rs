use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{LeadFilter, LeadState, list_leads};
use tributary_kernel::{PartnerId, ProgramId};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::LeadOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_leads",
    tag: "leads",
    summary: "List leads",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which leads.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one state.
    #[serde(default)]
    state: Option<LeadState>,
    /// At one stage.
    #[serde(default)]
    stage: Option<String>,
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
) -> Result<Json<Page<LeadOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let Query { program, partner, state: stands, stage, .. } = query;
    let filter = LeadFilter { program, partner, state: stands, stage };
    let found = list_leads(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, LeadOut::from))
}
