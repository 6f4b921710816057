use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::access::{ChangeMember, change_member};
use tributary_directory::{Permission, Role};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{MemberOut, MemberPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (403, "people_only", "A key gives and takes the roles `manager` and `viewer` alone."),
    (404, "not_found", "You have no such member."),
    (409, "last_administrator", "Make somebody else an administrator first."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_member",
    tag: "members",
    summary: "Change a member",
    detail: "Another role, or whether they may come in. Somebody disabled is logged out at once. \
             What is left out stays.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// What changes of a member.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangeMember")]
pub(super) struct Body {
    /// Another role.
    #[serde(default)]
    role: Option<Role>,
    /// Whether they may no longer come in.
    #[serde(default)]
    disabled: Option<bool>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<MemberPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<MemberOut>, Problem> {
    caller.require(Permission::Administer)?;
    let change = ChangeMember { role: body.role, disabled: body.disabled };
    let after = change_member(state.app(), &caller.actor, caller.owner, path.id, change).await?;
    Ok(Json(after.into()))
}
