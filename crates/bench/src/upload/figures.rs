//! What was measured, held against what must be reached.

use std::time::Duration;

use super::asking::Asked;
use crate::frame::Findings;
use crate::stats::milliseconds;

/// A million rows may take so long from sending to the last one recorded.
const SECONDS_PER_MILLION: f64 = 90.0;
/// And 99 of 100 answers of the API meanwhile.
const P99_MS: f64 = 250.0;

pub(super) struct Figures {
    pub(super) rows: usize,
    pub(super) megabytes: f64,
    pub(super) received: Duration,
    pub(super) checked: Duration,
    pub(super) committed: Duration,
    /// Orders in batches over the API, per second.
    pub(super) batched: f64,
    pub(super) alone: Asked,
    pub(super) meanwhile: Asked,
}

impl Figures {
    /// From the first byte sent to the last row recorded.
    fn whole(&self) -> f64 {
        (self.received + self.checked + self.committed).as_secs_f64()
    }

    fn allowed(&self) -> f64 {
        SECONDS_PER_MILLION * self.rows as f64 / 1e6
    }

    fn is_quick(&self) -> bool {
        self.whole() < self.allowed()
    }

    fn is_calm(&self) -> bool {
        milliseconds(self.meanwhile.p99()) < P99_MS
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        self.is_quick() && self.is_calm()
    }

    fn text(&self, provenance: &str) -> String {
        let verdict = |reached| if reached { "reached" } else { "**missed**" };
        let rate = |took: Duration| self.rows as f64 / took.as_secs_f64();
        format!(
            "{provenance}. {} rows, {:.0} MB.\n\n\
             | | | rows/s | must be |\n\
             |---|---:|---:|---:|\n\
             | sent, read and kept | {:.1} s | {:.0} | |\n\
             | previewed | {:.1} s | {:.0} | |\n\
             | committed | {:.1} s | {:.0} | |\n\
             | all of it | {:.1} s | | < {:.0} s: {} |\n\
             | the same orders in batches of 1,000 over the API | | {:.0} | |\n\
             | p99 of the API alone, 50 requests/s | {:.1} ms | | |\n\
             | p99 of the API meanwhile, {} requests | {:.1} ms | | < {P99_MS:.0} ms: {} |\n",
            self.rows,
            self.megabytes,
            self.received.as_secs_f64(),
            rate(self.received),
            self.checked.as_secs_f64(),
            rate(self.checked),
            self.committed.as_secs_f64(),
            rate(self.committed),
            self.whole(),
            self.allowed(),
            verdict(self.is_quick()),
            self.batched,
            milliseconds(self.alone.p99()),
            self.meanwhile.times.len(),
            milliseconds(self.meanwhile.p99()),
            verdict(self.is_calm()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(seconds: u64, p99_ms: u64) -> Figures {
        let part = Duration::from_secs(seconds) / 3;
        let asked = |ms| Asked { times: vec![Duration::from_millis(ms); 200] };
        Figures {
            rows: 1_000_000,
            megabytes: 60.0,
            received: part,
            checked: part,
            committed: part,
            batched: 10_000.0,
            alone: asked(3),
            meanwhile: asked(p99_ms),
        }
    }

    #[test]
    fn each_aim_can_be_missed() {
        assert!(figures(89, 249).reached());
        assert!(!figures(91, 249).reached());
        assert!(!figures(89, 250).reached());
        let text = figures(91, 10).text("commit abc");
        assert!(text.contains("| 91.0 s | | < 90 s: **missed** |"), "{text}");
        assert!(text.contains("| 10.0 ms | | < 250 ms: reached |"), "{text}");
    }
}
