use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::io::{OpenMode, SpoolIo, read_range};
use crate::segment::{quarantine_path, segment_path};

/// Why bytes were not set aside.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// Backwards, or past the end of the segment.
    #[error("the range {begin}..{end} is not in the segment, which has {length} bytes")]
    Range {
        /// Its first byte.
        begin: u64,
        /// The byte after its last.
        end: u64,
        /// Length of the segment's file.
        length: u64,
    },
    /// The disk said no.
    #[error("could not set bytes of {path} aside")]
    Io {
        /// The segment's file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

/// Sets a range of a segment aside: its bytes go into a `.quarantine` file beside it, and readers
/// who cannot read at its beginning go on at its end. The segment itself is left as it is. The
/// range is that of [`ReadError::Corrupt`](crate::ReadError::Corrupt) or `Entry`: `byte..resume_at`
/// (empty where a segment ends without its close). Returns the new file.
///
/// # Errors
/// When the range is not in the segment, or the disk fails.
pub fn quarantine(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    segment: u64,
    range: Range<u64>,
) -> Result<PathBuf, QuarantineError> {
    let path = segment_path(dir, node, segment);
    let failed = |source| QuarantineError::Io { path: path.clone(), source };
    let file = io.open(&path, OpenMode::Read).map_err(failed)?;
    let length = file.length().map_err(failed)?;
    let count = range.end.checked_sub(range.start).filter(|_| range.end <= length);
    let count = count.and_then(|count| usize::try_from(count).ok());
    let Some(count) = count else {
        return Err(QuarantineError::Range { begin: range.start, end: range.end, length });
    };
    let bytes = read_range(&*file, range.start, count).map_err(failed)?;
    let kept = quarantine_path(dir, node, segment, range.start);
    // Under another name until it is whole: the file's length says where to go on.
    let unfinished = kept.with_extension("unfinished");
    let keep = || -> io::Result<()> {
        let copy = io.open(&unfinished, OpenMode::Create)?;
        copy.write_all_at(&bytes, 0)?;
        copy.sync_data()?;
        io.rename(&unfinished, &kept)?;
        io.sync_dir(dir)
    };
    keep().map_err(failed)?;
    Ok(kept)
}
