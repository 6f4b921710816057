//! How programs give credit: versions of their policies, never changed.

use tributary_kernel::{OrganisationId, ProgramId, Timestamp};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row, Value};
use crate::list::all;

/// One version, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPolicy {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// 1, 2, …
    pub version: u32,
    /// From when it holds. Of several that hold at a moment the highest version decides.
    pub effective_from: Timestamp,
    /// JSON.
    pub policy: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

macro_rules! columns {
    () => {
        "owner_id, program_id, version, effective_from, policy, created_at, created_by"
    };
}

fn read(row: &Row) -> Result<StoredPolicy, EngineError> {
    Ok(StoredPolicy {
        owner: row.id(0)?,
        program: row.id(1)?,
        version: row.u32(2)?,
        effective_from: row.timestamp(3)?,
        policy: row.text(4)?.to_owned(),
        created_at: row.timestamp(5)?,
        created_by: row.text(6)?.to_owned(),
    })
}

/// Adds a version.
pub async fn insert(conn: &mut dyn Connection, it: &StoredPolicy) -> Result<(), EngineError> {
    conn.execute(
        concat!("INSERT INTO attribution (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        vec![
            it.owner.into(),
            it.program.into(),
            it.version.into(),
            it.effective_from.into(),
            it.policy.as_str().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// All versions of programs, oldest first. A program has few.
pub async fn versions(
    conn: &mut dyn Connection,
    programs: &[(OrganisationId, ProgramId)],
) -> Result<Vec<StoredPolicy>, EngineError> {
    static OF_PROGRAM: Lookup = Lookup {
        select: columns!(),
        table: "attribution",
        keys: &[("owner_id", Kind::Bytes), ("program_id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = programs.iter().map(|(o, p)| vec![Value::from(*o), Value::from(*p)]).collect();
    let mut found = all(&conn.lookup(&OF_PROGRAM, keys).await?, read)?;
    found.sort_by_key(|it| (it.program, it.version));
    Ok(found)
}

/// Queues another decision of a program's conversions since a moment that are neither declined nor
/// given back. Returns how many.
pub async fn queue_since(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    since: Timestamp,
    at: Timestamp,
) -> Result<u64, EngineError> {
    conn.execute(
        "INSERT INTO redecision (owner_id, conversion_id, queued_at) \
         SELECT owner_id, id, $4 FROM conversion \
         WHERE owner_id = $1 AND program_id = $2 AND occurred_at >= $3 \
         AND status IN ('pending', 'uncredited', 'held', 'approved') \
         ON CONFLICT (owner_id, conversion_id) DO NOTHING",
        vec![owner.into(), program.into(), since.into(), at.into()],
    )
    .await
}
