use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{LeadAnswer, answer_lead};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{LeadOut, LeadPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such lead."),
    (409, "lead_not_waiting", "The lead waits for no answer."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "answer_lead",
    tag: "leads",
    summary: "Say whose a lead is that waits for a person",
    detail: "Accepted, it is the partner's since it was registered: what its company did since then \
             and is still pending is decided once more.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// An answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AnswerLead")]
pub(super) struct Body {
    /// Whether it is the partner's.
    answer: LeadAnswer,
    /// Why; needed where it is refused.
    #[serde(default)]
    reason: Option<String>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<LeadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<LeadOut>, Problem> {
    caller.require(Permission::Decide)?;
    let said = (body.answer, body.reason);
    let it = answer_lead(state.app(), &caller.actor, caller.owner, path.id, said).await?;
    Ok(Json(it.into()))
}
