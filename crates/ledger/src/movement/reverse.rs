use tributary_kernel::{CommissionId, TransferId};

use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Transfer, TransferKind};

/// How far a commission had come when it is reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReverseFrom {
    /// Agreed, in no payout.
    Approved,
    /// In a payout that has not been sent; the payout becomes smaller.
    Payable,
    /// In a payout that has been sent: the partner owes it back.
    Paid,
}

/// An agreed commission, or a part of it, is taken back: a refund, a chargeback, a mistake.
/// `accrual` is the transfer of [`accrue`](super::accrue()) or [`adjust_up`](super::adjust_up()).
///
/// ```text
///   from Approved  partner_approved (program, partner)  debit   amount
///   from Payable   partner_payable  (program, partner)  debit   amount
///   from Paid      partner_clawback (program, partner)  debit   amount
///                  commission_cost  (program)                   amount  credit
/// ```
///
/// Clawback makes the partner's balance (approved less clawback) negative if need be; it is carried
/// and settled by later payouts.
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn reverse(
    booking: Booking,
    commission: CommissionId,
    owed: Owed,
    accrual: TransferId,
    from: ReverseFrom,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let (kind, debit) = match from {
        ReverseFrom::Approved => (TransferKind::ReverseApproved, AccountKind::PartnerApproved),
        ReverseFrom::Payable => (TransferKind::ReversePayable, AccountKind::PartnerPayable),
        ReverseFrom::Paid => (TransferKind::ClawBack, AccountKind::PartnerClawback),
    };
    let flow = Flow { kind, debit, credit: AccountKind::CommissionCost };
    owed.transfer(booking, &flow, commission.into(), Some(accrual), reason)
}
