use tributary_directory::Actor;
use tributary_kernel::TransferId;
use tributary_ledger::{Reason, movement};
use tributary_store::decision::{CommissionState, DailyDelta, StoredCommission};

use super::LifeStep;
use super::change::{Changed, LifeChange, change, moved, owed, tell};
use crate::books::Books;
use crate::{App, AppError};

/// Takes approvals back before any payout: the commissions wait again. It is the undo of a bulk
/// approval.
///
/// # Errors
/// Those of [`approve_commissions`](super::approve_commissions).
pub async fn unapprove_commissions(
    app: &App,
    actor: &Actor,
    input: LifeChange,
) -> Result<Vec<Changed>, AppError> {
    change(app, actor, LifeStep::Unapprove, Reason::Mistake, &input).await
}

pub(super) fn apply(
    app: &App,
    pen: &mut Books,
    it: &mut StoredCommission,
    approval: Option<TransferId>,
    reason: Reason,
) -> Result<Vec<DailyDelta>, AppError> {
    let was = it.clone();
    if !it.test {
        let approval = approval
            .ok_or_else(|| AppError::Corrupt(format!("{} was approved by no transfer", it.id)))?;
        let id = TransferId::new(app.now(), &*app.entropy);
        pen.book(id, app.now(), |booking| {
            movement::unapprove(booking, it.id, owed(it), approval, reason)
        })?;
    }
    it.state = CommissionState::Pending;
    tell(app, pen, "commission.unapproved", it);
    Ok(moved(&was, it))
}
