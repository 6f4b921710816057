//! Use cases, one file each, owning their transactions. A use case takes the [`App`], an `Actor`
//! and its input; it checks rights, decides by the pure crates and writes one fact in one
//! transaction: entities, ledger, counters, rollup, outbox and audit.
//!
//! Refusals ([`AppError::Refused`]) have written nothing. Faults are logged by whoever runs the
//! use case, once.

pub mod access;
mod app;
pub mod billing;
mod books;
pub mod click_keys;
pub mod conversion;
pub mod directory;
mod error;
pub mod explain;
pub mod ingest;
pub mod inquiry;
pub mod invoicing;
pub mod leads;
pub mod life;
pub mod list;
pub mod mail;
pub mod missing;
pub mod month_end;
pub mod once;
pub mod payout;
pub mod report;
mod secrets;
pub mod snapshot;
pub mod tax;
mod text;
pub mod upload;
pub mod verify;

pub use app::App;
pub use error::{AppError, EngineError};
pub use secrets::{Secrets, sha256};
