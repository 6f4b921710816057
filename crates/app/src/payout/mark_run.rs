use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, PayoutRunId, Refusal, Timestamp, TransferId};
use tributary_ledger::movement::{self, NetLine, PayoutOf};
use tributary_store::decision::{self, CommissionState, OwnerHead};
use tributary_store::engine::Connection;
use tributary_store::payout::{self, PayoutState, RunState, StoredPayout, StoredRun};

use super::withdraw::{change_commissions, tell};
use crate::books::Books;
use crate::{App, AppError};

/// The bank has a run's file: from now on the run cannot be cancelled. No money is booked yet.
///
/// # Errors
/// Without the right to pay; not found; `wrong_state`.
pub async fn mark_sent(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<StoredRun, AppError> {
    actor.require(owner, Permission::Pay)?;
    crate::app::with_retries(|| sent_once(app, actor, owner, run)).await
}

/// The bank has executed a run, which says that it was sent, too: its payouts are paid, except
/// those that came back before.
///
/// # Errors
/// Without the right to pay; not found; `wrong_state` when nothing of it is on its way.
pub async fn mark_paid(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<StoredRun, AppError> {
    actor.require(owner, Permission::Pay)?;
    crate::app::with_retries(|| paid_once(app, actor, owner, run)).await
}

/// A run under its owner's lock.
pub(super) async fn locked_run(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<(OwnerHead, StoredRun), AppError> {
    let heads = decision::lock_heads_in(conn, &[owner]).await?;
    let head = heads.into_iter().next();
    let head = head.ok_or_else(|| AppError::Corrupt(format!("{owner} has no head")))?;
    let run = payout::find_run(conn, owner, id).await?;
    Ok((head, run.ok_or_else(|| Refusal::not_found("payout run"))?))
}

/// Why a run is not what is needed.
pub(super) fn wrong_state(run: &StoredRun) -> AppError {
    Refusal::conflict("wrong_state", format!("This run is {}.", run.state)).into()
}

async fn sent_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<StoredRun, AppError> {
    let mut tx = app.record.begin().await?;
    let (head, mut run) = locked_run(&mut *tx, owner, id).await?;
    if run.state != RunState::Approved {
        return Err(wrong_state(&run));
    }
    let mut pen = Books::open(&head, app.now())?;
    run.state = RunState::Sent;
    payout::put_run(&mut *tx, &run).await?;
    for mut it in payout::payouts_of_run(&mut *tx, owner, id).await? {
        if it.state == PayoutState::Approved {
            it.state = PayoutState::Sent;
            payout::put_payout(&mut *tx, &it).await?;
            tell(app, &mut pen, "payout.sent", &it);
        }
    }
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "pay_on": run.pay_on });
    app.audit_in(&mut *tx, owner, actor, "payout_run.sent", id, &detail).await?;
    tx.commit().await?;
    Ok(run)
}

async fn paid_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<StoredRun, AppError> {
    let mut tx = app.record.begin().await?;
    let (head, mut run) = locked_run(&mut *tx, owner, id).await?;
    if run.state == RunState::Cancelled {
        return Err(wrong_state(&run));
    }
    let mut pen = Books::open(&head, app.now())?;
    let mut paid = 0u32;
    for mut it in payout::payouts_of_run(&mut *tx, owner, id).await? {
        if matches!(it.state, PayoutState::Approved | PayoutState::Sent) {
            pay(app, &mut *tx, &mut pen, &mut it, app.now()).await?;
            paid += 1;
        }
    }
    if paid == 0 {
        let detail = "Nothing of this run is on its way any more.";
        return Err(Refusal::conflict("wrong_state", detail).into());
    }
    run.state = RunState::Sent;
    payout::put_run(&mut *tx, &run).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "payouts": paid });
    app.audit_in(&mut *tx, owner, actor, "payout_run.paid", id, &detail).await?;
    tx.commit().await?;
    Ok(run)
}

/// Books a payment that the bank executed at a moment.
pub(super) async fn pay(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    it: &mut StoredPayout,
    at: Timestamp,
) -> Result<(), AppError> {
    let of = PayoutOf { payout: it.id, partner: it.partner };
    let net = NetLine { program: it.program, net: it.amount };
    let id = TransferId::new(app.now(), &*app.entropy);
    pen.book(id, at, |booking| movement::pay(booking, of, &[net]))?;
    change_commissions(conn, it, |it| it.state = CommissionState::Paid).await?;
    it.state = PayoutState::Paid;
    it.paid_at = Some(at);
    payout::put_payout(conn, it).await?;
    tell(app, pen, "payout.paid", it);
    Ok(())
}
