//! Touches, hourly clicks and the reader's offset: written by ingest alone, in their own
//! database.

use std::collections::BTreeMap;

use tributary_directory::Viewer;
use tributary_kernel::{LinkId, LocalDate, OrganisationId, PartnerId, ProgramId, Timestamp};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Row,
};
use crate::list::{Select, all, first};

/// A click that can earn credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTouch {
    /// The click's id.
    pub click: [u8; 16],
    /// The link clicked.
    pub link_number: u32,
    /// When.
    pub at: Timestamp,
    /// `granted`, `denied` or `unknown`.
    pub consent: String,
    /// Coarse device.
    pub device: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Host of the referring page.
    pub referrer: Option<String>,
    /// JSON array of five.
    pub sub_ids: Option<String>,
    /// The click before it in the same browser.
    pub previous: Option<[u8; 16]>,
    /// When it is deleted.
    pub expires_at: Timestamp,
    /// Whether the program was in test mode.
    pub test: bool,
}

fn read(row: &Row) -> Result<StoredTouch, EngineError> {
    Ok(StoredTouch {
        click: row.array(0)?,
        link_number: row.u32(1)?,
        at: row.timestamp(2)?,
        consent: row.text(3)?.to_owned(),
        device: row.text(4)?.to_owned(),
        country: row.text_or_null(5)?.map(str::to_owned),
        referrer: row.text_or_null(6)?.map(str::to_owned),
        sub_ids: row.text_or_null(7)?.map(str::to_owned),
        previous: match row.bytes_or_null(8)? {
            Some(_) => Some(row.array(8)?),
            None => None,
        },
        expires_at: row.timestamp(9)?,
        test: row.bool(10)?,
    })
}

const TOUCH_COLUMNS: &[(&str, crate::engine::Kind)] = &[
    ("click_id", Bytes),
    ("link_number", Int),
    ("at", Int),
    ("consent", Text),
    ("device", Text),
    ("country", Text),
    ("referrer", Text),
    ("sub_ids", Text),
    ("previous_click", Bytes),
    ("expires_at", Int),
    ("test", Int),
];

fn values(it: &StoredTouch) -> Vec<crate::engine::Value> {
    vec![
        it.click.into(),
        it.link_number.into(),
        it.at.into(),
        it.consent.as_str().into(),
        it.device.as_str().into(),
        it.country.as_deref().into(),
        it.referrer.as_deref().into(),
        it.sub_ids.as_deref().into(),
        it.previous.map(Vec::from).into(),
        it.expires_at.into(),
        it.test.into(),
    ]
}

/// Adds touches; one that is known stays as it is.
pub async fn insert(conn: &mut dyn Connection, items: &[StoredTouch]) -> Result<(), EngineError> {
    static TOUCH: Insert = Insert {
        table: "touch",
        columns: TOUCH_COLUMNS,
        conflict: "ON CONFLICT (click_id) DO NOTHING",
    };
    let rows = items.iter().map(values).collect();
    conn.insert(&TOUCH, rows).await?;
    Ok(())
}

