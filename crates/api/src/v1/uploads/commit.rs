use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::upload::commit_upload;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{NOT_FOUND, UploadOut, UploadPath};
use crate::Once;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "commit_upload",
    tag: "conversions",
    summary: "Have a file's rows recorded",
    detail: "A job records them, chunk by chunk, each by the same rules as if it had been sent to \
             the API alone; whatever stops it, it goes on where it was. Rows that are wrong are \
             left out. Get the file to see how far it is.",
    scope: Some("report"),
    errors: &[
        NOT_FOUND,
        (409, "upload_not_checked", "Its rows have not all been looked at yet."),
        (409, "upload_changed", "The mapping is not the one whose version you sent."),
        (409, "nothing_ready", "No row would change anything."),
        (409, "upload_settled", "It is cancelled already."),
    ],
};

/// What was looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CommitUpload")]
pub(super) struct Body {
    /// The `version` that you have looked at; null: the newest.
    #[serde(default)]
    version: Option<u32>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<UploadOut>, Problem> {
    let place = (caller.owner, path.id, path.upload);
    let it = commit_upload(state.app(), &caller.actor, place, body.version).await?;
    Ok(Json(it.into()))
}
