//! What was measured, held against what must be reached.

use super::Beside;
use crate::frame::Findings;

const PER_SECOND_MIN: f64 = 50_000.0;
const LAG_SECONDS_MAX: f64 = 2.0;
/// A load that was not carried says nothing about what it does to ingest.
const ANSWERED_SHARE_MIN: f64 = 0.98;

/// See the module.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) rows: u64,
    pub(super) per_second: f64,
    pub(super) redirects_ceiling: f64,
    pub(super) beside: Beside,
}

impl Figures {
    const fn fast(&self) -> bool {
        self.per_second >= PER_SECOND_MIN
    }

    fn keeps_up(&self) -> bool {
        self.beside.lag_max < LAG_SECONDS_MAX
            && self.beside.answered >= self.beside.asked * ANSWERED_SHARE_MIN
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        self.fast() && self.keeps_up()
    }

    /// As it stands in the document.
    fn text(&self, provenance: &str) -> String {
        let verdict = |reached| if reached { "reached" } else { "**missed**" };
        let Beside { asked, answered, lag_max } = self.beside;
        format!(
            "{provenance}.\n\n\
             | | | must be |\n|---|---:|---:|\n\
             | clicks into touches at {} rows | {:.0}/s | >= {PER_SECOND_MIN:.0}/s: {} |\n\
             | redirects alone, durable, one core | {:.0}/s | |\n\
             | redirects beside ingest: asked, answered | {asked:.0}/s, {answered:.0}/s | all |\n\
             | longest lag of ingest beside them | {lag_max:.2} s | < {LAG_SECONDS_MAX:.0} s: {} |\n",
            self.rows,
            self.per_second,
            verdict(self.fast()),
            self.redirects_ceiling,
            verdict(self.keeps_up()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(per_second: f64, answered: f64, lag_max: f64) -> Figures {
        let beside = Beside { asked: 1_000.0, answered, lag_max };
        Figures { rows: 10, per_second, redirects_ceiling: 2_000.0, beside }
    }

    #[test]
    fn each_aim_can_be_missed() {
        assert!(figures(50_000.0, 990.0, 1.9).reached());
        assert!(!figures(49_999.0, 990.0, 1.9).reached());
        assert!(!figures(50_000.0, 900.0, 1.9).reached());
        assert!(!figures(50_000.0, 990.0, 2.0).reached());
    }

    #[test]
    fn the_table_tells_verdicts() {
        let text = figures(49_999.0, 990.0, 1.9).text("commit abc");
        assert!(text.contains("| 49999/s | >= 50000/s: **missed** |"), "{text}");
        assert!(text.contains("| 1.90 s | < 2 s: reached |"), "{text}");
    }
}
