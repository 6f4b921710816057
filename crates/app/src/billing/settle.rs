//! Deals with an event that is kept: learns what it tells, and reports or takes back what can be.
//!
//! **Invariant.** Every step may be run again: what is learnt is the same, reports and refunds are
//! keyed. So a stop between two steps costs another try, never money.

use std::collections::BTreeMap;

use tributary_directory::Mode;
use tributary_kernel::Timestamp;
use tributary_store::billing::{
    self, BillingSource, BillingState, StoredBillingEvent, Tried, payment_by_order,
};
use tributary_store::decision::AdjustmentKind;
use tributary_store::program;

use super::BillingReader;
use super::fact::{BillingEvent, Fact, GivenBack};
use super::receive::purpose;
use super::resolve::{
    Known, KnownValue, REFUND_PATIENCE_SECONDS, Resolved, asks, asks_codes, learn, resolve,
};
use super::source::{actor_of, settings_of};
use crate::conversion::{
    RefundConversion, ReportConversion, ReportOutcome, refund_conversion, report_conversions,
};
use crate::{App, AppError};

/// The first wait between two tries, doubled each time.
const RETRY_SECONDS_FIRST: i64 = 10;
/// The longest wait between two tries.
const RETRY_SECONDS_MAX: i64 = 3_600;

/// What a fact has come to.
enum Settled {
    Done(Option<String>),
    Waits { reason: &'static str, until: Timestamp },
    Left(String),
}

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettleReport {
    /// Events that were looked at.
    pub looked_at: u32,
    /// Of these, those that a fault stopped; they are tried again.
    pub failed: u32,
}

/// Tries events that wait and whose moment has come, at most `limit`.
pub async fn settle_billing(
    app: &App,
    readers: &[&dyn BillingReader],
    limit: u32,
) -> Result<SettleReport, AppError> {
    let mut conn = app.record.read().await?;
    let due = billing::due_events(&mut *conn, app.now(), limit).await?;
    drop(conn);
    let mut report = SettleReport::default();
    for event in due {
        report.looked_at += 1;
        let mut conn = app.record.read().await?;
        let source = billing::find_source(&mut *conn, event.source).await?;
        drop(conn);
        let source =
            source.ok_or_else(|| AppError::Corrupt(format!("{} is missing", event.source)))?;
        let reader = readers.iter().find(|it| it.name() == source.kind);
        let Some(reader) = reader else { continue };
        match settle(app, *reader, &source, &event).await {
            Ok(()) => {}
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                report.failed += 1;
                let (source, id) = (source.id, &event.event_id);
                tracing::error!(%source, id, %error, "billing.settle_failed");
                let next_at = later(app.now(), event.attempts);
                let tried = Tried { state: BillingState::Waiting, reason: Some("fault"), next_at };
                note(app, &event, tried).await?;
            }
        }
    }
    Ok(report)
}

fn later(now: Timestamp, attempts: u32) -> Timestamp {
    let wait = RETRY_SECONDS_FIRST.checked_shl(attempts.min(20)).unwrap_or(RETRY_SECONDS_MAX);
    now.plus_seconds(wait.min(RETRY_SECONDS_MAX))
}

async fn note(app: &App, event: &StoredBillingEvent, tried: Tried<'_>) -> Result<(), AppError> {
    let mut tx = app.record.begin().await?;
    billing::tried(&mut *tx, event, tried).await?;
    tx.commit().await?;
    Ok(())
}

