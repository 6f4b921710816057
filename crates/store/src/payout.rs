//! Bank details, payout runs, payouts and the files made for banks.

use tributary_directory::Viewer;
use tributary_kernel::{
    BankDetailId, LocalDate, OrganisationId, PartnerId, PayoutId, PayoutRunId, ProgramId,
    Timestamp, text_enum,
};
use tributary_money::{Currency, Money};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all, first};

mod owed;

pub use owed::{
    AmountLeft, DueAmount, PartnerOwed, approved_amounts, commissions_of_payout,
    conversion_references, live_payouts_of, partners_owed, pending_by_due, reversed_amounts,
};

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

text_enum! {
    /// Where a payout run stands.
    pub enum RunState {
        /// Approved: payouts exist, the bank file can be downloaded.
        Approved = "approved",
        /// The bank has it.
        Sent = "sent",
        /// Taken back before it was sent.
        Cancelled = "cancelled",
    }
}

/// A run that made payouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// Its id.
    pub id: PayoutRunId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// In which currency.
    pub currency: Currency,
    /// Where it stands.
    pub state: RunState,
    /// The day the bank is asked to pay.
    pub pay_on: LocalDate,
    /// When it was approved.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

fn read_run(row: &Row) -> Result<StoredRun, EngineError> {
    Ok(StoredRun {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        currency: row.parse(3)?,
        state: row.parse(4)?,
        pay_on: row.date(5)?,
        created_at: row.timestamp(6)?,
        created_by: row.text(7)?.to_owned(),
    })
}

const RUN: &str = "SELECT id, owner_id, program_id, currency, state, pay_on, created_at, \
     created_by FROM payout_run";

/// Adds a run, or changes its state.
pub async fn put_run(conn: &mut dyn Connection, it: &StoredRun) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO payout_run (id, owner_id, program_id, currency, state, pay_on, created_at, \
         created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (owner_id, id) DO UPDATE SET state = excluded.state",
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.currency.code().into(),
            it.state.as_str().into(),
            it.pay_on.into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// A run of an owner.
pub async fn find_run(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<Option<StoredRun>, EngineError> {
    let rows = Select::new(RUN)
        .and("owner_id = ?", [owner.into()])
        .and("id = ?", [id.into()])
        .run(conn, "")
        .await?;
    first(&rows, read_run)
}

/// An owner's runs, newest first.
pub async fn list_runs(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: Option<ProgramId>,
    page: PageRequest,
) -> Result<Page<StoredRun>, EngineError> {
    Select::new(RUN)
        .and("owner_id = ?", [owner.into()])
        .and_if("program_id = ?", program)
        .page(conn, page, read_run)
        .await
}

/// What the payouts of a run come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunTotal {
    /// Which run.
    pub run: PayoutRunId,
    /// Payouts in it.
    pub payouts: i64,
    /// Their sum, minor units of the run's currency.
    pub amount: i64,
    /// Of these, how many the bank has executed.
    pub paid: i64,
    /// And how many came back.
    pub returned: i64,
}

/// The totals of an owner's runs with an id from `first` to `last`, both included; at most 200.
pub async fn run_totals(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    first: PayoutRunId,
    last: PayoutRunId,
) -> Result<Vec<RunTotal>, EngineError> {
    let rows = conn
        .query(
            "SELECT run_id, COUNT(*), CAST(SUM(amount) AS BIGINT), \
             CAST(SUM(CASE WHEN state = 'paid' THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN state = 'returned' THEN 1 ELSE 0 END) AS BIGINT) FROM payout \
             WHERE owner_id = $1 AND run_id >= $2 AND run_id <= $3 \
             GROUP BY run_id ORDER BY run_id LIMIT 200",
            vec![owner.into(), first.into(), last.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(RunTotal {
            run: row.id(0)?,
            payouts: row.int(1)?,
            amount: row.int(2)?,
            paid: row.int(3)?,
            returned: row.int(4)?,
        })
    })
}

text_enum! {
    /// Where a payout stands.
    pub enum PayoutState {
        /// In an approved run.
        Approved = "approved",
        /// The bank has it.
        Sent = "sent",
        /// Confirmed.
        Paid = "paid",
        /// It came back.
        Returned = "returned",
        /// Taken back before it was sent.
        Cancelled = "cancelled",
    }
}

/// Money sent to one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPayout {
    /// Its id; the bank's end-to-end id.
    pub id: PayoutId,
    /// Who pays.
    pub owner: OrganisationId,
    /// In which run.
    pub run: PayoutRunId,
    /// For which program.
    pub program: ProgramId,
    /// To whom.
    pub partner: PartnerId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: PayoutState,
    /// To which bank details.
    pub bank_detail: BankDetailId,
    /// Those, masked.
    pub shown: String,
    /// The statement: canonical JSON of the payout crate.
    pub statement: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
}

