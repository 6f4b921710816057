//! Partnerships, links, coupons: who promotes what, and with what.

use tributary_directory::{Coupon, Link, Partnership, PartnershipStatus, Viewer};
use tributary_kernel::{LinkId, OrganisationId, PartnerId, PartnershipId, ProgramId};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row, Value};
use crate::list::{Page, PageRequest, Select, all, first, json};

macro_rules! columns {
    () => {
        "id, owner_id, program_id, partner_id, status, code, partner_group, joined_at, created_at, \
         tags, plan_option, number, recruiter_id, away"
    };
}

fn read(row: &Row) -> Result<Partnership, EngineError> {
    Ok(Partnership {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        partner: row.id(3)?,
        status: row.parse(4)?,
        code: row.text(5)?.to_owned(),
        group: row.text_or_null(6)?.map(str::to_owned),
        joined_at: row.timestamp_or_null(7)?,
        created_at: row.timestamp(8)?,
        tags: match row.text_or_null(9)? {
            Some(_) => json(row, 9)?,
            None => Vec::new(),
        },
        option: row.text_or_null(10)?.map(str::to_owned),
        number: match row.int_or_null(11)? {
            Some(_) => Some(row.u32(11)?),
            None => None,
        },
        recruiter: row.id_or_null(12)?,
        away: match row.text_or_null(13)? {
            Some(_) => json(row, 13)?,
            None => Vec::new(),
        },
    })
}

/// Adds a partnership, or changes all of it but its ids.
pub async fn put(conn: &mut dyn Connection, it: &Partnership) -> Result<(), EngineError> {
    let tags = (!it.tags.is_empty())
        .then(|| serde_json::to_string(&it.tags).expect("a list of texts is JSON"));
    let away = (!it.away.is_empty())
        .then(|| serde_json::to_string(&it.away).expect("a list of times is JSON"));
    conn.execute(
        concat!(
            "INSERT INTO partnership (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT (owner_id, id) DO UPDATE \
             SET status = excluded.status, code = excluded.code, \
             partner_group = excluded.partner_group, joined_at = excluded.joined_at, \
             tags = excluded.tags, plan_option = excluded.plan_option, number = excluded.number, \
             recruiter_id = excluded.recruiter_id, away = excluded.away"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.partner.into(),
            it.status.as_str().into(),
            it.code.as_str().into(),
            it.group.as_deref().into(),
            it.joined_at.into(),
            it.created_at.into(),
            tags.as_deref().into(),
            it.option.as_deref().into(),
            it.number.map(i64::from).into(),
            it.recruiter.into(),
            away.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// How many partners of a program have joined until now. Whoever gives the next number holds the
/// owner's head.
pub async fn joined_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<u32, EngineError> {
    let rows = conn
        .query(
            "SELECT COALESCE(MAX(number), 0) FROM partnership WHERE owner_id = $1 \
             AND program_id = $2",
            vec![owner.into(), program.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.u32(0))?.unwrap_or(0))
}

fn seen_by(select: Select, viewer: Viewer) -> Select {
    match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    }
}

/// A partnership a viewer may see.
pub async fn find(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: PartnershipId,
) -> Result<Option<Partnership>, EngineError> {
    let select = Select::new(concat!("SELECT ", columns!(), " FROM partnership"));
    let rows = seen_by(select, viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read)
}

/// Which partnerships to list.
#[derive(Debug, Clone, Default)]
pub struct PartnershipFilter {
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Of one partner.
    pub partner: Option<PartnerId>,
    /// In one status.
    pub status: Option<PartnershipStatus>,
    /// Whose code or partner name contains this.
    pub search: Option<String>,
}

/// Partnerships a viewer may see, newest first.
pub async fn list(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<Partnership>, EngineError> {
    let mut select =
        seen_by(Select::new(concat!("SELECT ", columns!(), " FROM partnership")), viewer)
            .and_if("program_id = ?", filter.program)
            .and_if("partner_id = ?", filter.partner)
            .and_if("status = ?", filter.status.map(PartnershipStatus::as_str));
    if let Some(search) = &filter.search {
        let pattern = format!("%{}%", search.to_lowercase().replace(['%', '_'], " "));
        select = select.and(
            "(code LIKE ? OR partner_id IN (SELECT p.id FROM partner p WHERE lower(p.name) LIKE ?))",
            [pattern.as_str().into(), pattern.as_str().into()],
        );
    }
    select.page(conn, page, read).await
}

/// Every partnership of the installation after an id, in order: for the snapshot.
pub async fn scan(
    conn: &mut dyn Connection,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<Partnership>, EngineError> {
    let rows = conn
        .query(
            concat!("SELECT ", columns!(), " FROM partnership WHERE id > $1 ORDER BY id LIMIT $2"),
            vec![after.into(), limit.into()],
        )
        .await?;
    all(&rows, read)
}

/// Partnerships by id, whoever owns them: for the snapshot and for decisions.
pub async fn by_ids(
    conn: &mut dyn Connection,
    ids: &[PartnershipId],
) -> Result<Vec<Partnership>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: columns!(),
        table: "partnership",
        keys: &[("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|id| vec![Value::from(*id)]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read)
}

/// Partnerships of programs by partner: for conversions reported by partner.
pub async fn by_partner(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, PartnerId)],
) -> Result<Vec<Partnership>, EngineError> {
    static BY_PARTNER: Lookup = Lookup {
        select: columns!(),
        table: "partnership",
        keys: &[
            ("owner_id", Kind::Bytes),
            ("program_id", Kind::Bytes),
            ("partner_id", Kind::Bytes),
        ],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, p, a)| vec![(*o).into(), (*p).into(), (*a).into()]).collect();
    all(&conn.lookup(&BY_PARTNER, keys).await?, read)
}

/// Partnerships of programs by referral code: for conversions reported by it.
pub async fn by_code(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, String)],
) -> Result<Vec<Partnership>, EngineError> {
    static BY_CODE: Lookup = Lookup {
        select: columns!(),
        table: "partnership",
        keys: &[("owner_id", Kind::Bytes), ("program_id", Kind::Bytes), ("code", Kind::Text)],
        condition: "",
        lock: false,
    };
    let keys =
        keys.iter().map(|(o, p, c)| vec![(*o).into(), (*p).into(), c.as_str().into()]).collect();
    all(&conn.lookup(&BY_CODE, keys).await?, read)
}

