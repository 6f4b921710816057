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

/// Reads from a place on. Beside a running edge, bytes that do not read may have been overtaken by
/// those behind them: only what does not read a second time is damaged.
pub(crate) fn end(reader: &SpoolReader, from: Offset) -> Result<End, BackupError> {
    let (mut place, mut doubted) = (from, None);
    loop {
        match reader.read(place, ENTRIES_PER_READ) {
            Ok(batch) if batch.entries.is_empty() && batch.next == place => {
                return Ok(End::Whole(place));
            }
            Ok(batch) => place = batch.next,
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
