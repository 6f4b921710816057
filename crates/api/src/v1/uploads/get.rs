use axum::Json;
use axum::extract::State;
use tributary_app::upload::find_upload;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{NOT_FOUND, UploadOut, UploadPath};
use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "get_upload",
    tag: "conversions",
    summary: "Get a file with how far it has come",
    detail: "Ask again until its state is `checked`, and after the commit until it is `committed`.",
    scope: Some("read"),
    errors: &[NOT_FOUND],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
) -> Result<Json<UploadOut>, Problem> {
    let (app, owner) = (state.app(), caller.owner);
    let found = find_upload(app, &caller.actor, owner, path.id, path.upload).await?;
    Ok(Json(found.into()))
}