/// Touches by click id; those not recorded are left out.
pub async fn by_clicks(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
) -> Result<Vec<StoredTouch>, EngineError> {
    static BY_CLICK: Lookup = Lookup {
        select: "click_id, link_number, at, consent, device, country, referrer, sub_ids, \
                 previous_click, expires_at, test",
        table: "touch",
        keys: &[("click_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = clicks.iter().map(|click| vec![(*click).into()]).collect();
    all(&conn.lookup(&BY_CLICK, keys).await?, read)
}

/// Consent came: the touch lives as long as the window, and is chained to the one before it.
pub async fn grant(
    conn: &mut dyn Connection,
    click: [u8; 16],
    previous: Option<[u8; 16]>,
    expires_at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE touch SET consent = 'granted', expires_at = $2, \
         previous_click = COALESCE(previous_click, $3) WHERE click_id = $1",
        vec![click.into(), expires_at.into(), previous.map(Vec::from).into()],
    )
    .await?;
    Ok(())
}

/// Consent came for touches that are recorded, in bulk: writes their consent, expiry and the click
/// before, as they are given here.
pub async fn put_granted_in(
    conn: &mut dyn Connection,
    items: &[StoredTouch],
) -> Result<(), EngineError> {
    static GRANTED: Insert = Insert {
        table: "touch",
        columns: TOUCH_COLUMNS,
        conflict: "ON CONFLICT (click_id) DO UPDATE SET consent = excluded.consent, \
                   expires_at = excluded.expires_at, previous_click = excluded.previous_click",
    };
    conn.insert(&GRANTED, items.iter().map(values).collect()).await?;
    Ok(())
}

/// Consent was withdrawn: the touch goes, and so does what points at it.
pub async fn withdraw(conn: &mut dyn Connection, click: [u8; 16]) -> Result<(), EngineError> {
    conn.execute("DELETE FROM touch WHERE click_id = $1", vec![click.into()]).await?;
    Ok(())
}

/// Deletes what has expired, at most `limit`; returns how many.
pub async fn expire(
    conn: &mut dyn Connection,
    now: Timestamp,
    limit: u32,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM touch WHERE click_id IN \
         (SELECT click_id FROM touch WHERE expires_at < $1 LIMIT $2)",
        vec![now.into(), limit.into()],
    )
    .await
}

/// A visitor of a link on a local day: the first eight bytes of the visitor's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visit {
    /// The program's day.
    pub day: LocalDate,
    /// Which link.
    pub link_number: u32,
    /// Who.
    pub visitor: i64,
}

impl Visit {
    fn values(&self) -> Vec<crate::engine::Value> {
        vec![self.day.into(), self.link_number.into(), self.visitor.into()]
    }
}

/// Marks visitors as seen on a link and day; returns those that are new. Each visit is given once.
pub async fn first_visits_in(
    conn: &mut dyn Connection,
    visits: &[Visit],
) -> Result<Vec<Visit>, EngineError> {
    static KNOWN: Lookup = Lookup {
        select: "local_day, link_number, visitor",
        table: "unique_visit",
        keys: &[("local_day", Int), ("link_number", Int), ("visitor", Int)],
        condition: "",
        lock: false,
    };
    static VISIT: Insert = Insert {
        table: "unique_visit",
        columns: &[("local_day", Int), ("link_number", Int), ("visitor", Int)],
        conflict: "ON CONFLICT (local_day, link_number, visitor) DO NOTHING",
    };
    let known = conn.lookup(&KNOWN, visits.iter().map(Visit::values).collect()).await?;
    let known: std::collections::HashSet<Visit> = all(&known, |row| {
        Ok(Visit { day: row.date(0)?, link_number: row.u32(1)?, visitor: row.int(2)? })
    })?
    .into_iter()
    .collect();
    let new: Vec<Visit> = visits.iter().filter(|visit| !known.contains(visit)).copied().collect();
    conn.insert(&VISIT, new.iter().map(Visit::values).collect()).await?;
    Ok(new)
}

/// Forgets visitors of days before, at most `limit`; returns how many rows went.
pub async fn forget_visits(
    conn: &mut dyn Connection,
    before: LocalDate,
    limit: u32,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM unique_visit WHERE (local_day, link_number, visitor) IN \
         (SELECT local_day, link_number, visitor FROM unique_visit WHERE local_day < $1 \
         LIMIT $2)",
        vec![before.into(), limit.into()],
    )
    .await
}

/// Clicks of one link in one local hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourlyClicks {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// Hours since 1970 on the program's wall clock.
    pub local_hour: i64,
    /// Whose link.
    pub partner: PartnerId,
    /// Which link.
    pub link: LinkId,
    /// Countable clicks.
    pub clicks: i64,
    /// Of these, first of a visitor that day.
    pub unique_clicks: i64,
    /// Bots, previews, prefetches, HEADs, hidden loads.
    pub machine_clicks: i64,
}

