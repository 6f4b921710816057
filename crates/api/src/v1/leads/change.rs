use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{ChangeLead, change_lead};
use tributary_directory::Permission;
use tributary_kernel::LocalDate;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{LeadOut, LeadPath};
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such lead."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_lead",
    tag: "leads",
    summary: "Change what is expected of a lead",
    detail: "What is left out stays. A stage is changed by a move.",
    scope: Some("report"),
    errors: ERRORS,
};

/// What changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangeLead")]
pub(super) struct Body {
    /// What it may be worth, without tax.
    #[serde(default)]
    value: Option<MoneyIn>,
    /// When it may close.
    #[serde(default)]
    expected_on: Option<LocalDate>,
    /// What is to be said; empty: nothing.
    #[serde(default)]
    note: Option<String>,
    /// Your own id of the customer it became.
    #[serde(default)]
    customer_id: Option<String>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<LeadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<LeadOut>, Problem> {
    caller.require(Permission::Report)?;
    let mut errors = Vec::new();
    let value = body.value.and_then(|it| it.read("/value", &mut errors));
    refuse_if_any(errors)?;
    let Body { expected_on, note, customer_id, .. } = body;
    let change = ChangeLead { value, expected_on, note, customer_id };
    let app = state.app();
    Ok(Json(change_lead(app, &caller.actor, caller.owner, path.id, change).await?.into()))
}
