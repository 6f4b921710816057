//! Where a tool may be. A set environment variable is the only place looked at: who sets it means
//! it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the folder of PostgreSQL's server programs.
pub(crate) const POSTGRES_BIN: &str = "TRIBUTARY_POSTGRES_BIN";
/// Names the Python that has sepaxml.
pub(super) const SEPAXML_PYTHON: &str = "TRIBUTARY_SEPAXML_PYTHON";

const POSTGRES_PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// The folder with PostgreSQL's server programs: on the path, or the newest version in the folders
/// where packages put them, off the path. The tests' `testkit` looks in the same order.
pub(super) fn postgres(_root: &Path) -> Option<PathBuf> {
    let whole = |folder: &PathBuf| POSTGRES_PROGRAMS.iter().all(|name| folder.join(name).is_file());
    if let Some(folder) = std::env::var_os(POSTGRES_BIN) {
        return Some(PathBuf::from(folder)).filter(whole);
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    // A program on the path is often a link into the folder that has the others.
    let linked = on_path("postgres").and_then(|program| program.canonicalize().ok());
    let linked = linked.and_then(|program| program.parent().map(Path::to_owned));
    let packaged = versions.into_iter().rev().map(|(_, folder)| folder);
    linked.into_iter().chain(packaged).chain([PathBuf::from("/usr/local/pgsql/bin")]).find(whole)
}

/// The browser's program.
pub(super) fn chromium(_root: &Path) -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    program("TRIBUTARY_CHROMIUM", &names)
}

/// The browser's driver.
pub(super) fn chromedriver(_root: &Path) -> Option<PathBuf> {
    program("TRIBUTARY_CHROMEDRIVER", &["chromedriver"])
}

/// What runs the test of the landing pages' script.
pub(super) fn node(_root: &Path) -> Option<PathBuf> {
    program("TRIBUTARY_NODE", &["node", "nodejs"])
}

/// A Python that imports sepaxml: that of the environment an earlier run made, if what it was
/// asked to hold has not changed since.
pub(super) fn sepaxml_python(root: &Path) -> Option<PathBuf> {
    let imports = |python: &PathBuf| {
        python_runs(python, "import sepaxml, lxml, xmlschema, aiosmtpd, trustme")
    };
    if let Some(python) = std::env::var_os(SEPAXML_PYTHON) {
        return Some(PathBuf::from(python)).filter(imports);
    }
    let asked = std::fs::read(environment_requirements(root)).ok()?;
    let current = wanted(root)?;
    Some(environment_python(root)).filter(|_| asked == current).filter(imports)
}

/// What the environment must hold: with dependencies, and without.
pub(super) fn requirements(root: &Path) -> [PathBuf; 2] {
    ["xtask/requirements.txt", "xtask/requirements-alone.txt"].map(|path| root.join(path))
}

/// Both as one text.
pub(super) fn wanted(root: &Path) -> Option<Vec<u8>> {
    let texts: Option<Vec<_>> =
        requirements(root).into_iter().map(|path| std::fs::read(path).ok()).collect();
    texts.map(|texts| texts.concat())
}

/// What the environment was asked to hold when it was made.
pub(super) fn environment_requirements(root: &Path) -> PathBuf {
    environment(root).join("requirements.txt")
}

/// The virtual environment that this task keeps.
pub(super) fn environment(root: &Path) -> PathBuf {
    root.join("target/sepaxml")
}

/// The Python of [`environment`].
pub(super) fn environment_python(root: &Path) -> PathBuf {
    environment(root).join("bin/python")
}

/// Whether `python3` is there with what a virtual environment needs, which Debian packages apart.
pub(super) fn python_can_make_environments() -> bool {
    python_runs(Path::new("python3"), "import venv, ensurepip")
}

fn python_runs(python: &Path, code: &str) -> bool {
    Command::new(python)
        .args(["-c", code])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first of `names` on the path, unless `variable` says otherwise.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(program) = std::env::var_os(variable) {
        return Some(PathBuf::from(program)).filter(|program| program.is_file());
    }
    names.iter().find_map(|name| on_path(name))
}

/// A program by name on the path.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    path().map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_name_and_a_stranger_is_not() {
        assert!(on_path("sh").is_some());
        assert_eq!(on_path("no-such-program-anywhere"), None);
    }

    #[test]
    fn python_without_the_module_does_not_count() {
        assert!(!python_runs(Path::new("python3"), "import no_such_module_anywhere"));
        assert!(!python_runs(Path::new("/no/such/python"), "pass"));
    }
}
