//! Links and referral codes in little memory: fixed rows, one string for all texts, and hash
//! indexes of row numbers. A link costs its texts and about 36 bytes.

use std::collections::HashMap;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Rows refer to texts by 32-bit offsets.
pub(super) const TEXT_BYTES_MAX: usize = u32::MAX as usize;
/// A path is two slugs of at most 64 bytes and the slash between them.
pub(super) const PATH_BYTES_MAX: usize = 129;
/// Referral codes.
pub(super) const CODE_BYTES_MAX: usize = 64;
/// Host number of links that are for any host.
pub(super) const ANY_HOST: u32 = 0;

pub(super) const LINK_ACTIVE: u8 = 1;

/// One link. Its texts stand in a row from `start`: path, destination, code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LinkRow {
    pub(super) number: u32,
    pub(super) program: u32,
    pub(super) host: u32,
    pub(super) start: u32,
    pub(super) destination_len: u16,
    pub(super) path_len: u8,
    pub(super) code_len: u8,
    pub(super) flags: u8,
}

/// One referral code, its text at `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReferralRow {
    pub(super) program: u32,
    pub(super) link_number: u32,
    pub(super) start: u32,
    pub(super) code_len: u8,
}

/// The texts of one link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LinkTexts<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) path: &'a str,
    /// Empty: the program's landing page.
    pub(super) destination: &'a str,
    pub(super) code: &'a str,
}

/// Why a link was left out of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowRefusal {
    /// A text is longer than its limit, or the table's texts are.
    TooLong,
}

/// What a table is made of, before its indexes; also the form it is kept in.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) text: String,
    pub(super) links: Vec<LinkRow>,
    pub(super) referrals: Vec<ReferralRow>,
    /// `hosts[n]` is host number n + 1.
    pub(super) hosts: Vec<Box<str>>,
    host_numbers: HashMap<Box<str>, u32>,
}

impl Rows {
    /// From kept parts; the rows have been checked against the text.
    pub(super) fn from_parts(
        text: String,
        links: Vec<LinkRow>,
        referrals: Vec<ReferralRow>,
        hosts: Vec<Box<str>>,
    ) -> Self {
        let host_numbers = (1..).zip(&hosts).map(|(number, host)| (host.clone(), number)).collect();
        Self { text, links, referrals, hosts, host_numbers }
    }

    fn host_number(&mut self, host: Option<&str>) -> u32 {
        let Some(host) = host else { return ANY_HOST };
        if let Some(number) = self.host_numbers.get(host) {
            return *number;
        }
        self.hosts.push(host.into());
        let number = u32::try_from(self.hosts.len()).expect("there are fewer hosts than links");
        self.host_numbers.insert(host.into(), number);
        number
    }

    /// Adds a link whose path and host are already in their normal form.
    pub(super) fn push_link(
        &mut self,
        number: u32,
        program: u32,
        active: bool,
        texts: LinkTexts<'_>,
    ) -> Result<(), RowRefusal> {
        let length = texts.path.len() + texts.destination.len() + texts.code.len();
        let fits = texts.path.len() <= PATH_BYTES_MAX
            && texts.code.len() <= CODE_BYTES_MAX
            && texts.destination.len() <= usize::from(u16::MAX)
            && self.text.len() + length <= TEXT_BYTES_MAX;
        if !fits {
            return Err(RowRefusal::TooLong);
        }
        let host = self.host_number(texts.host);
        let start = u32::try_from(self.text.len()).expect("checked above");
        for text in [texts.path, texts.destination, texts.code] {
            self.text.push_str(text);
        }
        self.links.push(LinkRow {
            number,
            program,
            host,
            start,
            destination_len: u16::try_from(texts.destination.len()).expect("checked above"),
            path_len: u8::try_from(texts.path.len()).expect("checked above"),
            code_len: u8::try_from(texts.code.len()).expect("checked above"),
            flags: if active { LINK_ACTIVE } else { 0 },
        });
        Ok(())
    }

    /// Adds a code that is already in lower case.
    pub(super) fn push_referral(
        &mut self,
        program: u32,
        code: &str,
        link_number: u32,
    ) -> Result<(), RowRefusal> {
        let fits = code.len() <= CODE_BYTES_MAX && self.text.len() + code.len() <= TEXT_BYTES_MAX;
        if !fits {
            return Err(RowRefusal::TooLong);
        }
        let start = u32::try_from(self.text.len()).expect("checked above");
        self.text.push_str(code);
        let code_len = u8::try_from(code.len()).expect("checked above");
        self.referrals.push(ReferralRow { program, link_number, start, code_len });
        Ok(())
    }

