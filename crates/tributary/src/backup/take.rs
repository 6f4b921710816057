//! Taking a backup.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tributary_kernel::{Clock as _, SystemClock, SystemEntropy, Timestamp};
use tributary_spool::{Offset, SpoolReader};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store::{decision, organisation, touches};
use tributary_store_sqlite::SqliteEngine;

use super::BackupError;
use super::compare::digest_of;
use super::files::{Shelf, Unfinished, create_folder, io_at};
use super::hold::Hold;
use super::manifest::{FORMAT, LastBackup, Ledger, Manifest, Place, RESTORED};
use super::seal::Recipient;
use super::spool::{self, End};
use crate::config::Config;
use crate::open::{self, RECORD_FILE, SPOOL_FOLDER, TOUCHES_FILE};

/// The output of the operator's own command, such as `pg_dump`.
pub(crate) const DUMP_FILE: &str = "database.dump";
/// Plain copies on their way into a sealed backup; in the installation's folder, because the
/// backup's disk may be somebody else's.
const STAGING: &str = "backup.staging";

/// What to take.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) to: PathBuf,
    pub(crate) recipient: Option<Recipient>,
    /// Prints a copy of the PostgreSQL database.
    pub(crate) command: Vec<String>,
}

/// What was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) manifest: Manifest,
    pub(crate) bytes: u64,
    /// A damaged click log, in words.
    pub(crate) warning: Option<String>,
}

/// What the databases say.
struct Facts {
    engine: &'static str,
    record_schema: u32,
    touches_schema: u32,
    ingested: Offset,
    ledgers: Vec<Ledger>,
}

const fn place(offset: Offset) -> Place {
    Place { segment: offset.segment, byte: offset.byte }
}

/// Takes a backup, beside a running server or without one. See the module above for the order.
pub(crate) async fn take(config: &Config, plan: &Plan) -> Result<Taken, BackupError> {
    let folder = &config.folder;
    check_places(config, &plan.to)?;
    let begun_at = SystemClock.now();
    let _hold = Hold::take(folder).map_err(io_at(folder))?.ok_or(BackupError::Busy)?;
    let unfinished = Unfinished::beside(&plan.to)?;
    let entropy = SystemEntropy;
    let mut shelf = Shelf {
        folder: unfinished.path.clone(),
        recipient: plan.recipient.as_ref(),
        entropy: &entropy,
        files: Vec::new(),
    };
    let facts = if config.database.url.is_empty() {
        sqlite(config, &mut shelf).await?
    } else {
        postgres(config, &mut shelf, &plan.command).await?
    };
    let node = config.edge.node;
    let end = spool::end(&SpoolReader::new(folder.join(SPOOL_FOLDER), node), facts.ingested)?;
    spool::copy(&mut shelf, folder, node, &end)?;
    others(&mut shelf, folder)?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        begun_at,
        finished_at: SystemClock.now(),
        engine: facts.engine.to_owned(),
        record_schema: facts.record_schema,
        touches_schema: facts.touches_schema,
        node,
        ingested: place(facts.ingested),
        spool_end: place(end.offset()),
        ledgers: facts.ledgers,
        recipient: plan.recipient.as_ref().map(ToString::to_string),
        files: std::mem::take(&mut shelf.files),
    };
    manifest.write(&shelf.folder)?;
    shelf.sync()?;
    unfinished.keep_as(&plan.to)?;
    let bytes = manifest.files.iter().map(|file| file.bytes).sum();
    remember(folder, plan, begun_at, bytes)?;
    let warning = match end {
        End::Whole(_) => None,
        End::Damaged(_, error) => Some(error.to_string()),
    };
    Ok(Taken { manifest, bytes, warning })
}

