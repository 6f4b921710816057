use tributary_directory::{Actor, Permission, Role};
use tributary_kernel::{OrganisationId, Refusal, UserId};
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::member::{self, StoredMember};

use super::members::{Member, known_member, may_give, still_administers};
use crate::{App, AppError};

/// What changes of somebody in an organisation; what is none stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangeMember {
    /// Another role.
    pub role: Option<Role>,
    /// Whether they may no longer come in.
    pub disabled: Option<bool>,
}

/// Changes a role, or whether somebody may come in. Both hold from the person's next request on;
/// somebody who has no other place of work here is logged out with it. Nobody changes themselves,
/// and there is always an administrator left.
pub async fn change_member(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    user: UserId,
    change: ChangeMember,
) -> Result<Member, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut tx = app.record.begin().await?;
    lock_heads_in(&mut *tx, &[owner]).await?;
    still_administers(&mut *tx, owner, actor).await?;
    let before = known_member(&mut *tx, owner, user).await?;
    if matches!(actor, Actor::Member { user: own, .. } if *own == user) {
        let detail = "Nobody changes their own role or shuts themselves out; ask another \
                      administrator.";
        return Err(Refusal::forbidden("own_membership", detail).into());
    }
    let after = changed(app, actor, &before, change)?;
    keep_an_administrator(&mut *tx, owner, &before, &after).await?;
    if after == before {
        return Ok(before.into());
    }
    member::update(&mut *tx, owner, &after).await?;
    if after.disabled_at.is_some() && before.disabled_at.is_none() {
        let (open, _) = member::places(&mut *tx, user).await?;
        // Elsewhere in the installation they may go on: here their seat is gone.
        if open == 0 {
            member::end_sessions(&mut *tx, user, None, app.now()).await?;
        }
    }
    if after.role != before.role {
        let detail = serde_json::json!({ "from": before.role, "to": after.role });
        app.audit_in(&mut *tx, owner, actor, "member.role_changed", user, &detail).await?;
    }
    let detail = serde_json::json!({});
    match (before.disabled_at, after.disabled_at) {
        (None, Some(_)) => {
            app.audit_in(&mut *tx, owner, actor, "member.disabled", user, &detail).await?;
        }
        (Some(_), None) => {
            app.audit_in(&mut *tx, owner, actor, "member.enabled", user, &detail).await?;
        }
        _ => {}
    }
    tx.commit().await?;
    Ok(after.into())
}

/// The member as they would be.
fn changed(
    app: &App,
    actor: &Actor,
    before: &StoredMember,
    change: ChangeMember,
) -> Result<StoredMember, AppError> {
    let mut after = before.clone();
    if let Some(role) = change.role.filter(|role| *role != before.role) {
        // A key takes no such role away either: what it may not give back it may not touch.
        may_give(actor, before.role)?;
        may_give(actor, role)?;
        after.role = role;
    }
    match (change.disabled, before.disabled_at) {
        (Some(true), None) => after.disabled_at = Some(app.now()),
        (Some(false), Some(_)) => {
            may_give(actor, after.role)?;
            after.disabled_at = None;
        }
        _ => {}
    }
    Ok(after)
}

async fn keep_an_administrator(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    before: &StoredMember,
    after: &StoredMember,
) -> Result<(), AppError> {
    let is_one = |it: &StoredMember| it.role == Role::Administrator && it.disabled_at.is_none();
    if !is_one(before) || is_one(after) || member::open_administrators(conn, owner).await? > 1 {
        return Ok(());
    }
    let detail = "This is the last administrator; make somebody else one first.";
    Err(Refusal::conflict("last_administrator", detail).into())
}
