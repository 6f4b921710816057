use tributary_directory::{Actor, Permission, Role};
use tributary_kernel::{OrganisationId, Refusal, Timestamp, UserId};
use tributary_store::engine::Connection;
use tributary_store::list::{Page, PageRequest};
use tributary_store::member::{self, StoredMember};

use crate::{App, AppError};

/// Somebody in an organisation, as its administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// Their name; until they have come in, what whoever invited them called them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
    /// Since when they may no longer come in.
    pub disabled_at: Option<Timestamp>,
    /// They were invited and have not come in yet.
    pub invited: bool,
    /// When they last came in, since they are here.
    pub last_log_in: Option<Timestamp>,
}

impl From<StoredMember> for Member {
    fn from(it: StoredMember) -> Self {
        let invited = is_waiting(&it);
        // An address may be known from elsewhere: what that person calls themselves there is told
        // once they have come in here.
        let name = match it.invited_as {
            Some(given) if invited => given,
            _ => it.name,
        };
        Self {
            user: it.user,
            email: it.email,
            name,
            role: it.role,
            since: it.created_at,
            disabled_at: it.disabled_at,
            invited,
            last_log_in: it.last_log_in_at.filter(|at| *at >= it.created_at),
        }
    }
}

/// Whether somebody was invited and has not come in since.
pub(super) fn is_waiting(it: &StoredMember) -> bool {
    it.invited_as.is_some() && it.last_log_in_at.is_none_or(|at| at < it.created_at)
}

/// The people of an organisation; who became known to the installation last comes first.
pub async fn list_members(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<Member>, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut conn = app.record.read().await?;
    Ok(member::list(&mut *conn, owner, page).await?.map(Member::from))
}

/// One of them.
pub async fn find_member(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    user: UserId,
) -> Result<Member, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut conn = app.record.read().await?;
    Ok(known_member(&mut *conn, owner, user).await?.into())
}

pub(super) async fn known_member(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    user: UserId,
) -> Result<StoredMember, AppError> {
    let found = member::find(conn, owner, user).await?;
    found.ok_or_else(|| Refusal::not_found("member").into())
}

/// Refuses somebody who was an administrator when the request began and is none any more: two who
/// take the right from each other at once do not both succeed. The caller holds the owner's head.
pub(super) async fn still_administers(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    actor: &Actor,
) -> Result<(), AppError> {
    let Actor::Member { user, .. } = actor else { return Ok(()) };
    let own = member::find(conn, owner, *user).await?;
    let may = own.is_some_and(|it| it.disabled_at.is_none() && it.role.may(Permission::Administer));
    if may {
        return Ok(());
    }
    let detail = "You are no administrator of this organisation any more; ask one.";
    Err(Refusal::forbidden("missing_permission", detail).into())
}

/// Refuses a key that would give a role with rights over money or over people: who stole a key
/// must not make themselves a person who confirms payouts.
pub(super) fn may_give(actor: &Actor, role: Role) -> Result<(), Refusal> {
    let high = role.may(Permission::Pay) || role.may(Permission::Administer);
    if matches!(actor, Actor::Key { .. }) && high {
        let detail = format!(
            "The role `{role}` is given by an administrator on the page Settings, People, not by a \
             key; a key may give `manager` and `viewer`."
        );
        return Err(Refusal::forbidden("people_only", detail));
    }
    Ok(())
}
