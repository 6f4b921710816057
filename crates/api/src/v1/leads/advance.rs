use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{AdvanceLead, advance_lead};
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{AdvancedOut, LeadPath};
use crate::Once;
use crate::doc::Doc;
use crate::wire::{MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such lead."),
    (409, "lead_not_registered", "The lead waits for an answer, or was refused."),
    (409, "lead_changed", "Somebody else has just changed it: look, and try again."),
    (409, "stage_waits", "The stage's conversion waits in quarantine: settle it there first."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "move_lead",
    tag: "leads",
    summary: "Move a lead to a stage",
    detail: "Open stages before it count as passed. Each stage that names a type of conversion is \
             reported as it, once for ever, and paid as the plan says: a won deal with its value, \
             under `order_id` where you report that order by other ways too. A lost deal, and one \
             that is opened again, needs a reason. The stage it is at already is no step.",
    scope: Some("report"),
    errors: ERRORS,
};

/// A step through the pipeline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MoveLead")]
pub(super) struct Body {
    /// The stage it comes to.
    stage: String,
    /// When; left out: now.
    #[serde(default)]
    at: Option<Timestamp>,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
    /// What it is worth, without tax: needed where it is won, unless it is known.
    #[serde(default)]
    value: Option<MoneyIn>,
    /// What the customer is bound to pay in the first year, for plans that pay of that.
    #[serde(default)]
    first_year: Option<MoneyIn>,
    /// The order or invoice of a won deal; left out: the lead's id.
    #[serde(default)]
    order_id: Option<String>,
    /// Its grade: a lead that nobody has judged is qualified by it, unless it is lost.
    #[serde(default)]
    grade: Option<String>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<LeadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AdvancedOut>, Problem> {
    caller.require(Permission::Report)?;
    let mut errors = Vec::new();
    let value = body.value.and_then(|it| it.read("/value", &mut errors));
    let first_year = body.first_year.and_then(|it| it.read("/first_year", &mut errors));
    refuse_if_any(errors)?;
    let Body { stage, at, reason, order_id, grade, .. } = body;
    let input = AdvanceLead { stage, at, reason, value, first_year, order_id, grade };
    let it = advance_lead(state.app(), &caller.actor, caller.owner, path.id, input).await?;
    Ok(Json(AdvancedOut { lead: it.lead.into(), conversions: it.conversions }))
}
