//! Numbers beside the rows of lists, from the reports.

use std::collections::HashMap;
use std::hash::Hash;

use tributary_app::report::{
    CommissionSums, Dimension, Granularity, Measure, ReportRequest, ReportRow, run_report,
};
use tributary_app::{App, AppError};
use tributary_directory::Actor;
use tributary_kernel::{LinkId, LocalDate, PartnerId, ProgramId};
use tributary_web::Problem;

/// Days that lists look back.
pub(super) const DAYS: i32 = 30;

/// What lists show of somebody or something over a period.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub(super) clicks: i64,
    pub(super) unique: i64,
    pub(super) conversions: i64,
    /// By state, minor units of the program's currency.
    pub(super) commission: CommissionSums,
    /// Clicks per day, oldest first; empty where there are too many rows to divide by days.
    pub(super) trend: Vec<i64>,
}

impl Numbers {
    fn add(&mut self, row: &ReportRow) {
        let it = &row.figures;
        self.clicks += it.clicks;
        self.unique += it.unique_clicks;
        self.conversions += it.conversions;
        let (own, other) = (&mut self.commission, &it.commission);
        own.pending += other.pending;
        own.approved += other.approved;
        own.payable += other.payable;
        own.paid += other.paid;
        own.declined += other.declined;
        own.reversed += other.reversed;
    }
}

/// The last [`DAYS`] days of a program, by partner, with clicks day by day.
pub(super) async fn by_partner(
    app: &App,
    actor: &Actor,
    program: ProgramId,
    today: LocalDate,
) -> Result<HashMap<PartnerId, Numbers>, Problem> {
    let request = last_days(program, today, Dimension::Partner);
    gather(app, actor, request, |row| row.partner).await
}

/// The last [`DAYS`] days of a program, by link.
pub(super) async fn by_link(
    app: &App,
    actor: &Actor,
    program: ProgramId,
    today: LocalDate,
) -> Result<HashMap<LinkId, Numbers>, Problem> {
    let request = last_days(program, today, Dimension::Link);
    let request = ReportRequest { granularity: Granularity::Total, ..request };
    gather(app, actor, request, |row| row.link).await
}

fn last_days(program: ProgramId, today: LocalDate, dimension: Dimension) -> ReportRequest {
    let mut request = ReportRequest::of(today.plus_days(1 - DAYS), today);
    request.measures =
        vec![Measure::Clicks, Measure::UniqueClicks, Measure::Conversions, Measure::Commission];
    request.dimensions = vec![dimension];
    request.granularity = Granularity::Day;
    request.filter.program = Some(program);
    request
}

/// A report by one dimension. Where it would have too many rows it is asked for without days; a
/// program with more than that has lists without numbers rather than no lists.
async fn gather<K: Hash + Eq>(
    app: &App,
    actor: &Actor,
    request: ReportRequest,
    key: impl Fn(&ReportRow) -> Option<K>,
) -> Result<HashMap<K, Numbers>, Problem> {
    let total = ReportRequest { granularity: Granularity::Total, ..request.clone() };
    let mut rows = None;
    for request in [&request, &total] {
        match run_report(app, actor, request).await {
            Ok(report) => {
                rows = Some(report.rows);
                break;
            }
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let days = usize::try_from(request.to.as_days() - request.from.as_days() + 1).unwrap_or(0);
    let mut found: HashMap<K, Numbers> = HashMap::new();
    for row in rows.unwrap_or_default() {
        let Some(key) = key(&row) else { continue };
        let numbers = found.entry(key).or_default();
        numbers.add(&row);
        let Some(day) = row.period else { continue };
        numbers.trend.resize(days, 0);
        let at = usize::try_from(day.as_days() - request.from.as_days()).ok();
        if let Some(point) = at.and_then(|at| numbers.trend.get_mut(at)) {
            *point += row.figures.clicks;
        }
    }
    Ok(found)
}
