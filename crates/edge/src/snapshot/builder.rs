//! Making snapshots: from nothing, from changes, and by merging what is recent into the base.

use std::collections::HashSet;
use std::sync::Arc;

use tributary_click::ClickKeyring;
use tributary_kernel::limits::LINK_NUMBER_MAX;

use super::data::{
    KeyMaterial, LinkEntry, ProgramEntry, ReferralEntry, SnapshotChanges, SnapshotData,
};
use super::program::Program;
use super::table::{LINK_ACTIVE, LinkRow, LinkTexts, ReferralRow, Rows, Table};
use super::{Programs, Snapshot};
use crate::destination::normal_destination;
use crate::request::normal_host;

/// Recent links before they are merged: enough that merging is rare, few enough that a change
/// takes milliseconds. A larger base allows more, so that an import does not merge every second.
const RECENT_ROWS_MIN: usize = 8_192;
const RECENT_PART_OF_BASE: usize = 16;

/// Takes entries one by one and makes a snapshot. Entries that cannot be used (an unknown
/// program, a path too long, a number past 28 bits) are left out and counted: one bad row must
/// not keep a million good ones from serving.
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    cursor: u64,
    programs: Programs,
    rows: Rows,
    keys: KeyMaterial,
    refused: u64,
}

impl SnapshotBuilder {
    /// Where the change feed continues after what is loaded here.
    pub fn set_cursor(&mut self, cursor: u64) {
        self.cursor = cursor;
    }

    /// The click keys.
    pub fn set_keys(&mut self, keys: KeyMaterial) {
        self.keys = keys;
    }

    /// Adds a program. Programs come before their links and codes.
    pub fn push_program(&mut self, entry: ProgramEntry) {
        self.programs.upsert(Program::new(entry));
    }

    /// Adds a link.
    pub fn push_link(&mut self, entry: &LinkEntry) {
        let pushed = push_link(&mut self.rows, &self.programs, entry);
        self.refused += u64::from(pushed.is_none());
    }

    /// Adds a referral code.
    pub fn push_referral(&mut self, entry: &ReferralEntry) {
        let pushed = push_referral(&mut self.rows, &self.programs, entry);
        self.refused += u64::from(pushed.is_none());
    }

    /// Adds all of `data`.
    pub fn extend(&mut self, data: SnapshotData) {
        self.cursor = data.cursor;
        self.keys = data.keys;
        data.programs.into_iter().for_each(|entry| self.push_program(entry));
        data.links.iter().for_each(|entry| self.push_link(entry));
        data.referrals.iter().for_each(|entry| self.push_referral(entry));
    }

    /// Entries left out so far.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// The snapshot.
    #[must_use]
    pub fn finish(self) -> Snapshot {
        Snapshot::from_rows(self.cursor, self.programs, self.rows, self.keys)
    }
}

impl From<SnapshotData> for Snapshot {
    fn from(data: SnapshotData) -> Self {
        let mut builder = SnapshotBuilder::default();
        builder.extend(data);
        builder.finish()
    }
}

impl Snapshot {
    pub(super) fn from_rows(
        cursor: u64,
        programs: Programs,
        rows: Rows,
        keys: KeyMaterial,
    ) -> Self {
        let keyring = ClickKeyring::new(keys.keys.clone(), keys.minting).ok();
        Self {
            cursor,
            programs: Arc::new(programs),
            base: Arc::new(Table::new(rows)),
            recent: Table::new(Rows::default()),
            masked: HashSet::new(),
            removed_codes: HashSet::new(),
            keys,
            keyring,
        }
    }

    /// The snapshot after `changes`; merged when recent has grown too large. Entries that cannot
    /// be used are left out, as by [`SnapshotBuilder`]; a link changed into one is then unknown.
    #[must_use]
    pub fn with_changes(&self, changes: &SnapshotChanges) -> Self {
        let mut programs = Arc::clone(&self.programs);
        if !changes.programs.is_empty() || !changes.programs_removed.is_empty() {
            let programs = Arc::make_mut(&mut programs);
            changes.programs_removed.iter().for_each(|id| programs.remove(id));
            let prepared = changes.programs.iter().cloned().map(Program::new);
            prepared.for_each(|program| programs.upsert(program));
        }
        let mut masked = self.masked.clone();
        let mut dropped: HashSet<u32> = changes.links_removed.iter().copied().collect();
        dropped.extend(changes.links.iter().map(|link| link.number));
        masked.extend(&dropped);

        let mut removed_codes = self.removed_codes.clone();
        let mut dropped_codes = HashSet::new();
        let gone = changes.referrals_removed.iter().map(|(id, code)| (id, code, true));
        let there = changes.referrals.iter().map(|entry| (&entry.program, &entry.code, false));
        for (id, code, is_gone) in gone.chain(there) {
            let Some(number) = programs.by_id.get(id) else { continue };
            let key = (*number, code.to_ascii_lowercase().into_boxed_str());
            if is_gone {
                removed_codes.insert(key.clone());
            } else {
                removed_codes.remove(&key);
            }
            dropped_codes.insert(key);
        }

        let mut rows = Rows::default();
        copy_links(&mut rows, &self.recent, |row| !dropped.contains(&row.number));
        copy_codes(&mut rows, &self.recent, |key| !dropped_codes.contains(key));
        for entry in &changes.links {
            push_link(&mut rows, &programs, entry);
        }
        for entry in &changes.referrals {
            push_referral(&mut rows, &programs, entry);
        }
        let keys = changes.keys.clone().unwrap_or_else(|| self.keys.clone());
        let keyring = ClickKeyring::new(keys.keys.clone(), keys.minting).ok();
        let next = Self {
            cursor: changes.cursor,
            programs,
            base: Arc::clone(&self.base),
            recent: Table::new(rows),
            masked,
            removed_codes,
            keys,
            keyring,
        };
        if next.is_grown() { next.merged() } else { next }
    }

