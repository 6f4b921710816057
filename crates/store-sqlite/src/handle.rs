//! What a caller holds: a transaction on the writer, or a reader.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;
use tributary_store::engine::{Connection, EngineError, Insert, Lookup, Row, Transaction, Value};

use crate::log::LogKeeper;
use crate::readers::Lease;
use crate::session::Session;
use crate::worker::Worker;

/// Calls to one worker within one transaction. The first call that does not succeed, or is given
/// up before its answer, dooms it: nothing more is done, and it cannot be committed.
#[derive(Debug)]
pub(crate) struct Handle<W: Hold> {
    hold: W,
    limit: Duration,
    doomed: bool,
    /// A call is under way; still so when it was given up.
    running: bool,
}

/// Whatever keeps a worker reserved.
pub(crate) trait Hold: Send + std::fmt::Debug {
    fn worker(&self) -> &Worker;
}

/// The turn on the write connection.
#[derive(Debug)]
pub(crate) struct WriteTurn {
    pub(crate) worker: Arc<Worker>,
    pub(crate) log: Arc<LogKeeper>,
    pub(crate) _turn: OwnedMutexGuard<()>,
}

impl Hold for WriteTurn {
    fn worker(&self) -> &Worker {
        &self.worker
    }
}

impl Hold for Lease {
    fn worker(&self) -> &Worker {
        Self::worker(self)
    }
}

impl<W: Hold> Handle<W> {
    pub(crate) const fn new(hold: W, limit: Duration) -> Self {
        Self { hold, limit, doomed: false, running: false }
    }

    pub(crate) async fn call<T, F>(&mut self, job: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T, EngineError> + Send + 'static,
    {
        if self.doomed {
            return Err(doomed());
        }
        (self.doomed, self.running) = (true, true);
        let done = self.hold.worker().call(Some(self.limit), job).await;
        self.running = false;
        self.doomed = done.is_err();
        done
    }
}

fn doomed() -> EngineError {
    EngineError::Fault("an earlier call of this transaction failed".to_owned())
}

impl<W: Hold> Drop for Handle<W> {
    fn drop(&mut self) {
        if self.running {
            self.hold.worker().interrupt();
        }
        // In the channel before the next holder's first job; the hold itself is dropped after.
        self.hold.worker().post(Session::end);
    }
}

fn first_line(sql: &'static str) -> &'static str {
    sql.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("")
}

#[async_trait]
impl<W: Hold> Connection for Handle<W> {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        self.call(move |session| session.execute(sql, &params)).await
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.call(move |session| session.query(first_line(sql), sql, &params)).await
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.call(move |session| session.query("a built query", &sql, &params)).await
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        if keys.is_empty() && !self.doomed {
            return Ok(vec![]);
        }
        self.call(move |session| session.lookup(lookup, keys)).await
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        if rows.is_empty() && !self.doomed {
            return Ok(0);
        }
        self.call(move |session| session.insert(insert, &rows)).await
    }
}

#[async_trait]
impl Transaction for Handle<WriteTurn> {
    async fn commit(mut self: Box<Self>) -> Result<(), EngineError> {
        if self.doomed {
            return Err(doomed());
        }
        // A commit that has begun is left to end: it is neither interrupted nor timed out.
        self.doomed = true;
        self.hold.worker.call(None, Session::commit).await?;
        self.hold.log.tend(&self.hold.worker);
        Ok(())
    }
}
