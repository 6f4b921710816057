use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use tributary_app::directory::{list_partnerships, list_plans};
use tributary_app::inquiry::{InquiryFilter, count_inquiries};
use tributary_app::leads::{LeadFilter, LeadState, list_leads};
use tributary_app::payout::preview_run;
use tributary_app::report::{
    CurrencyOverview, Dimension, Granularity, Measure, Overview as Numbers, ReportRequest,
    overview, run_report,
};
use tributary_directory::PartnershipStatus;
use tributary_kernel::{LocalDate, PartnerId, limits};
use tributary_money::Money;
use tributary_store::decision::ConversionStatus;
use tributary_store::list::PageRequest;
use tributary_store::partnership::{PartnershipFilter, by_partner};
use tributary_store::payout::held_bank_details;
use tributary_store::work::{ConversionFilter, list_conversions};
use tributary_web::{Problem, QueryOf};

use super::Desk;
use crate::pages::{Figure, FirstSteps, Overview, TopPartner, Waiting};
use crate::parts::{Chart, ChartPoint, ChartStep, ChartUnit};
use crate::routes::ConsoleState;
use crate::routes::answer::Answer;
use crate::routes::lists::{Names, stored};

/// From this many days on the chart goes by months.
const DAYS_BY_MONTH_MIN: u32 = 180;

/// Days looked back.
#[derive(Debug, serde::Deserialize)]
pub(in crate::routes) struct Query {
    #[serde(default)]
    days: String,
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let days = match query.days.as_str() {
        "365" => 365,
        "90" => 90,
        _ => 30,
    };
    let numbers = overview(state.app(), &desk.actor, Some(desk.program.id), days).await?;
    let currency = desk.program.terms.currency;
    let money = numbers.currencies.iter().find(|it| it.currency == currency);
    let amount = |minor: Option<i64>| Money::new(minor.unwrap_or(0), currency);
    let figure = |now: Option<i64>, before: Option<i64>| Figure::Amount {
        value: amount(now),
        before: before.map(|minor| amount(Some(minor))),
    };
    let view = Overview {
        from: numbers.from,
        until: numbers.to,
        days,
        waiting: waiting(&desk, &numbers, money).await?,
        clicks: count(numbers.counts.clicks, numbers.counts_before.clicks),
        conversions: count(numbers.counts.conversions, numbers.counts_before.conversions),
        revenue: figure(money.map(|it| it.now.amount), money.map(|it| it.before.amount)),
        commission: figure(
            money.map(|it| it.now.commission.earned()),
            money.map(|it| it.before.commission.earned()),
        ),
        chart: chart(&desk, money, days),
        top: top(&desk, &numbers, money, days).await?,
        first_steps: first_steps(&desk).await?,
    };
    Ok(desk.page(view))
}

const fn count(value: i64, before: i64) -> Figure {
    Figure::Count { value, before: Some(before) }
}

/// Until there is a partner.
async fn first_steps(desk: &Desk) -> Result<Option<FirstSteps>, Problem> {
    let filter =
        PartnershipFilter { program: Some(desk.program.id), ..PartnershipFilter::default() };
    let page = PageRequest { limit: 1, after: None };
    let partners = list_partnerships(desk.state.app(), &desk.actor, &filter, page).await?;
    if !partners.items.is_empty() {
        return Ok(None);
    }
    let plans = list_plans(desk.state.app(), &desk.actor, desk.program.id).await?;
    Ok(Some(FirstSteps { planned: !plans.is_empty() }))
}

async fn waiting(
    desk: &Desk,
    numbers: &Numbers,
    money: Option<&CurrencyOverview>,
) -> Result<Vec<Waiting>, Problem> {
    let currency = desk.program.terms.currency;
    let mut waiting = Vec::new();
    if numbers.to_decide > 0 {
        let amount = money.map_or(Money::zero(currency), |it| it.pending);
        waiting.push(Waiting::Commissions { count: numbers.to_decide, amount });
    }
    // As the preview behind it says, which leaves out who cannot be paid.
    let (owner, program) = (desk.owner, desk.program.id);
    let run = preview_run(desk.state.app(), &desk.actor, owner, program, None).await?;
    if !run.payouts.is_empty() {
        waiting.push(Waiting::Payout { day: run.pay_on, amount: run.total });
    }
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let filter = PartnershipFilter {
        program: Some(desk.program.id),
        status: Some(PartnershipStatus::Applied),
        ..PartnershipFilter::default()
    };
    let applied = list_partnerships(desk.state.app(), &desk.actor, &filter, page).await?;
    push_counted(&mut waiting, applied.items.len(), |count| Waiting::Applications { count });
    let mut conn = desk.read().await?;
    let banks = stored(held_bank_details(&mut *conn, desk.owner).await)?;
    push_counted(&mut waiting, banks.len(), |count| Waiting::BankChecks { count });
    let held = ConversionFilter {
        program: Some(desk.program.id),
        status: Some(ConversionStatus::Held),
        ..ConversionFilter::default()
    };
    let held = stored(list_conversions(&mut *conn, desk.viewer(), &held, page).await)?;
    push_counted(&mut waiting, held.items.len(), |count| Waiting::Held { count });
    drop(conn);
    let reviewed = LeadFilter {
        program: Some(desk.program.id),
        state: Some(LeadState::Review),
        ..LeadFilter::default()
    };
    let leads = list_leads(desk.state.app(), &desk.actor, &reviewed, page).await?;
    push_counted(&mut waiting, leads.items.len(), |count| Waiting::Leads { count });
    let asked = InquiryFilter {
        program: Some(desk.program.id),
        owners_turn: true,
        ..InquiryFilter::default()
    };
    let asked = count_inquiries(desk.state.app(), &desk.actor, &asked).await?;
    if asked > 0 {
        waiting.push(Waiting::Inquiries { count: asked });
    }
    if numbers.quarantined > 0 {
        waiting.push(Waiting::Quarantined { count: numbers.quarantined });
    }
    Ok(waiting)
}

