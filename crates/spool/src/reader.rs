use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tributary_click::{DecodeError, Entry};

use crate::frame::{self, FRAME_BYTES_MAX, Found, Frame, HEADER_BYTES};
use crate::frame::{Header, HeaderFault};
use crate::io::{OpenMode, RealIo, SpoolFile, SpoolIo, read_all, read_range};
use crate::recovery::{header_of, never_begun};
use crate::segment::{Offset, quarantine_path, segment_path, segments};
use crate::shared::lock;

/// Bytes read at a time; more than one frame.
const WINDOW_BYTES: usize = 512 * 1024;
const _: () = assert!(WINDOW_BYTES > FRAME_BYTES_MAX);

/// Up to where everything is synced, as the open spool moves it.
#[derive(Debug, Clone)]
pub struct Committed(pub(crate) Arc<Mutex<Offset>>);

impl Committed {
    /// Where it stands now.
    #[must_use]
    pub fn offset(&self) -> Offset {
        *lock(&self.0)
    }
}

/// Entries, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBatch {
    /// In the order they were appended.
    pub entries: Vec<Entry>,
    /// Read from here next; keep it with what was made of the entries.
    pub next: Offset,
}

/// How much a reader has still to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// Segments with something in them to read.
    pub segments: u64,
    /// Bytes in them, frames' heads included.
    pub bytes: u64,
}

/// Why nothing more is read. Trying again without mending changes nothing, but for `Io`.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Bytes that were synced do not read as they were written.
    #[error("segment {segment} is corrupt at byte {byte}; it reads again from {resume_at}")]
    Corrupt {
        /// Sequence number of the segment.
        segment: u64,
        /// The first byte that does not read.
        byte: u64,
        /// Where reading can go on: quarantine `byte..resume_at`.
        resume_at: u64,
    },
    /// The bytes are as written, but this version does not know what they say.
    #[error("segment {segment} has an entry at byte {byte} that does not decode")]
    Entry {
        /// Sequence number of the segment.
        segment: u64,
        /// Where its frame begins.
        byte: u64,
        /// Where the next begins.
        resume_at: u64,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// Written by a newer version.
    #[error("segment {segment} has format {format}, which this version does not read")]
    Format {
        /// Sequence number of the segment.
        segment: u64,
        /// Its format.
        format: u8,
    },
    /// A segment is gone though nobody has read it.
    #[error("segment {segment} is missing")]
    Missing {
        /// Its sequence number.
        segment: u64,
    },
    /// The disk said no.
    #[error("could not read {path}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> ReadError {
    let path = path.to_owned();
    move |source| ReadError::Io { path, source }
}

/// Reads the entries of one node.
///
/// It returns only what is synced. Beside an open spool of the same process it knows that from
/// [`Spool::committed`](crate::Spool::committed); without, it syncs the last segment itself
/// before it hands out what it read there.
#[derive(Debug, Clone)]
pub struct SpoolReader {
    io: Arc<dyn SpoolIo>,
    dir: PathBuf,
    node: u8,
    committed: Option<Committed>,
}

/// Why reading of a segment ended.
#[derive(Debug, PartialEq, Eq)]
enum Stop {
    /// The batch is as large as it may be, or the next place does not read.
    Batch,
    /// Nothing more in this segment for now.
    Segment,
}

impl SpoolReader {
    /// A reader of the files in a folder.
    #[must_use]
    pub fn new(dir: PathBuf, node: u8) -> Self {
        Self::with_io(Arc::new(RealIo), dir, node)
    }

    /// A reader through another disk.
    #[must_use]
    pub fn with_io(io: Arc<dyn SpoolIo>, dir: PathBuf, node: u8) -> Self {
        Self { io, dir, node, committed: None }
    }

    /// The same reader beside the open spool whose [`Spool::committed`](crate::Spool::committed)
    /// this is.
    #[must_use]
    pub fn following(mut self, committed: Committed) -> Self {
        self.committed = Some(committed);
        self
    }

    /// Up to `entries_max` entries from a place on. An empty batch: there are no more for now.
    ///
    /// # Errors
    /// When the next entry cannot be read; those before it were returned first.
    pub fn read(&self, from: Offset, entries_max: usize) -> Result<ReadBatch, ReadError> {
        let found = self.begun()?;
        let mut batch = ReadBatch { entries: Vec::new(), next: from };
        let Some(first) = first_to_read(&found, from)? else { return Ok(batch) };
        let mut following = found[first..].iter().copied().peekable();
        while let Some(sequence) = following.next() {
            if sequence != batch.next.segment {
                batch.next = Offset { segment: sequence, byte: 0 };
            }
            let closed = following.peek().is_some();
            let stop = self.read_segment(sequence, closed, entries_max, &mut batch)?;
            if stop == Stop::Batch || !closed {
                break;
            }
            let next = Offset { segment: sequence + 1, byte: 0 };
            if following.peek() != Some(&next.segment) {
                if batch.entries.is_empty() {
                    return Err(ReadError::Missing { segment: next.segment });
                }
                break;
            }
            batch.next = next;
        }
        Ok(batch)
    }

