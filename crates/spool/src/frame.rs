//! The bytes of a segment.
//!
//! ```text
//! segment := header header frame* blank*      the header stands twice, in case a byte flips
//! header  := magic (8)  format (1)  node (1)  0 0  crc (u32)  sequence (u64)  minted (u64)  seed (u32)
//! frame   := word (u32)  crc (u32)  body
//! word    := kind in the top byte, length of the body in the lower three
//! entry   := kind 1; body = the entry's bytes, 1 to 16,384 of them
//! mark    := kind 2; body = u64: everything before that byte of this file was synced
//! close   := kind 3; body = u64: entries in the segment; nothing follows
//! ```
//! Numbers are little-endian. A header's crc covers its other bytes. A frame's begins with the
//! segment's seed and covers word and body, so that bytes of another segment, or bytes that a
//! visitor put into an entry, are no frame of this one. Zeros are written ahead of the frames
//! (see the committer), so a zero word is where the frames end for now.

use tributary_click::LastMinted;

/// The format this build writes.
pub(crate) const SEGMENT_FORMAT: u8 = 1;
/// The oldest it still reads: the one before, once there is one.
const OLDEST_FORMAT: u8 = 1;

const MAGIC: [u8; 8] = *b"TRIBSPOL";
const HEADER_COPY_BYTES: usize = 36;
/// Where frames begin.
pub(crate) const HEADER_BYTES: usize = 2 * HEADER_COPY_BYTES;
/// Word and crc.
pub(crate) const FRAME_HEAD_BYTES: usize = 8;
/// A mark or a close.
pub(crate) const CONTROL_FRAME_BYTES: usize = FRAME_HEAD_BYTES + 8;

/// Bytes of one entry at most.
pub const RECORD_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one frame at most.
pub(crate) const FRAME_BYTES_MAX: usize = FRAME_HEAD_BYTES + RECORD_BYTES_MAX;

const KIND_ENTRY: u8 = 1;
const KIND_MARK: u8 = 2;
const KIND_CLOSE: u8 = 3;

/// What a segment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) node: u8,
    pub(crate) sequence: u64,
    /// The highest click id in all segments before.
    pub(crate) last_minted: Option<LastMinted>,
    pub(crate) seed: u32,
}

/// Why a header is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderFault {
    /// Neither copy is whole.
    Bad,
    /// Whole, and of a format this build does not read.
    Format(u8),
}

impl Header {
    pub(crate) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut copy = [0; HEADER_COPY_BYTES];
        // 0 is "none", so a place is kept as itself plus one.
        let minted = self.last_minted.map_or(0, |last| last.packed() + 1);
        copy[..8].copy_from_slice(&MAGIC);
        copy[8] = SEGMENT_FORMAT;
        copy[9] = self.node;
        copy[16..24].copy_from_slice(&self.sequence.to_le_bytes());
        copy[24..32].copy_from_slice(&minted.to_le_bytes());
        copy[32..36].copy_from_slice(&self.seed.to_le_bytes());
        let crc = header_crc(&copy);
        copy[12..16].copy_from_slice(&crc.to_le_bytes());
        let mut both = [0; HEADER_BYTES];
        both[..HEADER_COPY_BYTES].copy_from_slice(&copy);
        both[HEADER_COPY_BYTES..].copy_from_slice(&copy);
        both
    }

    /// Reads whichever copy is whole.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, HeaderFault> {
        let copies = bytes.chunks_exact(HEADER_COPY_BYTES).take(2);
        let whole = copies
            .filter(|copy| copy[..8] == MAGIC && header_crc(copy).to_le_bytes() == copy[12..16]);
        let copy = whole.into_iter().next().ok_or(HeaderFault::Bad)?;
        if !(OLDEST_FORMAT..=SEGMENT_FORMAT).contains(&copy[8]) {
            return Err(HeaderFault::Format(copy[8]));
        }
        let minted = u64_at(copy, 24);
        Ok(Self {
            node: copy[9],
            sequence: u64_at(copy, 16),
            last_minted: minted.checked_sub(1).map(LastMinted::unpacked),
            seed: u32_at(copy, 32),
        })
    }
}

