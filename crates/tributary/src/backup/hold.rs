//! Who takes a backup holds the click log's segments: ingest goes on, but removes none of them, so
//! that the copied log begins no later than the copied place of ingest. The lock is the system's
//! and ends with the process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

const HOLD: &str = "spool.hold";
const TURN: &str = "backup.turn";

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)
}

/// Held while a backup is taken.
#[derive(Debug)]
pub(crate) struct Hold {
    _turn: File,
    _hold: File,
}

impl Hold {
    /// Waits for a removal that is under way; none when another backup is being taken.
    pub(crate) fn take(folder: &Path) -> io::Result<Option<Self>> {
        let turn = open(&folder.join(TURN))?;
        match turn.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let hold = open(&folder.join(HOLD))?;
        hold.lock()?;
        Ok(Some(Self { _turn: turn, _hold: hold }))
    }
}

/// Asks before segments are removed.
#[derive(Debug)]
pub(crate) struct Gate(File);

impl Gate {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        open(&folder.join(HOLD)).map(Self)
    }

    /// Runs `remove`, unless a backup holds the log: then it is for another time.
    pub(crate) fn pass<T>(&self, remove: impl FnOnce() -> T) -> Option<T> {
        self.0.try_lock().ok()?;
        let done = remove();
        // Closed with the process at the latest.
        let _ = self.0.unlock();
        Some(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_removed_while_held_and_one_holds_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let gate = Gate::new(folder.path()).unwrap();
        assert_eq!(gate.pass(|| 1), Some(1));
        let hold = Hold::take(folder.path()).unwrap().expect("nobody else");
        assert_eq!(gate.pass(|| 1), None);
        assert!(Hold::take(folder.path()).unwrap().is_none());
        drop(hold);
        assert_eq!(gate.pass(|| 1), Some(1));
    }
}
