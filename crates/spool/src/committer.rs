//! The one thread that writes. See the crate's text for the rule of its rounds.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use tributary_click::{Entry, LastMinted, LossRecord};
use tributary_kernel::{Clock, Stopwatch, Timestamp};

use crate::ahead::Ahead;
use crate::frame::{self, CONTROL_FRAME_BYTES, HEADER_BYTES, Header};
use crate::io::{OpenMode, SpoolFile, SpoolIo, is_full};
use crate::segment::{Offset, segment_path};
use crate::shared::{Shared, Work, add_loss, lock, lose};
use crate::spool::{Durability, SpoolConfig, SpoolError, SpoolState};

/// How often data is synced when receipts do not wait for it.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// Zeros written ahead of the frames when they reach the end of a file that was not made
/// [ahead](crate::ahead) of its time. A sync of bytes that overwrite synced zeros needs no change
/// of the file's length or blocks, so no commit of the file system's journal: measured 112 instead
/// of 170 to 220 microseconds on ext4. Where nobody waits for syncs there are no zeros.
const ZEROS_AHEAD_BYTES: usize = 1024 * 1024;
static ZEROS: [u8; ZEROS_AHEAD_BYTES] = [0; ZEROS_AHEAD_BYTES];
/// A segment that the committer had to make itself, such as the first, is left after so many
/// bytes if one that was made ahead is ready.
const OWN_SEGMENT_BYTES: u64 = ZEROS_AHEAD_BYTES as u64;

/// Why a batch is not committed.
#[derive(Debug)]
enum Fault {
    /// No space. The segment stands as before.
    Full,
    /// Anything else is final.
    Failed { doing: &'static str, error: io::Error },
}

fn fault(doing: &'static str) -> impl FnOnce(io::Error) -> Fault {
    move |error| if is_full(&error) { Fault::Full } else { Fault::Failed { doing, error } }
}

/// Like [`fault`], for what must not fail even for lack of space.
fn final_fault(doing: &'static str) -> impl FnOnce(io::Error) -> Fault {
    move |error| Fault::Failed { doing, error }
}

/// The segment being written.
#[derive(Debug)]
struct Active {
    file: Box<dyn SpoolFile>,
    sequence: u64,
    seed: u32,
    opened_at: Timestamp,
    entries: u64,
    /// Where the next frame goes.
    end: u64,
    /// Everything before is synced.
    durable: u64,
    /// What the last mark says; it need not be said twice.
    marked: u64,
    /// Zeros stand from `end` to here.
    zeros_to: u64,
    /// It is left after so many bytes, if the next is ready.
    bytes_max: u64,
    /// The next was asked for.
    next_begun: bool,
}

impl Active {
    /// Writes frames at the end; when there is no room for all of them, for none.
    fn write(&mut self, frames: &[u8], config: &SpoolConfig) -> Result<(), Fault> {
        if let Err(error) = self.file.write_all_at(frames, self.end) {
            if is_full(&error) {
                self.file.set_len(self.end).map_err(final_fault("cut back"))?;
                self.zeros_to = self.end;
            }
            return Err(fault("write to")(error));
        }
        self.end += frames.len() as u64;
        if self.end > self.zeros_to { self.write_zeros(config) } else { Ok(()) }
    }

