//! From a configuration to an [`App`]: folder, engines, schema, keys.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use tributary_app::mail::Mailer;
use tributary_app::{App, AppError};
use tributary_click::{ClickKey, ClickKeyring};
use tributary_connectors::mail::{FileMailer, SmtpMailer};
use tributary_kernel::{Clock, Entropy, SystemClock, SystemEntropy};
use tributary_store::engine::{Engine, EngineError, MigrationSet};
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

use crate::config::Config;
use crate::keys::{self, KeyError};
use crate::late::{Late, LateEngine};

/// Refuses a folder that holds no installation: a command that looks after one would else make an
/// empty one, and report that all is well with it.
pub(crate) fn existing(config: &Config) -> Result<(), OpenError> {
    if keys::are_in(&config.folder) {
        return Ok(());
    }
    Err(OpenError::Nothing { folder: config.folder.display().to_string() })
}

/// Why an installation cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(
        "{folder} holds no installation: name its configuration with --config FILE, or make one \
         with tributary setup"
    )]
    Nothing { folder: String },
    #[error("cannot make the folder {folder}: {error}")]
    Folder { folder: String, error: std::io::Error },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(
        "the {set} schema is version {found}, this program needs {needed}; run: tributary migrate"
    )]
    Schema { set: &'static str, found: u32, needed: u32 },
}

/// Both engines.
pub(crate) struct Engines {
    pub(crate) record: Arc<dyn Engine>,
    pub(crate) touches: Arc<dyn Engine>,
    /// PostgreSQL is migrated by its own command, SQLite by itself.
    pub(crate) migrates_itself: bool,
}

/// Names of the files in the folder.
pub(crate) const RECORD_FILE: &str = "record.db";
pub(crate) const TOUCHES_FILE: &str = "touches.db";
pub(crate) const SPOOL_FOLDER: &str = "spool";

/// Opens one of the SQLite files of a folder, making it if it is not there.
pub(crate) fn sqlite(
    folder: &Path,
    name: &str,
    connections: u32,
) -> Result<SqliteEngine, EngineError> {
    let readers = usize::try_from(connections).unwrap_or(1).max(1);
    let options = SqliteOptions { readers, ..SqliteOptions::default() };
    SqliteEngine::open(folder.join(name), options)
}

/// Opens the databases; makes the folder.
pub(crate) async fn engines(config: &Config) -> Result<Engines, OpenError> {
    let folder = &config.folder;
    // It will hold keys and money: nobody else's business.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| OpenError::Folder { folder: folder.display().to_string(), error })?;
    if config.database.url.is_empty() {
        let open = |name: &str| sqlite(folder, name, config.database.connections).map(Arc::new);
        let (record, touches) = (open(RECORD_FILE)?, open(TOUCHES_FILE)?);
        return Ok(Engines { record, touches, migrates_itself: true });
    }
    let options =
        PostgresOptions { connections: config.database.connections, ..PostgresOptions::default() };
    let open = async || PostgresEngine::connect(&config.database.url, options.clone()).await;
    // A decision holds one of the record's connections while it reads touches: were they from one
    // pool, enough decisions at a time would wait for each other.
    let (record, touches) = (Arc::new(open().await?), Arc::new(open().await?));
    Ok(Engines { record, touches, migrates_itself: false })
}

/// Brings both schemas to the newest version.
pub(crate) async fn migrate(engines: &Engines) -> Result<(), OpenError> {
    engines.record.migrate(MigrationSet::Record).await?;
    engines.touches.migrate(MigrationSet::Touches).await?;
    Ok(())
}

/// Refuses a schema that is not the newest.
pub(crate) async fn check_schema(engines: &Engines) -> Result<(), OpenError> {
    let sets = [
        (&engines.record, MigrationSet::Record, "record"),
        (&engines.touches, MigrationSet::Touches, "touches"),
    ];
    for (engine, set, name) in sets {
        let found = engine.schema_version(set).await?;
        let needed = tributary_store_sqlite::newest_version(set);
        if found != needed {
            return Err(OpenError::Schema { set: name, found, needed });
        }
    }
    Ok(())
}

/// Opens an installation: databases, keys, click keys.
pub(crate) async fn app(config: &Config) -> Result<App, OpenError> {
    let engines = engines(config).await?;
    if engines.migrates_itself {
        migrate(&engines).await?;
    } else {
        check_schema(&engines).await?;
    }
    on_engines(engines, &config.folder, Arc::new(SystemClock)).await
}

/// The same to serve with: a server that is away is left to [`Late`], and everything else opened.
pub(crate) async fn app_now_or_late(config: &Config) -> Result<(App, Option<Late>), OpenError> {
    let error = match app(config).await {
        Err(OpenError::Engine(error @ EngineError::Away(_))) => error,
        Err(OpenError::App(AppError::Engine(error @ EngineError::Away(_)))) => error,
        opened => return Ok((opened?, None)),
    };
    if config.database.url.is_empty() {
        return Err(error.into());
    }
    let engine = Arc::new(LateEngine::default());
    let app = assemble(
        Engines {
            record: Arc::clone(&engine) as _,
            touches: Arc::clone(&engine) as _,
            migrates_itself: false,
        },
        &config.folder,
        Arc::new(SystemClock),
    )?;
    let late = Late::new(app.clone(), engine, config.clone(), error);
    Ok((app, Some(late)))
}

/// An app on engines whose schema is the newest, under a clock.
pub(crate) async fn on_engines(
    engines: Engines,
    folder: &Path,
    clock: Arc<dyn Clock>,
) -> Result<App, OpenError> {
    let app = assemble(engines, folder, clock)?;
    tributary_app::click_keys::load_click_keys(&app).await?;
    Ok(app)
}

/// Puts an app together without asking the database.
fn assemble(engines: Engines, folder: &Path, clock: Arc<dyn Clock>) -> Result<App, OpenError> {
    let entropy = Arc::new(SystemEntropy);
    let secrets = Arc::new(keys::load_or_make(folder, &*entropy)?);
    let keyring = nobodys_keyring(&*entropy)?;
    Ok(App::new(engines.record, engines.touches, clock, entropy, secrets, keyring))
}

/// A ring that verifies nothing anybody has, until the installation's own is loaded.
fn nobodys_keyring(entropy: &dyn Entropy) -> Result<ClickKeyring, OpenError> {
    let mut secret = [0u8; 32];
    entropy.fill(&mut secret);
    let key = ClickKey { id: 0, secret, verify_until: None };
    ClickKeyring::new(vec![key], 0)
        .map_err(|error| AppError::Corrupt(format!("click keys: {error}")).into())
}

/// How mail leaves this installation.
pub(crate) fn mailer(config: &Config) -> Result<Arc<dyn Mailer>, Box<dyn std::error::Error>> {
    if !config.mail.url.is_empty() {
        return Ok(Arc::new(SmtpMailer::new(&config.mail.from, &config.mail.url)?));
    }
    let folder = config.folder.join("mail");
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    Ok(Arc::new(FileMailer::new(&config.mail.from, &folder)?))
}
