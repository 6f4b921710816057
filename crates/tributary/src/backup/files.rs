//! Files of a backup: made for their owner alone, hashed while they are written, synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tributary_kernel::Entropy;

use super::BackupError;
use super::manifest::StoredFile;
use super::seal::{Recipient, SealWriter};

/// Bytes copied at a time.
const BUFFER_BYTES: usize = 256 * 1024;
/// What the name of a sealed file ends with.
const SEALED: &str = ".sealed";

pub(crate) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { path, error }
}

/// A new file that nobody else may read.
pub(crate) fn create(path: &Path) -> Result<File, BackupError> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io_at(path))
}

/// A folder, with those above it, that nobody else may look into.
pub(crate) fn create_folder(path: &Path) -> Result<(), BackupError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io_at(path))
}

pub(crate) fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path).and_then(|folder| folder.sync_all()).map_err(io_at(path))
}

/// SHA-256 in hex.
pub(crate) fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes and counts what passes through.
pub(crate) struct Hashing<T> {
    inner: T,
    hash: Sha256,
    bytes: u64,
}

impl<T> Hashing<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// What it passed things to, how many bytes, and their SHA-256 in hex.
    pub(crate) fn finish(self) -> (T, u64, String) {
        (self.inner, self.bytes, hex(&self.hash.finalize()))
    }

    fn saw(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.saw(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.saw(&into[..count]);
        Ok(count)
    }
}

/// A backup's folder while it is filled.
pub(crate) struct Shelf<'a> {
    pub(crate) folder: PathBuf,
    pub(crate) recipient: Option<&'a Recipient>,
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) files: Vec<StoredFile>,
}

impl Shelf<'_> {
    /// Stores what `from` gives as the file `name`, sealed when there is a recipient.
    pub(crate) fn put(&mut self, name: &str, mut from: impl Read) -> Result<(), BackupError> {
        let stored = match self.recipient {
            Some(_) => format!("{name}{SEALED}"),
            None => name.to_owned(),
        };
        let path = self.folder.join(&stored);
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        let mut into = Hashing::new(create(&path)?);
        let write = || -> io::Result<(File, u64, String)> {
            let mut buffer = BufReader::with_capacity(BUFFER_BYTES, &mut from);
            let into = if let Some(recipient) = self.recipient {
                let mut sealing = SealWriter::new(into, recipient, name, self.entropy)?;
                io::copy(&mut buffer, &mut sealing)?;
                sealing.finish()?
            } else {
                io::copy(&mut buffer, &mut into)?;
                into
            };
            let (file, bytes, sha256) = into.finish();
            file.sync_all()?;
            Ok((file, bytes, sha256))
        };
        let (_, bytes, sha256) = write().map_err(io_at(&path))?;
        self.files.push(StoredFile { name: name.to_owned(), stored, bytes, sha256 });
        Ok(())
    }

    /// Stores a file of the disk, or its beginning.
    pub(crate) fn put_file(
        &mut self,
        name: &str,
        path: &Path,
        bytes_max: u64,
    ) -> Result<(), BackupError> {
        let file = File::open(path).map_err(io_at(path))?;
        self.put(name, file.take(bytes_max))
    }

    /// Takes a file in that was made in the folder itself.
    pub(crate) fn adopt(&mut self, name: &str) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        let adopt = || {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
            let mut reader = Hashing::new(File::open(&path)?);
            io::copy(&mut reader, &mut io::sink())?;
            let (file, bytes, sha256) = reader.finish();
            file.sync_all()?;
            Ok((bytes, sha256))
        };
        let (bytes, sha256) = adopt().map_err(io_at(&path))?;
        self.files.push(StoredFile {
            name: name.to_owned(),
            stored: name.to_owned(),
            bytes,
            sha256,
        });
        Ok(())
    }

    /// Syncs the folder and those in it.
    pub(crate) fn sync(&self) -> Result<(), BackupError> {
        for entry in fs::read_dir(&self.folder).map_err(io_at(&self.folder))? {
            let path = entry.map_err(io_at(&self.folder))?.path();
            if path.is_dir() {
                sync_folder(&path)?;
            }
        }
        sync_folder(&self.folder)
    }
}

/// A folder that goes away unless it is kept.
#[derive(Debug)]
pub(crate) struct Unfinished {
    pub(crate) path: PathBuf,
    kept: bool,
}

impl Unfinished {
    /// Makes `{target}.partial`, which must not be there.
    pub(crate) fn beside(target: &Path) -> Result<Self, BackupError> {
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        if path.exists() {
            return Err(BackupError::Leftover(path));
        }
        create_folder(&path)?;
        Ok(Self { path, kept: false })
    }

    /// Gives it its name, durably.
    pub(crate) fn keep_as(mut self, target: &Path) -> Result<(), BackupError> {
        fs::rename(&self.path, target).map_err(io_at(target))?;
        self.kept = true;
        sync_folder(target.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is found, and told, next time.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