    fn is_grown(&self) -> bool {
        let base = self.base.rows.links.len() + self.base.rows.referrals.len();
        let recent =
            self.masked.len() + self.removed_codes.len() + self.recent.rows.referrals.len();
        recent > RECENT_ROWS_MIN.max(base / RECENT_PART_OF_BASE)
    }

    /// Whether base and recent are one.
    pub(super) fn is_merged(&self) -> bool {
        self.masked.is_empty()
            && self.removed_codes.is_empty()
            && self.recent.rows.links.is_empty()
            && self.recent.rows.referrals.is_empty()
    }

    /// The same content with everything in the base.
    pub(super) fn merged(&self) -> Self {
        let mut rows = Rows::default();
        let texts = self.base.rows.text.len() + self.recent.rows.text.len();
        rows.text.reserve_exact(texts);
        rows.links.reserve_exact(self.base.rows.links.len() + self.recent.rows.links.len());
        copy_links(&mut rows, &self.base, |row| !self.masked.contains(&row.number));
        copy_links(&mut rows, &self.recent, |_| true);
        // A code that is in both is recent's: the table keeps the later of two.
        copy_codes(&mut rows, &self.base, |key| !self.removed_codes.contains(key));
        copy_codes(&mut rows, &self.recent, |_| true);
        Self {
            cursor: self.cursor,
            programs: Arc::clone(&self.programs),
            base: Arc::new(Table::new(rows)),
            recent: Table::new(Rows::default()),
            masked: HashSet::new(),
            removed_codes: HashSet::new(),
            keys: self.keys.clone(),
            keyring: self.keyring.clone(),
        }
    }
}

fn copy_links(into: &mut Rows, from: &Table, keep: impl Fn(&LinkRow) -> bool) {
    for row in from.rows.links.iter().filter(|row| keep(row)) {
        let active = row.flags & LINK_ACTIVE != 0;
        let texts = from.rows.link_texts(row);
        // Only the sum of all texts can be too long here; then the last links are left out.
        let _ = into.push_link(row.number, row.program, active, texts);
    }
}

fn copy_codes(into: &mut Rows, from: &Table, keep: impl Fn(&(u32, Box<str>)) -> bool) {
    // A code counts once, by its last row, which is what the index of `from` says.
    let is_current = |row: &&ReferralRow| {
        from.referral(row.program, from.rows.referral_code(row)).is_some_and(|at| at == *row)
    };
    for row in from.rows.referrals.iter().filter(is_current) {
        let code = from.rows.referral_code(row);
        if keep(&(row.program, code.into())) {
            let _ = into.push_referral(row.program, code, row.link_number);
        }
    }
}

fn push_link(rows: &mut Rows, programs: &Programs, entry: &LinkEntry) -> Option<()> {
    let program = *programs.by_id.get(&entry.program)?;
    let host = match &entry.host {
        Some(host) => Some(normal_host(host)?),
        None => None,
    };
    let destination = match &entry.destination {
        Some(text) => Some(normal_destination(text)?),
        None => None,
    };
    let path = entry.path.to_ascii_lowercase();
    let well_formed = !path.is_empty()
        && !path.starts_with('/')
        && !path.ends_with('/')
        && path.split('/').count() <= 2
        && entry.number <= LINK_NUMBER_MAX
        && entry.referral_code.bytes().all(is_code_byte);
    if !well_formed {
        return None;
    }
    let texts = LinkTexts {
        host: host.as_deref(),
        path: &path,
        destination: destination.as_deref().unwrap_or_default(),
        code: &entry.referral_code,
    };
    rows.push_link(entry.number, program, entry.active, texts).ok()
}

fn push_referral(rows: &mut Rows, programs: &Programs, entry: &ReferralEntry) -> Option<()> {
    let program = *programs.by_id.get(&entry.program)?;
    let code = entry.code.to_ascii_lowercase();
    if code.is_empty() || entry.link_number > LINK_NUMBER_MAX || !code.bytes().all(is_code_byte) {
        return None;
    }
    rows.push_referral(program, &code, entry.link_number).ok()
}

/// Codes stand in addresses as they are.
const fn is_code_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}
