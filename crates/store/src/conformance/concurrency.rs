//! Many transactions at once over the same rows: no lost update, no deadlock.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use super::number;
use crate::engine::{Engine, EngineError, Insert, Kind, Lookup, Value};

const TASKS: usize = 32;
const ROUNDS: usize = 8;
const COUNTERS: usize = 12;
/// Counters touched by one transaction.
const TOUCHED: usize = 5;

static COUNTER_COLUMNS: &[(&str, Kind)] = &[("id", Kind::Bytes), ("value", Kind::Int)];

static MISSING_FIRST: Insert = Insert {
    table: "scratch_counter",
    columns: COUNTER_COLUMNS,
    conflict: "ON CONFLICT (id) DO NOTHING",
};

static WRITE: Insert = Insert {
    table: "scratch_counter",
    columns: COUNTER_COLUMNS,
    conflict: "ON CONFLICT (id) DO UPDATE SET value = excluded.value",
};

static LOCK: Lookup = Lookup {
    select: "id, value",
    table: "scratch_counter",
    keys: &[("id", Kind::Bytes)],
    condition: "",
    lock: true,
};

pub(super) async fn run(engine: &dyn Engine) -> Result<(), EngineError> {
    let tasks = (0..TASKS).map(|task| async move {
        for round in 0..ROUNDS {
            increment(engine, task, round).await?;
        }
        Ok::<(), EngineError>(())
    });
    for done in join_all(tasks).await {
        done?;
    }
    let mut reader = engine.read().await?;
    let sum =
        number(&mut *reader, "SELECT CAST(SUM(value) AS BIGINT) FROM scratch_counter").await?;
    assert_eq!(sum, (TASKS * ROUNDS * TOUCHED) as i64, "no increment was lost");
    let counters = number(&mut *reader, "SELECT COUNT(*) FROM scratch_counter").await?;
    assert_eq!(counters, COUNTERS as i64);
    Ok(())
}

/// As the decision does it: insert what is missing (sorted), lock what is needed (asked for in an
/// order of the task's own), decide in memory, write (sorted).
async fn increment(engine: &dyn Engine, task: usize, round: usize) -> Result<(), EngineError> {
    let step = [1, 5, 7, 11][task % 4];
    let ids: Vec<u8> = (0..TOUCHED).map(|n| ((task + round + n * step) % COUNTERS) as u8).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();

    let mut tx = engine.begin().await?;
    let zeros = sorted.iter().map(|id| vec![vec![*id].into(), 0_i64.into()]).collect();
    tx.insert(&MISSING_FIRST, zeros).await?;
    let rows = tx.lookup(&LOCK, ids.iter().map(|id| vec![vec![*id].into()]).collect()).await?;
    assert_eq!(rows.len(), TOUCHED);
    let written: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| Ok(vec![row.bytes(0)?.into(), (row.int(1)? + 1).into()]))
        .collect::<Result<_, EngineError>>()?;
    assert_eq!(tx.insert(&WRITE, written).await?, TOUCHED as u64);
    tx.commit().await
}

/// Drives all futures in this task; the parallelism that matters is the database's.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, slot) in running.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
