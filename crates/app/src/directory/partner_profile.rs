//! A partner's profile: what it says of itself to every program it is in.
//!
//! **Invariant.** The profile is shared by all advertisers, so an advertiser changes it only while
//! nobody else works with the partner, and never its address: whoever reads that logs in for the
//! partner. The partner itself gives a new address, which counts once a mail to it was read.

use tributary_directory::{Actor, Partner, PartnerKind, Permission, check_website};
use tributary_i18n::Language;
use tributary_kernel::{OrganisationId, PartnerId, Refusal, UserId};
use tributary_store::engine::Connection;
use tributary_store::organisation;

use super::read::viewer_of;
use crate::error::refuse_if_any;
use crate::mail::{Mail, MailedLink};
use crate::secrets::sha256;
use crate::{App, AppError, text};

/// Hours in which a new address can be confirmed.
const HOURS_VALID: i64 = 48;
const PURPOSE: &str = "partner_email";

/// What changes of a profile; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct ChangePartner {
    /// Name, as on statements.
    pub name: Option<String>,
    /// What sort.
    pub kind: Option<PartnerKind>,
    /// Its country.
    pub country: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Where it promotes; an empty text takes it away.
    pub website: Option<String>,
    /// Another address, from the partner itself: mailed first, and used once that mail was read.
    pub email: Option<String>,
}

/// A profile that was changed.
#[derive(Debug, Clone)]
pub struct PartnerChanged {
    /// As it is now.
    pub partner: Partner,
    /// Whether the mail to a new address left; none: it has none.
    pub mailed: Option<bool>,
}

/// A partner that an actor may see: its own, or one in a program of its organisation's.
pub async fn find_partner(app: &App, actor: &Actor, id: PartnerId) -> Result<Partner, AppError> {
    viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let owners = organisation::owners_of_partner(&mut *conn, id).await?;
    known(&mut *conn, actor, id, &owners).await
}

async fn known(
    conn: &mut dyn Connection,
    actor: &Actor,
    id: PartnerId,
    owners: &[OrganisationId],
) -> Result<Partner, AppError> {
    let theirs = match actor {
        Actor::Partner { partner, .. } => *partner == id,
        Actor::Member { owner, .. } | Actor::Key { owner, .. } => owners.contains(owner),
        Actor::System { .. } => true,
    };
    let found = match theirs {
        true => organisation::partners(conn, &[id]).await?.into_iter().next(),
        false => None,
    };
    found.ok_or_else(|| Refusal::not_found("partner").into())
}

/// Changes a profile. A new address is mailed a link and used once that was opened.
pub async fn change_partner(
    app: &App,
    actor: &Actor,
    id: PartnerId,
    change: ChangePartner,
) -> Result<PartnerChanged, AppError> {
    let mut tx = app.record.begin().await?;
    let owners = organisation::owners_of_partner(&mut *tx, id).await?;
    let before = known(&mut *tx, actor, id, &owners).await?;
    may_change(actor, &owners, &change)?;
    let (after, email) = changed(&before, change)?;
    if after != before {
        organisation::update_partner(&mut *tx, &after).await?;
        audit(app, &mut *tx, actor, &owners, id, "partner.changed").await?;
    }
    if email.is_some() {
        audit(app, &mut *tx, actor, &owners, id, "partner.address_asked").await?;
    }
    tx.commit().await?;
    let mailed = match (email, actor) {
        (Some(email), Actor::Partner { user, .. }) => {
            Some(mail_to_new(app, *user, &after, &email).await)
        }
        _ => None,
    };
    Ok(PartnerChanged { partner: after, mailed })
}

fn may_change(
    actor: &Actor,
    owners: &[OrganisationId],
    change: &ChangePartner,
) -> Result<(), Refusal> {
    let (Actor::Member { owner, .. } | Actor::Key { owner, .. }) = actor else { return Ok(()) };
    actor.require(*owner, Permission::Manage)?;
    if owners.iter().any(|it| it != owner) {
        let detail = "This partner works with others too, so only the partner changes its profile: \
                      ask it to, on its own page.";
        return Err(Refusal::conflict("shared_profile", detail));
    }
    if change.email.is_some() {
        let detail = "Whoever reads the address logs in for the partner: ask the partner to change \
                      it on its own page.";
        return Err(Refusal::forbidden("partner_only", detail));
    }
    Ok(())
}

