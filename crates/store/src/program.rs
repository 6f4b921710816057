//! Programs and their plans.

use tributary_directory::{Program, ProgramTerms, Viewer};
use tributary_kernel::{OrganisationId, PlanId, ProgramId, Timestamp};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row, Value};
use crate::list::{Page, PageRequest, Select, all, first, json, to_json};

macro_rules! columns {
    () => {
        "id, owner_id, public_key, mode, name, currency, time_zone, status, consent_mode, \
         consent_basis, landing_url, fallback_url, allowed_domains, link_parameters, \
         click_parameter, cookie_domain, window_days, coupon_over_click, hold_days, \
         approve_after_hold, payout_minimum, payout_day, created_at, live_at"
    };
}

fn read(row: &Row) -> Result<Program, EngineError> {
    Ok(Program {
        id: row.id(0)?,
        owner: row.id(1)?,
        public_key: row.text(2)?.to_owned(),
        mode: row.parse(3)?,
        terms: ProgramTerms {
            name: row.text(4)?.to_owned(),
            currency: row.parse(5)?,
            time_zone: row.text(6)?.to_owned(),
            status: row.parse(7)?,
            consent_mode: row.parse(8)?,
            consent_basis: row.text_or_null(9)?.map(str::to_owned),
            landing_url: row.text(10)?.to_owned(),
            fallback_url: row.text_or_null(11)?.map(str::to_owned),
            allowed_domains: json(row, 12)?,
            link_parameters: json(row, 13)?,
            click_parameter: row.text(14)?.to_owned(),
            cookie_domain: row.text_or_null(15)?.map(str::to_owned),
            window_days: row.u32(16)?,
            coupon_over_click: row.bool(17)?,
            hold_days: row.u32(18)?,
            approve_after_hold: row.bool(19)?,
            payout_minimum: row.int(20)?,
            payout_day: row.u32(21)?,
        },
        created_at: row.timestamp(22)?,
        live_at: row.timestamp_or_null(23)?,
    })
}

fn values(it: &Program) -> Vec<Value> {
    let terms = &it.terms;
    vec![
        it.id.into(),
        it.owner.into(),
        it.public_key.as_str().into(),
        it.mode.as_str().into(),
        terms.name.as_str().into(),
        terms.currency.code().into(),
        terms.time_zone.as_str().into(),
        terms.status.as_str().into(),
        terms.consent_mode.as_str().into(),
        terms.consent_basis.as_deref().into(),
        terms.landing_url.as_str().into(),
        terms.fallback_url.as_deref().into(),
        to_json(&terms.allowed_domains),
        to_json(&terms.link_parameters),
        terms.click_parameter.as_str().into(),
        terms.cookie_domain.as_deref().into(),
        terms.window_days.into(),
        terms.coupon_over_click.into(),
        terms.hold_days.into(),
        terms.approve_after_hold.into(),
        terms.payout_minimum.into(),
        terms.payout_day.into(),
        it.created_at.into(),
        it.live_at.into(),
    ]
}

/// Adds a program, or replaces its terms and mode; its currency, owner and key never change.
pub async fn put(conn: &mut dyn Connection, it: &Program) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO program (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23, $24) ON CONFLICT (owner_id, id) DO UPDATE SET \
             mode = excluded.mode, live_at = excluded.live_at, name = excluded.name, time_zone = excluded.time_zone, \
             status = excluded.status, consent_mode = excluded.consent_mode, \
             consent_basis = excluded.consent_basis, landing_url = excluded.landing_url, \
             fallback_url = excluded.fallback_url, allowed_domains = excluded.allowed_domains, \
             link_parameters = excluded.link_parameters, \
             click_parameter = excluded.click_parameter, cookie_domain = excluded.cookie_domain, \
             window_days = excluded.window_days, coupon_over_click = excluded.coupon_over_click, \
             hold_days = excluded.hold_days, approve_after_hold = excluded.approve_after_hold, \
             payout_minimum = excluded.payout_minimum, payout_day = excluded.payout_day"
        ),
        values(it),
    )
    .await?;
    Ok(())
}

