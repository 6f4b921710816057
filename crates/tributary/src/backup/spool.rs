//! The click log in a backup: where it ends, and its files.

use std::path::Path;

use tributary_spool::{Offset, ReadError, RealIo, SpoolReader, segments};

use super::BackupError;
use super::files::{Shelf, io_at};
use crate::open::SPOOL_FOLDER;

/// Entries read at once while looking for the end.
const ENTRIES_PER_READ: usize = 10_000;

/// Up to where a log reads.
#[derive(Debug)]
pub(crate) enum End {
    /// To its end.
    Whole(Offset),
    /// Up to bytes that do not read.
    Damaged(Offset, ReadError),
}

impl End {
    pub(crate) const fn offset(&self) -> Offset {
        match self {
            Self::Whole(offset) | Self::Damaged(offset, _) => *offset,
        }
    }
}

/// Reads from a place on, up to where the log ended at the time: behind a running edge that writes
/// as fast as this reads, the end itself is never reached. A batch that was not filled saw the end,
/// or stopped before bytes that do not read; the read after it tells which.
///
/// Beside a running edge, bytes that do not read may have been overtaken by those behind them: only
/// what does not read a second time is damaged.
pub(crate) fn end(reader: &SpoolReader, from: Offset) -> Result<End, BackupError> {
    let (mut place, mut doubted, mut seen) = (from, None, false);
    loop {
        match reader.read(place, ENTRIES_PER_READ) {
            Ok(batch) => {
                place = batch.next;
                let filled = batch.entries.len() >= ENTRIES_PER_READ;
                if seen && !filled {
                    return Ok(End::Whole(place));
                }
                seen = !filled;
            }
            Err(error @ ReadError::Io { .. }) => return Err(error.into()),
            Err(error) => {
                let at = match error {
                    ReadError::Corrupt { segment, byte, .. }
                    | ReadError::Entry { segment, byte, .. } => Offset { segment, byte },
                    _ => place,
                };
                if doubted == Some(at) {
                    return Ok(End::Damaged(at, error));
                }
                (doubted, place) = (Some(at), at);
            }
        }
    }
}

/// Puts the log's files on the shelf. Below the end everything is written and never changes again;
/// what the edge is just writing is left out. A damaged log is copied as it is.
pub(crate) fn copy(
    shelf: &mut Shelf<'_>,
    folder: &Path,
    node: u8,
    end: &End,
) -> Result<(), BackupError> {
    let spool = folder.join(SPOOL_FOLDER);
    let own = segments(&RealIo, &spool, node).map_err(io_at(&spool))?;
    let limit = |sequence: u64| match end {
        End::Damaged(..) => Some(u64::MAX),
        End::Whole(offset) if sequence < offset.segment => Some(u64::MAX),
        End::Whole(offset) if sequence == offset.segment => Some(offset.byte),
        End::Whole(_) => None,
    };
    for sequence in own {
        let name = tributary_spool::segment_name(node, sequence);
        if let Some(bytes_max) = limit(sequence) {
            shelf.put_file(&format!("{SPOOL_FOLDER}/{name}"), &spool.join(&name), bytes_max)?;
        }
    }
    for entry in std::fs::read_dir(&spool).map_err(io_at(&spool))? {
        let name = entry.map_err(io_at(&spool))?.file_name();
        let Some(name) = name.to_str().filter(|name| name.ends_with(".quarantine")) else {
            continue;
        };
        shelf.put_file(&format!("{SPOOL_FOLDER}/{name}"), &spool.join(name), u64::MAX)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tributary_click::{Consent, ConsentRecord, Entry};
    use tributary_kernel::{ManualClock, Timestamp};
    use tributary_spool::{LockGuard, OpenMode, Spool, SpoolConfig, SpoolFile, SpoolIo};

    use super::*;

    const NODE: u8 = 1;

    /// A disk on which the edge has written one more entry each time somebody looks.
    #[derive(Debug)]
    struct Busy {
        spool: Spool,
        looks: AtomicUsize,
    }

    impl Busy {
        fn write_one(&self) {
            let entry = Entry::Consent(ConsentRecord {
                click_id: tributary_click::ClickId::from_bytes([7; 16]),
                at: Timestamp::from_millisecond(1_790_000_000_000),
                state: Consent::Granted,
                previous: None,
            });
            let mut bytes = Vec::new();
            entry.encode(&mut bytes);
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(self.spool.append(&bytes)).expect("it is written");
        }
    }

    impl SpoolIo for Busy {
        fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn SpoolFile>> {
            let looks = self.looks.fetch_add(1, Ordering::Relaxed);
            assert!(looks < 100, "it runs after an end that moves on");
            self.write_one();
            RealIo.open(path, mode)
        }
        fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
            RealIo.create_dir_all(dir)
        }
        fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
            RealIo.list(dir)
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            RealIo.rename(from, to)
        }
        fn remove(&self, path: &Path) -> io::Result<()> {
            RealIo.remove(path)
        }
        fn sync_dir(&self, dir: &Path) -> io::Result<()> {
            RealIo.sync_dir(dir)
        }
        fn lock(&self, path: &Path) -> io::Result<Box<dyn LockGuard>> {
            RealIo.lock(path)
        }
    }

    #[test]
    fn the_end_of_a_log_that_grows_as_fast_as_it_is_read_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir: PathBuf = folder.path().to_owned();
        let clock = Arc::new(ManualClock::new(Timestamp::from_millisecond(1_790_000_000_000)));
        let config = SpoolConfig::new(dir.clone(), NODE);
        let (spool, _) = Spool::open(config, Arc::new(RealIo), clock).expect("it opens");
        let busy = Busy { spool, looks: AtomicUsize::new(0) };
        (0..50).for_each(|_| busy.write_one());
        let before = end(&SpoolReader::new(dir.clone(), NODE), Offset::START).expect("it reads");
        let reader = SpoolReader::with_io(Arc::new(busy), dir, NODE);
        let found = end(&reader, Offset::START).expect("it reads");
        assert!(matches!(found, End::Whole(_)), "{found:?}");
        assert!(found.offset() >= before.offset(), "{found:?} lacks some of {before:?}");
    }
}
