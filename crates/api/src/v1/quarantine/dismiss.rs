use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::conversion::dismiss_quarantined;
use tributary_kernel::QuarantineId;
use tributary_web::{Caller, PathOf, Problem};

use super::list::QuarantinePath;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such fact."),
    (409, "already_settled", "Somebody has settled it already."),
];

pub(super) const DOC: Doc = Doc {
    id: "dismiss_quarantined",
    tag: "quarantine",
    summary: "Put a waiting fact away",
    detail: "For good: it becomes no conversion. It stays in the list.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// A fact that was put away.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DismissedFact {
    /// Which.
    id: QuarantineId,
    /// Always `dismissed`.
    status: &'static str,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<QuarantinePath>,
) -> Result<Json<DismissedFact>, Problem> {
    dismiss_quarantined(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(DismissedFact { id: path.id, status: "dismissed" }))
}
