//! A disk for tests that forgets what was not synced. Public, so that other crates can put an
//! edge or an ingest on it.
//!
//! The model is the pessimistic reading of POSIX: what was written is read back at once, but
//! survives a crash for certain only once `sync_data` said yes for the file *and* `sync_dir` for
//! its name. Of the rest a crash keeps any part: each sector of each write on its own, each change
//! of length, a beginning of the changes of names. After a sync that failed, what was to be synced
//! is forgotten by later syncs, though it is still read back: as kernels do.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tributary_kernel::{Entropy, SeededEntropy};

use crate::io::{LockGuard, OpenMode, SpoolFile, SpoolIo};

/// Disks write sectors whole or not at all.
const SECTOR_BYTES: u64 = 512;

/// The disk. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct FaultDisk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    disk: Mutex<Disk>,
    syncs: Condvar,
    chance: SeededEntropy,
}

#[derive(Debug, Default)]
struct Disk {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    name_changes: Vec<NameChange>,
    locks: BTreeSet<PathBuf>,
    /// Grows by one with each crash: files opened before it are dead.
    boot: u64,
    operations: u64,
    fail_at: Option<u64>,
    fail_next_sync: bool,
    syncs_held: bool,
    syncs_waiting: u32,
    capacity: Option<u64>,
}

#[derive(Debug, Clone, Default)]
struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
}

#[derive(Debug, Clone)]
enum NameChange {
    Put(PathBuf, usize),
    Drop(PathBuf),
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => write_into(to, *offset, bytes),
            Self::Length(length) => to.resize(index(*length), 0),
        }
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).expect("test files fit in memory")
}

fn write_into(to: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let (begin, end) = (index(offset), index(offset) + bytes.len());
    if to.len() < end {
        to.resize(end, 0);
    }
    to[begin..end].copy_from_slice(bytes);
}

impl Disk {
    /// Counts an operation that changes or syncs something, and fails it if its number is up.
    fn operation(&mut self) -> io::Result<()> {
        self.operations += 1;
        if self.fail_at == Some(self.operations) {
            return Err(io::Error::other("injected fault"));
        }
        Ok(())
    }

    fn change_name(&mut self, change: NameChange) {
        apply_name(&change, &mut self.names);
        self.name_changes.push(change);
    }

    fn used_bytes(&self) -> u64 {
        let used: BTreeSet<usize> = self.names.values().copied().collect();
        used.iter().map(|&inode| self.inodes[inode].live.len() as u64).sum()
    }
}

fn apply_name(change: &NameChange, names: &mut BTreeMap<PathBuf, usize>) {
    match change {
        NameChange::Put(path, inode) => {
            names.insert(path.clone(), *inode);
        }
        NameChange::Drop(path) => {
            names.remove(path);
        }
    }
}

impl FaultDisk {
    /// An empty disk; `seed` decides what its crashes keep.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Inner {
            disk: Mutex::default(),
            syncs: Condvar::new(),
            chance: SeededEntropy::new(seed),
        }))
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn chance(&self, one_in: u8) -> bool {
        let mut byte = [0];
        self.0.chance.fill(&mut byte);
        byte[0].is_multiple_of(one_in)
    }

    /// The machine stops and starts again: of what was not synced any part may be left. All open
    /// files and locks are gone; using one is an error.
    pub fn crash(&self) {
        let mut disk = self.disk();
        disk.boot += 1;
        disk.locks.clear();
        disk.fail_at = None;
        disk.fail_next_sync = false;
        disk.syncs_held = false;
        let changes = std::mem::take(&mut disk.name_changes);
        let mut names = std::mem::take(&mut disk.durable_names);
        for change in changes {
            if self.chance(2) {
                break;
            }
            apply_name(&change, &mut names);
        }
        disk.names.clone_from(&names);
        disk.durable_names = names;
        for inode in &mut disk.inodes {
            for change in std::mem::take(&mut inode.unsynced) {
                self.keep_some(&change, &mut inode.durable);
            }
            inode.live.clone_from(&inode.durable);
        }
        drop(disk);
        self.0.syncs.notify_all();
    }

    /// What is left of one change after a crash: all, nothing, or some sectors.
    fn keep_some(&self, change: &Change, durable: &mut Vec<u8>) {
        if self.chance(3) {
            return;
        }
        let Change::Write { offset, bytes } = change else { return change.apply(durable) };
        let torn = self.chance(2);
        let mut rest = bytes.as_slice();
        let mut at = *offset;
        while !rest.is_empty() {
            let in_sector = index(SECTOR_BYTES - at % SECTOR_BYTES).min(rest.len());
            let (sector, after) = rest.split_at(in_sector);
            if !(torn && self.chance(2)) {
                write_into(durable, at, sector);
            }
            at += in_sector as u64;
            rest = after;
        }
    }

    /// Operations so far that change or sync something; the next is one more.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.disk().operations
    }

    /// The operation of this number fails, and only it. A write that fails may be done in part.
    pub fn fail_operation(&self, number: u64) {
        self.disk().fail_at = Some(number);
    }

    /// The next sync of a file's data fails.
    pub fn fail_next_sync(&self) {
        self.disk().fail_next_sync = true;
    }

    /// Syncs of data wait until [`FaultDisk::release_syncs`].
    pub fn hold_syncs(&self) {
        self.disk().syncs_held = true;
    }

    /// Waits until a sync is being held.
    pub fn wait_for_held_sync(&self) {
        let mut disk = self.disk();
        while disk.syncs_waiting == 0 {
            disk = self.0.syncs.wait(disk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets held syncs go.
    pub fn release_syncs(&self) {
        self.disk().syncs_held = false;
        self.0.syncs.notify_all();
    }

    /// Bytes that all files together may have; `None` is no limit.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.disk().capacity = bytes;
    }

    /// Bytes that all files have.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.disk().used_bytes()
    }

    /// What a file holds, as a reader would see it.
    #[must_use]
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let disk = self.disk();
        disk.names.get(path).map(|&inode| disk.inodes[inode].live.clone())
    }

    /// Turns bits of a byte over, in memory and on the disk.
    ///
    /// # Panics
    /// When there is no such file or byte.
    pub fn flip(&self, path: &Path, byte: u64, bits: u8) {
        let mut disk = self.disk();
        let inode = *disk.names.get(path).expect("the file is there");
        let inode = &mut disk.inodes[inode];
        inode.live[index(byte)] ^= bits;
        if let Some(durable) = inode.durable.get_mut(index(byte)) {
            *durable ^= bits;
        }
    }
}

