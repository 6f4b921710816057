//! Whole roads in a real browser, met as people meet them: by what pages say.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod bank_file;
mod beginnings;
mod long_sale;
mod person;
mod post;
mod road;
mod shop;
mod town;
