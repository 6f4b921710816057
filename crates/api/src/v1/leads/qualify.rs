use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{Qualification, QualifyLead, qualify_lead};
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{AdvancedOut, LeadPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such lead."),
    (409, "lead_not_registered", "The lead waits for an answer, or was refused."),
    (409, "lead_changed", "Somebody else has just changed it: look, and try again."),
    (409, "stage_waits", "The stage's conversion waits in quarantine: settle it there first."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "qualify_lead",
    tag: "leads",
    summary: "Judge what a lead is worth",
    detail: "A qualified lead comes to the stage that is reported as `qualified_lead`, with its \
             grade; a disqualified one is lost. What was judged, only a person changes.",
    scope: Some("report"),
    errors: ERRORS,
};

/// A judgement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "QualifyLead")]
pub(super) struct Body {
    /// What it is.
    to: Qualification,
    /// Its grade: plans can pay by it.
    #[serde(default)]
    #[schemars(example = &"A")]
    grade: Option<String>,
    /// Why, or what came of a call; needed where it is disqualified.
    #[serde(default)]
    reason: Option<String>,
    /// When; left out: now.
    #[serde(default)]
    at: Option<Timestamp>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<LeadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AdvancedOut>, Problem> {
    caller.require(Permission::Report)?;
    let Body { to, grade, reason, at } = body;
    let input = QualifyLead { to, grade, reason, at };
    let it = qualify_lead(state.app(), &caller.actor, caller.owner, path.id, input).await?;
    Ok(Json(AdvancedOut { lead: it.lead.into(), conversions: it.conversions }))
}
