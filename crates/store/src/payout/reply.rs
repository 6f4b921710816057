//! Files in which banks answered.

use tributary_kernel::{BankReplyId, OrganisationId, PayoutId, Timestamp, text_enum};

use super::{PAYOUT, StoredPayout, payout_columns, read_payout};
use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all, first};

text_enum! {
    /// Which kind of file.
    pub enum BankReplyKind {
        /// `pain.002`.
        StatusReport = "status_report",
        /// `camt.053`.
        Statement = "statement",
    }
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBankReply {
    /// Its id.
    pub id: BankReplyId,
    /// Whose.
    pub owner: OrganisationId,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
    /// Which kind.
    pub kind: BankReplyKind,
    /// What the person's machine called it.
    pub name: String,
    /// The bank's id of it.
    pub bank_id: String,
    /// What it says of payouts: JSON of the use case.
    pub reading: String,
    /// When it was given.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// By whom (opaque).
    pub confirmed_by: Option<String>,
}

const REPLY: &str = "SELECT id, owner_id, hash, kind, name, bank_id, reading, created_at, \
     created_by, confirmed_at, confirmed_by FROM bank_reply";

fn read_reply(row: &Row) -> Result<StoredBankReply, EngineError> {
    Ok(StoredBankReply {
        id: row.id(0)?,
        owner: row.id(1)?,
        hash: row.array(2)?,
        kind: row.parse(3)?,
        name: row.text(4)?.to_owned(),
        bank_id: row.text(5)?.to_owned(),
        reading: row.text(6)?.to_owned(),
        created_at: row.timestamp(7)?,
        created_by: row.text(8)?.to_owned(),
        confirmed_at: row.timestamp_or_null(9)?,
        confirmed_by: row.text_or_null(10)?.map(str::to_owned),
    })
}

/// Adds a file, or what became of it.
pub async fn put_bank_reply(
    conn: &mut dyn Connection,
    it: &StoredBankReply,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO bank_reply (id, owner_id, hash, kind, name, bank_id, reading, created_at, \
         created_by, confirmed_at, confirmed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (owner_id, id) DO UPDATE SET reading = excluded.reading, \
         confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by",
        vec![
            it.id.into(),
            it.owner.into(),
            it.hash.into(),
            it.kind.as_str().into(),
            it.name.as_str().into(),
            it.bank_id.as_str().into(),
            it.reading.as_str().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
            it.confirmed_at.into(),
            it.confirmed_by.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// A file of an owner.
pub async fn find_bank_reply(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: BankReplyId,
) -> Result<Option<StoredBankReply>, EngineError> {
    let select = Select::new(REPLY).and("owner_id = ?", [owner.into()]).and("id = ?", [id.into()]);
    first(&select.run(conn, "").await?, read_reply)
}

/// The same file, when it came before.
pub async fn bank_reply_by_hash(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    hash: [u8; 32],
) -> Result<Option<StoredBankReply>, EngineError> {
    let select =
        Select::new(REPLY).and("owner_id = ?", [owner.into()]).and("hash = ?", [hash.into()]);
    first(&select.run(conn, "").await?, read_reply)
}

/// An owner's files, newest first.
pub async fn list_bank_replies(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredBankReply>, EngineError> {
    Select::new(REPLY).and("owner_id = ?", [owner.into()]).page(conn, page, read_reply).await
}

/// An owner's payouts of these ids, in no stated order.
pub async fn payouts_by_id(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    ids: &[PayoutId],
) -> Result<Vec<StoredPayout>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: payout_columns!(),
        table: "payout",
        keys: &[("owner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|id| vec![owner.into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_payout)
}

/// An owner's payouts that the bank has or will get, oldest first, at most `limit`.
pub async fn payouts_on_their_way(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    limit: u32,
) -> Result<Vec<StoredPayout>, EngineError> {
    let rows = Select::new(PAYOUT)
        .and("owner_id = ?", [owner.into()])
        .and("state IN ('approved', 'sent')", [])
        .run_limited(conn, "ORDER BY id", limit)
        .await?;
    all(&rows, read_payout)
}
