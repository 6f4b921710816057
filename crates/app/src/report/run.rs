use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_directory::{Actor, Viewer};
use tributary_kernel::{LinkId, LocalDate, PartnerId, ProgramId, Refusal, RefusalKind};
use tributary_money::Currency;
use tributary_store::program;
use tributary_store::rollup::{self, DAILY_ROWS_MAX, DailyFilter, DailyRow};
use tributary_store::touches::{self, HourlyClicks};

use super::request::{
    Dimension, Figures, Granularity, REPORT_ROWS_MAX, Report, ReportRequest, ReportRow,
};
use crate::conversion::{CONVERSION_ROW, NOBODY};
use crate::directory::viewer_of;
use crate::{App, AppError};

/// The type that clicks have where a report is divided by type.
const CLICK_EVENT: &str = "click";

/// Answers a request for numbers, for what the actor may see.
///
/// # Errors
/// Refused when the range is wrong or so long that the answer would be too large; the refusal says
/// what to do. A fault.
pub async fn run_report(
    app: &App,
    actor: &Actor,
    request: &ReportRequest,
) -> Result<Report, AppError> {
    let viewer = viewer_of(actor)?;
    request.check()?;
    let sums = gather(app, viewer, request).await?;
    let mut totals: BTreeMap<Currency, Figures> = BTreeMap::new();
    let mut rows = Vec::with_capacity(sums.len());
    for (key, mut figures) in sums {
        figures.keep(request);
        if figures == Figures::default() {
            continue;
        }
        totals.entry(key.currency).or_default().add(&figures);
        rows.push(key.row(figures));
    }
    if rows.len() > REPORT_ROWS_MAX {
        return Err(too_large(format!("The answer has {} rows", rows.len())).into());
    }
    let total = |(currency, figures)| Key::of(currency).row(figures);
    Ok(Report { rows, totals: totals.into_iter().map(total).collect() })
}

fn too_large(what: String) -> Refusal {
    let detail = format!(
        "{what}; ask for a shorter range, for one program or partner, or by fewer dimensions."
    );
    Refusal {
        kind: RefusalKind::Invalid,
        code: "report_too_large",
        detail: detail.into(),
        errors: Vec::new(),
    }
}

/// What a row is of; the order of the fields is the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) period: Option<LocalDate>,
    pub(super) program: Option<ProgramId>,
    pub(super) partner: Option<PartnerId>,
    pub(super) link: Option<LinkId>,
    pub(super) event: Option<String>,
    pub(super) currency: Currency,
}

impl Key {
    const fn of(currency: Currency) -> Self {
        Self { period: None, program: None, partner: None, link: None, event: None, currency }
    }

    fn row(self, figures: Figures) -> ReportRow {
        let Self { period, program, partner, link, event, currency } = self;
        ReportRow { period, program, partner, link, event, currency, figures }
    }
}

fn somebody(id: PartnerId) -> Option<PartnerId> {
    (id.as_bytes() != &NOBODY).then_some(id)
}

fn some_link(id: LinkId) -> Option<LinkId> {
    (id.as_bytes() != &NOBODY).then_some(id)
}

/// Sums both rollups by the parts that a request is divided by.
pub(super) async fn gather(
    app: &App,
    viewer: Viewer,
    request: &ReportRequest,
) -> Result<BTreeMap<Key, Figures>, AppError> {
    let filter = DailyFilter {
        from: request.from,
        to: request.to,
        program: request.filter.program,
        partner: request.filter.partner,
    };
    let mut sums = BTreeMap::new();
    if request.has_conversions() {
        let mut conn = app.record.read().await?;
        let rows = rollup::daily(&mut *conn, viewer, filter).await?;
        drop(conn);
        refuse_too_many(rows.len())?;
        for row in rows.iter().filter(|row| fits(request, row.link, &row.event)) {
            let key = key_of(request, row.day, row.program, row.partner, row.link, &row.event);
            sums.entry(key(row.currency)).or_insert_with(Figures::default).add(&figures_of(row));
        }
    }
    if request.has_clicks() {
        let mut conn = app.touches.read().await?;
        let rows = touches::daily_clicks(&mut *conn, viewer, filter).await?;
        drop(conn);
        refuse_too_many(rows.len())?;
        let currencies = currencies(app, &rows).await?;
        for row in rows.iter().filter(|row| fits(request, row.link, CLICK_EVENT)) {
            let Some(currency) = currencies.get(&row.program) else { continue };
            let days = i32::try_from(row.local_hour.div_euclid(24)).unwrap_or(i32::MAX);
            let day = LocalDate::from_days(days);
            let key = key_of(request, day, row.program, row.partner, row.link, CLICK_EVENT);
            let figures = Figures {
                clicks: row.clicks,
                unique_clicks: row.unique_clicks,
                machine_clicks: row.machine_clicks,
                ..Figures::default()
            };
            sums.entry(key(*currency)).or_insert_with(Figures::default).add(&figures);
        }
    }
    Ok(sums)
}

fn refuse_too_many(rows: usize) -> Result<(), Refusal> {
    if rows <= DAILY_ROWS_MAX {
        return Ok(());
    }
    Err(too_large(format!("More than {DAILY_ROWS_MAX} numbers would have to be read")))
}

fn fits(request: &ReportRequest, link: LinkId, event: &str) -> bool {
    request.filter.link.is_none_or(|wanted| wanted == link)
        && request.filter.event.as_ref().is_none_or(|wanted| wanted == event)
}

/// The currency of each program that was clicked for.
async fn currencies(
    app: &App,
    rows: &[HourlyClicks],
) -> Result<HashMap<ProgramId, Currency>, AppError> {
    let programs: BTreeSet<ProgramId> = rows.iter().map(|row| row.program).collect();
    let programs: Vec<ProgramId> = programs.into_iter().collect();
    let mut conn = app.record.read().await?;
    let found = program::by_ids(&mut *conn, &programs).await?;
    Ok(found.into_iter().map(|it| (it.id, it.terms.currency)).collect())
}

fn key_of(
    request: &ReportRequest,
    day: LocalDate,
    program: ProgramId,
    partner: PartnerId,
    link: LinkId,
    event: &str,
) -> impl FnOnce(Currency) -> Key {
    let by = |dimension| request.dimensions.contains(&dimension);
    let period = match request.granularity {
        Granularity::Total => None,
        Granularity::Day => Some(day),
        Granularity::Month => Some(LocalDate::from_civil(day.civil().first_of_month())),
    };
    let program = by(Dimension::Program).then_some(program);
    let partner = by(Dimension::Partner).then_some(partner).and_then(somebody);
    let link = by(Dimension::Link).then_some(link).and_then(some_link);
    let event = by(Dimension::Event).then(|| event.to_owned());
    move |currency| Key { period, program, partner, link, event, currency }
}

fn figures_of(row: &DailyRow) -> Figures {
    let mut figures = Figures::default();
    let sums = &mut figures.commission;
    match row.state.as_str() {
        CONVERSION_ROW => {
            figures.conversions = row.conversions;
            figures.amount = row.amount;
        }
        "pending" => sums.pending = row.commission,
        "approved" => sums.approved = row.commission,
        "payable" => sums.payable = row.commission,
        "paid" => sums.paid = row.commission,
        "declined" => sums.declined = row.commission,
        _ => sums.reversed = row.commission,
    }
    figures
}
