//! The edge, as its own example server: one thread that answers and one that commits, a snapshot
//! with one link, ingest absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Contestant, SERVER_CORE};
use crate::error::{BenchError, During};
use crate::machine;
use crate::process::{Server, finish, free_address};

/// Name under which the example's program is reached.
pub(super) const HOST: &str = "go.example";
/// The example's link.
pub(super) const PATH: &str = "/anna";

/// Builds the example with the profile of packages and says where it is.
pub(super) fn build() -> Result<PathBuf, BenchError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = machine::root();
    let mut command = Command::new(cargo);
    command
        .args(["build", "--profile", "dist", "--package", "tributary-edge"])
        .args(["--example", "redirect_server"])
        .current_dir(&root);
    finish(&mut command)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("dist/examples/redirect_server"))
}

/// Starts it on a free port with an empty spool.
pub(super) async fn start(
    program: &Path,
    contestant: Contestant,
    work: &Path,
) -> Result<Server, BenchError> {
    let folder = work.join("edge");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).during("the last run's spool")?;
    }
    std::fs::create_dir_all(&folder).during("the edge's folder")?;
    let address = free_address()?;
    let mut command = Command::new(program);
    command
        .args(["--listen", &address.to_string(), "--dir"])
        .arg(&folder)
        .args(["--durability", contestant.name()]);
    Server::start(&mut command, SERVER_CORE, address, &work.join("edge.log")).await
}
