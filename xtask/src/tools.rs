//! What the tests need beside Rust: PostgreSQL's server programs, a browser with its driver, Node.js,
//! and Python with a validator and a mail server. Each is found where the machine has it, or installed when this process may
//! (root and apt), or named with the exact thing to do.

mod install;
mod search;

pub(crate) use search::POSTGRES_BIN;

use std::fmt;
use std::path::{Path, PathBuf};

/// A tool, and the environment variable by which the tests are told where it is. A person sets the
/// same variable to choose another one.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) variable: &'static str,
    pub(crate) path: PathBuf,
}

/// A tool that is missing and could not be installed.
#[derive(Debug)]
pub(crate) struct Missing {
    need: &'static Need,
    /// What was tried and failed, if anything was.
    tried: Option<String>,
}

/// Something the tests need.
#[derive(Debug)]
struct Need {
    what: &'static str,
    why: &'static str,
    variable: &'static str,
    /// Alternatives in order of preference: Debian's packages, then Ubuntu's.
    packages: &'static [&'static [&'static str]],
    find: fn(root: &Path) -> Option<PathBuf>,
    instead: &'static str,
}

/// Every need, in the order they are looked for.
const NEEDS: [Need; 5] = [
    Need {
        what: "PostgreSQL's server programs (initdb, postgres, pg_ctl)",
        why: "the tests of the server engine start a throwaway server of their own",
        variable: POSTGRES_BIN,
        packages: &[&["postgresql"]],
        find: search::postgres,
        instead: "set TRIBUTARY_POSTGRES_BIN to the folder that holds them",
    },
    Need {
        what: "Chromium",
        why: "the browser test walks from a partner's link to a payout",
        variable: "TRIBUTARY_CHROMIUM",
        packages: &[&["chromium", "fonts-liberation"], &["chromium-browser", "fonts-liberation"]],
        find: search::chromium,
        instead: "install Chromium or Chrome and set TRIBUTARY_CHROMIUM to its program",
    },
    Need {
        what: "ChromeDriver, of the browser's version",
        why: "the browser test drives Chromium through it",
        variable: "TRIBUTARY_CHROMEDRIVER",
        packages: &[&["chromium-driver"], &["chromium-chromedriver"]],
        find: search::chromedriver,
        instead: "set TRIBUTARY_CHROMEDRIVER to the program",
    },
    Need {
        what: "Node.js",
        why: "the script of landing pages is tried under each consent",
        variable: "TRIBUTARY_NODE",
        packages: &[&["nodejs"]],
        find: search::node,
        instead: "install Node.js 18 or newer and set TRIBUTARY_NODE to its program",
    },
    Need {
        what: "Python 3 with sepaxml, lxml and aiosmtpd (xtask/requirements.txt)",
        why: "somebody else's validator must accept every bank file, and a mail server every mail",
        variable: search::SEPAXML_PYTHON,
        packages: &[&["python3", "python3-venv"]],
        find: search::sepaxml_python,
        instead: "make a virtual environment, `pip install -r xtask/requirements.txt` in it, and \
                  set TRIBUTARY_SEPAXML_PYTHON to its python",
    },
];

/// Finds every tool, installing what is missing if that is allowed.
///
/// # Errors
/// All tools that are still missing, not only the first.
pub(crate) fn ensure(root: &Path) -> Result<Vec<Found>, Vec<Missing>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for need in &NEEDS {
        match locate_or_install(need, root) {
            Ok(path) => found.push(Found { variable: need.variable, path }),
            Err(tried) => missing.push(Missing { need, tried }),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

fn locate_or_install(need: &Need, root: &Path) -> Result<PathBuf, Option<String>> {
    let locate = || (need.find)(root);
    if let Some(path) = locate() {
        return Ok(path);
    }
    // The virtual environment needs no packages where Python is already whole.
    let is_python = need.variable == search::SEPAXML_PYTHON;
    if is_python && search::python_can_make_environments() {
        println!(
            "test: installing xtask/requirements.txt into {}",
            search::environment(root).display()
        );
        install::sepaxml(root).map_err(Some)?;
        return locate().ok_or_else(|| Some("sepaxml does not import".into()));
    }
    if !install::allowed() {
        return Err(None);
    }
    println!("test: installing {} with apt-get", need.what);
    install::packages(need.packages).map_err(Some)?;
    if is_python {
        install::sepaxml(root).map_err(Some)?;
    }
    locate().ok_or_else(|| Some("the packages were installed, the tool is still not there".into()))
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let need = self.need;
        writeln!(f, "missing: {}\n  needed because {}", need.what, need.why)?;
        if let Some(tried) = &self.tried {
            writeln!(f, "  tried to install it: {tried}")?;
        }
        for (index, packages) in need.packages.iter().enumerate() {
            let system = match (need.packages.len(), index) {
                (1, _) => "Debian or Ubuntu",
                (_, 0) => "Debian",
                _ => "Ubuntu",
            };
            writeln!(f, "  {system}, as root: apt-get install {}", packages.join(" "))?;
        }
        write!(f, "  or: {}", need.instead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_says_what_to_do() {
        let missing = Missing { need: &NEEDS[1], tried: Some("apt-get: exit status 100".into()) };
        let text = missing.to_string();
        for part in [
            "missing: Chromium",
            "apt-get: exit status 100",
            "Debian, as root: apt-get install chromium fonts-liberation",
            "Ubuntu, as root: apt-get install chromium-browser",
            "TRIBUTARY_CHROMIUM",
        ] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }

    #[test]
    fn every_variable_is_its_own() {
        let mut variables: Vec<_> = NEEDS.iter().map(|need| need.variable).collect();
        variables.sort_unstable();
        variables.dedup();
        assert_eq!(variables.len(), NEEDS.len());
    }
}
