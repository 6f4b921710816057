//! The log of what a program did to its files: `disk_log.c` writes it, and the test writes into it
//! what clients were told, so that both are in one order.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const OPENED: u8 = 1;
const WROTE: u8 = 2;
const LENGTH: u8 = 3;
const SYNC_BEGUN: u8 = 4;
const SYNC_ENDED: u8 = 5;
const UNLINKED: u8 = 6;
const RENAMED: u8 = 7;
/// Written by the test: the place of something in its list of what was told.
const TOLD: u8 = 8;

const HEAD_BYTES: usize = 17;

/// A record. Files are numbered anew each time one is opened; paths are below the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    Opened { file: u32, path: String, emptied: bool, is_folder: bool },
    Wrote { file: u32, offset: u64, bytes: Vec<u8> },
    Length { file: u32, length: u64 },
    SyncBegun { file: u32, token: u64 },
    SyncEnded { token: u64 },
    Unlinked { path: String },
    Renamed { from: String, to: String },
    Told { place: usize },
}

/// The library, built where the compiler that links Rust programs is.
pub(super) fn build(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/process/power/disk_log.c");
    let library = folder.join("disk_log.so");
    let mut command = Command::new("cc");
    command.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-pthread", "-o"]);
    let output = command.arg(&library).arg(&source).output();
    let output = output.unwrap_or_else(|error| {
        panic!("this test needs a C compiler, `cc`, the one that links Rust programs: {error}")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`cc` cannot build {}: {said}", source.display());
    library
}

/// Has a command keep a log of the files below `folder`.
pub(super) fn observe(command: &mut Command, library: &Path, log: &Path, folder: &Path) {
    command
        .env("LD_PRELOAD", library)
        .env("DISK_LOG", log)
        .env("DISK_LOG_FOLDER", folder.canonicalize().unwrap());
}

/// Opens the log to write into it beside the program.
pub(super) fn append_to(log: &Path) -> File {
    OpenOptions::new().append(true).create(true).open(log).unwrap()
}

/// Writes that something was told. One write: it is not torn by those of others.
pub(super) fn tell(mut log: &File, place: usize) {
    let mut record = vec![TOLD];
    record.extend(0_u32.to_ne_bytes());
    record.extend((place as u64).to_ne_bytes());
    record.extend(0_u32.to_ne_bytes());
    log.write_all(&record).unwrap();
}

/// Reads a whole log.
pub(super) fn read(log: &Path) -> Vec<Record> {
    let bytes = std::fs::read(log).unwrap();
    let mut rest = &bytes[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (head, after) = rest.split_at(HEAD_BYTES);
        let file = u32::from_ne_bytes(head[1..5].try_into().unwrap());
        let number = u64::from_ne_bytes(head[5..13].try_into().unwrap());
        let count = u32::from_ne_bytes(head[13..17].try_into().unwrap());
        let (bytes, after) = after.split_at(count as usize);
        records.push(record(head[0], file, number, bytes));
        rest = after;
    }
    records
}

fn record(kind: u8, file: u32, number: u64, bytes: &[u8]) -> Record {
    let text = || std::str::from_utf8(bytes).unwrap().to_owned();
    match kind {
        OPENED => {
            let (emptied, is_folder) = (number & 1 != 0, number & 2 != 0);
            Record::Opened { file, path: text(), emptied, is_folder }
        }
        WROTE => Record::Wrote { file, offset: number, bytes: bytes.to_vec() },
        LENGTH => Record::Length { file, length: number },
        SYNC_BEGUN => Record::SyncBegun { file, token: number },
        SYNC_ENDED => Record::SyncEnded { token: number },
        UNLINKED => Record::Unlinked { path: text() },
        RENAMED => {
            let both = text();
            let (from, to) = both.split_once('\0').unwrap();
            Record::Renamed { from: from.to_owned(), to: to.to_owned() }
        }
        TOLD => Record::Told { place: usize::try_from(number).unwrap() },
        other => panic!("a record of kind {other}"),
    }
}