/// The profile as it would be, and the new address if it is another.
fn changed(before: &Partner, change: ChangePartner) -> Result<(Partner, Option<String>), AppError> {
    let mut errors = Vec::new();
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = text::name("/name", &name, &mut errors);
    }
    if let Some(country) = change.country {
        after.country = text::country("/country", &country, &mut errors);
    }
    if let Some(language) = change.language {
        after.language = text::language("/language", &language, &mut errors);
    }
    after.kind = change.kind.unwrap_or(before.kind);
    match change.website.as_deref().map(str::trim) {
        Some("") => after.website = None,
        Some(given) => match check_website(given) {
            Ok(website) => after.website = Some(website),
            Err(error) => errors.push(error.under("/website")),
        },
        None => {}
    }
    let email = change.email.map(|it| text::email("/email", &it, &mut errors));
    refuse_if_any(errors)?;
    Ok((after, email.filter(|it| *it != before.email)))
}

async fn audit(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    owners: &[OrganisationId],
    id: PartnerId,
    action: &'static str,
) -> Result<(), AppError> {
    for owner in owners {
        app.audit_in(conn, *owner, actor, action, id, &serde_json::json!({})).await?;
    }
    Ok(())
}

async fn mail_to_new(app: &App, user: UserId, partner: &Partner, email: &str) -> bool {
    let Some(postman) = app.postman() else { return false };
    let until = app.now().plus_seconds(HOURS_VALID * 3_600);
    // A hash of the address before; the new address follows.
    let rest = [sha256(partner.email.as_bytes()).as_slice(), email.as_bytes()].concat();
    let ids = [*partner.id.as_bytes(), *user.as_bytes()];
    let token = MailedLink { ids, until, rest }.seal(app, PURPOSE);
    let link = format!("/login/address/{token}");
    let text = tributary_i18n::mail::confirm_address(
        language_of(partner),
        &partner.name,
        &postman.address_of(&link),
    );
    postman.send(Mail::new(email, &partner.name, text, Some(until))).await
}

fn language_of(partner: &Partner) -> Language {
    partner.language.parse().unwrap_or_default()
}

/// A new address, as the link that was mailed to it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedEmail {
    /// Whose.
    pub partner: PartnerId,
    /// Who asked for it.
    user: UserId,
    /// Hash of the address before.
    before: [u8; 32],
    /// The new one.
    pub email: String,
}

fn opened(app: &App, token: &str) -> Option<ConfirmedEmail> {
    let MailedLink { ids: [partner, user], rest, .. } = MailedLink::open(app, PURPOSE, token)?;
    let (before, email) = rest.split_first_chunk::<32>()?;
    Some(ConfirmedEmail {
        partner: PartnerId::from_bytes(partner),
        user: UserId::from_bytes(user),
        before: *before,
        email: String::from_utf8(email.to_vec()).ok()?,
    })
}

/// The new address of a link that can still be confirmed; none when it was, or is over.
pub async fn waiting_partner_email(
    app: &App,
    token: &str,
) -> Result<Option<(Partner, ConfirmedEmail)>, AppError> {
    let Some(asked) = opened(app, token) else { return Ok(None) };
    let mut conn = app.record.read().await?;
    let found = organisation::partners(&mut *conn, &[asked.partner]).await?.into_iter().next();
    let found = found.filter(|it| sha256(it.email.as_bytes()) == asked.before);
    Ok(found.map(|it| (it, asked)))
}

/// Uses a new address from now on, to write to and, for whoever logged in with the one before, to
/// log in with. The address before is told. None when the link was used or is over.
pub async fn confirm_partner_email(app: &App, token: &str) -> Result<Option<Partner>, AppError> {
    let Some((partner, asked)) = waiting_partner_email(app, token).await? else { return Ok(None) };
    let mut tx = app.record.begin().await?;
    if organisation::find_user_by_email(&mut *tx, &asked.email).await?.is_some() {
        let detail = "Somebody logs in with this address already; choose another.";
        return Err(Refusal::conflict("email_taken", detail).into());
    }
    if !organisation::move_partner(&mut *tx, partner.id, &partner.email, &asked.email).await? {
        return Ok(None);
    }
    let owners = organisation::owners_of_partner(&mut *tx, partner.id).await?;
    let actor = Actor::Partner { user: asked.user, partner: partner.id };
    audit(app, &mut *tx, &actor, &owners, partner.id, "partner.address_changed").await?;
    tx.commit().await?;
    if let Some(postman) = app.postman() {
        let (language, name) = (language_of(&partner), &partner.name);
        let text = tributary_i18n::mail::address_moved(language, name, &asked.email);
        postman.send(Mail::new(&partner.email, name, text, None)).await;
    }
    Ok(Some(Partner { email: asked.email, ..partner }))
}
