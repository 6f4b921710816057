//! What was measured, held against what must be reached.

use std::time::Duration;

use super::Memory;
use crate::frame::Findings;
use crate::stats::{median, milliseconds};

const DEMO_START_MS_MAX: f64 = 200.0;
const IDLE_MB_MAX: f64 = 60.0;
const LARGE_START_MS_MAX: f64 = 2_000.0;
const LARGE_MB_MAX: f64 = 400.0;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Figures {
    links: u32,
    pub(super) demo_starts: Vec<Duration>,
    pub(super) idle: Memory,
    pub(super) large_starts: Vec<Duration>,
    pub(super) large: Memory,
}

impl Figures {
    pub(super) fn new(links: u32) -> Self {
        Self { links, ..Self::default() }
    }

    /// Name, value, unit, limit, and what else there is to say.
    fn rows(&self) -> [(String, f64, &'static str, f64, String); 4] {
        let start = |starts: &[Duration]| {
            let ms: Vec<f64> = starts.iter().copied().map(milliseconds).collect();
            let low = ms.iter().copied().fold(f64::INFINITY, f64::min);
            let high = ms.iter().copied().fold(0.0, f64::max);
            (median(&ms), format!("{low:.0} to {high:.0} ms"))
        };
        let peak = |it: &Memory| format!("peak {:.0} MB", it.peak);
        let (demo, demo_spread) = start(&self.demo_starts);
        let (large, large_spread) = start(&self.large_starts);
        let links = self.links;
        [
            ("demo: first answer".into(), demo, "ms", DEMO_START_MS_MAX, demo_spread),
            ("demo: idle memory".into(), self.idle.resident, "MB", IDLE_MB_MAX, peak(&self.idle)),
            (format!("{links} links: first answer"), large, "ms", LARGE_START_MS_MAX, large_spread),
            (
                format!("{links} links: memory"),
                self.large.resident,
                "MB",
                LARGE_MB_MAX,
                peak(&self.large),
            ),
        ]
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        self.rows().iter().all(|(_, value, _, limit, _)| value < limit)
    }

    /// As it stands in the document.
    fn text(&self, provenance: &str) -> String {
        let mut text = format!(
            "{provenance}. Medians of {} starts.\n\n| | | must be | |\n|---|---:|---:|---:|\n",
            self.demo_starts.len()
        );
        for (name, value, unit, limit, more) in self.rows() {
            let verdict = if value < limit { "reached" } else { "**missed**" };
            text.push_str(&format!(
                "| {name} | {value:.0} {unit} | < {limit:.0} {unit}: {verdict} | {more} |\n"
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(demo_ms: u64, idle: f64, large_ms: u64, large: f64) -> Figures {
        Figures {
            links: 7,
            demo_starts: vec![Duration::from_millis(demo_ms); 3],
            idle: Memory { resident: idle, peak: 70.0 },
            large_starts: vec![Duration::from_millis(large_ms); 3],
            large: Memory { resident: large, peak: 500.0 },
        }
    }

    #[test]
    fn each_aim_can_be_missed() {
        assert!(figures(199, 59.0, 1_999, 399.0).reached());
        assert!(!figures(200, 59.0, 1_999, 399.0).reached());
        assert!(!figures(199, 60.0, 1_999, 399.0).reached());
        assert!(!figures(199, 59.0, 2_000, 399.0).reached());
        assert!(!figures(199, 59.0, 1_999, 400.0).reached());
    }

    #[test]
    fn the_table_tells_verdicts() {
        let text = figures(150, 61.0, 900, 300.0).text("commit abc");
        assert!(text.contains("| demo: idle memory | 61 MB | < 60 MB: **missed** | peak 70 MB |"));
        assert!(text.contains("| 7 links: first answer | 900 ms | < 2000 ms: reached |"), "{text}");
    }
}
