//! The end of a month for whoever keeps the books: what is owed on a day, vouchers for
//! book-keeping, closed periods, and what has to be paid soon.
//!
//! # Invariant
//! A closed day does not change: whatever is booked after it was closed stands on the first open
//! day, however early it happened. So the same export of a closed period is the same file for ever.
//!
//! # Mechanism
//! The ledger is read in its order. Each transfer's day follows from what it is about, when it was
//! booked, and which periods were closed at its place in the ledger (`LockHistory`).
//!
//! # Limit
//! What is owed on a day is summed from the whole ledger, some seconds per million transfers.

mod accounts;
mod books;
mod export;
mod forecast;
mod items;
mod liability;
mod lock;

pub use accounts::{Bookkeeping, PutBookkeeping, bookkeeping, put_bookkeeping};
pub use export::{ExportFormat, ExportVouchers, Exported, export_vouchers};
pub use forecast::cash_forecast_of;
pub use liability::{Liability, LiabilityRow, liability_of};
pub use lock::{LockPeriod, list_period_locks, lock_period};

pub use tributary_payout::month_end::{Aged, BookedKind, CashNeed, OwedState};
pub use tributary_store::month_end::StoredLock;
