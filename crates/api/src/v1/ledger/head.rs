use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::AppError;
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_ledger::merkle::Frontier;
use tributary_store::{decision, ledger};
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
    caller.require(Permission::Read)?;
    let owner = caller.owner;
    let mut conn = state.app().record.read().await.map_err(AppError::from)?;
    let head = decision::head(&mut *conn, owner).await.map_err(AppError::from)?;
    let signed = ledger::latest_signed_head(&mut *conn, owner).await.map_err(AppError::from)?;
    drop(conn);
    let frontier = match head {
        Some(head) if !head.frontier.is_empty() => Frontier::from_bytes(&head.frontier)
            .map_err(|error| AppError::Corrupt(format!("head of {owner}: {error}")))?,
        _ => Frontier::new(),
    };
    Ok(Json(HeadOut {
        size: frontier.size(),
        root: crate::hex::encode(frontier.root().as_bytes()),
        signed: signed.map(|it| SignedOut {
            size: it.size,
            root: crate::hex::encode(&it.root),
            at: it.at,
            key_id: crate::hex::encode(&it.key_id),
            signature: crate::hex::encode(&it.signature),
        }),
    }))
}
