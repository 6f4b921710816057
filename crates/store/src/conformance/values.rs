//! Values come back as they went in, and errors have their kinds.

use super::{execute, ints, number, refused};
use crate::engine::{Engine, EngineError, Insert, Kind, Value};

static VALUES: Insert = Insert {
    table: "scratch_value",
    columns: &[
        ("id", Kind::Int),
        ("amount", Kind::Int),
        ("label", Kind::Text),
        ("raw", Kind::Bytes),
    ],
    conflict: "",
};

const INSERT: &str = "INSERT INTO scratch_value (id, amount, label, raw) VALUES ($1, $2, $3, $4)";

pub(super) async fn run(engine: &dyn Engine) -> Result<(), EngineError> {
    round_trips(engine).await?;
    placeholders_go_by_number(engine).await?;
    built_queries(engine).await?;
    changed_rows_are_counted(engine).await?;
    returning(engine).await?;
    constraints(engine).await?;
    what_neither_engine_takes(engine).await
}

fn sample_rows() -> Vec<Vec<Value>> {
    let amounts = [Some(0), Some(i64::MIN), Some(i64::MAX), Some(-1), None];
    let labels = [
        Some(""),
        Some("Blåbærgrød, 雪, 🧾, e\u{301}"),
        Some("it's \"quoted\" \\ $1"),
        None,
        Some(" "),
    ];
    let raws = [Some(vec![]), Some(vec![0]), Some((0..=255).collect::<Vec<u8>>()), None, None];
    let rows = (1_i64..).zip(amounts).zip(labels).zip(raws);
    rows.map(|(((id, amount), label), raw)| {
        vec![id.into(), amount.into(), label.into(), raw.into()]
    })
    .collect()
}

async fn stored(engine: &dyn Engine) -> Result<Vec<Vec<Value>>, EngineError> {
    let mut reader = engine.read().await?;
    let sql = "SELECT id, amount, label, raw FROM scratch_value ORDER BY id";
    let rows = reader.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(vec![
                Value::Int(row.int_or_null(0)?),
                Value::Int(row.int_or_null(1)?),
                Value::Text(row.text_or_null(2)?.map(str::to_owned)),
                Value::Bytes(row.bytes_or_null(3)?.map(<[u8]>::to_vec)),
            ])
        })
        .collect()
}

async fn empty(engine: &dyn Engine) -> Result<(), EngineError> {
    execute(engine, "DELETE FROM scratch_value", vec![]).await.map(drop)
}

async fn round_trips(engine: &dyn Engine) -> Result<(), EngineError> {
    let rows = sample_rows();
    let mut tx = engine.begin().await?;
    for row in rows.clone() {
        assert_eq!(tx.execute(INSERT, row).await?, 1);
    }
    tx.commit().await?;
    assert_eq!(stored(engine).await?, rows, "row by row");

    empty(engine).await?;
    let mut tx = engine.begin().await?;
    assert_eq!(tx.insert(&VALUES, rows.clone()).await?, rows.len() as u64);
    tx.commit().await?;
    assert_eq!(stored(engine).await?, rows, "in bulk");
    empty(engine).await
}

/// `$2` is the second value wherever it stands in the text, and may stand there twice.
async fn placeholders_go_by_number(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    let rows = tx
        .query("SELECT $2, $1, $3, $2", vec![7_i64.into(), "seven".into(), vec![7_u8].into()])
        .await?;
    assert_eq!(rows[0].text(0)?, "seven");
    assert_eq!(rows[0].int(1)?, 7);
    assert_eq!(rows[0].bytes(2)?, [7]);
    assert_eq!(rows[0].text(3)?, "seven");
    let eleven: Vec<Value> = (1_i64..=11).map(Value::from).collect();
    let sql = "SELECT $11, $10, $9, $8, $7, $6, $5, $4, $3, $2, $1";
    let rows = tx.query(sql, eleven).await?;
    assert_eq!((rows[0].int(0)?, rows[0].int(1)?, rows[0].int(10)?), (11, 10, 1));
    Ok(())
}

async fn built_queries(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.insert(&VALUES, sample_rows()).await?;
    let mut found = vec![];
    for comparison in ["<", ">="] {
        let sql = format!(
            "SELECT id FROM scratch_value WHERE amount {comparison} $1 ORDER BY id LIMIT $2"
        );
        found.push(ints(&tx.query_built(sql, vec![0_i64.into(), 1_i64.into()]).await?, 0)?);
    }
    assert_eq!(found, [[2], [1]]);
    Ok(())
}

