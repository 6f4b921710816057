//! What is soaked. Tests read `TRIBUTARY_SOAK` and try every combination, or loop for longer;
//! properties are tried with more cases.

use std::time::Duration;

/// One command.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Arguments of `cargo test`.
    pub(super) cargo: &'static [&'static str],
    /// Arguments of the test programs.
    pub(super) tests: &'static [&'static str],
    /// Cases of each property that does not name a number of its own.
    pub(super) cases: u32,
    /// How often it is run.
    pub(super) rounds: u32,
    /// It is cut off after this.
    pub(super) minutes_max: u64,
}

impl Run {
    pub(super) const fn limit(&self) -> Duration {
        Duration::from_secs(self.minutes_max * 60)
    }
}

/// The kind of run that most are.
const ONE: Run =
    Run { name: "", what: "", cargo: &[], tests: &[], cases: 256, rounds: 1, minutes_max: 30 };

/// In the order of what is worth most when the time is short.
pub(super) const PLAN: &[Run] = &[
    Run {
        name: "kills",
        what: "the program is killed with -9 at 300 random moments, under clicks, orders and \
               refunds",
        cargo: &["--package", "tributary", "--test", "process"],
        tests: &["nothing_acknowledged_is_lost"],
        minutes_max: 30,
        ..ONE
    },
    Run {
        name: "power",
        what: "the power fails at some 600 moments of a run on SQLite; any part of what was not synced is \
               lost",
        cargo: &["--package", "tributary", "--test", "process"],
        tests: &["what_was_acknowledged_survives_the_power"],
        ..ONE
    },
    Run {
        name: "faults",
        what: "every operation of the database fails, in turn and in every way, on both engines",
        cargo: &["--package", "tributary-app", "--test", "faults"],
        ..ONE
    },
    Run {
        name: "disk",
        what: "the click log on a disk that drops and tears what was not synced; any bytes as a \
               segment",
        cargo: &["--package", "tributary-spool"],
        cases: 5_000,
        minutes_max: 40,
        ..ONE
    },
    Run {
        name: "process",
        what: "database away, damaged log, backups under load, keys rotated: ten times over",
        cargo: &["--package", "tributary", "--test", "process"],
        tests: &["--skip", "nothing_acknowledged_is_lost", "--skip", "survives_the_power"],
        rounds: 10,
        minutes_max: 40,
        ..ONE
    },
    Run {
        name: "audit",
        what: "400 random plans and histories and a year of twelve times as many sales, against the \
               independent auditor",
        cargo: &["--package", "tributary-app", "--test", "audit"],
        minutes_max: 40,
        ..ONE
    },
    Run {
        name: "codecs",
        what: "any bytes as click id, entry, request",
        cargo: &["--package", "tributary-click"],
        cases: 100_000,
        ..ONE
    },
    Run {
        name: "addresses",
        what: "any address, header and destination at the edge; snapshots",
        cargo: &["--package", "tributary-edge", "--lib"],
        cases: 20_000,
        ..ONE
    },
    Run {
        name: "arithmetic",
        what: "properties of money, attribution, commission, ledger and payouts",
        cargo: &[
            "--package",
            "tributary-money",
            "--package",
            "tributary-attribution",
            "--package",
            "tributary-commission",
            "--package",
            "tributary-ledger",
            "--package",
            "tributary-payout",
        ],
        cases: 5_000,
        minutes_max: 40,
        ..ONE
    },
    Run {
        name: "fuzz",
        what: "inputs guided by coverage: click ids, entries, segments, addresses, headers, snapshots, \
               postbacks",
        cargo: &["--package", "xtask", "--test", "fuzz"],
        minutes_max: 40,
        ..ONE
    },
    Run {
        name: "everything",
        what: "all tests there are, thorough, but kills, power and fuzz",
        cargo: &["--workspace"],
        tests: &[
            "--skip",
            "nothing_acknowledged_is_lost",
            "--skip",
            "survives_the_power",
            "--skip",
            "every_target_is_declared",
        ],
        minutes_max: 90,
        ..ONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_own() {
        let mut names: Vec<_> = PLAN.iter().map(|run| run.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PLAN.len());
    }
}
