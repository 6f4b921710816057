use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{ReportOutcome, replay_quarantined};
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::list::QuarantinePath;
use crate::Once;
use crate::doc::Doc;
use crate::v1::conversions::report::ResultOut;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such fact."),
    (409, "already_settled", "Somebody has settled it already."),
    (409, "replay_conflicts", "It contradicts a conversion: correct that one, or dismiss this."),
    (422, "invalid", "It is refused still; `errors` says why."),
];

pub(super) const DOC: Doc = Doc {
    id: "replay_quarantined",
    tag: "quarantine",
    summary: "Report a waiting fact again",
    detail: "With the right date, if that was wrong.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// What is put right.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReplayInput")]
pub(super) struct Body {
    /// When it really happened; left out: as it was sent.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<QuarantinePath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<ResultOut>, Problem> {
    caller.require(Permission::Decide)?;
    let (app, actor) = (state.app(), &caller.actor);
    match replay_quarantined(app, actor, caller.owner, path.id, body.occurred_at).await? {
        ReportOutcome::Refused(refusal) => Err(refusal.into()),
        ReportOutcome::Failed(fault) => Err(fault.into()),
        outcome => Ok(Json(ResultOut::of(outcome, ""))),
    }
}
