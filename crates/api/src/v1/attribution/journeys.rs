use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::report::{JourneyRequest, journeys};
use tributary_kernel::LocalDate;
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::JourneysOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "The period is wrong; `errors` says how."),
];

pub(super) const DOC: Doc = Doc {
    id: "get_journeys",
    tag: "attribution",
    summary: "Get the ways that led to conversions",
    detail: "The commonest paths of a period, how long they were and took, who touched and who \
             assisted, and what each would have earned under every model, from the journeys as \
             they were decided. At most 20,000 conversions are looked at; `truncated` says when \
             there were more.",
    scope: Some("read"),
    errors: ERRORS,
};

/// Which journeys.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// First day, in the program's zone.
    from: LocalDate,
    /// Last day; at most 400 days.
    to: LocalDate,
    /// One type of conversion; left out: all.
    #[serde(default)]
    event: Option<String>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<JourneysOut>, Problem> {
    let Query { from, to, event } = query;
    let (owner, program) = (caller.owner, path.id);
    let request = JourneyRequest { owner, program, from, to, event, what_if: None };
    let report = journeys(state.app(), &caller.actor, &request).await?;
    Ok(Json(report.into()))
}