/// Deals with one event as far as that can be done now.
pub(super) async fn settle(
    app: &App,
    reader: &dyn BillingReader,
    source: &BillingSource,
    event: &StoredBillingEvent,
) -> Result<(), AppError> {
    let sealed = event.body.as_deref().ok_or_else(|| {
        AppError::Corrupt(format!("{} of {} has no body", event.event_id, source.id))
    })?;
    let body = app.secrets.open(&purpose(source, &event.event_id), sealed)?;
    let read = reader.read(&body, &settings_of(source)?).map_err(|error| {
        AppError::Corrupt(format!("{} of {}: {error}", event.event_id, source.id))
    })?;
    let mut conn = app.record.read().await?;
    let programs = program::by_ids(&mut *conn, &[source.program]).await?;
    drop(conn);
    let program = programs
        .first()
        .ok_or_else(|| AppError::Corrupt(format!("{} is missing", source.program)))?;
    let now = app.now();
    if read.live != (program.mode == Mode::Live) {
        let tried =
            Tried { state: BillingState::Settled, reason: Some("other_mode"), next_at: now };
        return note(app, event, tried).await;
    }
    tell(app, source, &read).await?;
    let mut waits: Option<(&'static str, Timestamp)> = None;
    let (mut left, mut reason) = (None, None);
    for fact in &read.facts {
        match one(app, source, fact, event.received_at).await? {
            Settled::Done(why) => reason = reason.or(why),
            Settled::Left(why) => left = left.or(Some(why)),
            Settled::Waits { reason, until } => {
                if waits.is_none_or(|(_, soonest)| until < soonest) {
                    waits = Some((reason, until));
                }
            }
        }
    }
    let tried = match (waits, &left) {
        (Some((reason, until)), _) => Tried {
            state: BillingState::Waiting,
            reason: Some(reason),
            next_at: later(now, event.attempts).min(until.max(now)),
        },
        (None, Some(why)) => {
            Tried { state: BillingState::Left, reason: Some(why.as_str()), next_at: now }
        }
        (None, None) => {
            Tried { state: BillingState::Settled, reason: reason.as_deref(), next_at: now }
        }
    };
    note(app, event, tried).await
}

async fn tell(app: &App, source: &BillingSource, read: &BillingEvent) -> Result<(), AppError> {
    let told: Vec<_> = read
        .facts
        .iter()
        .flat_map(|fact| learn(fact, read.occurred_at))
        .map(|(key, it)| (key, it.at, it.value))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let mut tx = app.record.begin().await?;
    billing::learn(&mut *tx, source.owner, source.id, &told).await?;
    tx.commit().await?;
    Ok(())
}

async fn known_for(app: &App, source: &BillingSource, fact: &Fact) -> Result<Known, AppError> {
    let mut conn = app.record.read().await?;
    let mut found = BTreeMap::new();
    let mut keys = asks(fact);
    // Once for the clues, and once for the codes that they name.
    for _ in 0..2 {
        if keys.is_empty() {
            break;
        }
        for (key, at, value) in billing::known(&mut *conn, source.owner, source.id, &keys).await? {
            found.insert(key, KnownValue { at, value });
        }
        keys = asks_codes(fact, &Known::new(found.clone()));
    }
    Ok(Known::new(found))
}

async fn one(
    app: &App,
    source: &BillingSource,
    fact: &Fact,
    received_at: Timestamp,
) -> Result<Settled, AppError> {
    let known = known_for(app, source, fact).await?;
    Ok(match resolve(fact, &known, source.program, received_at, app.now()) {
        Resolved::Done => match fact {
            Fact::Nothing { reason } => Settled::Done(Some((*reason).to_owned())),
            _ => Settled::Done(None),
        },
        Resolved::Left(reason) => Settled::Left(reason.to_owned()),
        Resolved::Wait { until, .. } => {
            let is_refund = matches!(fact, Fact::GivenBack(_));
            let reason = if is_refund { "waits_for_payment" } else { "waits_for_partner" };
            Settled::Waits { reason, until }
        }
        Resolved::Report(report, codes) => send(app, source, *report, &codes).await?,
        Resolved::TakeBack(order, given) => {
            take_back(app, source, &order, &given, received_at).await?
        }
    })
}

/// Reports, with the first of the codes that is a partner's. A code or click that is nobody's here
/// says nothing of the payment, which is reported without it.
async fn send(
    app: &App,
    source: &BillingSource,
    mut report: ReportConversion,
    codes: &[String],
) -> Result<Settled, AppError> {
    let is_payment = matches!(report.kind.as_str(), "sale" | "renewal");
    if is_payment && is_reported(app, source, &report.order_id).await? {
        // By another source, or before a stop; as which of the two, no longer matters.
        return Ok(Settled::Done(Some("reported_before".to_owned())));
    }
    let actor = actor_of(source);
    let mut codes = codes.iter();
    report.code = codes.next().cloned();
    loop {
        let outcome = report_conversions(app, &actor, vec![report.clone()]).await?;
        let refusal = match outcome.into_iter().next() {
            None | Some(ReportOutcome::Applied(_)) => return Ok(Settled::Done(None)),
            Some(ReportOutcome::Duplicate(_)) => {
                return Ok(Settled::Done(Some("reported_before".to_owned())));
            }
            Some(ReportOutcome::Quarantined { reason, .. }) => return Ok(Settled::Left(reason)),
            Some(ReportOutcome::Failed(error)) => return Err(error),
            Some(ReportOutcome::Refused(refusal)) => refusal,
        };
        let is_about = |field: &str| refusal.errors.iter().any(|it| it.pointer == field);
        if report.code.is_some() && is_about("/code") {
            report.code = codes.next().cloned();
        } else if report.click_id.is_some() && is_about("/click_id") {
            report.click_id = None;
        } else {
            return Ok(Settled::Left(refusal.first_code().to_owned()));
        }
    }
}

async fn is_reported(app: &App, source: &BillingSource, order: &str) -> Result<bool, AppError> {
    let mut conn = app.record.read().await?;
    Ok(payment_by_order(&mut *conn, source.owner, source.program, order).await?.is_some())
}

async fn take_back(
    app: &App,
    source: &BillingSource,
    order: &str,
    given: &GivenBack,
    received_at: Timestamp,
) -> Result<Settled, AppError> {
    let mut conn = app.record.read().await?;
    let found = payment_by_order(&mut *conn, source.owner, source.program, order).await?;
    drop(conn);
    let Some(conversion) = found else {
        let until = received_at.plus_seconds(REFUND_PATIENCE_SECONDS);
        return Ok(if app.now() < until {
            Settled::Waits { reason: "waits_for_payment", until }
        } else {
            Settled::Left("payment_unknown".to_owned())
        });
    };
    let mut input = RefundConversion {
        conversion,
        refund_id: given.id.clone(),
        amount: Some(given.amount),
        kind: if given.chargeback { AdjustmentKind::Chargeback } else { AdjustmentKind::Refund },
        occurred_at: Some(given.occurred_at),
    };
    let actor = actor_of(source);
    loop {
        let refusal = match refund_conversion(app, &actor, input.clone()).await {
            Ok(adjusted) => {
                let before = adjusted.duplicate.then(|| "reported_before".to_owned());
                return Ok(Settled::Done(before));
            }
            Err(AppError::Refused(refusal)) => refusal,
            Err(fault) => return Err(fault),
        };
        match refusal.first_code() {
            // A refund and a lost dispute of one payment can together be more than it.
            "exceeds_rest" if input.amount.is_some() => input.amount = None,
            "already_returned" | "not_positive" => {
                return Ok(Settled::Done(Some("returned_before".to_owned())));
            }
            other => return Ok(Settled::Left(other.to_owned())),
        }
    }
}
