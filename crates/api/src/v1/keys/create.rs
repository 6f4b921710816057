use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::access::{CreateKey, create_key};
use tributary_directory::{Permission, Scope};
use tributary_kernel::Timestamp;
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::KeyOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "create_key",
    tag: "keys",
    summary: "Make a key",
    detail: "`secret` is shown this once. A key with the scope `postback` has no other: it may \
             stand in an address, because all it can do is report.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// A new key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateKey")]
pub(super) struct Body {
    /// Which connection it belongs to, by name; made when you have none of that name.
    integration: String,
    /// What you call it.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// When it stops working; left out: never.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// A key as it is shown once.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CreatedKey")]
pub(super) struct CreatedKeyOut {
    /// The key.
    key: KeyOut,
    /// What is sent as `Authorization: Bearer …`. Keep it: it is not shown again.
    secret: String,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<CreatedKeyOut>, Problem> {
    caller.require(Permission::Administer)?;
    let input = CreateKey {
        owner: caller.owner,
        integration: body.integration,
        name: body.name,
        scopes: body.scopes,
        expires_at: body.expires_at,
    };
    let made = create_key(state.app(), &caller.actor, input).await?;
    Ok(Created(CreatedKeyOut { key: made.key.into(), secret: made.secret }))
}
