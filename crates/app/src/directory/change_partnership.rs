use tributary_directory::{Actor, Partnership, PartnershipStatus, Permission, Viewer};
use tributary_kernel::{FieldError, PartnershipId, Refusal};
use tributary_store::decision::lock_heads_in;
use tributary_store::{install, partnership};

use crate::{App, AppError};

/// What changes of a partnership.
#[derive(Debug, Clone, Default)]
pub struct ChangePartnership {
    /// Another status.
    pub status: Option<PartnershipStatus>,
    /// Another group; an empty text: none.
    pub group: Option<String>,
}

/// Changes a partnership. A manager may do all; a partner may accept or decline an invitation.
pub async fn change_partnership(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    change: ChangePartnership,
) -> Result<Partnership, AppError> {
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let viewer = super::viewer_of(actor)?;
    let Some(mut it) = partnership::find(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    if change.status.is_some_and(PartnershipStatus::earns) && it.joined_at.is_none() {
        // Whoever joins gets the next number.
        lock_heads_in(&mut *tx, &[it.owner]).await?;
    }
    match viewer {
        Viewer::Owner(owner) => actor.require(owner, Permission::Manage)?,
        Viewer::Partner(_) => {
            let answers = it.status == PartnershipStatus::Invited
                && change.group.is_none()
                && matches!(
                    change.status,
                    Some(PartnershipStatus::Active | PartnershipStatus::Declined)
                );
            if !answers {
                let detail = "A partner can accept or decline an invitation.";
                return Err(Refusal::forbidden("not_an_invitation", detail).into());
            }
        }
    }
    if let Some(status) = change.status
        && status != it.status
    {
        if !it.status.may_become(status) {
            let detail = format!("A partnership that is {} cannot become {status}.", it.status);
            return Err(FieldError::new("/status", "status_order", detail).into());
        }
        it.status = status;
        if status.earns() && it.joined_at.is_none() {
            it.joined_at = Some(now);
            it.number = Some(partnership::joined_in(&mut *tx, it.owner, it.program).await? + 1);
        }
    }
    if let Some(group) = change.group {
        it.group = Some(group.trim().to_owned()).filter(|group| !group.is_empty());
    }
    partnership::put(&mut *tx, &it).await?;
    install::note_change(&mut *tx, "partnership", it.id, now).await?;
    let detail = serde_json::json!({ "status": it.status, "group": it.group });
    app.audit_in(&mut *tx, it.owner, actor, "partnership.changed", it.id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}
