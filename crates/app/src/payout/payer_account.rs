use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId, Refusal};
use tributary_money::Currency;
use tributary_payout::account::Bic;
use tributary_payout::bank_text;
use tributary_payout::pain001::profile_for;
use tributary_store::engine::Connection;
use tributary_store::install;

use super::form::{AccountForm, Details, HolderForm};
use crate::error::refuse_if_any;
use crate::{App, AppError};

const PURPOSE: &str = "payer_account";

/// The account that an owner pays one currency from.
#[derive(Debug, Clone)]
pub struct PutPayerAccount {
    /// Whose.
    pub owner: OrganisationId,
    /// Which currency it pays.
    pub currency: Currency,
    /// The account.
    pub account: AccountForm,
    /// Whose account.
    pub holder: HolderForm,
    /// Its bank, where the bank wants it in files.
    pub bic: Option<String>,
    /// The owner's number at its bank, where the bank asks for one: customer, agreement or
    /// organisation number.
    pub number_at_bank: Option<String>,
}

/// A payer's account as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerAccountView {
    /// Which currency it pays.
    pub currency: Currency,
    /// Masked.
    pub shown: String,
    /// The holder's name.
    pub holder: String,
}

/// Sets the account that bank files of a currency are paid from.
///
/// # Errors
/// One per wrong field; `no_bank_file` at `/currency` for a currency that no bank file of ours
/// pays; `account_cannot_pay` at `/account` for an account of another scheme.
pub async fn put_payer_account(
    app: &App,
    actor: &Actor,
    input: PutPayerAccount,
) -> Result<PayerAccountView, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Pay)?;
    if matches!(actor, Actor::Key { .. }) {
        let detail = "The account that money leaves is set by a person: log in.";
        return Err(Refusal::forbidden("person_only", detail).into());
    }
    let mut errors = Vec::new();
    let details = Details::check(&input.account, &input.holder, &mut errors);
    let bic = match input.bic.as_deref().filter(|text| !text.trim().is_empty()).map(Bic::parse) {
        Some(Ok(bic)) => Some(bic),
        Some(Err(error)) => {
            errors.push(error);
            None
        }
        None => None,
    };
    let number = input.number_at_bank.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if number.is_some_and(|text| text.len() > 35 || bank_text(text, 35).is_err()) {
        let detail = "Give at most 35 characters on one line.";
        errors.push(FieldError::new("/number_at_bank", "length", detail));
    }
    if profile_for(input.currency).is_none() {
        let detail = format!("{} is paid by hand, from a table; no bank file.", input.currency);
        errors.push(FieldError::new("/currency", "no_bank_file", detail));
    } else if details.as_ref().is_some_and(|it| !it.account.can_receive(input.currency)) {
        let detail = format!("No bank file pays {} from an account of this kind.", input.currency);
        errors.push(FieldError::new("/account", "account_cannot_pay", detail));
    }
    refuse_if_any(errors)?;
    let details = details.ok_or_else(|| Refusal::not_found("account"))?;
    let details = Details { bic, number_at_bank: number.map(str::to_owned), ..details };
    let sealed = STANDARD.encode(details.seal(app, PURPOSE));
    let mut tx = app.record.begin().await?;
    install::put_setting(&mut *tx, &name(owner, input.currency), &sealed).await?;
    let view = PayerAccountView::of(input.currency, &details);
    let detail = serde_json::json!({ "currency": view.currency, "shown": view.shown });
    app.audit_in(&mut *tx, owner, actor, "payer_account.set", owner, &detail).await?;
    tx.commit().await?;
    Ok(view)
}

/// The account that an owner pays a currency from, masked; none when it was not set.
///
/// # Errors
/// Without the right to read.
pub async fn payer_account(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    currency: Currency,
) -> Result<Option<PayerAccountView>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let found = payer_in(app, &mut *conn, owner, currency).await?;
    Ok(found.map(|it| PayerAccountView::of(currency, &it)))
}

impl PayerAccountView {
    pub(super) fn of(currency: Currency, it: &Details) -> Self {
        Self { currency, shown: it.account.masked(), holder: it.party.name.clone() }
    }
}

fn name(owner: OrganisationId, currency: Currency) -> String {
    format!("payer:{owner}:{currency}")
}

/// The account as it is kept.
pub(super) async fn payer_in(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
    currency: Currency,
) -> Result<Option<Details>, AppError> {
    let Some(text) = install::setting(conn, &name(owner, currency)).await? else {
        return Ok(None);
    };
    let sealed = STANDARD
        .decode(&text)
        .map_err(|_| AppError::Corrupt(format!("{} is not base64", name(owner, currency))))?;
    Ok(Some(Details::open(app, PURPOSE, &sealed)?))
}
