use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// For reading; it must exist.
    Read,
    /// For reading and writing; it must exist.
    Write,
    /// For reading and writing; made if missing, emptied if not.
    Create,
}

/// The disk as the spool sees it. [`RealIo`] is the operating system's; the `faults` module has
/// one that loses what was not synced.
pub trait SpoolIo: Send + Sync + fmt::Debug {
    /// Opens a file.
    ///
    /// # Errors
    /// The disk's.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn SpoolFile>>;
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// The disk's.
    fn create_dir_all(&self, dir: &Path) -> io::Result<()>;
    /// Names of the files in a folder, in no order.
    ///
    /// # Errors
    /// The disk's.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Gives a file another name, over whatever had it.
    ///
    /// # Errors
    /// The disk's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// The disk's.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes names made, changed and removed in a folder durable.
    ///
    /// # Errors
    /// The disk's.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Takes an exclusive lock on a file, made if missing, held until the guard is dropped.
    ///
    /// # Errors
    /// `WouldBlock` when another holds it; else the disk's.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn LockGuard>>;
}

/// Holds a lock while it lives.
pub trait LockGuard: Send + Sync + fmt::Debug {}

/// An open file.
pub trait SpoolFile: Send + Sync + fmt::Debug {
    /// Reads up to `into.len()` bytes at an offset; fewer only at the end of the file.
    ///
    /// # Errors
    /// The disk's.
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of `bytes` at an offset. After an error any part of it may stand there.
    ///
    /// # Errors
    /// The disk's; `StorageFull` or `QuotaExceeded` when there is no space.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Cuts or lengthens (with zeros) the file.
    ///
    /// # Errors
    /// The disk's.
    fn set_len(&self, length: u64) -> io::Result<()>;
    /// Its length.
    ///
    /// # Errors
    /// The disk's.
    fn length(&self) -> io::Result<u64>;
    /// Makes content and length durable (`fdatasync`). Never asked again after an error.
    ///
    /// # Errors
    /// The disk's.
    fn sync_data(&self) -> io::Result<()>;
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealIo;

impl SpoolIo for RealIo {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn SpoolFile>> {
        let mut options = OpenOptions::new();
        options.read(true);
        match mode {
            OpenMode::Read => {}
            OpenMode::Write => {
                options.write(true);
            }
            OpenMode::Create => {
                options.write(true).create(true).truncate(true);
            }
        }
        Ok(Box::new(RealFile(options.open(path)?)))
    }

    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            // A name that is not UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn LockGuard>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        file.try_lock().map_err(io::Error::from)?;
        Ok(Box::new(RealLock(file)))
    }
}

#[derive(Debug)]
struct RealLock(#[expect(dead_code, reason = "open, it holds the lock")] File);

impl LockGuard for RealLock {}

#[derive(Debug)]
struct RealFile(File);

impl SpoolFile for RealFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            match self.0.read_at(&mut into[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

/// Whether an error says that there is no space, which may come back, unlike a broken disk.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Reads `length` bytes from an offset, or as many as there are.
pub(crate) fn read_range(file: &dyn SpoolFile, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let count = file.read_at(&mut bytes, offset)?;
    bytes.truncate(count);
    Ok(bytes)
}

/// Reads a whole file.
pub(crate) fn read_all(file: &dyn SpoolFile) -> io::Result<Vec<u8>> {
    let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
    read_range(file, 0, length)
}
