use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{OrganisationId, PayoutId, Refusal};
use tributary_ledger::Reason;
use tributary_store::engine::Connection;
use tributary_store::payout::{self, BankDetailState, PayoutState, StoredPayout};

use super::bank_details;
use super::withdraw::withdraw;
use crate::books::{Books, lock_head};
use crate::{App, AppError};

/// The bank refused a payment or sent it back: its commissions are approved again and go into the
/// next run. The bank details it went to wait for a second look, so that the next run does not fail
/// the same way.
///
/// # Errors
/// Without the right to pay; not found; `wrong_state` unless it was sent or paid.
pub async fn return_payout(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    payout: PayoutId,
) -> Result<StoredPayout, AppError> {
    actor.require(owner, Permission::Pay)?;
    crate::app::with_retries(|| return_once(app, actor, owner, payout)).await
}

async fn return_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: PayoutId,
) -> Result<StoredPayout, AppError> {
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let found = payout::find_payout(&mut *tx, Viewer::Owner(owner), id).await?;
    let Some(mut it) = found else { return Err(Refusal::not_found("payout").into()) };
    if !matches!(it.state, PayoutState::Sent | PayoutState::Paid) {
        let detail = format!("This payout is {}.", it.state);
        return Err(Refusal::conflict("wrong_state", detail).into());
    }
    let mut pen = Books::open(&head, app.now())?;
    let to = PayoutState::Returned;
    withdraw(app, &mut *tx, &mut pen, &mut it, to, Reason::BankReturned, app.now()).await?;
    hold_details(app, &mut *tx, actor, &it).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "amount": it.amount, "run": it.run });
    app.audit_in(&mut *tx, owner, actor, "payout.returned", id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

/// Details that were replaced in the meantime have no second look to wait for.
pub(super) async fn hold_details(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    it: &StoredPayout,
) -> Result<(), AppError> {
    bank_details::lock_in(conn).await?;
    let (from, to) = (BankDetailState::Active, BankDetailState::Held);
    let (now, by) = (app.now(), actor.name());
    payout::move_bank_detail(conn, it.partner, it.bank_detail, from, to, now, &by).await?;
    Ok(())
}
