use tributary_kernel::CommissionId;

use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Transfer, TransferKind};

/// The owner, or the end of the hold, agrees to a commission.
///
/// ```text
///   partner_pending  (program, partner)  debit   amount
///   partner_approved (program, partner)          amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn approve(
    booking: Booking,
    commission: CommissionId,
    owed: Owed,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::Approve,
        debit: AccountKind::PartnerPending,
        credit: AccountKind::PartnerApproved,
    };
    owed.transfer(booking, &flow, commission.into(), None, Reason::None)
}
