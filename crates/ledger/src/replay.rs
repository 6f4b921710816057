use std::borrow::Borrow;
use std::collections::HashMap;

use tributary_kernel::{OrganisationId, PartnerId, TransferId};
use tributary_money::Currency;

use crate::merkle::{CompletedNode, Frontier, leaf_hash};
use crate::{
    AccountKey, AccountKind, BalanceError, Balances, Posting, Transfer, TransferKind,
    canonical_bytes,
};

/// A ledger folded again from its transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Every account's balance.
    pub balances: Balances,
    /// The tree over all transfers.
    pub frontier: Frontier,
}

/// Which transfer breaks the ledger, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("transfer {id}, number {seq}: {cause}")]
pub struct ReplayError {
    /// Its number as it says.
    pub seq: u64,
    /// Its id.
    pub id: TransferId,
    /// What is wrong.
    pub cause: ReplayCause,
}

/// A rule that cannot be seen in one transfer alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayCause {
    /// A transfer of another ledger.
    #[error("it belongs to {owner}")]
    Owner {
        /// Whose it is.
        owner: OrganisationId,
    },
    /// A number left out or used twice.
    #[error("the next number is {expected}")]
    Gap {
        /// The number that should have come.
        expected: u64,
    },
    /// An id booked twice.
    #[error("its id is booked before, as number {first}")]
    Repeated {
        /// Where it was booked first.
        first: u64,
    },
    /// A reversal of nothing that came before.
    #[error("it reverses {original}, which is not booked before it or cannot be reversed")]
    NoOriginal {
        /// What it names.
        original: TransferId,
    },
    /// A reversal of another kind of transfer than it may reverse.
    #[error("it reverses a transfer of kind {kind}")]
    OriginalKind {
        /// Kind of the original.
        kind: TransferKind,
    },
    /// A reversal that shares no account with its original, or adds to it.
    #[error("it does not take back what its original moved")]
    NotOpposite,
    /// More is taken back than the original moved.
    #[error("its original has {left} minor units left to take back in {account:?}")]
    BeyondOriginal {
        /// In which account.
        account: AccountKey,
        /// What is left, 0 or more.
        left: i64,
    },
    /// An account on the wrong side of zero.
    #[error("it overdraws {account:?} to {balance}")]
    Overdrawn {
        /// The account; for payable and paid the sum over all programs is meant.
        account: AccountKey,
        /// The balance, debits positive.
        balance: i128,
    },
    /// A balance beyond 64 bits.
    #[error(transparent)]
    Balance(#[from] BalanceError),
}

impl ReplayCause {
    fn of(self, transfer: &Transfer) -> ReplayError {
        ReplayError { seq: transfer.seq, id: transfer.id, cause: self }
    }
}

type Across = (AccountKind, PartnerId, Currency);

/// What is left of a transfer to take back: a stretch of [`Originals::left`].
#[derive(Debug)]
struct Original {
    seq: u64,
    kind: TransferKind,
    start: usize,
    count: usize,
}

/// The rules that hold from one transfer to the next, whatever they are about: one owner, no gap,
/// balances on their side of zero. Memory grows with the accounts, not with the transfers.
#[derive(Debug)]
pub struct Sequence {
    owner: OrganisationId,
    next: u64,
    balances: Balances,
    /// Payable and paid over all programs: the sign rule holds there, as programs carry each other.
    across: HashMap<Across, i128>,
}

impl Sequence {
    /// An empty ledger of `owner`.
    #[must_use]
    pub fn new(owner: OrganisationId) -> Self {
        Self { owner, next: 0, balances: Balances::default(), across: HashMap::new() }
    }

    /// Adds the next transfer.
    ///
    /// # Errors
    /// When it cannot be the next one. The sequence is of no use after that.
    pub fn push(&mut self, transfer: &Transfer) -> Result<(), ReplayError> {
        let added = self.place(transfer).and_then(|()| self.apply(transfer));
        added.map_err(|cause| cause.of(transfer))
    }

    /// Every account's balance so far.
    #[must_use]
    pub const fn balances(&self) -> &Balances {
        &self.balances
    }

    fn place(&self, transfer: &Transfer) -> Result<(), ReplayCause> {
        if transfer.owner != self.owner {
            return Err(ReplayCause::Owner { owner: transfer.owner });
        }
        if transfer.seq != self.next {
            return Err(ReplayCause::Gap { expected: self.next });
        }
        Ok(())
    }

    fn apply(&mut self, transfer: &Transfer) -> Result<(), ReplayCause> {
        self.next += 1;
        self.balances.apply(&transfer.postings)?;
        // All postings before any check: those of a program that is carried may come first.
        for posting in &transfer.postings {
            if let Some(key) = across_programs(&posting.account) {
                *self.across.entry(key).or_insert(0) += i128::from(posting.amount);
            }
        }
        for posting in &transfer.postings {
            self.refuse_overdrawn(posting.account)?;
        }
        Ok(())
    }

