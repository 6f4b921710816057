use axum::extract::State;
use tributary_app::payout::{
    Payday, Waiting, WaitsFor as Waits, list_payouts, next_payday, pay_days,
};
use tributary_app::report::{Overview, overview};
use tributary_directory::{Partnership, PartnershipStatus};
use tributary_kernel::{Timestamp, limits};
use tributary_money::Money;
use tributary_store::list::PageRequest;
use tributary_store::partnership::first_links;
use tributary_store::payout::{PayoutFilter, PayoutState, StoredPayout, bank_details};
use tributary_web::Problem;

use super::Pocket;
use crate::pages::{NextPayout, PartnerHome, ProgramLink, WaitingAmount};
use crate::parts::{BankState, Chart, ChartPoint, ChartStep, ChartUnit, WaitsFor};
use crate::routes::ConsoleState;
use crate::routes::answer::Answer;
use crate::routes::lists::stored;
use crate::routes::manage::partner::bank_state;

const DAYS: u32 = 30;
/// Ends of holds told one by one for each program; those after them are told with the last.
const HOLDS_SHOWN: usize = 4;

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, pocket: Pocket) -> Answer {
    let app = state.app();
    let mut conn = pocket.read().await?;
    let details = stored(bank_details(&mut *conn, &[pocket.partner]).await)?;
    drop(conn);
    let bank = bank_state(&details);
    let mut next = Vec::new();
    let mut waiting = Vec::new();
    for (_, program) in &pocket.memberships {
        let payday = next_payday(app, &pocket.actor, program.id).await?;
        if payday.amount.minor > 0 {
            next.push(NextPayout {
                day: payday.pay_on,
                amount: payday.amount,
                program: payday.program_name.clone(),
            });
        }
        waiting.extend(waiting_of(&pocket, &payday, bank));
    }
    next.extend(under_way(&pocket).await?);
    next.sort_by_key(|it| it.day);
    let numbers = overview(app, &pocket.actor, None, DAYS).await?;
    let earned = numbers.currencies.iter().filter_map(|it| {
        let earned = it.now.commission.earned();
        (earned != 0).then(|| Money::new(earned, it.currency))
    });
    let view = PartnerHome {
        next,
        waiting,
        bank,
        clicks: numbers.counts.clicks,
        conversions: numbers.counts.conversions,
        earned: earned.collect(),
        chart: chart(&numbers),
        links: links(&pocket).await?,
    };
    Ok(pocket.page(view))
}

/// Payouts that are approved or with the bank, each on its day.
async fn under_way(pocket: &Pocket) -> Result<Vec<NextPayout>, Problem> {
    let app = pocket.state.app();
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let mut found = Vec::new();
    for state in [PayoutState::Approved, PayoutState::Sent] {
        let filter = PayoutFilter { state: Some(state), ..PayoutFilter::default() };
        found.extend(list_payouts(app, &pocket.actor, &filter, page).await?.items);
    }
    let days = pay_days(app, &found).await?;
    let next = |it: &StoredPayout| {
        let (day, program) = (*days.get(&it.run)?, pocket.program_name(it.program));
        Some(NextPayout { day, amount: it.amount, program })
    };
    Ok(found.iter().filter_map(next).collect())
}

/// What a program's other money waits for.
fn waiting_of(pocket: &Pocket, payday: &Payday, bank: BankState) -> Vec<WaitingAmount> {
    let frame = pocket.frame();
    // The last moment of the hold is the end of the day before.
    let last_day = |until: Timestamp| frame.zone.date(until.plus_seconds(-1));
    let mut rows: Vec<WaitingAmount> = Vec::new();
    let mut holds = 0;
    for Waiting { amount, commissions, waits_for } in &payday.waiting {
        let what = match *waits_for {
            Waits::Hold { until } | Waits::HoldAndApproval { until } => {
                holds += 1;
                WaitsFor::Hold { until: last_day(until) }
            }
            Waits::Approval => WaitsFor::Review,
            Waits::Threshold { least } => WaitsFor::Minimum {
                minimum: least,
                missing: Money::new(least.minor - amount.minor, least.currency),
            },
            Waits::Clawback => WaitsFor::OwedBack,
            // There are details, but no bank file of this currency reaches them.
            Waits::BankDetails if bank == BankState::Confirmed => {
                WaitsFor::AccountKind { currency: amount.currency }
            }
            Waits::BankDetails => WaitsFor::BankDetails,
            Waits::SecondLook => WaitsFor::BankCheck,
            Waits::TaxDetails => WaitsFor::TaxDetails,
            // Shown as a payout of its own.
            Waits::Bank => continue,
        };
        let is_hold = matches!(what, WaitsFor::Hold { .. });
        match rows.last_mut().filter(|_| is_hold && holds > HOLDS_SHOWN) {
            Some(last) => {
                last.amount.minor += amount.minor;
                last.count = last.count.zip(*commissions).map(|(a, b)| a + b);
                last.waits_for = what;
            }
            None => rows.push(WaitingAmount {
                amount: *amount,
                count: *commissions,
                program: payday.program_name.clone(),
                waits_for: what,
            }),
        }
    }
    rows
}

/// Clicks day by day, over all programs; none when there were none.
fn chart(numbers: &Overview) -> Option<Chart> {
    if numbers.counts.clicks == 0 {
        return None;
    }
    let days = usize::try_from(DAYS).unwrap_or(0);
    let mut points: Vec<ChartPoint> = (0..)
        .take(days)
        .map(|index| ChartPoint { day: numbers.from.plus_days(index), value: 0, previous: None })
        .collect();
    for day in numbers.currencies.iter().flat_map(|it| &it.days) {
        let at = usize::try_from(day.day.as_days() - numbers.from.as_days()).ok();
        if let Some(point) = at.and_then(|at| points.get_mut(at)) {
            point.value += day.figures.clicks;
        }
    }
    Some(Chart {
        title_key: "metric-clicks-30",
        unit: ChartUnit::Count,
        step: ChartStep::Day,
        bars: true,
        points,
    })
}

/// The first link of each program.
async fn links(pocket: &Pocket) -> Result<Vec<ProgramLink>, Problem> {
    let active = |it: &&(Partnership, _)| it.0.status == PartnershipStatus::Active;
    let own: Vec<_> = pocket.memberships.iter().filter(active).collect();
    let ids: Vec<_> = own.iter().map(|(partnership, _)| partnership.id).collect();
    let mut conn = pocket.read().await?;
    let found = stored(first_links(&mut *conn, &ids).await)?;
    let link = |(partnership, program): &&(Partnership, tributary_directory::Program)| {
        let link = found.iter().find(|it| it.partnership == partnership.id)?;
        let url = pocket.state.link_url(&link.host, &link.path);
        Some(ProgramLink { program: program.terms.name.clone(), url })
    };
    Ok(own.iter().filter_map(link).collect())
}
