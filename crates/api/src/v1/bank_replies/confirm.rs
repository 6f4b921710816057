use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::payout::{ConfirmReply, confirm_reply};
use tributary_kernel::PayoutId;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{ReplyOut, ReplyPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such answer of a bank.")];

pub(super) const DOC: Doc = Doc {
    id: "confirm_bank_reply",
    tag: "payouts",
    summary: "Book what a bank's answer says",
    detail: "What was executed is paid; what was refused or came back is approved again, with the \
             bank's reason. Confirmed again, it changes nothing.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// What you decide on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ConfirmBankReply")]
pub(super) struct Body {
    /// Payouts told as `likely` that you take as paid.
    #[serde(default)]
    likely: Vec<PayoutId>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ReplyPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<ReplyOut>, Problem> {
    let input = ConfirmReply { owner: caller.owner, reply: path.id, likely: body.likely };
    Ok(Json(confirm_reply(state.app(), &caller.actor, input).await?.into()))
}
