//! `cargo xtask bench`: hands over to the `tributary-bench` program. It is a package of its own, so
//! that `cargo xtask test` does not build what only a benchmark needs.

use std::path::Path;
use std::process::{ExitCode, Stdio};

/// Builds with the profile of packages (`dist`) and runs.
pub(crate) fn run(root: &Path, arguments: &[String]) -> ExitCode {
    let status = crate::cargo()
        .args(["run", "--profile", "dist", "--package", "tributary-bench", "--"])
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: cargo did not start: {error}");
            ExitCode::FAILURE
        }
    }
}
