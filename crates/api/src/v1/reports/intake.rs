use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::AppError;
use tributary_directory::Permission;
use tributary_kernel::{LocalDate, Zone};
use tributary_store::decision::intake;
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
#[derive(Debug, Default, Serialize, JsonSchema)]
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
    caller.require(Permission::Read)?;
    let today = Zone::utc().date(state.app().now());
    let since = query.since.unwrap_or_else(|| today.plus_days(-29));
    let mut conn = state.app().record.read().await.map_err(AppError::from)?;
    let counts = intake(&mut *conn, caller.owner, since).await.map_err(AppError::from)?;
    let mut out = IntakeOut::default();
    for (outcome, count) in counts {
        match outcome.as_str() {
            "received" => out.received = count,
            "applied" => out.applied = count,
            "duplicate" => out.duplicate = count,
            "refused" => out.refused = count,
            "quarantined" => out.quarantined = count,
            _ => {}
        }
    }
    out.pending = out.received - out.applied - out.duplicate - out.refused - out.quarantined;
    Ok(Json(out))
}
