//! SQLite as an engine: what the port asks, and what is particular to this one.
#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tributary_store::conformance::{self, Dialect};
use tributary_store::engine::{Engine, EngineError, Insert, Kind};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

static NOTES: Insert =
    Insert { table: "note", columns: &[("id", Kind::Int), ("text", Kind::Text)], conflict: "" };

fn open(folder: &TempDir, options: SqliteOptions) -> SqliteEngine {
    SqliteEngine::open(folder.path().join("record.db"), options).unwrap()
}

/// An engine with one table `note (id, text)`.
async fn with_notes(folder: &TempDir, options: SqliteOptions) -> SqliteEngine {
    let engine = open(folder, options);
    let mut tx = engine.begin().await.unwrap();
    let table = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT";
    tx.execute(table, vec![]).await.unwrap();
    tx.commit().await.unwrap();
    engine
}

async fn add_notes(engine: &SqliteEngine, ids: std::ops::Range<i64>) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.insert(&NOTES, ids.map(|id| vec![id.into(), "x".repeat(1_000).into()]).collect()).await?;
    tx.commit().await
}

async fn count_notes(engine: &dyn Engine) -> i64 {
    let mut reader = engine.read().await.unwrap();
    reader.query("SELECT COUNT(*) FROM note", vec![]).await.unwrap()[0].int(0).unwrap()
}

#[tokio::test]
async fn conforms() {
    let folder = TempDir::new().unwrap();
    let engine = open(&folder, SqliteOptions::default());
    conformance::run(&engine, Dialect::Sqlite).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn conforms_on_several_threads() {
    let folder = TempDir::new().unwrap();
    let engine = open(&folder, SqliteOptions { readers: 2, ..SqliteOptions::default() });
    conformance::run(&engine, Dialect::Sqlite).await.unwrap();
}

#[tokio::test]
async fn commits_are_durable_by_its_settings() {
    let folder = TempDir::new().unwrap();
    let engine = open(&folder, SqliteOptions::default());
    let mut tx = engine.begin().await.unwrap();
    for (pragma, expected) in [
        ("PRAGMA synchronous", 2),
        ("PRAGMA foreign_keys", 1),
        ("PRAGMA mmap_size", 0),
        ("PRAGMA query_only", 0),
    ] {
        let rows = tx.query(pragma, vec![]).await.unwrap();
        assert_eq!(rows[0].int(0).unwrap(), expected, "{pragma}");
    }
    let rows = tx.query("PRAGMA journal_mode", vec![]).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "wal");
    let mut reader = engine.read().await.unwrap();
    let rows = reader.query("PRAGMA query_only", vec![]).await.unwrap();
    assert_eq!(rows[0].int(0).unwrap(), 1);
}

