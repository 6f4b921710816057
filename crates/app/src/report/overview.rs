use std::collections::BTreeMap;

use tributary_directory::{Actor, Program, Viewer};
use tributary_kernel::{FieldError, LocalDate, PartnerId, ProgramId, Refusal, Zone, limits};
use tributary_ledger::AccountKind;
use tributary_money::{Currency, Money};
use tributary_payout::payday::{Rhythm, next_pay_date};
use tributary_store::decision::CommissionState;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::{ledger, program, work};

use super::request::{Dimension, Figures, Granularity, ReportRequest};
use super::run::{Key, gather};
use crate::directory::viewer_of;
use crate::{App, AppError};

/// Partners named in an overview.
const TOP_PARTNERS: usize = 10;
/// The longest period of an overview.
const DAYS_MAX: u32 = 400;

/// How things stand and go, for a manager or a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// First day of the period.
    pub from: LocalDate,
    /// Its last: today, in the program's zone; of several, where it is latest.
    pub to: LocalDate,
    /// Clicks and conversions of the period, over all currencies; its amounts are zero.
    pub counts: Figures,
    /// The same of as many days before it.
    pub counts_before: Figures,
    /// Money, by currency.
    pub currencies: Vec<CurrencyOverview>,
    /// Commissions that wait for approval; a number above 10,000 means more than that.
    pub to_decide: i64,
    /// Facts that wait in quarantine, counted likewise; 0 for a partner.
    pub quarantined: i64,
    /// The next day on which a program pays.
    pub next_pay_day: Option<LocalDate>,
}

/// Money of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyOverview {
    /// Which.
    pub currency: Currency,
    /// The period.
    pub now: Figures,
    /// As many days before it.
    pub before: Figures,
    /// The period day by day, every day of it.
    pub days: Vec<DayFigures>,
    /// The days before it in the same way: as many, each as far before its counterpart.
    pub days_before: Vec<DayFigures>,
    /// Who earned most in the period, most first; empty for a partner.
    pub top: Vec<TopPartner>,
    /// Waits for approval, whenever it was earned.
    pub pending: Money,
    /// Approved and in no payout.
    pub approved: Money,
    /// In payouts on their way.
    pub payable: Money,
    /// Paid so far.
    pub paid: Money,
    /// Paid, and owed back.
    pub owed_back: Money,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFigures {
    /// Which.
    pub day: LocalDate,
    /// Its numbers.
    pub figures: Figures,
}

/// A partner who earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopPartner {
    /// Who.
    pub partner: PartnerId,
    /// Its numbers in the period.
    pub figures: Figures,
}

/// The overview of one program or all, over the last `days` days and as many before.
///
/// # Errors
/// Not found; refused for 0 or more than 400 days; a fault.
pub async fn overview(
    app: &App,
    actor: &Actor,
    program: Option<ProgramId>,
    days: u32,
) -> Result<Overview, AppError> {
    let viewer = viewer_of(actor)?;
    if !(1..=DAYS_MAX).contains(&days) {
        let detail = format!("Give 1 to {DAYS_MAX} days.");
        return Err(FieldError::new("/days", "range", detail).into());
    }
    let mut conn = app.record.read().await?;
    let programs = programs(&mut *conn, viewer, program).await?;
    let calendar = Calendar::of(app, &programs)?;
    let days = i32::try_from(days).unwrap_or(1);
    let from = calendar.today.plus_days(1 - days);
    let balances = ledger::summed_balances(&mut *conn, viewer, program).await?;
    let state = CommissionState::Pending;
    let to_decide = work::count_in_state(&mut *conn, viewer, program, state).await?;
    let quarantined = match viewer {
        Viewer::Owner(owner) => work::count_waiting(&mut *conn, owner, program).await?,
        Viewer::Partner(_) => 0,
    };
    drop(conn);

    let mut request = ReportRequest::of(from.plus_days(-days), calendar.today);
    request.filter.program = program;
    request.granularity = Granularity::Day;
    if matches!(viewer, Viewer::Owner(_)) {
        request.dimensions.push(Dimension::Partner);
    }
    let sums = gather(app, viewer, &request).await?;
    let mut by_currency: BTreeMap<Currency, Builder> = BTreeMap::new();
    for it in &programs {
        by_currency.entry(it.terms.currency).or_default();
    }
    for (key, figures) in &sums {
        by_currency.entry(key.currency).or_default().add(key, figures, from);
    }
    for it in &balances {
        by_currency.entry(it.currency).or_default().balance(&it.kind, it.balance);
    }
    let (mut counts, mut counts_before) = (Figures::default(), Figures::default());
    let mut currencies = Vec::new();
    for (currency, it) in by_currency {
        counts.add(&without_money(&it.now));
        counts_before.add(&without_money(&it.before));
        currencies.push(it.finish(currency, from, calendar.today));
    }
    Ok(Overview {
        from,
        to: calendar.today,
        counts,
        counts_before,
        currencies,
        to_decide,
        quarantined,
        next_pay_day: calendar.next_pay_day,
    })
}

