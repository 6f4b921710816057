//! Transfers, balances, the tree's nodes and signed heads of one ledger per owner.

use tributary_directory::Viewer;
use tributary_kernel::{OrganisationId, PartnerId, ProgramId, Timestamp, TransferId};
use tributary_money::Currency;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Value,
};
use crate::list::{Select, all, first};

/// A transfer as stored: canonical bytes, and what finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTransfer {
    /// Whose ledger.
    pub owner: OrganisationId,
    /// Its place, from 0; the leaf's index in the tree.
    pub seq: i64,
    /// Its id.
    pub id: TransferId,
    /// Name of the movement.
    pub kind: String,
    /// What it is about: bytes of a commission's or payout's id.
    pub subject: [u8; 16],
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The truth.
    pub canonical: Vec<u8>,
}

/// Appends transfers.
pub async fn insert_transfers(
    conn: &mut dyn Connection,
    items: &[StoredTransfer],
) -> Result<(), EngineError> {
    static TRANSFER: Insert = Insert {
        table: "transfer",
        columns: &[
            ("owner_id", Bytes),
            ("seq", Int),
            ("id", Bytes),
            ("kind", Text),
            ("subject_id", Bytes),
            ("booked_at", Int),
            ("canonical", Bytes),
        ],
        conflict: "",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.seq.into(),
                it.id.into(),
                it.kind.as_str().into(),
                it.subject.into(),
                it.booked_at.into(),
                it.canonical.clone().into(),
            ]
        })
        .collect();
    conn.insert(&TRANSFER, rows).await?;
    Ok(())
}

macro_rules! transfer_columns {
    () => {
        "owner_id, seq, id, kind, subject_id, booked_at, canonical"
    };
}

fn read_transfer(row: &crate::engine::Row) -> Result<StoredTransfer, EngineError> {
    Ok(StoredTransfer {
        owner: row.id(0)?,
        seq: row.int(1)?,
        id: row.id(2)?,
        kind: row.text(3)?.to_owned(),
        subject: row.array(4)?,
        booked_at: row.timestamp(5)?,
        canonical: row.bytes(6)?.to_vec(),
    })
}

/// An owner's transfers from a place on, in order, at most `limit`.
pub async fn transfers_from(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    from_seq: i64,
    limit: u32,
) -> Result<Vec<StoredTransfer>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                transfer_columns!(),
                " FROM transfer WHERE owner_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3"
            ),
            vec![owner.into(), from_seq.into(), limit.into()],
        )
        .await?;
    all(&rows, read_transfer)
}

/// The transfers about subjects, in no stated order.
pub async fn transfers_about(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    subjects: &[[u8; 16]],
) -> Result<Vec<StoredTransfer>, EngineError> {
    static ABOUT: Lookup = Lookup {
        select: transfer_columns!(),
        table: "transfer",
        keys: &[("owner_id", Bytes), ("subject_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = subjects.iter().map(|subject| vec![owner.into(), (*subject).into()]).collect();
    all(&conn.lookup(&ABOUT, keys).await?, read_transfer)
}

/// What is added to an account's balance; the account is opened when it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDelta {
    /// Whose ledger.
    pub owner: OrganisationId,
    /// The account's derived id.
    pub id: [u8; 16],
    /// Its kind, as text.
    pub kind: String,
    /// Of which program.
    pub program: Option<ProgramId>,
    /// Of which partner.
    pub partner: Option<PartnerId>,
    /// In which currency.
    pub currency: Currency,
    /// Debit positive.
    pub amount: i64,
}

/// Moves balances; deltas of one account must have been summed.
pub async fn add_balances(
    conn: &mut dyn Connection,
    items: &[AccountDelta],
) -> Result<(), EngineError> {
    static ACCOUNT: Insert = Insert {
        table: "ledger_account",
        columns: &[
            ("owner_id", Bytes),
            ("id", Bytes),
            ("kind", Text),
            ("program_id", Bytes),
            ("partner_id", Bytes),
            ("currency", Text),
            ("balance", Int),
        ],
        conflict: "ON CONFLICT (owner_id, id) DO UPDATE SET \
                   balance = ledger_account.balance + excluded.balance",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.id.into(),
                it.kind.as_str().into(),
                it.program.into(),
                it.partner.into(),
                it.currency.code().into(),
                it.amount.into(),
            ]
        })
        .collect();
    conn.insert(&ACCOUNT, rows).await?;
    Ok(())
}

/// An account with its balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountBalance {
    /// Whose ledger.
    pub owner: OrganisationId,
    /// The account's derived id.
    pub id: [u8; 16],
    /// Its kind, as text.
    pub kind: String,
    /// Of which program.
    pub program: Option<ProgramId>,
    /// Of which partner.
    pub partner: Option<PartnerId>,
    /// In which currency.
    pub currency: Currency,
    /// Debit positive.
    pub balance: i64,
}

macro_rules! account_columns {
    () => {
        "owner_id, id, kind, program_id, partner_id, currency, balance"
    };
}

fn read_account(row: &crate::engine::Row) -> Result<AccountBalance, EngineError> {
    Ok(AccountBalance {
        owner: row.id(0)?,
        id: row.array(1)?,
        kind: row.text(2)?.to_owned(),
        program: row.id_or_null(3)?,
        partner: row.id_or_null(4)?,
        currency: row.parse(5)?,
        balance: row.int(6)?,
    })
}

