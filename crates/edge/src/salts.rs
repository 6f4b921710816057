//! The daily salts of visitor keys, in memory and in a file that the edges of one machine share,
//! so that a visitor has one key whichever of them answers and whenever one restarts.
//!
//! File: version (1), then per salt the day (i32, days since 1970) and 32 bytes, then a CRC32C
//! (u32); little-endian. A salt whose 48 hours are over is overwritten, not only unlinked.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tributary_click::{AddressPrefix, AgentDigest, VisitorKeys, VisitorSalt, VisitorSalts};
use tributary_kernel::{Clock, Entropy, LocalDate, Timestamp};

const VERSION: u8 = 1;
const SALT_BYTES: usize = 36;
const CHECKSUM_BYTES: usize = 4;
/// Two days' salts and room for a format to come.
const FILE_BYTES_MAX: u64 = 4_096;
const DAY_US: i64 = 86_400_000_000;

/// Holds the salts that are alive.
#[derive(Debug)]
pub struct SaltStore {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    kept: ArcSwap<Kept>,
}

/// The salts, and each keyed once: a click then hashes its own bytes only.
#[derive(Debug, Default)]
struct Kept {
    salts: VisitorSalts,
    keyed: Vec<(LocalDate, VisitorKeys)>,
}

impl Kept {
    fn new(salts: VisitorSalts) -> Self {
        let keyed = |kept: &VisitorSalt| (kept.day, VisitorKeys::new(&kept.salt));
        let keyed = salts.as_slice().iter().map(keyed).collect();
        Self { salts, keyed }
    }
}

impl SaltStore {
    /// Reads the file, or makes it. When the file system refuses, salts live in memory alone.
    #[must_use]
    pub fn open(path: PathBuf, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let store = Self { path, clock, entropy, kept: ArcSwap::default() };
        store.refresh();
        store
    }

    /// Makes today's salt when the day has changed and destroys those whose time is over. To be
    /// called about every second; touches the file only when there is something to do.
    pub fn refresh(&self) {
        let now = self.clock.now();
        let mut salts = self.kept.load().salts.clone();
        if !salts.clone().rotate(now, self.entropy.as_ref()) {
            return;
        }
        if let Err(error) = self.rotate_file(now, &mut salts) {
            tracing::warn!(error = %error, "edge.salts.file");
            salts.rotate(now, self.entropy.as_ref());
        }
        self.kept.store(Arc::new(Kept::new(salts)));
    }

    /// The visitor key, as [`VisitorKeys`] makes it, of a click at `at`: with the
    /// salt of its day, or, in the moment between midnight and the next refresh, with the newest
    /// alive. `None` when there is no salt at all.
    #[must_use]
    pub fn visitor_key(
        &self,
        at: Timestamp,
        owner: &[u8; 16],
        prefix: AddressPrefix,
        agent: &AgentDigest,
    ) -> Option<[u8; 16]> {
        let kept = self.kept.load();
        let days = at.as_microsecond().div_euclid(DAY_US);
        let of_day = kept.keyed.iter().find(|(day, _)| i64::from(day.as_days()) == days);
        let (_, keyed) = of_day.or_else(|| kept.keyed.iter().max_by_key(|(day, _)| *day))?;
        Some(keyed.key(owner, prefix, agent))
    }

    /// Under a lock that all edges of the machine take: reads, rotates, and writes what changed.
    fn rotate_file(&self, now: Timestamp, salts: &mut VisitorSalts) -> io::Result<()> {
        let lock_path = self.path.with_extension("lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(lock_path)?;
        lock.lock()?;
        let mut old = match OpenOptions::new().read(true).write(true).open(&self.path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(file) = &mut old {
            let mut bytes = Vec::new();
            file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
            match decode(&bytes) {
                Some(kept) => *salts = VisitorSalts::restore(kept),
                None => tracing::warn!("edge.salts.file_damaged"),
            }
        }
        if !salts.rotate(now, self.entropy.as_ref()) {
            return Ok(());
        }
        let beside = self.path.with_extension("new");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(&encode(salts.as_slice()))?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        if let Some(file) = &mut old {
            let length = usize::try_from(file.metadata()?.len().min(FILE_BYTES_MAX)).unwrap_or(0);
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&vec![0; length])?;
            file.sync_all()?;
        }
        Ok(())
    }
}

fn encode(salts: &[VisitorSalt]) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    for kept in salts {
        bytes.extend_from_slice(&kept.day.as_days().to_le_bytes());
        bytes.extend_from_slice(&kept.salt);
    }
    let sum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// The salts in a file's bytes; `None` when they are not what was written.
#[must_use]
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<VisitorSalt>> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM_BYTES)?)?;
    if u32::from_le_bytes(sum.try_into().ok()?) != crc32c::crc32c(body) {
        return None;
    }
    let (&version, rest) = body.split_first()?;
    let (chunks, remainder) = rest.as_chunks::<SALT_BYTES>();
    if version != VERSION || !remainder.is_empty() {
        return None;
    }
    let salts = chunks.iter().map(|chunk| VisitorSalt {
        day: LocalDate::from_days(i32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]])),
        salt: chunk[4..].try_into().expect("32 bytes are left"),
    });
    Some(salts.collect())
}

#[cfg(test)]
mod tests;
