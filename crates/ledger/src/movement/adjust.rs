use super::{Flow, Owed};
use crate::{AccountKind, Booking, LedgerError, Reason, Subject, Transfer, TransferKind};

/// Which layer an adjustment changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustLayer {
    /// What waits for agreement.
    Pending,
    /// What waits for a payout.
    Approved,
    /// What the partner owes back: up gives some of it up, down adds to it.
    Clawback,
}

impl AdjustLayer {
    const fn account(self) -> AccountKind {
        match self {
            Self::Pending => AccountKind::PartnerPending,
            Self::Approved => AccountKind::PartnerApproved,
            Self::Clawback => AccountKind::PartnerClawback,
        }
    }
}

/// More is owed than the commissions say: a tier that counts backwards, a bonus, a correction.
/// `subject` is a commission, conversion or adjustment.
///
/// ```text
///   commission_cost (program)                   debit   amount
///   partner_pending, partner_approved
///     or partner_clawback (program, partner)            amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero, [`LedgerError::Subject`].
pub fn adjust_up(
    booking: Booking,
    subject: Subject,
    owed: Owed,
    layer: AdjustLayer,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::AdjustUp,
        debit: AccountKind::CommissionCost,
        credit: layer.account(),
    };
    owed.transfer(booking, &flow, subject, None, reason)
}

/// Less is owed than the commissions say. For money that a certain transfer booked use
/// [`decline`](super::decline()) or [`reverse`](super::reverse()), which cannot exceed it.
///
/// ```text
///   partner_pending, partner_approved
///     or partner_clawback (program, partner)    debit   amount
///   commission_cost (program)                           amount  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero, [`LedgerError::Subject`].
pub fn adjust_down(
    booking: Booking,
    subject: Subject,
    owed: Owed,
    layer: AdjustLayer,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow = Flow {
        kind: TransferKind::AdjustDown,
        debit: layer.account(),
        credit: AccountKind::CommissionCost,
    };
    owed.transfer(booking, &flow, subject, None, reason)
}
