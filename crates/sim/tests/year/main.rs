//! The simulated year: repeatable, complete, and right by an auditor of its own.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod auditor;
mod played;
mod world;
