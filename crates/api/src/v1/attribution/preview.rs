use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::list_policies;
use tributary_app::report::{JourneyRequest, journeys};
use tributary_directory::Permission;
use tributary_kernel::LocalDate;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{AttributionIn, JourneysOut};
use crate::Once;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "preview_attribution",
    tag: "attribution",
    summary: "Try how a program would give credit",
    detail: "Judges the conversions of a period by other settings, on what was known when they \
             were decided, and says what everybody would have earned (`what_if`) and how many \
             conversions would have been credited otherwise. Nothing is written.",
    scope: Some("read"),
    errors: ERRORS,
};

/// What to try, on which conversions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PreviewAttribution")]
pub(super) struct Body {
    /// The settings; what is left out is as in the newest version. `effective_from` is not asked.
    policy: AttributionIn,
    /// First day, in the program's zone.
    from: LocalDate,
    /// Last day; at most 400 days.
    to: LocalDate,
    /// One type of conversion; left out: all.
    #[serde(default)]
    event: Option<String>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<JourneysOut>, Problem> {
    caller.require(Permission::Read)?;
    let versions = list_policies(state.app(), &caller.actor, path.id).await?;
    let newest = versions.into_iter().next_back().map(|it| it.policy).unwrap_or_default();
    let what_if = Some(body.policy.apply(newest)?);
    let (owner, program) = (caller.owner, path.id);
    let Body { from, to, event, .. } = body;
    let request = JourneyRequest { owner, program, from, to, event, what_if };
    let report = journeys(state.app(), &caller.actor, &request).await?;
    Ok(Json(report.into()))
}
