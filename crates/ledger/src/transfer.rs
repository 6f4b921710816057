use std::ops::Deref;

use tributary_kernel::{OrganisationId, Timestamp, TransferId};

use crate::{AccountKey, LedgerError, Reason, Subject, TransferKind, check};

/// One side of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Posting {
    /// The account it changes.
    pub account: AccountKey,
    /// Minor units of the account's currency; a debit is positive, a credit negative, never 0.
    pub amount: i64,
}

/// Where and when a transfer is booked: what the caller, holding the lock on the ledger's head,
/// decides for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// Its id: a retry comes with the same.
    pub id: TransferId,
    /// Whose ledger.
    pub owner: OrganisationId,
    /// Its place in the ledger, which is its leaf in the tree: the number of transfers before it.
    pub seq: u64,
    /// When what it books happened.
    pub occurred_at: Timestamp,
    /// When it is booked.
    pub booked_at: Timestamp,
}

/// What a transfer consists of. As such it is only data; a [`Transfer`] has passed [`check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRecord {
    /// Its id.
    pub id: TransferId,
    /// Whose ledger.
    pub owner: OrganisationId,
    /// Its place in the ledger, from 0.
    pub seq: u64,
    /// Which movement made it.
    pub kind: TransferKind,
    /// What it is about.
    pub subject: Subject,
    /// When what it books happened.
    pub occurred_at: Timestamp,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The transfer it takes back, wholly or in part.
    pub reverses: Option<TransferId>,
    /// Why.
    pub reason: Reason,
    /// Its sides, by account, each account once.
    pub postings: Vec<Posting>,
}

/// A balanced movement of money that follows the drawing of its kind. Made by the functions of
/// [`movement`](crate::movement), or given back by a store; read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer(TransferRecord);

impl Transfer {
    /// Takes a transfer back from where it was stored.
    ///
    /// # Errors
    /// When it is not one that a movement could have made.
    pub fn restore(record: TransferRecord) -> Result<Self, LedgerError> {
        check(&record)?;
        Ok(Self(record))
    }

    /// Its data.
    #[must_use]
    pub fn into_record(self) -> TransferRecord {
        self.0
    }

    /// Whether this is `booked` once more: the same id and content, whatever place and moment of
    /// booking a retry was given.
    ///
    /// # Errors
    /// [`LedgerError::OtherContent`] for the same id with other content.
    pub fn is_retry_of(&self, booked: &Self) -> Result<bool, LedgerError> {
        if (self.id, self.owner) != (booked.id, booked.owner) {
            return Ok(false);
        }
        let retried =
            TransferRecord { seq: booked.seq, booked_at: booked.booked_at, ..self.0.clone() };
        if retried == booked.0 { Ok(true) } else { Err(LedgerError::OtherContent { id: self.id }) }
    }
}

impl Deref for Transfer {
    type Target = TransferRecord;

    fn deref(&self) -> &TransferRecord {
        &self.0
    }
}
