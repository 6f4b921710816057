use axum::Json;
use axum::extract::State;
use tributary_app::payout::find_reply;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{ReplyOut, ReplyPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such answer of a bank.")];

pub(super) const DOC: Doc = Doc {
    id: "get_bank_reply",
    tag: "payouts",
    summary: "Get a bank's answer with what it does",
    detail: "",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ReplyPath>,
) -> Result<Json<ReplyOut>, Problem> {
    let it = find_reply(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(it.into()))
}
