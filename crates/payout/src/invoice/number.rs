use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of a gapless series, as it stands on the document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A series of numbers without gaps: a prefix and a number that counts up from 1. Whoever takes a
/// number keeps the series after it in the same transaction as the document; a transaction that
/// fails has taken none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSeries {
    prefix: String,
    next: u64,
}

impl InvoiceSeries {
    /// Characters of a prefix.
    pub const PREFIX_MAX: usize = 20;
    /// Digits are filled up to this many, so that numbers sort as text for a while.
    const DIGITS: usize = 6;

    /// A new series. None for a prefix that is too long or has other than letters, digits, `-`, `/`.
    #[must_use]
    pub fn new(prefix: &str) -> Option<Self> {
        Self::restore(prefix, 1)
    }

    /// A series as it was kept.
    #[must_use]
    pub fn restore(prefix: &str, next: u64) -> Option<Self> {
        let good = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '/');
        let fits = prefix.len() <= Self::PREFIX_MAX && prefix.chars().all(good) && next > 0;
        fits.then(|| Self { prefix: prefix.to_owned(), next })
    }

    /// The number that comes next.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// The next number, and the series after it.
    #[must_use]
    pub fn take(self) -> (InvoiceNumber, Self) {
        let number = format!("{}{:0width$}", self.prefix, self.next, width = Self::DIGITS);
        (InvoiceNumber(number), Self { next: self.next + 1, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_counts_without_gaps() {
        let mut series = InvoiceSeries::new("SB-2026-").unwrap();
        let mut given = Vec::new();
        for _ in 0..12 {
            let (number, rest) = series.take();
            given.push(number);
            series = rest;
        }
        assert_eq!(given[0].as_str(), "SB-2026-000001");
        assert_eq!((given[11].as_str(), series.next()), ("SB-2026-000012", 13));
        assert!(given.is_sorted());
        let (again, _) = InvoiceSeries::restore("SB-2026-", 12).unwrap().take();
        assert_eq!(again, given[11]);
        assert_eq!(InvoiceSeries::new("A B"), None);
        assert_eq!(InvoiceSeries::restore("A", 0), None);
    }
}
