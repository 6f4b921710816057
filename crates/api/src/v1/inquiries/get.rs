use axum::Json;
use axum::extract::State;
use tributary_app::inquiry::find_inquiry;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{InquiryPath, ThreadOut};
use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "get_inquiry",
    tag: "inquiries",
    summary: "Get an inquiry",
    detail: "With all that was said and done.",
    scope: Some("read"),
    errors: &[(404, "not_found", "You have no such inquiry.")],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<InquiryPath>,
) -> Result<Json<ThreadOut>, Problem> {
    Ok(Json(find_inquiry(state.app(), &caller.actor, path.id).await?.into()))
}
