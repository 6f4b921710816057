//! The record as a run with a key sees it: each of its transactions carries the run's mark.

use std::sync::Arc;

use async_trait::async_trait;
use tributary_store::engine::{
    Connection, Engine, EngineError, Insert, Lookup, MigrationReport, MigrationSet, Row,
    Transaction, Value,
};
use tributary_store::request_key;

use super::Attempt;

#[derive(Debug)]
pub(super) struct GuardedEngine {
    inner: Arc<dyn Engine>,
    attempt: Attempt,
}

impl GuardedEngine {
    pub(super) fn new(inner: Arc<dyn Engine>, attempt: Attempt) -> Self {
        Self { inner, attempt }
    }
}

#[async_trait]
impl Engine for GuardedEngine {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        let inner = self.inner.begin().await?;
        Ok(Box::new(GuardedTransaction { inner, attempt: self.attempt.clone() }))
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        self.inner.read().await
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

struct GuardedTransaction {
    inner: Box<dyn Transaction>,
    attempt: Attempt,
}

#[async_trait]
impl Connection for GuardedTransaction {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        self.inner.execute(sql, params).await
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.query(sql, params).await
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.query_built(sql, params).await
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.lookup(lookup, keys).await
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        self.inner.insert(insert, rows).await
    }
}

#[async_trait]
impl Transaction for GuardedTransaction {
    async fn commit(mut self: Box<Self>) -> Result<(), EngineError> {
        let Attempt { place, id, subject } = &self.attempt;
        let subject = subject.lock().expect("nothing panics while it is held").clone();
        let holds =
            request_key::mark_effected_in(&mut *self.inner, place, *id, subject.as_deref()).await?;
        if !holds {
            let detail = "a later request with the same key has taken over".to_owned();
            return Err(EngineError::Away(detail));
        }
        self.inner.commit().await
    }
}
