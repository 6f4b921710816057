//! What the output of `cargo test` says: how many tests passed, failed or were left out, and which
//! test programs took longest.

use std::time::Duration;

/// The sums over all test programs and doc tests.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Tests that did not run: marked to be ignored, or filtered out.
    pub(crate) left_out: u64,
    /// Test programs with their run time, in the order they ran.
    pub(crate) programs: Vec<(String, Duration)>,
    current: String,
}

impl Outcome {
    /// Takes one line of output into account.
    pub(crate) fn line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(program) = line.strip_prefix("Running ") {
            program.split(" (").next().unwrap_or(program).clone_into(&mut self.current);
            if let Some(binary) = line.rsplit('/').next() {
                // `target/debug/deps/tributary_money-0123456789abcdef)`: the hash says nothing.
                let name = binary.trim_end_matches(')');
                let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
                self.current = format!("{name} ({})", self.current);
            }
        } else if let Some(name) = line.strip_prefix("Doc-tests ") {
            self.current = format!("{name} (doc tests)");
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.result(result);
        }
    }

    /// `ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
    fn result(&mut self, result: &str) {
        let counts = result.split_once(". ").map_or(result, |(_, counts)| counts);
        for part in counts.split("; ") {
            if let Some(seconds) = part.strip_prefix("finished in ") {
                let seconds = seconds.trim_end_matches('s').parse().unwrap_or(0.0);
                self.programs.push((self.current.clone(), Duration::from_secs_f64(seconds)));
                continue;
            }
            let Some((count, what)) = part.split_once(' ') else { continue };
            let count: u64 = count.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" | "filtered out" => self.left_out += count,
                _ => {}
            }
        }
    }

    /// The programs that took longest, longest first.
    pub(crate) fn slowest(&self, count: usize) -> Vec<&(String, Duration)> {
        let mut programs: Vec<_> = self.programs.iter().collect();
        programs.sort_by_key(|(_, duration)| std::cmp::Reverse(*duration));
        programs.truncate(count);
        programs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
     Running unittests src/lib.rs (target/debug/deps/tributary_money-4f0c1d2e3a4b5c6d)
running 3 tests
test tests::a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s

     Running tests/tidy.rs (target/debug/deps/tidy-0123456789abcdef)
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 12.00s

   Doc-tests tributary_kernel
test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.25s
";

    #[test]
    fn sums_and_slowest() {
        let mut outcome = Outcome::default();
        OUTPUT.lines().for_each(|line| outcome.line(line));
        assert_eq!((outcome.passed, outcome.failed, outcome.left_out), (10, 2, 5));
        let names: Vec<_> = outcome.slowest(2).iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["tidy (tests/tidy.rs)", "tributary_money (unittests src/lib.rs)"]);
        assert_eq!(outcome.programs[2].0, "tributary_kernel (doc tests)");
    }

    #[test]
    fn other_lines_change_nothing() {
        let mut outcome = Outcome::default();
        outcome.line("   Compiling tributary-money v0.1.0");
        outcome.line("test result without counts");
        assert_eq!(outcome, Outcome::default());
    }
}
