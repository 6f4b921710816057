//! What a payout carries besides commissions: VAT on top, tax withheld from it.

use tributary_kernel::TransferId;

use super::{Flow, Owed, PayoutOf};
use crate::AccountKind::{InputVat, PartnerPayable, WithheldTax};
use crate::{Booking, LedgerError, Reason, Transfer, TransferKind};

/// VAT is paid with a payout, by an invoice written for the partner.
///
/// ```text
///   input_vat       (program)           debit   vat
///   partner_payable (program, partner)          vat  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn add_vat(booking: Booking, payout: PayoutOf, vat: Owed) -> Result<Transfer, LedgerError> {
    let flow = Flow { kind: TransferKind::AddVat, debit: InputVat, credit: PartnerPayable };
    vat.transfer(booking, &flow, payout.payout.into(), None, Reason::None)
}

/// The payout is not sent after all, and neither is its VAT. `added` is the transfer of
/// [`add_vat`].
///
/// ```text
///   partner_payable (program, partner)  debit   vat
///   input_vat       (program)                   vat  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn take_vat(
    booking: Booking,
    payout: PayoutOf,
    vat: Owed,
    added: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow = Flow { kind: TransferKind::TakeVat, debit: PartnerPayable, credit: InputVat };
    vat.transfer(booking, &flow, payout.payout.into(), Some(added), reason)
}

/// Tax is withheld from a payout: it is owed to the tax office instead of the partner.
///
/// ```text
///   partner_payable (program, partner)  debit   tax
///   withheld_tax    (program)                   tax  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn withhold(booking: Booking, payout: PayoutOf, tax: Owed) -> Result<Transfer, LedgerError> {
    let flow = Flow { kind: TransferKind::Withhold, debit: PartnerPayable, credit: WithheldTax };
    tax.transfer(booking, &flow, payout.payout.into(), None, Reason::None)
}

/// The payout is not sent after all, and nothing is withheld from it. `withheld` is the transfer of
/// [`withhold`].
///
/// ```text
///   withheld_tax    (program)           debit   tax
///   partner_payable (program, partner)          tax  credit
/// ```
///
/// # Errors
/// [`LedgerError::Amount`] unless the amount is above zero.
pub fn return_withheld(
    booking: Booking,
    payout: PayoutOf,
    tax: Owed,
    withheld: TransferId,
    reason: Reason,
) -> Result<Transfer, LedgerError> {
    let flow =
        Flow { kind: TransferKind::ReturnWithheld, debit: WithheldTax, credit: PartnerPayable };
    tax.transfer(booking, &flow, payout.payout.into(), Some(withheld), reason)
}
