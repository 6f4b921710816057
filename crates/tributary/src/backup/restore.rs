//! Making an installation of a backup: in a new folder, checked and verified before it gets its
//! name.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tributary_app::verify::{VerifyReport, verify};
use tributary_kernel::SystemClock;
use tributary_spool::{Lag, Offset, SpoolReader};
use tributary_store::engine::{Engine as _, MigrationSet};

use super::BackupError;
use super::compare::{Since, compare};
use super::files::{Hashing, Unfinished, create, create_folder, io_at, sync_folder};
use super::manifest::{Manifest, StoredFile};
use super::seal::{self, Identity};
use super::spool::{self, End};
use crate::open::{self, Engines, RECORD_FILE, SPOOL_FOLDER, TOUCHES_FILE};

/// What to restore.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) from: PathBuf,
    pub(crate) into: PathBuf,
    pub(crate) identity: Option<Identity>,
}

/// What was restored.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) manifest: Manifest,
    /// Of the ledger; none for PostgreSQL, whose database is restored by its own tools.
    pub(crate) report: Option<VerifyReport>,
    /// What of the click log is still to be taken in.
    pub(crate) to_ingest: Lag,
}

/// Restores. Nothing has its final name before every check has passed.
pub(crate) async fn restore(plan: &Plan) -> Result<Restored, BackupError> {
    let manifest = Manifest::read(&plan.from)?;
    check_identity(&manifest, plan.identity.as_ref())?;
    check_empty(&plan.into)?;
    let unfinished = Unfinished::beside(&plan.into)?;
    for file in &manifest.files {
        bring(plan, file, &unfinished.path)?;
    }
    create_folder(&unfinished.path.join(SPOOL_FOLDER))?;
    sync_all(&unfinished.path)?;
    let report = match manifest.engine.as_str() {
        "sqlite" => Some(check(&unfinished.path, &manifest).await?),
        _ => {
            manifest.leave_in(&unfinished.path)?;
            None
        }
    };
    let to_ingest = check_spool(&unfinished.path, &manifest)?;
    if plan.into.exists() {
        fs::remove_dir(&plan.into).map_err(io_at(&plan.into))?;
    }
    unfinished.keep_as(&plan.into)?;
    Ok(Restored { manifest, report, to_ingest })
}

fn check_identity(manifest: &Manifest, identity: Option<&Identity>) -> Result<(), BackupError> {
    let Some(recipient) = manifest.recipient.clone() else { return Ok(()) };
    let Some(identity) = identity else { return Err(BackupError::Sealed { recipient }) };
    let given = identity.recipient().to_string();
    if given == recipient { Ok(()) } else { Err(BackupError::OtherIdentity { recipient, given }) }
}

fn check_empty(into: &Path) -> Result<(), BackupError> {
    match fs::read_dir(into) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(into.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io_at(into)(error)),
    }
}

/// Brings a file over, when it is what was stored.
fn bring(plan: &Plan, it: &StoredFile, folder: &Path) -> Result<(), BackupError> {
    let damaged = |detail: String| BackupError::Damaged { name: it.stored.clone(), detail };
    let stored = plan.from.join(&it.stored);
    let file = File::open(&stored).map_err(|error| damaged(error.to_string()))?;
    let length = file.metadata().map_err(io_at(&stored))?.len();
    if length != it.bytes {
        return Err(damaged(format!("it has {length} bytes and had {}", it.bytes)));
    }
    let path = folder.join(&it.name);
    if let Some(within) = path.parent() {
        create_folder(within)?;
    }
    let mut into = BufWriter::new(create(&path)?);
    let mut from = BufReader::new(Hashing::new(file));
    let copied = match (&plan.identity, it.stored == it.name) {
        (Some(identity), false) => seal::open(&mut from, identity, &it.name, &mut into),
        _ => io::copy(&mut from, &mut into).map(|_| ()),
    };
    // What was not read because opening stopped still counts.
    let rest = io::copy(&mut from.by_ref().take(u64::MAX), &mut io::sink());
    rest.map_err(io_at(&stored))?;
    let (_, _, sha256) = from.into_inner().finish();
    if sha256 != it.sha256 {
        return Err(damaged("its sum is another than when it was stored".to_owned()));
    }
    copied.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => damaged(error.to_string()),
        _ => io_at(&path)(error),
    })?;
    into.flush().and_then(|()| into.get_ref().sync_all()).map_err(io_at(&path))
}

fn sync_all(folder: &Path) -> Result<(), BackupError> {
    for entry in fs::read_dir(folder).map_err(io_at(folder))? {
        let path = entry.map_err(io_at(folder))?.path();
        if path.is_dir() {
            sync_all(&path)?;
        }
    }
    sync_folder(folder)
}

/// Replays the ledger of the databases, and compares them with what the manifest says.
async fn check(folder: &Path, manifest: &Manifest) -> Result<VerifyReport, BackupError> {
    let open = |name| open::sqlite(folder, name, 2).map(Arc::new);
    let (record, touches) = (open(RECORD_FILE)?, open(TOUCHES_FILE)?);
    let newer = record.schema_version(MigrationSet::Record).await?;
    if newer > tributary_store_sqlite::newest_version(MigrationSet::Record) {
        let version = &manifest.version;
        let detail = format!("the backup was made by version {version}, whose schema is newer");
        return Err(BackupError::Disagrees(detail));
    }
    let found = compare(manifest, &*record, &*touches, Since::Nothing).await?;
    if !found.is_empty() {
        return Err(BackupError::Disagrees(found.join("; ")));
    }
    let engines = Engines {
        record: Arc::clone(&record) as _,
        touches: Arc::clone(&touches) as _,
        migrates_itself: true,
    };
    open::migrate(&engines).await?;
    let app = open::on_engines(engines, folder, Arc::new(SystemClock)).await?;
    let report = verify(&app, None, &mut |_| {}).await?;
    drop(app);
    record.close().await?;
    touches.close().await?;
    let said: i64 = manifest.ledgers.iter().map(|it| it.transfers).sum();
    if u64::try_from(said) != Ok(report.transfers) {
        let detail = format!("{} transfers were replayed, {said} were there", report.transfers);
        return Err(BackupError::Disagrees(detail));
    }
    Ok(report)
}

/// Reads the click log from the place of ingest to its end.
fn check_spool(folder: &Path, manifest: &Manifest) -> Result<Lag, BackupError> {
    let reader = SpoolReader::new(folder.join(SPOOL_FOLDER), manifest.node);
    let from = Offset { segment: manifest.ingested.segment, byte: manifest.ingested.byte };
    let until = Offset { segment: manifest.spool_end.segment, byte: manifest.spool_end.byte };
    match spool::end(&reader, from)? {
        End::Whole(end) if end == until => Ok(reader.lag(from)?),
        End::Damaged(at, _) if at == until => Ok(reader.lag(from)?),
        end => {
            let (at, said) = (end.offset(), until);
            let detail = format!("the click log reads to {at:?}, and did to {said:?}");
            Err(BackupError::Disagrees(detail))
        }
    }
}
