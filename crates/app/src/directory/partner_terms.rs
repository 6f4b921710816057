use tributary_commission::PlanDocument;
use tributary_directory::{Actor, Partnership, PartnershipStatus, Permission, Viewer};
use tributary_kernel::{FieldError, PartnershipId, Refusal};
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::{partnership, program};

use crate::error::refuse_if_any;
use crate::{App, AppError};

const TAGS_MAX: usize = 50;
const TAG_CHARACTERS_MAX: usize = 60;

/// What a partner's terms hang on besides its group. What is none stays.
#[derive(Debug, Clone, Default)]
pub struct PartnerTerms {
    /// The manager's tags, all of them.
    pub tags: Option<Vec<String>>,
    /// The option of the plan that the partner chose; an empty text: none.
    pub option: Option<String>,
    /// The partnership that recruited it; an inner none: nobody.
    pub recruiter: Option<Option<PartnershipId>>,
}

/// Says what a partner's terms hang on. A manager may say all; a partner may choose an option
/// before it has joined. What was booked stays as it is.
pub async fn put_partner_terms(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    terms: PartnerTerms,
) -> Result<Partnership, AppError> {
    let mut tx = app.record.begin().await?;
    let it = put_partner_terms_in(app, &mut *tx, actor, id, terms).await?;
    tx.commit().await?;
    Ok(it)
}

/// The same in the caller's transaction.
pub(super) async fn put_partner_terms_in(
    app: &App,
    tx: &mut dyn Connection,
    actor: &Actor,
    id: PartnershipId,
    terms: PartnerTerms,
) -> Result<Partnership, AppError> {
    let viewer = super::viewer_of(actor)?;
    let Some(seen) = partnership::find(tx, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    lock_heads_in(tx, &[seen.owner]).await?;
    let Some(mut it) = partnership::find(tx, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    match viewer {
        Viewer::Owner(owner) => actor.require(owner, Permission::Manage)?,
        Viewer::Partner(_) => {
            let chooses = it.status == PartnershipStatus::Invited
                && terms.tags.is_none()
                && terms.recruiter.is_none();
            if !chooses {
                let detail = "A partner chooses an option of the plan before it joins.";
                return Err(Refusal::forbidden("not_an_invitation", detail).into());
            }
        }
    }
    if let Some(tags) = terms.tags {
        it.tags = tags_of(tags)?;
    }
    if let Some(option) = terms.option {
        it.option = option_of(tx, &it, option.trim()).await?;
    }
    if let Some(recruiter) = terms.recruiter {
        if let Some(recruiter) = recruiter {
            check_recruiter(tx, &it, recruiter).await?;
        }
        it.recruiter = recruiter;
    }
    partnership::put(tx, &it).await?;
    let detail = serde_json::json!({
        "tags": it.tags, "option": it.option, "recruiter": it.recruiter,
    });
    app.audit_in(tx, it.owner, actor, "partnership.terms_changed", it.id, &detail).await?;
    Ok(it)
}

fn tags_of(tags: Vec<String>) -> Result<Vec<String>, AppError> {
    let mut errors = Vec::new();
    if tags.len() > TAGS_MAX {
        let detail = format!("A partner has at most {TAGS_MAX} tags.");
        errors.push(FieldError::new("/tags", "too_many", detail));
    }
    let mut kept: Vec<String> = Vec::new();
    for (place, tag) in tags.into_iter().enumerate() {
        let tag = tag.trim().to_owned();
        let length = tag.chars().count();
        if !(1..=TAG_CHARACTERS_MAX).contains(&length) || tag.contains(char::is_control) {
            let detail = format!("A tag has 1 to {TAG_CHARACTERS_MAX} characters.");
            errors.push(FieldError::new(format!("/tags/{place}"), "length", detail));
        } else if !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    refuse_if_any(errors)?;
    Ok(kept)
}

/// An option that the newest version of the plan offers; a version that is announced counts.
async fn option_of(
    conn: &mut dyn Connection,
    it: &Partnership,
    option: &str,
) -> Result<Option<String>, AppError> {
    if option.is_empty() {
        return Ok(None);
    }
    for stored in program::plans(conn, &[(it.owner, it.program)]).await?.iter().rev() {
        let document = PlanDocument::from_json(stored.document.as_bytes())
            .map_err(|_| AppError::Corrupt(format!("document of {}", stored.id)))?;
        if document.options.iter().any(|known| known.id.as_str() == option) {
            return Ok(Some(option.to_owned()));
        }
    }
    let detail = "No version of the plan offers this option.";
    Err(FieldError::new("/option", "option_unknown", detail).into())
}

/// A recruiter is another partner of the same program, who was not recruited by this one.
async fn check_recruiter(
    conn: &mut dyn Connection,
    it: &Partnership,
    recruiter: PartnershipId,
) -> Result<(), AppError> {
    let wrong = |code, detail: &'static str| FieldError::new("/recruiter", code, detail).into();
    let mut at = recruiter;
    let mut first = true;
    // Every step is another partnership, as a circle is refused here.
    loop {
        if at == it.id {
            let detail = "Nobody recruits oneself, not through others either.";
            return Err(wrong("recruiter_circle", detail));
        }
        let found = partnership::by_ids(conn, &[at]).await?.into_iter().next();
        let here = found.filter(|of| (of.owner, of.program) == (it.owner, it.program));
        let Some(of) = here else {
            if first {
                let detail = "No partner of this program has this partnership.";
                return Err(wrong("recruiter_unknown", detail));
            }
            return Ok(());
        };
        first = false;
        match of.recruiter {
            Some(next) => at = next,
            None => return Ok(()),
        }
    }
}
