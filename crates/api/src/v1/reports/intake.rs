use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::report::intake_since;
use tributary_kernel::{LocalDate, Zone};
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "get_intake",
    tag: "reports",
    summary: "Get counts of what came in",
    detail: "`received` is the sum of the others: nothing is lost in silence. A request that could \
             not be read is not counted.",
    scope: Some("read"),
    errors: &[],
};

/// Since when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// First day, UTC; left out: the last 30 days.
    #[serde(default)]
    since: Option<LocalDate>,
}

/// Reports since a day.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Intake")]
pub(super) struct IntakeOut {
    /// All that came.
    received: i64,
    /// Recorded as the fact.
    applied: i64,
    /// Known already.
    duplicate: i64,
    /// The caller's mistake; nothing was kept.
    refused: i64,
    /// Put aside for a person.
    quarantined: i64,
    /// Received and not yet decided.
    pending: i64,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<IntakeOut>, Problem> {
    let today = Zone::utc().date(state.app().now());
    let since = query.since.unwrap_or_else(|| today.plus_days(-29));
    let it = intake_since(state.app(), &caller.actor, caller.owner, since).await?;
    Ok(Json(IntakeOut {
        received: it.received,
        applied: it.applied,
        duplicate: it.duplicate,
        refused: it.refused,
        quarantined: it.quarantined,
        pending: it.pending,
    }))
}
