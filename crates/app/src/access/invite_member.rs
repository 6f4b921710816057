//! Somebody is invited into an organisation. The mailed link is sealed by this installation, so that
//! holding it proves that the mail was read. It lets in whoever has nothing here yet, once; who has
//! a password or another place of work logs in as usual.

use tributary_directory::{Actor, Membership, Organisation, Permission, Role, User};
use tributary_i18n::Language;
use tributary_kernel::{OrganisationId, Refusal, UserId};
use tributary_store::decision::lock_heads_in;
use tributary_store::member::{self, StoredMember};
use tributary_store::organisation;

use super::members::{Member, is_waiting, known_member, may_give, still_administers};
use super::session::{NewSession, open_session};
use super::set_up::new_user;
use crate::error::refuse_if_any;
use crate::mail::{Mail, MailedLink};
use crate::{App, AppError};

/// Days that the mailed link works.
const DAYS_VALID: u32 = 7;
const PURPOSE: &str = "member_invitation";

/// Somebody for an organisation.
#[derive(Debug, Clone)]
pub struct InviteMember {
    /// Which.
    pub owner: OrganisationId,
    /// What they are called; a known address keeps its own name.
    pub name: String,
    /// Where they are written to, and log in with.
    pub email: String,
    /// Their language; a known address keeps its own.
    pub language: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody who was invited.
#[derive(Debug, Clone)]
pub struct InvitedMember {
    /// Who.
    pub member: Member,
    /// Whether the mail left. If not, the member stands all the same and can be invited again.
    pub mailed: bool,
}

/// Gives somebody a role in an organisation, and mails them the way in.
pub async fn invite_member(
    app: &App,
    actor: &Actor,
    input: InviteMember,
) -> Result<InvitedMember, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Administer)?;
    let mut errors = Vec::new();
    let fresh = new_user(app, &input.name, &input.email, None, &input.language, &mut errors);
    refuse_if_any(errors)?;
    may_give(actor, input.role)?;
    let mut tx = app.record.begin().await?;
    lock_heads_in(&mut *tx, &[owner]).await?;
    still_administers(&mut *tx, owner, actor).await?;
    let user = match organisation::find_user_by_email(&mut *tx, &fresh.email).await? {
        Some(known) => known,
        None => {
            organisation::insert_user(&mut *tx, &fresh).await?;
            fresh.clone()
        }
    };
    if member::find(&mut *tx, owner, user.id).await?.is_some() {
        let detail = "This address is in your organisation already; change its role instead.";
        return Err(Refusal::conflict("already_member", detail).into());
    }
    let made = Membership { owner, user: user.id, role: input.role, created_at: app.now() };
    organisation::put_membership(&mut *tx, &made).await?;
    let mut stored = known_member(&mut *tx, owner, user.id).await?;
    stored.invited_as = Some(fresh.name);
    member::update(&mut *tx, owner, &stored).await?;
    let named = organisation::find(&mut *tx, owner).await?;
    let detail = serde_json::json!({ "role": input.role });
    app.audit_in(&mut *tx, owner, actor, "member.invited", user.id, &detail).await?;
    tx.commit().await?;
    let mailed = mail(app, named, &stored).await;
    Ok(InvitedMember { member: stored.into(), mailed })
}

/// Mails the way in once more; `false` when the mail did not leave.
pub async fn invite_member_again(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    user: UserId,
) -> Result<bool, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut tx = app.record.begin().await?;
    let stored = known_member(&mut *tx, owner, user).await?;
    may_give(actor, stored.role)?;
    if !is_waiting(&stored) || stored.disabled_at.is_some() {
        let detail = "Only somebody who was invited and has not come in yet is invited again; \
                      others log in by mail or password.";
        return Err(Refusal::conflict("not_waiting", detail).into());
    }
    let named = organisation::find(&mut *tx, owner).await?;
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, owner, actor, "member.invited_again", user, &detail).await?;
    tx.commit().await?;
    Ok(mail(app, named, &stored).await)
}

async fn mail(app: &App, named: Option<Organisation>, it: &StoredMember) -> bool {
    let (Some(postman), Some(named)) = (app.postman(), named) else { return false };
    let language: Language = it.language.parse().unwrap_or_default();
    let until = app.now().plus_days(i64::from(DAYS_VALID));
    let ids = [*named.id.as_bytes(), *it.user.as_bytes()];
    let token = MailedLink { ids, until, rest: Vec::new() }.seal(app, PURPOSE);
    let link = postman.address_of(&format!("/login/join/{token}"));
    let text = tributary_i18n::mail::member_invitation(
        language,
        &named.name,
        it.role.as_str(),
        &link,
        DAYS_VALID,
    );
    postman.send(Mail::new(&it.email, &it.name, text, Some(until))).await
}

/// What a link's text says, while it may be used.
fn opened(app: &App, token: &str) -> Option<(OrganisationId, UserId)> {
    let [owner, user] = MailedLink::open(app, PURPOSE, token)?.ids;
    Some((OrganisationId::from_bytes(owner), UserId::from_bytes(user)))
}

/// An invitation that waits for its answer.
#[derive(Debug, Clone)]
pub struct MemberInvitation {
    /// Into which organisation, by name.
    pub organisation: String,
    /// As what.
    pub role: Role,
    /// Who.
    pub user: User,
    /// Whether its link lets them in; otherwise they log in as usual.
    pub lets_in: bool,
}

/// The invitation of a link; none when it was used, taken back, is over or was never given.
pub async fn find_member_invitation(
    app: &App,
    token: &str,
) -> Result<Option<MemberInvitation>, AppError> {
    let Some((owner, user)) = opened(app, token) else { return Ok(None) };
    let mut conn = app.record.read().await?;
    let found = member::find(&mut *conn, owner, user).await?;
    let Some(found) = found.filter(|it| is_waiting(it) && it.disabled_at.is_none()) else {
        return Ok(None);
    };
    let named = organisation::find(&mut *conn, owner).await?;
    let user = organisation::find_user(&mut *conn, user).await?;
    let (Some(named), Some(user)) = (named, user.filter(|it| it.disabled_at.is_none())) else {
        return Ok(None);
    };
    let (places, closed) = member::places(&mut *conn, user.id).await?;
    // A mail that is days old should not open more than it was written for.
    let lets_in = places == 1 && closed == 0 && user.password_hash.is_none();
    Ok(Some(MemberInvitation { organisation: named.name, role: found.role, user, lets_in }))
}

/// Opens a session for an invitation that lets in; none when it does not.
pub async fn accept_member_invitation(
    app: &App,
    token: &str,
    agent: &str,
) -> Result<Option<NewSession>, AppError> {
    match find_member_invitation(app, token).await? {
        Some(it) if it.lets_in => open_session(app, it.user.id, agent).await.map(Some),
        _ => Ok(None),
    }
}
