//! All or nothing, one snapshot for readers, and calls that are given up half-way.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use super::{execute, number, refused};
use crate::engine::{Engine, EngineError, Insert, Kind};

const COUNT: &str = "SELECT COUNT(*) FROM scratch_value";
const INSERT: &str = "INSERT INTO scratch_value (id) VALUES ($1)";

static VALUES: Insert =
    Insert { table: "scratch_value", columns: &[("id", Kind::Int)], conflict: "" };

pub(super) async fn run(engine: &dyn Engine) -> Result<(), EngineError> {
    dropped_is_rolled_back(engine).await?;
    own_writes_are_seen(engine).await?;
    an_error_dooms_the_transaction(engine).await?;
    a_reader_sees_one_snapshot(engine).await?;
    a_reader_does_not_write(engine).await?;
    given_up_calls_leave_nothing(engine).await
}

async fn count(engine: &dyn Engine) -> Result<i64, EngineError> {
    number(&mut *engine.read().await?, COUNT).await
}

async fn dropped_is_rolled_back(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.execute(INSERT, vec![1_i64.into()]).await?;
    drop(tx);
    assert_eq!(count(engine).await?, 0);
    engine.begin().await?.commit().await?;
    assert_eq!(count(engine).await?, 0, "the next transaction did not inherit it");
    Ok(())
}

async fn own_writes_are_seen(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.execute(INSERT, vec![1_i64.into()]).await?;
    assert_eq!(number(&mut *tx, COUNT).await?, 1);
    assert_eq!(count(engine).await?, 0, "nobody else sees it yet");
    tx.commit().await?;
    assert_eq!(count(engine).await?, 1);
    assert_eq!(execute(engine, "DELETE FROM scratch_value", vec![]).await?, 1);
    Ok(())
}

/// After an error nothing more is done in the transaction, and it cannot be committed.
async fn an_error_dooms_the_transaction(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut tx = engine.begin().await?;
    tx.execute(INSERT, vec![1_i64.into()]).await?;
    assert!(tx.execute(INSERT, vec![1_i64.into()]).await.is_err());
    for attempt in [
        tx.execute(INSERT, vec![2_i64.into()]).await.map(drop),
        tx.query(COUNT, vec![]).await.map(drop),
        tx.insert(&VALUES, vec![vec![3_i64.into()]]).await.map(drop),
        tx.commit().await,
    ] {
        assert!(matches!(attempt, Err(EngineError::Fault(_))), "{attempt:?}");
    }
    assert_eq!(count(engine).await?, 0);

    let mut tx = engine.begin().await?;
    let rows = vec![vec![1_i64.into()], vec![2_i64.into()], vec![1_i64.into()]];
    assert!(matches!(tx.insert(&VALUES, rows).await, Err(EngineError::Constraint { .. })));
    assert!(tx.commit().await.is_err());
    assert_eq!(count(engine).await?, 0, "no part of a bulk insert stays");
    Ok(())
}

async fn a_reader_sees_one_snapshot(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut reader = engine.read().await?;
    assert_eq!(number(&mut *reader, COUNT).await?, 0);
    execute(engine, INSERT, vec![1_i64.into()]).await?;
    assert_eq!(number(&mut *reader, COUNT).await?, 0, "its snapshot is from its first query");
    assert_eq!(count(engine).await?, 1, "a new reader sees the present");
    drop(reader);
    execute(engine, "DELETE FROM scratch_value", vec![]).await?;
    assert_eq!(count(engine).await?, 0, "a released reader keeps nothing");
    Ok(())
}

async fn a_reader_does_not_write(engine: &dyn Engine) -> Result<(), EngineError> {
    let mut reader = engine.read().await?;
    let attempt = reader.execute(INSERT, vec![1_i64.into()]).await;
    assert!(matches!(attempt, Err(EngineError::Fault(_))), "{attempt:?}");
    drop(reader);
    let mut reader = engine.read().await?;
    let attempt = reader.insert(&VALUES, vec![vec![1_i64.into()]]).await;
    assert!(matches!(attempt, Err(EngineError::Fault(_))), "{attempt:?}");
    drop(reader);
    assert_eq!(count(engine).await?, 0);
    Ok(())
}

/// A caller that goes away (a request cut off) leaves no lock and no half transaction.
async fn given_up_calls_leave_nothing(engine: &dyn Engine) -> Result<(), EngineError> {
    poll_once(engine.begin()).await;
    let mut tx = engine.begin().await?;
    poll_once(tx.execute(INSERT, vec![1_i64.into()])).await;
    drop(tx);
    let mut reader = engine.read().await?;
    poll_once(reader.query(COUNT, vec![])).await;
    drop(reader);
    poll_once(engine.read()).await;

    let mut tx = engine.begin().await?;
    assert_eq!(number(&mut *tx, COUNT).await?, 0);
    tx.execute(INSERT, vec![1_i64.into()]).await?;
    poll_once(tx.commit()).await;
    // The commit was given up after it was sent: it either happened whole or not at all, and the
    // database goes on either way.
    let (tx, _) = refused(engine, "DELETE FROM scratch_unknown", vec![]).await?;
    drop(tx);
    execute(engine, "DELETE FROM scratch_value", vec![]).await?;
    assert_eq!(count(engine).await?, 0);
    Ok(())
}

async fn poll_once<F: Future>(future: F) {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _ = future.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}
