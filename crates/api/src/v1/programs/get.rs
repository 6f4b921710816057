use axum::Json;
use axum::extract::State;
use tributary_app::directory::find_program;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{ProgramOut, ProgramPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such program.")];

pub(super) const DOC: Doc = Doc {
    id: "get_program",
    tag: "programs",
    summary: "Get a program",
    detail: "",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
) -> Result<Json<ProgramOut>, Problem> {
    let found = find_program(state.app(), &caller.actor, path.id).await?;
    Ok(Json(found.into()))
}
