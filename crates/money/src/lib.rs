//! Currencies, minor units, rates, rounding, allocation.
//!
//! **Invariant.** Money is whole minor units of one currency; a computation is exact until its one
//! rounding at the end; parts sum to their whole.
//!
//! **Mechanism.** [`Money`] has checked arithmetic only; [`Rate`] is an exact decimal; [`Exact`]
//! carries a fraction of 128-bit numbers and leaves it through [`Exact::round`]; [`allocate()`]
//! hands out remainders in a stated order. No floating point exists here.
//!
//! **Limit.** 64-bit minor units, rates of 18 decimal places, 128-bit intermediates. What does not
//! fit is [`MoneyError`], never a wrapped or clipped number. Cash rounding and display are matters
//! of pages and never reach this crate.

#![deny(clippy::float_arithmetic)]

mod allocate;
mod amount;
mod currency;
mod currency_table;
mod decimal;
mod error;
mod exact;
mod rate;
mod rounding;
mod share;
mod text;

pub use allocate::{allocate, allocate_by_key};
pub use amount::Money;
pub use currency::Currency;
pub use error::MoneyError;
pub use exact::Exact;
pub use rate::Rate;
pub use rounding::Rounding;
pub use share::{Share, shares_from_weights};

/// Plain decimal text, for JSON schemas.
const DECIMAL_PATTERN: &str = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$";
