//! The snapshot kept in a file, so that an edge starts and serves while the database is away.
//!
//! ```text
//! file := magic (8) version (1) body checksum (u32: CRC32C of all before)
//! body := cursor (u64) taken at (i64 us)
//!         programs (u32 length, JSON)  keys (u32 length, sealed)
//!         hosts (u32 count; each u16 length, text)
//!         links (u32 count; rows of 21)  codes (u32 count; rows of 13)
//!         texts (u64 length, UTF-8)
//! key  := id (1) secret (32) verify until (i64 us; the least number: no end)
//! ```
//! Numbers are little-endian. Written beside, synced, then renamed over the old one: a reader
//! sees the old file or the new one. Readable by its owner only, as it holds keys.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use tributary_click::{ClickKey, KEYS_MAX};
use tributary_kernel::Timestamp;

use super::data::{KeyMaterial, ProgramEntry};
use super::program::Program;
use super::table::{LinkRow, ReferralRow, Rows, TEXT_BYTES_MAX};
use super::{Programs, Snapshot};

const MAGIC: &[u8; 8] = b"TRIBSNAP";
const VERSION: u8 = 1;
const LINK_ROW_BYTES: usize = 21;
const REFERRAL_ROW_BYTES: usize = 13;
const KEY_BYTES: usize = 41;
/// Rows or texts taken from the file at once, so that a damaged length cannot ask for memory
/// that the file does not fill.
const CHUNK_BYTES: usize = 1 << 20;

/// Encrypts the click keys within the kept file. The process gives the one of its master key.
pub trait KeySeal: Send + Sync + fmt::Debug {
    /// Seals the bytes of the keys.
    fn seal(&self, plain: &[u8]) -> Vec<u8>;
    /// Opens what [`KeySeal::seal`] made; `None` when it is not that.
    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>>;
}

/// Keys as they are, guarded by the file's permissions alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainKeys;

impl KeySeal for PlainKeys {
    fn seal(&self, plain: &[u8]) -> Vec<u8> {
        plain.to_vec()
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        Some(sealed.to_vec())
    }
}

