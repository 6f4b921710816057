use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::directory::{PlanChange, PlanValueChange, diff_plans};
use tributary_kernel::PlanId;
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::PlanOut;
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such version."),
    (422, "invalid", "The other version is not one of the same program."),
];

pub(super) const DOC: Doc = Doc {
    id: "diff_plans",
    tag: "plans",
    summary: "Compare two versions of a plan",
    detail: "From the older to the newer, whichever is named first. Rules, bonuses, contests and \
             options go by their ids, so that one that only stands elsewhere is `moved`.",
    scope: Some("read"),
    errors: ERRORS,
};

/// A version in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PlanPath {
    /// The version's id.
    id: PlanId,
}

/// With what it is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The other version's id.
    against: PlanId,
}

/// What is different between two versions.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlanDiffOut {
    /// The older version.
    from: PlanOut,
    /// The newer one.
    to: PlanOut,
    /// What is different, in the order of paths; empty where only words of the same meaning are.
    changes: Vec<PlanChangeOut>,
}

/// One difference.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanChange")]
struct PlanChangeOut {
    /// Where: a path in which rules, bonuses, contests and options go by their ids, as in
    /// `/rules/sale/amount/percent`.
    pointer: String,
    /// `added`, `removed`, `changed`, or `moved` to another place among its like.
    change: &'static str,
    /// What was there, as in the document.
    before: Option<serde_json::Value>,
    /// What is there now.
    after: Option<serde_json::Value>,
}

impl From<PlanValueChange> for PlanChangeOut {
    fn from(it: PlanValueChange) -> Self {
        let change = match it.change {
            PlanChange::Added => "added",
            PlanChange::Removed => "removed",
            PlanChange::Changed => "changed",
            PlanChange::Moved => "moved",
        };
        Self { pointer: it.pointer, change, before: it.before, after: it.after }
    }
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PlanPath>,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<PlanDiffOut>, Problem> {
    let found = diff_plans(state.app(), &caller.actor, path.id, query.against).await?;
    Ok(Json(PlanDiffOut {
        from: PlanOut::of(found.from)?,
        to: PlanOut::of(found.to)?,
        changes: found.changes.into_iter().map(PlanChangeOut::from).collect(),
    }))
}
