//! An engine that counts what it is asked and how it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use tributary_kernel::Stopwatch;
use tributary_store::engine::{
    Connection, Engine, EngineError, Insert, Lookup, MigrationReport, MigrationSet, Row,
    Transaction, Value,
};

use super::text::{Durations, Page};

const ERRORS: [&str; 5] = ["away", "retry", "constraint", "full", "fault"];

const fn place_of(error: &EngineError) -> usize {
    match error {
        EngineError::Away(_) => 0,
        EngineError::Retry(_) => 1,
        EngineError::Constraint { .. } => 2,
        EngineError::Full(_) => 3,
        EngineError::Decode { .. } | EngineError::Fault(_) => 4,
    }
}

/// Of one database.
#[derive(Debug, Default)]
pub(crate) struct DatabaseCounts {
    /// How long a transaction waited for its turn.
    begin: Durations,
    /// How long commits took.
    commit: Durations,
    errors: [AtomicU64; ERRORS.len()],
}

impl DatabaseCounts {
    fn saw<T>(&self, result: Result<T, EngineError>) -> Result<T, EngineError> {
        if let Err(error) = &result {
            self.errors[place_of(error)].fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    /// The figures of several databases, by name.
    pub(crate) fn write(all: &[(&str, Arc<Self>)], page: &mut Page) {
        page.family("database_errors_total", "counter");
        for (name, counts) in all {
            for (kind, count) in ERRORS.iter().zip(&counts.errors) {
                let labels = format!("database=\"{name}\",kind=\"{kind}\"");
                page.value("database_errors_total", &labels, count.load(Ordering::Relaxed));
            }
        }
        page.family("database_begin_seconds", "histogram");
        for (name, counts) in all {
            counts.begin.write(page, "database_begin_seconds", &format!("database=\"{name}\""));
        }
        page.family("database_commit_seconds", "histogram");
        for (name, counts) in all {
            counts.commit.write(page, "database_commit_seconds", &format!("database=\"{name}\""));
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct CountedEngine {
    inner: Arc<dyn Engine>,
    counts: Arc<DatabaseCounts>,
}

impl CountedEngine {
    /// Around an engine; with its counts.
    pub(crate) fn around(inner: Arc<dyn Engine>) -> (Arc<dyn Engine>, Arc<DatabaseCounts>) {
        let counts = Arc::new(DatabaseCounts::default());
        (Arc::new(Self { inner, counts: Arc::clone(&counts) }), counts)
    }
}

struct Counted<C> {
    inner: C,
    counts: Arc<DatabaseCounts>,
}

#[async_trait]
impl Engine for CountedEngine {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        let watch = Stopwatch::start();
        let inner = self.counts.saw(self.inner.begin().await)?;
        self.counts.begin.saw(watch.elapsed());
        Ok(Box::new(Counted { inner, counts: Arc::clone(&self.counts) }))
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        let inner = self.counts.saw(self.inner.read().await)?;
        Ok(Box::new(Counted { inner, counts: Arc::clone(&self.counts) }))
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.counts.saw(self.inner.migrate(folder).await)
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        self.counts.saw(self.inner.schema_version(folder).await)
    }

    async fn close(&self) -> Result<(), EngineError> {
        self.counts.saw(self.inner.close().await)
    }
}

#[async_trait]
impl<C: Connection + ?Sized> Connection for Counted<Box<C>> {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        self.counts.saw(self.inner.execute(sql, params).await)
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.counts.saw(self.inner.query(sql, params).await)
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.counts.saw(self.inner.query_built(sql, params).await)
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        self.counts.saw(self.inner.lookup(lookup, keys).await)
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        self.counts.saw(self.inner.insert(insert, rows).await)
    }
}

#[async_trait]
impl Transaction for Counted<Box<dyn Transaction>> {
    async fn commit(self: Box<Self>) -> Result<(), EngineError> {
        let watch = Stopwatch::start();
        let done = self.inner.commit().await;
        self.counts.commit.saw(watch.elapsed());
        self.counts.saw(done)
    }
}
