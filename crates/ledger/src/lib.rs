//! The ledger: who is owed what, and a proof that nobody changed it.
//!
//! # Invariant
//! An owner has one ledger: an append-only, gapless sequence of transfers numbered from 0. The
//! postings of a transfer sum to zero in each currency, so all balances of a currency do. A
//! transfer id is booked at most once; the same id with other content is refused. A correction is
//! another transfer, and no transfer is reversed by more than it moved. Commission cost equals
//! pending + approved + payable + paid - clawback, per program and partner. Only a clawback lets a
//! partner's balance fall below zero; it is carried, never paid.
//!
//! # Mechanism
//! Transfers are made by [`movement`] alone, one file each with a drawing of its postings, and
//! pass [`check`] before anything is written. [`canonical_bytes`] gives each its one byte string
//! (format byte, fixed-width fields, opaque ids only); these are the leaves of an RFC 6962 Merkle
//! tree ([`merkle`]) whose heads are signed ([`SignedHead`]). [`Balances`] fold postings;
//! [`replay()`] folds a whole ledger again and refuses the first transfer that breaks a rule which
//! cannot be seen in one transfer alone: sequence, repeated ids, reversal beyond the original,
//! accounts that must not be overdrawn.
//!
//! # Limit
//! Everything here is synchronous and in memory: locking the head, atomic writes and the store of
//! tree nodes are the caller's. A replay keeps about 200 bytes per transfer that can be reversed.
//! The tree proves that history was extended and never rewritten *for those who kept an older
//! head*; someone who holds the head key and shows every reader another history is found only when
//! two readers compare heads. Amounts are 64-bit minor units; beyond them is an error. Facts of
//! test mode never reach a ledger, as nothing is ever wiped from one.

mod account;
mod balances;
mod canonical;
mod check;
mod head;
mod kind;
pub mod merkle;
pub mod movement;
mod reason;
mod replay;
mod transfer;

pub use account::{AccountHash, AccountKey, AccountKind};
pub use balances::{BalanceError, Balances, Layers};
pub use canonical::{CanonicalError, canonical_bytes, parse_canonical};
pub use check::{LedgerError, POSTINGS_MAX, check};
pub use head::{HeadError, HeadKey, HeadSigner, SignedHead, TreeHead};
pub use kind::{Subject, SubjectKind, TransferKind};
pub use reason::Reason;
pub use replay::{Originals, Replay, ReplayCause, ReplayError, Replayer, Sequence, replay};
pub use transfer::{Booking, Posting, Transfer, TransferRecord};
