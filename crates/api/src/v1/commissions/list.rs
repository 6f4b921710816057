use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::life::{CommissionFilter, CommissionState, list_commissions};
use tributary_kernel::{PartnerId, PayoutId, ProgramId, Timestamp};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::CommissionOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_commissions",
    tag: "commissions",
    summary: "List commissions",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which commissions.
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
    state: Option<CommissionState>,
    /// In one payout.
    #[serde(default)]
    payout: Option<PayoutId>,
    /// Whose hold ended at or before.
    #[serde(default)]
    due_by: Option<Timestamp>,
    /// Occurred at or after.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Occurred before.
    #[serde(default)]
    until: Option<Timestamp>,
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
) -> Result<Json<Page<CommissionOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter = CommissionFilter {
        program: query.program,
        partner: query.partner,
        state: query.state,
        payout: query.payout,
        due_by: query.due_by,
        from: query.from,
        until: query.until,
    };
    let found = list_commissions(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, |it| CommissionOut::from(&it)))
}
