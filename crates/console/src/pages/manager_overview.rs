use tributary_kernel::LocalDate;
use tributary_money::{Currency, Money};

use super::sample::{day, dkk};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Chart, ChartPoint, ChartStep, ChartUnit, Sparkline};

/// A key number beside the same number one period earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A count.
    Count {
        /// Now.
        value: i64,
        /// Before.
        before: Option<i64>,
    },
    /// An amount.
    Amount {
        /// Now.
        value: Money,
        /// Before.
        before: Option<Money>,
    },
}

/// Something that waits for the manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Commissions to decide.
    Commissions {
        /// How many.
        count: i64,
        /// What they come to.
        amount: Money,
    },
    /// Partners who ask to join.
    Applications {
        /// How many.
        count: i64,
    },
    /// Conversions held for a person.
    Held {
        /// How many.
        count: i64,
    },
    /// Leads whose answer a person gives.
    Leads {
        /// How many.
        count: i64,
    },
    /// Partners who asked about money.
    Inquiries {
        /// How many.
        count: i64,
    },
    /// Reports in quarantine.
    Quarantined {
        /// How many.
        count: i64,
    },
    /// Bank details that were changed.
    BankChecks {
        /// How many.
        count: i64,
    },
    /// A payout run to approve.
    Payout {
        /// Its pay day.
        day: LocalDate,
        /// What it comes to.
        amount: Money,
    },
}

/// A partner who brought most.
#[derive(Debug, Clone)]
pub struct TopPartner {
    /// Id of the partnership.
    pub id: String,
    /// Name.
    pub name: String,
    /// Conversions in the period.
    pub conversions: i64,
    /// Commission in the period.
    pub commission: Money,
    /// Per day or month, oldest first.
    pub trend: Vec<i64>,
}

/// What a manager sees first: what waits, how it goes, who brings it.
#[derive(Debug, Clone)]
pub struct Overview {
    /// First day of the period.
    pub from: LocalDate,
    /// Its last day.
    pub until: LocalDate,
    /// Days of the period as chosen: 30, 90 or 365.
    pub days: u32,
    /// Empty: nothing waits.
    pub waiting: Vec<Waiting>,
    /// Clicks.
    pub clicks: Figure,
    /// Conversions.
    pub conversions: Figure,
    /// Value of sales.
    pub revenue: Figure,
    /// Commission.
    pub commission: Figure,
    /// Commission over the period.
    pub chart: Chart,
    /// Most commission first.
    pub top: Vec<TopPartner>,
    /// What is to be done first, while the program has no partner yet.
    pub first_steps: Option<FirstSteps>,
}

/// The way to a first commission.
#[derive(Debug, Clone, Copy)]
pub struct FirstSteps {
    /// It says what is paid for.
    pub planned: bool,
}

impl Figure {
    /// How much it changed, in per cent with a sign; `None` where there is nothing to compare.
    fn change(&self, page: &crate::Frame<ManagerAccess>) -> Option<String> {
        let (value, before) = match self {
            Self::Count { value, before } => (*value, (*before)?),
            Self::Amount { value, before } => (value.minor, before.as_ref()?.minor),
        };
        let difference = value.checked_sub(before)?;
        let text = page.language.ratio(difference, before)?;
        Some(if difference > 0 { format!("+{text}") } else { text })
    }
}

impl Waiting {
    const fn path(&self) -> &'static str {
        match self {
            Self::Commissions { .. } => "/commissions?state=pending",
            Self::Applications { .. } => "/partners?state=applied",
            Self::Held { .. } => "/conversions?state=held",
            Self::Leads { .. } => "/leads?state=review",
            Self::Inquiries { .. } => "/inquiries",
            Self::Quarantined { .. } => "/quarantine",
            Self::BankChecks { .. } => "/partners?state=bank_held",
            Self::Payout { .. } => "/payouts/preview",
        }
    }

    const fn icon(&self) -> &'static str {
        match self {
            Self::Commissions { .. } => "commissions",
            Self::Applications { .. } => "partners",
            Self::Held { .. } | Self::Quarantined { .. } => "warning",
            Self::Leads { .. } => "leads",
            Self::Inquiries { .. } => "inbox",
            Self::BankChecks { .. } => "bank",
            Self::Payout { .. } => "payouts",
        }
    }

    fn words(&self, page: &crate::Frame<ManagerAccess>) -> String {
        match self {
            Self::Commissions { count, .. } => page.t1("waiting-commissions", "count", count),
            Self::Applications { count } => page.t1("waiting-applications", "count", count),
            Self::Held { count } => page.t1("waiting-held", "count", count),
            Self::Leads { count } => page.t1("waiting-leads", "count", count),
            Self::Inquiries { count } => page.t1("waiting-inquiries", "count", count),
            Self::Quarantined { count } => page.t1("waiting-quarantined", "count", count),
            Self::BankChecks { count } => page.t1("waiting-bank-checks", "count", count),
            Self::Payout { day, .. } => page.t1("waiting-payout", "date", day),
        }
    }

    const fn amount(&self) -> Option<Money> {
        match self {
            Self::Commissions { amount, .. } | Self::Payout { amount, .. } => Some(*amount),
            _ => None,
        }
    }
}

