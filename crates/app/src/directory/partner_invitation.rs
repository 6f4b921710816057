//! The mail that asks somebody to become a partner, and the address in it. The address is sealed by
//! this installation, so that holding it proves that the mail was read.

use tributary_directory::{Actor, Partner, Partnership, PartnershipStatus, Permission, Viewer};
use tributary_i18n::Language;
use tributary_kernel::{PartnershipId, Refusal, Timestamp, UserId};
use tributary_store::engine::Connection;
use tributary_store::{organisation, partnership, program};

use super::invite_partner::{InvitePartner, Invited, invite_partner};
use crate::mail::{Mail, MailedLink, Postman};
use crate::{App, AppError};

/// Days that an invitation can be answered.
const DAYS_VALID: i64 = 30;
const PURPOSE: &str = "invitation";
/// Stands for nobody: invited by a key.
const NOBODY: [u8; 16] = [0; 16];

/// What the address of an invitation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerInvitation {
    /// Into which program, and who.
    pub partnership: PartnershipId,
    /// By whom; none: by a program of the advertiser's.
    pub by: Option<UserId>,
    /// Until when it can be answered.
    pub until: Timestamp,
}

impl PartnerInvitation {
    fn path(self, app: &App) -> String {
        let by = self.by.map_or(NOBODY, |user| *user.as_bytes());
        let ids = [*self.partnership.as_bytes(), by];
        let link = MailedLink { ids, until: self.until, rest: Vec::new() };
        format!("/invitation/{}", link.seal(app, PURPOSE))
    }

    /// The invitation of an address; none when it is over or was never given.
    #[must_use]
    pub fn open(app: &App, token: &str) -> Option<Self> {
        let MailedLink { ids: [partnership, by], until, .. } =
            MailedLink::open(app, PURPOSE, token)?;
        let by = (by != NOBODY).then(|| UserId::from_bytes(by));
        Some(Self { partnership: PartnershipId::from_bytes(partnership), by, until })
    }
}

/// Brings a partner into a program; unless it may promote at once, it is mailed the way in, with
/// `words` of the manager's own. Whether the mail left: none when there was none to send.
pub async fn invite_partner_by_mail(
    app: &App,
    actor: &Actor,
    input: InvitePartner,
    words: &str,
) -> Result<(Invited, Option<bool>), AppError> {
    let waits = !input.active;
    let made = invite_partner(app, actor, input).await?;
    let mailed = match waits {
        true => Some(mail(app, actor, &made.partner, &made.partnership, words).await?),
        false => None,
    };
    Ok((made, mailed))
}

/// Mails the way in once more; `false` when the mail did not leave.
pub async fn invite_partner_again(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
) -> Result<bool, AppError> {
    let owner = actor.owner().ok_or_else(|| Refusal::not_found("partnership"))?;
    actor.require(owner, Permission::Manage)?;
    let mut tx = app.record.begin().await?;
    let Some(found) = partnership::find(&mut *tx, Viewer::Owner(owner), id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    if found.status != PartnershipStatus::Invited {
        let detail = "Only a partner who was invited and has not answered is invited again.";
        return Err(Refusal::conflict("status_order", detail).into());
    }
    let partner = organisation::partners(&mut *tx, &[found.partner]).await?.into_iter().next();
    let partner =
        partner.ok_or_else(|| AppError::Corrupt(format!("{} is missing", found.partner)))?;
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, owner, actor, "partnership.invited_again", id, &detail).await?;
    tx.commit().await?;
    mail(app, actor, &partner, &found, "").await
}

async fn mail(
    app: &App,
    actor: &Actor,
    partner: &Partner,
    partnership: &Partnership,
    words: &str,
) -> Result<bool, AppError> {
    let Some(postman) = app.postman() else { return Ok(false) };
    let mut conn = app.record.read().await?;
    let text = written(app, postman, &mut *conn, actor, partner, partnership, words).await?;
    drop(conn);
    Ok(postman.send(text).await)
}

async fn written(
    app: &App,
    postman: &Postman,
    conn: &mut dyn Connection,
    actor: &Actor,
    partner: &Partner,
    partnership: &Partnership,
    words: &str,
) -> Result<Mail, AppError> {
    let by = match actor {
        Actor::Member { user, .. } => organisation::find_user(conn, *user).await?,
        _ => None,
    };
    let program = program::by_ids(conn, &[partnership.program]).await?.into_iter().next();
    let program = program.map(|it| it.terms.name).unwrap_or_default();
    let advertiser = organisation::find(conn, partnership.owner).await?;
    let inviter = by.as_ref().map(|it| it.name.clone());
    let inviter = inviter.or(advertiser.map(|it| it.name)).unwrap_or_default();
    let invitation = PartnerInvitation {
        partnership: partnership.id,
        by: by.map(|it| it.id),
        until: app.now().plus_days(DAYS_VALID),
    };
    let language: Language = partner.language.parse().unwrap_or_default();
    let link = postman.address_of(&invitation.path(app));
    let text = tributary_i18n::mail::invitation(language, &program, &inviter, words, &link);
    Ok(Mail::new(&partner.email, &partner.name, text, Some(invitation.until)))
}