#[tokio::test]
async fn a_full_disk_is_told_apart() {
    let folder = TempDir::new().unwrap();
    let engine = with_notes(&folder, SqliteOptions::default()).await;
    let mut tx = engine.begin().await.unwrap();
    tx.query("PRAGMA max_page_count = 20", vec![]).await.unwrap();
    let rows = (0..200).map(|id| vec![id.into(), "x".repeat(1_000).into()]).collect();
    let error = tx.insert(&NOTES, rows).await.unwrap_err();
    assert!(matches!(error, EngineError::Full(_)), "{error:?}");
    drop(tx);
    assert_eq!(count_notes(&engine).await, 0);
    let mut tx = engine.begin().await.unwrap();
    tx.query("PRAGMA max_page_count = 1000000", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    add_notes(&engine, 0..200).await.unwrap();
    assert_eq!(count_notes(&engine).await, 200, "with room again, it goes on");
}

#[tokio::test]
async fn waiting_is_bounded() {
    let folder = TempDir::new().unwrap();
    let wait = Duration::from_millis(20);
    let engine = open(&folder, SqliteOptions { readers: 1, wait, ..SqliteOptions::default() });
    let tx = engine.begin().await.unwrap();
    let error = engine.begin().await.map(drop).unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    let reader = engine.read().await.unwrap();
    let error = engine.read().await.map(drop).unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    drop((tx, reader));
    engine.begin().await.unwrap().commit().await.unwrap();
    engine.read().await.unwrap().query("SELECT 1", vec![]).await.unwrap();
}

#[tokio::test]
async fn an_endless_statement_is_interrupted() {
    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                           SELECT MAX(i) FROM n";
    let folder = TempDir::new().unwrap();
    let statement = Duration::from_millis(50);
    let options = SqliteOptions { readers: 1, statement, ..SqliteOptions::default() };
    let engine = with_notes(&folder, options).await;
    for _ in 0..2 {
        let mut reader = engine.read().await.unwrap();
        let error = reader.query(ENDLESS, vec![]).await.unwrap_err();
        assert!(matches!(error, EngineError::Away(_)), "{error:?}");
        drop(reader);
        let mut tx = engine.begin().await.unwrap();
        let error = tx.query(ENDLESS, vec![]).await.unwrap_err();
        assert!(matches!(error, EngineError::Away(_)), "{error:?}");
        assert!(matches!(tx.commit().await, Err(EngineError::Fault(_))));
    }
    add_notes(&engine, 0..1).await.unwrap();
    assert_eq!(count_notes(&engine).await, 1);
}

#[tokio::test]
async fn writers_take_turns_in_order() {
    let folder = TempDir::new().unwrap();
    let engine = Arc::new(with_notes(&folder, SqliteOptions::default()).await);
    let first = engine.begin().await.unwrap();
    let waiting: Vec<_> = (0..20)
        .map(|id| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move { add_notes(&engine, id..id + 1).await.unwrap() })
        })
        .collect();
    // On this one-threaded runtime every task has queued once this one has yielded to all.
    tokio::task::yield_now().await;
    drop(first);
    for task in waiting {
        task.await.unwrap();
    }
    let mut reader = engine.read().await.unwrap();
    let rows = reader.query("SELECT id FROM note ORDER BY rowid", vec![]).await.unwrap();
    let ids: Vec<i64> = rows.iter().map(|row| row.int(0).unwrap()).collect();
    assert_eq!(ids, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn backs_up_while_it_is_written_to() {
    let folder = TempDir::new().unwrap();
    let engine = Arc::new(with_notes(&folder, SqliteOptions::default()).await);
    add_notes(&engine, 0..2_000).await.unwrap();
    let writing = Arc::clone(&engine);
    let writer = tokio::spawn(async move {
        for id in 2_000..2_100 {
            add_notes(&writing, id..id + 1).await.unwrap();
        }
    });
    let target = folder.path().join("copy.db");
    let report = engine.backup_to(&target).await.unwrap();
    assert!(report.bytes > 2_000 * 1_000, "{report:?}");
    writer.await.unwrap();
    assert_eq!(count_notes(&*engine).await, 2_100);

    let error = engine.backup_to(&target).await.unwrap_err();
    assert!(error.to_string().contains("there already"), "{error}");
    let copy = SqliteEngine::open(&target, SqliteOptions::default()).unwrap();
    let count = count_notes(&copy).await;
    assert!((2_000..=2_100).contains(&count), "one moment of it: {count}");
}

/// Readers that hold an old snapshot keep the log; when they let go, it is emptied.
#[tokio::test]
async fn the_log_is_kept_short() {
    let folder = TempDir::new().unwrap();
    let options = SqliteOptions { checkpoint_pages: 16, ..SqliteOptions::default() };
    let engine = with_notes(&folder, options).await;
    let log = folder.path().join("record.db-wal");
    let log_bytes = || std::fs::metadata(&log).unwrap().len();

    let mut reader = engine.read().await.unwrap();
    assert_eq!(reader.query("SELECT COUNT(*) FROM note", vec![]).await.unwrap().len(), 1);
    for id in 0..40 {
        add_notes(&engine, id * 10..id * 10 + 10).await.unwrap();
    }
    let held = log_bytes();
    assert!(held > 4 * 16 * 4_096, "{held}");
    drop(reader);
    let mut id = 1_000;
    let emptied = async {
        while log_bytes() > held / 2 {
            add_notes(&engine, id..id + 10).await.unwrap();
            id += 10;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), emptied).await.expect("the log is emptied");
    assert_eq!(count_notes(&engine).await, 400 + id - 1_000);
}

/// Without a pause between transactions, the log still starts over.
#[tokio::test]
async fn the_log_is_kept_short_under_load() {
    const WRITERS: i64 = 3;
    const COMMITS: i64 = 600;
    let folder = TempDir::new().unwrap();
    let options = SqliteOptions { checkpoint_pages: 16, ..SqliteOptions::default() };
    let engine = Arc::new(with_notes(&folder, options).await);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                for commit in 0..COMMITS {
                    let first = (writer * COMMITS + commit) * 10;
                    add_notes(&engine, first..first + 10).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let written = (WRITERS * COMMITS * 10 * 1_000) as u64;
    let log = std::fs::metadata(folder.path().join("record.db-wal")).unwrap().len();
    assert!(log < written / 3, "{log} of {written} and more");
    assert_eq!(count_notes(&*engine).await, WRITERS * COMMITS * 10);
}

#[tokio::test]
async fn closed_it_is_one_file() {
    let folder = TempDir::new().unwrap();
    let engine = with_notes(&folder, SqliteOptions::default()).await;
    add_notes(&engine, 0..10).await.unwrap();
    assert!(folder.path().join("record.db-wal").exists());
    engine.close().await.unwrap();
    let names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["record.db"]);
    assert!(matches!(engine.begin().await.map(drop), Err(EngineError::Away(_))));
    assert!(matches!(engine.read().await.map(drop), Err(EngineError::Away(_))));
    assert_eq!(count_notes(&open(&folder, SqliteOptions::default())).await, 10);
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("no such folder").join("record.db");
    let error = SqliteEngine::open(missing, SqliteOptions::default()).unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "not a database, but long enough to be looked at as one".repeat(50))
        .unwrap();
    let error = SqliteEngine::open(text, SqliteOptions::default()).unwrap_err();
    assert!(matches!(error, EngineError::Fault(_)), "{error:?}");
}

#[tokio::test]
async fn floating_point_is_not_read() {
    let folder = TempDir::new().unwrap();
    let engine = open(&folder, SqliteOptions::default());
    let mut reader = engine.read().await.unwrap();
    let error = reader.query("SELECT 1, 0.5", vec![]).await.unwrap_err();
    assert!(matches!(error, EngineError::Decode { column: 1, .. }), "{error:?}");
}

/// A value without a placeholder is a mistake in the program; PostgreSQL would not notice it.
#[tokio::test]
async fn superfluous_values_are_refused() {
    let folder = TempDir::new().unwrap();
    let engine = open(&folder, SqliteOptions::default());
    let mut reader = engine.read().await.unwrap();
    let error = reader.query("SELECT $1", vec![1_i64.into(), 2_i64.into()]).await.unwrap_err();
    assert!(matches!(error, EngineError::Fault(_)), "{error:?}");
}