    fn write_zeros(&mut self, config: &SpoolConfig) -> Result<(), Fault> {
        self.zeros_to = self.end;
        if config.durability == Durability::AfterWrite {
            return Ok(());
        }
        let room = config.segment_bytes_max.saturating_sub(self.end);
        let length = usize::try_from(room).map_or(ZEROS.len(), |room| room.min(ZEROS.len()));
        match self.file.write_all_at(&ZEROS[..length], self.end) {
            Ok(()) => self.zeros_to += length as u64,
            // The frames themselves are written; zeros are only there to make syncs cheaper.
            Err(error) if is_full(&error) => {}
            Err(error) => return Err(final_fault("write to")(error)),
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct Committer {
    shared: Arc<Shared>,
    io: Arc<dyn SpoolIo>,
    clock: Arc<dyn Clock>,
    config: SpoolConfig,
    active: Option<Active>,
    /// The segment after it.
    ahead: Ahead,
    next_sequence: u64,
    last_minted: Option<LastMinted>,
    /// Lost and not yet on record.
    loss: Option<LossRecord>,
    last_sync: Timestamp,
    state: SpoolState,
    /// Frames of the batch at hand, after room for a mark.
    batch: Vec<u8>,
    wakers: Vec<Waker>,
}

impl Committer {
    pub(crate) fn new(
        shared: Arc<Shared>,
        io: Arc<dyn SpoolIo>,
        clock: Arc<dyn Clock>,
        config: SpoolConfig,
        next_sequence: u64,
        last_minted: Option<LastMinted>,
    ) -> Self {
        let last_sync = clock.now();
        Self {
            shared,
            io,
            clock,
            config,
            active: None,
            ahead: Ahead::default(),
            next_sequence,
            last_minted,
            loss: None,
            last_sync,
            state: SpoolState::Accepting,
            batch: Vec::new(),
            wakers: Vec::new(),
        }
    }

    /// Begins the first segment, so that a broken disk is known before anyone appends.
    pub(crate) fn begin(&mut self) -> Result<(), SpoolError> {
        match self.open_segment() {
            Ok(()) => Ok(()),
            Err(Fault::Full) => {
                self.set_state(SpoolState::Full);
                Ok(())
            }
            Err(Fault::Failed { doing, error }) => {
                Err(SpoolError::io(doing, self.path(self.next_sequence))(error))
            }
        }
    }

    pub(crate) fn run(self) {
        // Should a bug panic here, those who wait must not wait for ever.
        struct Guard(Committer);
        impl Drop for Guard {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    self.0.shared.fail("the committer panicked".to_owned(), &mut self.0.wakers);
                }
            }
        }
        let mut guard = Guard(self);
        let this = &mut guard.0;
        if let Err(Fault::Failed { doing, error }) = this.rounds() {
            let path = this.path(this.active.as_ref().map_or(0, |active| active.sequence));
            let why = format!("could not {doing} {}: {error}", path.display());
            tracing::error!(why, "spool.failed");
            this.shared.fail(why, &mut this.wakers);
        }
    }

    fn rounds(&mut self) -> Result<(), Fault> {
        loop {
            if self.config.durability == Durability::Durable {
                // On a core shared with those who append, they get done with what they have begun
                // before the next sync: with 256 waiting five times as many share one, and an edge
                // and its spool on one core answer a tenth more. On a core of one's own this
                // returns at once. After-write, where a commit costs little, it gains nothing.
                std::thread::yield_now();
            }
            let mut batch = std::mem::take(&mut self.batch);
            let work = self.shared.take(&mut batch, self.patience());
            self.batch = batch;
            match work {
                Work::Batch { last, overflow } => {
                    if let Some(overflow) = overflow {
                        add_loss(&mut self.loss, overflow);
                    }
                    self.round(last)?;
                }
                Work::Idle => self.idle()?,
                Work::Close => return self.finish(),
            }
        }
    }

    /// How long to wait for entries before looking after the segment.
    fn patience(&self) -> Option<Duration> {
        let active = self.active.as_ref()?;
        let unsynced = (active.durable < active.end).then_some(SYNC_EVERY);
        let ageing = self.config.segment_age_max.filter(|_| active.entries > 0);
        unsynced.into_iter().chain(ageing).min()
    }

    fn round(&mut self, last: u64) -> Result<(), Fault> {
        let inserted = self.insert_loss();
        match self.commit() {
            Ok(()) => {
                self.loss = None;
                self.set_state(SpoolState::Accepting);
                self.shared.resolve(last, &mut self.wakers);
                if self.config.durability == Durability::AfterWrite && self.sync_is_due() {
                    self.sync()?;
                }
                Ok(())
            }
            Err(Fault::Full) => {
                self.set_state(SpoolState::Full);
                for entry in frame::bodies(&self.batch[CONTROL_FRAME_BYTES + inserted..]) {
                    lose(&mut self.loss, entry);
                }
                self.shared.resolve_lost(last, &mut self.wakers);
                Ok(())
            }
            Err(failed) => Err(failed),
        }
    }

    /// Puts what was lost before this batch in front of it; tells how many bytes that takes.
    fn insert_loss(&mut self) -> usize {
        let Some(loss) = &self.loss else { return 0 };
        let (mut entry, mut frames) = (Vec::new(), Vec::new());
        Entry::Loss(loss.clone()).encode(&mut entry);
        frame::put_entry(&mut frames, &entry);
        let inserted = frames.len();
        self.batch.splice(CONTROL_FRAME_BYTES..CONTROL_FRAME_BYTES, frames);
        inserted
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.roll_if_due(self.batch.len() as u64)?;
        let active = self.active.as_mut().expect("rolling leaves a segment");
        let frames = &mut self.batch[CONTROL_FRAME_BYTES..];
        frame::seal(frames, active.seed);
        let mut entries = 0;
        for body in frame::bodies(frames) {
            entries += 1;
            if let Some(id) = Entry::minted_in(body).filter(|id| id.node() == self.config.node) {
                self.last_minted = self.last_minted.max(Some(id.minted()));
            }
        }
        let marks = active.durable > active.marked;
        if marks {
            let mark = frame::mark(active.durable, active.seed);
            self.batch[..CONTROL_FRAME_BYTES].copy_from_slice(&mark);
        }
        let bytes = &self.batch[if marks { 0 } else { CONTROL_FRAME_BYTES }..];
        active.write(bytes, &self.config)?;
        active.entries += entries;
        active.marked = active.durable;
        let counters = &self.shared.counters;
        counters.commits.fetch_add(1, Ordering::Relaxed);
        counters.entries.fetch_add(entries, Ordering::Relaxed);
        counters.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        match self.config.durability {
            Durability::Durable => {
                self.sync()?;
                self.begin_next();
                Ok(())
            }
            Durability::AfterWrite => Ok(()),
        }
    }

    /// Has the next segment made once this one is half full.
    fn begin_next(&mut self) {
        let Some(active) = &mut self.active else { return };
        if active.next_begun || active.end < active.bytes_max / 2 {
            return;
        }
        active.next_begun = true;
        let path = segment_path(&self.config.dir, self.config.node, self.next_sequence);
        // With room for the close frame.
        let bytes = self.config.segment_bytes_max + CONTROL_FRAME_BYTES as u64;
        self.ahead.begin(Arc::clone(&self.io), path, bytes);
    }

    fn sync_is_due(&self) -> bool {
        let since_us = self.clock.now().microseconds_since(self.last_sync);
        // A clock that stepped back must not put syncs off.
        u128::try_from(since_us).map_or(true, |us| us >= SYNC_EVERY.as_micros())
    }

    fn sync(&mut self) -> Result<(), Fault> {
        let Some(active) = self.active.as_mut().filter(|active| active.durable < active.end) else {
            return Ok(());
        };
        let watch = Stopwatch::start();
        active.file.sync_data().map_err(final_fault("sync"))?;
        let us = u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX);
        let counters = &self.shared.counters;
        counters.syncs.fetch_add(1, Ordering::Relaxed);
        counters.sync_us.fetch_add(us, Ordering::Relaxed);
        counters.sync_us_max.fetch_max(us, Ordering::Relaxed);
        active.durable = active.end;
        *lock(&self.shared.committed) = Offset { segment: active.sequence, byte: active.durable };
        if self.config.durability == Durability::AfterWrite {
            self.last_sync = self.clock.now();
        }
        Ok(())
    }

