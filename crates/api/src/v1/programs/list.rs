use axum::Json;
use axum::extract::State;
use tributary_app::directory::list_programs;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::ProgramOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{ListQuery, Page};

pub(super) const DOC: Doc = Doc {
    id: "list_programs",
    tag: "programs",
    summary: "List programs",
    detail: "Your programs, newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<ProgramOut>>, Problem> {
    let found = list_programs(state.app(), &caller.actor, query.page()?).await?;
    Ok(Page::of(found, ProgramOut::from))
}
