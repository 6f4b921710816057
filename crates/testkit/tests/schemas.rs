//! The two folders of migrations make the same schema.

use tempfile::TempDir;
use tributary_store::conformance::{Dialect, logical_schema};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::ThrowawayPostgres;

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let folder = TempDir::new().unwrap();
    for set in [MigrationSet::Record, MigrationSet::Touches] {
        let name = set.folder();
        let sqlite = SqliteEngine::open(folder.path().join(name), SqliteOptions::default());
        let sqlite = sqlite.unwrap();
        let url = ThrowawayPostgres::shared().database().await;
        let postgres = PostgresEngine::connect(&url, PostgresOptions::default()).await.unwrap();
        let (left, right) =
            (sqlite.migrate(set).await.unwrap(), postgres.migrate(set).await.unwrap());
        assert_eq!(left, right, "{name}: the same numbers");

        let left = logical_schema(&sqlite, Dialect::Sqlite).await.unwrap();
        let right = logical_schema(&postgres, Dialect::Postgres).await.unwrap();
        assert!(!left.tables.is_empty(), "{name} has tables");
        let differences = left.differences(&right);
        assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
    }
}

#[test]
fn both_folders_have_the_same_names() {
    let names = |engine: &str, set: MigrationSet| {
        let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let path = format!("{crates}/{engine}/migrations/{}", set.folder());
        let entries = std::fs::read_dir(path).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    for set in [MigrationSet::Record, MigrationSet::Touches] {
        assert_eq!(names("store-sqlite", set), names("store-postgres", set));
    }
}

/// The comparison sees what it should see.
#[tokio::test]
async fn differences_are_found() {
    let folder = TempDir::new().unwrap();
    let sqlite = SqliteEngine::open(folder.path().join("db"), SqliteOptions::default()).unwrap();
    let url = ThrowawayPostgres::shared().database().await;
    let postgres = PostgresEngine::connect(&url, PostgresOptions::default()).await.unwrap();
    let sqlite_tables = [
        "CREATE TABLE same (a BLOB NOT NULL, b INTEGER NOT NULL, c TEXT, PRIMARY KEY (b, a)) STRICT",
        "CREATE UNIQUE INDEX same_c ON same (c, a) WHERE c IS NOT NULL",
        "CREATE UNIQUE INDEX same_lower ON same (lower(c))",
        "CREATE TABLE other (id INTEGER PRIMARY KEY, text TEXT, kind TEXT NOT NULL UNIQUE) STRICT",
        "CREATE TABLE lonely (id INTEGER PRIMARY KEY) STRICT",
    ];
    let postgres_tables = [
        "CREATE TABLE same (c TEXT, b BIGINT, a BYTEA, PRIMARY KEY (b, a))",
        "CREATE UNIQUE INDEX renamed ON same (c, a) WHERE c IS NOT NULL",
        "CREATE UNIQUE INDEX same_lower ON same (lower(c))",
        "CREATE INDEX not_unique ON same (c)",
        "CREATE TABLE other (id BIGINT, text TEXT NOT NULL PRIMARY KEY, kind BYTEA NOT NULL)",
    ];
    let mut tx = sqlite.begin().await.unwrap();
    for sql in sqlite_tables {
        tx.execute(sql, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = postgres.begin().await.unwrap();
    for sql in postgres_tables {
        tx.execute(sql, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();

    let left = logical_schema(&sqlite, Dialect::Sqlite).await.unwrap();
    let right = logical_schema(&postgres, Dialect::Postgres).await.unwrap();
    assert_eq!(left.tables["same"], right.tables["same"]);
    assert_eq!(left.tables["same"].primary_key, ["b", "a"]);
    assert_eq!(left.tables["same"].unique.len(), 2);
    let differences = left.differences(&right);
    let found = |words: &str| differences.iter().any(|line| line.starts_with(words));
    for words in [
        "lonely: only in the first",
        "other.id:",
        "other.text:",
        "other.kind:",
        "other: primary key",
        "other: unique key",
    ] {
        assert!(found(words), "`{words}` in {differences:?}");
    }
    assert_eq!(differences.len(), 6, "{differences:?}");
}
