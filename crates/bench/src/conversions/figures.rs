//! What was measured, held against what must be reached.

use super::stand::{BATCHES, SINGLES, Shape};
use crate::frame::Findings;
use crate::stats::median;

/// On which engine, and how they were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    SqliteBatches,
    SqliteSingles,
    PostgresBatches,
    PostgresSingles,
}

pub(super) const WAYS: [Way; 4] =
    [Way::SqliteBatches, Way::SqliteSingles, Way::PostgresBatches, Way::PostgresSingles];

impl Way {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SqliteBatches => "SQLite, batches of 100 over 8 connections",
            Self::SqliteSingles => "SQLite, single over 64 connections",
            Self::PostgresBatches => "PostgreSQL, batches of 100 over 8 connections",
            Self::PostgresSingles => "PostgreSQL, single over 64 connections",
        }
    }

    pub(super) const fn shape(self) -> Shape {
        match self {
            Self::SqliteBatches | Self::PostgresBatches => BATCHES,
            Self::SqliteSingles | Self::PostgresSingles => SINGLES,
        }
    }

    /// Of pgbench's transactions per second.
    const fn must_be(self) -> f64 {
        match self {
            Self::SqliteBatches => 2.0,
            Self::SqliteSingles | Self::PostgresBatches => 1.0,
            Self::PostgresSingles => 0.5,
        }
    }
}

/// Rates of all rounds.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) pgbench: Vec<f64>,
    rates: [Vec<f64>; 4],
}

impl Figures {
    pub(super) fn rates(&mut self, way: Way) -> &mut Vec<f64> {
        &mut self.rates[way as usize]
    }

    fn ratio(&self, way: Way) -> f64 {
        median(&self.rates[way as usize]) / median(&self.pgbench)
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        WAYS.iter().all(|way| self.ratio(*way) >= way.must_be())
    }

    /// As it stands in the document.
    fn text(&self, provenance: &str) -> String {
        let mut text = format!(
            "{provenance}. Medians of {} rounds by turns.\n\n\
             | | per second | lowest to highest | to pgbench | must be |\n\
             |---|---:|---:|---:|---:|\n\
             | pgbench TPC-B, `-c 8 -j 2`, scale 10 | {:.0} | {} | 1.00 | |\n",
            self.pgbench.len(),
            median(&self.pgbench),
            spread(&self.pgbench),
        );
        for way in WAYS {
            let rates = &self.rates[way as usize];
            let (ratio, must_be) = (self.ratio(way), way.must_be());
            let verdict = if ratio >= must_be { "reached" } else { "**missed**" };
            text.push_str(&format!(
                "| {} | {:.0} | {} | {ratio:.2} | >= {must_be:.1}: {verdict} |\n",
                way.name(),
                median(rates),
                spread(rates),
            ));
        }
        text
    }
}

fn spread(rates: &[f64]) -> String {
    let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let high = rates.iter().copied().fold(0.0, f64::max);
    format!("{low:.0} to {high:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rates: [f64; 4]) -> Figures {
        let mut figures = Figures { pgbench: vec![1_000.0, 900.0, 3_000.0], ..Figures::default() };
        for (way, rate) in WAYS.into_iter().zip(rates) {
            figures.rates(way).extend([rate, rate * 0.5, rate * 2.0]);
        }
        figures
    }

    #[test]
    fn each_aim_can_be_missed() {
        let good = [2_000.0, 1_000.0, 1_000.0, 500.0];
        assert!(figures(good).reached());
        for place in 0..4 {
            let mut rates = good;
            rates[place] -= 1.0;
            assert!(!figures(rates).reached(), "{place}");
        }
    }

    #[test]
    fn the_table_tells_medians_and_verdicts() {
        let text = figures([1_990.0, 1_000.0, 1_000.0, 500.0]).text("commit abc");
        assert!(text.starts_with("commit abc. Medians of 3 rounds"), "{text}");
        assert!(text.contains("| 1990 | 995 to 3980 | 1.99 | >= 2.0: **missed** |"), "{text}");
        assert!(text.contains("| 500 | 250 to 1000 | 0.50 | >= 0.5: reached |"), "{text}");
    }
}
