use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use tributary_click::NODE_MAX;
use tributary_kernel::Clock;

use crate::committer::Committer;
use crate::io::{LockGuard, SpoolIo};
use crate::reader::Committed;
use crate::receipt::{Lane, LaneCore, LaneDriver, Receipt};
use crate::recovery::{self, Recovery};
use crate::segment::{self, Offset};
use crate::shared::Shared;

/// When a receipt says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// After `fdatasync`: neither a crash of the process nor of the machine loses the entry.
    Durable,
    /// After `write`: a crash of the process loses nothing, one of the machine what came in the
    /// last second or so (synced once a second, and when nothing comes).
    AfterWrite,
}

/// Bytes after which a new segment begins, unless configured.
const SEGMENT_BYTES_DEFAULT: u64 = 16 * 1024 * 1024;

/// Where and how a spool is kept.
#[derive(Debug, Clone)]
pub struct SpoolConfig {
    /// Its folder; made if missing.
    pub dir: PathBuf,
    /// 0 to 63.
    pub node: u8,
    /// A new segment begins when the next batch would make one longer than this. A batch alone
    /// may be longer.
    pub segment_bytes_max: u64,
    /// A new segment begins when one with entries is older than this, so that closed segments can
    /// be shipped soon. `None`: by size only.
    pub segment_age_max: Option<Duration>,
    /// When receipts say yes.
    pub durability: Durability,
}

impl SpoolConfig {
    /// Durable, with segments of 16 MiB whatever their age.
    #[must_use]
    pub const fn new(dir: PathBuf, node: u8) -> Self {
        Self {
            dir,
            node,
            segment_bytes_max: SEGMENT_BYTES_DEFAULT,
            segment_age_max: None,
            durability: Durability::Durable,
        }
    }
}

/// How a spool is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpoolState {
    /// As it should.
    Accepting,
    /// There is no space: entries are lost and counted, and each batch tries again.
    Full,
    /// The disk failed: nothing is taken until the spool is opened anew.
    Failed,
}

/// Why a spool could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Nodes are 0 to 63.
    #[error("a node is 0 to 63, this one is {node}")]
    Node {
        /// The node asked for.
        node: u8,
    },
    /// Two processes must not mint and write for one node.
    #[error("another process has the spool of this node open ({path})")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Written by a newer version.
    #[error("segment {segment} has format {format}, which this version does not read")]
    Format {
        /// Its sequence number.
        segment: u64,
        /// Its format.
        format: u8,
    },
    /// The disk said no.
    #[error("could not {doing} {path}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
}

impl SpoolError {
    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

/// Figures since the spool was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpoolStats {
    /// Batches written.
    pub commits: u64,
    /// Entries in them.
    pub entries: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Entries lost: no space, or too many waiting.
    pub lost: u64,
    /// Syncs of data.
    pub syncs: u64,
    /// Microseconds they took together.
    pub sync_us: u64,
    /// Microseconds the slowest took.
    pub sync_us_max: u64,
    /// Bytes that wait for the committer.
    pub backlog_bytes: u64,
}

/// The open spool of one node. Shared by reference (in an `Arc`); dropping it commits what was
/// appended, closes the segment and waits for that.
#[derive(Debug)]
pub struct Spool {
    lane: Lane,
    committer: Option<JoinHandle<()>>,
    // Declared last, so let go last: when the committer has ended.
    _lock: Box<dyn LockGuard>,
}

impl Spool {
    /// Opens the spool of a node: takes its lock, mends what a crash left of the last segment,
    /// and begins a new one. A full disk is no reason not to open: see [`SpoolState::Full`].
    ///
    /// # Errors
    /// When the node is out of range, another process has it, a format is unknown, or the disk
    /// fails.
    pub fn open(
        config: SpoolConfig,
        io: Arc<dyn SpoolIo>,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Recovery), SpoolError> {
        if config.node > NODE_MAX {
            return Err(SpoolError::Node { node: config.node });
        }
        io.create_dir_all(&config.dir).map_err(SpoolError::io("make", &config.dir))?;
        let lock_path = segment::lock_path(&config.dir, config.node);
        let lock = io.lock(&lock_path).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => SpoolError::Locked { path: lock_path.clone() },
            _ => SpoolError::io("lock", &lock_path)(error),
        })?;
        let (recovery, last_sequence) = recovery::recover(&*io, &config.dir, config.node)?;
        let shared = Shared::new(Offset { segment: last_sequence + 1, byte: 0 });
        let lane = LaneCore::new(Arc::clone(&shared));
        shared.add_lane(&lane);
        let mut committer =
            Committer::new(shared, io, clock, config, last_sequence + 1, recovery.last_minted);
        committer.begin()?;
        let thread = std::thread::Builder::new()
            .name("spool-committer".to_owned())
            .spawn(move || committer.run())
            .map_err(SpoolError::io("start the committer of", lock_path))?;
        Ok((Self { lane: Lane(lane), committer: Some(thread), _lock: lock }, recovery))
    }

    /// Hands an entry to the committer. Never blocks on the disk. The receipt is woken by the
    /// committer thread; where many wait on one runtime, append through a [`Spool::lane`].
    pub fn append(&self, entry_bytes: &[u8]) -> Receipt {
        self.lane.append(entry_bytes)
    }

    /// A lane for one runtime, and the driver to spawn on it. Receipts of a lane are woken by its
    /// driver, all of one commit at once and without crossing threads.
    pub fn lane(&self) -> (Lane, LaneDriver) {
        let core = LaneCore::new(Arc::clone(&self.lane.0.shared));
        self.lane.0.shared.add_lane(&core);
        (Lane(Arc::clone(&core)), LaneDriver::new(core))
    }

    /// How it is doing.
    #[must_use]
    pub fn state(&self) -> SpoolState {
        self.lane.0.shared.state()
    }

    /// What the disk said when the spool failed.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.lane.0.shared.failure()
    }

    /// Up to where a reader in this process may read; it follows the commits.
    #[must_use]
    pub fn committed(&self) -> Committed {
        Committed(Arc::clone(&self.lane.0.shared.committed))
    }

    /// Figures for metrics.
    #[must_use]
    pub fn stats(&self) -> SpoolStats {
        let shared = &self.lane.0.shared;
        let counters = &shared.counters;
        SpoolStats {
            commits: counters.commits.load(Ordering::Relaxed),
            entries: counters.entries.load(Ordering::Relaxed),
            bytes: counters.bytes.load(Ordering::Relaxed),
            lost: counters.lost.load(Ordering::Relaxed),
            syncs: counters.syncs.load(Ordering::Relaxed),
            sync_us: counters.sync_us.load(Ordering::Relaxed),
            sync_us_max: counters.sync_us_max.load(Ordering::Relaxed),
            backlog_bytes: shared.backlog_bytes() as u64,
        }
    }

    /// Commits what was appended, closes the segment, and tells how that went. Blocks.
    #[must_use]
    pub fn close(mut self) -> SpoolState {
        self.end();
        self.state()
    }

    fn end(&mut self) {
        self.lane.0.shared.close();
        if let Some(committer) = self.committer.take() {
            // A panic of the committer has made the state Failed and was reported by its hook.
            let _ended = committer.join();
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.end();
    }
}
