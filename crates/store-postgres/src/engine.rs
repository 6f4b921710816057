use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::runtime;
use tributary_store::engine::{
    Connection, Engine, EngineError, MigrationReport, MigrationSet, Transaction,
};
use tributary_store::migration::Migration;

use crate::bulk::Texts;
use crate::error::engine_error;
use crate::handle::Handle;
use crate::migrate::{applied, migrate};
use crate::migrations::known;
use crate::options::PostgresOptions;

const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Prepared statements kept per connection: more than the program has.
const STATEMENTS_MAX: usize = 1_024;
/// What a server that still answers may take beyond its own time limits.
const GRACE: Duration = Duration::from_secs(5);

/// One database of a server. See the crate's documentation for how it is used.
#[derive(Debug)]
pub struct PostgresEngine {
    pool: PgPool,
    options: PostgresOptions,
    texts: Arc<Texts>,
    runtime: runtime::Handle,
}

impl PostgresEngine {
    /// Connects to `postgres://user:password@host/database`, with the parameters of libpq's
    /// addresses that the driver knows (`sslmode`, `sslrootcert`, `host` for a socket's folder, …).
    ///
    /// # Errors
    /// `Away` when the server cannot be reached now, `Fault` for an address or name that can never
    /// work.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn connect(url: &str, options: PostgresOptions) -> Result<Self, EngineError> {
        let connect: PgConnectOptions = url.parse().map_err(engine_error)?;
        if let Some(schema) = &options.schema {
            check_name(schema)?;
        }
        let ms = |limit: Duration| limit.as_millis().to_string();
        let mut settings = vec![
            ("statement_timeout", ms(options.statement)),
            ("lock_timeout", ms(options.lock)),
            ("idle_in_transaction_session_timeout", ms(options.statement + GRACE)),
        ];
        settings.extend(options.schema.clone().map(|schema| ("search_path", schema)));
        let connect = connect
            .application_name("tributary")
            .statement_cache_capacity(STATEMENTS_MAX)
            .options(settings);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.wait)
            // A connection that died while idle is noticed by its BEGIN, without a question more.
            .test_before_acquire(false)
            .connect_lazy_with(connect);
        let runtime = runtime::Handle::current();
        let engine = Self { pool, options, texts: Arc::default(), runtime };
        engine.transaction(READ).await?;
        Ok(engine)
    }

    /// Closes all connections after the transactions under way. Every call says `Away` then.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction on a connection that answers: one that lay idle may have been closed by
    /// the server since, and nothing is lost by trying the next.
    async fn transaction(&self, sql: &'static str) -> Result<Handle, EngineError> {
        let mut stale = 0;
        loop {
            let connection = self.pool.acquire().await.map_err(engine_error)?;
            let (texts, runtime) = (Arc::clone(&self.texts), self.runtime.clone());
            let limit = self.options.statement + GRACE;
            let mut handle = Handle::new(connection, texts, limit, runtime);
            match handle.begin(sql).await {
                Ok(()) => return Ok(handle),
                Err(EngineError::Away(_)) if stale < self.options.connections => stale += 1,
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) async fn migrate_to(
        &self,
        folder: MigrationSet,
        known: &'static [Migration],
    ) -> Result<MigrationReport, EngineError> {
        let mut transaction = Box::new(self.transaction(WRITE).await?);
        let schema = self.options.schema.as_deref();
        let report = migrate(&mut transaction, schema, folder, known).await?;
        transaction.commit().await?;
        Ok(report)
    }
}

/// The name stands unquoted in statements and settings.
fn check_name(schema: &str) -> Result<(), EngineError> {
    let first = schema.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if first && schema.len() <= 63 && schema.bytes().all(rest) {
        return Ok(());
    }
    Err(EngineError::Fault(format!(
        "`{schema}` is not a schema name: lower-case letters, digits and _, not a digit first"
    )))
}

#[async_trait]
impl Engine for PostgresEngine {
    fn name(&self) -> &'static str {
        "postgres"
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        Ok(Box::new(self.transaction(WRITE).await?))
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        Ok(Box::new(self.transaction(READ).await?))
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.migrate_to(folder, known(folder)).await
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        let mut reader = self.transaction(READ).await?;
        let applied = applied(&mut reader, folder).await?;
        Ok(applied.last().map_or(0, |migration| migration.version))
    }

    async fn close(&self) -> Result<(), EngineError> {
        Self::close(self).await;
        Ok(())
    }
}
