//! What was measured, held against what must be reached.

use crate::frame::Findings;
use crate::stats::median;

/// The same work may take so much longer for noise alone.
const RATIO_MIN: f64 = 0.9;

/// Orders a second of all rounds.
#[derive(Debug, Default)]
pub(super) struct Rates {
    /// Where hardly any touches are.
    pub(super) few: Vec<f64>,
    /// Where they are many.
    pub(super) many: Vec<f64>,
}

impl Rates {
    fn ratio(&self) -> f64 {
        median(&self.many) / median(&self.few)
    }

    fn row(&self, name: &str) -> String {
        let verdict = if self.ratio() >= RATIO_MIN { "reached" } else { "**missed**" };
        format!(
            "| {name} | {:.0} | {:.0} | {:.2} | >= {RATIO_MIN}: {verdict} |\n",
            median(&self.few),
            median(&self.many),
            self.ratio()
        )
    }
}

#[derive(Debug, Default)]
pub(super) struct Figures {
    touches: u64,
    pub(super) batches: Rates,
    pub(super) singles: Rates,
}

impl Figures {
    pub(super) fn of(touches: u64) -> Self {
        Self { touches, ..Self::default() }
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        [&self.batches, &self.singles].iter().all(|rates| rates.ratio() >= RATIO_MIN)
    }

    fn text(&self, provenance: &str) -> String {
        format!(
            "{provenance}. Medians of {} rounds by turns.\n\n\
             | conversions/s on SQLite | hardly any touches | {} touches | many to few | must be |\n\
             |---|---:|---:|---:|---:|\n{}{}",
            self.batches.few.len(),
            self.touches,
            self.batches.row("batches of 100 over 8 connections"),
            self.singles.row("single over 64 connections"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_aim_can_be_missed() {
        let figures = |batches: f64, singles: f64| Figures {
            touches: 10,
            batches: Rates { few: vec![1_000.0], many: vec![batches] },
            singles: Rates { few: vec![100.0], many: vec![singles] },
        };
        assert!(figures(900.0, 90.0).reached());
        assert!(!figures(899.0, 90.0).reached());
        assert!(!figures(900.0, 89.0).reached());
        let text = figures(899.0, 91.0).text("commit abc");
        assert!(text.contains("| 1000 | 899 | 0.90 | >= 0.9: **missed** |"), "{text}");
        assert!(text.contains("| 100 | 91 | 0.91 | >= 0.9: reached |"), "{text}");
    }
}
