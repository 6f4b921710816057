use tributary_click::ReferralCode;
use tributary_directory::{
    Actor, Link, Partner, PartnerKind, Partnership, PartnershipStatus, Permission, User, Viewer,
};
use tributary_kernel::{
    FieldError, OrganisationId, PartnerId, PartnershipId, ProgramId, Refusal, UserId,
};
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::{install, organisation, partnership, program};

use super::create_link::{CreateLink, create_link_in};
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// A partner of a program, by its profile's fields.
#[derive(Debug, Clone)]
pub struct InvitePartner {
    /// Whose program.
    pub owner: OrganisationId,
    /// Which program.
    pub program: ProgramId,
    /// The partner's name.
    pub name: String,
    /// Where it is written to; a known address keeps its profile, name and log-in.
    pub email: String,
    /// What sort.
    pub kind: PartnerKind,
    /// Its country.
    pub country: String,
    /// Its language.
    pub language: String,
    /// The referral code wanted; none: made from the name.
    pub code: Option<String>,
    /// The manager's group.
    pub group: Option<String>,
    /// Whether it may promote at once (the manager has its word), or has to accept first.
    pub active: bool,
}

/// What inviting made.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The profile.
    pub partner: Partner,
    /// Its membership.
    pub partnership: Partnership,
    /// Who logs in for it.
    pub user: UserId,
    /// Its first link.
    pub link: Link,
}

/// Brings a partner into a program, with a log-in and a first link.
pub async fn invite_partner(
    app: &App,
    actor: &Actor,
    input: InvitePartner,
) -> Result<Invited, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Manage)?;
    let mut errors = Vec::new();
    let name = text::name("/name", &input.name, &mut errors);
    let email = text::email("/email", &input.email, &mut errors);
    let country = text::country("/country", &input.country, &mut errors);
    let language = text::language("/language", &input.language, &mut errors);
    let wanted = match &input.code {
        Some(code) => match code.parse::<ReferralCode>() {
            Ok(code) => Some(code.as_str().to_owned()),
            Err(error) => {
                errors.push(error.under("/code"));
                None
            }
        },
        None => None,
    };
    refuse_if_any(errors)?;

    let now = app.now();
    let mut tx = app.record.begin().await?;
    let Some(program) = program::find(&mut *tx, Viewer::Owner(owner), input.program).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let profile = Partner {
        id: PartnerId::new(now, &*app.entropy),
        name,
        kind: input.kind,
        email,
        country,
        language,
        website: None,
        created_at: now,
    };
    let (partner, user) = partner_with_log_in(app, &mut *tx, profile).await?;
    let known = partnership::by_partner(&mut *tx, &[(owner, program.id, partner.id)]).await?;
    if !known.is_empty() {
        let detail = "This partner is in the program already.";
        return Err(Refusal::conflict("already_partner", detail).into());
    }
    let code = free_code(&mut *tx, owner, program.id, wanted.as_deref(), &partner.name).await?;
    let status = if input.active { PartnershipStatus::Active } else { PartnershipStatus::Invited };
    let number = match input.active {
        true => {
            lock_heads_in(&mut *tx, &[owner]).await?;
            Some(partnership::joined_in(&mut *tx, owner, program.id).await? + 1)
        }
        false => None,
    };
    let made = Partnership {
        id: PartnershipId::new(now, &*app.entropy),
        owner,
        program: program.id,
        partner: partner.id,
        status,
        code,
        group: input.group.filter(|group| !group.trim().is_empty()),
        joined_at: input.active.then_some(now),
        created_at: now,
        tags: Vec::new(),
        option: None,
        number,
        recruiter: None,
        away: Vec::new(),
    };
    partnership::put(&mut *tx, &made).await?;
    install::note_change(&mut *tx, "partnership", made.id, now).await?;
    let first_link = CreateLink {
        partnership: made.id,
        path: None,
        host: None,
        destination: None,
        campaign: None,
        method: None,
    };
    let link = create_link_in(app, &mut *tx, actor, &program, &made, first_link).await?;
    let detail = serde_json::json!({ "partner": partner.id, "status": status });
    app.audit_in(&mut *tx, owner, actor, "partnership.created", made.id, &detail).await?;
    tx.commit().await?;
    Ok(Invited { partner, partnership: made, user, link })
}

/// The profile that a known address works for, or the new one with a log-in for its address.
async fn partner_with_log_in(
    app: &App,
    conn: &mut dyn Connection,
    profile: Partner,
) -> Result<(Partner, UserId), AppError> {
    let user = organisation::find_user_by_email(conn, &profile.email).await?;
    if let Some(user) = &user
        && let Some(known) = organisation::partners_of_user(conn, user.id).await?.into_iter().next()
    {
        return Ok((known, user.id));
    }
    let now = app.now();
    let user = match user {
        Some(user) => user.id,
        None => {
            let user = User {
                id: UserId::new(now, &*app.entropy),
                email: profile.email.clone(),
                name: profile.name.clone(),
                language: profile.language.clone(),
                password_hash: None,
                created_at: now,
                disabled_at: None,
            };
            organisation::insert_user(conn, &user).await?;
            user.id
        }
    };
    organisation::insert_partner(conn, &profile).await?;
    organisation::put_partner_user(conn, profile.id, user, now).await?;
    Ok((profile, user))
}

/// How many numbered variants of a code are tried.
const CODE_VARIANTS_MAX: u32 = 1_000;

/// The wanted code, or one made from a name that nobody in the program has.
async fn free_code(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    wanted: Option<&str>,
    name: &str,
) -> Result<String, AppError> {
    if let Some(code) = wanted {
        let taken = partnership::by_code(conn, &[(owner, program, code.to_owned())]).await?;
        if taken.is_empty() {
            return Ok(code.to_owned());
        }
        let detail = "Another partner of this program has this code.";
        return Err(FieldError::new("/code", "code_taken", detail).into());
    }
    let base = code_from_name(name);
    for number in 1..=CODE_VARIANTS_MAX {
        let text = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        let Ok(code) = text.parse::<ReferralCode>() else { continue };
        let code = code.as_str().to_owned();
        let taken = partnership::by_code(conn, &[(owner, program, code.clone())]).await?;
        if taken.is_empty() {
            return Ok(code);
        }
    }
    let detail = "Too many partners are called like this; choose a code.";
    Err(FieldError::new("/code", "code_required", detail).into())
}

/// `Anna Sørensen` becomes `anna-soerensen`.
fn code_from_name(name: &str) -> String {
    let mut code = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => code.push(c),
            'æ' | 'ä' => code.push_str("ae"),
            'ø' | 'ö' => code.push_str("oe"),
            'å' => code.push_str("aa"),
            'é' | 'è' | 'ê' => code.push('e'),
            'ü' => code.push('u'),
            _ if code.ends_with('-') || code.is_empty() => {}
            _ => code.push('-'),
        }
        if code.len() >= 30 {
            break;
        }
    }
    let code = code.trim_matches('-');
    if code.len() < 3 {
        format!("partner-{code}").trim_matches('-').to_owned()
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_from_names() {
        let table = [
            ("Anna Sørensen", "anna-soerensen"),
            ("  ÅRHUS -- Blog! ", "aarhus-blog"),
            ("X", "partner-x"),
            ("智", "partner"),
        ];
        for (name, code) in table {
            assert_eq!(code_from_name(name), code);
            assert!(code_from_name(name).parse::<ReferralCode>().is_ok(), "{code}");
        }
    }
}
