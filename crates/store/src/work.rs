//! Lists that managers and partners work through, and the sums over the rollup.

use tributary_directory::Viewer;
use tributary_kernel::{
    CommissionId, ConversionId, LinkId, LocalDate, OrganisationId, PartnerId, PayoutId, ProgramId,
    Timestamp,
};
use tributary_money::Currency;

use crate::decision::{
    AdjustmentKind, CommissionState, ConversionStatus, StoredCommission, StoredConversion,
    commission_columns, conversion_columns, read_commission, read_conversion, take_commission,
    take_conversion,
};
use crate::engine::{Connection, EngineError};
use crate::list::{Page, PageRequest, Select, all, first};

/// Which conversions to list.
#[derive(Debug, Clone, Default)]
pub struct ConversionFilter {
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Credited to one partner.
    pub partner: Option<PartnerId>,
    /// In one status.
    pub status: Option<ConversionStatus>,
    /// Of one type.
    pub kind: Option<String>,
    /// With this order id.
    pub business_key: Option<String>,
    /// Occurred at or after.
    pub from: Option<Timestamp>,
    /// Occurred before.
    pub until: Option<Timestamp>,
}

/// Conversions a viewer may see, newest first. A partner sees those it was credited for.
pub async fn list_conversions(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &ConversionFilter,
    page: PageRequest,
) -> Result<Page<StoredConversion>, EngineError> {
    let select = Select::new(concat!("SELECT ", conversion_columns!(), " FROM conversion"));
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and(CREDITED_TO, [partner.into()]),
    };
    select
        .and_if("program_id = ?", filter.program)
        .and_if(CREDITED_TO, filter.partner)
        .and_if("status = ?", filter.status.map(ConversionStatus::as_str))
        .and_if("type = ?", filter.kind.as_deref())
        .and_if("business_key = ?", filter.business_key.as_deref())
        .and_if("occurred_at >= ?", filter.from)
        .and_if("occurred_at < ?", filter.until)
        .page(conn, page, read_conversion)
        .await
}

const CREDITED_TO: &str = "EXISTS (SELECT 1 FROM commission m WHERE \
    m.owner_id = conversion.owner_id AND m.conversion_id = conversion.id AND m.partner_id = ?)";

/// One conversion a viewer may see.
pub async fn find_conversion(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: ConversionId,
) -> Result<Option<StoredConversion>, EngineError> {
    let select = Select::new(concat!("SELECT ", conversion_columns!(), " FROM conversion"));
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and(CREDITED_TO, [partner.into()]),
    };
    let rows = select.and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_conversion)
}

/// Which commissions to list.
#[derive(Debug, Clone, Default)]
pub struct CommissionFilter {
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Of one partner.
    pub partner: Option<PartnerId>,
    /// In one state.
    pub state: Option<CommissionState>,
    /// In one payout.
    pub payout: Option<PayoutId>,
    /// Whose hold ended at or before.
    pub due_by: Option<Timestamp>,
    /// Occurred at or after.
    pub from: Option<Timestamp>,
    /// Occurred before.
    pub until: Option<Timestamp>,
}

fn commissions_seen_by(viewer: Viewer) -> Select {
    let select = Select::new(concat!("SELECT ", commission_columns!(), " FROM commission"));
    match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    }
}

/// Commissions a viewer may see, newest first.
pub async fn list_commissions(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &CommissionFilter,
    page: PageRequest,
) -> Result<Page<StoredCommission>, EngineError> {
    commissions_seen_by(viewer)
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .and_if("state = ?", filter.state.map(CommissionState::as_str))
        .and_if("payout_id = ?", filter.payout)
        .and_if("due_at <= ?", filter.due_by)
        .and_if("occurred_at >= ?", filter.from)
        .and_if("occurred_at < ?", filter.until)
        .page(conn, page, read_commission)
        .await
}

/// One commission a viewer may see.
pub async fn find_commission(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: CommissionId,
) -> Result<Option<StoredCommission>, EngineError> {
    let rows = commissions_seen_by(viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_commission)
}

