use axum::Json;
use tributary_app::upload::cancel_upload;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{NOT_FOUND, UploadOut, UploadPath};
use crate::Once;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "cancel_upload",
    tag: "conversions",
    summary: "Want no more of a file",
    detail: "What was recorded stays; the rest is not recorded, and its rows are forgotten.",
    scope: Some("report"),
    errors: &[NOT_FOUND, (409, "upload_settled", "All of it is recorded already.")],
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
) -> Result<Json<UploadOut>, Problem> {
    let place = (caller.owner, path.id, path.upload);
    let it = cancel_upload(state.app(), &caller.actor, place).await?;
    Ok(Json(it.into()))
}
