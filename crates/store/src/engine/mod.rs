//! What a database engine must do for us: run a statement, insert many rows, look many keys up,
//! all inside one transaction, and nothing more.

mod row;
mod value;

use async_trait::async_trait;

pub use row::Row;
pub use value::{Kind, Value};

/// Why the engine did not do it. Never the caller's mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The database cannot be reached, or does not answer in time. Retry later (503).
    #[error("the database is away: {0}")]
    Away(String),
    /// Two transactions met; the same one may succeed when run again.
    #[error("serialization failure: {0}")]
    Retry(String),
    /// A unique, foreign key, check or not-null constraint said no.
    #[error("constraint {constraint}: {detail}")]
    Constraint {
        /// Name of the constraint or index; on SQLite the `table.column` list.
        constraint: String,
        /// The engine's words.
        detail: String,
    },
    /// The disk is full.
    #[error("the disk is full: {0}")]
    Full(String),
    /// A stored value does not have the form the code expects.
    #[error("column {column} of `{statement}`: {detail}")]
    Decode {
        /// First line of the statement.
        statement: &'static str,
        /// Zero-based column.
        column: usize,
        /// What was found.
        detail: String,
    },
    /// Anything else: a fault.
    #[error("database fault: {0}")]
    Fault(String),
}

/// A database: hands out transactions and readers.
#[async_trait]
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// `sqlite` or `postgres`: for logs, metrics and `doctor`, never to branch on.
    fn name(&self) -> &'static str;

    /// Begins a transaction that may write. On SQLite it holds the one write connection
    /// (`BEGIN IMMEDIATE`); on PostgreSQL it is `READ COMMITTED` and callers lock rows in sorted
    /// order. Dropped without [`Transaction::commit`], it rolls back.
    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError>;

    /// A connection that reads one consistent snapshot and refuses to write.
    async fn read(&self) -> Result<Box<dyn Connection>, EngineError>;

    /// Brings the schema to the newest version. `folder` is the set of migrations to apply.
    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError>;

    /// The number of the newest applied migration of a set; 0 for an empty database.
    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError>;

    /// Closes it after the transaction under way, and leaves its files as small and as complete as
    /// they get: SQLite's write-ahead log is moved into the database and removed. Every call says
    /// `Away` afterwards.
    async fn close(&self) -> Result<(), EngineError>;
}

/// Which tables a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationSet {
    /// Organisations, conversions, ledger: the record.
    Record,
    /// Touches, hourly clicks and the reader's offset; written by ingest alone.
    Touches,
}

/// What [`Engine::migrate`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationReport {
    /// Version before.
    pub from: u32,
    /// Version now.
    pub to: u32,
}

/// Runs statements. Placeholders are `$1`, `$2`, …; text is shared by both engines.
#[async_trait]
pub trait Connection: Send {
    /// Runs a statement and tells how many rows it changed.
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError>;

    /// Runs a query and returns all its rows; every query limits itself.
    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError>;

    /// As [`Connection::query`], for a text put together from constant parts (filters of a list).
    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError>;

    /// Looks many keys up in one go.
    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError>;

    /// Inserts many rows in one go; returns how many were inserted or updated.
    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError>;
}

/// A transaction that may write.
#[async_trait]
pub trait Transaction: Connection {
    /// Makes all of it durable, or none.
    async fn commit(self: Box<Self>) -> Result<(), EngineError>;
}

/// A bulk insert: `INSERT INTO {table} ({columns}) … {conflict}`.
#[derive(Debug)]
pub struct Insert {
    /// Table name.
    pub table: &'static str,
    /// Columns with their kinds, in the order of the rows' values.
    pub columns: &'static [(&'static str, Kind)],
    /// `""`, or a whole `ON CONFLICT (…) DO …` clause.
    pub conflict: &'static str,
}

/// A bulk look-up by key: `SELECT {select} FROM {table} WHERE ({keys}) IN (given)`, followed on
/// PostgreSQL by `{lock}` after an `ORDER BY` of the keys, so that locks are taken in one order.
#[derive(Debug)]
pub struct Lookup {
    /// Columns to return, without alias, e.g. `"id, state, amount"`; all belong to `table`.
    pub select: &'static str,
    /// Table name.
    pub table: &'static str,
    /// Key columns with their kinds, in the order of the keys' values.
    pub keys: &'static [(&'static str, Kind)],
    /// A further condition on the table's columns, e.g. `"deleted_at IS NULL"`, or `""`.
    pub condition: &'static str,
    /// Whether the rows found are locked until the transaction ends (`FOR UPDATE` on PostgreSQL;
    /// on SQLite the transaction already is alone).
    pub lock: bool,
}