/// Real commissions of a program in a state whose hold ended, oldest due first, at most `limit`.
pub async fn due_commissions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    state: CommissionState,
    due_by: Timestamp,
    limit: u32,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND state = $2 AND due_at <= $3 \
                 AND program_id = $4 AND test = 0 ORDER BY due_at, id LIMIT $5"
            ),
            vec![owner.into(), state.as_str().into(), due_by.into(), program.into(), limit.into()],
        )
        .await?;
    all(&rows, read_commission)
}

/// The most that [`count_in_state`] and [`count_waiting`] count to.
pub const COUNTED_MAX: i64 = 10_000;

/// How many real commissions a viewer may see in a state, counted to [`COUNTED_MAX`] + 1.
pub async fn count_in_state(
    conn: &mut dyn Connection,
    viewer: Viewer,
    program: Option<ProgramId>,
    state: CommissionState,
) -> Result<i64, EngineError> {
    let select = Select::new("SELECT COUNT(*) FROM (SELECT id FROM commission");
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let rows = select
        .and("state = ?", [state.as_str().into()])
        .and("test = 0", [])
        .and_if("program_id = ?", program)
        .run(conn, "LIMIT 10001) AS found")
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// How many facts of an owner wait in quarantine, counted to [`COUNTED_MAX`] + 1.
pub async fn count_waiting(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: Option<ProgramId>,
) -> Result<i64, EngineError> {
    let rows = Select::new("SELECT COUNT(*) FROM (SELECT id FROM quarantine")
        .and("owner_id = ?", [owner.into()])
        .and("status = 'waiting'", [])
        .and_if("program_id = ?", program)
        .run(conn, "LIMIT 10001) AS found")
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// Every commission of an owner after an id, in order: for verify.
pub async fn scan_commissions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
            ),
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    rows.into_iter().map(take_commission).collect()
}

/// Every conversion of an owner after an id, in order: for verify.
pub async fn scan_conversions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredConversion>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                conversion_columns!(),
                " FROM conversion WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
            ),
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    rows.into_iter().map(take_conversion).collect()
}

/// One row of the daily rollup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyRow {
    /// Of which program.
    pub program: ProgramId,
    /// The program's day.
    pub day: LocalDate,
    /// In which currency.
    pub currency: Currency,
    /// Whose doing; zero bytes: nobody's.
    pub partner: PartnerId,
    /// Through which link; zero bytes: none.
    pub link: LinkId,
    /// Conversion type.
    pub event: String,
    /// `conversion` for the conversions themselves, else a commission's state.
    pub state: String,
    /// How many.
    pub conversions: i64,
    /// Gross amount.
    pub amount: i64,
    /// Commission.
    pub commission: i64,
}

/// Which part of the rollup.
#[derive(Debug, Clone, Copy)]
pub struct DailyFilter {
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub to: LocalDate,
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Of one partner.
    pub partner: Option<PartnerId>,
}

/// Most rows of the rollup that one report reads; a longer range is refused with advice.
pub const DAILY_ROWS_MAX: usize = 500_000;

/// The rollup's rows in a range, for a viewer.
pub async fn daily(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: DailyFilter,
) -> Result<Vec<DailyRow>, EngineError> {
    let select = Select::new(
        "SELECT program_id, local_day, currency, partner_id, link_id, event, state, conversions, \
         amount, commission FROM daily",
    );
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let rows = select
        .and("local_day >= ?", [filter.from.into()])
        .and("local_day <= ?", [filter.to.into()])
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .run(conn, "ORDER BY local_day LIMIT 500001")
        .await?;
    all(&rows, read_daily)
}

fn read_daily(row: &crate::engine::Row) -> Result<DailyRow, EngineError> {
    Ok(DailyRow {
        program: row.id(0)?,
        day: row.date(1)?,
        currency: row.parse(2)?,
        partner: row.id(3)?,
        link: row.id(4)?,
        event: row.text(5)?.to_owned(),
        state: row.text(6)?.to_owned(),
        conversions: row.int(7)?,
        amount: row.int(8)?,
        commission: row.int(9)?,
    })
}