/// Adds to the hourly clicks; deltas of one key must have been summed.
pub async fn add_hourly(
    conn: &mut dyn Connection,
    items: &[HourlyClicks],
) -> Result<(), EngineError> {
    static HOURLY: Insert = Insert {
        table: "clicks_hourly",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("local_hour", Int),
            ("partner_id", Bytes),
            ("link_id", Bytes),
            ("clicks", Int),
            ("unique_clicks", Int),
            ("machine_clicks", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, local_hour, partner_id, link_id) DO UPDATE \
                   SET clicks = clicks_hourly.clicks + excluded.clicks, \
                   unique_clicks = clicks_hourly.unique_clicks + excluded.unique_clicks, \
                   machine_clicks = clicks_hourly.machine_clicks + excluded.machine_clicks",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.program.into(),
                it.local_hour.into(),
                it.partner.into(),
                it.link.into(),
                it.clicks.into(),
                it.unique_clicks.into(),
                it.machine_clicks.into(),
            ]
        })
        .collect();
    conn.insert(&HOURLY, rows).await?;
    add_to_totals(conn, items).await
}

/// All clicks of a partner in a program, beside the hours.
async fn add_to_totals(
    conn: &mut dyn Connection,
    items: &[HourlyClicks],
) -> Result<(), EngineError> {
    static TOTAL: Insert = Insert {
        table: "clicks_total",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("partner_id", Bytes),
            ("clicks", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, partner_id) DO UPDATE SET \
                   clicks = clicks_total.clicks + excluded.clicks",
    };
    let mut sums: BTreeMap<(OrganisationId, ProgramId, PartnerId), i64> = BTreeMap::new();
    for it in items.iter().filter(|it| it.clicks != 0) {
        *sums.entry((it.owner, it.program, it.partner)).or_insert(0) += it.clicks;
    }
    if sums.is_empty() {
        return Ok(());
    }
    let rows = sums.into_iter().map(|((owner, program, partner), clicks)| {
        vec![owner.into(), program.into(), partner.into(), clicks.into()]
    });
    conn.insert(&TOTAL, rows.collect()).await?;
    Ok(())
}

/// Clicks of partners in programs; those without any are left out.
pub async fn clicks_of(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, PartnerId)],
) -> Result<Vec<(OrganisationId, ProgramId, PartnerId, i64)>, EngineError> {
    static BY_PARTNER: Lookup = Lookup {
        select: "owner_id, program_id, partner_id, clicks",
        table: "clicks_total",
        keys: &[("owner_id", Bytes), ("program_id", Bytes), ("partner_id", Bytes)],
        condition: "",
        lock: false,
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys = keys.iter().map(|(o, p, a)| vec![(*o).into(), (*p).into(), (*a).into()]).collect();
    all(&conn.lookup(&BY_PARTNER, keys).await?, |row| {
        Ok((row.id(0)?, row.id(1)?, row.id(2)?, row.int(3)?))
    })
}

/// Clicks per program, local day, partner and link in a range of days, for a viewer.
pub async fn daily_clicks(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: crate::rollup::DailyFilter,
) -> Result<Vec<HourlyClicks>, EngineError> {
    let select = Select::new(
        "SELECT owner_id, program_id, local_hour / 24, partner_id, link_id, \
         CAST(SUM(clicks) AS BIGINT), CAST(SUM(unique_clicks) AS BIGINT), \
         CAST(SUM(machine_clicks) AS BIGINT) FROM clicks_hourly",
    );
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let first_hour = i64::from(filter.from.as_days()) * 24;
    let end_hour = (i64::from(filter.to.as_days()) + 1) * 24;
    let rows = select
        .and("local_hour >= ?", [first_hour.into()])
        .and("local_hour < ?", [end_hour.into()])
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .run(
            conn,
            "GROUP BY owner_id, program_id, local_hour / 24, partner_id, link_id LIMIT 500001",
        )
        .await?;
    all(&rows, |row| {
        Ok(HourlyClicks {
            owner: row.id(0)?,
            program: row.id(1)?,
            local_hour: row.int(2)? * 24,
            partner: row.id(3)?,
            link: row.id(4)?,
            clicks: row.int(5)?,
            unique_clicks: row.int(6)?,
            machine_clicks: row.int(7)?,
        })
    })
}

/// Where ingest stands in a node's spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpoolOffset {
    /// Segment.
    pub segment: u64,
    /// Byte in it.
    pub byte: u64,
    /// Entries taken so far.
    pub entries: u64,
}

