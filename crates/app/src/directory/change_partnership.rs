use tributary_directory::{Actor, Partnership, PartnershipStatus, Permission, Viewer};
use tributary_kernel::{FieldError, PartnershipId, Refusal};
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::{install, partnership};

use super::partner_terms::{PartnerTerms, put_partner_terms_in};
use crate::{App, AppError};

/// What changes of a partnership.
#[derive(Debug, Clone, Default)]
pub struct ChangePartnership {
    /// Another status.
    pub status: Option<PartnershipStatus>,
    /// Another group; an empty text: none.
    pub group: Option<String>,
}

/// Characters of a group's name.
const GROUP_CHARACTERS_MAX: usize = 60;

/// A group as it is stored; an empty text is none.
pub(super) fn group_of(text: &str) -> Result<Option<String>, FieldError> {
    let text = text.trim();
    if text.chars().count() > GROUP_CHARACTERS_MAX || text.chars().any(char::is_control) {
        let detail =
            format!("A group's name is one line of up to {GROUP_CHARACTERS_MAX} characters.");
        return Err(FieldError::new("/group", "length", detail));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// Changes a partnership. A manager may do all; a partner may accept or decline an invitation.
pub async fn change_partnership(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    change: ChangePartnership,
) -> Result<Partnership, AppError> {
    let mut tx = app.record.begin().await?;
    let it = change_partnership_in(app, &mut *tx, actor, id, change).await?;
    tx.commit().await?;
    Ok(it)
}

/// Changes a partnership and what its terms hang on: both, or neither. Terms come first: whoever
/// joins with an option has it from the first conversion on.
pub async fn change_partnership_and_terms(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    change: ChangePartnership,
    terms: PartnerTerms,
) -> Result<Partnership, AppError> {
    let mut tx = app.record.begin().await?;
    if terms.tags.is_some() || terms.option.is_some() || terms.recruiter.is_some() {
        put_partner_terms_in(app, &mut *tx, actor, id, terms).await?;
    }
    if change.status.is_some() || change.group.is_some() {
        change_partnership_in(app, &mut *tx, actor, id, change).await?;
    }
    let viewer = super::viewer_of(actor)?;
    let Some(it) = partnership::find(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    tx.commit().await?;
    Ok(it)
}

async fn change_partnership_in(
    app: &App,
    tx: &mut dyn Connection,
    actor: &Actor,
    id: PartnershipId,
    change: ChangePartnership,
) -> Result<Partnership, AppError> {
    let now = app.now();
    let viewer = super::viewer_of(actor)?;
    let Some(mut it) = partnership::find(tx, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    if change.status.is_some_and(PartnershipStatus::earns) && it.joined_at.is_none() {
        // Whoever joins gets the next number.
        lock_heads_in(tx, &[it.owner]).await?;
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
        it.become_at(status, now);
        if status.earns() && it.joined_at.is_none() {
            it.joined_at = Some(now);
            it.number = Some(partnership::joined_in(tx, it.owner, it.program).await? + 1);
        }
    }
    if let Some(group) = change.group {
        it.group = group_of(&group)?;
    }
    partnership::put(tx, &it).await?;
    install::note_change(tx, "partnership", it.id, now).await?;
    let detail = serde_json::json!({ "status": it.status, "group": it.group });
    app.audit_in(tx, it.owner, actor, "partnership.changed", it.id, &detail).await?;
    Ok(it)
}
