//! Short ways to write sample values.

use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Currency, Money, Rate, Share};

pub(super) const fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

pub(super) const fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::SEK)
}

pub(super) const fn idr(minor: i64) -> Money {
    Money::new(minor, Currency::IDR)
}

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().expect("samples hold real days")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("samples hold real moments")
}

pub(super) fn rate(text: &str) -> Rate {
    text.parse().expect("samples hold real rates")
}

/// Parts of a thousand.
pub(super) fn share(thousandths: u32) -> Share {
    Share::new(thousandths * (Share::PARTS / 1_000)).expect("samples hold real shares")
}

/// A name that breaks pages which forget to escape, in letters that break those which cut bytes.
pub(super) const AWKWARD: &str =
    "Ærø & Søn <script>alert(\"hej\")</script> – rådgivning i småøernes erhvervsliv";