fn without_money(figures: &Figures) -> Figures {
    let commission = Default::default();
    Figures { amount: 0, commission, ..*figures }
}

async fn programs(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: Option<ProgramId>,
) -> Result<Vec<Program>, AppError> {
    if let Some(id) = id {
        let found = program::find(conn, viewer, id).await?;
        return Ok(vec![found.ok_or_else(|| Refusal::not_found("program"))?]);
    }
    // Somebody with more programs than a page sees the newest ones' pay days.
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    Ok(program::list(conn, viewer, page).await?.items)
}

struct Calendar {
    today: LocalDate,
    next_pay_day: Option<LocalDate>,
}

impl Calendar {
    fn of(app: &App, programs: &[Program]) -> Result<Self, AppError> {
        let now = app.now();
        let mut it = Self { today: Zone::utc().date(now), next_pay_day: None };
        let mut latest = None;
        for program in programs {
            let zone = Zone::named(&program.terms.time_zone)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", program.id)))?;
            latest = latest.max(Some(zone.date(now)));
            let day = u8::try_from(program.terms.payout_day).unwrap_or(u8::MAX);
            let pays = next_pay_date(&zone, Rhythm::Monthly { day }, now, None);
            it.next_pay_day = it.next_pay_day.into_iter().chain(pays).min();
        }
        it.today = latest.unwrap_or(it.today);
        Ok(it)
    }
}

#[derive(Debug, Default)]
struct Builder {
    now: Figures,
    before: Figures,
    days: BTreeMap<LocalDate, Figures>,
    partners: BTreeMap<PartnerId, Figures>,
    balances: BTreeMap<String, i64>,
}

impl Builder {
    fn add(&mut self, key: &Key, figures: &Figures, from: LocalDate) {
        let Some(day) = key.period else { return };
        self.days.entry(day).or_default().add(figures);
        if day < from {
            self.before.add(figures);
            return;
        }
        self.now.add(figures);
        if let Some(partner) = key.partner {
            self.partners.entry(partner).or_default().add(figures);
        }
    }

    fn balance(&mut self, kind: &str, balance: i64) {
        *self.balances.entry(kind.to_owned()).or_insert(0) += balance;
    }

    fn finish(self, currency: Currency, from: LocalDate, to: LocalDate) -> CurrencyOverview {
        let Self { now, before, days, partners, balances } = self;
        let debit = |kind: AccountKind| balances.get(kind.as_str()).copied().unwrap_or(0);
        let owed = |kind| Money::new(-debit(kind), currency);
        let length = to.as_days() - from.as_days() + 1;
        let every_day = |first: i32| -> Vec<DayFigures> {
            let of = |day| DayFigures { day, figures: days.get(&day).copied().unwrap_or_default() };
            (first..first + length).map(LocalDate::from_days).map(of).collect()
        };
        let mut top: Vec<TopPartner> = partners
            .into_iter()
            .map(|(partner, figures)| TopPartner { partner, figures })
            .collect();
        top.sort_by_key(|it| {
            let figures = &it.figures;
            std::cmp::Reverse((figures.commission.earned(), figures.conversions, figures.clicks))
        });
        top.truncate(TOP_PARTNERS);
        CurrencyOverview {
            currency,
            now,
            before,
            days: every_day(from.as_days()),
            days_before: every_day(from.as_days() - length),
            top,
            pending: owed(AccountKind::PartnerPending),
            approved: owed(AccountKind::PartnerApproved),
            payable: owed(AccountKind::PartnerPayable),
            paid: owed(AccountKind::PartnerPaid),
            owed_back: Money::new(debit(AccountKind::PartnerClawback), currency),
        }
    }
}