    /// Layers are never negative, and only clawback counts what partners owe. VAT and tax withheld
    /// stand where payouts put them. What cost adds up to
    /// follows from the others.
    fn refuse_overdrawn(&self, account: AccountKey) -> Result<(), ReplayCause> {
        let own = i128::from(self.balances.get(&account));
        let balance = across_programs(&account)
            .map_or(own, |key| self.across.get(&key).copied().unwrap_or(0));
        let overdrawn = match account.kind {
            AccountKind::CommissionCost => false,
            AccountKind::WithheldTax
            | AccountKind::PartnerPending
            | AccountKind::PartnerApproved
            | AccountKind::PartnerPayable
            | AccountKind::PartnerPaid => balance > 0,
            AccountKind::PartnerClawback | AccountKind::InputVat => balance < 0,
        };
        if overdrawn { Err(ReplayCause::Overdrawn { account, balance }) } else { Ok(()) }
    }
}

/// The rules between a reversal and what it reverses: no id twice, and nothing taken back that was
/// not there. All transfers that reverse each other are about one row, so transfers may be given
/// row by row, each row's in the order of booking.
#[derive(Debug, Default)]
pub struct Originals {
    originals: HashMap<TransferId, Original>,
    /// Per posting of a reversible transfer, how much of it can still be taken back (with its sign).
    left: Vec<(AccountKey, i64)>,
}

impl Originals {
    /// None so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a transfer.
    ///
    /// # Errors
    /// When its id came before, or it takes back what it may not.
    pub fn push(&mut self, transfer: &Transfer) -> Result<(), ReplayError> {
        self.add(transfer).map_err(|cause| cause.of(transfer))
    }

    fn add(&mut self, transfer: &Transfer) -> Result<(), ReplayCause> {
        if let Some(original) = self.originals.get(&transfer.id) {
            return Err(ReplayCause::Repeated { first: original.seq });
        }
        if let Some(original) = transfer.reverses {
            self.take_back(transfer, original)?;
        }
        self.remember(transfer);
        Ok(())
    }

    fn remember(&mut self, transfer: &Transfer) {
        let start = self.left.len();
        if transfer.kind.is_reversible() {
            self.left.extend(transfer.postings.iter().map(|p| (p.account, p.amount)));
        }
        let count = self.left.len() - start;
        let original = Original { seq: transfer.seq, kind: transfer.kind, start, count };
        self.originals.insert(transfer.id, original);
    }

    /// Every account that reversal and original share is taken back from, on the opposite side and
    /// by no more than is left; they share at least one.
    fn take_back(&mut self, reversal: &Transfer, id: TransferId) -> Result<(), ReplayCause> {
        let original = self.originals.get(&id).ok_or(ReplayCause::NoOriginal { original: id })?;
        if !reversal.kind.reverses().contains(&original.kind) {
            return Err(ReplayCause::OriginalKind { kind: original.kind });
        }
        let left = &mut self.left[original.start..original.start + original.count];
        let mut shared = false;
        for Posting { account, amount } in &reversal.postings {
            let Some((_, left)) = left.iter_mut().find(|(key, _)| key == account) else {
                continue;
            };
            shared = true;
            let (taken, rest) = (amount.unsigned_abs(), left.unsigned_abs());
            if *left != 0 && left.signum() == amount.signum() {
                return Err(ReplayCause::NotOpposite);
            }
            if taken > rest {
                let left = left.saturating_abs();
                return Err(ReplayCause::BeyondOriginal { account: *account, left });
            }
            *left += amount;
        }
        if shared { Ok(()) } else { Err(ReplayCause::NotOpposite) }
    }
}

/// Folds a ledger transfer by transfer: [`Sequence`], [`Originals`] and the tree together.
#[derive(Debug)]
pub struct Replayer {
    sequence: Sequence,
    originals: Originals,
    frontier: Frontier,
}

impl Replayer {
    /// An empty ledger of `owner`.
    #[must_use]
    pub fn new(owner: OrganisationId) -> Self {
        let (originals, frontier) = (Originals::new(), Frontier::new());
        Self { sequence: Sequence::new(owner), originals, frontier }
    }

    /// Adds the next transfer. Returns the tree nodes it completes, its own leaf first.
    ///
    /// # Errors
    /// When it cannot be the next one. The replayer is of no use after that.
    pub fn push(&mut self, transfer: &Transfer) -> Result<Vec<CompletedNode>, ReplayError> {
        self.add(transfer).map_err(|cause| cause.of(transfer))
    }

    fn add(&mut self, transfer: &Transfer) -> Result<Vec<CompletedNode>, ReplayCause> {
        self.sequence.place(transfer)?;
        self.originals.add(transfer)?;
        self.sequence.apply(transfer)?;
        Ok(self.frontier.append(leaf_hash(&canonical_bytes(transfer))))
    }

    /// What has been folded.
    #[must_use]
    pub fn finish(self) -> Replay {
        Replay { balances: self.sequence.balances, frontier: self.frontier }
    }
}

/// The key of accounts whose sign rule holds over all programs.
fn across_programs(account: &AccountKey) -> Option<Across> {
    let summed = matches!(account.kind, AccountKind::PartnerPayable | AccountKind::PartnerPaid);
    account.partner.filter(|_| summed).map(|partner| (account.kind, partner, account.currency))
}

/// Folds a whole ledger from its first transfer.
///
/// # Errors
/// The first transfer that breaks it.
pub fn replay<T: Borrow<Transfer>>(
    owner: OrganisationId,
    transfers: impl IntoIterator<Item = T>,
) -> Result<Replay, ReplayError> {
    let mut replayer = Replayer::new(owner);
    for transfer in transfers {
        replayer.push(transfer.borrow())?;
    }
    Ok(replayer.finish())
}
