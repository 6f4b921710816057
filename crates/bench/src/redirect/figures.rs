//! What was measured, what must be reached, and how it is told.

use std::time::Duration;

use super::{CONNECTIONS, Contestant, OPEN_LOOP_RATE};
use crate::frame::Findings;
use crate::stats::{median, milliseconds, percentile};

/// Durable redirects per second, to nginx's.
const DURABLE_RATIO_MIN: f64 = 0.65;
/// After-write redirects per second, to nginx's.
const AFTER_WRITE_RATIO_MIN: f64 = 0.9;
/// What the durable p99 may have over nginx's, beside a bare fdatasync's.
const P99_OVER_MS_MAX: f64 = 2.0;

/// Every run's figure.
#[derive(Debug, Default)]
pub(super) struct Figures {
    rates: [Vec<f64>; 3],
    p99s: [Vec<Duration>; 3],
    pub(super) fdatasync: Vec<Duration>,
}

impl Figures {
    /// Requests per second of a contestant's runs.
    pub(super) fn rates(&mut self, contestant: Contestant) -> &mut Vec<f64> {
        &mut self.rates[contestant as usize]
    }

    /// Open-loop p99 of a contestant's runs.
    pub(super) fn p99s(&mut self, contestant: Contestant) -> &mut Vec<Duration> {
        &mut self.p99s[contestant as usize]
    }

    fn rate(&self, contestant: Contestant) -> f64 {
        median(&self.rates[contestant as usize])
    }

    fn ratio(&self, contestant: Contestant) -> f64 {
        self.rate(contestant) / self.rate(Contestant::Nginx)
    }

    fn p99_ms(&self, contestant: Contestant) -> f64 {
        let values: Vec<_> =
            self.p99s[contestant as usize].iter().map(|p99| milliseconds(*p99)).collect();
        median(&values)
    }

    fn fdatasync_p99_ms(&self) -> f64 {
        let mut sorted = self.fdatasync.clone();
        sorted.sort_unstable();
        milliseconds(percentile(&sorted, 990))
    }

    fn p99_allowed_ms(&self) -> f64 {
        self.p99_ms(Contestant::Nginx) + P99_OVER_MS_MAX + self.fdatasync_p99_ms()
    }

    fn durable_is_enough(&self) -> bool {
        self.ratio(Contestant::Durable) >= DURABLE_RATIO_MIN
    }

    fn after_write_is_enough(&self) -> bool {
        self.ratio(Contestant::AfterWrite) >= AFTER_WRITE_RATIO_MIN
    }

    fn p99_is_enough(&self) -> bool {
        self.p99_ms(Contestant::Durable) <= self.p99_allowed_ms()
    }

    fn spread(&self, contestant: Contestant) -> String {
        let rates = &self.rates[contestant as usize];
        let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
        let high = rates.iter().copied().fold(0.0, f64::max);
        format!("{low:.0} to {high:.0}")
    }
}

impl Findings for Figures {
    /// Whether all that must be reached was.
    fn reached(&self) -> bool {
        self.durable_is_enough() && self.after_write_is_enough() && self.p99_is_enough()
    }

    /// As Markdown.
    fn text(&self, provenance: &str) -> String {
        use Contestant::{AfterWrite, Durable, Nginx};
        format!(
            "{provenance}. Medians of {rounds} rounds by turns.\n\n\
             | | requests/s, {CONNECTIONS} connections | to nginx | must be | p99 at {OPEN_LOOP_RATE}/s \
             | must be |\n|---|---:|---:|---:|---:|---:|\n\
             | nginx, `return 302` | {:.0} | 1.00 | | {:.2} ms | |\n\
             | durable | {:.0} | {:.2} | >= {DURABLE_RATIO_MIN:.2}: {} | {:.2} ms | <= {:.2} ms: {} |\n\
             | after-write | {:.0} | {:.2} | >= {AFTER_WRITE_RATIO_MIN:.2}: {} | {:.2} ms | |\n\n\
             p99 of a bare `fdatasync` in the same run: {:.2} ms. Lowest and highest requests/s: \
             nginx {}, durable {}, after-write {}.\n",
            self.rate(Nginx),
            self.p99_ms(Nginx),
            self.rate(Durable),
            self.ratio(Durable),
            verdict(self.durable_is_enough()),
            self.p99_ms(Durable),
            self.p99_allowed_ms(),
            verdict(self.p99_is_enough()),
            self.rate(AfterWrite),
            self.ratio(AfterWrite),
            verdict(self.after_write_is_enough()),
            self.p99_ms(AfterWrite),
            self.fdatasync_p99_ms(),
            self.spread(Nginx),
            self.spread(Durable),
            self.spread(AfterWrite),
            rounds = self.rates[0].len(),
        )
    }
}

const fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "**missed**" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(nginx: f64, durable: f64, after_write: f64, durable_p99_ms: u64) -> Figures {
        let mut figures = Figures::default();
        let all = [
            (Contestant::Nginx, nginx, 1),
            (Contestant::Durable, durable, durable_p99_ms),
            (Contestant::AfterWrite, after_write, 1),
        ];
        for (contestant, rate, p99_ms) in all {
            figures.rates(contestant).extend([rate, rate * 0.5, rate * 3.0]);
            figures.p99s(contestant).push(Duration::from_millis(p99_ms));
        }
        figures.fdatasync.push(Duration::from_millis(4));
        figures
    }

    #[test]
    fn each_aim_can_be_missed() {
        assert!(figures(100.0, 65.0, 90.0, 7).reached());
        assert!(!figures(100.0, 64.0, 90.0, 7).reached());
        assert!(!figures(100.0, 65.0, 89.0, 7).reached());
        assert!(!figures(100.0, 65.0, 90.0, 8).reached());
    }

    #[test]
    fn the_table_tells_medians_and_verdicts() {
        let text = figures(100.0, 64.0, 90.0, 7).text("commit abc");
        assert!(text.starts_with("commit abc. Medians of 3 rounds"), "{text}");
        assert!(text.contains(
            "| durable | 64 | 0.64 | >= 0.65: **missed** | 7.00 ms | <= 7.00 ms: reached |"
        ));
        assert!(text.contains("nginx 50 to 300"));
    }
}
