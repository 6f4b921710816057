//! Bank details, payout runs, payouts and the files made for banks.

use std::collections::HashMap;

use tributary_directory::Viewer;
use tributary_kernel::{
    BankDetailId, LocalDate, OrganisationId, PartnerId, PayoutId, PayoutRunId, ProgramId,
    Timestamp, text_enum,
};
use tributary_money::{Currency, Money};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all, first};

mod bank_detail;
mod owed;
mod reply;

pub use bank_detail::{
    BankDetailState, StoredBankDetail, bank_details, bank_details_by_id, held_bank_details,
    insert_bank_detail, is_known_payee, move_bank_detail,
};
pub use owed::{
    AmountLeft, DueAmount, PartnerOwed, approved_amounts, commissions_of_payout,
    conversion_references, last_live_payout_at, live_payouts_of, partners_owed, pending_by_due,
    reversed_amounts,
};

pub use reply::{
    BankReplyKind, StoredBankReply, bank_reply_by_hash, find_bank_reply, list_bank_replies,
    payouts_by_id, payouts_on_their_way, put_bank_reply,
};

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
    /// What the bank told of it.
    pub bank: ToldByBank,
}

/// What a bank told of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldByBank {
    /// Its own reference of it.
    pub reference: Option<String>,
    /// Why it was refused or sent back: a code of ISO 20022; empty when the bank gave none.
    pub code: Option<String>,
    /// And its words.
    pub text: Option<String>,
}

macro_rules! payout_columns {
    () => {
        "id, owner_id, run_id, program_id, partner_id, currency, amount, state, bank_detail_id, \
         shown, statement, created_at, paid_at, bank_reference, bank_code, bank_text"
    };
}
use payout_columns;

const PAYOUT: &str = concat!("SELECT ", payout_columns!(), " FROM payout");

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
        bank: ToldByBank {
            reference: row.text_or_null(13)?.map(str::to_owned),
            code: row.text_or_null(14)?.map(str::to_owned),
            text: row.text_or_null(15)?.map(str::to_owned),
        },
    })
}

/// Adds a payout, or changes its state, day of payment and what the bank told of it.
pub async fn put_payout(conn: &mut dyn Connection, it: &StoredPayout) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO payout (",
            payout_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
             ON CONFLICT (owner_id, id) DO UPDATE SET state = excluded.state, \
             paid_at = excluded.paid_at, bank_reference = excluded.bank_reference, \
             bank_code = excluded.bank_code, bank_text = excluded.bank_text"
        ),
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
            it.bank.reference.as_deref().into(),
            it.bank.code.as_deref().into(),
            it.bank.text.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The days on which the bank is asked to pay, of runs by owner.
pub async fn pay_days(
    conn: &mut dyn Connection,
    runs: &[(OrganisationId, PayoutRunId)],
) -> Result<HashMap<PayoutRunId, LocalDate>, EngineError> {
    static DAYS: Lookup = Lookup {
        select: "id, pay_on",
        table: "payout_run",
        keys: &[("owner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = runs.iter().map(|(owner, run)| vec![(*owner).into(), (*run).into()]).collect();
    let rows = conn.lookup(&DAYS, keys).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.date(1)?))).collect()
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
