use tributary_kernel::CommissionId;

use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Transfer, TransferKind};

/// A conversion earned a commission.
///
/// ```text
///   commission_cost (program)        debit   amount
///   partner_pending (program, partner)       amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero: less is owed by `decline`, `reverse` or
/// `adjust_down`.
pub fn accrue(
    booking: Booking,
    commission: CommissionId,
    owed: Owed,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::Accrue,
        debit: AccountKind::CommissionCost,
        credit: AccountKind::PartnerPending,
    };
    owed.transfer(booking, &flow, commission.into(), None, Reason::None)
}
