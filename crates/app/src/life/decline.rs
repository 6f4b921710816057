use tributary_directory::Actor;
use tributary_kernel::TransferId;
use tributary_ledger::{Reason, movement};
use tributary_store::decision::{CommissionState, DailyDelta, StoredCommission};

use super::change::{Changed, LifeChange, change, moved, owed, tell};
use super::{LifeStep, check_reason};
use crate::books::Books;
use crate::conversion::accrual_of;
use crate::{App, AppError};

/// Does not agree to pending commissions, for one of
/// [`DECISION_REASONS`](super::DECISION_REASONS), which the partner sees. There is no way back:
/// what was declined in error is reported anew.
///
/// # Errors
/// `reason_not_allowed`, and those of [`approve_commissions`](super::approve_commissions).
pub async fn decline_commissions(
    app: &App,
    actor: &Actor,
    input: LifeChange,
    reason: Reason,
) -> Result<Vec<Changed>, AppError> {
    let reason = check_reason(reason)?;
    change(app, actor, LifeStep::Decline, reason, &input).await
}

pub(super) fn apply(
    app: &App,
    pen: &mut Books,
    it: &mut StoredCommission,
    reason: Reason,
) -> Result<Vec<DailyDelta>, AppError> {
    let was = it.clone();
    if !it.test {
        let id = TransferId::new(app.now(), &*app.entropy);
        pen.book(id, app.now(), |booking| {
            movement::decline(booking, it.id, owed(it), accrual_of(it.id), reason)
        })?;
    }
    it.reversed_amount = it.amount.minor;
    it.state = CommissionState::Declined;
    it.reason = Some(reason.as_str().to_owned());
    tell(app, pen, "commission.declined", it);
    Ok(moved(&was, it))
}
