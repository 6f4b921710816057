use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::access::revoke_key;
use tributary_kernel::KeyId;
use tributary_web::{Caller, PathOf, Problem};

use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] =
    &[(404, "not_found", "You have no such key, or it was ended before.")];

pub(super) const DOC: Doc = Doc {
    id: "revoke_key",
    tag: "keys",
    summary: "End a key",
    detail: "At once and for ever.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// A key in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct KeyPath {
    /// The key's id.
    id: KeyId,
}

/// A key that was ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RevokedKey {
    /// Which.
    id: KeyId,
    /// Always true.
    revoked: bool,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<KeyPath>,
) -> Result<Json<RevokedKey>, Problem> {
    revoke_key(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(RevokedKey { id: path.id, revoked: true }))
}