    fn idle(&mut self) -> Result<(), Fault> {
        self.sync()?;
        match self.roll_if_due(0) {
            Err(Fault::Full) => {
                self.set_state(SpoolState::Full);
                Ok(())
            }
            done => done,
        }
    }

    /// Leaves a segment with room for `bytes` more.
    fn roll_if_due(&mut self, bytes: u64) -> Result<(), Fault> {
        if let Some(active) = &self.active {
            let end = active.end + bytes;
            let long = end > self.config.segment_bytes_max
                || end > active.bytes_max && self.ahead.is_ready();
            let old = self.config.segment_age_max.is_some_and(|age_max| {
                let age_us = self.clock.now().microseconds_since(active.opened_at);
                u128::try_from(age_us).is_ok_and(|age_us| age_us >= age_max.as_micros())
            });
            if active.entries == 0 || !(long || old) {
                return Ok(());
            }
            self.close_segment()?;
        }
        self.open_segment()
    }

    /// Syncs everything, then says in the file that it is whole. Its length is set and not
    /// synced: zeros behind the last frame do no harm, and nobody waits for the journal.
    fn close_segment(&mut self) -> Result<(), Fault> {
        self.sync()?;
        let Some(active) = &mut self.active else { return Ok(()) };
        let frame = frame::close(active.entries, active.seed);
        if let Err(error) = active.file.write_all_at(&frame, active.end) {
            if is_full(&error) {
                active.file.set_len(active.end).map_err(final_fault("cut back"))?;
                active.zeros_to = active.end;
            }
            return Err(fault("close")(error));
        }
        active.file.sync_data().map_err(final_fault("sync"))?;
        let length = active.end + frame.len() as u64;
        active.file.set_len(length).map_err(final_fault("close"))?;
        self.active = None;
        Ok(())
    }

