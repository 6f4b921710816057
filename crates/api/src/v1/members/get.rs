use axum::Json;
use axum::extract::State;
use tributary_app::access::find_member;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{MemberOut, MemberPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such member.")];

pub(super) const DOC: Doc = Doc {
    id: "get_member",
    tag: "members",
    summary: "Get a member",
    detail: "",
    scope: Some("administer"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<MemberPath>,
) -> Result<Json<MemberOut>, Problem> {
    let found = find_member(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(found.into()))
}
