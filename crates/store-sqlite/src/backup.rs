use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use tributary_store::engine::EngineError;

use crate::error::engine_error;

/// What [`SqliteEngine::backup_to`](crate::SqliteEngine::backup_to) made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupReport {
    /// Size of the copy.
    pub bytes: u64,
}

const ALL_PAGES: i32 = -1;

/// Copies a database in use into a new file in one read transaction, checks and syncs it.
pub(crate) fn copy_verified(source: &Path, target: &Path) -> Result<BackupReport, EngineError> {
    if target.exists() {
        return Err(EngineError::Fault(format!("{} is there already", target.display())));
    }
    let partial = partial_path(target);
    let made = copy(source, &partial).and_then(|()| verify(&partial)).and_then(|()| {
        let fault = |error: std::io::Error| io_error(target, &error);
        let file = File::open(&partial).map_err(fault)?;
        file.sync_all().map_err(fault)?;
        std::fs::rename(&partial, target).map_err(fault)?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(fault)?;
        folder.sync_all().map_err(fault)?;
        Ok(BackupReport { bytes: file.metadata().map_err(fault)?.len() })
    });
    if made.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    made
}

fn partial_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// In one step: between steps a writer would make the copy start again from the first page.
fn copy(source: &Path, partial: &Path) -> Result<(), EngineError> {
    match std::fs::remove_file(partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(io_error(partial, &error));
        }
        _ => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(source, flags).map_err(engine_error)?;
    let mut to = Connection::open(partial).map_err(engine_error)?;
    let backup = Backup::new(&from, &mut to).map_err(engine_error)?;
    match backup.step(ALL_PAGES).map_err(engine_error)? {
        StepResult::Done => Ok(()),
        other => Err(EngineError::Away(format!("the database is held: {other:?}"))),
    }
}

fn verify(copy: &Path) -> Result<(), EngineError> {
    let connection = Connection::open(copy).map_err(engine_error)?;
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(engine_error)?;
    if verdict != "ok" {
        return Err(EngineError::Fault(format!("the copy is not sound: {verdict}")));
    }
    Ok(())
}

fn io_error(path: &Path, error: &std::io::Error) -> EngineError {
    let words = format!("{}: {error}", path.display());
    if error.kind() == std::io::ErrorKind::StorageFull {
        EngineError::Full(words)
    } else {
        EngineError::Fault(words)
    }
}
