//! Migrations: automatic, after a verified copy.

use std::path::{Path, PathBuf};

use tributary_store::engine::{EngineError, MigrationReport, MigrationSet, Value};
use tributary_store::migration::{AppliedMigration, Migration, newest, pending};

use crate::backup::copy_verified;
use crate::session::Session;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    folder TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (folder, version)) STRICT";

const HAS_TABLE: &str = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'";

const ANYTHING: &str = "SELECT 1 FROM sqlite_schema LIMIT 1";

const APPLIED: &str =
    "SELECT version, name, checksum FROM schema_migration WHERE folder = $1 ORDER BY version";

const REMEMBER: &str =
    "INSERT INTO schema_migration (folder, version, name, checksum) VALUES ($1, $2, $3, $4)";

/// What has been applied, in order.
pub(crate) fn applied(
    session: &mut Session,
    folder: MigrationSet,
) -> Result<Vec<AppliedMigration>, EngineError> {
    if session.query(HAS_TABLE, HAS_TABLE, &[])?.is_empty() {
        return Ok(vec![]);
    }
    session
        .query(APPLIED, APPLIED, &[folder.folder().into()])?
        .iter()
        .map(|row| {
            Ok(AppliedMigration {
                version: row.u32(0)?,
                name: row.text(1)?.to_owned(),
                checksum: row.text(2)?.to_owned(),
            })
        })
        .collect()
}

/// Brings the file to the newest version of `known`. A database that holds anything is copied
/// first, to `{file}.before-{folder}-{version}`, and the copy is checked; it stays until its owner
/// deletes it. Each migration is one transaction.
pub(crate) fn migrate(
    session: &mut Session,
    path: &Path,
    folder: MigrationSet,
    known: &'static [Migration],
) -> Result<MigrationReport, EngineError> {
    let done = applied(session, folder)?;
    let from = done.last().map_or(0, |migration| migration.version);
    let todo = pending(known, &done)?;
    if todo.is_empty() {
        return Ok(MigrationReport { from, to: from });
    }
    let holds_anything = !session.query(ANYTHING, ANYTHING, &[])?.is_empty();
    if holds_anything {
        let copy = copy_path(path, folder, from);
        // Left by an attempt that failed half-way: the database may have moved since.
        match std::fs::remove_file(&copy) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(EngineError::Fault(format!("{}: {error}", copy.display())));
            }
            _ => {}
        }
        copy_verified(path, &copy)?;
        tracing::info!(from, copy = %copy.display(), "sqlite.copied_before_migration");
    }
    // Foreign keys rest while tables are rebuilt, and are checked before each commit.
    session.batch("PRAGMA foreign_keys = OFF")?;
    let outcome = (from + 1..).zip(todo).try_for_each(|(version, migration)| {
        let applied = apply(session, folder, version, migration);
        if applied.is_err() {
            session.end();
        }
        applied
    });
    session.batch("PRAGMA foreign_keys = ON")?;
    outcome?;
    Ok(MigrationReport { from, to: newest(known) })
}

fn copy_path(path: &Path, folder: MigrationSet, version: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-{}-{version:04}", folder.folder()));
    name.into()
}

fn apply(
    session: &mut Session,
    folder: MigrationSet,
    version: u32,
    migration: &Migration,
) -> Result<(), EngineError> {
    session.begin_write()?;
    session.batch(TABLE)?;
    session.batch(migration.sql).map_err(|error| named(error, migration))?;
    let orphans = session.query("foreign_key_check", "PRAGMA foreign_key_check", &[])?;
    if !orphans.is_empty() {
        let (name, count) = (migration.name, orphans.len());
        return Err(EngineError::Fault(format!("migration `{name}` leaves {count} orphan rows")));
    }
    let row: [Value; 4] = [
        folder.folder().into(),
        version.into(),
        migration.name.into(),
        migration.checksum().into(),
    ];
    session.execute(REMEMBER, &row)?;
    session.commit()
}

