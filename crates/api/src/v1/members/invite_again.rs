use axum::Json;
use tributary_app::access::{find_member, invite_member_again};
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{InvitedOut, MemberPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (403, "people_only", "A key invites those with the roles `manager` and `viewer` alone."),
    (404, "not_found", "You have no such member."),
    (409, "not_waiting", "They have come in already, or are disabled."),
];

pub(super) const DOC: Doc = Doc {
    id: "invite_member_again",
    tag: "members",
    summary: "Send an invitation again",
    detail: "With a new link. Earlier links work on until they are used or over.",
    scope: Some("administer"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<MemberPath>,
) -> Result<Json<InvitedOut>, Problem> {
    let (app, actor, owner) = (state.app(), &caller.actor, caller.owner);
    let mailed = invite_member_again(app, actor, owner, path.id).await?;
    let member = find_member(app, actor, owner, path.id).await?;
    Ok(Json(InvitedOut { member: member.into(), mailed }))
}
