use std::collections::BTreeMap;

use tributary_kernel::{PartnerId, ProgramId};
use tributary_money::Currency;

use crate::{AccountKey, AccountKind, Posting};

/// Why a posting could not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BalanceError {
    /// A balance beyond 64 bits.
    #[error("the balance of an account is larger than can be kept")]
    Overflow {
        /// The account.
        account: AccountKey,
    },
}

/// Balances as the fold of postings: debits positive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances {
    accounts: BTreeMap<AccountKey, i64>,
}

/// What a partner is owed in each layer, as its amounts are told to people: positive when owed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layers {
    /// Not yet agreed to.
    pub pending: i64,
    /// Agreed, waiting for a payout.
    pub approved: i64,
    /// In a payout on its way.
    pub payable: i64,
    /// Sent.
    pub paid: i64,
    /// Paid, and owed back.
    pub clawback: i64,
}

impl Balances {
    /// Adds the postings of one transfer, all or none of them.
    ///
    /// # Errors
    /// [`BalanceError::Overflow`]; then nothing is changed.
    pub fn apply(&mut self, postings: &[Posting]) -> Result<(), BalanceError> {
        // A transfer names each account once, so looking first is enough.
        for posting in postings {
            let balance = self.get(&posting.account).checked_add(posting.amount);
            balance.ok_or(BalanceError::Overflow { account: posting.account })?;
        }
        for posting in postings {
            *self.accounts.entry(posting.account).or_insert(0) += posting.amount;
        }
        Ok(())
    }

    /// The balance of an account, debits positive; 0 for one never used.
    #[must_use]
    pub fn get(&self, account: &AccountKey) -> i64 {
        self.accounts.get(account).copied().unwrap_or(0)
    }

    /// Every account used, also those at zero, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&AccountKey, i64)> {
        self.accounts.iter().map(|(account, balance)| (account, *balance))
    }

    /// Currencies in which the balances do not sum to zero, with their sum. Empty in any ledger
    /// made of transfers.
    #[must_use]
    pub fn differences(&self) -> Vec<(Currency, i128)> {
        let mut sums = BTreeMap::new();
        for (account, balance) in self.iter() {
            *sums.entry(account.currency).or_insert(0i128) += i128::from(balance);
        }
        sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
    }

    /// What a partner is owed in a program, layer by layer.
    #[must_use]
    pub fn layers(&self, program: ProgramId, partner: PartnerId, currency: Currency) -> Layers {
        let balance = |kind| self.get(&AccountKey::of_partner(kind, program, partner, currency));
        Layers {
            pending: -balance(AccountKind::PartnerPending),
            approved: -balance(AccountKind::PartnerApproved),
            payable: -balance(AccountKind::PartnerPayable),
            paid: -balance(AccountKind::PartnerPaid),
            clawback: balance(AccountKind::PartnerClawback),
        }
    }
}