    /// The segments there are, ascending, without one that was only made ahead of its time.
    fn begun(&self) -> Result<Vec<u64>, ReadError> {
        let mut found = segments(&*self.io, &self.dir, self.node).map_err(io_at(&self.dir))?;
        if let Some(committed) = &self.committed {
            let last = committed.offset().segment;
            found.retain(|&sequence| sequence <= last);
            return Ok(found);
        }
        while let Some(&last) = found.last() {
            let path = segment_path(&self.dir, self.node, last);
            let file = match self.io.open(&path, OpenMode::Read) {
                Ok(file) => file,
                // The spool was closed a moment ago and took it away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    found.pop();
                    continue;
                }
                Err(error) => return Err(io_at(&path)(error)),
            };
            let head = read_range(&*file, 0, HEADER_BYTES).map_err(io_at(&path))?;
            if !never_begun(&head) || !never_begun(&read_all(&*file).map_err(io_at(&path))?) {
                break;
            }
            found.pop();
        }
        Ok(found)
    }

    fn read_segment(
        &self,
        sequence: u64,
        closed: bool,
        entries_max: usize,
        batch: &mut ReadBatch,
    ) -> Result<Stop, ReadError> {
        let path = segment_path(&self.dir, self.node, sequence);
        let file = self.io.open(&path, OpenMode::Read).map_err(io_at(&path))?;
        let length = file.length().map_err(io_at(&path))?;
        let limit = if closed { length } else { self.limit(sequence, length) };
        let head = read_range(&*file, 0, HEADER_BYTES).map_err(io_at(&path))?;
        let header = match header_of(&head, self.node, sequence) {
            Ok(header) => header,
            Err(HeaderFault::Format(format)) => {
                return Err(ReadError::Format { segment: sequence, format });
            }
            // It may be just in the making.
            Err(HeaderFault::Bad) if !closed && limit <= HEADER_BYTES as u64 => {
                return Ok(Stop::Segment);
            }
            Err(HeaderFault::Bad) => {
                let skipped = self.set_aside(sequence, 0).map_err(io_at(&path))?;
                return match skipped.filter(|&end| end >= length) {
                    Some(_) => Ok(Stop::Segment),
                    None if !batch.entries.is_empty() => Ok(Stop::Batch),
                    None => {
                        Err(ReadError::Corrupt { segment: sequence, byte: 0, resume_at: length })
                    }
                };
            }
        };
        let trusted = closed || self.committed.is_some();
        let before = batch.entries.len();
        let (reader, file, path) = (self, &*file, &*path);
        let segment = Segment { reader, file, path, header, length, limit, closed, trusted };
        let stop = segment.read(entries_max, batch)?;
        if !trusted && batch.entries.len() > before {
            file.sync_data().map_err(io_at(path))?;
        }
        Ok(stop)
    }

    /// Up to where the last segment may be read.
    fn limit(&self, sequence: u64, length: u64) -> u64 {
        let Some(committed) = self.committed.as_ref().map(Committed::offset) else {
            return length;
        };
        match committed.segment.cmp(&sequence) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => committed.byte.min(length),
            std::cmp::Ordering::Greater => length,
        }
    }

    /// Where bytes that were set aside from `byte` on end, if they were.
    fn set_aside(&self, sequence: u64, byte: u64) -> io::Result<Option<u64>> {
        let path = quarantine_path(&self.dir, self.node, sequence, byte);
        match self.io.open(&path, OpenMode::Read) {
            Ok(file) => Ok(Some(byte + file.length()?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How much there is to read from a place on.
    ///
    /// # Errors
    /// The disk's.
    pub fn lag(&self, from: Offset) -> Result<Lag, ReadError> {
        let found = self.begun()?;
        let mut lag = Lag::default();
        for (index, &sequence) in found.iter().enumerate() {
            if sequence < from.segment {
                continue;
            }
            let path = segment_path(&self.dir, self.node, sequence);
            let file = self.io.open(&path, OpenMode::Read).map_err(io_at(&path))?;
            let length = file.length().map_err(io_at(&path))?;
            let last = index + 1 == found.len();
            let end = if last { self.limit(sequence, length) } else { length };
            let begin = if sequence == from.segment { from.byte } else { 0 };
            let bytes = end.saturating_sub(begin.max(HEADER_BYTES as u64));
            // A closed segment of nothing but its close has nothing to read.
            if bytes > frame::CONTROL_FRAME_BYTES as u64 {
                lag.segments += 1;
                lag.bytes += bytes;
            }
        }
        Ok(lag)
    }

    /// Removes the segments before the one that `up_to` is in; the caller promises that all who
    /// read them have taken them. The last is never removed: it knows what was minted. Tells how
    /// many went.
    ///
    /// # Errors
    /// The disk's.
    pub fn release(&self, up_to: Offset) -> Result<usize, ReadError> {
        let found = self.begun()?;
        let before = found.partition_point(|&sequence| sequence < up_to.segment);
        let gone = &found[..before.min(found.len().saturating_sub(1))];
        for &sequence in gone {
            let path = segment_path(&self.dir, self.node, sequence);
            self.io.remove(&path).map_err(io_at(&path))?;
        }
        if !gone.is_empty() {
            self.io.sync_dir(&self.dir).map_err(io_at(&self.dir))?;
        }
        Ok(gone.len())
    }
}

/// Index of the segment to begin with; none when it is still to come.
fn first_to_read(found: &[u64], from: Offset) -> Result<Option<usize>, ReadError> {
    if from.segment == 0 {
        return Ok((!found.is_empty()).then_some(0));
    }
    match found.binary_search(&from.segment) {
        Ok(index) => Ok(Some(index)),
        Err(index) if index == found.len() && from.byte == 0 => Ok(None),
        Err(_) => Err(ReadError::Missing { segment: from.segment }),
    }
}

/// A segment with its header read.
struct Segment<'a> {
    reader: &'a SpoolReader,
    file: &'a dyn SpoolFile,
    path: &'a Path,
    header: Header,
    length: u64,
    limit: u64,
    /// Another follows, so this one ends with a close frame.
    closed: bool,
    /// All before the limit was synced: what does not read was destroyed, not torn.
    trusted: bool,
}

/// A part of a segment in memory.
#[derive(Default)]
struct Window {
    begin: u64,
    bytes: Vec<u8>,
}

impl Segment<'_> {
    /// Reads from `batch.next` on.
    fn read(&self, entries_max: usize, batch: &mut ReadBatch) -> Result<Stop, ReadError> {
        let mut window = Window::default();
        let mut byte = batch.next.byte.max(HEADER_BYTES as u64);
        while batch.entries.len() < entries_max {
            batch.next.byte = byte;
            self.hold(&mut window, byte)?;
            let at = usize::try_from(byte - window.begin).expect("within the window");
            let unreadable = match frame::frame_at(&window.bytes, at, self.header.seed) {
                Found::Frame(Frame::Close { .. }, _) => return Ok(Stop::Segment),
                Found::Frame(Frame::Mark { .. }, next) => {
                    byte = window.begin + next as u64;
                    continue;
                }
                Found::Frame(Frame::Entry(body), next) => {
                    let resume_at = window.begin + next as u64;
                    match Entry::decode(body) {
                        Ok(entry) => {
                            batch.entries.push(entry);
                            byte = resume_at;
                            continue;
                        }
                        Err(source) => {
                            let segment = self.header.sequence;
                            ReadError::Entry { segment, byte, resume_at, source }
                        }
                    }
                }
                Found::Blank | Found::Short | Found::Bad => match self.end_or_corrupt(byte)? {
                    None => return Ok(Stop::Segment),
                    Some(corrupt) => corrupt,
                },
            };
            let skipped = self.reader.set_aside(self.header.sequence, byte);
            match skipped.map_err(io_at(self.path))? {
                Some(end) if end >= self.length => return Ok(Stop::Segment),
                Some(end) if end > byte => byte = end,
                _ if !batch.entries.is_empty() => return Ok(Stop::Batch),
                _ => return Err(unreadable),
            }
        }
        batch.next.byte = byte;
        Ok(Stop::Batch)
    }

    /// Makes sure that a whole frame at `byte` is in the window, or all there is up to the limit.
    fn hold(&self, window: &mut Window, byte: u64) -> Result<(), ReadError> {
        let end = window.begin + window.bytes.len() as u64;
        if byte >= window.begin && (byte + FRAME_BYTES_MAX as u64 <= end || end >= self.limit) {
            return Ok(());
        }
        let length = self.limit.saturating_sub(byte).min(WINDOW_BYTES as u64);
        let length = usize::try_from(length).expect("no longer than a window");
        window.bytes = read_range(self.file, byte, length).map_err(io_at(self.path))?;
        window.begin = byte;
        Ok(())
    }

    /// Whether no frame at `byte` means that there are no more for now (`None`), or damage.
    fn end_or_corrupt(&self, byte: u64) -> Result<Option<ReadError>, ReadError> {
        if !self.closed && byte >= self.limit {
            return Ok(None);
        }
        let length = usize::try_from(self.length.saturating_sub(byte))
            .map_err(|error| io_at(self.path)(io::Error::other(error)))?;
        let rest = read_range(self.file, byte, length).map_err(io_at(self.path))?;
        let seed = self.header.seed;
        if !self.closed && !self.trusted && !frame::was_durable(&rest, byte, seed) {
            return Ok(None);
        }
        let resume_at = match frame::next_frame(&rest, 0, seed) {
            Some(next) => byte + next as u64,
            None => self.length.max(byte),
        };
        Ok(Some(ReadError::Corrupt { segment: self.header.sequence, byte, resume_at }))
    }
}
