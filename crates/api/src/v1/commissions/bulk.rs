use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_directory::Permission;
use tributary_kernel::CommissionId;
use tributary_web::{Caller, JsonBody, Problem};

use super::life::{ChangedOut, DecisionReason, FilterIn, StepIn, change, selection};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (409, "selection_changed", "Other commissions match than in the preview; nothing was done."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_commissions",
    tag: "commissions",
    summary: "Decide about many commissions",
    detail: "Up to 1,000 in one call, by their ids or by a filter. Each has its own answer. Send \
             the `count` of a preview as `expected`, and nothing is done when it has changed.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// What is done with which commissions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangeCommissions")]
pub(super) struct Body {
    /// What is done.
    step: StepIn,
    /// These commissions.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1000))]
    commissions: Option<Vec<CommissionId>>,
    /// Or those that match.
    #[serde(default)]
    filter: Option<FilterIn>,
    /// Why; needed to decline and to reverse.
    #[serde(default)]
    reason: Option<DecisionReason>,
    /// How many were seen in a preview.
    #[serde(default)]
    expected: Option<u32>,
}

/// What became of each.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommissionResults")]
pub(super) struct Results {
    /// In the order asked for; of a filter, newest first.
    results: Vec<ChangedOut>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Results>, Problem> {
    caller.require(Permission::Decide)?;
    let selection = selection(body.commissions, body.filter)?;
    let expected = body.expected.map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    let changed = change(&state, &caller, body.step, body.reason, (selection, expected)).await?;
    Ok(Json(Results { results: changed.into_iter().map(ChangedOut::from).collect() }))
}
