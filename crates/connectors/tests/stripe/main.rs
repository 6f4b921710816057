//! Stripe: signatures of its own package, and a subscription's year in any order.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_order;
mod book;
mod readings;
mod signatures;
mod year;
