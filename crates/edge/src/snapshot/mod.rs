//! Everything a redirect needs, in memory.
//!
//! A [`Snapshot`] never changes; a new one takes its place atomically, and readers hold no lock.
//! So that one changed link among a million costs a millisecond and not a second, it is made of a
//! large *base* and a small table of what is *recent*; a base row is masked when recent has, or a
//! change removed, its number. When recent has grown, both are merged into a new base.

mod builder;
mod data;
mod feed;
mod file;
mod program;
mod table;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use arc_swap::ArcSwap;
use tributary_click::ClickKeyring;
use tributary_kernel::Timestamp;

pub use builder::SnapshotBuilder;
pub use data::{
    KeyMaterial, LinkEntry, ProgramEntry, ReferralEntry, SnapshotChanges, SnapshotData,
    SnapshotSource, SourceError,
};
pub use feed::{FeedConfig, SnapshotFeed};
pub use file::{KeySeal, PlainKeys, SnapshotFile, SnapshotFileError};
pub use program::Program;
use table::{LINK_ACTIVE, LinkRow, PATH_BYTES_MAX, Table};

/// A link that was found.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// Its number.
    pub number: u32,
    /// Its program.
    pub program: &'a Program,
    /// Whether it gives credit (its program must, too).
    pub active: bool,
    /// Its own destination, normalised.
    pub destination: Option<&'a str>,
    /// The partner's code; empty when there is none.
    pub referral_code: &'a str,
}

/// Programs, numbered in the order they became known; numbers stay while the process lives.
#[derive(Debug, Clone, Default)]
struct Programs {
    list: Vec<Program>,
    by_id: HashMap<[u8; 16], u32>,
    by_key: HashMap<Box<str>, u32>,
}

impl Programs {
    fn upsert(&mut self, program: Program) {
        let number = match self.by_id.get(program.id()) {
            Some(number) => {
                let old = &self.list[*number as usize].entry.public_key;
                self.by_key.remove(old.as_str());
                *number
            }
            None => u32::try_from(self.list.len()).expect("fewer programs than links"),
        };
        self.by_id.insert(*program.id(), number);
        if !program.entry.public_key.is_empty() {
            self.by_key.insert(program.entry.public_key.as_str().into(), number);
        }
        match self.list.get_mut(number as usize) {
            Some(slot) => *slot = program,
            None => self.list.push(program),
        }
    }

    fn remove(&mut self, id: &[u8; 16]) {
        if let Some(number) = self.by_id.get(id) {
            let program = &mut self.list[*number as usize];
            program.removed = true;
            self.by_key.remove(program.entry.public_key.as_str());
        }
    }

    fn get(&self, number: u32) -> Option<&Program> {
        self.list.get(number as usize).filter(|program| !program.removed)
    }
}

/// Links, programs, codes and keys at one moment.
#[derive(Debug)]
pub struct Snapshot {
    cursor: u64,
    programs: Arc<Programs>,
    base: Arc<Table>,
    recent: Table,
    /// Numbers of links that `base` must not answer for.
    masked: HashSet<u32>,
    /// Codes that are gone though `base` has them.
    removed_codes: HashSet<(u32, Box<str>)>,
    keys: KeyMaterial,
    keyring: Option<ClickKeyring>,
}

impl Default for Snapshot {
    fn default() -> Self {
        SnapshotBuilder::default().finish()
    }
}

