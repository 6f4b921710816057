use tributary_directory::Actor;
use tributary_ledger::Reason;
use tributary_store::decision::{DailyDelta, StoredCommission};

use super::change::{Changed, LifeChange, change};
use super::{LifeStep, check_reason};
use crate::books::Books;
use crate::conversion::take_back;
use crate::{App, AppError};

/// Takes back all that is left of agreed commissions, for one of
/// [`DECISION_REASONS`](super::DECISION_REASONS).
///
/// An approved commission is simply no longer owed. One that is in a payout, sent or not, stays in
/// it: the payout is what a person approved and may be with the bank already, so it is not made
/// smaller. The partner owes the amount back, and the next payout is reduced by it (a clawback,
/// carried while earnings don't cover it).
///
/// # Errors
/// `reason_not_allowed`, and those of [`approve_commissions`](super::approve_commissions).
pub async fn reverse_commissions(
    app: &App,
    actor: &Actor,
    input: LifeChange,
    reason: Reason,
) -> Result<Vec<Changed>, AppError> {
    let reason = check_reason(reason)?;
    change(app, actor, LifeStep::Reverse, reason, &input).await
}

pub(super) fn apply(
    app: &App,
    pen: &mut Books,
    it: &mut StoredCommission,
    reason: Reason,
) -> Result<Vec<DailyDelta>, AppError> {
    let rest = it.remaining();
    take_back(app, pen, it, rest, reason, app.now())
}