/// Why a kept snapshot cannot be used. The edge then waits for its source.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFileError {
    /// The file system said no.
    #[error("the snapshot file: {0}")]
    Io(#[from] io::Error),
    /// Not a snapshot, or a version this build does not read.
    #[error("the snapshot file is not of a version this build reads ({VERSION})")]
    Version,
    /// The bytes are not those that were written.
    #[error("the snapshot file is damaged: {0}")]
    Damaged(&'static str),
    /// Sealed by another master key.
    #[error("the snapshot file's keys were sealed with another key")]
    Keys,
}

/// Where the snapshot is kept, and what seals its keys.
#[derive(Debug, Clone)]
pub struct SnapshotFile {
    path: PathBuf,
    seal: Arc<dyn KeySeal>,
}

impl SnapshotFile {
    /// Keeps it at `path`; a file of that name with `.new` is used while writing.
    #[must_use]
    pub fn new(path: PathBuf, seal: Arc<dyn KeySeal>) -> Self {
        Self { path, seal }
    }

    /// Replaces the kept snapshot; durable when this returns.
    ///
    /// # Errors
    /// When the file system says no; the old file is then still there.
    pub fn write(&self, snapshot: &Snapshot, at: Timestamp) -> Result<(), SnapshotFileError> {
        let merged;
        let snapshot = if snapshot.is_merged() {
            snapshot
        } else {
            merged = snapshot.merged();
            &merged
        };
        let beside = self.path.with_extension("new");
        let file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        let mut out = Checked { inner: BufWriter::with_capacity(CHUNK_BYTES, file), sum: 0 };
        self.write_body(snapshot, at, &mut out)?;
        let sum = out.sum;
        out.inner.write_all(&sum.to_le_bytes())?;
        let file = out.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// The kept snapshot and the moment it shows; `None` when there is none.
    ///
    /// # Errors
    /// When there is one that cannot be used.
    pub fn read(&self) -> Result<Option<(Snapshot, Timestamp)>, SnapshotFileError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let inner = BufReader::with_capacity(CHUNK_BYTES, file);
        self.read_from(inner).map(Some)
    }

    /// Reads a snapshot from any bytes: what [`SnapshotFile::read`] does with the file's.
    ///
    /// # Errors
    /// When they are not a snapshot; never a panic.
    pub fn read_from(&self, from: impl Read) -> Result<(Snapshot, Timestamp), SnapshotFileError> {
        let mut input = Checked { inner: from, sum: 0 };
        let (snapshot, at) = self.read_body(&mut input)?;
        let sum = input.sum;
        let mut kept = [0; 4];
        input.inner.read_exact(&mut kept).map_err(short)?;
        if u32::from_le_bytes(kept) != sum {
            return Err(SnapshotFileError::Damaged("its checksum differs"));
        }
        let (programs, rows, keys, cursor) = snapshot;
        Ok((Snapshot::from_rows(cursor, programs, rows, keys), at))
    }

    fn write_body<W: Write>(
        &self,
        snapshot: &Snapshot,
        at: Timestamp,
        out: &mut Checked<W>,
    ) -> Result<(), SnapshotFileError> {
        out.put(MAGIC)?;
        out.put(&[VERSION])?;
        out.put(&snapshot.cursor.to_le_bytes())?;
        out.put(&at.as_microsecond().to_le_bytes())?;
        let rows = &snapshot.base.rows;
        // Removed programs are written too: rows refer to programs by their place.
        let programs: Vec<_> = (snapshot.programs.list.iter())
            .map(|program| KeptProgram { removed: program.removed, entry: program.entry.clone() })
            .collect();
        let programs = serde_json::to_vec(&programs).map_err(io::Error::other)?;
        out.put_sized(&programs)?;
        out.put_sized(&self.seal.seal(&key_bytes(&snapshot.keys)))?;
        out.put(&count(rows.hosts.len())?.to_le_bytes())?;
        for host in &rows.hosts {
            let length = u16::try_from(host.len()).map_err(io::Error::other)?;
            out.put(&length.to_le_bytes())?;
            out.put(host.as_bytes())?;
        }
        out.put(&count(rows.links.len())?.to_le_bytes())?;
        for row in &rows.links {
            out.put(&link_row_bytes(row))?;
        }
        out.put(&count(rows.referrals.len())?.to_le_bytes())?;
        for row in &rows.referrals {
            out.put(&referral_row_bytes(row))?;
        }
        out.put(&(rows.text.len() as u64).to_le_bytes())?;
        out.put(rows.text.as_bytes())?;
        Ok(())
    }

    fn read_body<R: Read>(
        &self,
        input: &mut Checked<R>,
    ) -> Result<(ReadParts, Timestamp), SnapshotFileError> {
        if &input.array::<8>()? != MAGIC || input.array::<1>()? != [VERSION] {
            return Err(SnapshotFileError::Version);
        }
        let cursor = u64::from_le_bytes(input.array()?);
        let at = Timestamp::from_microsecond(i64::from_le_bytes(input.array()?));
        let length = input.length()?;
        let programs: Vec<KeptProgram> = serde_json::from_slice(&input.bytes(length)?)
            .map_err(|_| SnapshotFileError::Damaged("its programs do not parse"))?;
        let length = input.length()?;
        let keys = self.seal.open(&input.bytes(length)?).ok_or(SnapshotFileError::Keys)?;
        let keys = keys_of(&keys).ok_or(SnapshotFileError::Keys)?;
        let mut hosts = Vec::new();
        for _ in 0..input.length()? {
            let length = usize::from(u16::from_le_bytes(input.array()?));
            hosts.push(text_of(input.bytes(length)?)?.into_boxed_str());
        }
        let links: Vec<LinkRow> = input.rows::<LINK_ROW_BYTES, _>(link_row)?;
        let referrals: Vec<ReferralRow> = input.rows::<REFERRAL_ROW_BYTES, _>(referral_row)?;
        let length = usize::try_from(u64::from_le_bytes(input.array()?)).unwrap_or(usize::MAX);
        if length > TEXT_BYTES_MAX {
            return Err(SnapshotFileError::Damaged("its texts are too long"));
        }
        let text = text_of(input.bytes(length)?)?;
        check_rows(&text, &links, &referrals, hosts.len(), programs.len())?;
        let mut kept = Programs::default();
        for program in programs {
            let id = program.entry.program;
            kept.upsert(Program::new(program.entry));
            if program.removed {
                kept.remove(&id);
            }
        }
        let rows = Rows::from_parts(text, links, referrals, hosts);
        Ok(((kept, rows, keys, cursor), at))
    }
}

type ReadParts = (Programs, Rows, KeyMaterial, u64);

#[derive(serde::Serialize, serde::Deserialize)]
struct KeptProgram {
    #[serde(default)]
    removed: bool,
    #[serde(flatten)]
    entry: ProgramEntry,
}

/// Reads or writes, keeping the checksum of what went through.
struct Checked<T> {
    inner: T,
    sum: u32,
}

impl<W: Write> Checked<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum = crc32c::crc32c_append(self.sum, bytes);
        self.inner.write_all(bytes)
    }

    fn put_sized(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put(&count(bytes.len())?.to_le_bytes())?;
        self.put(bytes)
    }
}

impl<R: Read> Checked<R> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotFileError> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes).map_err(short)?;
        self.sum = crc32c::crc32c_append(self.sum, &bytes);
        Ok(bytes)
    }

    fn length(&mut self) -> Result<usize, SnapshotFileError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, SnapshotFileError> {
        let mut bytes = Vec::new();
        let mut left = length;
        while left > 0 {
            let (from, taken) = (bytes.len(), left.min(CHUNK_BYTES));
            // Exact, as growing by doubling would hold the texts of a million links twice; in
            // steps, as the length may be a lie.
            let all = if from == 0 { taken } else { left.min(from) };
            bytes.reserve_exact(all);
            bytes.resize(from + all, 0);
            self.inner.read_exact(&mut bytes[from..]).map_err(short)?;
            left -= all;
        }
        self.sum = crc32c::crc32c_append(self.sum, &bytes);
        Ok(bytes)
    }

    fn rows<const N: usize, T>(
        &mut self,
        row: impl Fn(&[u8; N]) -> T,
    ) -> Result<Vec<T>, SnapshotFileError> {
        let mut left = self.length()?;
        let mut rows = Vec::new();
        while left > 0 {
            let taken = left.min(CHUNK_BYTES / N);
            let bytes = self.bytes(taken * N)?;
            let (chunks, _) = bytes.as_chunks::<N>();
            rows.extend(chunks.iter().map(&row));
            left -= taken;
        }
        Ok(rows)
    }
}

