//! The daily rollup: what conversions and commissions come to by program, day, partner and link.

use tributary_directory::Viewer;
use tributary_kernel::{LinkId, LocalDate, OrganisationId, PartnerId, ProgramId};
use tributary_money::Currency;

use crate::engine::{Connection, EngineError};
use crate::list::{Select, all};

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
