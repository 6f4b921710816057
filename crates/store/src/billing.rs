//! Billing systems: the connections, each of their events once, and what events told.

use tributary_kernel::{ConversionId, IntegrationId, OrganisationId, ProgramId, Timestamp};

use crate::engine::{Connection, EngineError, Insert, Kind, Lookup, Row, Value};
use crate::list::{all, first};

/// A connected billing system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingSource {
    /// Its integration: facts are keyed by it.
    pub id: IntegrationId,
    /// Whose.
    pub owner: OrganisationId,
    /// Whose customers pay there.
    pub program: ProgramId,
    /// Which system.
    pub kind: String,
    /// What its owner calls it.
    pub name: String,
    /// JSON.
    pub settings: String,
    /// Secrets.
    pub sealed: Vec<u8>,
    /// When it was connected.
    pub created_at: Timestamp,
}

macro_rules! source_columns {
    () => {
        "id, owner_id, program_id, kind, name, settings, sealed, created_at"
    };
}

fn read_source(row: &Row) -> Result<BillingSource, EngineError> {
    Ok(BillingSource {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        kind: row.text(3)?.to_owned(),
        name: row.text(4)?.to_owned(),
        settings: row.text(5)?.to_owned(),
        sealed: row.bytes(6)?.to_vec(),
        created_at: row.timestamp(7)?,
    })
}

/// Adds a source.
pub async fn insert_source(
    conn: &mut dyn Connection,
    it: &BillingSource,
) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO billing_source (",
            source_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.kind.as_str().into(),
            it.name.as_str().into(),
            it.settings.as_str().into(),
            it.sealed.clone().into(),
            it.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A source by its id, whoever owns it: for its webhook, which names nothing else.
pub async fn find_source(
    conn: &mut dyn Connection,
    id: IntegrationId,
) -> Result<Option<BillingSource>, EngineError> {
    let sql = concat!("SELECT ", source_columns!(), " FROM billing_source WHERE id = $1");
    first(&conn.query(sql, vec![id.into()]).await?, read_source)
}

/// An owner's sources, oldest first.
pub async fn sources_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<BillingSource>, EngineError> {
    let sql = concat!(
        "SELECT ",
        source_columns!(),
        " FROM billing_source WHERE owner_id = $1 ORDER BY id"
    );
    all(&conn.query(sql, vec![owner.into()]).await?, read_source)
}

/// Other secrets of a source; `false` when the owner has no such source.
pub async fn reseal_source(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: IntegrationId,
    sealed: Vec<u8>,
) -> Result<bool, EngineError> {
    let sql = "UPDATE billing_source SET sealed = $3 WHERE owner_id = $1 AND id = $2";
    Ok(conn.execute(sql, vec![owner.into(), id.into(), sealed.into()]).await? == 1)
}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingState {
    /// Something of it waits: for another event, or for its first try.
    Waiting,
    /// All of it was dealt with.
    Settled,
    /// Something of it can only be dealt with by a person.
    Left,
}

impl BillingState {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Settled => "settled",
            Self::Left => "left",
        }
    }
}

/// An event of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBillingEvent {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which source.
    pub source: IntegrationId,
    /// The system's own id.
    pub event_id: String,
    /// What the system calls it.
    pub kind: String,
    /// When it happened there.
    pub occurred_at: Timestamp,
    /// When it came here first.
    pub received_at: Timestamp,
    /// Its bytes, sealed; none once it is settled.
    pub body: Option<Vec<u8>>,
    /// `waiting`, `settled`, `left`.
    pub state: String,
    /// Code of what it waits for, of what it moved nothing for, or why it was left.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub next_at: Timestamp,
}

macro_rules! event_columns {
    () => {
        "owner_id, source_id, event_id, kind, occurred_at, received_at, body, state, reason, \
         attempts, next_at"
    };
}

fn read_event(row: &Row) -> Result<StoredBillingEvent, EngineError> {
    Ok(StoredBillingEvent {
        owner: row.id(0)?,
        source: row.id(1)?,
        event_id: row.text(2)?.to_owned(),
        kind: row.text(3)?.to_owned(),
        occurred_at: row.timestamp(4)?,
        received_at: row.timestamp(5)?,
        body: row.bytes_or_null(6)?.map(<[u8]>::to_vec),
        state: row.text(7)?.to_owned(),
        reason: row.text_or_null(8)?.map(str::to_owned),
        attempts: u32::try_from(row.int(9)?)
            .map_err(|_| row.unreadable(9, "attempts below zero".to_owned()))?,
        next_at: row.timestamp(10)?,
    })
}

/// Keeps an event that waits for its first try; `false` when it came before.
pub async fn insert_event(
    conn: &mut dyn Connection,
    it: &StoredBillingEvent,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            concat!(
                "INSERT INTO billing_event (",
                event_columns!(),
                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 ON CONFLICT (owner_id, source_id, event_id) DO NOTHING"
            ),
            vec![
                it.owner.into(),
                it.source.into(),
                it.event_id.as_str().into(),
                it.kind.as_str().into(),
                it.occurred_at.into(),
                it.received_at.into(),
                it.body.clone().into(),
                it.state.as_str().into(),
                it.reason.as_deref().into(),
                it.attempts.into(),
                it.next_at.into(),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// One event.
pub async fn find_event(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    source: IntegrationId,
    event_id: &str,
) -> Result<Option<StoredBillingEvent>, EngineError> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM billing_event WHERE owner_id = $1 AND source_id = $2 AND event_id = $3"
    );
    let params = vec![owner.into(), source.into(), event_id.into()];
    first(&conn.query(sql, params).await?, read_event)
}

