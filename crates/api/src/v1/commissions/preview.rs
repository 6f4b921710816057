use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::life::preview_life;
use tributary_directory::Permission;
use tributary_kernel::CommissionId;
use tributary_web::{Caller, JsonBody, Problem, ProblemField};

use super::life::{FilterIn, StepIn, refused, selection};
use crate::Once;
use crate::doc::Doc;
use crate::wire::MoneyOut;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "preview_commissions",
    tag: "commissions",
    summary: "See what a decision about many would do",
    detail: "Does nothing.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// What would be done with which commissions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PreviewCommissions")]
pub(super) struct Body {
    /// What would be done.
    step: StepIn,
    /// These commissions.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1000))]
    commissions: Option<Vec<CommissionId>>,
    /// Or those that match.
    #[serde(default)]
    filter: Option<FilterIn>,
}

/// What would be done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommissionsPreview")]
pub(super) struct Preview {
    /// How many would be changed.
    count: usize,
    /// What is left of them per currency, without test money.
    totals: Vec<MoneyOut>,
    /// Of the count, how many are of test mode.
    test: usize,
    /// Those that would stay as they are.
    skipped: Vec<SkippedOut>,
    /// Whether more match than one call takes.
    more: bool,
}

/// A commission that would stay as it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SkippedCommission")]
struct SkippedOut {
    /// Which.
    id: CommissionId,
    /// Why.
    refused: ProblemField,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Preview>, Problem> {
    caller.require(Permission::Decide)?;
    let selection = selection(body.commissions, body.filter)?;
    let (app, actor, step) = (state.app(), &caller.actor, body.step.step());
    let it = preview_life(app, actor, caller.owner, step, &selection).await?;
    let skipped = it.skipped.into_iter();
    Ok(Json(Preview {
        count: it.count,
        totals: it.totals.into_iter().map(MoneyOut::from).collect(),
        test: it.test,
        skipped: skipped
            .map(|it| SkippedOut { id: it.commission, refused: refused(it.refusal) })
            .collect(),
        more: it.more,
    }))
}
