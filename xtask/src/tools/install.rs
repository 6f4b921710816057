//! Installing, without a question asked: by apt as root, and by pip into a folder of our own.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::search;

/// Installing into the system is allowed to root where apt is; nobody else is asked for a password.
pub(super) fn allowed() -> bool {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    root && search::on_path("apt-get").is_some()
}

/// Installs the first alternative that this system's archive knows.
///
/// # Errors
/// What failed, in words for the terminal.
pub(super) fn packages(alternatives: &[&[&str]]) -> Result<(), String> {
    // A fresh machine has no package lists. Failing here is not final: one unreachable archive
    // among several fails the update, and the lists may be good enough without it.
    let updated = run(apt_get().arg("update"));
    let known = alternatives.iter().find(|packages| packages.iter().all(|name| is_known(name)));
    let Some(packages) = known else {
        let names = alternatives.iter().map(|packages| packages.join(" "));
        let unknown = format!("apt knows no package {}", names.collect::<Vec<_>>().join(", nor "));
        return Err(updated.err().map_or(unknown.clone(), |error| format!("{unknown}; {error}")));
    };
    run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(*packages))
}

/// Makes the virtual environment and fills it with what `xtask/requirements.txt` pins.
///
/// # Errors
/// What failed, in words for the terminal.
pub(super) fn sepaxml(root: &Path) -> Result<(), String> {
    let environment = search::environment(root);
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let install = |more: &[&str], requirements: &Path| {
        run(Command::new(search::environment_python(root))
            .args(["-m", "pip", "install", "--quiet"])
            .args(more)
            .arg("--requirement")
            .arg(requirements))
    };
    let [requirements, alone] = search::requirements(root);
    install(&[], &requirements)?;
    install(&["--no-deps"], &alone)?;
    // Last, so that an environment broken off half-way is made again.
    let wanted = search::wanted(root).ok_or("xtask/requirements.txt cannot be read")?;
    std::fs::write(search::environment_requirements(root), wanted)
        .map_err(|error| format!("{}: {error}", environment.display()))
}

/// A candidate version exists: `apt-cache show` also succeeds for a name that is only mentioned.
fn is_known(package: &str) -> bool {
    Command::new("apt-cache")
        .args(["policy", package])
        .env("LC_ALL", "C")
        .output()
        .is_ok_and(|output| has_candidate(&String::from_utf8_lossy(&output.stdout)))
}

fn has_candidate(policy: &str) -> bool {
    policy.lines().any(|line| {
        line.trim().strip_prefix("Candidate:").is_some_and(|version| version.trim() != "(none)")
    })
}

/// `apt-get` that neither asks nor waits for ever: for another apt five minutes, for a dead mirror
/// half a minute and one retry.
fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(["-o", "Acquire::Retries=1"])
        .args(["-o", "Acquire::http::Timeout=30"])
        .args(["-o", "Acquire::https::Timeout=30"]);
    command
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program}: {status}")),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_candidate_is_not_known() {
        assert!(has_candidate("chromium:\n  Installed: (none)\n  Candidate: 150.0-1\n"));
        assert!(!has_candidate("chromium:\n  Installed: (none)\n  Candidate: (none)\n"));
        assert!(!has_candidate(""));
    }

    #[test]
    fn a_failing_program_is_named() {
        assert_eq!(run(&mut Command::new("true")), Ok(()));
        assert!(run(&mut Command::new("false")).unwrap_err().starts_with("false: exit status"));
        assert!(run(&mut Command::new("/no/such/program")).unwrap_err().contains("/no/such"));
    }
}
