use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{FieldError, LocalDate, PartnerInvoiceId, PayoutId, Refusal, Zone};
use tributary_money::Money;
use tributary_payout::statement::Statement;
use tributary_payout::tax::VatStanding;
use tributary_store::engine::Connection;
use tributary_store::invoicing::{self as store, StoredPartnerInvoice};
use tributary_store::payout::{self, PayoutState, StoredPayout};
use tributary_store::tax;

use crate::books::lock_head;
use crate::directory::viewer_of;
use crate::error::refuse_if_any;
use crate::tax::TaxProfileView;
use crate::{App, AppError, text};

/// An invoice that a partner wrote itself.
#[derive(Debug, Clone)]
pub struct GiveOwnInvoice {
    /// The payout that pays it.
    pub payout: PayoutId,
    /// The partner's number of it.
    pub number: String,
    /// Day of issue.
    pub issued_on: LocalDate,
    /// Net of VAT: what the payout pays for its lines.
    pub net: Money,
    /// VAT on it. It is not in the payout.
    pub vat: Money,
}

/// Matches an invoice that a partner wrote itself with the payout that pays it: its net amount is the
/// payout's, to the minor unit. From the partner, or from who may pay. A further one for the same
/// payout takes the place of the one before, which is kept.
///
/// # Errors
/// Not found; `wrong_state` for a payout that is not sent after all; `invoice_written` where the owner
/// wrote the invoice; one per wrong field: `invoice_amount` at `/net`, `invoice_number_used` at
/// `/number`, `vat_not_registered` or `range` at `/vat`, `in_the_future` at `/issued_on`.
pub async fn give_own_invoice(
    app: &App,
    actor: &Actor,
    input: GiveOwnInvoice,
) -> Result<StoredPartnerInvoice, AppError> {
    crate::app::with_retries(|| give_once(app, actor, &input)).await
}

async fn give_once(
    app: &App,
    actor: &Actor,
    input: &GiveOwnInvoice,
) -> Result<StoredPartnerInvoice, AppError> {
    let viewer = match (actor, actor.owner()) {
        (Actor::Partner { partner, .. }, _) => Viewer::Partner(*partner),
        (_, Some(owner)) => {
            actor.require(owner, Permission::Pay)?;
            Viewer::Owner(owner)
        }
        (_, None) => return Err(Refusal::not_found("payout").into()),
    };
    let mut tx = app.record.begin().await?;
    let of = seen(&mut *tx, viewer, input.payout).await?;
    lock_head(&mut *tx, of.owner).await?;
    let of = seen(&mut *tx, viewer, of.id).await?;
    check_payout(&of)?;
    let it = checked(app, &mut *tx, actor, &of, input).await?;
    let before = store::partner_invoice(&mut *tx, of.owner, of.id).await?;
    if let Some(before) = before.filter(|before| same(before, &it)) {
        return Ok(before);
    }
    store::put_partner_invoice(&mut *tx, &it).await?;
    let detail = serde_json::json!({ "payout": it.payout, "net": it.net, "vat": it.vat });
    app.audit_in(&mut *tx, of.owner, actor, "partner_invoice.given", it.id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

async fn seen(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: PayoutId,
) -> Result<StoredPayout, AppError> {
    let found = payout::find_payout(conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("payout").into())
}

fn statement_of(of: &StoredPayout) -> Result<Statement, AppError> {
    Statement::from_bytes(of.statement.as_bytes())
        .map_err(|error| AppError::Corrupt(format!("statement of {}: {error}", of.id)))
}

fn check_payout(of: &StoredPayout) -> Result<(), AppError> {
    if matches!(of.state, PayoutState::Returned | PayoutState::Cancelled) {
        let detail = format!("This payout is {}.", of.state);
        return Err(Refusal::conflict("wrong_state", detail).into());
    }
    if statement_of(of)?.tax.is_some_and(|tax| tax.invoice.is_some()) {
        let detail = "The organisation wrote the invoice of this payout.";
        return Err(Refusal::conflict("invoice_written", detail).into());
    }
    Ok(())
}

fn same(one: &StoredPartnerInvoice, other: &StoredPartnerInvoice) -> bool {
    let facts = |it: &StoredPartnerInvoice| (it.number.clone(), it.issued_on, it.net, it.vat);
    facts(one) == facts(other)
}

async fn checked(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    of: &StoredPayout,
    input: &GiveOwnInvoice,
) -> Result<StoredPartnerInvoice, AppError> {
    let mut errors = Vec::new();
    let number = text::external_id("/number", &input.number, &mut errors);
    let used = store::payout_of_number(conn, of.owner, of.partner, &number).await?;
    if used.is_some_and(|payout| payout != of.id) {
        let detail = "An invoice of this number is matched with another payout.";
        errors.push(FieldError::new("/number", "invoice_number_used", detail));
    }
    // Somewhere it is tomorrow already.
    if input.issued_on > Zone::utc().date(app.now()).plus_days(1) {
        let detail = "Give the day of issue.";
        errors.push(FieldError::new("/issued_on", "in_the_future", detail));
    }
    let paid = statement_of(of)?.paid;
    if input.net != paid {
        let amount = paid.to_decimal_string();
        let detail = format!("The payout pays {amount} {} without VAT.", paid.currency);
        errors.push(FieldError::new("/net", "invoice_amount", detail));
    }
    if input.vat.currency != paid.currency
        || input.vat.is_negative()
        || input.vat.minor > input.net.minor
    {
        let detail = "Give the VAT in the payout's currency, zero or more.";
        errors.push(FieldError::new("/vat", "range", detail));
    }
    if !input.vat.is_zero() && !is_registered(app, conn, of).await? {
        let detail = "VAT is charged by who is registered: see the tax details.";
        errors.push(FieldError::new("/vat", "vat_not_registered", detail));
    }
    refuse_if_any(errors)?;
    Ok(StoredPartnerInvoice {
        id: PartnerInvoiceId::new(app.now(), &*app.entropy),
        owner: of.owner,
        payout: of.id,
        partner: of.partner,
        number,
        issued_on: input.issued_on,
        net: input.net,
        vat: input.vat,
        given_at: app.now(),
        given_by: actor.name(),
    })
}

async fn is_registered(
    app: &App,
    conn: &mut dyn Connection,
    of: &StoredPayout,
) -> Result<bool, AppError> {
    let found = tax::tax_profiles(conn, &[of.partner]).await?.into_iter().next();
    let Some(found) = found else { return Ok(false) };
    Ok(TaxProfileView::of(app, found)?.profile.vat == VatStanding::Registered)
}

/// The invoice that a partner wrote itself for a payout that an actor may see.
///
/// # Errors
/// Without the right to read; not found.
pub async fn own_invoice(
    app: &App,
    actor: &Actor,
    payout: PayoutId,
) -> Result<Option<StoredPartnerInvoice>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let of = seen(&mut *conn, viewer, payout).await?;
    Ok(store::partner_invoice(&mut *conn, of.owner, of.id).await?)
}
