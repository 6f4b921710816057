//! Entry point for fuzzing: any bytes as a segment.

use std::path::Path;
use std::sync::Arc;

use tributary_kernel::{ManualClock, Timestamp};

use crate::faults::FaultDisk;
use crate::frame::Header;
use crate::io::{OpenMode, SpoolIo};
use crate::segment::segment_path;
use crate::{Offset, ReadError, Spool, SpoolConfig, SpoolReader, quarantine};

const NODE: u8 = 1;

/// Takes `data` as a segment that was found (behind a whole header when its first byte is even),
/// reads it, opens the spool over it and reads it again.
///
/// # Panics
/// When reading or opening does, when reading does not come to an end, or when a place cannot be
/// set aside.
pub fn segment(data: &[u8]) {
    let disk = FaultDisk::new(0);
    let dir = Path::new("/spool");
    let mut bytes = Vec::new();
    if data.first().is_some_and(|first| first.is_multiple_of(2)) {
        let header = Header { node: NODE, sequence: 1, last_minted: None, seed: 0 };
        bytes.extend_from_slice(&header.encode());
    }
    bytes.extend_from_slice(data.get(1..).unwrap_or_default());
    let file = disk.open(&segment_path(dir, NODE, 1), OpenMode::Create);
    let file = file.expect("the disk is well");
    file.write_all_at(&bytes, 0).expect("the disk is well");
    let io: Arc<dyn SpoolIo> = Arc::new(disk);
    let reader = SpoolReader::with_io(Arc::clone(&io), dir.to_owned(), NODE);
    let _before = read(&*io, dir, &reader, false);
    let clock = Arc::new(ManualClock::new(Timestamp::from_millisecond(1_790_000_000_000)));
    // Small, so that zeros ahead do not take most of the time.
    let config = SpoolConfig { segment_bytes_max: 4_096, ..SpoolConfig::new(dir.to_owned(), NODE) };
    if let Ok((spool, _)) = Spool::open(config, Arc::clone(&io), clock) {
        drop(spool);
        assert!(read(&*io, dir, &reader, true), "after quarantine everything is passed");
    }
}

/// Whether reading came to the end.
fn read(io: &dyn SpoolIo, dir: &Path, reader: &SpoolReader, set_aside: bool) -> bool {
    let mut from = Offset::START;
    // Each turn passes at least a byte or ends.
    loop {
        match reader.read(from, 100) {
            Ok(batch) if batch.entries.is_empty() => return true,
            Ok(batch) => {
                assert!(batch.next > from, "reading goes forward");
                from = batch.next;
            }
            Err(
                ReadError::Corrupt { segment, byte, resume_at }
                | ReadError::Entry { segment, byte, resume_at, .. },
            ) if set_aside => {
                quarantine(io, dir, NODE, segment, byte..resume_at).expect("set aside");
            }
            Err(_) => return false,
        }
    }
}
