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
    id: "write_to_inquiry",
    tag: "inquiries",
    summary: "Answer an inquiry",
    detail: "Answers the partner, or asks for more, which gives the partner 14 days.",
    scope: Some("decide"),
    errors: STEP_ERRORS,
};

/// What is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InquiryAnswer")]
pub(super) struct Body {
    /// The words, 1 to 4,000 characters; the partner reads them.
    words: String,
    /// Whether the partner has to tell more.
    #[serde(default)]
    ask: bool,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<InquiryPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<InquiryOut>, Problem> {
    caller.require(Permission::Decide)?;
    let act = if body.ask { InquiryAct::Ask } else { InquiryAct::Answer };
    let it = act_on_inquiry(state.app(), &caller.actor, path.id, &act, &body.words).await?;
    Ok(Json(it.into()))
}