fn push_counted(into: &mut Vec<Waiting>, count: usize, item: impl Fn(i64) -> Waiting) {
    if count > 0 {
        into.push(item(i64::try_from(count).unwrap_or(i64::MAX)));
    }
}

/// Commission by day, or by month of a long period, with what it was a period before.
fn chart(desk: &Desk, money: Option<&CurrencyOverview>, days: u32) -> Chart {
    let step = if days >= DAYS_BY_MONTH_MIN { ChartStep::Month } else { ChartStep::Day };
    let mut points: BTreeMap<LocalDate, (i64, i64)> = BTreeMap::new();
    // A day is laid beside the one as far before it, also where months are shown.
    let days = money.into_iter().flat_map(|it| it.days.iter().zip(&it.days_before));
    for (now, before) in days {
        let day = match step {
            ChartStep::Day => now.day,
            ChartStep::Month => LocalDate::from_civil(now.day.civil().first_of_month()),
        };
        let point = points.entry(day).or_default();
        point.0 += now.figures.commission.earned();
        point.1 += before.figures.commission.earned();
    }
    let any_before = points.values().any(|(_, before)| *before != 0);
    let point =
        |(day, (value, before))| ChartPoint { day, value, previous: any_before.then_some(before) };
    Chart {
        title_key: "metric-commission",
        unit: ChartUnit::Money(desk.program.terms.currency),
        step,
        bars: false,
        points: points.into_iter().map(point).collect(),
    }
}

async fn top(
    desk: &Desk,
    numbers: &Numbers,
    money: Option<&CurrencyOverview>,
    days: u32,
) -> Result<Vec<TopPartner>, Problem> {
    let Some(money) = money.filter(|it| !it.top.is_empty()) else { return Ok(Vec::new()) };
    let trends = trends(desk, numbers, days).await?;
    let names = Names::of(desk.state.app(), money.top.iter().map(|it| it.partner)).await?;
    let place = |partner| (desk.owner, desk.program.id, partner);
    let places: Vec<_> = money.top.iter().map(|it| place(it.partner)).collect();
    let mut conn = desk.read().await?;
    let partnerships = stored(by_partner(&mut *conn, &places).await)?;
    let rows = money.top.iter().filter_map(|it| {
        let partnership = partnerships.iter().find(|found| found.partner == it.partner)?;
        Some(TopPartner {
            id: partnership.id.to_string(),
            name: names.get(it.partner),
            conversions: it.figures.conversions,
            commission: Money::new(it.figures.commission.earned(), money.currency),
            trend: trends.get(&it.partner).cloned().unwrap_or_default(),
        })
    });
    Ok(rows.collect())
}

/// Commission of each partner over the period, in at most some 30 steps.
async fn trends(
    desk: &Desk,
    numbers: &Numbers,
    days: u32,
) -> Result<HashMap<PartnerId, Vec<i64>>, Problem> {
    let mut request = ReportRequest::of(numbers.from, numbers.to);
    request.measures = vec![Measure::Commission];
    request.dimensions = vec![Dimension::Partner];
    request.granularity = if days > 31 { Granularity::Month } else { Granularity::Day };
    request.filter.program = Some(desk.program.id);
    let Ok(report) = run_report(desk.state.app(), &desk.actor, &request).await else {
        // Too many rows for a picture the size of a word: the table goes without.
        return Ok(HashMap::new());
    };
    let mut periods: Vec<LocalDate> = report.rows.iter().filter_map(|row| row.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let mut trends: HashMap<PartnerId, Vec<i64>> = HashMap::new();
    for row in &report.rows {
        let (Some(partner), Some(period)) = (row.partner, row.period) else { continue };
        let Ok(at) = periods.binary_search(&period) else { continue };
        let trend = trends.entry(partner).or_insert_with(|| vec![0; periods.len()]);
        trend[at] += row.figures.commission.earned();
    }
    Ok(trends)
}
