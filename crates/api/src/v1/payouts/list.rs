use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::payout::list_payouts;
use tributary_app::payout::{PayoutFilter, PayoutState};
use tributary_kernel::{PartnerId, PayoutRunId, ProgramId};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::PayoutOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_payouts",
    tag: "payouts",
    summary: "List payouts",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which payouts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one run.
    #[serde(default)]
    run: Option<PayoutRunId>,
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// To one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one state.
    #[serde(default)]
    state: Option<PayoutState>,
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
) -> Result<Json<Page<PayoutOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter = PayoutFilter {
        run: query.run,
        program: query.program,
        partner: query.partner,
        state: query.state,
    };
    let found = list_payouts(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, |it| PayoutOut::from(&it)))
}