/// An owner's rows of the rollup after a row, in the order of their key: for verify.
pub async fn scan_daily(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: Option<&DailyRow>,
    limit: u32,
) -> Result<Vec<DailyRow>, EngineError> {
    let select = Select::new(
        "SELECT program_id, local_day, currency, partner_id, link_id, event, state, conversions, \
         amount, commission FROM daily",
    )
    .and("owner_id = ?", [owner.into()]);
    let select = match after {
        None => select,
        Some(it) => select.and(
            "(program_id, local_day, currency, partner_id, link_id, event, state) > \
             (?, ?, ?, ?, ?, ?, ?)",
            [
                it.program.into(),
                it.day.into(),
                it.currency.code().into(),
                it.partner.into(),
                it.link.into(),
                it.event.as_str().into(),
                it.state.as_str().into(),
            ],
        ),
    };
    let rows = select
        .run_limited(
            conn,
            "ORDER BY program_id, local_day, currency, partner_id, link_id, event, state",
            limit,
        )
        .await?;
    all(&rows, read_daily)
}

/// What adjustments say of conversions: kind, amount and place in the order of booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdjustedAmount {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Why.
    pub kind: AdjustmentKind,
    /// Given back; of a correction, the right amount.
    pub amount: i64,
    /// Its place.
    pub booked_seq: i64,
}

/// The adjustments of an owner's conversions after an id up to another, in the order of conversion
/// and booking: for verify.
pub async fn scan_adjusted_amounts(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    last: ConversionId,
) -> Result<Vec<AdjustedAmount>, EngineError> {
    let rows = conn
        .query(
            "SELECT conversion_id, kind, amount, booked_seq FROM adjustment WHERE owner_id = $1 \
             AND conversion_id > $2 AND conversion_id <= $3 ORDER BY conversion_id, booked_seq",
            vec![owner.into(), after.into(), last.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(AdjustedAmount {
            conversion: row.id(0)?,
            kind: row.parse(1)?,
            amount: row.int(2)?,
            booked_seq: row.int(3)?,
        })
    })
}

/// An owner's commissions of conversions after an id up to another, in the order of conversion and
/// booking: for verify, which reads conversions in that order.
pub async fn scan_commissions_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    last: ConversionId,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND conversion_id > $2 \
                 AND conversion_id <= $3 ORDER BY conversion_id"
            ),
            vec![owner.into(), after.into(), last.into()],
        )
        .await?;
    let found: Result<Vec<_>, _> = rows.into_iter().map(take_commission).collect();
    let mut found = found?;
    found.sort_by_key(|it| (it.conversion, it.booked_seq, it.id));
    Ok(found)
}

/// How many commissions an owner has.
pub async fn count_commissions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<i64, EngineError> {
    let rows = conn
        .query("SELECT COUNT(*) FROM commission WHERE owner_id = $1", vec![owner.into()])
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// An owner's counts of what came in, by UTC day and outcome.
pub async fn intake_by_day(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<(LocalDate, String, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT utc_day, outcome, count FROM intake WHERE owner_id = $1 \
             ORDER BY utc_day, outcome LIMIT 1000000",
            vec![owner.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.date(0)?, row.text(1)?.to_owned(), row.int(2)?)))
}

/// Queues conversions for another decision after a late touch.
pub async fn queue_redecision(
    conn: &mut dyn Connection,
    items: &[(OrganisationId, ConversionId)],
    at: Timestamp,
) -> Result<(), EngineError> {
    use crate::engine::{
        Insert,
        Kind::{Bytes, Int},
    };
    static QUEUE: Insert = Insert {
        table: "redecision",
        columns: &[("owner_id", Bytes), ("conversion_id", Bytes), ("queued_at", Int)],
        conflict: "ON CONFLICT (owner_id, conversion_id) DO NOTHING",
    };
    let rows = items.iter().map(|(o, id)| vec![(*o).into(), (*id).into(), at.into()]).collect();
    conn.insert(&QUEUE, rows).await?;
    Ok(())
}