fn short(error: io::Error) -> SnapshotFileError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => SnapshotFileError::Damaged("it ends too early"),
        _ => SnapshotFileError::Io(error),
    }
}

fn count(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(io::Error::other)
}

fn text_of(bytes: Vec<u8>) -> Result<String, SnapshotFileError> {
    String::from_utf8(bytes).map_err(|_| SnapshotFileError::Damaged("a text is not UTF-8"))
}

fn link_row_bytes(row: &LinkRow) -> [u8; LINK_ROW_BYTES] {
    let mut bytes = [0; LINK_ROW_BYTES];
    bytes[..4].copy_from_slice(&row.number.to_le_bytes());
    bytes[4..8].copy_from_slice(&row.program.to_le_bytes());
    bytes[8..12].copy_from_slice(&row.host.to_le_bytes());
    bytes[12..16].copy_from_slice(&row.start.to_le_bytes());
    bytes[16..18].copy_from_slice(&row.destination_len.to_le_bytes());
    bytes[18..].copy_from_slice(&[row.path_len, row.code_len, row.flags]);
    bytes
}

fn link_row(b: &[u8; LINK_ROW_BYTES]) -> LinkRow {
    LinkRow {
        number: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
        program: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        host: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
        start: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        destination_len: u16::from_le_bytes([b[16], b[17]]),
        path_len: b[18],
        code_len: b[19],
        flags: b[20],
    }
}

fn referral_row_bytes(row: &ReferralRow) -> [u8; REFERRAL_ROW_BYTES] {
    let mut bytes = [0; REFERRAL_ROW_BYTES];
    bytes[..4].copy_from_slice(&row.program.to_le_bytes());
    bytes[4..8].copy_from_slice(&row.link_number.to_le_bytes());
    bytes[8..12].copy_from_slice(&row.start.to_le_bytes());
    bytes[12] = row.code_len;
    bytes
}

fn referral_row(b: &[u8; REFERRAL_ROW_BYTES]) -> ReferralRow {
    ReferralRow {
        program: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
        link_number: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        start: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
        code_len: b[12],
    }
}

/// Whatever the checksum says: no row may point outside, so that look-ups need not ask.
fn check_rows(
    text: &str,
    links: &[LinkRow],
    referrals: &[ReferralRow],
    hosts: usize,
    programs: usize,
) -> Result<(), SnapshotFileError> {
    let lengths = |row: &LinkRow| {
        [usize::from(row.path_len), usize::from(row.destination_len), usize::from(row.code_len)]
    };
    let link_is_good = |row: &LinkRow| {
        let mut at = row.start as usize;
        let inside = lengths(row).into_iter().all(|length| {
            at += length;
            text.is_char_boundary(at)
        });
        inside
            && text.is_char_boundary(row.start as usize)
            && row.host as usize <= hosts
            && (row.program as usize) < programs
    };
    let code_is_good = |row: &ReferralRow| {
        let start = row.start as usize;
        text.is_char_boundary(start)
            && text.is_char_boundary(start + usize::from(row.code_len))
            && (row.program as usize) < programs
    };
    if links.iter().all(link_is_good) && referrals.iter().all(code_is_good) {
        Ok(())
    } else {
        Err(SnapshotFileError::Damaged("a row points outside its texts"))
    }
}

fn key_bytes(keys: &KeyMaterial) -> Vec<u8> {
    let mut bytes = vec![keys.minting];
    for key in &keys.keys {
        bytes.push(key.id);
        bytes.extend_from_slice(&key.secret);
        let until = key.verify_until.map_or(i64::MIN, Timestamp::as_microsecond);
        bytes.extend_from_slice(&until.to_le_bytes());
    }
    bytes
}

fn keys_of(bytes: &[u8]) -> Option<KeyMaterial> {
    let (&minting, rest) = bytes.split_first()?;
    let (chunks, remainder) = rest.as_chunks::<KEY_BYTES>();
    if !remainder.is_empty() || chunks.len() > KEYS_MAX {
        return None;
    }
    let keys = chunks.iter().map(|b| {
        let until = i64::from_le_bytes(b[33..].try_into().expect("8 bytes are left"));
        ClickKey {
            id: b[0],
            secret: b[1..33].try_into().expect("32 bytes"),
            verify_until: (until != i64::MIN).then(|| Timestamp::from_microsecond(until)),
        }
    });
    Some(KeyMaterial { keys: keys.collect(), minting })
}
