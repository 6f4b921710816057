use std::io;
use std::path::Path;

use tributary_click::{Entry, LastMinted};

use crate::frame::{self, Found, Frame, HEADER_BYTES, Header, HeaderFault};
use crate::io::{OpenMode, SpoolIo, read_all};
use crate::segment::{Offset, segment_path, segments};
use crate::spool::SpoolError;

/// What was found when a spool was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The highest click id on record: minting begins past it.
    pub last_minted: Option<LastMinted>,
    /// Bytes cut from the last segment: a write that a crash tore, and that nobody was told had
    /// succeeded.
    pub truncated_bytes: u64,
    /// The first synced bytes of the last segment that do not read as they were written. They
    /// stay as they are; readers stop there.
    pub corrupt: Option<Offset>,
    /// Segments found.
    pub segments: usize,
}

/// Mends the last segment of a node, and tells its sequence number (0 when there is none).
pub(crate) fn recover(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
) -> Result<(Recovery, u64), SpoolError> {
    let mut found = segments(io, dir, node).map_err(SpoolError::io("list", dir))?;
    let bytes = last_begun(io, dir, node, &mut found)?;
    let mut recovery = Recovery { segments: found.len(), ..Recovery::default() };
    let Some((&last, before)) = found.split_last() else { return Ok((recovery, 0)) };
    match header_of(&bytes, node, last) {
        Ok(header) => {
            let scan = Scan::of(&bytes, &header);
            recovery.last_minted = scan.last_minted;
            recovery.truncated_bytes = scan.torn_bytes;
            recovery.corrupt = scan.corrupt.map(|byte| Offset { segment: last, byte });
            if !scan.closed {
                let frame = frame::close(scan.entries, header.seed);
                end_segment(io, dir, node, last, scan.end, &frame)?;
            }
        }
        Err(HeaderFault::Format(format)) => {
            return Err(SpoolError::Format { segment: last, format });
        }
        Err(HeaderFault::Bad) => {
            recovery.last_minted = highest_minted(io, dir, node, before)?;
            // Frames are written once the header is synced: without any, the segment was just
            // being made; with some, its header was destroyed.
            if bytes.iter().skip(HEADER_BYTES).any(|&byte| byte != 0) {
                recovery.corrupt = Some(Offset { segment: last, byte: 0 });
            } else {
                remake_empty(io, dir, node, last, recovery.last_minted)?;
            }
        }
    }
    Ok((recovery, last))
}

/// Removes segments at the end that were made and never begun, and reads the one before them.
fn last_begun(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    found: &mut Vec<u64>,
) -> Result<Vec<u8>, SpoolError> {
    while let Some(&last) = found.last() {
        let bytes = read_segment(io, dir, node, last)?;
        if !never_begun(&bytes) {
            return Ok(bytes);
        }
        // Its name may come back with a crash; so will this.
        let path = segment_path(dir, node, last);
        io.remove(&path).map_err(SpoolError::io("remove", &path))?;
        found.pop();
    }
    Ok(Vec::new())
}

/// Whether these are all the bytes of a segment that was only made: a header is synced before the
/// first frame is written, so without a header there never was an entry.
pub(crate) fn never_begun(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

fn read_segment(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    sequence: u64,
) -> Result<Vec<u8>, SpoolError> {
    let path = segment_path(dir, node, sequence);
    let read = || read_all(&*io.open(&path, OpenMode::Read)?);
    read().map_err(SpoolError::io("read", &path))
}

/// The header of a segment, if it is the one its name says.
pub(crate) fn header_of(bytes: &[u8], node: u8, sequence: u64) -> Result<Header, HeaderFault> {
    let header = Header::decode(bytes)?;
    let named = header.node == node && header.sequence == sequence;
    if named { Ok(header) } else { Err(HeaderFault::Bad) }
}

/// The highest id in `sequences`: the newest whose header is whole knows of all before it.
fn highest_minted(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    sequences: &[u64],
) -> Result<Option<LastMinted>, SpoolError> {
    for &sequence in sequences.iter().rev() {
        let bytes = read_segment(io, dir, node, sequence)?;
        if let Ok(header) = header_of(&bytes, node, sequence) {
            return Ok(Scan::of(&bytes, &header).last_minted);
        }
    }
    Ok(None)
}

/// Cuts a segment at `end` and puts a last frame there.
fn end_segment(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    sequence: u64,
    end: u64,
    frame: &[u8],
) -> Result<(), SpoolError> {
    let path = segment_path(dir, node, sequence);
    let mend = || -> io::Result<()> {
        let file = io.open(&path, OpenMode::Write)?;
        // First everything that stays is made sure of: a close frame says that it is.
        file.sync_data()?;
        file.set_len(end)?;
        file.write_all_at(frame, end)?;
        file.sync_data()
    };
    mend().map_err(SpoolError::io("mend", &path))
}

/// Writes a segment whose making was interrupted again, without entries.
fn remake_empty(
    io: &dyn SpoolIo,
    dir: &Path,
    node: u8,
    sequence: u64,
    last_minted: Option<LastMinted>,
) -> Result<(), SpoolError> {
    let header = Header { node, sequence, last_minted, seed: 0 };
    let path = segment_path(dir, node, sequence);
    let make = || -> io::Result<()> {
        let file = io.open(&path, OpenMode::Write)?;
        file.set_len(0)?;
        file.write_all_at(&header.encode(), 0)?;
        file.write_all_at(&frame::close(0, header.seed), HEADER_BYTES as u64)?;
        file.sync_data()?;
        io.sync_dir(dir)
    };
    make().map_err(SpoolError::io("mend", &path))
}

/// What a segment's frames are, read from the first to the last.
struct Scan {
    last_minted: Option<LastMinted>,
    entries: u64,
    closed: bool,
    /// Where the last whole frame ends.
    end: u64,
    torn_bytes: u64,
    corrupt: Option<u64>,
}

impl Scan {
    fn of(bytes: &[u8], header: &Header) -> Self {
        let mut scan = Self {
            last_minted: header.last_minted,
            entries: 0,
            closed: false,
            end: HEADER_BYTES as u64,
            torn_bytes: 0,
            corrupt: None,
        };
        let mut at = HEADER_BYTES;
        while !scan.closed {
            match frame::frame_at(bytes, at, header.seed) {
                Found::Frame(frame, next) => {
                    scan.take(frame, header.node);
                    at = next;
                    scan.end = at as u64;
                }
                Found::Blank | Found::Short | Found::Bad => {
                    if !frame::was_durable(&bytes[at.min(bytes.len())..], at as u64, header.seed) {
                        scan.torn_bytes = written_after(bytes, at);
                        break;
                    }
                    scan.corrupt.get_or_insert(at as u64);
                    // A later frame is why it counts as durable, so there is one.
                    let Some(next) = frame::next_frame(bytes, at, header.seed) else { break };
                    at = next;
                }
            }
        }
        scan
    }

    fn take(&mut self, frame: Frame<'_>, node: u8) {
        match frame {
            Frame::Entry(body) => {
                self.entries += 1;
                let id = Entry::minted_in(body).filter(|id| id.node() == node);
                self.last_minted = self.last_minted.max(id.map(|id| id.minted()));
            }
            Frame::Mark { .. } => {}
            Frame::Close { .. } => self.closed = true,
        }
    }
}

/// Bytes from `at` to the last one that is not zero.
fn written_after(bytes: &[u8], at: usize) -> u64 {
    let rest = &bytes[at.min(bytes.len())..];
    rest.iter().rposition(|&byte| byte != 0).map_or(0, |last| last as u64 + 1)
}
