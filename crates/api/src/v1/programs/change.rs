use axum::Json;
use axum::extract::State;
use tributary_app::directory::change_program;
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{ChangeProgram, ProgramOut, ProgramPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_program",
    tag: "programs",
    summary: "Change a program",
    detail: "What is left out stays as it is. The currency never changes; the mode changes by \
             going live.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<ChangeProgram>,
) -> Result<Json<ProgramOut>, Problem> {
    caller.require(Permission::Manage)?;
    let change = |before| body.apply(before);
    let after = change_program(state.app(), &caller.actor, caller.owner, path.id, change).await?;
    Ok(Json(after.into()))
}
