use tributary_kernel::{CommissionId, TransferId};

use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Transfer, TransferKind};

/// A pending commission, or a part of it, is not agreed to. `accrual` is the transfer of
/// [`accrue`](super::accrue()) or [`adjust_up`](super::adjust_up()).
///
/// ```text
///   partner_pending (program, partner)  debit   amount
///   commission_cost (program)                   amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn decline(
    booking: Booking,
    commission: CommissionId,
    owed: Owed,
    accrual: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::Decline,
        debit: AccountKind::PartnerPending,
        credit: AccountKind::CommissionCost,
    };
    owed.transfer(booking, &flow, commission.into(), Some(accrual), reason)
}
