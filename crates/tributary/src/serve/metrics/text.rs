//! Prometheus' text format.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The whole answer while it is written.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    /// A family begins: every name has one, also while it has no values. Names of counters end
    /// with `_total`.
    pub(crate) fn family(&mut self, name: &str, kind: &str) {
        let _ = writeln!(self.0, "# TYPE tributary_{name} {kind}");
    }

    /// A value of the family; `labels` as `a="b"`, or empty.
    pub(crate) fn value(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "tributary_{name}{labels} {value}");
    }

    /// A counter without labels.
    pub(crate) fn counter(&mut self, name: &str, value: u64) {
        let name = format!("{name}_total");
        self.family(&name, "counter");
        self.value(&name, "", value);
    }

    /// A gauge without labels.
    pub(crate) fn gauge(&mut self, name: &str, value: impl std::fmt::Display) {
        self.family(name, "gauge");
        self.value(name, "", value);
    }

    /// A histogram's values, for bounds and counts by bucket, the last of which has no bound.
    pub(crate) fn histogram<B: std::fmt::Display>(
        &mut self,
        name: &str,
        labels: &str,
        bounds: impl Iterator<Item = B>,
        counts: &[u64],
        sum: impl std::fmt::Display,
    ) {
        let mut bounds = bounds.map(|bound| bound.to_string());
        let comma = if labels.is_empty() { "" } else { "," };
        let mut total = 0;
        for count in counts {
            total += count;
            let bound = bounds.next().unwrap_or("+Inf".to_owned());
            let labels = format!("{labels}{comma}le=\"{bound}\"");
            self.value(&format!("{name}_bucket"), &labels, total);
        }
        self.value(&format!("{name}_sum"), labels, sum);
        self.value(&format!("{name}_count"), labels, total);
    }
}

/// Microseconds as seconds.
pub(crate) fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// Upper bounds of [`Durations`], in milliseconds.
const BOUNDS_MS: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000];

/// How long something took.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    counts: [AtomicU64; BOUNDS_MS.len() + 1],
    sum_us: AtomicU64,
}

impl Durations {
    pub(crate) fn saw(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS_MS.partition_point(|bound| bound * 1_000 < us);
        self.counts[place].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    pub(crate) fn write(&self, page: &mut Page, name: &str, labels: &str) {
        let counts = self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        let bounds = BOUNDS_MS.iter().map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
        page.histogram(name, labels, bounds, &counts, seconds(self.sum_us.load(Ordering::Relaxed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_cumulative() {
        let durations = Durations::default();
        for ms in [0, 1, 2, 40, 60_000] {
            durations.saw(Duration::from_millis(ms));
        }
        let mut page = Page::default();
        page.family("x_seconds", "histogram");
        durations.write(&mut page, "x_seconds", "a=\"b\"");
        let text = page.into_text();
        assert!(text.starts_with("# TYPE tributary_x_seconds histogram\n"), "{text}");
        for line in [
            "tributary_x_seconds_bucket{a=\"b\",le=\"0.001\"} 2\n",
            "tributary_x_seconds_bucket{a=\"b\",le=\"0.005\"} 3\n",
            "tributary_x_seconds_bucket{a=\"b\",le=\"30.000\"} 4\n",
            "tributary_x_seconds_bucket{a=\"b\",le=\"+Inf\"} 5\n",
            "tributary_x_seconds_sum{a=\"b\"} 60.043000\n",
            "tributary_x_seconds_count{a=\"b\"} 5\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