    /// Makes the next segment. Nobody is told of an entry in it before its header and its name
    /// are durable.
    fn open_segment(&mut self) -> Result<(), Fault> {
        let sequence = self.next_sequence;
        let now = self.clock.now();
        // The moment makes the seed one that nobody outside can foresee.
        let seed = crc32c::crc32c_append(
            crc32c::crc32c(&now.as_microsecond().to_le_bytes()),
            &sequence.to_le_bytes(),
        );
        let header =
            Header { node: self.config.node, sequence, last_minted: self.last_minted, seed };
        let prepared = self.ahead.take();
        let is_own = prepared.is_none();
        let (file, zeros_to) = match prepared {
            Some(prepared) => (prepared.file, prepared.bytes),
            None => {
                let path = self.path(sequence);
                (self.io.open(&path, OpenMode::Create).map_err(fault("make"))?, 0)
            }
        };
        file.write_all_at(&header.encode(), 0).map_err(fault("write to"))?;
        let begin = HEADER_BYTES as u64;
        let bytes_max = self.config.segment_bytes_max;
        let mut active = Active {
            file,
            sequence,
            seed,
            opened_at: now,
            entries: 0,
            end: begin,
            durable: begin,
            marked: begin,
            zeros_to,
            bytes_max: if is_own { bytes_max.min(OWN_SEGMENT_BYTES) } else { bytes_max },
            next_begun: false,
        };
        if is_own {
            active.write_zeros(&self.config)?;
        }
        active.file.sync_data().map_err(final_fault("sync"))?;
        if is_own {
            self.io.sync_dir(&self.config.dir).map_err(final_fault("sync the folder of"))?;
        }
        self.next_sequence += 1;
        self.active = Some(active);
        *lock(&self.shared.committed) = Offset { segment: sequence, byte: begin };
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Fault> {
        // Entries that were lost after the last batch are still to be put on record.
        let told = if self.insert_loss() > 0 { self.commit() } else { Ok(()) };
        if self.ahead.take().is_some() {
            // If it stays it is found empty and removed when the spool is opened.
            drop(self.io.remove(&self.path(self.next_sequence)));
        }
        match told.and_then(|()| self.close_segment()) {
            // Unclosed, but synced: opening it again closes it.
            Err(Fault::Full) => Ok(()),
            done => done,
        }
    }

    fn set_state(&mut self, state: SpoolState) {
        if self.state != state {
            match state {
                SpoolState::Full => tracing::error!("spool.full"),
                SpoolState::Accepting => tracing::info!("spool.accepting"),
                SpoolState::Failed => {}
            }
            self.state = state;
            self.shared.set_state(state);
        }
    }

    fn path(&self, sequence: u64) -> PathBuf {
        segment_path(&self.config.dir, self.config.node, sequence)
    }
}