impl SpoolIo for FaultDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn SpoolFile>> {
        let mut disk = self.disk();
        let found = disk.names.get(path).copied();
        let inode = match (found, mode) {
            (Some(inode), OpenMode::Read | OpenMode::Write) => inode,
            (None, OpenMode::Read | OpenMode::Write) => {
                return Err(io::ErrorKind::NotFound.into());
            }
            (Some(inode), OpenMode::Create) => {
                disk.operation()?;
                disk.inodes[inode].live.clear();
                disk.inodes[inode].unsynced.push(Change::Length(0));
                inode
            }
            (None, OpenMode::Create) => {
                disk.operation()?;
                disk.inodes.push(Inode::default());
                let inode = disk.inodes.len() - 1;
                disk.change_name(NameChange::Put(path.to_owned(), inode));
                inode
            }
        };
        let writes = mode != OpenMode::Read;
        Ok(Box::new(FaultFile { disk: self.clone(), inode, boot: disk.boot, writes }))
    }

    fn create_dir_all(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let disk = self.disk();
        let here = disk.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(here.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.operation()?;
        let inode = *disk.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        disk.change_name(NameChange::Put(to.to_owned(), inode));
        disk.change_name(NameChange::Drop(from.to_owned()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.operation()?;
        if !disk.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        disk.change_name(NameChange::Drop(path.to_owned()));
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.operation()?;
        let (here, elsewhere) = std::mem::take(&mut disk.name_changes)
            .into_iter()
            .partition::<Vec<_>, _>(|change| match change {
                NameChange::Put(path, _) | NameChange::Drop(path) => path.parent() == Some(dir),
            });
        disk.name_changes = elsewhere;
        for change in &here {
            apply_name(change, &mut disk.durable_names);
        }
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn LockGuard>> {
        let mut disk = self.disk();
        if !disk.locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(FaultLock { disk: self.clone(), path: path.to_owned(), boot: disk.boot }))
    }
}

#[derive(Debug)]
struct FaultLock {
    disk: FaultDisk,
    path: PathBuf,
    boot: u64,
}

impl LockGuard for FaultLock {}

impl Drop for FaultLock {
    fn drop(&mut self) {
        let mut disk = self.disk.disk();
        if disk.boot == self.boot {
            disk.locks.remove(&self.path);
        }
    }
}

#[derive(Debug)]
struct FaultFile {
    disk: FaultDisk,
    inode: usize,
    boot: u64,
    writes: bool,
}

impl FaultFile {
    /// The disk, if the machine has not crashed since this file was opened.
    fn alive(&self) -> io::Result<MutexGuard<'_, Disk>> {
        let disk = self.disk.disk();
        if disk.boot == self.boot { Ok(disk) } else { Err(io::Error::other("the machine crashed")) }
    }

    fn alive_to_write(&self) -> io::Result<MutexGuard<'_, Disk>> {
        if self.writes { self.alive() } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn change(&self, disk: &mut Disk, change: Change) {
        let inode = &mut disk.inodes[self.inode];
        change.apply(&mut inode.live);
        inode.unsynced.push(change);
    }
}

impl SpoolFile for FaultFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let disk = self.alive()?;
        let live = &disk.inodes[self.inode].live;
        let rest = live.get(index(offset)..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut disk = self.alive_to_write()?;
        let failed = disk.operation();
        let length = disk.inodes[self.inode].live.len() as u64;
        let grows_by = (offset + bytes.len() as u64).saturating_sub(length);
        let room = disk.capacity.map_or(u64::MAX, |max| max.saturating_sub(disk.used_bytes()));
        let written = match &failed {
            Err(_) => bytes.len() / 2,
            Ok(()) if grows_by > room => bytes.len().saturating_sub(index(grows_by - room)),
            Ok(()) => bytes.len(),
        };
        if written > 0 {
            self.change(&mut disk, Change::Write { offset, bytes: bytes[..written].to_vec() });
        }
        failed?;
        if written < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut disk = self.alive_to_write()?;
        disk.operation()?;
        self.change(&mut disk, Change::Length(length));
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.alive()?.inodes[self.inode].live.len() as u64)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut disk = self.alive()?;
        disk.syncs_waiting += 1;
        self.disk.0.syncs.notify_all();
        while disk.syncs_held {
            disk = self.disk.0.syncs.wait(disk).unwrap_or_else(PoisonError::into_inner);
        }
        disk.syncs_waiting -= 1;
        if disk.boot != self.boot {
            return Err(io::Error::other("the machine crashed"));
        }
        let number = disk.operation();
        let fails = std::mem::take(&mut disk.fail_next_sync);
        let inode = &mut disk.inodes[self.inode];
        let changes = std::mem::take(&mut inode.unsynced);
        if fails || number.is_err() {
            // Forgotten: neither this nor any later sync makes these durable.
            return Err(io::Error::other("injected sync fault"));
        }
        for change in changes {
            change.apply(&mut inode.durable);
        }
        Ok(())
    }
}
