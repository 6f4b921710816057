//! Record ports, filters, pages and the conformance suite.
//!
//! One text of SQL serves both engines: it is written here once, against [`engine::Connection`],
//! and an engine crate only knows how to run it. What differs on purpose is bulk work
//! ([`engine::Insert`], [`engine::Lookup`]): arrays in one statement on PostgreSQL, prepared
//! statements per row on SQLite.

pub mod engine;
