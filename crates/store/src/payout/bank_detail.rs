//! Partners' bank details, one row per version.

use tributary_kernel::{BankDetailId, OrganisationId, PartnerId, Timestamp, text_enum};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::all;

text_enum! {
    /// Whether bank details may be paid to.
    pub enum BankDetailState {
        /// Given, waits for a second look.
        Held = "held",
        /// In use.
        Active = "active",
        /// Newer ones took their place.
        Replaced = "replaced",
        /// Refused at the second look.
        Refused = "refused",
    }
}

/// A partner's bank details, one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBankDetail {
    /// Its id.
    pub id: BankDetailId,
    /// Whose.
    pub partner: PartnerId,
    /// Whether it may be paid to.
    pub state: BankDetailState,
    /// The details, sealed with the master key.
    pub sealed: Vec<u8>,
    /// Masked form, for pages.
    pub shown: String,
    /// When it was given.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
    /// When it was looked at.
    pub settled_at: Option<Timestamp>,
}

macro_rules! bank_columns {
    () => {
        "id, partner_id, state, sealed, shown, created_at, created_by, settled_at"
    };
}

fn read_bank(row: &Row) -> Result<StoredBankDetail, EngineError> {
    Ok(StoredBankDetail {
        id: row.id(0)?,
        partner: row.id(1)?,
        state: row.parse(2)?,
        sealed: row.bytes(3)?.to_vec(),
        shown: row.text(4)?.to_owned(),
        created_at: row.timestamp(5)?,
        created_by: row.text(6)?.to_owned(),
        settled_at: row.timestamp_or_null(7)?,
    })
}

/// Adds bank details.
pub async fn insert_bank_detail(
    conn: &mut dyn Connection,
    it: &StoredBankDetail,
) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO bank_detail (",
            bank_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        vec![
            it.id.into(),
            it.partner.into(),
            it.state.as_str().into(),
            it.sealed.clone().into(),
            it.shown.as_str().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
            it.settled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Moves bank details from one state to another; `false` when they were not in it.
pub async fn move_bank_detail(
    conn: &mut dyn Connection,
    partner: PartnerId,
    id: BankDetailId,
    from: BankDetailState,
    to: BankDetailState,
    at: Timestamp,
    by: &str,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            "UPDATE bank_detail SET state = $4, settled_at = $5, settled_by = $6 \
             WHERE partner_id = $1 AND id = $2 AND state = $3",
            vec![
                partner.into(),
                id.into(),
                from.as_str().into(),
                to.as_str().into(),
                at.into(),
                by.into(),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Bank details of partners that are in use or wait.
pub async fn bank_details(
    conn: &mut dyn Connection,
    partners: &[PartnerId],
) -> Result<Vec<StoredBankDetail>, EngineError> {
    static OF_PARTNER: Lookup = Lookup {
        select: bank_columns!(),
        table: "bank_detail",
        keys: &[("partner_id", Kind::Bytes)],
        condition: "state IN ('held', 'active')",
        lock: false,
    };
    let keys = partners.iter().map(|id| vec![(*id).into()]).collect();
    let mut found = all(&conn.lookup(&OF_PARTNER, keys).await?, read_bank)?;
    found.sort_by_key(|it| it.id);
    Ok(found)
}

/// Bank details of partners by id, in whatever state.
pub async fn bank_details_by_id(
    conn: &mut dyn Connection,
    ids: &[(PartnerId, BankDetailId)],
) -> Result<Vec<StoredBankDetail>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: bank_columns!(),
        table: "bank_detail",
        keys: &[("partner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|(partner, id)| vec![(*partner).into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_bank)
}

/// Whether a partner ever gave bank details or was in a payout that was not cancelled.
pub async fn is_known_payee(
    conn: &mut dyn Connection,
    partner: PartnerId,
) -> Result<bool, EngineError> {
    let given = conn
        .query("SELECT id FROM bank_detail WHERE partner_id = $1 LIMIT 1", vec![partner.into()])
        .await?;
    let paid = conn
        .query(
            "SELECT id FROM payout WHERE partner_id = $1 AND state <> 'cancelled' LIMIT 1",
            vec![partner.into()],
        )
        .await?;
    Ok(!given.is_empty() || !paid.is_empty())
}

/// Details that wait for a second look, of partners with a partnership of this owner, oldest
/// first, at most 200.
pub async fn held_bank_details(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<StoredBankDetail>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                bank_columns!(),
                " FROM bank_detail WHERE state = 'held' AND partner_id IN \
                 (SELECT p.partner_id FROM partnership p WHERE p.owner_id = $1) \
                 ORDER BY id LIMIT 200"
            ),
            vec![owner.into()],
        )
        .await?;
    all(&rows, read_bank)
}
