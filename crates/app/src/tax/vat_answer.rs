use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, LocalDate, OrganisationId, PartnerId, Refusal, VatAnswerId};
use tributary_store::engine::Connection;
use tributary_store::list::{Page, PageRequest};
use tributary_store::organisation;
use tributary_store::tax::{self, StoredVatAnswer};

use crate::error::refuse_if_any;
use crate::{App, AppError};

/// What a register of VAT numbers answered, as a person or a program tells it.
#[derive(Debug, Clone)]
pub struct KeepVatAnswer {
    /// Who asked.
    pub owner: OrganisationId,
    /// Whose number.
    pub partner: PartnerId,
    /// Which number; blanks, points and dashes are passed over.
    pub number: String,
    /// Whether it is valid.
    pub valid: bool,
    /// The name that the register gave.
    pub registered_name: String,
    /// Its reference of the question (a consultation number).
    pub reference: String,
    /// The day it was asked.
    pub asked_on: LocalDate,
}

/// Longest texts.
const NUMBER_CHARS: std::ops::RangeInclusive<usize> = 4..=20;
const NAME_CHARS_MAX: usize = 120;

/// Keeps an answer beside the earlier ones. Nothing is asked of a register here.
///
/// # Errors
/// Without the right to pay; not found; `number_form` at `/number`, `in_the_future` at `/asked_on`,
/// `length`.
pub async fn keep_vat_answer(
    app: &App,
    actor: &Actor,
    input: KeepVatAnswer,
) -> Result<StoredVatAnswer, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Pay)?;
    let mut tx = app.record.begin().await?;
    require_partner(&mut *tx, owner, input.partner).await?;
    let it = checked(app, actor, input)?;
    tax::insert_vat_answer(&mut *tx, &it).await?;
    let detail = serde_json::json!({
        "partner": it.partner, "valid": it.valid, "asked_on": it.asked_on,
    });
    app.audit_in(&mut *tx, owner, actor, "vat_answer.kept", it.id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

fn checked(app: &App, actor: &Actor, input: KeepVatAnswer) -> Result<StoredVatAnswer, AppError> {
    let mut errors = Vec::new();
    let number: String = input
        .number
        .chars()
        .filter(|it| !matches!(it, ' ' | '.' | '-' | '/' | '\u{a0}'))
        .map(|it| it.to_ascii_uppercase())
        .collect();
    let plain = number.bytes().all(|it| it.is_ascii_alphanumeric());
    if !plain || !NUMBER_CHARS.contains(&number.len()) {
        let detail = "Give the number that was asked, with its country.";
        errors.push(FieldError::new("/number", "number_form", detail));
    }
    // Somewhere it is tomorrow already.
    let today = tributary_kernel::Zone::utc().date(app.now());
    if input.asked_on > today.plus_days(1) {
        let detail = "Give the day it was asked.";
        errors.push(FieldError::new("/asked_on", "in_the_future", detail));
    }
    let mut short = |pointer, text: String| {
        let text = text.trim().to_owned();
        if text.chars().count() > NAME_CHARS_MAX || text.contains(char::is_control) {
            let detail = format!("Give at most {NAME_CHARS_MAX} characters.");
            errors.push(FieldError::new(pointer, "length", detail));
        }
        Some(text).filter(|it| !it.is_empty())
    };
    let registered_name = short("/registered_name", input.registered_name);
    let reference = short("/reference", input.reference);
    refuse_if_any(errors)?;
    Ok(StoredVatAnswer {
        id: VatAnswerId::new(app.now(), &*app.entropy),
        owner: input.owner,
        partner: input.partner,
        number,
        valid: input.valid,
        registered_name,
        reference,
        asked_on: input.asked_on,
        created_at: app.now(),
        created_by: actor.name(),
    })
}

/// What an owner was answered about a partner's VAT number, newest first.
///
/// # Errors
/// Without the right to pay; not found.
pub async fn list_vat_answers(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    partner: PartnerId,
    page: PageRequest,
) -> Result<Page<StoredVatAnswer>, AppError> {
    actor.require(owner, Permission::Pay)?;
    let mut conn = app.record.read().await?;
    require_partner(&mut *conn, owner, partner).await?;
    Ok(tax::list_vat_answers(&mut *conn, owner, partner, page).await?)
}

async fn require_partner(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    partner: PartnerId,
) -> Result<(), AppError> {
    if organisation::owners_of_partner(conn, partner).await?.contains(&owner) {
        return Ok(());
    }
    Err(Refusal::not_found("partner").into())
}
