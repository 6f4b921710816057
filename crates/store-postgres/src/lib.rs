//! The server engine: PostgreSQL.
//!
//! * `begin()` is a `READ COMMITTED` transaction, `read()` a `REPEATABLE READ READ ONLY` one: its
//!   snapshot is that of its first query.
//! * **Bulk work is arrays.** An insert is one statement over `UNNEST`ed columns, a look-up joins
//!   the table with the `UNNEST`ed keys in the keys' byte order, so that rows are locked in one
//!   order by everybody. The lock is `FOR NO KEY UPDATE`: it keeps other lockers and writers out,
//!   but not inserts that refer to the row by a foreign key.
//! * **Away.** A connection that broke, timed out or was given up half-way is closed, never used
//!   again. A connection that the server closed while it lay idle is noticed by `begin` and `read`
//!   and replaced. When a *commit* says `Away`, its outcome is unknown: repeat under the same keys.
//! * **Time limits** are the server's (`statement_timeout`, `lock_timeout`), with a longer one of
//!   our own for a server that does not answer at all.

mod bulk;
mod engine;
mod error;
mod handle;
mod migrate;
mod migrations;
mod options;
mod values;

pub use engine::PostgresEngine;
pub use migrations::newest_version;
pub use options::PostgresOptions;
