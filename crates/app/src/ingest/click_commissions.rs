//! Commission per click: once a day is over, the unique clicks of each partnership are one
//! conversion of type `click`, decided like any other.

use std::collections::BTreeMap;

use tributary_commission::EventName;
use tributary_directory::{Actor, Mode, Program, Viewer};
use tributary_kernel::{LocalDate, PartnerId, Timestamp, Zone, limits};
use tributary_store::engine::Connection;
use tributary_store::rollup::DailyFilter;
use tributary_store::{install, partnership, program, touches};

use crate::conversion::{ReportConversion, ReportOutcome, Submission, decide_group};
use crate::{App, AppError};

/// How long after the end of a day its clicks are counted: what ingest takes later than that is
/// not paid.
const GRACE_SECONDS: i64 = 3 * 3_600;
/// Days in one run and program; the next run goes on.
const DAYS_PER_RUN_MAX: i32 = 40;
const PROGRAMS_PER_PAGE: u32 = 500;
/// The most that one conversion can be of.
const CLICKS_PER_DAY_MAX: i64 = 1_000_000;

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClickCommissionsReport {
    /// Days of programs that were counted.
    pub days: u32,
    /// Conversions booked.
    pub applied: u32,
    /// Conversions that were booked before.
    pub known: u32,
    /// Conversions that were not taken; the log says why.
    pub refused: u32,
}

/// Books finished days of every live program that pays per click.
pub async fn book_click_commissions(app: &App) -> Result<ClickCommissionsReport, AppError> {
    let mut report = ClickCommissionsReport::default();
    let mut after = [0; 16];
    loop {
        let mut conn = app.record.read().await?;
        let page = program::scan(&mut *conn, after, PROGRAMS_PER_PAGE).await?;
        drop(conn);
        for it in &page {
            after = *it.id.as_bytes();
            if it.mode == Mode::Live {
                book_program(app, it, &mut report).await?;
            }
        }
        if page.len() < PROGRAMS_PER_PAGE as usize {
            return Ok(report);
        }
    }
}

/// The versions of a plan as far as clicks go: since when, and whether it pays them.
type PaysClicks = Vec<(Timestamp, bool)>;

async fn pays_clicks(
    app: &App,
    conn: &mut dyn Connection,
    it: &Program,
) -> Result<PaysClicks, AppError> {
    let mut versions = Vec::new();
    for stored in program::plans(conn, &[(it.owner, it.id)]).await? {
        let plan = app.compiled(&stored, it.terms.currency)?;
        let pays = plan.rules().iter().any(|rule| rule.events.iter().any(EventName::is_click));
        versions.push((stored.effective_from, pays));
    }
    Ok(versions)
}

fn pays_at(versions: &PaysClicks, at: Timestamp) -> bool {
    versions.iter().rev().find(|(from, _)| *from <= at).is_some_and(|(_, pays)| *pays)
}

fn setting_of(it: &Program) -> String {
    format!("clicks_booked_until/{}", it.id)
}

/// The days that are over and not booked yet; the end of one is `occurred_at` of its conversions.
fn open_days(it: &Program, zone: &Zone, now: Timestamp, booked: Option<LocalDate>) -> (i32, i32) {
    let oldest = zone.date(now.plus_days(-limits::OCCURRED_BACK_DAYS_MAX)).plus_days(1);
    let first = booked.map_or(zone.date(it.created_at), |day| day.plus_days(1)).max(oldest);
    let last = zone.date(now.plus_seconds(-GRACE_SECONDS)).plus_days(-1);
    let last = last.min(first.plus_days(DAYS_PER_RUN_MAX - 1));
    (first.as_days(), last.as_days())
}

async fn book_program(
    app: &App,
    it: &Program,
    report: &mut ClickCommissionsReport,
) -> Result<(), AppError> {
    let corrupt = |detail: String| AppError::Corrupt(format!("{}: {detail}", it.id));
    let zone = Zone::named(&it.terms.time_zone).map_err(|error| corrupt(error.to_string()))?;
    let mut conn = app.record.read().await?;
    let versions = pays_clicks(app, &mut *conn, it).await?;
    if !versions.iter().any(|(_, pays)| *pays) {
        return Ok(());
    }
    let setting = setting_of(it);
    let booked = match install::setting(&mut *conn, &setting).await? {
        Some(text) => Some(text.parse::<LocalDate>().map_err(|error| corrupt(error.to_string()))?),
        None => None,
    };
    drop(conn);
    let (first, last) = open_days(it, &zone, app.now(), booked);
    for day in (first..=last).map(LocalDate::from_days) {
        let end = zone.start_of(day.plus_days(1)).plus_seconds(-1);
        if pays_at(&versions, end) {
            book_day(app, it, day, end, report).await?;
            report.days += 1;
        }
        // After its day, so that a crash in between reports the day again: known facts by then.
        let mut tx = app.record.begin().await?;
        install::put_setting(&mut *tx, &setting, &day.to_string()).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn book_day(
    app: &App,
    it: &Program,
    day: LocalDate,
    end: Timestamp,
    report: &mut ClickCommissionsReport,
) -> Result<(), AppError> {
    let mut conn = app.touches.read().await?;
    let filter = DailyFilter { from: day, to: day, program: Some(it.id), partner: None };
    let rows = touches::daily_clicks(&mut *conn, Viewer::Owner(it.owner), filter).await?;
    drop(conn);
    let mut unique: BTreeMap<PartnerId, i64> = BTreeMap::new();
    for row in rows {
        *unique.entry(row.partner).or_insert(0) += row.unique_clicks;
    }
    unique.retain(|_, clicks| *clicks > 0);
    let partners: Vec<PartnerId> = unique.keys().copied().collect();
    for partners in partners.chunks(limits::CONVERSIONS_PER_REQUEST_MAX) {
        let keys: Vec<_> = partners.iter().map(|id| (it.owner, it.id, *id)).collect();
        let mut conn = app.record.read().await?;
        let found = partnership::by_partner(&mut *conn, &keys).await?;
        drop(conn);
        let group = found.iter().map(|whose| {
            let clicks = unique.get(&whose.partner).copied().unwrap_or(0).min(CLICKS_PER_DAY_MAX);
            let report = ReportConversion {
                program: Some(it.id),
                kind: "click".to_owned(),
                order_id: format!("clicks/{day}/{}", whose.id),
                occurred_at: Some(end),
                quantity: u32::try_from(clicks).ok(),
                partner: Some(whose.partner),
                ..ReportConversion::default()
            };
            Submission {
                actor: Actor::System { job: "click_commissions" },
                owner: it.owner,
                report,
            }
        });
        for outcome in decide_group(app, group.collect()).await {
            match outcome? {
                ReportOutcome::Applied(_) => report.applied += 1,
                ReportOutcome::Duplicate(_) => report.known += 1,
                ReportOutcome::Failed(fault) => return Err(fault),
                ReportOutcome::Refused(refusal) => {
                    report.refused += 1;
                    tracing::error!(program = %it.id, %day, %refusal, "click_commissions.refused");
                }
                ReportOutcome::Quarantined { reason, .. } => {
                    report.refused += 1;
                    tracing::error!(program = %it.id, %day, reason, "click_commissions.quarantined");
                }
            }
        }
    }
    Ok(())
}
