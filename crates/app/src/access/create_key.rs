use tributary_directory::{Actor, Permission, Scope};
use tributary_kernel::{FieldError, IntegrationId, KeyId, OrganisationId, Timestamp};
use tributary_store::access::{self, ApiKey, Integration};
use tributary_store::list::{Page, PageRequest};

use crate::error::refuse_if_any;
use crate::secrets::{checksum_base62, random_base62, sha256};
use crate::{App, AppError, text};

/// A new API key.
#[derive(Debug, Clone)]
pub struct CreateKey {
    /// Whose.
    pub owner: OrganisationId,
    /// Which connection it belongs to; made when the owner has none of that name.
    pub integration: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it stops working; none: never.
    pub expires_at: Option<Timestamp>,
}

/// A key as it is shown, once.
#[derive(Debug, Clone)]
pub struct CreatedKey {
    /// The key without its secret.
    pub key: ApiKey,
    /// The whole key. It is not kept.
    pub secret: String,
}

/// What every key begins with, so that scanners of leaked secrets know it.
pub(super) const KEY_PREFIX: &str = "trib_";
pub(super) const KEY_RANDOM_CHARACTERS: usize = 30;

/// Makes a key: prefix, type, 30 random characters, 6 of checksum.
pub async fn create_key(
    app: &App,
    actor: &Actor,
    input: CreateKey,
) -> Result<CreatedKey, AppError> {
    actor.require(input.owner, Permission::Administer)?;
    let mut errors = Vec::new();
    let name = text::name("/name", &input.name, &mut errors);
    let integration_name = text::name("/integration", &input.integration, &mut errors);
    let mut scopes = input.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        let detail = "Give at least one scope.";
        errors.push(FieldError::new("/scopes", "required", detail));
    }
    if scopes.contains(&Scope::Postback) && scopes.len() > 1 {
        let detail = "A postback key stands in URLs, so it must have no other scope.";
        errors.push(FieldError::new("/scopes", "postback_alone", detail));
    }
    let now = app.now();
    if input.expires_at.is_some_and(|at| at <= now) {
        let detail = "The key would have expired already.";
        errors.push(FieldError::new("/expires_at", "in_the_past", detail));
    }
    refuse_if_any(errors)?;

    let kind = if scopes == [Scope::Postback] { "pb" } else { "sk" };
    let body =
        format!("{KEY_PREFIX}{kind}_{}", random_base62(KEY_RANDOM_CHARACTERS, &*app.entropy));
    let secret = format!("{body}{}", checksum_base62(&body));
    let mut tx = app.record.begin().await?;
    let integration = integration_in(app, &mut *tx, input.owner, &integration_name).await?;
    let key = ApiKey {
        id: KeyId::new(now, &*app.entropy),
        owner: input.owner,
        integration,
        name,
        shown: format!("{}…", &secret[..12]),
        scopes,
        created_at: now,
        expires_at: input.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    access::insert_key(&mut *tx, &key, sha256(secret.as_bytes())).await?;
    let detail = serde_json::json!({ "scopes": key.scopes, "integration": integration });
    app.audit_in(&mut *tx, input.owner, actor, "key.created", key.id, &detail).await?;
    tx.commit().await?;
    Ok(CreatedKey { key, secret })
}

/// Finds an owner's integration by name, or makes it.
pub(crate) async fn integration_in(
    app: &App,
    conn: &mut dyn tributary_store::engine::Connection,
    owner: OrganisationId,
    name: &str,
) -> Result<IntegrationId, AppError> {
    if let Some(known) = access::find_integration(conn, owner, name).await? {
        return Ok(known.id);
    }
    let now = app.now();
    let id = IntegrationId::new(now, &*app.entropy);
    let made = Integration { id, owner, name: name.to_owned(), created_at: now };
    access::insert_integration(conn, &made).await?;
    Ok(id)
}

/// An owner's keys, newest first, without their secrets.
pub async fn list_keys(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<ApiKey>, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut conn = app.record.read().await?;
    Ok(access::list_keys(&mut *conn, owner, page).await?)
}