fn header_crc(copy: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&copy[..12]), &copy[16..HEADER_COPY_BYTES])
}

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    Entry(&'a [u8]),
    Mark { durable_to: u64 },
    Close { entries: u64 },
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A whole frame, and where the next begins.
    Frame(Frame<'a>, usize),
    /// Zeros, or nothing: frames end here.
    Blank,
    /// The bytes given end before the frame would.
    Short,
    /// No frame.
    Bad,
}

/// Looks for a frame at `at`.
pub(crate) fn frame_at(bytes: &[u8], at: usize, seed: u32) -> Found<'_> {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(head) = rest.get(..FRAME_HEAD_BYTES) else {
        return if rest.iter().all(|&byte| byte == 0) { Found::Blank } else { Found::Short };
    };
    let word = u32_at(head, 0);
    if word == 0 {
        return Found::Blank;
    }
    let length = body_length(word);
    let kind = (word >> 24) as u8;
    let plausible = match kind {
        KIND_ENTRY => (1..=RECORD_BYTES_MAX).contains(&length),
        KIND_MARK | KIND_CLOSE => length == 8,
        _ => false,
    };
    if !plausible {
        return Found::Bad;
    }
    let Some(body) = rest.get(FRAME_HEAD_BYTES..FRAME_HEAD_BYTES + length) else {
        return Found::Short;
    };
    if frame_crc(seed, word, body) != u32_at(head, 4) {
        return Found::Bad;
    }
    let frame = match kind {
        KIND_ENTRY => Frame::Entry(body),
        KIND_MARK => Frame::Mark { durable_to: u64_at(body, 0) },
        _ => Frame::Close { entries: u64_at(body, 0) },
    };
    Found::Frame(frame, at + FRAME_HEAD_BYTES + length)
}

/// Where the next whole frame begins after `after`, if there is one.
pub(crate) fn next_frame(bytes: &[u8], after: usize, seed: u32) -> Option<usize> {
    (after + 1..bytes.len()).find(|&at| matches!(frame_at(bytes, at, seed), Found::Frame(..)))
}

/// Whether the bytes at the beginning of `rest`, which stand at `base` in the segment, had been
/// synced: a later mark vouches for them, or a close, which is written only after everything
/// before it is synced. If so and they are no frame, data was destroyed; if not, a write was torn
/// by a crash and nobody was told that it succeeded.
pub(crate) fn was_durable(rest: &[u8], base: u64, seed: u32) -> bool {
    let mut next = next_frame(rest, 0, seed);
    while let Some(place) = next {
        next = match frame_at(rest, place, seed) {
            Found::Frame(Frame::Mark { durable_to }, _) if durable_to > base => return true,
            Found::Frame(Frame::Close { .. }, _) => return true,
            Found::Frame(_, after) if matches!(frame_at(rest, after, seed), Found::Frame(..)) => {
                Some(after)
            }
            _ => next_frame(rest, place, seed),
        };
    }
    false
}

/// Appends an entry's frame whose crc is still to be filled in by [`seal`].
pub(crate) fn put_entry(into: &mut Vec<u8>, body: &[u8]) {
    let length = u32::try_from(body.len()).expect("the caller keeps RECORD_BYTES_MAX");
    let word = (u32::from(KIND_ENTRY) << 24) | length;
    into.extend_from_slice(&word.to_le_bytes());
    into.extend_from_slice(&[0; 4]);
    into.extend_from_slice(body);
}

/// Fills in the crc of every frame in `frames`, all of which were made by [`put_entry`].
pub(crate) fn seal(frames: &mut [u8], seed: u32) {
    let mut rest = frames;
    while !rest.is_empty() {
        let word = u32_at(rest, 0);
        let (frame, after) = rest.split_at_mut(FRAME_HEAD_BYTES + body_length(word));
        let crc = frame_crc(seed, word, &frame[FRAME_HEAD_BYTES..]);
        frame[4..8].copy_from_slice(&crc.to_le_bytes());
        rest = after;
    }
}

/// The bodies of frames made by [`put_entry`], sealed or not.
pub(crate) fn bodies(frames: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = frames;
    std::iter::from_fn(move || {
        let length = (!rest.is_empty()).then(|| body_length(u32_at(rest, 0)))?;
        let (frame, after) = rest.split_at(FRAME_HEAD_BYTES + length);
        rest = after;
        Some(&frame[FRAME_HEAD_BYTES..])
    })
}

const fn body_length(word: u32) -> usize {
    (word & 0x00ff_ffff) as usize
}

/// A whole mark frame.
pub(crate) fn mark(durable_to: u64, seed: u32) -> [u8; CONTROL_FRAME_BYTES] {
    control(KIND_MARK, durable_to, seed)
}

/// A whole close frame.
pub(crate) fn close(entries: u64, seed: u32) -> [u8; CONTROL_FRAME_BYTES] {
    control(KIND_CLOSE, entries, seed)
}

fn control(kind: u8, value: u64, seed: u32) -> [u8; CONTROL_FRAME_BYTES] {
    let mut frame = [0; CONTROL_FRAME_BYTES];
    let word = (u32::from(kind) << 24) | 8;
    frame[..4].copy_from_slice(&word.to_le_bytes());
    frame[8..].copy_from_slice(&value.to_le_bytes());
    let crc = frame_crc(seed, word, &frame[8..]);
    frame[4..8].copy_from_slice(&crc.to_le_bytes());
    frame
}

fn frame_crc(seed: u32, word: u32, body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c_append(seed, &word.to_le_bytes()), body)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes were taken"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes were taken"))
}
