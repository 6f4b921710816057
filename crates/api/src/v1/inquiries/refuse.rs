use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::inquiry::{InquiryAct, act_on_inquiry};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{InquiryOut, InquiryPath, STEP_ERRORS};
use crate::Once;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "refuse_inquiry",
    tag: "inquiries",
    summary: "Refuse an inquiry",
    detail: "Says no, with a reason. The partner may dispute it within 30 days; then a person of \
             the organisation who has not refused it decides, on the page.",
    scope: Some("decide"),
    errors: STEP_ERRORS,
};

/// Why not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InquiryRefusal")]
pub(super) struct Body {
    /// `not_tracked`, `outside_window`, `no_consent`, `another_partner`, `not_qualified`,
    /// `terms_broken`, `paid_already`, `not_proved` or `other`.
    reason: String,
    /// The words, 1 to 4,000 characters; the partner reads them.
    words: String,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<InquiryPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<InquiryOut>, Problem> {
    caller.require(Permission::Decide)?;
    let act = InquiryAct::Refuse(body.reason);
    let it = act_on_inquiry(state.app(), &caller.actor, path.id, &act, &body.words).await?;
    Ok(Json(it.into()))
}
