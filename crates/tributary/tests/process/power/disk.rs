//! A disk, from the log of what was done to it: what is read back, what is certain to survive when
//! the power fails now, and what may or may not.
//!
//! The pessimistic reading of POSIX: of what was written since the last sync of a file began,
//! each sector of each write survives or does not, and so does each change of length; of names
//! that no sync of their folder covered, a beginning of their changes does.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use tributary_kernel::SeededEntropy;

use super::log::Record;
use crate::kill::chance;

/// Disks write sectors whole or not at all.
const SECTOR_BYTES: u64 = 512;

/// What of the unsynced survives.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep<'a> {
    Nothing,
    /// Any part, by chance.
    Some(&'a SeededEntropy),
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    name_changes: Vec<(u64, NameChange)>,
    open: HashMap<u32, Opened>,
    syncs: HashMap<u64, (u32, u64)>,
    /// Numbers changes, so that a sync covers those before its beginning.
    changes: u64,
    /// Syncs do nothing: to see whether a test would notice.
    pub(super) deaf: bool,
}

#[derive(Debug, Clone, Default)]
struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<(u64, Change)>,
}

#[derive(Debug, Clone)]
enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
}

#[derive(Debug, Clone)]
enum NameChange {
    Made { path: String, inode: usize },
    Gone { path: String },
    Renamed { from: String, to: String },
}

#[derive(Debug, Clone)]
enum Opened {
    File(usize),
    Folder(String),
}

impl Disk {
    /// A disk on which everything of a folder is safe.
    pub(super) fn of(folder: &Path) -> Self {
        let mut disk = Self::default();
        for (path, bytes) in files(folder) {
            disk.names.insert(path, disk.inodes.len());
            disk.inodes.push(Inode { live: bytes.clone(), durable: bytes, unsynced: vec![] });
        }
        disk.durable_names = disk.names.clone();
        disk
    }

    /// Carries on with the next record.
    pub(super) fn apply(&mut self, record: &Record) {
        self.changes += 1;
        match record {
            Record::Opened { file, path, is_folder: true, .. } => {
                self.open.insert(*file, Opened::Folder(path.clone()));
            }
            Record::Opened { file, path, emptied, .. } => {
                let inode = match self.names.get(path) {
                    Some(inode) => *inode,
                    None => self.make(path),
                };
                self.open.insert(*file, Opened::File(inode));
                if *emptied {
                    self.change(*file, Change::Length(0));
                }
            }
            Record::Wrote { file, offset, bytes } => {
                let (offset, bytes) = (*offset, bytes.clone());
                self.change(*file, Change::Write { offset, bytes });
            }
            Record::Length { file, length } => self.change(*file, Change::Length(*length)),
            Record::SyncBegun { file, token } => {
                self.syncs.insert(*token, (*file, self.changes));
            }
            Record::SyncEnded { token } => {
                let (file, until) = self.syncs.remove(token).expect("a sync begins first");
                if !self.deaf {
                    self.sync(file, until);
                }
            }
            Record::Unlinked { path } => self.rename(NameChange::Gone { path: path.clone() }),
            Record::Renamed { from, to } => {
                self.rename(NameChange::Renamed { from: from.clone(), to: to.clone() });
            }
            Record::Told { .. } => {}
        }
    }

    fn make(&mut self, path: &str) -> usize {
        let inode = self.inodes.len();
        self.inodes.push(Inode::default());
        self.rename(NameChange::Made { path: path.to_owned(), inode });
        inode
    }

    fn rename(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.name_changes.push((self.changes, change));
    }

    fn change(&mut self, file: u32, change: Change) {
        let Some(Opened::File(inode)) = self.open.get(&file) else { panic!("{file} is no file") };
        let inode = &mut self.inodes[*inode];
        change.apply(&mut inode.live);
        inode.unsynced.push((self.changes, change));
    }

    fn sync(&mut self, file: u32, until: u64) {
        match &self.open[&file] {
            Opened::File(inode) => {
                let Inode { durable, unsynced, .. } = &mut self.inodes[*inode];
                unsynced.retain(|(number, change)| {
                    let covered = *number <= until;
                    if covered {
                        change.apply(durable);
                    }
                    !covered
                });
            }
            Opened::Folder(path) => {
                let names = &mut self.durable_names;
                self.name_changes.retain(|(number, change)| {
                    let covered = *number <= until && change.is_in(path);
                    if covered {
                        change.apply(names);
                    }
                    !covered
                });
            }
        }
    }

    /// What is on the disk after the power failed, by path. An index of SQLite's log in shared
    /// memory is nobody's after a crash of the machine.
    pub(super) fn after_power_cut(&self, keep: Keep<'_>) -> BTreeMap<String, Vec<u8>> {
        let mut names = self.durable_names.clone();
        let kept = keep.up_to(self.name_changes.len());
        for (_, change) in &self.name_changes[..kept] {
            change.apply(&mut names);
        }
        let contents = names.iter().filter(|(path, _)| is_kept(path)).map(|(path, inode)| {
            let inode = &self.inodes[*inode];
            let mut bytes = inode.durable.clone();
            for (_, change) in &inode.unsynced {
                change.apply_in_part(&mut bytes, keep);
            }
            (path.clone(), bytes)
        });
        contents.collect()
    }

    /// What is read back while the power is there.
    pub(super) fn live(&self) -> BTreeMap<String, Vec<u8>> {
        let names = self.names.iter().filter(|(path, _)| is_kept(path));
        names.map(|(path, inode)| (path.clone(), self.inodes[*inode].live.clone())).collect()
    }
}

impl Keep<'_> {
    fn yes(self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Some(dice) => chance(dice, 2) == 0,
        }
    }

    fn up_to(self, most: usize) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Some(dice) => usize::try_from(chance(dice, most as u64 + 1)).unwrap(),
        }
    }
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Length(length) => to.resize(usize::try_from(*length).unwrap(), 0),
            Self::Write { offset, bytes } => put(to, *offset, bytes),
        }
    }

    fn apply_in_part(&self, to: &mut Vec<u8>, keep: Keep<'_>) {
        match self {
            Self::Length(_) if keep.yes() => self.apply(to),
            Self::Length(_) => {}
            Self::Write { offset, bytes } => {
                let (mut at, mut rest) = (*offset, &bytes[..]);
                while !rest.is_empty() {
                    let in_sector = usize::try_from(SECTOR_BYTES - at % SECTOR_BYTES).unwrap();
                    let (sector, after) = rest.split_at(in_sector.min(rest.len()));
                    if keep.yes() {
                        put(to, at, sector);
                    }
                    at += sector.len() as u64;
                    rest = after;
                }
            }
        }
    }
}

fn put(to: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let from = usize::try_from(offset).unwrap();
    let until = from + bytes.len();
    if to.len() < until {
        to.resize(until, 0);
    }
    to[from..until].copy_from_slice(bytes);
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Made { path, inode } => {
                names.insert(path.clone(), *inode);
            }
            Self::Gone { path } => {
                names.remove(path);
            }
            Self::Renamed { from, to } => {
                // What it was made of may not have survived.
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }

    fn is_in(&self, folder: &str) -> bool {
        let path = match self {
            Self::Made { path, .. } | Self::Gone { path } => path,
            Self::Renamed { to, .. } => to,
        };
        path.rsplit_once('/').map_or("", |(parent, _)| parent) == folder
    }
}

fn is_kept(path: &str) -> bool {
    !path.ends_with("-shm")
}

/// All files below a folder, by path.
pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                if is_kept(&below) {
                    found.insert(below, std::fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}