async fn changed_rows_are_counted(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.insert(&VALUES, sample_rows()).await?;
    let update = "UPDATE scratch_value SET label = $1 WHERE id >= $2";
    assert_eq!(tx.execute(update, vec!["x".into(), 4_i64.into()]).await?, 2);
    assert_eq!(tx.execute(update, vec!["x".into(), 99_i64.into()]).await?, 0);
    assert_eq!(tx.execute("DELETE FROM scratch_value", vec![]).await?, 5);
    Ok(())
}

async fn returning(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    let sql = "INSERT INTO scratch_value (id, amount) VALUES ($1, $2), ($3, $2) \
               ON CONFLICT (id) DO NOTHING RETURNING id, amount";
    let values = || vec![1_i64.into(), 5_i64.into(), 2_i64.into()];
    let rows = tx.query(sql, values()).await?;
    assert_eq!((ints(&rows, 0)?, ints(&rows, 1)?), (vec![1, 2], vec![5, 5]));
    assert!(tx.query(sql, values()).await?.is_empty(), "nothing inserted, nothing returned");
    let changed = tx
        .execute(
            "UPDATE scratch_value SET amount = 6 WHERE id = $1 RETURNING id",
            vec![1_i64.into()],
        )
        .await?;
    assert_eq!(changed, 1, "execute counts rows of a statement that also returns them");
    Ok(())
}

async fn constraints(engine: &dyn Engine) -> Result<(), EngineError> {
    execute(engine, "INSERT INTO scratch_value (id) VALUES (1)", vec![]).await?;
    execute(engine, "INSERT INTO scratch_child (id, parent, code) VALUES (1, 1, 'a')", vec![])
        .await?;
    let key = "INSERT INTO scratch_key (owner, name, n) VALUES ($1, 'a', $2)";
    let child = "INSERT INTO scratch_child (id, parent, code) VALUES (2, $1, $2)";
    let cases: [(&str, &'static str, Vec<Value>); 5] = [
        ("primary key", "INSERT INTO scratch_value (id) VALUES (1)", vec![]),
        ("check", key, vec![vec![1_u8].into(), (-1_i64).into()]),
        ("not null", key, vec![Value::Bytes(None), 1_i64.into()]),
        ("foreign key", child, vec![99_i64.into(), "b".into()]),
        ("partial unique index", child, vec![1_i64.into(), "a".into()]),
    ];
    for (case, sql, params) in cases {
        let (_, error) = refused(engine, sql, params).await?;
        let EngineError::Constraint { constraint, detail } = error else {
            panic!("{case}: {error:?} is not a constraint error");
        };
        assert!(!detail.is_empty(), "{case} has the engine's words");
        if case != "foreign key" {
            assert!(
                constraint.contains("scratch_") || constraint.contains("n >= 0"),
                "{constraint}"
            );
        }
    }
    execute(engine, "DELETE FROM scratch_child", vec![]).await?;
    empty(engine).await
}

/// PostgreSQL has no NUL in text, and an engine that quietly took it would make data that cannot
/// move; a statement is one statement; unknown names are faults.
async fn what_neither_engine_takes(engine: &dyn Engine) -> Result<(), EngineError> {
    let label = "INSERT INTO scratch_value (id, label) VALUES ($1, $2)";
    let nul = refused(engine, label, vec![1_i64.into(), "a\0b".into()]).await?.1;
    let two = refused(engine, "DELETE FROM scratch_key; DELETE FROM scratch_key", vec![]).await?.1;
    let unknown = refused(engine, "DELETE FROM scratch_unknown", vec![]).await?.1;
    let short = refused(engine, label, vec![1_i64.into()]).await?.1;
    for (case, error) in [
        ("NUL in text", nul),
        ("two statements", two),
        ("unknown table", unknown),
        ("too few values", short),
    ] {
        assert!(matches!(error, EngineError::Fault(_)), "{case}: {error:?}");
    }
    let mut reader = engine.read().await?;
    assert_eq!(number(&mut *reader, "SELECT COUNT(*) FROM scratch_value").await?, 0);
    Ok(())
}
