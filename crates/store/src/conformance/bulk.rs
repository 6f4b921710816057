//! Bulk inserts and look-ups.

use super::{execute, ints, number};
use crate::engine::{Engine, EngineError, Insert, Kind, Lookup, Row, Value};

const KEY_COLUMNS: &[(&str, Kind)] =
    &[("owner", Kind::Bytes), ("name", Kind::Text), ("n", Kind::Int), ("note", Kind::Text)];

static PLAIN: Insert = Insert { table: "scratch_key", columns: KEY_COLUMNS, conflict: "" };

static KEEP: Insert = Insert {
    table: "scratch_key",
    columns: KEY_COLUMNS,
    conflict: "ON CONFLICT (owner, name) DO NOTHING",
};

static ADD: Insert = Insert {
    table: "scratch_key",
    columns: KEY_COLUMNS,
    conflict: "ON CONFLICT (owner, name) DO UPDATE SET n = scratch_key.n + excluded.n",
};

const KEYS: &[(&str, Kind)] = &[("owner", Kind::Bytes), ("name", Kind::Text)];

static BY_KEY: Lookup = Lookup {
    select: "n, name, note",
    table: "scratch_key",
    keys: KEYS,
    condition: "",
    lock: false,
};

static LOCKED: Lookup =
    Lookup { select: "n, name, note", table: "scratch_key", keys: KEYS, condition: "", lock: true };

static WITH_NOTE: Lookup = Lookup {
    select: "n, name, note",
    table: "scratch_key",
    keys: KEYS,
    condition: "note IS NOT NULL OR n = 3",
    lock: false,
};

static BY_OWNER: Lookup = Lookup {
    select: "n",
    table: "scratch_key",
    keys: &[("owner", Kind::Bytes)],
    condition: "",
    lock: true,
};

static BY_NUMBER: Lookup = Lookup {
    select: "n, name",
    table: "scratch_key",
    keys: &[("n", Kind::Int)],
    condition: "",
    lock: false,
};

pub(super) async fn run(engine: &dyn Engine) -> Result<(), EngineError> {
    conflicts(engine).await?;
    lookups(engine).await?;
    a_thousand(engine).await?;
    wrong_shapes(engine).await
}

fn row(owner: u8, name: &str, n: i64, note: Option<&str>) -> Vec<Value> {
    vec![vec![owner].into(), name.into(), n.into(), note.into()]
}

fn key(owner: u8, name: &str) -> Vec<Value> {
    vec![vec![owner].into(), name.into()]
}

fn names(rows: &[Row]) -> Result<Vec<&str>, EngineError> {
    rows.iter().map(|row| row.text(1)).collect()
}

async fn conflicts(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    assert_eq!(tx.insert(&PLAIN, vec![]).await?, 0, "no rows");
    assert_eq!(tx.insert(&PLAIN, vec![row(1, "a", 1, None), row(1, "b", 2, None)]).await?, 2);
    let rows = || vec![row(1, "a", 10, None), row(1, "c", 30, None)];
    assert_eq!(tx.insert(&KEEP, rows()).await?, 1, "the one that was not there");
    assert_eq!(tx.insert(&ADD, rows()).await?, 2, "both updated");
    let found = tx.lookup(&BY_KEY, vec![key(1, "a"), key(1, "b"), key(1, "c")]).await?;
    assert_eq!(ints(&found, 0)?, [11, 2, 60]);
    let error = tx.insert(&PLAIN, rows()).await.map(drop);
    assert!(matches!(error, Err(EngineError::Constraint { .. })), "{error:?}");
    Ok(())
}

async fn lookups(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    let rows = vec![
        row(2, "å", 4, None),
        row(1, "b", 2, Some("two")),
        row(1, "B", 3, None),
        row(1, "a", 1, None),
        row(9, "a", 9, Some("nine")),
    ];
    tx.insert(&PLAIN, rows).await?;

    for lookup in [&BY_KEY, &LOCKED] {
        assert!(tx.lookup(lookup, vec![]).await?.is_empty(), "no keys, no rows");
        assert!(tx.lookup(lookup, vec![key(3, "a")]).await?.is_empty(), "a missing key is no row");
        let null = vec![vec![1_u8].into(), Value::Text(None)];
        assert!(tx.lookup(lookup, vec![null]).await?.is_empty(), "NULL equals nothing");
        let keys = vec![
            key(2, "å"),
            key(1, "b"),
            key(7, "missing"),
            key(1, "a"),
            key(1, "b"),
            key(1, "B"),
            key(1, "b"),
        ];
        let found = tx.lookup(lookup, keys).await?;
        assert_eq!(names(&found)?, ["B", "a", "b", "å"], "each once, in byte order of the keys");
        assert_eq!(found[2].text_or_null(2)?, Some("two"));
        assert_eq!(found[3].text_or_null(2)?, None);
    }

    let all = vec![key(2, "å"), key(1, "b"), key(1, "B"), key(1, "a"), key(9, "a")];
    let found = tx.lookup(&WITH_NOTE, all).await?;
    assert_eq!(ints(&found, 0)?, [3, 2, 9], "the condition is one, whatever OR it contains");

    let found =
        tx.lookup(&BY_OWNER, vec![vec![vec![1_u8].into()], vec![vec![1_u8].into()]]).await?;
    let mut of_owner = ints(&found, 0)?;
    of_owner.sort_unstable();
    assert_eq!(of_owner, [1, 2, 3], "a key may have several rows");
    Ok(())
}

/// Numbers sort as numbers, and a batch of the largest size works.
async fn a_thousand(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    let rows = (0..1_000).map(|n| row(5, &format!("name {n:04}"), n, None)).collect();
    assert_eq!(tx.insert(&PLAIN, rows).await?, 1_000);
    let keys = (0..1_000).rev().map(|n| key(5, &format!("name {n:04}"))).collect();
    let found = tx.lookup(&LOCKED, keys).await?;
    assert_eq!(ints(&found, 0)?, (0..1_000).collect::<Vec<_>>());
    tx.commit().await?;

    let mut reader = engine.read().await?;
    let keys = (0..2_000).rev().step_by(2).map(|n: i64| vec![n.into()]).collect();
    let found = reader.lookup(&BY_NUMBER, keys).await?;
    assert_eq!(ints(&found, 0)?, (0..1_000).filter(|n| n % 2 == 1).collect::<Vec<_>>());
    drop(reader);
    assert_eq!(execute(engine, "DELETE FROM scratch_key", vec![]).await?, 1_000);
    Ok(())
}

async fn wrong_shapes(engine: &dyn Engine) -> Result<(), EngineError> {
    let short = vec![vec![1_u8].into(), "a".into()];
    let other_kind = vec!["text".into(), "a".into(), 1_i64.into(), Value::Text(None)];
    for wrong in [short, other_kind] {
        let mut tx = engine.begin().await?;
        let error = tx.insert(&PLAIN, vec![row(1, "a", 1, None), wrong]).await.map(drop);
        assert!(matches!(error, Err(EngineError::Fault(_))), "{error:?}");
    }
    for wrong in [vec![vec![1_u8].into()], vec!["text".into(), "a".into()]] {
        let mut tx = engine.begin().await?;
        let error = tx.lookup(&BY_KEY, vec![key(1, "a"), wrong]).await.map(drop);
        assert!(matches!(error, Err(EngineError::Fault(_))), "{error:?}");
    }
    let mut reader = engine.read().await?;
    assert_eq!(number(&mut *reader, "SELECT COUNT(*) FROM scratch_key").await?, 0);
    Ok(())
}
