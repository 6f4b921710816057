use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, PayoutRunId};
use tributary_ledger::Reason;
use tributary_store::payout::{self, PayoutState, RunState, StoredRun};

use super::mark_run::{locked_run, wrong_state};
use super::withdraw::withdraw;
use crate::books::Books;
use crate::{App, AppError};

/// Takes a run back before the bank has it: its commissions are approved again, what it settled is
/// owed back again. Its bank file stays in the record and must not be sent.
///
/// # Errors
/// Without the right to pay; not found; `wrong_state` once it was sent.
pub async fn cancel_run(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<StoredRun, AppError> {
    actor.require(owner, Permission::Pay)?;
    crate::app::with_retries(|| cancel_once(app, actor, owner, run)).await
}

async fn cancel_once(
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
    let now = app.now();
    let mut pen = Books::open(&head, now)?;
    let mut cancelled = 0u32;
    for mut it in payout::payouts_of_run(&mut *tx, owner, id).await? {
        let to = PayoutState::Cancelled;
        withdraw(app, &mut *tx, &mut pen, &mut it, to, Reason::PayoutStopped, now).await?;
        cancelled += 1;
    }
    run.state = RunState::Cancelled;
    payout::put_run(&mut *tx, &run).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "payouts": cancelled });
    app.audit_in(&mut *tx, owner, actor, "payout_run.cancelled", id, &detail).await?;
    tx.commit().await?;
    Ok(run)
}
