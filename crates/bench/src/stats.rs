//! Medians and percentiles.

use std::time::Duration;

/// The middle value; of an even number of values the mean of the two in the middle.
///
/// # Panics
/// Without values.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    }
}

/// The smallest of `sorted` that at least `per_mille` of them do not exceed.
///
/// # Panics
/// Without values.
pub(crate) fn percentile(sorted: &[Duration], per_mille: usize) -> Duration {
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted[rank - 1]
}

/// Milliseconds with their fraction.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle() {
        for (values, expected) in
            [(&[3.0][..], "3"), (&[5.0, 1.0, 2.0], "2"), (&[4.0, 1.0, 2.0, 100.0], "3")]
        {
            assert_eq!(median(values).to_string(), expected);
        }
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        for (per_mille, ms) in [(500, 100), (990, 198), (999, 200), (1000, 200), (0, 1)] {
            assert_eq!(percentile(&values, per_mille), Duration::from_millis(ms));
        }
        assert_eq!(percentile(&values[..1], 990), Duration::from_millis(1));
    }
}
