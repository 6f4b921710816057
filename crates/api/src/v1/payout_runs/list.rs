use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::payout::list_runs;
use tributary_kernel::ProgramId;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::RunWithTotalOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_payout_runs",
    tag: "payouts",
    summary: "List payout runs",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
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
) -> Result<Json<Page<RunWithTotalOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let (app, actor) = (state.app(), &caller.actor);
    let found = list_runs(app, actor, caller.owner, query.program, page).await?;
    Ok(Page::of(found, RunWithTotalOut::from))
}
