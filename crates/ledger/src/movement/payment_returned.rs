use tributary_kernel::TransferId;

use super::{NetLine, PayoutOf, opposite, paid_sides, payout_transfer};
use crate::{Booking, LedgerError, Reason, Transfer, TransferKind};

/// The bank gives a payment back: the payout is on its way again, to be sent once more or
/// withdrawn. `payment` is the transfer of [`pay`](super::pay()).
///
/// ```text
///   partner_paid    (program, partner)  debit   net
///   partner_payable (program, partner)          net  credit
///   ... the same for each program
/// ```
///
/// # Errors
/// Those of [`pay`](super::pay()).
pub fn payment_returned(
    booking: Booking,
    of: PayoutOf,
    lines: &[NetLine],
    payment: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let sides = opposite(paid_sides(lines)?);
    payout_transfer(booking, TransferKind::PaymentReturned, of, Some((payment, reason)), sides)
}
