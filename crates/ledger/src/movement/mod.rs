//! The movements of money, one file each with a drawing of its postings. Nothing else makes a
//! transfer.

use tributary_kernel::{PartnerId, PayoutId, ProgramId, TransferId};
use tributary_money::Money;

use crate::{
    AccountKey, AccountKind, Booking, LedgerError, Posting, Reason, Subject, Transfer,
    TransferKind, TransferRecord,
};

mod accrue;
mod adjust;
mod approve;
mod decline;
mod pay;
mod payment_returned;
mod release;
mod reverse;
mod tax;
mod unapprove;
mod withdraw;

pub use accrue::accrue;
pub use adjust::{AdjustLayer, adjust_down, adjust_up};
pub use approve::approve;
pub use decline::decline;
pub use pay::pay;
pub use payment_returned::payment_returned;
pub use release::release;
pub use reverse::{ReverseFrom, reverse};
pub use tax::{add_vat, return_withheld, take_vat, withhold};
pub use unapprove::unapprove;
pub use withdraw::withdraw;

/// An amount above zero that a program's owner owes a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The program.
    pub program: ProgramId,
    /// The partner.
    pub partner: PartnerId,
    /// How much.
    pub amount: Money,
}

/// A payout of one partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutOf {
    /// The payout.
    pub payout: PayoutId,
    /// To whom.
    pub partner: PartnerId,
}

/// One program's part of a payout: its commissions, less what is owed back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutLine {
    /// The program.
    pub program: ProgramId,
    /// Approved commissions that are paid, 0 or more.
    pub earned: Money,
    /// Clawback that is settled, 0 or more. May exceed `earned` when other programs of the same
    /// owner carry the rest.
    pub recovered: Money,
}

/// One program's part of the money sent: earned less recovered; below zero when other programs
/// carried it; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetLine {
    /// The program.
    pub program: ProgramId,
    /// How much.
    pub net: Money,
}

/// The two sides of a movement of [`Owed`]: which account is debited, which credited.
struct Flow {
    kind: TransferKind,
    debit: AccountKind,
    credit: AccountKind,
}

impl Owed {
    fn account(&self, kind: AccountKind) -> AccountKey {
        if kind.is_partners() {
            AccountKey::of_partner(kind, self.program, self.partner, self.amount.currency)
        } else {
            AccountKey::of_program(kind, self.program, self.amount.currency)
        }
    }

    fn transfer(
        &self,
        booking: Booking,
        flow: &Flow,
        subject: Subject,
        reverses: Option<TransferId>,
        reason: Reason,
    ) -> Result<Transfer, LedgerError> {
        let amount = self.amount.minor;
        if amount <= 0 {
            return Err(LedgerError::Amount);
        }
        let postings = vec![
            Posting { account: self.account(flow.debit), amount },
            Posting { account: self.account(flow.credit), amount: -amount },
        ];
        transfer(booking, flow.kind, subject, reverses, reason, postings)
    }
}

/// A payout's postings: (kind of account, program, signed amount); zeros are left out.
fn payout_transfer(
    booking: Booking,
    kind: TransferKind,
    of: PayoutOf,
    reversal: Option<(TransferId, Reason)>,
    sides: impl Iterator<Item = (AccountKind, ProgramId, Money)>,
) -> Result<Transfer, LedgerError> {
    let postings = sides
        .filter(|(_, _, money)| !money.is_zero())
        .map(|(kind, program, money)| Posting {
            account: AccountKey::of_partner(kind, program, of.partner, money.currency),
            amount: money.minor,
        })
        .collect();
    let (reverses, reason) = reversal.map_or((None, Reason::None), |(id, why)| (Some(id), why));
    transfer(booking, kind, of.payout.into(), reverses, reason, postings)
}

fn transfer(
    booking: Booking,
    kind: TransferKind,
    subject: Subject,
    reverses: Option<TransferId>,
    reason: Reason,
    mut postings: Vec<Posting>,
) -> Result<Transfer, LedgerError> {
    postings.sort_by_key(|posting| posting.account);
    let Booking { id, owner, seq, occurred_at, booked_at } = booking;
    Transfer::restore(TransferRecord {
        id,
        owner,
        seq,
        kind,
        subject,
        occurred_at,
        booked_at,
        reverses,
        reason,
        postings,
    })
}

/// The sides of [`release`]; [`withdraw`] has the opposite ones.
fn released_sides(
    lines: &[PayoutLine],
) -> Result<Vec<(AccountKind, ProgramId, Money)>, LedgerError> {
    let mut sides = Vec::with_capacity(lines.len() * 3);
    for (index, line) in lines.iter().enumerate() {
        let PayoutLine { program, earned, recovered } = *line;
        if earned.currency != recovered.currency {
            return Err(LedgerError::Currencies {
                left: earned.currency,
                right: recovered.currency,
            });
        }
        if earned.is_negative() || recovered.is_negative() || (earned.minor | recovered.minor) == 0
        {
            return Err(LedgerError::Amount);
        }
        refuse_repeated(program, lines[..index].iter().map(|line| line.program))?;
        // Both are 0 or more, so that neither the difference nor its opposite can overflow.
        let money = |minor| Money::new(minor, earned.currency);
        sides.push((AccountKind::PartnerApproved, program, earned));
        sides.push((AccountKind::PartnerClawback, program, money(-recovered.minor)));
        sides.push((AccountKind::PartnerPayable, program, money(recovered.minor - earned.minor)));
    }
    Ok(sides)
}

/// The sides of [`pay`]; [`payment_returned`] has the opposite ones.
fn paid_sides(lines: &[NetLine]) -> Result<Vec<(AccountKind, ProgramId, Money)>, LedgerError> {
    let mut sides = Vec::with_capacity(lines.len() * 2);
    for (index, line) in lines.iter().enumerate() {
        if line.net.is_zero() {
            return Err(LedgerError::Amount);
        }
        refuse_repeated(line.program, lines[..index].iter().map(|line| line.program))?;
        let opposite = line.net.checked_neg().map_err(|_| LedgerError::Overflow)?;
        sides.push((AccountKind::PartnerPayable, line.program, line.net));
        sides.push((AccountKind::PartnerPaid, line.program, opposite));
    }
    Ok(sides)
}

fn refuse_repeated(
    program: ProgramId,
    mut earlier: impl Iterator<Item = ProgramId>,
) -> Result<(), LedgerError> {
    if earlier.any(|other| other == program) {
        return Err(LedgerError::RepeatedProgram { program });
    }
    Ok(())
}

/// The opposite of each side; amounts come from [`released_sides`] or [`paid_sides`], which never
/// give the one amount without an opposite.
fn opposite(
    sides: Vec<(AccountKind, ProgramId, Money)>,
) -> impl Iterator<Item = (AccountKind, ProgramId, Money)> {
    sides
        .into_iter()
        .map(|(kind, program, money)| (kind, program, Money::new(-money.minor, money.currency)))
}
