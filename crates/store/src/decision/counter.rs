//! What plans count, as stored. Whoever changes a counter holds the owner's head.

use tributary_kernel::{OrganisationId, ProgramId};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup,
};
use crate::list::all;

/// One counter of a program, by the text of its key.
pub type CounterPlace = (OrganisationId, ProgramId, String);

/// What counters stand at; those without a row stand at nothing and are left out.
pub async fn plan_counters(
    conn: &mut dyn Connection,
    keys: &[CounterPlace],
) -> Result<Vec<(CounterPlace, i64)>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "owner_id, program_id, counter_key, value",
        table: "counter",
        keys: &[("owner_id", Bytes), ("program_id", Bytes), ("counter_key", Text)],
        condition: "",
        lock: false,
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys =
        keys.iter().map(|(o, p, k)| vec![(*o).into(), (*p).into(), k.as_str().into()]).collect();
    all(&conn.lookup(&BY_KEY, keys).await?, |row| {
        Ok(((row.id(0)?, row.id(1)?, row.text(2)?.to_owned()), row.int(3)?))
    })
}

/// Adds to counters; a key stands at most once among the items.
pub async fn add_plan_counters(
    conn: &mut dyn Connection,
    items: &[(CounterPlace, i64)],
) -> Result<(), EngineError> {
    static COUNTER: Insert = Insert {
        table: "counter",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("counter_key", Text),
            ("value", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, counter_key) DO UPDATE SET \
                   value = counter.value + excluded.value",
    };
    if items.is_empty() {
        return Ok(());
    }
    let rows = items
        .iter()
        .map(|((o, p, k), add)| vec![(*o).into(), (*p).into(), k.as_str().into(), (*add).into()])
        .collect();
    conn.insert(&COUNTER, rows).await?;
    Ok(())
}

/// Every counter of an owner, in the order of programs and keys: for verify.
pub async fn scan_plan_counters(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: (ProgramId, &str),
    limit: u32,
) -> Result<Vec<(ProgramId, String, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT program_id, counter_key, value FROM counter WHERE owner_id = $1 \
             AND (program_id > $2 OR (program_id = $2 AND counter_key > $3)) \
             ORDER BY program_id, counter_key LIMIT $4",
            vec![owner.into(), after.0.into(), after.1.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.id(0)?, row.text(1)?.to_owned(), row.int(2)?)))
}

/// What an owner's refunds and corrections gave back to counters, as it is stored: for verify.
pub async fn counted_by_adjustments(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<(ProgramId, String)>, EngineError> {
    let rows = conn
        .query(
            "SELECT c.program_id, a.counted FROM adjustment a JOIN conversion c \
             ON c.owner_id = a.owner_id AND c.id = a.conversion_id \
             WHERE a.owner_id = $1 AND a.counted IS NOT NULL",
            vec![owner.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.id(0)?, row.text(1)?.to_owned())))
}
