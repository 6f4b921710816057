//! The edge over real sockets, with a real spool: on disk, or on a disk that fails when told to.
#![expect(clippy::unwrap_used, reason = "all of this is test")]

mod calls;
mod disk;
mod http;
mod redirects;
mod world;
