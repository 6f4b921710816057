//! What those who append and the committer share.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;
use std::time::Duration;

use tributary_click::{Entry, LossRecord};

use crate::frame::{self, CONTROL_FRAME_BYTES, FRAME_HEAD_BYTES, RECORD_BYTES_MAX};
use crate::receipt::{AppendError, LaneCore, Receipt};
use crate::segment::Offset;
use crate::spool::SpoolState;

/// Bytes that may wait for the committer: a second or so of everything one machine can take.
/// Beyond it entries are lost, because those who sent them have long been redirected unconfirmed.
const BACKLOG_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Ranges of lost entries told apart for receipts that are still to be asked.
const LOST_RANGES_MAX: usize = 256;

/// A lock that a panicking holder cannot spoil: nothing here is left half done by a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
pub(crate) struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
    /// Outcomes of all entries up to this sequence number are known.
    resolved: AtomicU64,
    /// Entries after this one failed, whatever `resolved` says.
    failed_after: AtomicU64,
    any_lost: AtomicBool,
    /// The queue's state, for those who ask before they append and need no lock for it.
    state: AtomicU8,
    lost: Mutex<Vec<(u64, u64)>>,
    lanes: Mutex<Vec<Weak<LaneCore>>>,
    pub(crate) counters: Counters,
    /// Why the disk is held to have failed.
    failure: Mutex<Option<String>>,
    /// Up to where readers may read: everything before is synced.
    pub(crate) committed: Arc<Mutex<Offset>>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) entries: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) syncs: AtomicU64,
    pub(crate) sync_us: AtomicU64,
    pub(crate) sync_us_max: AtomicU64,
}

#[derive(Debug)]
struct Queue {
    /// Frames without crc, after room for a mark.
    pending: Vec<u8>,
    /// Sequence number of the last entry taken.
    last: u64,
    state: SpoolState,
    /// The committer sleeps and must be woken.
    parked: bool,
    closing: bool,
    /// Entries that were refused for lack of room here.
    overflow: Option<LossRecord>,
}

/// What the committer is to do.
#[derive(Debug)]
pub(crate) enum Work {
    /// Commit what is in the buffer.
    Batch {
        /// Sequence number of its last entry.
        last: u64,
        /// What was refused for lack of room since the batch before.
        overflow: Option<LossRecord>,
    },
    /// Nothing came for a while.
    Idle,
    /// Nothing will come any more.
    Close,
}

impl Shared {
    pub(crate) fn new(committed: Offset) -> Arc<Self> {
        Arc::new(Self {
            queue: Mutex::new(Queue {
                pending: vec![0; CONTROL_FRAME_BYTES],
                last: 0,
                state: SpoolState::Accepting,
                parked: false,
                closing: false,
                overflow: None,
            }),
            work: Condvar::new(),
            resolved: AtomicU64::new(0),
            failed_after: AtomicU64::new(u64::MAX),
            any_lost: AtomicBool::new(false),
            state: AtomicU8::new(SpoolState::Accepting as u8),
            lost: Mutex::default(),
            lanes: Mutex::default(),
            counters: Counters::default(),
            failure: Mutex::default(),
            committed: Arc::new(Mutex::new(committed)),
        })
    }

    pub(crate) fn append(&self, lane: &Arc<LaneCore>, entry: &[u8]) -> Receipt {
        if entry.is_empty() || entry.len() > RECORD_BYTES_MAX {
            return Receipt::refused(AppendError::Size { bytes: entry.len() });
        }
        let mut queue = lock(&self.queue);
        if queue.state == SpoolState::Failed {
            return Receipt::refused(AppendError::Failed);
        }
        if queue.closing {
            return Receipt::refused(AppendError::Closed);
        }
        if queue.pending.len() + FRAME_HEAD_BYTES + entry.len() > BACKLOG_BYTES_MAX {
            lose(&mut queue.overflow, entry);
            self.counters.lost.fetch_add(1, Ordering::Relaxed);
            return Receipt::refused(AppendError::Lost);
        }
        frame::put_entry(&mut queue.pending, entry);
        queue.last += 1;
        let sequence = queue.last;
        let parked = queue.parked;
        drop(queue);
        if parked {
            lane.kick_soon();
        }
        Receipt::waiting(Arc::clone(lane), sequence)
    }

    /// Wakes the committer if it sleeps.
    pub(crate) fn kick(&self) {
        if std::mem::take(&mut lock(&self.queue).parked) {
            self.work.notify_one();
        }
    }

