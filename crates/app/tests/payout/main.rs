//! Money on its way to partners, on both engines.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

#[path = "../common/mod.rs"]
mod common;
#[macro_use]
#[path = "../on_both/mod.rs"]
mod on_both;
mod any_order;
mod bank_details;
mod bank_replies;
mod inquiries;
mod invoices;
mod left_out;
mod manual;
mod payees;
mod runs;
mod statement_proof;
mod tax;
