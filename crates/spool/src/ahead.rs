//! Makes the next segment's file while the last one is being written.
//!
//! A sync that has to make more than content durable (a file's length, its blocks, its name) waits
//! for the file system's journal, and the journal may wait for whatever others have written to the
//! same disk: on ext4 beside a program that had written 400 MB, 180 ms instead of 0.1. Overwriting
//! synced zeros in a file whose name is synced needs none of that. So the journal is waited for
//! here, where nobody waits for us.
//!
//! The file has its final name and nothing but zeros, not even a header: whoever finds it after a
//! crash knows that it was never begun.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::io::{OpenMode, SpoolFile, SpoolIo};

/// Written and synced at a time: what the committer's own syncs may have to stand behind.
const PIECE_BYTES: usize = 256 * 1024;
static ZEROS: [u8; PIECE_BYTES] = [0; PIECE_BYTES];

/// A file of synced zeros under a synced name.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) file: Box<dyn SpoolFile>,
    pub(crate) bytes: u64,
}

/// At most one file that is being made, or is made and not yet used.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    making: Option<JoinHandle<Option<Prepared>>>,
    made: Option<Prepared>,
}

impl Ahead {
    /// Begins to make a file of `bytes` zeros, unless there is one already. It is made by a thread
    /// of its own, and only if everything about it goes well.
    pub(crate) fn begin(&mut self, io: Arc<dyn SpoolIo>, path: PathBuf, bytes: u64) {
        if self.making.is_some() || self.made.is_some() {
            return;
        }
        let make = move || match prepare(&*io, &path, bytes) {
            Ok(file) => Some(Prepared { file, bytes }),
            Err(error) => {
                tracing::warn!(error = %error, "spool.not_prepared");
                // If it stays it is found empty and removed when the spool is opened.
                drop(io.remove(&path));
                None
            }
        };
        let thread = std::thread::Builder::new().name("spool-ahead".to_owned()).spawn(make);
        self.making = thread.ok();
    }

    /// Whether a file is there to be taken. Does not wait.
    pub(crate) fn is_ready(&mut self) -> bool {
        if self.making.as_ref().is_some_and(JoinHandle::is_finished) {
            self.wait();
        }
        self.made.is_some()
    }

    /// The file, once it is made; none when none was begun or it could not be made.
    pub(crate) fn take(&mut self) -> Option<Prepared> {
        self.wait();
        self.made.take()
    }

    fn wait(&mut self) {
        if let Some(making) = self.making.take() {
            // A panic was reported by its hook; the committer makes its own file then.
            self.made = making.join().ok().flatten();
        }
    }
}

impl Drop for Ahead {
    /// Nothing may be made any more when the spool has let go of its folder.
    fn drop(&mut self) {
        self.wait();
    }
}

fn prepare(io: &dyn SpoolIo, path: &Path, bytes: u64) -> io::Result<Box<dyn SpoolFile>> {
    let file = io.open(path, OpenMode::Create)?;
    let mut at = 0;
    while at < bytes {
        let piece = usize::try_from(bytes - at).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        file.write_all_at(&ZEROS[..piece], at)?;
        file.sync_data()?;
        at += piece as u64;
    }
    io.sync_dir(path.parent().unwrap_or(Path::new(".")))?;
    Ok(file)
}
