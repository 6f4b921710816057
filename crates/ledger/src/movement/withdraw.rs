use tributary_kernel::TransferId;

use super::{PayoutLine, PayoutOf, opposite, payout_transfer, released_sides};
use crate::{Booking, LedgerError, Reason, Transfer, TransferKind};

/// A payout, or some of its lines, is not sent after all: commissions are approved again, and what
/// was settled is owed back again. `released` is the transfer of [`release`](super::release()).
///
/// ```text
///   partner_payable  (program, partner)  debit   earned - recovered
///   partner_clawback (program, partner)  debit   recovered
///   partner_approved (program, partner)          earned  credit
///   ... the same for each program
/// ```
///
/// # Errors
/// Those of [`release`](super::release()).
pub fn withdraw(
    booking: Booking,
    of: PayoutOf,
    lines: &[PayoutLine],
    released: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let sides = opposite(released_sides(lines)?);
    payout_transfer(booking, TransferKind::Withdraw, of, Some((released, reason)), sides)
}
