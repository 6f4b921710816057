use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tributary_app::directory::{PublishPlan, find_program, publish_plan};
use tributary_commission::{PlanDocument, validate};
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_money::Currency;
use tributary_web::{Caller, JsonBody, PathOf, Problem, ProblemField};

use super::wire::PlanOut;
use crate::Once;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "plan_unchanged", "It is word for word the newest version."),
    (422, "invalid", "The document or the date is wrong; `errors` names each place."),
    (422, "needs_confirmation", "It is unusual; read `errors` and name their codes in `confirm`."),
];

pub(super) const DOC: Doc = Doc {
    id: "publish_plan",
    tag: "plans",
    summary: "Publish a version of a plan",
    detail: "It holds from now on or later, never before: what was booked stays as it is, and \
             until then the version before holds. Whoever listens is told with `plan.published`. \
             The first version holds from the beginning. The schema of the document is at \
             `/v1/plan_schema`.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A new version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublishPlan")]
pub(super) struct Body {
    /// The document, format 1.
    #[schemars(with = "PlanDocument")]
    document: Box<RawValue>,
    /// From when it holds; left out: from now.
    #[serde(default)]
    effective_from: Option<Timestamp>,
    /// Codes of the warnings that somebody has read, as `over_sale`. A warning of another code asks
    /// again.
    #[serde(default)]
    confirm: Vec<String>,
    /// Whether somebody has read all warnings, whichever they are.
    #[serde(default)]
    confirmed: bool,
}

/// A version as it was published.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Published {
    /// The version.
    plan: PlanOut,
    /// What was confirmed.
    warnings: Vec<ProblemField>,
}

/// Whether every warning of a document was confirmed. One that is refused has none: the use case
/// says what is wrong with it.
fn covers(confirm: &[String], document: &[u8], currency: Currency) -> bool {
    let Ok(document) = PlanDocument::from_json(document) else { return false };
    validate(&document, currency)
        .is_ok_and(|warnings| warnings.iter().all(|it| confirm.iter().any(|code| code == it.code)))
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Published>, Problem> {
    caller.require(Permission::Manage)?;
    let document = body.document.get().as_bytes();
    let confirmed = match body.confirm.is_empty() {
        true => body.confirmed,
        false => {
            let program = find_program(state.app(), &caller.actor, path.id).await?;
            covers(&body.confirm, document, program.terms.currency)
        }
    };
    let input = PublishPlan {
        owner: caller.owner,
        program: path.id,
        document: document.to_vec(),
        effective_from: body.effective_from,
        confirmed,
    };
    let published = publish_plan(state.app(), &caller.actor, input).await?;
    let warnings = published.warnings.iter().map(|it| ProblemField {
        pointer: format!("/document{}", it.pointer),
        code: it.code.to_owned(),
        detail: it.detail.to_string(),
    });
    let warnings = warnings.collect();
    Ok(Created(Published { plan: PlanOut::of(published.plan)?, warnings }))
}
