use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tributary_store::engine::{
    Connection, Engine, EngineError, MigrationReport, MigrationSet, Transaction,
};
use tributary_store::migration::Migration;

use crate::backup::{BackupReport, copy_verified};
use crate::handle::{Handle, WriteTurn};
use crate::log::LogKeeper;
use crate::migrate::{applied, migrate};
use crate::migrations::known;
use crate::options::SqliteOptions;
use crate::readers::Readers;
use crate::session::{Role, Session};
use crate::worker::Worker;

/// One database file. See the crate's documentation for how it works.
#[derive(Debug)]
pub struct SqliteEngine {
    path: PathBuf,
    options: SqliteOptions,
    writer: Arc<Worker>,
    turn: Arc<Mutex<()>>,
    readers: Arc<Readers>,
    log: Arc<LogKeeper>,
}

impl SqliteEngine {
    /// Opens the file, making it if it is not there; its folder must be.
    ///
    /// # Errors
    /// `Away` when it cannot be opened or another process holds it, `Fault` when it is not a
    /// database or cannot have a write-ahead log.
    pub fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, EngineError> {
        let path = path.as_ref().to_owned();
        let session = Session::open(&path, Role::Writer, &options)?;
        let log_pages = session.log_pages();
        let writer = Arc::new(Worker::start("sqlite-writer".to_owned(), session)?);
        let readers = Arc::new(Readers::open(&path, &options)?);
        let log = LogKeeper::start(&path, &options, log_pages)?;
        Ok(Self { path, options, writer, turn: Arc::new(Mutex::new(())), readers, log })
    }

    /// The database's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Copies the database as it is at this moment into a new file, while it is in use, checks the
    /// copy's integrity and syncs it. Until then the file has the extension `partial`. Writers are
    /// not held up, but the write-ahead log grows until the copy is done.
    ///
    /// # Errors
    /// `Fault` when the target exists or the copy is not sound, `Full` when there is no room.
    pub async fn backup_to(&self, target: impl AsRef<Path>) -> Result<BackupReport, EngineError> {
        let (source, target) = (self.path.clone(), target.as_ref().to_owned());
        let copy = tokio::task::spawn_blocking(move || copy_verified(&source, &target));
        copy.await.map_err(|error| EngineError::Fault(format!("the backup broke off: {error}")))?
    }

    /// Waits for the transaction under way, then closes all connections; the last one empties and
    /// removes the write-ahead log. Afterwards the file alone is the database, and every call says
    /// `Away`.
    ///
    /// # Errors
    /// `Away` when the transaction under way does not end in time.
    pub async fn close(&self) -> Result<(), EngineError> {
        let turn = self.write_turn().await?;
        let writer = Arc::clone(&self.writer);
        let (readers, log) = (Arc::clone(&self.readers), Arc::clone(&self.log));
        let stop = tokio::task::spawn_blocking(move || {
            readers.stop();
            log.stop();
            writer.stop();
        });
        stop.await.map_err(|error| EngineError::Fault(format!("closing broke off: {error}")))?;
        drop(turn);
        Ok(())
    }

    async fn write_turn(&self) -> Result<WriteTurn, EngineError> {
        let turn = Arc::clone(&self.turn).lock_owned();
        let Ok(turn) = tokio::time::timeout(self.options.wait, turn).await else {
            let ms = self.options.wait.as_millis();
            return Err(EngineError::Away(format!("no turn to write came within {ms} ms")));
        };
        let (worker, log) = (Arc::clone(&self.writer), Arc::clone(&self.log));
        Ok(WriteTurn { worker, log, _turn: turn })
    }

    #[cfg(test)]
    pub(crate) async fn distrust_writer(&self) {
        let distrust = |session: &mut Session| {
            session.distrust();
            Ok(())
        };
        self.writer.call(None, distrust).await.expect("the writer runs");
    }

    pub(crate) async fn migrate_to(
        &self,
        folder: MigrationSet,
        known: &'static [Migration],
    ) -> Result<MigrationReport, EngineError> {
        let turn = self.write_turn().await?;
        let path = self.path.clone();
        let report =
            turn.worker.call(None, move |session| migrate(session, &path, folder, known)).await;
        turn.log.tend(&turn.worker);
        report
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        let turn = self.write_turn().await?;
        // Made before the BEGIN is sent, so that giving up in between rolls it back.
        let mut transaction = Box::new(Handle::new(turn, self.options.statement));
        transaction.call(Session::begin_write).await?;
        Ok(transaction)
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        let lease = self.readers.lease(&self.options).await?;
        Ok(Box::new(Handle::new(lease, self.options.statement)))
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.migrate_to(folder, known(folder)).await
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        let lease = self.readers.lease(&self.options).await?;
        let mut reader = Handle::new(lease, self.options.statement);
        let applied = reader.call(move |session| applied(session, folder)).await?;
        Ok(applied.last().map_or(0, |migration| migration.version))
    }

    async fn close(&self) -> Result<(), EngineError> {
        Self::close(self).await
    }
}
