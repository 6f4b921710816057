use axum::Json;
use axum::extract::State;
use tributary_app::payout::find_run;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{RunDetailOut, RunPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such run.")];

pub(super) const DOC: Doc = Doc {
    id: "get_payout_run",
    tag: "payouts",
    summary: "Get a payout run with its payouts",
    detail: "",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<RunPath>,
) -> Result<Json<RunDetailOut>, Problem> {
    let it = find_run(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(it.into()))
}
