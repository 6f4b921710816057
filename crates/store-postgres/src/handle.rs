//! What a caller holds: a connection inside a transaction.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr};
use tokio::runtime;
use tokio::time::error::Elapsed;
use tributary_store::engine::{Connection, EngineError, Insert, Lookup, Row, Transaction, Value};

use crate::bulk::{Texts, arrays};
use crate::error::engine_error;
use crate::values::{arguments, rows};

/// How long a rollback may take before the connection is closed instead.
const ROLLBACK: Duration = Duration::from_secs(5);

/// A transaction. The first call that does not succeed, or is given up before its answer, dooms
/// it: nothing more is done, and it cannot be committed.
pub(crate) struct Handle {
    /// `None` only while being dropped.
    connection: Option<PoolConnection<Postgres>>,
    texts: Arc<Texts>,
    limit: Duration,
    /// Connections go back to the pool by a task, also from a thread without a runtime.
    runtime: runtime::Handle,
    open: bool,
    doomed: bool,
    /// A call is under way, or was given up: the connection is in the middle of something.
    broken: bool,
}

impl Handle {
    /// A connection on which nothing has been begun.
    pub(crate) fn new(
        connection: PoolConnection<Postgres>,
        texts: Arc<Texts>,
        limit: Duration,
        runtime: runtime::Handle,
    ) -> Self {
        let connection = Some(connection);
        Self { connection, texts, limit, runtime, open: false, doomed: false, broken: false }
    }

    pub(crate) async fn begin(&mut self, sql: &'static str) -> Result<(), EngineError> {
        let limit = self.limit;
        let begun = sqlx::raw_sql(sql).execute(self.start()?);
        let begun = tokio::time::timeout(limit, begun).await;
        self.open = true;
        self.finish(begun).map(drop)
    }

    /// Runs statements of the simple protocol, one or more in one text.
    pub(crate) async fn batch(&mut self, sql: SqlStr) -> Result<(), EngineError> {
        let done = sqlx::raw_sql(sql).execute(self.start()?).await;
        self.finish(Ok(done)).map(drop)
    }

    /// The connection, for a call that [`Handle::finish`] ends.
    fn start(&mut self) -> Result<&mut PgConnection, EngineError> {
        if self.doomed {
            return Err(doomed());
        }
        (self.doomed, self.broken) = (true, true);
        Ok(self.connection.as_mut().expect("taken only when dropped"))
    }

    fn finish<T>(
        &mut self,
        done: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, EngineError> {
        let Ok(done) = done else {
            let ms = self.limit.as_millis();
            return Err(EngineError::Away(format!("the server does not answer within {ms} ms")));
        };
        let done = done.map_err(engine_error);
        self.doomed = done.is_err();
        self.broken = matches!(done, Err(EngineError::Away(_)));
        done
    }

    async fn run(&mut self, sql: SqlStr, arguments: PgArguments) -> Result<u64, EngineError> {
        let limit = self.limit;
        let done = sqlx::query_with(sql, arguments).execute(self.start()?);
        let done = tokio::time::timeout(limit, done).await;
        Ok(self.finish(done)?.rows_affected())
    }

    async fn fetch(
        &mut self,
        sql: SqlStr,
        arguments: PgArguments,
    ) -> Result<Vec<PgRow>, EngineError> {
        let limit = self.limit;
        let found = sqlx::query_with(sql, arguments).fetch_all(self.start()?);
        let found = tokio::time::timeout(limit, found).await;
        self.finish(found)
    }

    /// A mistake found on our side dooms the transaction as the server's would.
    fn note<T>(&mut self, made: Result<T, EngineError>) -> Result<T, EngineError> {
        self.doomed |= made.is_err();
        made
    }
}

fn doomed() -> EngineError {
    EngineError::Fault("an earlier call of this transaction failed".to_owned())
}

impl Drop for Handle {
    fn drop(&mut self) {
        let _runtime = self.runtime.enter();
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        if self.broken {
            connection.close_on_drop();
        } else if self.open {
            self.runtime.spawn(roll_back(connection));
        }
    }
}

/// The connection is back in the pool when this is done.
async fn roll_back(mut connection: PoolConnection<Postgres>) {
    let done = sqlx::raw_sql("ROLLBACK").execute(&mut *connection);
    if !matches!(tokio::time::timeout(ROLLBACK, done).await, Ok(Ok(_))) {
        connection.close_on_drop();
    }
}

fn first_line(sql: &'static str) -> &'static str {
    sql.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("")
}

#[async_trait]
impl Connection for Handle {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        let arguments = self.note(arguments(params))?;
        self.run(sql.into_sql_str(), arguments).await
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        let arguments = self.note(arguments(params))?;
        let found = self.fetch(sql.into_sql_str(), arguments).await?;
        self.note(rows(first_line(sql), &found))
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        let arguments = self.note(arguments(params))?;
        let found = self.fetch(AssertSqlSafe(sql).into_sql_str(), arguments).await?;
        self.note(rows("a built query", &found))
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        if keys.is_empty() && !self.doomed {
            return Ok(vec![]);
        }
        let arguments = self.note(arrays(lookup.table, lookup.keys, keys))?;
        let sql = AssertSqlSafe(self.texts.lookup(lookup)).into_sql_str();
        let found = self.fetch(sql, arguments).await?;
        self.note(rows(lookup.table, &found))
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        if rows.is_empty() && !self.doomed {
            return Ok(0);
        }
        let arguments = self.note(arrays(insert.table, insert.columns, rows))?;
        let sql = AssertSqlSafe(self.texts.insert(insert)).into_sql_str();
        self.run(sql, arguments).await
    }
}

#[async_trait]
impl Transaction for Handle {
    async fn commit(mut self: Box<Self>) -> Result<(), EngineError> {
        let limit = self.limit;
        // The server would answer a COMMIT of a failed transaction with a rollback and no error;
        // `start` refuses it.
        let done = sqlx::raw_sql("COMMIT").execute(self.start()?);
        let done = tokio::time::timeout(limit, done).await;
        self.finish(done)?;
        self.open = false;
        Ok(())
    }
}
