use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::payout::{ReceiveReply, receive_reply};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::ReplyOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[(
    422,
    "invalid",
    "It is no pain.002 or camt.053, or a status report of a file that is not yours.",
)];

pub(super) const DOC: Doc = Doc {
    id: "receive_bank_reply",
    tag: "payouts",
    summary: "Give a bank's answer to be read",
    detail: "A status report (pain.002) or an account statement (camt.053). It is read and kept \
             without what concerns others, and nothing is booked: look at its lines, then confirm \
             it. The same file again is the same answer.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// A file of a bank.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReceiveBankReply")]
pub(super) struct Body {
    /// What you call it.
    #[serde(default)]
    name: String,
    /// The file's text: XML in UTF-8.
    content: String,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<ReplyOut>, Problem> {
    caller.require(Permission::Pay)?;
    let content = body.content.into_bytes();
    let input = ReceiveReply { owner: caller.owner, name: body.name, content };
    let it = receive_reply(state.app(), &caller.actor, input).await?;
    Ok(Created(it.into()))
}
