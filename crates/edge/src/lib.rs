//! Redirects and tracking endpoints: the part of Tributary that visitors meet.
//!
//! A request of a link is looked up in an in-memory [`Snapshot`], becomes a record in the spool,
//! and is answered 302 once the spool has committed. Invariants:
//! - No redirect leads to an address that is not the link's, the program's, the installation's,
//!   or on one of the program's domains, whatever the request says.
//! - No click id leaves before its record was handed to the spool; none is given to a machine,
//!   to who denied consent, or while the spool takes nothing.
//! - A request takes no lock that another thread holds for long, reads no file and asks no
//!   database: the snapshot is swapped atomically and the spool has one committer.
//! - The edge never sees a store: what it serves comes through [`SnapshotSource`].

mod agents;
mod answer;
pub mod caller;
mod commit;
mod config;
mod connections;
mod consent;
pub mod decision;
pub mod destination;
mod edge;
pub mod fuzz;
mod landing;
mod link;
mod metrics;
pub mod net;
pub mod request;
mod salts;
mod script;
mod service;
mod snapshot;
mod worker;

pub use config::EdgeConfig;
pub use edge::{Edge, EdgeError, EdgeHandle, EdgeParts, SpoolFailed};
pub use metrics::{Counter, EdgeMetrics, WAIT_BOUNDS_MS, WaitHistogram};
pub use salts::SaltStore;
pub use snapshot::{
    FeedConfig, KeyMaterial, KeySeal, Link, LinkEntry, PlainKeys, Program, ProgramEntry,
    ReferralEntry, Snapshot, SnapshotBuilder, SnapshotChanges, SnapshotData, SnapshotFeed,
    SnapshotFile, SnapshotFileError, SnapshotHandle, SnapshotSource, SourceError,
};
