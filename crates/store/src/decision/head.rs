//! The heads of an owner's series, and the one lock.

use tributary_kernel::OrganisationId;

use crate::engine::{Connection, EngineError, Kind::Bytes, Lookup, Row, Value};
use crate::list::{all, first};

/// The heads of an owner's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerHead {
    /// Whose.
    pub owner: OrganisationId,
    /// Conversions and adjustments booked so far.
    pub booked_seq: i64,
    /// Transfers so far: the size of the tree.
    pub transfer_seq: i64,
    /// Events so far.
    pub outbox_seq: i64,
    /// The tree's right edge, in the ledger's form.
    pub frontier: Vec<u8>,
}

fn read_head(row: &Row) -> Result<OwnerHead, EngineError> {
    Ok(OwnerHead {
        owner: row.id(0)?,
        booked_seq: row.int(1)?,
        transfer_seq: row.int(2)?,
        outbox_seq: row.int(3)?,
        frontier: row.bytes(4)?.to_vec(),
    })
}

/// Locks owners' heads, in the order of the owners. The first thing a decision does.
pub async fn lock_heads_in(
    conn: &mut dyn Connection,
    owners: &[OrganisationId],
) -> Result<Vec<OwnerHead>, EngineError> {
    static LOCK: Lookup = Lookup {
        select: "owner_id, booked_seq, transfer_seq, outbox_seq, frontier",
        table: "owner_head",
        keys: &[("owner_id", Bytes)],
        condition: "",
        lock: true,
    };
    let keys = owners.iter().map(|owner| vec![Value::from(*owner)]).collect();
    all(&conn.lookup(&LOCK, keys).await?, read_head)
}

/// An owner's head, without a lock.
pub async fn head(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<OwnerHead>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, booked_seq, transfer_seq, outbox_seq, frontier FROM owner_head \
             WHERE owner_id = $1",
            vec![owner.into()],
        )
        .await?;
    first(&rows, read_head)
}

/// Moves a locked head forward.
pub async fn put_head_in(conn: &mut dyn Connection, it: &OwnerHead) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE owner_head SET booked_seq = $2, transfer_seq = $3, outbox_seq = $4, frontier = $5 \
         WHERE owner_id = $1",
        vec![
            it.owner.into(),
            it.booked_seq.into(),
            it.transfer_seq.into(),
            it.outbox_seq.into(),
            it.frontier.clone().into(),
        ],
    )
    .await?;
    Ok(())
}