impl Snapshot {
    /// The link that a request of `host` (normalised: lower case, no port, no trailing dot) for
    /// `path` (without its slashes at the ends) names: one of that host, else one of any host.
    /// Case of the path does not matter.
    #[must_use]
    pub fn link(&self, host: &str, path: &str) -> Option<Link<'_>> {
        let mut buffer = [0u8; PATH_BYTES_MAX];
        let path = lower_case(path, &mut buffer)?;
        let (table, row) = self.row_at(Some(host), path).or_else(|| self.row_at(None, path))?;
        self.view(table, row)
    }

    /// The link of that number.
    #[must_use]
    pub fn link_numbered(&self, number: u32) -> Option<Link<'_>> {
        let (table, row) = match self.recent.link_numbered(number) {
            Some(row) => (&self.recent, row),
            None if self.masked.contains(&number) => return None,
            None => (&*self.base, self.base.link_numbered(number)?),
        };
        self.view(table, row)
    }

    /// The program whose script names it by `public_key`.
    #[must_use]
    pub fn program_by_key(&self, public_key: &str) -> Option<&Program> {
        self.programs.get(*self.programs.by_key.get(public_key)?)
    }

    /// All programs.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        self.programs.list.iter().filter(|program| !program.removed)
    }

    /// The link that a code stands for on a program's landing pages.
    #[must_use]
    pub fn referral(&self, program: &Program, code: &str) -> Option<Link<'_>> {
        let number = *self.programs.by_id.get(program.id())?;
        let mut buffer = [0u8; PATH_BYTES_MAX];
        let code = lower_case(code, &mut buffer)?;
        let link_number = match self.recent.referral(number, code) {
            Some(row) => row.link_number,
            None if self.removed_codes.contains(&(number, code.into())) => return None,
            None => self.base.referral(number, code)?.link_number,
        };
        self.link_numbered(link_number)
    }

    /// The keys that mint and verify click ids; without them no ids are minted.
    #[must_use]
    pub const fn keyring(&self) -> Option<&ClickKeyring> {
        self.keyring.as_ref()
    }

    /// Where the change feed continues.
    #[must_use]
    pub const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Links it answers for.
    #[must_use]
    pub fn links(&self) -> usize {
        let masked =
            self.masked.iter().filter(|number| self.base.link_numbered(**number).is_some());
        self.base.rows.links.len() - masked.count() + self.recent.rows.links.len()
    }

    /// Bytes of links and codes, with their indexes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.base.bytes() + self.recent.bytes()
    }

    fn row_at(&self, host: Option<&str>, path: &str) -> Option<(&Table, &LinkRow)> {
        if let Some(row) = self.recent.link_at(host, path) {
            return Some((&self.recent, row));
        }
        let row = self.base.link_at(host, path)?;
        (!self.masked.contains(&row.number)).then_some((&*self.base, row))
    }

    fn view<'a>(&'a self, table: &'a Table, row: &'a LinkRow) -> Option<Link<'a>> {
        let texts = table.rows.link_texts(row);
        Some(Link {
            number: row.number,
            program: self.programs.get(row.program)?,
            active: row.flags & LINK_ACTIVE != 0,
            destination: Some(texts.destination).filter(|text| !text.is_empty()),
            referral_code: texts.code,
        })
    }
}

/// `text` in lower case (ASCII), in `buffer` if it has capitals; `None` when it is longer than
/// anything stored.
fn lower_case<'a>(text: &'a str, buffer: &'a mut [u8; PATH_BYTES_MAX]) -> Option<&'a str> {
    if text.len() > PATH_BYTES_MAX {
        return None;
    }
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(text);
    }
    let lower = &mut buffer[..text.len()];
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok()
}

/// The snapshot in use, and how old it is. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct SnapshotHandle(Arc<HandleInner>);

#[derive(Debug)]
struct HandleInner {
    current: ArcSwap<Snapshot>,
    /// Microseconds; [`NEVER`] before there was any.
    current_at: AtomicI64,
    source_errors: AtomicU64,
}

const NEVER: i64 = i64::MIN;

impl Default for SnapshotHandle {
    fn default() -> Self {
        Self(Arc::new(HandleInner {
            current: ArcSwap::from_pointee(Snapshot::default()),
            current_at: AtomicI64::new(NEVER),
            source_errors: AtomicU64::new(0),
        }))
    }
}

impl SnapshotHandle {
    /// Holds `snapshot`, which showed the source's state at `at`.
    #[must_use]
    pub fn new(snapshot: Snapshot, at: Timestamp) -> Self {
        let handle = Self::default();
        handle.replace(Arc::new(snapshot), at);
        handle
    }

    /// The snapshot in use.
    #[must_use]
    pub fn load(&self) -> arc_swap::Guard<Arc<Snapshot>> {
        self.0.current.load()
    }

    /// Puts another in its place.
    pub fn replace(&self, snapshot: Arc<Snapshot>, at: Timestamp) {
        self.0.current.store(snapshot);
        self.confirm(at);
    }

    /// The source says that nothing has changed until `at`.
    pub fn confirm(&self, at: Timestamp) {
        self.0.current_at.store(at.as_microsecond(), Ordering::Relaxed);
    }

    /// The moment whose state this is; `None` while nothing has been loaded.
    #[must_use]
    pub fn current_at(&self) -> Option<Timestamp> {
        let at = self.0.current_at.load(Ordering::Relaxed);
        (at != NEVER).then(|| Timestamp::from_microsecond(at))
    }

    /// Microseconds since the source was last heard; `None` while nothing has been loaded.
    #[must_use]
    pub fn age_us(&self, now: Timestamp) -> Option<i64> {
        Some(now.microseconds_since(self.current_at()?).max(0))
    }

    /// How often the source did not answer.
    #[must_use]
    pub fn source_errors(&self) -> u64 {
        self.0.source_errors.load(Ordering::Relaxed)
    }

    fn count_source_error(&self) {
        self.0.source_errors.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
