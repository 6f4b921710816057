use tributary_kernel::{PartnerId, ProgramId, TransferId};
use tributary_money::Currency;

use crate::AccountKind::{
    CommissionCost, InputVat, PartnerApproved, PartnerClawback, PartnerPaid, PartnerPayable,
    PartnerPending, WithheldTax,
};
use crate::{AccountKind, Posting, SubjectKind, TransferKind, TransferRecord};

/// Postings of one transfer. A payout of more programs than that is split.
pub const POSTINGS_MAX: usize = 1_000;

/// Why something is no transfer. Told before anything is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The amount of a movement is above zero; its direction is in its kind.
    #[error("a movement has an amount above zero")]
    Amount,
    /// A posting of nothing, or of the one amount that has no opposite.
    #[error("a posting of {amount} minor units")]
    PostingAmount {
        /// The amount.
        amount: i64,
    },
    /// A sum beyond 64 bits.
    #[error("the sum of a transfer is larger than can be kept")]
    Overflow,
    /// Lines of a payout, or postings, in more than one currency.
    #[error("a movement is in one currency; found {left} and {right}")]
    Currencies {
        /// The first.
        left: Currency,
        /// Another.
        right: Currency,
    },
    /// A program named by two lines of a payout.
    #[error("{program} has two lines")]
    RepeatedProgram {
        /// The program.
        program: ProgramId,
    },
    /// Nothing to move.
    #[error("a transfer has postings")]
    Empty,
    /// More postings than [`POSTINGS_MAX`].
    #[error("{count} postings, at most {POSTINGS_MAX}: split the payout")]
    TooMany {
        /// Postings found.
        count: usize,
    },
    /// Postings that are not sorted by account, each account once.
    #[error("postings are sorted by account, each account once")]
    Order,
    /// An account without the program or partner of its kind, or with one that it does not have.
    #[error("an account of kind {kind} with other owners than its kind has")]
    Account {
        /// Its kind.
        kind: AccountKind,
    },
    /// Debits and credits differ.
    #[error("debits and credits in {currency} differ by {difference} minor units")]
    Unbalanced {
        /// In which currency.
        currency: Currency,
        /// Sum of the postings.
        difference: i128,
    },
    /// Postings that the movement of this kind does not make.
    #[error("the postings are not those of the movement {kind}")]
    Shape {
        /// The kind.
        kind: TransferKind,
    },
    /// Postings of two partners.
    #[error("a transfer is about one partner")]
    Partners,
    /// A movement about a row of the wrong kind.
    #[error("a transfer of kind {kind} is not about a {subject}")]
    Subject {
        /// Kind of transfer.
        kind: TransferKind,
        /// Kind of row.
        subject: SubjectKind,
    },
    /// A reversal without its original, or another movement with one.
    #[error("a transfer of kind {kind} names the one it reverses exactly if it reverses one")]
    Reverses {
        /// Kind of transfer.
        kind: TransferKind,
    },
    /// A nil id.
    #[error("a nil id")]
    NilId,
    /// A sequence number that a store could not keep.
    #[error("a sequence number of more than 63 bits")]
    Sequence,
    /// A transfer id that is booked with other content.
    #[error("{id} is booked with other content")]
    OtherContent {
        /// The id.
        id: TransferId,
    },
}

/// How the postings of a kind are drawn.
enum Shape {
    /// Two postings: a debit of the first, a credit of the second.
    Pair(&'static [AccountKind], &'static [AccountKind]),
    /// A payout: per program a debit, a credit and two nets, any of them absent. A net may have
    /// either sign in one program, as one that owes back is carried by the others, but its total is
    /// a debit or a credit.
    Payout {
        debit: Option<AccountKind>,
        credit: Option<AccountKind>,
        net_debit: Option<AccountKind>,
        net_credit: Option<AccountKind>,
    },
}

const fn shape(kind: TransferKind) -> Shape {
    const LAYERS: &[AccountKind] = &[PartnerPending, PartnerApproved, PartnerClawback];
    match kind {
        TransferKind::Accrue => Shape::Pair(&[CommissionCost], &[PartnerPending]),
        TransferKind::Approve => Shape::Pair(&[PartnerPending], &[PartnerApproved]),
        TransferKind::Unapprove => Shape::Pair(&[PartnerApproved], &[PartnerPending]),
        TransferKind::Decline => Shape::Pair(&[PartnerPending], &[CommissionCost]),
        TransferKind::ReverseApproved => Shape::Pair(&[PartnerApproved], &[CommissionCost]),
        TransferKind::ReversePayable => Shape::Pair(&[PartnerPayable], &[CommissionCost]),
        TransferKind::ClawBack => Shape::Pair(&[PartnerClawback], &[CommissionCost]),
        TransferKind::AdjustUp => Shape::Pair(&[CommissionCost], LAYERS),
        TransferKind::AdjustDown => Shape::Pair(LAYERS, &[CommissionCost]),
        TransferKind::AddVat => Shape::Pair(&[InputVat], &[PartnerPayable]),
        TransferKind::TakeVat => Shape::Pair(&[PartnerPayable], &[InputVat]),
        TransferKind::Withhold => Shape::Pair(&[PartnerPayable], &[WithheldTax]),
        TransferKind::ReturnWithheld => Shape::Pair(&[WithheldTax], &[PartnerPayable]),
        TransferKind::Release => Shape::Payout {
            debit: Some(PartnerApproved),
            credit: Some(PartnerClawback),
            net_debit: None,
            net_credit: Some(PartnerPayable),
        },
        TransferKind::Withdraw => Shape::Payout {
            debit: Some(PartnerClawback),
            credit: Some(PartnerApproved),
            net_debit: Some(PartnerPayable),
            net_credit: None,
        },
        TransferKind::Pay => Shape::Payout {
            debit: None,
            credit: None,
            net_debit: Some(PartnerPayable),
            net_credit: Some(PartnerPaid),
        },
        TransferKind::PaymentReturned => Shape::Payout {
            debit: None,
            credit: None,
            net_debit: Some(PartnerPaid),
            net_credit: Some(PartnerPayable),
        },
    }
}

