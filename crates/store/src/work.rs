//! Conversions and commissions that managers and partners work through.

use tributary_directory::Viewer;
use tributary_kernel::{
    CommissionId, ConversionId, OrganisationId, PartnerId, PayoutId, ProgramId, Timestamp,
};

use crate::decision::{
    CommissionState, ConversionStatus, MANUAL_EVENT, StoredCommission, StoredConversion,
    commission_columns, conversion_columns, read_commission, read_conversion,
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

/// Conversions a viewer may see, newest first. A partner sees those it was credited for. What only
/// carries an amount that a person gave is none.
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
        .and("type <> ?", [MANUAL_EVENT.into()])
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

/// How many real commissions a viewer may see in a state, of conversions since `from`, and their
/// amounts in all.
pub async fn sum_in_state(
    conn: &mut dyn Connection,
    viewer: Viewer,
    program: ProgramId,
    state: CommissionState,
    from: Timestamp,
) -> Result<(i64, i64), EngineError> {
    let select =
        Select::new("SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM commission");
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let rows = select
        .and("state = ?", [state.as_str().into()])
        .and("test = 0", [])
        .and("program_id = ?", [program.into()])
        .and("occurred_at >= ?", [from.into()])
        .run(conn, "")
        .await?;
    Ok(first(&rows, |row| Ok((row.int(0)?, row.int(1)?)))?.unwrap_or_default())
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
