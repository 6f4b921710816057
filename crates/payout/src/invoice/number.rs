use std::fmt;

/// A number of a gapless series, as it stands on the document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// A number that was given before, from where it is kept.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

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

    /// Which number of this series a text is.
    #[must_use]
    pub fn position(&self, number: &InvoiceNumber) -> Option<u64> {
        let digits = number.0.strip_prefix(&self.prefix)?;
        let position =
            digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok())??;
        let same = format!("{position:0width$}", width = Self::DIGITS) == digits;
        (same && position > 0).then_some(position)
    }
}

/// Where a series has a gap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotGapless {
    /// A number that no document has.
    #[error("number {0} is missing")]
    Missing(u64),
    /// A number that two documents have.
    #[error("number {0} is given twice")]
    Twice(u64),
    /// A number of another series, or beyond what was given.
    #[error("`{0}` is not of this series")]
    Foreign(InvoiceNumber),
}

/// Whether the documents of a series have every number from 1 to the last one given, once.
///
/// # Errors
/// The first that is missing, double or foreign.
pub fn check_gapless<'a>(
    series: &InvoiceSeries,
    numbers: impl IntoIterator<Item = &'a InvoiceNumber>,
) -> Result<(), NotGapless> {
    let mut positions = Vec::new();
    for number in numbers {
        let position = series.position(number).filter(|it| *it < series.next);
        positions.push(position.ok_or_else(|| NotGapless::Foreign(number.clone()))?);
    }
    positions.sort_unstable();
    let mut expected = 1;
    for position in positions {
        match position {
            it if it < expected => return Err(NotGapless::Twice(it)),
            it if it > expected => return Err(NotGapless::Missing(expected)),
            _ => expected += 1,
        }
    }
    if expected == series.next { Ok(()) } else { Err(NotGapless::Missing(expected)) }
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
        assert!(given.is_sorted());
        assert_eq!(check_gapless(&series, &given), Ok(()));
        let without: Vec<_> = given.iter().filter(|it| series.position(it) != Some(5)).collect();
        assert_eq!(check_gapless(&series, without), Err(NotGapless::Missing(5)));
        let short = &given[..11];
        assert_eq!(check_gapless(&series, short), Err(NotGapless::Missing(12)), "the last too");
        let twice = given.iter().chain([&given[3]]);
        assert_eq!(check_gapless(&series, twice), Err(NotGapless::Twice(4)));
        for foreign in ["SB-2025-000001", "SB-2026-1", "SB-2026-000013", "SB-2026-00000x", ""] {
            let number = InvoiceNumber::from_stored(foreign.to_owned());
            let found = check_gapless(&series, given.iter().chain([&number]));
            assert_eq!(found, Err(NotGapless::Foreign(number)), "{foreign}");
        }
        assert_eq!(InvoiceSeries::new("A B"), None);
        assert_eq!(InvoiceSeries::restore("A", 0), None);
    }
}
