use tributary_kernel::{CommissionId, TransferId};

use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Transfer, TransferKind};

/// An approval is taken back before any payout: the commission waits again. `approval` is the
/// transfer of [`approve`](super::approve()).
///
/// ```text
///   partner_approved (program, partner)  debit   amount
///   partner_pending  (program, partner)          amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn unapprove(
    booking: Booking,
    commission: CommissionId,
    owed: Owed,
    approval: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::Unapprove,
        debit: AccountKind::PartnerApproved,
        credit: AccountKind::PartnerPending,
    };
    owed.transfer(booking, &flow, commission.into(), Some(approval), reason)
}