/// An owner's accounts from an id on, in order, at most `limit`.
pub async fn accounts_from(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: &[u8],
    limit: u32,
) -> Result<Vec<AccountBalance>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                account_columns!(),
                " FROM ledger_account WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
            ),
            vec![owner.into(), after.to_vec().into(), limit.into()],
        )
        .await?;
    all(&rows, read_account)
}

/// A partner's accounts with all owners; a partner has few.
pub async fn accounts_of_partner(
    conn: &mut dyn Connection,
    partner: PartnerId,
) -> Result<Vec<AccountBalance>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                account_columns!(),
                " FROM ledger_account WHERE partner_id = $1 ORDER BY owner_id, id LIMIT 10000"
            ),
            vec![partner.into()],
        )
        .await?;
    all(&rows, read_account)
}

/// Balances of a kind of account, summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummedBalance {
    /// The kind of the accounts, as text.
    pub kind: String,
    /// Their currency.
    pub currency: Currency,
    /// Debit positive.
    pub balance: i64,
}

/// What a viewer's accounts come to by kind and currency, of one program or all.
pub async fn summed_balances(
    conn: &mut dyn Connection,
    viewer: Viewer,
    program: Option<ProgramId>,
) -> Result<Vec<SummedBalance>, EngineError> {
    let select =
        Select::new("SELECT kind, currency, CAST(SUM(balance) AS BIGINT) FROM ledger_account");
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let rows = select
        .and_if("program_id = ?", program)
        .run(conn, "GROUP BY kind, currency ORDER BY kind, currency")
        .await?;
    all(&rows, |row| {
        Ok(SummedBalance {
            kind: row.text(0)?.to_owned(),
            currency: row.parse(1)?,
            balance: row.int(2)?,
        })
    })
}

/// A complete subtree's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeNode {
    /// Height above the leaves.
    pub level: u32,
    /// Place among its level's nodes, from 0.
    pub position: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Keeps complete subtrees.
pub async fn insert_nodes(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    nodes: &[TreeNode],
) -> Result<(), EngineError> {
    static NODE: Insert = Insert {
        table: "tree_node",
        columns: &[("owner_id", Bytes), ("level", Int), ("position", Int), ("hash", Bytes)],
        conflict: "",
    };
    let rows = nodes
        .iter()
        .map(|it| vec![owner.into(), it.level.into(), it.position.into(), it.hash.into()])
        .collect();
    conn.insert(&NODE, rows).await?;
    Ok(())
}

/// Kept subtrees by place; those not kept are left out.
pub async fn nodes(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    places: &[(u32, i64)],
) -> Result<Vec<TreeNode>, EngineError> {
    static BY_PLACE: Lookup = Lookup {
        select: "level, position, hash",
        table: "tree_node",
        keys: &[("owner_id", Bytes), ("level", Int), ("position", Int)],
        condition: "",
        lock: false,
    };
    let keys = places
        .iter()
        .map(|(level, position)| {
            vec![Value::from(owner), Value::from(*level), Value::from(*position)]
        })
        .collect();
    all(&conn.lookup(&BY_PLACE, keys).await?, |row| {
        Ok(TreeNode { level: row.u32(0)?, position: row.int(1)?, hash: row.array(2)? })
    })
}

/// How many subtrees are kept of an owner.
pub async fn count_nodes(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<i64, EngineError> {
    let rows = conn
        .query("SELECT COUNT(*) FROM tree_node WHERE owner_id = $1", vec![owner.into()])
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeadRow {
    /// Leaves under it.
    pub size: i64,
    /// Its root.
    pub root: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// Which key.
    pub key_id: [u8; 8],
    /// Ed25519.
    pub signature: Vec<u8>,
}

/// Keeps a signed head; one per size is enough.
pub async fn put_signed_head(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    it: &SignedHeadRow,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO signed_head (owner_id, size, root, at, key_id, signature) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (owner_id, size) DO NOTHING",
        vec![
            owner.into(),
            it.size.into(),
            it.root.into(),
            it.at.into(),
            it.key_id.into(),
            it.signature.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// An owner's signed heads by size, at most `limit`, from `from_size` on.
pub async fn signed_heads_from(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    from_size: i64,
    limit: u32,
) -> Result<Vec<SignedHeadRow>, EngineError> {
    let rows = conn
        .query(
            "SELECT size, root, at, key_id, signature FROM signed_head \
             WHERE owner_id = $1 AND size >= $2 ORDER BY size LIMIT $3",
            vec![owner.into(), from_size.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(SignedHeadRow {
            size: row.int(0)?,
            root: row.array(1)?,
            at: row.timestamp(2)?,
            key_id: row.array(3)?,
            signature: row.bytes(4)?.to_vec(),
        })
    })
}

/// The newest signed head of an owner.
pub async fn latest_signed_head(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<SignedHeadRow>, EngineError> {
    let rows = conn
        .query(
            "SELECT size, root, at, key_id, signature FROM signed_head \
             WHERE owner_id = $1 ORDER BY size DESC LIMIT 1",
            vec![owner.into()],
        )
        .await?;
    first(&rows, |row| {
        Ok(SignedHeadRow {
            size: row.int(0)?,
            root: row.array(1)?,
            at: row.timestamp(2)?,
            key_id: row.array(3)?,
            signature: row.bytes(4)?.to_vec(),
        })
    })
}
