//! The durable click log of one node.
//!
//! Whoever appends hands bytes to one committer thread and waits for a [`Receipt`]. The committer
//! writes and syncs what has gathered, and starts the next round as soon as one ends: alone, an
//! entry waits for one sync; in a crowd, hundreds share one. There is no window of time.
//!
//! Invariants:
//! - An entry whose receipt said yes (under [`Durability::Durable`]) is read exactly once and in
//!   order after any crash that keeps what was synced.
//! - A sync that failed is never asked again: the kernel may have dropped the pages and say yes
//!   the second time. The spool is [`SpoolState::Failed`] until it is opened anew.
//! - A reader sees synced entries only, so its offset never points past what a crash leaves.
//! - Bytes that were synced and do not read as they were written stop the reader; nothing skips
//!   them but [`quarantine`], by a person. A torn end, which nobody was told had succeeded, is cut
//!   when the spool is opened.
//! - A segment file that was begun is removed by [`SpoolReader::release`] alone. One of nothing but
//!   zeros was made ahead of its time and never begun: readers pass it over.

mod ahead;
mod committer;
pub mod faults;
mod frame;
pub mod fuzz;
mod io;
mod quarantine;
mod reader;
mod receipt;
mod recovery;
mod segment;
mod shared;
mod spool;

pub use frame::RECORD_BYTES_MAX;
pub use io::{LockGuard, OpenMode, RealIo, SpoolFile, SpoolIo};
pub use quarantine::{QuarantineError, quarantine};
pub use reader::{Committed, Lag, ReadBatch, ReadError, SpoolReader};
pub use receipt::{AppendError, Lane, LaneDriver, Receipt};
pub use recovery::Recovery;
pub use segment::{Offset, segment_name, segments};
pub use spool::{Durability, Spool, SpoolConfig, SpoolError, SpoolState, SpoolStats};
