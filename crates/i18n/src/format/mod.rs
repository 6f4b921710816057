//! Numbers, money and dates as CLDR 48 gives them for en-GB, da, sv and id.

mod date;
mod money;
mod number;

pub use money::{MinorUnitsShown, MoneyParts};
