use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tributary_app::verify::statement::{Comparison, ProofFile};

use crate::Failure;

/// Something does not hold.
const EXIT_DOES_NOT_HOLD: u8 = 1;
/// The file cannot be read.
const EXIT_UNREADABLE: u8 = 2;
/// The two files hold, but neither shows how they follow each other.
const EXIT_NOT_COMPARABLE: u8 = 3;

/// `tributary verify-statement`: needs no server, no configuration and no data.
#[derive(Debug, Args)]
pub(crate) struct VerifyStatement {
    /// The proof file of a statement.
    file: PathBuf,
    /// An older proof file of the same owner: has the ledger only grown since?
    #[arg(long)]
    against: Option<PathBuf>,
    /// The owner's key fingerprint as it is known from elsewhere.
    #[arg(long)]
    key: Option<String>,
}

impl VerifyStatement {
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        let Some((file, mut holds)) = check(&self.file) else {
            return Ok(ExitCode::from(EXIT_UNREADABLE));
        };
        if let Some(key) = &self.key {
            let same = key.trim().eq_ignore_ascii_case(&file.key.fingerprint());
            say(same, "the key is the one given", "");
            holds &= same;
        }
        let mut comparable = true;
        if let Some(path) = &self.against {
            let Some((older, older_holds)) = check(path) else {
                return Ok(ExitCode::from(EXIT_UNREADABLE));
            };
            holds &= older_holds;
            match file.compare(&older) {
                Comparison::Extended => say(true, "the ledger was only extended since", ""),
                Comparison::Rewritten(detail) => {
                    say(false, "the ledger was only extended since", &detail);
                    holds = false;
                }
                Comparison::NotComparable(detail) => {
                    println!("?   whether the ledger was only extended since: {detail}");
                    comparable = false;
                }
            }
        }
        Ok(match (holds, comparable) {
            (true, true) => {
                println!("Everything holds.");
                ExitCode::SUCCESS
            }
            (true, false) => ExitCode::from(EXIT_NOT_COMPARABLE),
            (false, _) => {
                println!("Something does not hold.");
                ExitCode::from(EXIT_DOES_NOT_HOLD)
            }
        })
    }
}

fn say(holds: bool, what: &str, detail: &str) {
    let mark = if holds { "yes" } else { "NO " };
    let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
    println!("{mark} {what}{detail}");
}

/// Checks one file and says what holds; none when it cannot be read.
fn check(path: &Path) -> Option<(ProofFile, bool)> {
    let shown = path.display();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{shown}: {error}");
            return None;
        }
    };
    let file = match ProofFile::from_bytes(&bytes) {
        Ok(file) => file,
        Err(error) => {
            eprintln!("{shown}: {error}");
            return None;
        }
    };
    let checked = file.check();
    println!("{shown}");
    if let Some(it) = &checked.statement {
        println!(
            "    {} for {}: paid {} {} for {} lines, {} to {}",
            it.payer.name,
            it.payee.name,
            it.sent().to_decimal_string(),
            it.currency,
            it.lines.len(),
            it.period.from,
            it.period.to
        );
    }
    println!("    key {}", checked.fingerprint);
    for it in &checked.findings {
        say(it.holds, &it.what, &it.detail);
    }
    Some((file, checked.holds()))
}
