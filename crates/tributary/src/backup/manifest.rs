//! What a backup says of itself, and what the folder remembers of its last one.

use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use tributary_kernel::{OrganisationId, Timestamp};

use super::BackupError;
use super::files::{create, hex_digest, io_at, sync_folder};

/// Format of the manifest and of the files beside it.
pub(crate) const FORMAT: u32 = 1;
/// File names.
pub(crate) const MANIFEST: &str = "manifest.json";
const MANIFEST_SUM: &str = "manifest.sha256";
/// In the installation's folder: when it was last backed up, and where to.
const LAST: &str = "backup.json";
/// In a restored folder whose database is restored by other tools: what that must hold.
pub(crate) const RESTORED: &str = "restored.json";

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Of the program that made it.
    pub(crate) version: String,
    /// Everything acknowledged before this is in it.
    pub(crate) begun_at: Timestamp,
    pub(crate) finished_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub(crate) engine: String,
    pub(crate) record_schema: u32,
    pub(crate) touches_schema: u32,
    /// Node of the spool.
    pub(crate) node: u8,
    /// Where ingest stood: everything from here on is in the spool of this backup.
    pub(crate) ingested: Place,
    /// Where the copied spool ends.
    pub(crate) spool_end: Place,
    /// Each ledger's length.
    pub(crate) ledgers: Vec<Ledger>,
    /// For whom the files are sealed; none: they are not.
    pub(crate) recipient: Option<String>,
    pub(crate) files: Vec<StoredFile>,
}

/// A place in the spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) segment: u64,
    pub(crate) byte: u64,
}

/// How long an organisation's ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) organisation: OrganisationId,
    pub(crate) transfers: i64,
    /// SHA-256 in hex of its tree's frontier at that length; none in backups of before it was kept.
    #[serde(default)]
    pub(crate) frontier: Option<String>,
}

/// A file of the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    /// In the installation's folder, with `/`.
    pub(crate) name: String,
    /// In the backup's.
    pub(crate) stored: String,
    /// Size of what is stored.
    pub(crate) bytes: u64,
    /// Its SHA-256 in hex.
    pub(crate) sha256: String,
}

impl Manifest {
    /// Writes it into a backup's folder, with its own sum.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_string_pretty(self).expect("a manifest is plain data") + "\n";
        let sum = format!("{}  {MANIFEST}\n", hex_digest(text.as_bytes()));
        for (name, text) in [(MANIFEST, text), (MANIFEST_SUM, sum)] {
            let path = folder.join(name);
            let mut file = create(&path)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io_at(&path))?;
        }
        sync_folder(folder)
    }

    /// Leaves it in a restored folder.
    pub(crate) fn leave_in(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(RESTORED);
        let text = serde_json::to_string_pretty(self).expect("a manifest is plain data") + "\n";
        let mut file = create(&path)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io_at(&path))
    }

    /// What was left in a folder; none in one that was not restored.
    pub(crate) fn left_in(folder: &Path) -> Result<Option<Self>, BackupError> {
        let path = folder.join(RESTORED);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_at(&path)(error)),
        };
        let damaged = |error: serde_json::Error| BackupError::Damaged {
            name: RESTORED.to_owned(),
            detail: error.to_string(),
        };
        serde_json::from_slice(&text).map(Some).map_err(damaged)
    }

    /// Reads and checks it.
    pub(crate) fn read(folder: &Path) -> Result<Self, BackupError> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(io_at(&path))
        };
        let (text, sum) = (read(MANIFEST)?, read(MANIFEST_SUM)?);
        let damaged = || BackupError::Damaged {
            name: MANIFEST.to_owned(),
            detail: "it is not what was written".to_owned(),
        };
        if sum != format!("{}  {MANIFEST}\n", hex_digest(text.as_bytes())) {
            return Err(damaged());
        }
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|_| damaged())?;
        match value["format"].as_u64() {
            Some(format) if format == u64::from(FORMAT) => {}
            format => return Err(BackupError::Format(format.unwrap_or(0))),
        }
        let manifest: Self = serde_json::from_value(value).map_err(|_| damaged())?;
        let outside = |name: &String| {
            !Path::new(name).components().all(|it| matches!(it, Component::Normal(_)))
        };
        let mut files = manifest.files.iter();
        if files.any(|it| outside(&it.name) || outside(&it.stored)) {
            return Err(damaged());
        }
        Ok(manifest)
    }
}

/// What the folder remembers of its last backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastBackup {
    /// It holds everything acknowledged before.
    pub(crate) at: Timestamp,
    /// Where it was put.
    pub(crate) to: String,
    pub(crate) bytes: u64,
    pub(crate) sealed: bool,
}

impl LastBackup {
    /// What is remembered; none when there was none, or the note does not read.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(LAST)).ok()?).ok()
    }

    /// Remembers.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let (path, new) = (folder.join(LAST), folder.join(format!("{LAST}.new")));
        let text = serde_json::to_vec(self).expect("plain data");
        fs::write(&new, text).and_then(|()| fs::rename(&new, &path)).map_err(io_at(&path))
    }
}
