use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::verify::ledger_head;
use tributary_kernel::Timestamp;
use tributary_web::{Caller, Problem};

use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "get_ledger_head",
    tag: "ledger",
    summary: "Get the head of your ledger",
    detail: "The Merkle tree (RFC 6962) over all transfers, and the newest head of it that was \
             signed. Keep signed heads: a later tree that does not contain them has been changed.",
    scope: Some("read"),
    errors: &[],
};

/// The head of an owner's tree.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LedgerHead")]
pub(super) struct HeadOut {
    /// Transfers in the tree.
    size: u64,
    /// The root, in hex.
    root: String,
    /// The newest signed head; null until there is one.
    signed: Option<SignedOut>,
}

/// A signed head.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignedHead")]
struct SignedOut {
    /// Transfers in the tree when it was signed.
    size: i64,
    /// Its root, in hex.
    root: String,
    /// When it was signed.
    at: Timestamp,
    /// Which key signed, in hex.
    key_id: String,
    /// The Ed25519 signature, in hex.
    signature: String,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<HeadOut>, Problem> {
    let head = ledger_head(state.app(), &caller.actor, caller.owner).await?;
    Ok(Json(HeadOut {
        size: head.size,
        root: crate::hex::encode(head.root.as_bytes()),
        signed: head.signed.map(|it| SignedOut {
            size: it.size,
            root: crate::hex::encode(&it.root),
            at: it.at,
            key_id: crate::hex::encode(&it.key_id),
            signature: crate::hex::encode(&it.signature),
        }),
    }))
}