impl TopPartner {
    fn sparkline(&self) -> Sparkline {
        Sparkline::new(&self.trend)
    }
}

impl Overview {
    pub(super) fn sample_chart(bars: bool) -> Chart {
        let months = [
            (612_000, 390_000),
            (588_500, 402_300),
            (731_200, 455_000),
            (702_900, 512_800),
            (845_000, 498_100),
            (790_300, 540_000),
            (612_700, 455_900),
            (905_400, 610_200),
            (1_012_000, 690_500),
            (1_178_300, 734_000),
            (1_240_900, 802_700),
            (1_385_250, 861_000),
        ];
        let points = months.iter().enumerate().map(|(index, (value, previous))| {
            let month = (index + 11) % 12 + 1;
            let year = if index == 0 { 2025 } else { 2026 };
            ChartPoint {
                day: day(&format!("{year}-{month:02}-01")),
                value: *value,
                previous: Some(*previous),
            }
        });
        Chart {
            title_key: "metric-commission",
            unit: ChartUnit::Money(Currency::DKK),
            step: ChartStep::Month,
            bars,
            points: points.collect(),
        }
    }

    fn sample_views() -> Vec<Self> {
        let top = |id: &str, name: &str, conversions, minor, trend: &[i64]| TopPartner {
            id: id.to_owned(),
            name: name.to_owned(),
            conversions,
            commission: dkk(minor),
            trend: trend.to_vec(),
        };
        let busy = Self {
            from: day("2025-12-01"),
            until: day("2026-11-21"),
            days: 365,
            waiting: vec![
                Waiting::Commissions { count: 14, amount: dkk(1_862_500) },
                Waiting::Payout { day: day("2026-11-28"), amount: dkk(4_215_000) },
                Waiting::Applications { count: 3 },
                Waiting::BankChecks { count: 1 },
                Waiting::Held { count: 2 },
                Waiting::Leads { count: 1 },
                Waiting::Inquiries { count: 1 },
                Waiting::Quarantined { count: 4 },
            ],
            clicks: Figure::Count { value: 48_211, before: Some(39_870) },
            conversions: Figure::Count { value: 1_284, before: Some(1_302) },
            revenue: Figure::Amount { value: dkk(81_250_000), before: Some(dkk(64_410_000)) },
            commission: Figure::Amount { value: dkk(10_704_450), before: Some(dkk(6_952_500)) },
            chart: Self::sample_chart(false),
            top: vec![
                top("pship_a", "Anna Holm", 212, 2_380_000, &[3, 5, 4, 8, 9, 12, 11, 15]),
                top("pship_b", "Konsulenthuset Vest", 96, 1_944_500, &[9, 8, 8, 7, 9, 6, 7, 8]),
                top("pship_c", "Byg & Bolig Bloggen", 150, 1_120_250, &[1, 1, 2, 2, 6, 3, 4, 7]),
                top("pship_d", super::sample::AWKWARD, 41, 618_000, &[0, 0, 4, 0, 3, 0, 5, 1]),
            ],
            first_steps: None,
        };
        let quiet = Self { waiting: Vec::new(), days: 30, ..busy.clone() };
        let none = |currency| Figure::Amount { value: Money::zero(currency), before: None };
        let new = Self {
            waiting: Vec::new(),
            clicks: Figure::Count { value: 0, before: None },
            conversions: Figure::Count { value: 0, before: None },
            revenue: none(Currency::SEK),
            commission: none(Currency::SEK),
            chart: Chart { points: Vec::new(), ..Self::sample_chart(false) },
            top: Vec::new(),
            first_steps: Some(FirstSteps { planned: false }),
            ..busy.clone()
        };
        vec![busy, quiet, new]
    }
}

view!(Overview, "overview", ManagerAccess, "pages/overview.html", section: ManagerSection::Overview);
