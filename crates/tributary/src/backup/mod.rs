//! Backups of a whole installation, taken while it serves, and what is made of them.
//!
//! The databases, the click log and the other files change all the time and no transaction spans
//! them. What makes a backup one is the order in which they are copied:
//!
//! 1. The click log is *held* ([`hold`]): nothing is removed from it.
//! 2. Touches, with ingest's place in the log.
//! 3. The record. What the copied touches may change in it and was not queued yet is found by the
//!    first batch of ingest after the restore, which looks through what was decided lately.
//! 4. The click log, up to where it reads. It is copied last and nothing was removed since 1, so it
//!    begins before the copied place and ends after it.
//!
//! Restored, ingest goes on from its place and makes the same touches of the same clicks. Everything
//! acknowledged before 1 is there; of what came meanwhile, some.
//!
//! The day's salts are left out: they are to be destroyed after 48 hours, and a copy that stays
//! would undo that. A visitor who clicks again on the day of a restore may count as another.

pub(crate) mod compare;
mod files;
pub(crate) mod hold;
pub(crate) mod manifest;
pub(crate) mod restore;
pub(crate) mod seal;
mod spool;
pub(crate) mod take;

use std::io;
use std::path::PathBuf;

use tributary_spool::ReadError;
use tributary_store::engine::EngineError;

use crate::open::OpenError;

/// Why a backup was not taken, or not restored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    #[error("{path}: {error}", path = path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("there is no installation in {}", .0.display())]
    NoInstallation(PathBuf),
    #[error("{} is there already; name a new folder", .0.display())]
    Exists(PathBuf),
    #[error("{} is inside of the installation's folder", .0.display())]
    Inside(PathBuf),
    #[error("{} was left by a backup that broke off; remove it", .0.display())]
    Leftover(PathBuf),
    #[error("another backup of this folder is being taken")]
    Busy,
    #[error("{} is not empty; name a new folder", .0.display())]
    NotEmpty(PathBuf),
    #[error("`{command}` failed: {detail}")]
    Command { command: String, detail: String },
    #[error("{name} is damaged: {detail}")]
    Damaged { name: String, detail: String },
    #[error("the backup has format {0}, which this version does not read")]
    Format(u64),
    #[error("the backup is sealed for {recipient}; give its key with --identity")]
    Sealed { recipient: String },
    #[error("the backup is sealed for {recipient}, the identity is that of {given}")]
    OtherIdentity { recipient: String, given: String },
    #[error("the click log of the backup: {0}")]
    Spool(#[from] ReadError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    App(#[from] tributary_app::AppError),
    #[error("{0}")]
    Disagrees(String),
}
