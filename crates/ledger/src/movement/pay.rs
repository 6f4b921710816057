use super::{NetLine, PayoutOf, paid_sides, payout_transfer};
use crate::{Booking, LedgerError, Transfer, TransferKind};

/// A payout is sent.
///
/// ```text
///   partner_payable (program, partner)  debit   net
///   partner_paid    (program, partner)          net  credit
///   ... the same for each program; where other programs carried one, its sides are exchanged
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] for a line of zero, [`LedgerError::RepeatedProgram`],
/// [`LedgerError::Currencies`], [`LedgerError::Empty`] without lines, [`LedgerError::Shape`] unless
/// the whole is above zero, [`LedgerError::TooMany`], [`LedgerError::Overflow`].
pub fn pay(booking: Booking, of: PayoutOf, lines: &[NetLine]) -> Result<Transfer, LedgerError> {
    let sides = paid_sides(lines)?.into_iter();
    payout_transfer(booking, TransferKind::Pay, of, None, sides)
}
