//! Record ports, filters, pages and the conformance suite.
//!
//! One text of SQL serves both engines: it is written here once, against [`engine::Connection`],
//! and an engine crate only knows how to run it. What differs on purpose is bulk work
//! ([`engine::Insert`], [`engine::Lookup`]): arrays in one statement on PostgreSQL, prepared
//! statements per row on SQLite.
//!
//! Functions take the connection first. Those whose names end in `_in` rely on the caller's
//! transaction.

pub mod access;
pub mod account;
pub mod attribution;
pub mod audit;
pub mod billing;
pub mod conformance;
pub mod credit_change;
pub mod decision;
pub mod engine;
pub mod inquiry;
pub mod install;
pub mod invoicing;
pub mod lead;
pub mod ledger;
pub mod link_host;
pub mod list;
pub mod mail;
pub mod member;
pub mod migration;
pub mod missing;
pub mod month_end;
pub mod operate;
pub mod organisation;
pub mod partnership;
pub mod payout;
pub mod program;
pub mod recheck;
pub mod redecision;
pub mod request_key;
pub mod rollup;
pub mod tax;
pub mod test_mode;
pub mod told_consent;
pub mod touches;
pub mod upload;
pub mod work;