macro_rules! link_columns {
    () => {
        "id, owner_id, number, program_id, partnership_id, partner_id, host, path, destination, \
         campaign, method, status, created_at"
    };
}

fn read_link(row: &Row) -> Result<Link, EngineError> {
    let method = match row.text_or_null(10)? {
        Some(_) => Some(row.parse(10)?),
        None => None,
    };
    Ok(Link {
        id: row.id(0)?,
        owner: row.id(1)?,
        number: row.u32(2)?,
        program: row.id(3)?,
        partnership: row.id(4)?,
        partner: row.id(5)?,
        host: row.text(6)?.to_owned(),
        path: row.text(7)?.to_owned(),
        destination: row.text_or_null(8)?.map(str::to_owned),
        campaign: row.text_or_null(9)?.map(str::to_owned),
        method,
        status: row.parse(11)?,
        created_at: row.timestamp(12)?,
    })
}

/// Adds a link, or changes its destination, campaign, method and status.
pub async fn put_link(conn: &mut dyn Connection, it: &Link) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO link (",
            link_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             ON CONFLICT (owner_id, id) DO UPDATE SET destination = excluded.destination, \
             campaign = excluded.campaign, method = excluded.method, status = excluded.status"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.number.into(),
            it.program.into(),
            it.partnership.into(),
            it.partner.into(),
            it.host.as_str().into(),
            it.path.as_str().into(),
            it.destination.as_deref().into(),
            it.campaign.as_deref().into(),
            it.method.map(tributary_directory::PromotionMethod::as_str).into(),
            it.status.as_str().into(),
            it.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A link a viewer may see.
pub async fn find_link(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: LinkId,
) -> Result<Option<Link>, EngineError> {
    let select = Select::new(concat!("SELECT ", link_columns!(), " FROM link"));
    let rows = seen_by(select, viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_link)
}

/// Links a viewer may see, newest first.
pub async fn list_links(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<Link>, EngineError> {
    let mut select =
        seen_by(Select::new(concat!("SELECT ", link_columns!(), " FROM link")), viewer)
            .and_if("program_id = ?", filter.program)
            .and_if("partner_id = ?", filter.partner);
    if let Some(search) = &filter.search {
        let pattern = format!("%{}%", search.to_lowercase().replace(['%', '_'], " "));
        select = select.and("path LIKE ?", [pattern.into()]);
    }
    select.page(conn, page, read_link).await
}

/// Whether a host and path are taken.
pub async fn link_exists(
    conn: &mut dyn Connection,
    host: &str,
    path: &str,
) -> Result<bool, EngineError> {
    let rows = conn
        .query("SELECT id FROM link WHERE host = $1 AND path = $2", vec![host.into(), path.into()])
        .await?;
    Ok(!rows.is_empty())
}

/// Links after a number, in order: for the snapshot.
pub async fn scan_links(
    conn: &mut dyn Connection,
    after: u32,
    limit: u32,
) -> Result<Vec<Link>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                link_columns!(),
                " FROM link WHERE number > $1 ORDER BY number LIMIT $2"
            ),
            vec![after.into(), limit.into()],
        )
        .await?;
    all(&rows, read_link)
}