/// Where ingest stands; the beginning when it never ran.
pub async fn offset(conn: &mut dyn Connection, node: u8) -> Result<SpoolOffset, EngineError> {
    let rows = conn
        .query(
            "SELECT segment, byte, entries FROM spool_offset WHERE node = $1",
            vec![i64::from(node).into()],
        )
        .await?;
    Ok(first(&rows, read_offset)?.unwrap_or_default())
}

fn read_offset(row: &Row) -> Result<SpoolOffset, EngineError> {
    let part = |column| row.int(column).map(i64::cast_unsigned);
    Ok(SpoolOffset { segment: part(0)?, byte: part(1)?, entries: part(2)? })
}

/// When ingest of any node last took entries; none when it never did.
pub async fn offsets_moved_at(conn: &mut dyn Connection) -> Result<Option<Timestamp>, EngineError> {
    let rows = conn.query("SELECT MAX(at) FROM spool_offset WHERE entries > 0", vec![]).await?;
    Ok(first(&rows, |row| row.timestamp_or_null(0))?.flatten())
}

/// Where ingest stands, locked until the transaction ends: of two that read the same node one
/// waits, and then sees that its entries are taken.
pub async fn lock_offset_in(
    conn: &mut dyn Connection,
    node: u8,
) -> Result<SpoolOffset, EngineError> {
    static BY_NODE: Lookup = Lookup {
        select: "segment, byte, entries",
        table: "spool_offset",
        keys: &[("node", Int)],
        condition: "",
        lock: true,
    };
    conn.execute(
        "INSERT INTO spool_offset (node, segment, byte, entries, at) VALUES ($1, 0, 0, 0, 0) \
         ON CONFLICT (node) DO NOTHING",
        vec![i64::from(node).into()],
    )
    .await?;
    let rows = conn.lookup(&BY_NODE, vec![vec![i64::from(node).into()]]).await?;
    Ok(first(&rows, read_offset)?.unwrap_or_default())
}

/// Moves the offset, in the transaction of the touches.
pub async fn put_offset_in(
    conn: &mut dyn Connection,
    node: u8,
    it: SpoolOffset,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO spool_offset (node, segment, byte, entries, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (node) DO UPDATE SET segment = excluded.segment, byte = excluded.byte, \
         entries = excluded.entries, at = excluded.at",
        vec![
            i64::from(node).into(),
            it.segment.cast_signed().into(),
            it.byte.cast_signed().into(),
            it.entries.cast_signed().into(),
            at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A stretch of time in which a node lost clicks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClickLoss {
    /// Which node.
    pub node: u8,
    /// When the first lost click was made.
    pub from: Timestamp,
    /// When the last one was.
    pub until: Timestamp,
    /// How many.
    pub count: u64,
}

/// Records stretches of loss.
pub async fn insert_losses(
    conn: &mut dyn Connection,
    items: &[ClickLoss],
) -> Result<(), EngineError> {
    static LOSS: Insert = Insert {
        table: "click_loss",
        columns: &[("node", Int), ("lost_from", Int), ("lost_until", Int), ("count", Int)],
        conflict: "ON CONFLICT (node, lost_from) DO NOTHING",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                i64::from(it.node).into(),
                it.from.into(),
                it.until.into(),
                it.count.cast_signed().into(),
            ]
        })
        .collect();
    conn.insert(&LOSS, rows).await?;
    Ok(())
}

/// Whether a node was losing clicks at a moment.
pub async fn was_losing(
    conn: &mut dyn Connection,
    node: u8,
    at: Timestamp,
) -> Result<bool, EngineError> {
    let rows = conn
        .query(
            "SELECT count FROM click_loss WHERE node = $1 AND lost_from <= $2 \
             AND lost_until >= $2 LIMIT 1",
            vec![i64::from(node).into(), at.into()],
        )
        .await?;
    Ok(!rows.is_empty())
}
