//! PostgreSQL as an engine: what the port asks, and what is particular to this one.
#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

use std::time::Duration;

use tributary_store::conformance::{self, Dialect};
use tributary_store::engine::{
    Connection, Engine, EngineError, Insert, Kind, Lookup, MigrationSet, Transaction,
};
use tributary_store_postgres::{PostgresEngine, PostgresOptions, newest_version};
use tributary_testkit::{ServerOptions, ThrowawayPostgres, until, within};

static NOTES: Insert =
    Insert { table: "note", columns: &[("id", Kind::Int), ("text", Kind::Text)], conflict: "" };

static LOCK: Lookup =
    Lookup { select: "id", table: "note", keys: &[("id", Kind::Int)], condition: "", lock: true };

async fn engine(options: PostgresOptions) -> PostgresEngine {
    let url = ThrowawayPostgres::shared().database().await;
    PostgresEngine::connect(&url, options).await.unwrap()
}

/// A table `note (id, text)` with the notes 1 to 10.
async fn make_notes(engine: &PostgresEngine) {
    let mut tx = engine.begin().await.unwrap();
    let table = "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL)";
    tx.execute(table, vec![]).await.unwrap();
    tx.insert(&NOTES, (1..=10).map(|id| vec![id.into(), "x".into()]).collect()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn number(connection: &mut dyn Connection, sql: &'static str) -> Result<i64, EngineError> {
    connection.query(sql, vec![]).await?[0].int(0)
}

async fn lock(tx: &mut Box<dyn Transaction>, id: i64) -> Result<usize, EngineError> {
    Ok(tx.lookup(&LOCK, vec![vec![id.into()]]).await?.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    let engine = engine(PostgresOptions::default()).await;
    conformance::run(&engine, Dialect::Postgres).await.unwrap();
    engine.close().await;
}

/// Few connections, a schema of its own, and a collation whose order is not that of the bytes.
#[tokio::test]
async fn conforms_elsewhere() {
    let icu = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'da'";
    let url = ThrowawayPostgres::shared().database_with(icu).await;
    let schema = Some("tributary_1".to_owned());
    let options = PostgresOptions { connections: 2, schema, ..PostgresOptions::default() };
    let engine = PostgresEngine::connect(&url, options).await.unwrap();
    let mut tx = engine.begin().await.unwrap();
    tx.execute("CREATE SCHEMA tributary_1", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    conformance::run(&engine, Dialect::Postgres).await.unwrap();
}

#[tokio::test]
async fn isolation_is_as_promised() {
    let engine = engine(PostgresOptions::default()).await;
    let mut tx = engine.begin().await.unwrap();
    let mut reader = engine.read().await.unwrap();
    let isolation = "SELECT current_setting('transaction_isolation')";
    let rows = tx.query(isolation, vec![]).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "read committed");
    let rows = reader.query(isolation, vec![]).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "repeatable read");
}

#[tokio::test]
async fn a_sum_must_be_cast() {
    let engine = engine(PostgresOptions::default()).await;
    make_notes(&engine).await;
    let mut reader = engine.read().await.unwrap();
    let sql = "SELECT 1, 2::SMALLINT, TRUE, CAST(SUM(id) AS BIGINT) FROM note";
    let row = reader.query(sql, vec![]).await.unwrap().remove(0);
    let ints: Vec<i64> = (0..4).map(|column| row.int(column).unwrap()).collect();
    assert_eq!(ints, [1, 2, 1, 55]);
    let error = reader.query("SELECT 1, SUM(id) FROM note", vec![]).await.unwrap_err();
    assert!(matches!(error, EngineError::Decode { column: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("NUMERIC: cast it"), "{error}");
}

#[tokio::test]
async fn crossed_locks_are_to_be_retried() {
    let engine = engine(PostgresOptions::default()).await;
    make_notes(&engine).await;
    let (mut one, mut other) = (engine.begin().await.unwrap(), engine.begin().await.unwrap());
    assert_eq!(lock(&mut one, 1).await.unwrap(), 1);
    assert_eq!(lock(&mut other, 2).await.unwrap(), 1);
    let crossed = async {
        // Whoever is told to give way lets go, so that the other gets its lock.
        let first = async {
            let got = lock(&mut one, 2).await;
            drop(one);
            got
        };
        let second = async {
            let got = lock(&mut other, 1).await;
            drop(other);
            got
        };
        tokio::join!(first, second)
    };
    let (one, other) = within(Duration::from_secs(30), "a deadlock's end", crossed).await;
    let lost = [&one, &other].map(|got| matches!(got, Err(EngineError::Retry(_))));
    assert!(lost.contains(&true) && lost.contains(&false), "{one:?} {other:?}");
}

#[tokio::test]
async fn waiting_is_bounded() {
    let options = PostgresOptions {
        connections: 2,
        wait: Duration::from_millis(100),
        statement: Duration::from_millis(300),
        lock: Duration::from_millis(50),
        ..PostgresOptions::default()
    };
    let engine = engine(options).await;
    make_notes(&engine).await;

    let mut holder = engine.begin().await.unwrap();
    lock(&mut holder, 1).await.unwrap();
    let mut waiter = engine.begin().await.unwrap();
    let error = lock(&mut waiter, 1).await.unwrap_err();
    assert!(matches!(error, EngineError::Retry(_)), "{error:?}");
    drop(waiter);

    let mut sleeper = engine.begin().await.unwrap();
    let error = engine.begin().await.map(drop).unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "all connections are taken: {error:?}");
    // A statement that would not end in time: the limit ends it.
    let error = number(&mut *sleeper, "SELECT 1 FROM pg_sleep(60)").await.unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    drop((holder, sleeper));
    let found = until(Duration::from_secs(10), "a free connection", async || {
        number(&mut *engine.read().await.ok()?, "SELECT COUNT(*) FROM note").await.ok()
    });
    assert_eq!(found.await, 10);
}

/// A row that others refer to can be locked while a row that refers to it is inserted.
#[tokio::test]
async fn a_lock_does_not_hold_up_references() {
    let options = PostgresOptions { lock: Duration::from_millis(50), ..PostgresOptions::default() };
    let engine = engine(options).await;
    make_notes(&engine).await;
    let mut tx = engine.begin().await.unwrap();
    let table = "CREATE TABLE remark (note BIGINT NOT NULL REFERENCES note (id))";
    tx.execute(table, vec![]).await.unwrap();
    tx.commit().await.unwrap();

    let mut holder = engine.begin().await.unwrap();
    lock(&mut holder, 1).await.unwrap();
    let mut tx = engine.begin().await.unwrap();
    tx.execute("INSERT INTO remark (note) VALUES (1)", vec![]).await.unwrap();
    let error = tx.execute("UPDATE note SET text = 'y' WHERE id = 1", vec![]).await.unwrap_err();
    assert!(matches!(error, EngineError::Retry(_)), "{error:?}");
}

#[tokio::test]
async fn goes_away_and_comes_back() {
    let server =
        ThrowawayPostgres::start(ServerOptions { fsync: false, ..ServerOptions::default() })
            .unwrap();
    let url = server.database().await;
    let wait = Duration::from_secs(1);
    let options = || PostgresOptions { wait, connections: 4, ..PostgresOptions::default() };
    let engine = PostgresEngine::connect(&url, options()).await.unwrap();
    make_notes(&engine).await;
    // Three connections, of which two lie idle when the server goes.
    let mut tx = engine.begin().await.unwrap();
    drop((engine.begin().await.unwrap(), engine.begin().await.unwrap()));
    tx.execute("DELETE FROM note", vec![]).await.unwrap();
    server.stop().unwrap();

    let error = tx.commit().await.unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    for _ in 0..3 {
        let error = engine.begin().await.map(drop).unwrap_err();
        assert!(matches!(error, EngineError::Away(_)), "{error:?}");
    }
    let error = PostgresEngine::connect(&url, options()).await.unwrap_err();
    assert!(matches!(error, EngineError::Away(_)), "{error:?}");

    server.start_again().unwrap();
    let mut reader = engine.read().await.unwrap();
    assert_eq!(number(&mut *reader, "SELECT COUNT(*) FROM note").await.unwrap(), 10);
    drop(reader);

    // Away and back while nobody looked: idle connections are dead, no call notices.
    drop((engine.begin().await.unwrap(), engine.begin().await.unwrap()));
    server.stop().unwrap();
    server.start_again().unwrap();
    let mut tx = engine.begin().await.unwrap();
    assert_eq!(tx.execute("DELETE FROM note", vec![]).await.unwrap(), 10);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn addresses_and_names_are_checked() {
    for schema in ["Upper", "semi;colon", "", "1st", "sp ace"] {
        let options =
            PostgresOptions { schema: Some(schema.to_owned()), ..PostgresOptions::default() };
        let error = PostgresEngine::connect("postgres://u@localhost/d", options).await.unwrap_err();
        assert!(matches!(error, EngineError::Fault(_)), "{error:?}");
    }
    let error = PostgresEngine::connect("no address", PostgresOptions::default()).await;
    assert!(matches!(error, Err(EngineError::Fault(_))), "{error:?}");
}

#[tokio::test]
async fn the_compiled_migrations_apply_side_by_side() {
    let engine = engine(PostgresOptions::default()).await;
    for folder in [MigrationSet::Record, MigrationSet::Touches] {
        let newest = newest_version(folder);
        let report = engine.migrate(folder).await.unwrap();
        assert_eq!((report.from, report.to), (0, newest));
        let report = engine.migrate(folder).await.unwrap();
        assert_eq!((report.from, report.to), (newest, newest));
        assert_eq!(engine.schema_version(folder).await.unwrap(), newest);
    }
}
