use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::access::ApiKey;
use tributary_directory::Scope;
use tributary_kernel::{IntegrationId, KeyId, Timestamp};

/// A key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Key")]
pub(super) struct KeyOut {
    /// Its id.
    id: KeyId,
    /// The connection it belongs to. Facts are keyed by it, so it survives key rotation.
    integration: IntegrationId,
    /// What you call it.
    name: String,
    /// Its first characters.
    shown: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// When it was made.
    created_at: Timestamp,
    /// When it stops working; null: never.
    expires_at: Option<Timestamp>,
    /// When it was last used, to within an hour.
    last_used_at: Option<Timestamp>,
    /// When it was ended.
    revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyOut {
    fn from(it: ApiKey) -> Self {
        Self {
            id: it.id,
            integration: it.integration,
            name: it.name,
            shown: it.shown,
            scopes: it.scopes,
            created_at: it.created_at,
            expires_at: it.expires_at,
            last_used_at: it.last_used_at,
            revoked_at: it.revoked_at,
        }
    }
}
