use tributary_kernel::{IntegrationId, Timestamp};
use tributary_store::billing::{self, BillingSource, StoredBillingEvent};

use super::BillingReader;
use super::settle::settle;
use super::source::{BillingSecrets, settings_of};
use crate::{App, AppError};

/// How long whoever keeps an event has for its first try, before the job does it.
const FIRST_TRY_SECONDS: i64 = 10;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is kept, and is or will be dealt with.
    Kept,
    /// It came before.
    Again,
    /// There is no such source, nobody who has its secret sent this, or it is no event. Which, is
    /// not told to who asks.
    Refused,
}

/// Takes an event that a billing system delivers: proves it, keeps it, and deals with it if that
/// can be done at once. What cannot, a job does.
pub async fn receive_billing(
    app: &App,
    reader: &dyn BillingReader,
    id: IntegrationId,
    signature: &str,
    body: &[u8],
) -> Result<Received, AppError> {
    let mut conn = app.record.read().await?;
    let found = billing::find_source(&mut *conn, id).await?;
    drop(conn);
    let Some(source) = found.filter(|it| it.kind == reader.name()) else {
        return Ok(Received::Refused);
    };
    let secrets = BillingSecrets::open(app, &source)?;
    if !reader.is_genuine(signature, body, &secrets.webhook, app.now()) {
        return Ok(Received::Refused);
    }
    let Some(event) = keep(app, reader, &source, body).await? else {
        return Ok(Received::Refused);
    };
    let (event, is_new) = event;
    if !is_new {
        return Ok(Received::Again);
    }
    // It is kept: what goes wrong from here on is not the sender's to repeat.
    if let Err(error) = settle(app, reader, &source, &event).await {
        tracing::warn!(source = %source.id, event = event.event_id, %error, "billing.settle_later");
    }
    Ok(Received::Kept)
}

/// Keeps an event, once; none when the bytes are no event.
pub(super) async fn keep(
    app: &App,
    reader: &dyn BillingReader,
    source: &BillingSource,
    body: &[u8],
) -> Result<Option<(StoredBillingEvent, bool)>, AppError> {
    let Ok(read) = reader.read(body, &settings_of(source)?) else { return Ok(None) };
    let now: Timestamp = app.now();
    let event = StoredBillingEvent {
        owner: source.owner,
        source: source.id,
        body: Some(app.secrets.seal(&purpose(source, &read.id), body, &*app.entropy)),
        event_id: read.id,
        kind: read.kind,
        occurred_at: read.occurred_at,
        received_at: now,
        state: "waiting".to_owned(),
        reason: None,
        attempts: 0,
        // It is tried here first.
        next_at: now.plus_seconds(FIRST_TRY_SECONDS),
    };
    let mut tx = app.record.begin().await?;
    let is_new = billing::insert_event(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(Some((event, is_new)))
}

/// What the body of an event is sealed for.
pub(super) fn purpose(source: &BillingSource, event_id: &str) -> String {
    format!("billing_event/{}/{event_id}", source.id)
}
