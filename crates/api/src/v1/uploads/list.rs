use axum::Json;
use axum::extract::State;
use tributary_app::upload::list_uploads;
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::UploadOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;
use crate::wire::{ListQuery, Page};

pub(super) const DOC: Doc = Doc {
    id: "list_uploads",
    tag: "conversions",
    summary: "List a program's files",
    detail: "Newest first, without samples.",
    scope: Some("read"),
    errors: &[(404, "not_found", "You have no such program.")],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<UploadOut>>, Problem> {
    let page = query.page()?;
    let found = list_uploads(state.app(), &caller.actor, caller.owner, path.id, page).await?;
    Ok(Page::of(found, UploadOut::from))
}