/// Whether a record is a transfer: it balances in each currency, nothing of it is empty, and its
/// postings, subject and reversal are those of its kind. What cannot be seen in one transfer alone
/// is checked by [`replay`](crate::replay()).
///
/// # Errors
/// The first rule broken.
pub fn check(record: &TransferRecord) -> Result<(), LedgerError> {
    let postings = &record.postings;
    if postings.is_empty() {
        return Err(LedgerError::Empty);
    }
    if postings.len() > POSTINGS_MAX {
        return Err(LedgerError::TooMany { count: postings.len() });
    }
    for posting in postings {
        let amount = posting.amount;
        if amount == 0 || amount == i64::MIN {
            return Err(LedgerError::PostingAmount { amount });
        }
        if !posting.account.is_well_formed() {
            return Err(LedgerError::Account { kind: posting.account.kind });
        }
    }
    if !postings.is_sorted_by(|a, b| a.account < b.account) {
        return Err(LedgerError::Order);
    }
    check_balanced(postings)?;
    check_shape(record)?;
    check_names(record)
}

fn check_balanced(postings: &[Posting]) -> Result<(), LedgerError> {
    for (index, posting) in postings.iter().enumerate() {
        let currency = posting.account.currency;
        // Each currency is summed once, where it is first met.
        if postings[..index].iter().any(|earlier| earlier.account.currency == currency) {
            continue;
        }
        let same = postings.iter().filter(|p| p.account.currency == currency);
        let difference: i128 = same.map(|p| i128::from(p.amount)).sum();
        if difference != 0 {
            return Err(LedgerError::Unbalanced { currency, difference });
        }
    }
    Ok(())
}

fn check_shape(record: &TransferRecord) -> Result<(), LedgerError> {
    let postings = &record.postings;
    let left = postings[0].account.currency;
    if let Some(other) = postings.iter().find(|p| p.account.currency != left) {
        return Err(LedgerError::Currencies { left, right: other.account.currency });
    }
    let mut partners = postings.iter().filter_map(|p| p.account.partner);
    let first: Option<PartnerId> = partners.next();
    if partners.any(|partner| Some(partner) != first) {
        return Err(LedgerError::Partners);
    }
    let wrong = Err(LedgerError::Shape { kind: record.kind });
    match shape(record.kind) {
        Shape::Pair(debit, credit) => {
            let [a, b] = postings.as_slice() else { return wrong };
            let (to_debit, to_credit) = if a.amount > 0 { (a, b) } else { (b, a) };
            let kinds =
                debit.contains(&to_debit.account.kind) && credit.contains(&to_credit.account.kind);
            if kinds && a.account.program == b.account.program { Ok(()) } else { wrong }
        }
        Shape::Payout { debit, credit, net_debit, net_credit } => {
            let allowed = |posting: &Posting| {
                let kind = Some(posting.account.kind);
                (kind == debit && posting.amount > 0)
                    || (kind == credit && posting.amount < 0)
                    || kind == net_debit
                    || kind == net_credit
            };
            let net = |kind: Option<AccountKind>, sign: i128| {
                kind.is_none_or(|kind| total(postings, kind) * sign > 0)
            };
            let sides = postings.iter().all(allowed) && net(net_debit, 1) && net(net_credit, -1);
            if sides && balanced_by_program(postings) { Ok(()) } else { wrong }
        }
    }
}

fn total(postings: &[Posting], kind: AccountKind) -> i128 {
    let of_kind = postings.iter().filter(|posting| posting.account.kind == kind);
    of_kind.map(|posting| i128::from(posting.amount)).sum()
}

fn balanced_by_program(postings: &[Posting]) -> bool {
    let mut sums = std::collections::BTreeMap::new();
    for posting in postings {
        *sums.entry(posting.account.program).or_insert(0i128) += i128::from(posting.amount);
    }
    sums.values().all(|sum| *sum == 0)
}

fn check_names(record: &TransferRecord) -> Result<(), LedgerError> {
    let (kind, subject) = (record.kind, record.subject.kind);
    let of_payout = kind.is_tax() || matches!(shape(kind), Shape::Payout { .. });
    let fits = match subject {
        SubjectKind::Payout => of_payout,
        SubjectKind::Commission => !of_payout,
        SubjectKind::Conversion | SubjectKind::Adjustment => {
            matches!(kind, TransferKind::AdjustUp | TransferKind::AdjustDown)
        }
    };
    if !fits {
        return Err(LedgerError::Subject { kind, subject });
    }
    let reverses_itself = record.reverses == Some(record.id);
    if record.reverses.is_some() == kind.reverses().is_empty() || reverses_itself {
        return Err(LedgerError::Reverses { kind });
    }
    let original = record.reverses.map_or([1; 16], |id| *id.as_bytes());
    let ids = [*record.id.as_bytes(), *record.owner.as_bytes(), record.subject.id, original];
    if ids.contains(&[0; 16]) {
        return Err(LedgerError::NilId);
    }
    if i64::try_from(record.seq).is_err() {
        return Err(LedgerError::Sequence);
    }
    Ok(())
}