/// Links by number: for ingest and decisions.
pub async fn links_by_number(
    conn: &mut dyn Connection,
    numbers: &[u32],
) -> Result<Vec<Link>, EngineError> {
    static BY_NUMBER: Lookup = Lookup {
        select: link_columns!(),
        table: "link",
        keys: &[("number", Kind::Int)],
        condition: "",
        lock: false,
    };
    let keys = numbers.iter().map(|number| vec![Value::from(*number)]).collect();
    all(&conn.lookup(&BY_NUMBER, keys).await?, read_link)
}

/// Links by id, whoever owns them: for the snapshot.
pub async fn links_by_id(
    conn: &mut dyn Connection,
    ids: &[LinkId],
) -> Result<Vec<Link>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: link_columns!(),
        table: "link",
        keys: &[("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|id| vec![Value::from(*id)]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_link)
}

/// The link that `?via=` counts on: of each partnership the oldest that is active, or the oldest.
pub async fn first_links(
    conn: &mut dyn Connection,
    partnerships: &[PartnershipId],
) -> Result<Vec<Link>, EngineError> {
    static OF_PARTNERSHIP: Lookup = Lookup {
        select: link_columns!(),
        table: "link",
        keys: &[("partnership_id", Kind::Bytes)],
        condition: "number = (SELECT o.number FROM link o \
                    WHERE o.partnership_id = link.partnership_id \
                    ORDER BY CASE o.status WHEN 'active' THEN 0 ELSE 1 END, o.number LIMIT 1)",
        lock: false,
    };
    let keys = partnerships.iter().map(|id| vec![Value::from(*id)]).collect();
    all(&conn.lookup(&OF_PARTNERSHIP, keys).await?, read_link)
}

macro_rules! coupon_columns {
    () => {
        "id, owner_id, program_id, partnership_id, partner_id, code, valid_from, valid_until, \
         status, created_at"
    };
}

fn read_coupon(row: &Row) -> Result<Coupon, EngineError> {
    Ok(Coupon {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        partnership: row.id(3)?,
        partner: row.id(4)?,
        code: row.text(5)?.to_owned(),
        valid_from: row.timestamp_or_null(6)?,
        valid_until: row.timestamp_or_null(7)?,
        status: row.parse(8)?,
        created_at: row.timestamp(9)?,
    })
}

/// Adds a coupon, or changes its validity and status. `code_key` is its compared form.
pub async fn put_coupon(
    conn: &mut dyn Connection,
    it: &Coupon,
    code_key: &str,
) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO coupon (",
            coupon_columns!(),
            ", code_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (owner_id, id) DO UPDATE SET valid_from = excluded.valid_from, \
             valid_until = excluded.valid_until, status = excluded.status"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.partnership.into(),
            it.partner.into(),
            it.code.as_str().into(),
            it.valid_from.into(),
            it.valid_until.into(),
            it.status.as_str().into(),
            it.created_at.into(),
            code_key.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Coupons a viewer may see, newest first.
pub async fn list_coupons(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<Coupon>, EngineError> {
    seen_by(Select::new(concat!("SELECT ", coupon_columns!(), " FROM coupon")), viewer)
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .page(conn, page, read_coupon)
        .await
}

/// Coupons of programs by compared code: for decisions.
pub async fn coupons_by_code(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, String)],
) -> Result<Vec<Coupon>, EngineError> {
    static BY_CODE: Lookup = Lookup {
        select: coupon_columns!(),
        table: "coupon",
        keys: &[("owner_id", Kind::Bytes), ("program_id", Kind::Bytes), ("code_key", Kind::Text)],
        condition: "",
        lock: false,
    };
    let keys =
        keys.iter().map(|(o, p, c)| vec![(*o).into(), (*p).into(), c.as_str().into()]).collect();
    all(&conn.lookup(&BY_CODE, keys).await?, read_coupon)
}

/// One coupon a viewer may see.
pub async fn find_coupon(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: tributary_kernel::CouponId,
) -> Result<Option<Coupon>, EngineError> {
    let select = Select::new(concat!("SELECT ", coupon_columns!(), " FROM coupon"));
    let rows = seen_by(select, viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_coupon)
}