/// Waiting events whose moment has come, the longest due first.
pub async fn due_events(
    conn: &mut dyn Connection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<StoredBillingEvent>, EngineError> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM billing_event WHERE state = 'waiting' AND next_at <= $1 \
         ORDER BY next_at, event_id LIMIT $2"
    );
    all(&conn.query(sql, vec![now.into(), limit.into()]).await?, read_event)
}

/// A source's events in one state, the newest first.
pub async fn events_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    source: IntegrationId,
    state: BillingState,
    limit: u32,
) -> Result<Vec<StoredBillingEvent>, EngineError> {
    let sql = concat!(
        "SELECT ",
        event_columns!(),
        " FROM billing_event WHERE owner_id = $1 AND source_id = $2 AND state = $3 \
         ORDER BY received_at DESC, event_id LIMIT $4"
    );
    let params = vec![owner.into(), source.into(), state.as_str().into(), limit.into()];
    all(&conn.query(sql, params).await?, read_event)
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried<'a> {
    /// Where it stands now.
    pub state: BillingState,
    /// Code of why.
    pub reason: Option<&'a str>,
    /// When it is tried again.
    pub next_at: Timestamp,
}

/// Notes a try; the body goes once it is settled.
pub async fn tried(
    conn: &mut dyn Connection,
    it: &StoredBillingEvent,
    result: Tried<'_>,
) -> Result<(), EngineError> {
    let sql = match result.state {
        BillingState::Settled => {
            "UPDATE billing_event SET state = $4, reason = $5, next_at = $6, \
             attempts = attempts + 1, body = NULL \
             WHERE owner_id = $1 AND source_id = $2 AND event_id = $3 AND state = 'waiting'"
        }
        BillingState::Waiting | BillingState::Left => {
            "UPDATE billing_event SET state = $4, reason = $5, next_at = $6, \
             attempts = attempts + 1 \
             WHERE owner_id = $1 AND source_id = $2 AND event_id = $3 AND state = 'waiting'"
        }
    };
    let params = vec![
        it.owner.into(),
        it.source.into(),
        it.event_id.as_str().into(),
        result.state.as_str().into(),
        result.reason.into(),
        result.next_at.into(),
    ];
    conn.execute(sql, params).await?;
    Ok(())
}

/// Learns a value for a key. The earliest stays, of two at one moment the smaller text.
pub async fn learn(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    source: IntegrationId,
    told: &[(String, Timestamp, String)],
) -> Result<(), EngineError> {
    static KNOWN: Insert = Insert {
        table: "billing_known",
        columns: &[
            ("owner_id", Kind::Bytes),
            ("source_id", Kind::Bytes),
            ("known_key", Kind::Text),
            ("at", Kind::Int),
            ("value", Kind::Text),
        ],
        conflict: "ON CONFLICT (owner_id, source_id, known_key) DO UPDATE SET \
                   at = excluded.at, value = excluded.value \
                   WHERE excluded.at < billing_known.at \
                   OR (excluded.at = billing_known.at AND excluded.value < billing_known.value)",
    };
    // One row at a time: a batch that has a key twice is refused by one of the engines.
    for (key, at, value) in told {
        let row: Vec<Value> = vec![
            owner.into(),
            source.into(),
            key.as_str().into(),
            (*at).into(),
            value.as_str().into(),
        ];
        conn.insert(&KNOWN, vec![row]).await?;
    }
    Ok(())
}

/// What is known for keys.
pub async fn known(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    source: IntegrationId,
    keys: &[String],
) -> Result<Vec<(String, Timestamp, String)>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "known_key, at, value",
        table: "billing_known",
        keys: &[("owner_id", Kind::Bytes), ("source_id", Kind::Bytes), ("known_key", Kind::Text)],
        condition: "",
        lock: false,
    };
    let keys =
        keys.iter().map(|key| vec![owner.into(), source.into(), key.as_str().into()]).collect();
    all(&conn.lookup(&BY_KEY, keys).await?, |row| {
        Ok((row.text(0)?.to_owned(), row.timestamp(1)?, row.text(2)?.to_owned()))
    })
}

/// The payment of a program that has this order id, whether it was reported as a sale or a
/// renewal.
pub async fn payment_by_order(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    order_id: &str,
) -> Result<Option<ConversionId>, EngineError> {
    let sql = "SELECT id FROM conversion WHERE owner_id = $1 AND program_id = $2 \
               AND type IN ('sale', 'renewal') AND business_key = $3 ORDER BY id LIMIT 1";
    let params = vec![owner.into(), program.into(), order_id.into()];
    first(&conn.query(sql, params).await?, |row| row.id(0))
}
