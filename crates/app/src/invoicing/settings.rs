use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId};
use tributary_money::Rate;
use tributary_payout::invoice::InvoiceSeries;
use tributary_payout::tax::{TaxForm, TaxPerson, TaxProfile};
use tributary_store::engine::Connection;
use tributary_store::invoicing::{self as store, StoredInvoicing};

use crate::books::lock_head;
use crate::error::refuse_if_any;
use crate::tax::sealed;
use crate::{App, AppError};

const PURPOSE: &str = "invoicing";

/// How an owner writes invoices for its partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoicing {
    /// Its own details.
    pub company: TaxProfile,
    /// The standard rate of VAT in its country; zero where there is none.
    pub vat_rate: Rate,
    /// Before every number of the series.
    pub prefix: String,
    /// Numbers given so far.
    pub given: i64,
}

/// What is to be set.
#[derive(Debug, Clone)]
pub struct PutInvoicing {
    /// Whose.
    pub owner: OrganisationId,
    /// Its own details; a company, whatever `person` says.
    pub company: TaxForm,
    /// The standard rate of VAT in its country, in per cent: `25`.
    pub vat_percent: String,
    /// Before every number of the series; fixed once the first was given.
    pub prefix: String,
}

/// Says how an owner writes invoices for its partners. What was written stays as it is.
///
/// # Errors
/// Without the right to pay; one per wrong field; `series_begun` at `/prefix`.
pub async fn put_invoicing(
    app: &App,
    actor: &Actor,
    input: PutInvoicing,
) -> Result<Invoicing, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    crate::app::with_retries(|| put_once(app, actor, &input)).await
}

async fn put_once(app: &App, actor: &Actor, input: &PutInvoicing) -> Result<Invoicing, AppError> {
    let owner = input.owner;
    let form = TaxForm { person: TaxPerson::Company.as_str().to_owned(), ..input.company.clone() };
    let mut errors = Vec::new();
    let company = form.check().map_err(|wrong| errors.extend(wrong)).ok();
    let rate = percent(&input.vat_percent);
    if rate.is_none() {
        let detail = "Give a rate in per cent, from 0 to 100, like 25.";
        errors.push(FieldError::new("/vat_percent", "percent", detail));
    }
    let prefix = input.prefix.trim().to_owned();
    if InvoiceSeries::new(&prefix).is_none() {
        let detail = "Use up to 20 letters, digits, - and /.";
        errors.push(FieldError::new("/prefix", "series_prefix", detail));
    }
    let mut tx = app.record.begin().await?;
    lock_head(&mut *tx, owner).await?;
    let before = store::invoicing(&mut *tx, owner).await?;
    let next_number = before.as_ref().map_or(1, |it| it.next_number);
    if next_number > 1 && before.is_some_and(|it| it.prefix != prefix) {
        let detail = "Numbers of this series have been given: it goes on as it began.";
        errors.push(FieldError::new("/prefix", "series_begun", detail));
    }
    refuse_if_any(errors)?;
    let (Some(company), Some(vat_rate)) = (company, rate) else {
        return Err(AppError::Corrupt(format!("invoicing of {owner} is neither good nor refused")));
    };
    let stored = StoredInvoicing {
        owner,
        sealed: sealed::seal(app, PURPOSE, &company),
        vat_rate,
        prefix,
        next_number,
        updated_at: app.now(),
    };
    store::put_invoicing(&mut *tx, &stored).await?;
    let detail = serde_json::json!({
        "country": company.country, "vat": company.vat, "vat_rate": vat_rate,
        "prefix": stored.prefix,
    });
    app.audit_in(&mut *tx, owner, actor, "invoicing.set", owner, &detail).await?;
    tx.commit().await?;
    Ok(of(&stored, company))
}

/// `25` or `12,5` as a rate.
fn percent(text: &str) -> Option<Rate> {
    let rate = Rate::from_percent(&text.trim().replace(',', ".")).ok()?;
    (!rate.is_negative() && rate <= Rate::ONE).then_some(rate)
}

fn of(it: &StoredInvoicing, company: TaxProfile) -> Invoicing {
    Invoicing {
        company,
        vat_rate: it.vat_rate,
        prefix: it.prefix.clone(),
        given: it.next_number - 1,
    }
}

/// How an owner writes invoices, once it was said.
///
/// # Errors
/// Without the right to read.
pub async fn invoicing(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<Option<Invoicing>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let found = opened_in(app, &mut *conn, owner).await?;
    Ok(found.map(|(stored, company)| of(&stored, company)))
}

/// As it is kept, with the owner's details opened.
pub(super) async fn opened_in(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<(StoredInvoicing, TaxProfile)>, AppError> {
    let Some(stored) = store::invoicing(conn, owner).await? else { return Ok(None) };
    let company = sealed::open(app, PURPOSE, &stored.sealed)?;
    Ok(Some((stored, company)))
}
