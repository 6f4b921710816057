use std::io;
use std::path::{Path, PathBuf};

use crate::io::SpoolIo;

/// A place in the spool of one node: a segment and a byte of its file. Later places compare
/// greater. Kept by a reader in the same transaction as what it made of the entries before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset {
    /// Sequence number of the segment, from 1.
    pub segment: u64,
    /// Byte of its file; 0 is its beginning.
    pub byte: u64,
}

impl Offset {
    /// Before everything: the first segment there is, whichever that be.
    pub const START: Self = Self { segment: 0, byte: 0 };
}

/// Name of a segment's file: `{node:02}-{sequence:016}.spool`.
#[must_use]
pub fn segment_name(node: u8, sequence: u64) -> String {
    format!("{node:02}-{sequence:016}.spool")
}

/// Sequence number in a segment's name, if it is one of `node`.
fn sequence_in(name: &str, node: u8) -> Option<u64> {
    let sequence = name.strip_suffix(".spool")?.split_once('-')?.1.parse().ok()?;
    (segment_name(node, sequence) == name).then_some(sequence)
}

pub(crate) fn segment_path(dir: &Path, node: u8, sequence: u64) -> PathBuf {
    dir.join(segment_name(node, sequence))
}

/// Where bytes of a segment that could not be read are set aside: the range begins at the byte
/// in the name and is as long as the file.
pub(crate) fn quarantine_path(dir: &Path, node: u8, sequence: u64, byte: u64) -> PathBuf {
    dir.join(format!("{node:02}-{sequence:016}.{byte:012}.quarantine"))
}

pub(crate) fn lock_path(dir: &Path, node: u8) -> PathBuf {
    dir.join(format!("{node:02}.lock"))
}

/// Sequence numbers of the segments of a node, ascending.
///
/// # Errors
/// The disk's.
pub fn segments(io: &dyn SpoolIo, dir: &Path, node: u8) -> io::Result<Vec<u64>> {
    let names = io.list(dir)?;
    let mut found: Vec<u64> = names.iter().filter_map(|name| sequence_in(name, node)).collect();
    found.sort_unstable();
    Ok(found)
}
