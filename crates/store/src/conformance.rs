//! What every engine must do alike, as one suite that each engine's tests run, and the comparison
//! of the two engines' schemas.
//!
//! The suite makes its own scratch tables, so it needs no migration. It panics at the first
//! deviation, like a test: it is only ever called by tests.

mod bulk;
mod concurrency;
mod schema;
mod transactions;
mod values;

use crate::engine::{Connection, Engine, EngineError, Row, Transaction, Value};

pub use schema::{LogicalColumn, LogicalSchema, LogicalTable, UniqueKey, logical_schema};

/// The spelling of data definition, the one thing in which the suite's SQL differs by engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `INTEGER`, `BLOB`, `STRICT` tables.
    Sqlite,
    /// `BIGINT`, `BYTEA`.
    Postgres,
}

macro_rules! scratch_tables {
    ($int:literal, $bytes:literal, $end:literal) => {
        &[
            concat!(
                "CREATE TABLE scratch_value (id ",
                $int,
                " PRIMARY KEY, amount ",
                $int,
                ", label TEXT, raw ",
                $bytes,
                ")",
                $end
            ),
            concat!(
                "CREATE TABLE scratch_key (owner ",
                $bytes,
                " NOT NULL, name TEXT NOT NULL, n ",
                $int,
                " NOT NULL CHECK (n >= 0), note TEXT, PRIMARY KEY (owner, name))",
                $end
            ),
            concat!(
                "CREATE TABLE scratch_child (id ",
                $int,
                " PRIMARY KEY, parent ",
                $int,
                " NOT NULL REFERENCES scratch_value (id), code TEXT)",
                $end
            ),
            "CREATE UNIQUE INDEX scratch_child_code ON scratch_child (code) WHERE code IS NOT NULL",
            concat!(
                "CREATE TABLE scratch_counter (id ",
                $bytes,
                " PRIMARY KEY, value ",
                $int,
                " NOT NULL)",
                $end
            ),
        ]
    };
}

impl Dialect {
    const fn scratch_tables(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => scratch_tables!("INTEGER", "BLOB", " STRICT"),
            Self::Postgres => scratch_tables!("BIGINT", "BYTEA", ""),
        }
    }
}

const DROP_SCRATCH_TABLES: [&str; 4] = [
    "DROP TABLE IF EXISTS scratch_child",
    "DROP TABLE IF EXISTS scratch_value",
    "DROP TABLE IF EXISTS scratch_key",
    "DROP TABLE IF EXISTS scratch_counter",
];

/// Runs the whole suite against an engine whose database may hold other tables, but none whose
/// name begins with `scratch_`.
///
/// # Errors
/// What the engine could not do where it should have succeeded.
///
/// # Panics
/// When the engine does something else than it should.
pub async fn run(engine: &dyn Engine, dialect: Dialect) -> Result<(), EngineError> {
    make_scratch_tables(engine, dialect).await?;
    values::run(engine).await?;
    bulk::run(engine).await?;
    transactions::run(engine).await?;
    concurrency::run(engine).await?;
    drop_scratch_tables(engine).await
}

async fn make_scratch_tables(engine: &dyn Engine, dialect: Dialect) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    for sql in dialect.scratch_tables() {
        let changed = tx.execute(sql, vec![]).await?;
        assert_eq!(changed, 0, "data definition changes no row");
    }
    tx.commit().await
}

async fn drop_scratch_tables(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    for sql in DROP_SCRATCH_TABLES {
        tx.execute(sql, vec![]).await?;
    }
    tx.commit().await
}

/// One statement in a transaction of its own.
async fn execute(
    engine: &dyn Engine,
    sql: &'static str,
    params: Vec<Value>,
) -> Result<u64, EngineError> {
    let mut tx = engine.begin().await?;
    let changed = tx.execute(sql, params).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The one integer that a query answers.
async fn number(
    connection: &mut (impl Connection + ?Sized),
    sql: &'static str,
) -> Result<i64, EngineError> {
    let rows = connection.query(sql, vec![]).await?;
    assert_eq!(rows.len(), 1, "one row from `{sql}`");
    rows[0].int(0)
}

/// A transaction whose statement was refused, and the refusal.
async fn refused(
    engine: &dyn Engine,
    sql: &'static str,
    params: Vec<Value>,
) -> Result<(Box<dyn Transaction>, EngineError), EngineError> {
    let mut tx = engine.begin().await?;
    match tx.execute(sql, params).await {
        Ok(_) => panic!("`{sql}` should have been refused"),
        Err(error) => Ok((tx, error)),
    }
}

fn ints(rows: &[Row], column: usize) -> Result<Vec<i64>, EngineError> {
    rows.iter().map(|row| row.int(column)).collect()
}
