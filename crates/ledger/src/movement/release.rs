use super::{PayoutLine, PayoutOf, payout_transfer, released_sides};
use crate::{Booking, LedgerError, Transfer, TransferKind};

/// Approved commissions of a partner go into a payout, less what the partner owes back.
///
/// ```text
///   partner_approved (program, partner)  debit   earned
///   partner_clawback (program, partner)          recovered           credit
///   partner_payable  (program, partner)          earned - recovered  credit
///   ... the same for each program of the owner in one currency
/// ```
///
/// A program that recovers more than it pays has a debit in `partner_payable`; over all programs
/// the payout is above zero. Sides of zero are left out.
///
/// # Errors
/// [`LedgerError::Amount`] for a negative or empty line, [`LedgerError::RepeatedProgram`],
/// [`LedgerError::Currencies`], [`LedgerError::Empty`] without lines, [`LedgerError::Shape`] when
/// nothing would be left to pay, [`LedgerError::TooMany`].
pub fn release(
    booking: Booking,
    of: PayoutOf,
    lines: &[PayoutLine],
) -> Result<Transfer, LedgerError> {
    let sides = released_sides(lines)?.into_iter();
    payout_transfer(booking, TransferKind::Release, of, None, sides)
}