/// The oldest queued conversions.
pub async fn queued_redecisions(
    conn: &mut dyn Connection,
    limit: u32,
) -> Result<Vec<(OrganisationId, ConversionId)>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, conversion_id FROM redecision ORDER BY queued_at, conversion_id \
             LIMIT $1",
            vec![limit.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.id(0)?, row.id(1)?)))
}

/// Takes a conversion out of the queue.
pub async fn unqueue_redecision(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversion: ConversionId,
) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM redecision WHERE owner_id = $1 AND conversion_id = $2",
        vec![owner.into(), conversion.into()],
    )
    .await?;
    Ok(())
}

/// Conversions of any owner that were reported with one of these clicks and are not settled: a
/// late touch may change them.
pub async fn open_conversions_with_clicks(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
) -> Result<Vec<(OrganisationId, ConversionId)>, EngineError> {
    use crate::engine::{Kind, Lookup};
    static BY_CLICK: Lookup = Lookup {
        select: "owner_id, id",
        table: "conversion",
        keys: &[("click_id", Kind::Bytes)],
        condition: "status IN ('pending', 'uncredited', 'held')",
        lock: false,
    };
    let keys = clicks.iter().map(|click| vec![(*click).into()]).collect();
    all(&conn.lookup(&BY_CLICK, keys).await?, |row| Ok((row.id(0)?, row.id(1)?)))
}

/// A conversion that is not settled, with the click it was reported with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenConversion {
    /// That click.
    pub click: [u8; 16],
    /// Whose.
    pub owner: OrganisationId,
    /// Which.
    pub id: ConversionId,
    /// The journey as copied at the decision.
    pub journey: String,
}

fn read_open(row: &crate::engine::Row) -> Result<OpenConversion, EngineError> {
    Ok(OpenConversion {
        click: row.array(0)?,
        owner: row.id(1)?,
        id: row.id(2)?,
        journey: row.text(3)?.to_owned(),
    })
}

/// Conversions of any owner that are not settled and were reported with a click id from `first` to
/// `last`, both included, in the order of click, owner and id, after the place given.
pub async fn open_conversions_between_clicks(
    conn: &mut dyn Connection,
    first: [u8; 16],
    last: [u8; 16],
    after: Option<&OpenConversion>,
    limit: u32,
) -> Result<Vec<OpenConversion>, EngineError> {
    let (click, owner, id) = after.map_or(([0; 16], [0; 16], [0; 16]), |it| {
        (it.click, *it.owner.as_bytes(), *it.id.as_bytes())
    });
    let rows = conn
        .query(
            "SELECT click_id, owner_id, id, journey FROM conversion \
             WHERE click_id >= $1 AND click_id <= $2 AND (click_id, owner_id, id) > ($3, $4, $5) \
             AND status IN ('pending', 'uncredited', 'held') \
             ORDER BY click_id, owner_id, id LIMIT $6",
            vec![
                first.max(click).into(),
                last.into(),
                click.into(),
                owner.into(),
                id.into(),
                limit.into(),
            ],
        )
        .await?;
    all(&rows, read_open)
}

/// An owner's conversions that are not settled, after an id, in order; `click` is the id of those
/// that were reported without one.
pub async fn open_conversions_after(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: ConversionId,
    limit: u32,
) -> Result<Vec<OpenConversion>, EngineError> {
    let rows = conn
        .query(
            "SELECT COALESCE(click_id, id), owner_id, id, journey FROM conversion \
             WHERE owner_id = $1 AND id > $2 AND status IN ('pending', 'uncredited', 'held') \
             ORDER BY id LIMIT $3",
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    all(&rows, read_open)
}

/// As [`open_conversions_between_clicks`], of single clicks.
pub async fn open_conversions_of_clicks(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
) -> Result<Vec<OpenConversion>, EngineError> {
    use crate::engine::{Kind, Lookup};
    static BY_CLICK: Lookup = Lookup {
        select: "click_id, owner_id, id, journey",
        table: "conversion",
        keys: &[("click_id", Kind::Bytes)],
        condition: "status IN ('pending', 'uncredited', 'held')",
        lock: false,
    };
    let keys = clicks.iter().map(|click| vec![(*click).into()]).collect();
    all(&conn.lookup(&BY_CLICK, keys).await?, read_open)
}