    /// Waits for work. `buffer`, whose content is done with, becomes the list of pending frames;
    /// what was pending comes back in it. `patience` ends the wait with [`Work::Idle`].
    pub(crate) fn take(&self, buffer: &mut Vec<u8>, patience: Option<Duration>) -> Work {
        buffer.clear();
        buffer.resize(CONTROL_FRAME_BYTES, 0);
        let mut queue = lock(&self.queue);
        loop {
            if queue.pending.len() > CONTROL_FRAME_BYTES {
                std::mem::swap(&mut queue.pending, buffer);
                return Work::Batch { last: queue.last, overflow: queue.overflow.take() };
            }
            if queue.closing {
                return Work::Close;
            }
            queue.parked = true;
            // Whoever appends now sees that it is parked, and kicks.
            let Some(patience) = patience else {
                queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = self.work.wait_timeout(queue, patience);
            let (woken, result) = waited.unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if result.timed_out() && queue.pending.len() == CONTROL_FRAME_BYTES && !queue.closing {
                queue.parked = false;
                return Work::Idle;
            }
        }
    }

    pub(crate) fn close(&self) {
        lock(&self.queue).closing = true;
        self.work.notify_one();
    }

    pub(crate) fn state(&self) -> SpoolState {
        let state = self.state.load(Ordering::Acquire);
        let all = [SpoolState::Accepting, SpoolState::Full, SpoolState::Failed];
        all.into_iter().find(|known| *known as u8 == state).unwrap_or(SpoolState::Failed)
    }

    pub(crate) fn backlog_bytes(&self) -> usize {
        lock(&self.queue).pending.len() - CONTROL_FRAME_BYTES
    }

    pub(crate) fn set_state(&self, state: SpoolState) {
        lock(&self.queue).state = state;
        self.state.store(state as u8, Ordering::Release);
    }

    pub(crate) fn resolved(&self) -> u64 {
        self.resolved.load(Ordering::Acquire)
    }

    /// What became of an entry; `None` while nobody knows.
    pub(crate) fn outcome(&self, sequence: u64) -> Option<Result<(), AppendError>> {
        if self.resolved() < sequence {
            return None;
        }
        // Both are written before `resolved` is, with release.
        if sequence > self.failed_after.load(Ordering::Relaxed) {
            return Some(Err(AppendError::Failed));
        }
        let lost = self.any_lost.load(Ordering::Relaxed)
            && lock(&self.lost).iter().any(|&(first, last)| (first..=last).contains(&sequence));
        Some(if lost { Err(AppendError::Lost) } else { Ok(()) })
    }

    /// Publishes that all entries up to `last` are committed.
    pub(crate) fn resolve(&self, last: u64, wakers: &mut Vec<Waker>) {
        self.resolved.store(last, Ordering::Release);
        self.notify_lanes(last, wakers);
    }

    /// Publishes that all entries not yet resolved, up to `last`, are lost.
    pub(crate) fn resolve_lost(&self, last: u64, wakers: &mut Vec<Waker>) {
        let first = self.resolved() + 1;
        self.counters.lost.fetch_add(last - first + 1, Ordering::Relaxed);
        let mut lost = lock(&self.lost);
        match lost.last_mut() {
            Some(range) if range.1 + 1 == first => range.1 = last,
            _ => lost.push((first, last)),
        }
        if lost.len() > LOST_RANGES_MAX {
            // The oldest two become one, with what lies between: a receipt that nobody asked for
            // so long may hear "lost" of an entry that is safe, never the other way round.
            let (first, _) = lost.remove(0);
            lost[0].0 = first;
        }
        drop(lost);
        self.any_lost.store(true, Ordering::Relaxed);
        self.resolve(last, wakers);
    }

    /// Publishes that the disk failed: nothing that is not resolved ever will be.
    pub(crate) fn fail(&self, why: String, wakers: &mut Vec<Waker>) {
        lock(&self.failure).get_or_insert(why);
        let mut queue = lock(&self.queue);
        queue.state = SpoolState::Failed;
        self.state.store(SpoolState::Failed as u8, Ordering::Release);
        queue.pending.truncate(CONTROL_FRAME_BYTES);
        drop(queue);
        self.failed_after.store(self.resolved(), Ordering::Relaxed);
        self.resolve(u64::MAX, wakers);
    }

    pub(crate) fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    pub(crate) fn add_lane(&self, lane: &Arc<LaneCore>) {
        let mut lanes = lock(&self.lanes);
        lanes.retain(|lane| lane.strong_count() > 0);
        lanes.push(Arc::downgrade(lane));
    }

    fn notify_lanes(&self, resolved: u64, wakers: &mut Vec<Waker>) {
        for lane in lock(&self.lanes).iter().filter_map(Weak::upgrade) {
            lane.notify(resolved, wakers);
        }
    }
}

/// Puts two losses together.
pub(crate) fn add_loss(loss: &mut Option<LossRecord>, other: LossRecord) {
    match loss {
        Some(loss) => {
            loss.count += other.count;
            loss.from = loss.from.min(other.from);
            loss.until = loss.until.max(other.until);
        }
        none => *none = Some(other),
    }
}

/// Counts an entry into a loss; its moment is read from its bytes, this being the rare path.
pub(crate) fn lose(loss: &mut Option<LossRecord>, entry: &[u8]) {
    // What is no entry is not in any count that must come out even.
    if let Ok(entry) = Entry::decode(entry) {
        add_loss(loss, LossRecord { from: entry.at(), until: entry.at(), count: 1 });
    }
}
