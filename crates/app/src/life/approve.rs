use tributary_directory::Actor;
use tributary_kernel::TransferId;
use tributary_ledger::{Reason, movement};
use tributary_store::decision::{CommissionState, DailyDelta, StoredCommission};

use super::LifeStep;
use super::change::{Changed, LifeChange, change, moved, owed, tell};
use crate::books::Books;
use crate::{App, AppError};

/// Agrees to pending commissions, before or after the end of their hold. Undone by
/// [`unapprove_commissions`](super::unapprove_commissions) until a payout takes them.
///
/// # Errors
/// The refusal of the whole call: a missing right, too many ids, `selection_changed`. Each
/// commission has its own answer.
pub async fn approve_commissions(
    app: &App,
    actor: &Actor,
    input: LifeChange,
) -> Result<Vec<Changed>, AppError> {
    change(app, actor, LifeStep::Approve, Reason::None, &input).await
}

pub(super) fn apply(
    app: &App,
    pen: &mut Books,
    it: &mut StoredCommission,
) -> Result<Vec<DailyDelta>, AppError> {
    let was = it.clone();
    if !it.test {
        let id = TransferId::new(app.now(), &*app.entropy);
        pen.book(id, app.now(), |booking| movement::approve(booking, it.id, owed(it)))?;
    }
    it.state = CommissionState::Approved;
    tell(app, pen, "commission.approved", it);
    Ok(moved(&was, it))
}