const PAYOUT: &str = "SELECT id, owner_id, run_id, program_id, partner_id, currency, amount, \
     state, bank_detail_id, shown, statement, created_at, paid_at FROM payout";

fn read_payout(row: &Row) -> Result<StoredPayout, EngineError> {
    Ok(StoredPayout {
        id: row.id(0)?,
        owner: row.id(1)?,
        run: row.id(2)?,
        program: row.id(3)?,
        partner: row.id(4)?,
        amount: Money::new(row.int(6)?, row.parse(5)?),
        state: row.parse(7)?,
        bank_detail: row.id(8)?,
        shown: row.text(9)?.to_owned(),
        statement: row.text(10)?.to_owned(),
        created_at: row.timestamp(11)?,
        paid_at: row.timestamp_or_null(12)?,
    })
}

/// Adds a payout, or changes its state and day of payment.
pub async fn put_payout(conn: &mut dyn Connection, it: &StoredPayout) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO payout (id, owner_id, run_id, program_id, partner_id, currency, amount, \
         state, bank_detail_id, shown, statement, created_at, paid_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (owner_id, id) DO UPDATE SET state = excluded.state, \
         paid_at = excluded.paid_at",
        vec![
            it.id.into(),
            it.owner.into(),
            it.run.into(),
            it.program.into(),
            it.partner.into(),
            it.amount.currency.code().into(),
            it.amount.minor.into(),
            it.state.as_str().into(),
            it.bank_detail.into(),
            it.shown.as_str().into(),
            it.statement.as_str().into(),
            it.created_at.into(),
            it.paid_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Which payouts to list.
#[derive(Debug, Clone, Default)]
pub struct PayoutFilter {
    /// Of one run.
    pub run: Option<PayoutRunId>,
    /// Of one program.
    pub program: Option<ProgramId>,
    /// To one partner.
    pub partner: Option<PartnerId>,
    /// In one state.
    pub state: Option<PayoutState>,
}

fn payouts_seen_by(viewer: Viewer) -> Select {
    match viewer {
        Viewer::Owner(owner) => Select::new(PAYOUT).and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => Select::new(PAYOUT)
            .and("partner_id = ?", [partner.into()])
            .and("state <> 'cancelled'", []),
    }
}

/// Payouts a viewer may see, newest first.
pub async fn list_payouts(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &PayoutFilter,
    page: PageRequest,
) -> Result<Page<StoredPayout>, EngineError> {
    payouts_seen_by(viewer)
        .and_if("run_id = ?", filter.run)
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .and_if("state = ?", filter.state.map(PayoutState::as_str))
        .page(conn, page, read_payout)
        .await
}

/// All payouts of a run, oldest first; a run has at most 10,000.
pub async fn payouts_of_run(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<Vec<StoredPayout>, EngineError> {
    let rows = Select::new(PAYOUT)
        .and("owner_id = ?", [owner.into()])
        .and("run_id = ?", [run.into()])
        .run(conn, "ORDER BY id LIMIT 10000")
        .await?;
    all(&rows, read_payout)
}

/// One payout a viewer may see.
pub async fn find_payout(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: PayoutId,
) -> Result<Option<StoredPayout>, EngineError> {
    let rows = payouts_seen_by(viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_payout)
}

/// A file made for a bank: written once, hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBankFile {
    /// Whose.
    pub owner: OrganisationId,
    /// For which run.
    pub run: PayoutRunId,
    /// In which profile.
    pub profile: String,
    /// File name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// SHA-256 of them.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
}

/// Keeps a file.
pub async fn insert_bank_file(
    conn: &mut dyn Connection,
    it: &StoredBankFile,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO bank_file (owner_id, run_id, profile, name, content, hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            it.owner.into(),
            it.run.into(),
            it.profile.as_str().into(),
            it.name.as_str().into(),
            it.content.clone().into(),
            it.hash.into(),
            it.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The files of a run.
pub async fn bank_files(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<Vec<StoredBankFile>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, run_id, profile, name, content, hash, created_at FROM bank_file \
             WHERE owner_id = $1 AND run_id = $2 ORDER BY profile LIMIT 20",
            vec![owner.into(), run.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(StoredBankFile {
            owner: row.id(0)?,
            run: row.id(1)?,
            profile: row.text(2)?.to_owned(),
            name: row.text(3)?.to_owned(),
            content: row.bytes(4)?.to_vec(),
            hash: row.array(5)?,
            created_at: row.timestamp(6)?,
        })
    })
}
