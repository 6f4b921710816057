use tributary_directory::{Actor, Permission};
use tributary_kernel::{KeyId, OrganisationId, Refusal};
use tributary_store::access;

use crate::{App, AppError};

/// Ends a key: at once in this process, within five seconds in others.
pub async fn revoke_key(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: KeyId,
) -> Result<(), AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut tx = app.record.begin().await?;
    if !access::revoke_key(&mut *tx, owner, id, app.now()).await? {
        return Err(Refusal::not_found("key").into());
    }
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, owner, actor, "key.revoked", id, &detail).await?;
    tx.commit().await?;
    app.known_keys.forget_all();
    Ok(())
}