fn named(error: EngineError, migration: &Migration) -> EngineError {
    match error {
        EngineError::Full(_) | EngineError::Away(_) => error,
        error => EngineError::Fault(format!("migration `{}`: {error}", migration.name)),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tributary_store::engine::Engine;

    use super::*;
    use crate::engine::SqliteEngine;
    use crate::options::SqliteOptions;

    const BASE: Migration = Migration {
        name: "0001_base",
        sql: "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT; INSERT INTO a VALUES (1), (2);",
    };
    const MORE: Migration = Migration {
        name: "0002_more",
        sql: "CREATE TABLE b (x INTEGER NOT NULL REFERENCES a (x)) STRICT;
              INSERT INTO b SELECT x FROM a;",
    };
    static FIRST: &[Migration] = &[BASE];
    static SECOND: &[Migration] = &[BASE, MORE];

    fn open(folder: &TempDir) -> SqliteEngine {
        SqliteEngine::open(folder.path().join("record.db"), SqliteOptions::default()).unwrap()
    }

    async fn migrate(
        engine: &SqliteEngine,
        known: &'static [Migration],
    ) -> Result<(u32, u32), EngineError> {
        let report = engine.migrate_to(MigrationSet::Record, known).await?;
        assert_eq!(engine.schema_version(MigrationSet::Record).await?, report.to);
        Ok((report.from, report.to))
    }

    fn copies(folder: &TempDir) -> Vec<String> {
        let names = std::fs::read_dir(folder).unwrap();
        let mut copies: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("before"))
            .collect();
        copies.sort();
        copies
    }

    #[tokio::test]
    async fn steps_are_taken_once_and_after_a_copy() {
        let folder = TempDir::new().unwrap();
        let engine = open(&folder);
        assert_eq!(engine.schema_version(MigrationSet::Record).await.unwrap(), 0);
        assert_eq!(migrate(&engine, FIRST).await.unwrap(), (0, 1));
        assert!(copies(&folder).is_empty(), "a new database is not copied");
        assert_eq!(migrate(&engine, FIRST).await.unwrap(), (1, 1));
        assert_eq!(migrate(&engine, SECOND).await.unwrap(), (1, 2));
        assert_eq!(copies(&folder), ["record.db.before-record-0001"]);
        let copy = folder.path().join("record.db.before-record-0001");
        let copy = SqliteEngine::open(copy, SqliteOptions::default()).unwrap();
        assert_eq!(copy.schema_version(MigrationSet::Record).await.unwrap(), 1);
        assert_eq!(engine.schema_version(MigrationSet::Touches).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_newer_database_is_left_alone() {
        let folder = TempDir::new().unwrap();
        let engine = open(&folder);
        migrate(&engine, SECOND).await.unwrap();
        let error = migrate(&engine, FIRST).await.unwrap_err();
        assert!(error.to_string().contains("knows only 1"), "{error}");
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_nothing() {
        static BROKEN: &[Migration] = &[
            BASE,
            Migration { name: "0002_broken", sql: "CREATE TABLE c (x INTEGER) STRICT; NONSENSE;" },
        ];
        static ORPHANS: &[Migration] = &[
            BASE,
            Migration {
                name: "0002_orphans",
                sql: "CREATE TABLE b (x INTEGER REFERENCES a (x)) STRICT;
                      INSERT INTO b VALUES (99);",
            },
        ];
        let folder = TempDir::new().unwrap();
        let engine = open(&folder);
        migrate(&engine, FIRST).await.unwrap();
        for (broken, complaint) in [(BROKEN, "0002_broken"), (ORPHANS, "1 orphan rows")] {
            let error = migrate(&engine, broken).await.unwrap_err();
            assert!(error.to_string().contains(complaint), "{error}");
        }
        assert_eq!(migrate(&engine, SECOND).await.unwrap(), (1, 2));
        let mut tx = engine.begin().await.unwrap();
        let keys = tx.query("PRAGMA foreign_keys", vec![]).await.unwrap();
        assert_eq!(keys[0].int(0).unwrap(), 1, "foreign keys are on again");
    }

    /// What follows a commit that failed: a fresh connection, and everything committed before.
    #[tokio::test]
    async fn a_distrusted_connection_is_replaced() {
        let folder = TempDir::new().unwrap();
        let engine = open(&folder);
        migrate(&engine, FIRST).await.unwrap();
        let mut tx = engine.begin().await.unwrap();
        tx.execute("INSERT INTO a VALUES (3)", vec![]).await.unwrap();
        engine.distrust_writer().await;
        assert!(tx.commit().await.is_err(), "the transaction went with its connection");
        let mut tx = engine.begin().await.unwrap();
        tx.execute("INSERT INTO a VALUES (4)", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = engine.read().await.unwrap();
        let rows = reader.query("SELECT x FROM a ORDER BY x", vec![]).await.unwrap();
        let stored: Vec<i64> = rows.iter().map(|row| row.int(0).unwrap()).collect();
        assert_eq!(stored, [1, 2, 4]);
    }
}
