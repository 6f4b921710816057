//! Elapsed time against a budget, in the words a person reads.

use std::time::Duration;

/// What `cargo xtask test` may take on two cores from nothing.
pub(crate) const TEST_MAX: Duration = Duration::from_secs(40 * 60);

/// `3 min 20 s of 40 min`, with a remark when the budget is exceeded. Exceeding it fails nothing:
/// a slow machine is no fault of the tree.
pub(crate) fn against(elapsed: Duration, max: Duration) -> String {
    let remark = if elapsed > max { ": OVER BUDGET" } else { "" };
    format!("{} of {}{remark}", words(elapsed), words(max))
}

/// `45 s`, `3 min`, `3 min 20 s`; whole seconds, rounded down.
pub(crate) fn words(duration: Duration) -> String {
    let (minutes, seconds) = (duration.as_secs() / 60, duration.as_secs() % 60);
    match (minutes, seconds) {
        (0, s) => format!("{s} s"),
        (m, 0) => format!("{m} min"),
        (m, s) => format!("{m} min {s} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_words() {
        for (seconds, text) in [(0, "0 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s")] {
            assert_eq!(words(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_budget_says_when_it_is_exceeded() {
        let max = Duration::from_secs(60);
        assert_eq!(against(max, max), "1 min of 1 min");
        assert_eq!(against(Duration::from_secs(61), max), "1 min 1 s of 1 min: OVER BUDGET");
    }
}
