//! Requests that came with an `Idempotency-Key`: who is carrying one out, whether it had an effect,
//! and its first answer.

use tributary_kernel::{IntegrationId, OrganisationId, Timestamp};

use crate::engine::{Connection, EngineError, Row};
use crate::list::first;

/// Which request: a key is one for its owner's integration, and survives the rotation of API keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPlace {
    /// Whose.
    pub owner: OrganisationId,
    /// Through which connection.
    pub integration: IntegrationId,
    /// The key that was sent.
    pub key: String,
}

impl RequestPlace {
    fn values(&self) -> Vec<crate::engine::Value> {
        vec![self.owner.into(), self.integration.into(), self.key.as_str().into()]
    }
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Which run of it holds the key.
    pub attempt: [u8; 16],
    /// Hash of what was sent.
    pub content_hash: [u8; 32],
    /// When that run began.
    pub begun_at: Timestamp,
    /// Whether it committed something.
    pub effected: bool,
    /// What it made or changed, as its audit trail names it.
    pub subject: Option<String>,
    /// The status of the first answer.
    pub status: Option<u16>,
    /// The first answer, sealed.
    pub answer: Option<Vec<u8>>,
}

fn read(row: &Row) -> Result<RequestKey, EngineError> {
    let status = match row.int_or_null(4)? {
        Some(status) => {
            Some(u16::try_from(status).map_err(|_| row.unreadable(4, format!("status {status}")))?)
        }
        None => None,
    };
    Ok(RequestKey {
        attempt: row.array(0)?,
        content_hash: row.array(1)?,
        begun_at: row.timestamp(2)?,
        effected: row.bool(3)?,
        status,
        subject: row.text_or_null(5)?.map(str::to_owned),
        answer: row.bytes_or_null(6)?.map(<[u8]>::to_vec),
    })
}

/// Takes a key that nobody has; `false` when it is taken.
pub async fn begin(
    conn: &mut dyn Connection,
    place: &RequestPlace,
    attempt: [u8; 16],
    content_hash: [u8; 32],
    at: Timestamp,
) -> Result<bool, EngineError> {
    let mut params = place.values();
    params.extend([attempt.into(), content_hash.into(), at.into()]);
    let changed = conn
        .execute(
            "INSERT INTO request_key (owner_id, integration_id, request_key, attempt, \
             content_hash, begun_at, effected) VALUES ($1, $2, $3, $4, $5, $6, 0) \
             ON CONFLICT (owner_id, integration_id, request_key) DO NOTHING",
            params,
        )
        .await?;
    Ok(changed == 1)
}

/// What is known of a request.
pub async fn find(
    conn: &mut dyn Connection,
    place: &RequestPlace,
) -> Result<Option<RequestKey>, EngineError> {
    let rows = conn
        .query(
            "SELECT attempt, content_hash, begun_at, effected, status, subject, answer \
             FROM request_key WHERE owner_id = $1 AND integration_id = $2 AND request_key = $3",
            place.values(),
        )
        .await?;
    first(&rows, read)
}

/// Takes a key over from a run that ended without an effect; `false` when that run is not what
/// holds it (any more), or had an effect after all.
pub async fn take_over(
    conn: &mut dyn Connection,
    place: &RequestPlace,
    from: [u8; 16],
    attempt: [u8; 16],
    at: Timestamp,
) -> Result<bool, EngineError> {
    let mut params = place.values();
    params.extend([from.into(), attempt.into(), at.into()]);
    let changed = conn
        .execute(
            "UPDATE request_key SET attempt = $5, begun_at = $6 WHERE owner_id = $1 \
             AND integration_id = $2 AND request_key = $3 AND attempt = $4 AND effected = 0 \
             AND status IS NULL",
            params,
        )
        .await?;
    Ok(changed == 1)
}

/// Marks, in the transaction of the effect, that there is one; `false` when another run has taken
/// the key over, so that this one must not have an effect.
pub async fn mark_effected_in(
    conn: &mut dyn Connection,
    place: &RequestPlace,
    attempt: [u8; 16],
    subject: Option<&str>,
) -> Result<bool, EngineError> {
    let mut params = place.values();
    params.extend([attempt.into(), subject.map(str::to_owned).into()]);
    let changed = conn
        .execute(
            "UPDATE request_key SET effected = 1, subject = $5 WHERE owner_id = $1 \
             AND integration_id = $2 AND request_key = $3 AND attempt = $4",
            params,
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps the answer of a run that still holds its key. `without_effect` says whether the answer is
/// kept although the run committed nothing.
pub async fn answer(
    conn: &mut dyn Connection,
    place: &RequestPlace,
    attempt: [u8; 16],
    (status, answer): (u16, Vec<u8>),
    without_effect: bool,
) -> Result<(), EngineError> {
    let mut params = place.values();
    let status = i64::from(status);
    params.extend([
        attempt.into(),
        status.into(),
        answer.into(),
        i64::from(!without_effect).into(),
    ]);
    conn.execute(
        "UPDATE request_key SET status = $5, answer = $6 WHERE owner_id = $1 \
         AND integration_id = $2 AND request_key = $3 AND attempt = $4 AND effected >= $7",
        params,
    )
    .await?;
    Ok(())
}

/// Frees the key of a run that committed nothing and whose answer is not kept.
pub async fn release(
    conn: &mut dyn Connection,
    place: &RequestPlace,
    attempt: [u8; 16],
) -> Result<(), EngineError> {
    let mut params = place.values();
    params.push(attempt.into());
    conn.execute(
        "DELETE FROM request_key WHERE owner_id = $1 AND integration_id = $2 \
         AND request_key = $3 AND attempt = $4 AND effected = 0 AND status IS NULL",
        params,
    )
    .await?;
    Ok(())
}

/// Forgets requests that began before a moment, at most `limit`; tells how many.
pub async fn prune(
    conn: &mut dyn Connection,
    before: Timestamp,
    limit: u32,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM request_key WHERE (owner_id, integration_id, request_key) IN \
         (SELECT owner_id, integration_id, request_key FROM request_key WHERE begun_at < $1 \
         LIMIT $2)",
        vec![before.into(), limit.into()],
    )
    .await
}
