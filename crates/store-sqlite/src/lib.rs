//! The embedded engine: SQLite, one file per set of tables.
//!
//! * **One writer.** A thread of its own owns the only connection that writes. `begin()` waits its
//!   turn in a fair queue, then sends `BEGIN IMMEDIATE`; each call is one hop to the thread, and a
//!   bulk insert is one hop for all its rows. What is dropped uncommitted is rolled back before
//!   the next `BEGIN`, because both travel through one channel.
//! * **Readers** are threads with read-only connections. A reader is one deferred transaction: its
//!   snapshot is that of its first query, and ends when it is dropped.
//! * **Durability.** Write-ahead log with `synchronous=FULL`: a commit returns after the log is
//!   synced. The file is not memory-mapped: with a map, an I/O error is a signal that ends the
//!   process instead of an error.
//! * **Checkpoints.** When the log has grown by [`SqliteOptions::checkpoint_pages`], a helper thread
//!   moves its pages into the database beside the writer, and the writer then only moves those that
//!   came meanwhile, so that neither commits nor the queue wait for a whole checkpoint. Readers that
//!   overlap without a gap can keep the log from starting over; when it is four times as long, the
//!   writer waits a moment (50 ms) for them, and tries again after a checkpoint's worth of growth.
//! * **A commit that fails** for any reason other than a busy file has an unknown outcome: its
//!   frames may be in the log without having been synced, and a crash at that moment could bring
//!   them back. The caller gets an error and repeats under the same keys. The engine rolls back and
//!   opens a fresh write connection before it begins anything else; the next commit overwrites the
//!   frames in question. If it cannot open one, `begin` says `Away`.

mod backup;
mod engine;
mod error;
mod handle;
mod log;
mod migrate;
mod migrations;
mod options;
mod readers;
mod session;
mod worker;

pub use backup::BackupReport;
pub use engine::SqliteEngine;
pub use migrations::newest_version;
pub use options::SqliteOptions;
