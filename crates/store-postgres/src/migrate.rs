//! Migrations: all that lack, in one transaction, one migrator at a time.

use sqlx::{AssertSqlSafe, SqlSafeStr};
use tributary_store::engine::{Connection, EngineError, MigrationReport, MigrationSet, Value};
use tributary_store::migration::{AppliedMigration, Migration, newest, pending};

use crate::handle::Handle;

/// Held until the transaction ends. The number is `tributar` in ASCII.
const ALONE: &str = "SELECT 1 FROM pg_advisory_xact_lock(8390884927342928242)";

/// A migration takes its time, and waits for the other migrator.
const PATIENTLY: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
     SET LOCAL idle_in_transaction_session_timeout = 0;";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    folder TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (folder, version));";

const HAS_TABLE: &str = "SELECT to_regclass('schema_migration') IS NOT NULL";

const APPLIED: &str =
    "SELECT version, name, checksum FROM schema_migration WHERE folder = $1 ORDER BY version";

const REMEMBER: &str =
    "INSERT INTO schema_migration (folder, version, name, checksum) VALUES ($1, $2, $3, $4)";

/// What has been applied, in order.
pub(crate) async fn applied(
    transaction: &mut Handle,
    folder: MigrationSet,
) -> Result<Vec<AppliedMigration>, EngineError> {
    let has_table = transaction.query(HAS_TABLE, vec![]).await?;
    if !has_table.first().map_or(Ok(false), |row| row.bool(0))? {
        return Ok(vec![]);
    }
    let rows = transaction.query(APPLIED, vec![folder.folder().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(AppliedMigration {
                version: row.u32(0)?,
                name: row.text(1)?.to_owned(),
                checksum: row.text(2)?.to_owned(),
            })
        })
        .collect()
}

/// Brings the schema to the newest version of `known`; the caller commits. Data definition is
/// transactional on PostgreSQL, so that a failure anywhere leaves the schema as it was.
pub(crate) async fn migrate(
    transaction: &mut Handle,
    schema: Option<&str>,
    folder: MigrationSet,
    known: &'static [Migration],
) -> Result<MigrationReport, EngineError> {
    transaction.batch(PATIENTLY.into_sql_str()).await?;
    // A statement of its own, outside `query`'s time limit.
    transaction.batch(ALONE.into_sql_str()).await?;
    if let Some(schema) = schema {
        let make = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        transaction.batch(AssertSqlSafe(make).into_sql_str()).await?;
    }
    transaction.batch(TABLE.into_sql_str()).await?;
    let done = applied(transaction, folder).await?;
    let from = done.last().map_or(0, |migration| migration.version);
    for (version, migration) in (from + 1..).zip(pending(known, &done)?) {
        let applied = transaction.batch(migration.sql.into_sql_str()).await;
        applied.map_err(|error| named(error, migration))?;
        let row: Vec<Value> = vec![
            folder.folder().into(),
            version.into(),
            migration.name.into(),
            migration.checksum().into(),
        ];
        transaction.execute(REMEMBER, row).await?;
    }
    Ok(MigrationReport { from, to: newest(known) })
}

fn named(error: EngineError, migration: &Migration) -> EngineError {
    match error {
        EngineError::Full(_) | EngineError::Away(_) => error,
        error => EngineError::Fault(format!("migration `{}`: {error}", migration.name)),
    }
}

#[cfg(test)]
mod tests {
    use tributary_store::engine::Engine;
    use tributary_testkit::ThrowawayPostgres;

    use super::*;
    use crate::engine::PostgresEngine;
    use crate::options::PostgresOptions;

    const BASE: Migration = Migration {
        name: "0001_base",
        sql: "CREATE TABLE a (x BIGINT PRIMARY KEY); INSERT INTO a VALUES (1), (2);",
    };
    const MORE: Migration =
        Migration { name: "0002_more", sql: "CREATE TABLE b AS SELECT x FROM a;" };
    static FIRST: &[Migration] = &[BASE];
    static SECOND: &[Migration] = &[BASE, MORE];

    async fn engine(schema: Option<&str>) -> PostgresEngine {
        let url = ThrowawayPostgres::shared().database().await;
        let schema = schema.map(str::to_owned);
        let options = PostgresOptions { schema, ..PostgresOptions::default() };
        PostgresEngine::connect(&url, options).await.unwrap()
    }

    async fn migrate(
        engine: &PostgresEngine,
        known: &'static [Migration],
    ) -> Result<(u32, u32), EngineError> {
        let report = engine.migrate_to(MigrationSet::Record, known).await?;
        assert_eq!(engine.schema_version(MigrationSet::Record).await?, report.to);
        Ok((report.from, report.to))
    }

    #[tokio::test]
    async fn steps_are_taken_once() {
        for schema in [None, Some("elsewhere")] {
            let engine = engine(schema).await;
            assert_eq!(engine.schema_version(MigrationSet::Record).await.unwrap(), 0);
            assert_eq!(migrate(&engine, FIRST).await.unwrap(), (0, 1));
            assert_eq!(migrate(&engine, FIRST).await.unwrap(), (1, 1));
            assert_eq!(migrate(&engine, SECOND).await.unwrap(), (1, 2));
            assert_eq!(engine.schema_version(MigrationSet::Touches).await.unwrap(), 0);
            let error = migrate(&engine, FIRST).await.unwrap_err();
            assert!(error.to_string().contains("knows only 1"), "{error}");
        }
    }

    #[tokio::test]
    async fn two_migrators_take_turns() {
        let engine = engine(Some("shared")).await;
        let both = tokio::join!(
            engine.migrate_to(MigrationSet::Record, SECOND),
            engine.migrate_to(MigrationSet::Record, SECOND),
        );
        let mut from = [both.0.unwrap().from, both.1.unwrap().from];
        from.sort_unstable();
        assert_eq!(from, [0, 2], "one did it all, the other found it done");
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_nothing() {
        static BROKEN: &[Migration] =
            &[BASE, MORE, Migration { name: "0003_broken", sql: "CREATE TABLE c (x BIGINT); X;" }];
        let engine = engine(None).await;
        migrate(&engine, FIRST).await.unwrap();
        let error = migrate(&engine, BROKEN).await.unwrap_err();
        assert!(error.to_string().contains("0003_broken"), "{error}");
        assert_eq!(engine.schema_version(MigrationSet::Record).await.unwrap(), 1);
        assert_eq!(migrate(&engine, SECOND).await.unwrap(), (1, 2));
    }
}