    pub(super) fn link_texts(&self, row: &LinkRow) -> LinkTexts<'_> {
        let path = row.start as usize;
        let destination = path + usize::from(row.path_len);
        let code = destination + usize::from(row.destination_len);
        let end = code + usize::from(row.code_len);
        let host = (row.host as usize).checked_sub(1).and_then(|at| self.hosts.get(at));
        LinkTexts {
            host: host.map(|host| &**host),
            path: self.text.get(path..destination).unwrap_or_default(),
            destination: self.text.get(destination..code).unwrap_or_default(),
            code: self.text.get(code..end).unwrap_or_default(),
        }
    }

    pub(super) fn referral_code(&self, row: &ReferralRow) -> &str {
        let start = row.start as usize;
        self.text.get(start..start + usize::from(row.code_len)).unwrap_or_default()
    }
}

/// Rows with their indexes; does not change once made.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Rows,
    by_path: HashTable<u32>,
    by_code: HashTable<u32>,
    /// Keyed by chance per process: partners choose paths, and must not be able to choose
    /// collisions.
    hasher: DefaultHashBuilder,
}

impl Table {
    /// Sorts by number and indexes. Of two rows with one number the later is kept; of two links
    /// with one host and path the lower number.
    pub(super) fn new(mut rows: Rows) -> Self {
        if !rows.links.is_sorted_by(|a, b| a.number < b.number) {
            // Stable, and reversed first, so that the later of two comes first and stays.
            rows.links.reverse();
            rows.links.sort_by_key(|row| row.number);
            rows.links.dedup_by_key(|row| row.number);
        }
        rows.links.shrink_to_fit();
        rows.referrals.shrink_to_fit();
        rows.text.shrink_to_fit();
        let hasher = DefaultHashBuilder::default();
        let mut by_path = HashTable::with_capacity(rows.links.len());
        for (index, row) in (0u32..).zip(&rows.links) {
            let texts = rows.link_texts(row);
            let hash = hasher.hash_one((row.host, texts.path));
            let hash_of = |at: &u32| {
                let row = &rows.links[*at as usize];
                hasher.hash_one((row.host, rows.link_texts(row).path))
            };
            let same = |at: &u32| {
                let other = &rows.links[*at as usize];
                other.host == row.host && rows.link_texts(other).path == texts.path
            };
            by_path.entry(hash, same, hash_of).or_insert(index);
        }
        let mut by_code = HashTable::with_capacity(rows.referrals.len());
        for (index, row) in (0u32..).zip(&rows.referrals) {
            let code = rows.referral_code(row);
            let hash = hasher.hash_one((row.program, code));
            let hash_of = |at: &u32| {
                let row = &rows.referrals[*at as usize];
                hasher.hash_one((row.program, rows.referral_code(row)))
            };
            let same = |at: &u32| {
                let other = &rows.referrals[*at as usize];
                other.program == row.program && rows.referral_code(other) == code
            };
            *by_code.entry(hash, same, hash_of).or_insert(index).get_mut() = index;
        }
        Self { rows, by_path, by_code, hasher }
    }

    /// The link of a host (or of any host) and path.
    pub(super) fn link_at(&self, host: Option<&str>, path: &str) -> Option<&LinkRow> {
        let host = match host {
            None => ANY_HOST,
            Some(host) => *self.rows.host_numbers.get(host)?,
        };
        let hash = self.hasher.hash_one((host, path));
        let same = |at: &u32| {
            let row = &self.rows.links[*at as usize];
            row.host == host && self.rows.link_texts(row).path == path
        };
        self.by_path.find(hash, same).map(|at| &self.rows.links[*at as usize])
    }

    pub(super) fn link_numbered(&self, number: u32) -> Option<&LinkRow> {
        let at = self.rows.links.binary_search_by_key(&number, |row| row.number).ok()?;
        Some(&self.rows.links[at])
    }

    pub(super) fn referral(&self, program: u32, code: &str) -> Option<&ReferralRow> {
        let hash = self.hasher.hash_one((program, code));
        let same = |at: &u32| {
            let row = &self.rows.referrals[*at as usize];
            row.program == program && self.rows.referral_code(row) == code
        };
        self.by_code.find(hash, same).map(|at| &self.rows.referrals[*at as usize])
    }

    /// Bytes held, indexes included.
    pub(super) fn bytes(&self) -> usize {
        self.rows.text.capacity()
            + self.rows.links.capacity() * size_of::<LinkRow>()
            + self.rows.referrals.capacity() * size_of::<ReferralRow>()
            + self.by_path.allocation_size()
            + self.by_code.allocation_size()
    }
}