/// A program as its owner, or as a partner with a partnership in it, may see it.
pub async fn find(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: ProgramId,
) -> Result<Option<Program>, EngineError> {
    let rows = match viewer {
        Viewer::Owner(owner) => {
            conn.query(
                concat!("SELECT ", columns!(), " FROM program WHERE owner_id = $1 AND id = $2"),
                vec![owner.into(), id.into()],
            )
            .await?
        }
        Viewer::Partner(partner) => {
            conn.query(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM program WHERE id = $2 AND EXISTS (SELECT 1 FROM partnership s \
                     WHERE s.partner_id = $1 AND s.program_id = program.id)"
                ),
                vec![partner.into(), id.into()],
            )
            .await?
        }
    };
    first(&rows, read)
}

/// Programs a viewer may see, newest first.
pub async fn list(
    conn: &mut dyn Connection,
    viewer: Viewer,
    page: PageRequest,
) -> Result<Page<Program>, EngineError> {
    let select = Select::new(concat!("SELECT ", columns!(), " FROM program"));
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and(
            "id IN (SELECT s.program_id FROM partnership s WHERE s.partner_id = ?)",
            [partner.into()],
        ),
    };
    select.page(conn, page, read).await
}

/// Every program of the installation after an id, in order: for the snapshot.
pub async fn scan(
    conn: &mut dyn Connection,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<Program>, EngineError> {
    let rows = conn
        .query(
            concat!("SELECT ", columns!(), " FROM program WHERE id > $1 ORDER BY id LIMIT $2"),
            vec![after.into(), limit.into()],
        )
        .await?;
    all(&rows, read)
}

/// Programs by id, whoever owns them: for the snapshot and for decisions.
pub async fn by_ids(
    conn: &mut dyn Connection,
    ids: &[ProgramId],
) -> Result<Vec<Program>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: columns!(),
        table: "program",
        keys: &[("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|id| vec![Value::from(*id)]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read)
}

/// An owner's program, locked until the transaction ends: of two who change it one waits, and then
/// changes what the other has left.
pub async fn lock_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: ProgramId,
) -> Result<Option<Program>, EngineError> {
    static LOCKED: Lookup = Lookup {
        select: columns!(),
        table: "program",
        keys: &[("owner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: true,
    };
    first(&conn.lookup(&LOCKED, vec![vec![owner.into(), id.into()]]).await?, read)
}

/// One version of a program's plan, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlan {
    /// Its id.
    pub id: PlanId,
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// 1, 2, …
    pub version: u32,
    /// From when it holds.
    pub effective_from: Timestamp,
    /// Canonical JSON.
    pub document: String,
    /// SHA-256 of the canonical JSON.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

macro_rules! plan_columns {
    () => {
        "id, owner_id, program_id, version, effective_from, document, hash, created_at, created_by"
    };
}

fn read_plan(row: &Row) -> Result<StoredPlan, EngineError> {
    Ok(StoredPlan {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        version: row.u32(3)?,
        effective_from: row.timestamp(4)?,
        document: row.text(5)?.to_owned(),
        hash: row.array(6)?,
        created_at: row.timestamp(7)?,
        created_by: row.text(8)?.to_owned(),
    })
}

/// Adds a version. Plans are never changed.
pub async fn insert_plan(conn: &mut dyn Connection, it: &StoredPlan) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO plan (",
            plan_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.version.into(),
            it.effective_from.into(),
            it.document.as_str().into(),
            it.hash.into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// All versions of programs' plans, oldest first. A program has few.
pub async fn plans(
    conn: &mut dyn Connection,
    programs: &[(OrganisationId, ProgramId)],
) -> Result<Vec<StoredPlan>, EngineError> {
    static OF_PROGRAM: Lookup = Lookup {
        select: plan_columns!(),
        table: "plan",
        keys: &[("owner_id", Kind::Bytes), ("program_id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = programs.iter().map(|(o, p)| vec![Value::from(*o), Value::from(*p)]).collect();
    let mut plans = all(&conn.lookup(&OF_PROGRAM, keys).await?, read_plan)?;
    plans.sort_by_key(|plan| (plan.program, plan.version));
    Ok(plans)
}

/// Versions of plans by id, of one owner each.
pub async fn plans_by_id(
    conn: &mut dyn Connection,
    ids: &[(OrganisationId, PlanId)],
) -> Result<Vec<StoredPlan>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: plan_columns!(),
        table: "plan",
        keys: &[("owner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|(o, id)| vec![Value::from(*o), Value::from(*id)]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_plan)
}