fn check_places(config: &Config, to: &Path) -> Result<(), BackupError> {
    let folder = &config.folder;
    // Every start makes it first.
    if !folder.join(SPOOL_FOLDER).is_dir() && !folder.join(RECORD_FILE).is_file() {
        return Err(BackupError::NoInstallation(folder.clone()));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    create_folder(&folder.join(SPOOL_FOLDER))?;
    let (inside, above) = (folder.canonicalize().map_err(io_at(folder))?, parent(to));
    let above = above.canonicalize().map_err(io_at(above))?;
    if above.starts_with(&inside) {
        return Err(BackupError::Inside(to.to_owned()));
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn remember(folder: &Path, plan: &Plan, at: Timestamp, bytes: u64) -> Result<(), BackupError> {
    let to = plan.to.canonicalize().unwrap_or_else(|_| plan.to.clone());
    let to = to.display().to_string();
    LastBackup { at, to, bytes, sealed: plan.recipient.is_some() }.write(folder)
}

async fn facts(record: &dyn Engine, touches: &dyn Engine, node: u8) -> Result<Facts, BackupError> {
    let mut conn = touches.read().await?;
    let offset = touches::offset(&mut *conn, node).await?;
    drop(conn);
    let mut conn = record.read().await?;
    let mut ledgers = Vec::new();
    for it in organisation::all_organisations(&mut *conn).await? {
        let head = decision::head(&mut *conn, it.id).await?;
        let transfers = head.as_ref().map_or(0, |head| head.transfer_seq);
        let frontier = head.as_ref().map(digest_of);
        ledgers.push(Ledger { organisation: it.id, transfers, frontier });
    }
    drop(conn);
    Ok(Facts {
        engine: record.name(),
        record_schema: record.schema_version(MigrationSet::Record).await?,
        touches_schema: touches.schema_version(MigrationSet::Touches).await?,
        ingested: Offset { segment: offset.segment, byte: offset.byte },
        ledgers,
    })
}

/// Copies both files, touches first, and asks the copies.
async fn sqlite(config: &Config, shelf: &mut Shelf<'_>) -> Result<Facts, BackupError> {
    let staging = match shelf.recipient {
        None => Staging::none(&shelf.folder),
        Some(_) => Staging::new(&config.folder)?,
    };
    for name in [TOUCHES_FILE, RECORD_FILE] {
        let live = open::sqlite(&config.folder, name, 1)?;
        live.backup_to(staging.folder.join(name)).await?;
        live.close().await?;
    }
    let open = |name| open::sqlite(&staging.folder, name, 1).map(Arc::new);
    let (record, touches): (Arc<SqliteEngine>, _) = (open(RECORD_FILE)?, open(TOUCHES_FILE)?);
    let facts = facts(&*record, &*touches, config.edge.node).await?;
    record.close().await?;
    touches.close().await?;
    for name in [TOUCHES_FILE, RECORD_FILE] {
        match shelf.recipient {
            None => shelf.adopt(name)?,
            Some(_) => shelf.put_file(name, &staging.folder.join(name), u64::MAX)?,
        }
    }
    Ok(facts)
}

/// Where plain copies stand meanwhile.
struct Staging {
    folder: PathBuf,
    own: bool,
}

impl Staging {
    fn none(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), own: false }
    }

    fn new(installation: &Path) -> Result<Self, BackupError> {
        let folder = installation.join(STAGING);
        // Of a backup that broke off; nobody else is taking one.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(io_at(&folder))?;
        }
        create_folder(&folder)?;
        Ok(Self { folder, own: true })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.own {
            // What cannot be removed now is removed by the next backup.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Asks the server where things stand, then has the operator's command copy it.
async fn postgres(
    config: &Config,
    shelf: &mut Shelf<'_>,
    command: &[String],
) -> Result<Facts, BackupError> {
    let engines = open::engines(config).await?;
    let facts = facts(&*engines.record, &*engines.touches, config.edge.node).await?;
    let Some((program, arguments)) = command.split_first() else { return Ok(facts) };
    let failed = |detail: String| BackupError::Command { command: program.clone(), detail };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let output = child.stdout.take().expect("it was asked for");
    let stored = shelf.put(DUMP_FILE, output);
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    stored?;
    if !status.success() {
        return Err(failed(status.to_string()));
    }
    Ok(facts)
}

/// Whether a file of the folder is taken as it is.
fn is_kept(name: &str) -> bool {
    let ends = [".new", ".partial", ".hold", ".turn", ".staging", ".lock", ".tmp"];
    let own = ["salts", "mail", SPOOL_FOLDER, "backup.json", RESTORED];
    !name.contains(".db") && !own.contains(&name) && !ends.iter().any(|end| name.ends_with(end))
}

/// Keys, the kept snapshot, and whatever else stands in the folder.
fn others(shelf: &mut Shelf<'_>, folder: &Path) -> Result<(), BackupError> {
    let mut open = vec![String::new()];
    while let Some(within) = open.pop() {
        let path = folder.join(&within);
        for entry in std::fs::read_dir(&path).map_err(io_at(&path))? {
            let entry = entry.map_err(io_at(&path))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !is_kept(&name) {
                continue;
            }
            let name = if within.is_empty() { name } else { format!("{within}/{name}") };
            let kind = entry.file_type().map_err(io_at(&path))?;
            if kind.is_dir() {
                open.push(name);
            } else if kind.is_file() {
                shelf.put_file(&name, &entry.path(), u64::MAX)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_as_it_is() {
        for name in ["master.key", "tree.key", "snapshot.bin", "demo.world"] {
            assert!(is_kept(name), "{name}");
        }
        for name in [
            "record.db",
            "record.db-wal",
            "touches.db.before-touches-0001",
            "salts",
            "mail",
            "spool",
            "spool.hold",
            "backup.json",
            "backup.staging",
            "restored.json",
        ] {
            assert!(!is_kept(name), "{name}");
        }
    }
}
