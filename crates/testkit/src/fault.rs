//! An engine whose n-th operation fails, to prove what a use case leaves behind then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tributary_store::engine::{
    Connection, Engine, EngineError, Insert, Lookup, MigrationReport, MigrationSet, Row,
    Transaction, Value,
};

/// Which operation fails, and how. Operations are `begin`, `read`, every call of a connection, and
/// `commit`, numbered from 1 since the plan was made; migrations are not counted.
#[derive(Debug, Clone)]
pub struct FaultPlan {
    /// The operation that fails first.
    pub at: u64,
    /// Whether it has been carried out all the same.
    pub moment: Moment,
    /// Whether all operations after it fail too, as when the database has gone away.
    pub lasting: bool,
    /// What the caller is told.
    pub error: EngineError,
}

/// When an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It is not carried out.
    Before,
    /// It is carried out, but its answer is lost: after a commit, the data are there.
    After,
}

/// Wraps an engine and counts its operations. Without a plan it changes nothing.
///
/// To try every point of failure: run once without a plan, take the number of
/// [`FaultEngine::operations`], then run with a plan for each number up to it.
#[derive(Debug)]
pub struct FaultEngine {
    inner: Arc<dyn Engine>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State(Mutex<Progress>);

#[derive(Debug, Default)]
struct Progress {
    plan: Option<FaultPlan>,
    operations: Vec<String>,
}

impl FaultEngine {
    /// Passes everything on until it gets a plan.
    #[must_use]
    pub fn new(inner: Arc<dyn Engine>) -> Self {
        Self { inner, state: Arc::default() }
    }

    /// Starts counting anew, with or without a plan.
    pub fn plan(&self, plan: Option<FaultPlan>) {
        *self.state.progress() = Progress { plan, operations: vec![] };
    }

    /// What was asked for since the count began, in order: `begin`, `insert conversion`, …
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        self.state.progress().operations.clone()
    }
}

impl State {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation and says whether it fails.
    fn count(&self, operation: String) -> Option<(Moment, EngineError)> {
        let mut progress = self.progress();
        progress.operations.push(operation);
        let number = progress.operations.len() as u64;
        let plan = progress.plan.as_ref()?;
        let fails = number == plan.at || (plan.lasting && number > plan.at);
        fails.then(|| (plan.moment, plan.error.clone()))
    }

    async fn run<T>(
        &self,
        operation: String,
        work: impl Future<Output = Result<T, EngineError>>,
    ) -> Result<T, EngineError> {
        match self.count(operation) {
            None => work.await,
            Some((Moment::Before, error)) => Err(error),
            Some((Moment::After, error)) => work.await.and(Err(error)),
        }
    }
}

#[async_trait]
impl Engine for FaultEngine {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        let inner = self.state.run("begin".to_owned(), self.inner.begin()).await?;
        Ok(Box::new(Faulty { inner, state: Arc::clone(&self.state), doomed: false }))
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        let inner = self.state.run("read".to_owned(), self.inner.read()).await?;
        Ok(Box::new(Faulty { inner, state: Arc::clone(&self.state), doomed: false }))
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.inner.migrate(folder).await
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        self.inner.schema_version(folder).await
    }

    async fn close(&self) -> Result<(), EngineError> {
        self.inner.close().await
    }
}

/// A connection of a [`FaultEngine`]. As with the engines themselves, a failed call dooms it.
struct Faulty<C: ?Sized> {
    state: Arc<State>,
    doomed: bool,
    inner: Box<C>,
}

impl<C: ?Sized> Faulty<C> {
    fn refuse_if_doomed(&self) -> Result<(), EngineError> {
        if self.doomed {
            return Err(EngineError::Fault(
                "an earlier call of this transaction failed".to_owned(),
            ));
        }
        Ok(())
    }

    fn note<T>(&mut self, done: Result<T, EngineError>) -> Result<T, EngineError> {
        self.doomed |= done.is_err();
        done
    }
}

#[async_trait]
impl<C: Connection + ?Sized> Connection for Faulty<C> {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        self.refuse_if_doomed()?;
        let done = self.state.run(shortened("execute", sql), self.inner.execute(sql, params)).await;
        self.note(done)
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.refuse_if_doomed()?;
        let done = self.state.run(shortened("query", sql), self.inner.query(sql, params)).await;
        self.note(done)
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.refuse_if_doomed()?;
        let name = shortened("query", &sql);
        let done = self.state.run(name, self.inner.query_built(sql, params)).await;
        self.note(done)
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        self.refuse_if_doomed()?;
        let name = format!("lookup {}", lookup.table);
        let done = self.state.run(name, self.inner.lookup(lookup, keys)).await;
        self.note(done)
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        self.refuse_if_doomed()?;
        let name = format!("insert {}", insert.table);
        let done = self.state.run(name, self.inner.insert(insert, rows)).await;
        self.note(done)
    }
}

#[async_trait]
impl Transaction for Faulty<dyn Transaction> {
    async fn commit(self: Box<Self>) -> Result<(), EngineError> {
        self.refuse_if_doomed()?;
        self.state.run("commit".to_owned(), self.inner.commit()).await
    }
}

fn shortened(kind: &str, sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().take(5).collect();
    format!("{kind} {}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

    use super::*;

    async fn put(engine: &dyn Engine, id: i64) -> Result<(), EngineError> {
        let mut tx = engine.begin().await?;
        tx.execute("INSERT INTO t (id) VALUES ($1)", vec![id.into()]).await?;
        tx.execute("UPDATE t SET id = id WHERE id = $1", vec![id.into()]).await?;
        tx.commit().await
    }

    async fn stored(engine: &dyn Engine) -> Vec<i64> {
        let mut reader = engine.read().await.unwrap();
        let rows = reader.query("SELECT id FROM t ORDER BY id", vec![]).await.unwrap();
        rows.iter().map(|row| row.int(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn every_operation_can_fail() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("record.db");
        let inner = Arc::new(SqliteEngine::open(path, SqliteOptions::default()).unwrap());
        let engine = FaultEngine::new(inner.clone());
        let mut tx = engine.begin().await.unwrap();
        let table = "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT";
        tx.execute(table, vec![]).await.unwrap();
        tx.commit().await.unwrap();

        engine.plan(None);
        put(&engine, 0).await.unwrap();
        let operations = engine.operations();
        assert_eq!(operations.len(), 4, "{operations:?}");
        assert_eq!(operations[1], "execute INSERT INTO t (id) VALUES");

        let away = || EngineError::Away("as planned".to_owned());
        for at in 1..=4 {
            for (moment, lasting) in
                [(Moment::Before, false), (Moment::Before, true), (Moment::After, false)]
            {
                engine.plan(Some(FaultPlan { at, moment, lasting, error: away() }));
                assert_eq!(put(&engine, 7).await, Err(away()), "{at} {moment:?}");
                let kept = at == 4 && moment == Moment::After;
                let expected: &[i64] = if kept { &[0, 7] } else { &[0] };
                assert_eq!(stored(&*inner).await, expected, "{at} {moment:?}");
                let again = engine.begin().await;
                assert_eq!(again.is_err(), lasting, "{at} {moment:?}");
            }
        }
    }
}
