//! A database that is away when the process starts: everything else is opened, redirects go on
//! from the kept snapshot, and the database is asked for until it answers.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tributary_app::App;
use tributary_store::engine::{
    Connection, Engine, EngineError, MigrationReport, MigrationSet, Transaction,
};

use crate::config::Config;
use crate::open::{self, OpenError};

/// Time between two questions.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// An engine that says `Away` until the real one is put into it.
#[derive(Debug, Default)]
pub(crate) struct LateEngine(OnceLock<Arc<dyn Engine>>);

impl LateEngine {
    fn come(&self) -> Result<&Arc<dyn Engine>, EngineError> {
        self.0.get().ok_or_else(|| EngineError::Away("it was not reached yet".to_owned()))
    }
}

#[async_trait]
impl Engine for LateEngine {
    fn name(&self) -> &'static str {
        // SQLite is a file of the folder: it is never late.
        "postgres"
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        self.come()?.begin().await
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        self.come()?.read().await
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.come()?.migrate(folder).await
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        self.come()?.schema_version(folder).await
    }

    async fn close(&self) -> Result<(), EngineError> {
        match self.0.get() {
            Some(engine) => engine.close().await,
            None => Ok(()),
        }
    }
}

/// What is still to be done when the database is back.
pub(crate) struct Late {
    app: App,
    engine: Arc<LateEngine>,
    config: Config,
    /// Why it was not there.
    pub(crate) error: EngineError,
}

impl Late {
    /// The rest of an app whose engines are `engine`.
    pub(crate) const fn new(
        app: App,
        engine: Arc<LateEngine>,
        config: Config,
        error: EngineError,
    ) -> Self {
        Self { app, engine, config, error }
    }

    /// Asks until the database is there, or it is time to stop.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        tracing::error!(error = %self.error, "database.away_at_start");
        let mut told = String::new();
        loop {
            match self.connect().await {
                Ok(()) => return tracing::info!("database.reached"),
                Err(OpenError::Engine(EngineError::Away(_))) => {}
                Err(error) => {
                    // Such as an old schema: told once, mended by a person, then it goes on.
                    let error = error.to_string();
                    if error != told {
                        tracing::error!(error, "database.unusable");
                    }
                    told = error;
                }
            }
            let stopped = stopping.wait_for(|stop| *stop);
            if tokio::time::timeout(ASK_AGAIN, stopped).await.is_ok() {
                return;
            }
        }
    }

    /// Nobody sees the database before its schema and the click keys have been looked at: with
    /// other keys, good click ids would be refused.
    async fn connect(&self) -> Result<(), OpenError> {
        let engines = open::engines(&self.config).await?;
        open::check_schema(&engines).await?;
        let mut app = self.app.clone();
        app.record = Arc::clone(&engines.record);
        app.touches = Arc::clone(&engines.touches);
        tributary_app::click_keys::load_click_keys(&app).await?;
        // Only this task puts one in.
        let _ = self.engine.0.set(engines.record);
        Ok(())
    }
}
