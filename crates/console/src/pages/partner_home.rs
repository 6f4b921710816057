use tributary_kernel::LocalDate;
use tributary_money::Money;

use super::sample::{day, dkk, idr, sek};
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::{BankState, Chart, ChartPoint, ChartStep, ChartUnit, WaitsFor};

/// The next payout.
#[derive(Debug, Clone)]
pub struct NextPayout {
    /// Its day.
    pub day: LocalDate,
    /// How much, as it stands.
    pub amount: Money,
    /// From which program.
    pub program: String,
}

/// Money that is not there yet.
#[derive(Debug, Clone)]
pub struct WaitingAmount {
    /// How much.
    pub amount: Money,
    /// Conversions in it, where they are counted.
    pub count: Option<i64>,
    /// From which program.
    pub program: String,
    /// What it waits for.
    pub waits_for: WaitsFor,
}

/// A partner's own link to a program.
#[derive(Debug, Clone)]
pub struct ProgramLink {
    /// The program.
    pub program: String,
    /// The link.
    pub url: String,
}

/// What a partner sees first: next pay day and amount, then what every other amount waits for.
#[derive(Debug, Clone)]
pub struct PartnerHome {
    /// Next payouts, soonest first; empty: nothing is due.
    pub next: Vec<NextPayout>,
    /// Amounts that wait.
    pub waiting: Vec<WaitingAmount>,
    /// Where bank details stand.
    pub bank: BankState,
    /// Clicks of 30 days.
    pub clicks: i64,
    /// Conversions of 30 days.
    pub conversions: i64,
    /// Earned in 30 days, by currency.
    pub earned: Vec<Money>,
    /// Clicks per day.
    pub chart: Option<Chart>,
    /// One link per program.
    pub links: Vec<ProgramLink>,
}

impl PartnerHome {
    fn sample_chart() -> Chart {
        let clicks = [
            31, 28, 44, 51, 39, 22, 18, 47, 60, 58, 71, 66, 30, 25, 80, 92, 77, 61, 59, 33, 29, 88,
            104, 97, 90, 120, 64, 51, 133, 118,
        ];
        let points = (0..).zip(clicks).map(|(index, value)| ChartPoint {
            day: day("2026-10-23").plus_days(index),
            value,
            previous: None,
        });
        Chart {
            title_key: "metric-clicks-30",
            unit: ChartUnit::Count,
            step: ChartStep::Day,
            bars: true,
            points: points.collect(),
        }
    }

    fn sample_waiting(minor: i64, count: i64, waits_for: WaitsFor) -> WaitingAmount {
        WaitingAmount {
            amount: dkk(minor),
            count: Some(count),
            program: "Nordlys CRM".to_owned(),
            waits_for,
        }
    }

    fn sample_link(program: &str, url: &str) -> ProgramLink {
        ProgramLink { program: program.to_owned(), url: url.to_owned() }
    }

    fn sample_next(date: &str, amount: Money, program: &str) -> NextPayout {
        NextPayout { day: day(date), amount, program: program.to_owned() }
    }

    fn sample_of_one_program() -> Self {
        let waits = Self::sample_waiting;
        Self {
            next: vec![Self::sample_next("2026-11-28", dkk(1_250_000), "Nordlys CRM")],
            waiting: vec![
                waits(187_500, 1, WaitsFor::Hold { until: day("2026-12-20") }),
                waits(250_000, 5, WaitsFor::Review),
                waits(45_000, 1, WaitsFor::PayDay { day: day("2026-12-15") }),
            ],
            bank: BankState::Confirmed,
            clicks: 1_816,
            conversions: 37,
            earned: vec![dkk(482_500)],
            chart: Some(Self::sample_chart()),
            links: vec![Self::sample_link("Nordlys CRM", "https://go.nordlys.example/anna")],
        }
    }

    fn sample_of_many_programs() -> Self {
        let missing = WaitsFor::Minimum { minimum: idr(50_000_000), missing: idr(1_500_000) };
        Self {
            next: vec![
                Self::sample_next("2026-11-25", sek(182_300), "Fjällgården"),
                Self::sample_next("2026-11-28", dkk(1_250_000), "Nordlys CRM"),
            ],
            waiting: vec![
                WaitingAmount {
                    amount: idr(48_500_000),
                    count: None,
                    program: "Nusa Trips".to_owned(),
                    waits_for: missing,
                },
                Self::sample_waiting(187_500, 1, WaitsFor::BankCheck),
            ],
            bank: BankState::Held,
            earned: vec![dkk(482_500), sek(91_000), idr(48_500_000)],
            links: vec![
                Self::sample_link("Nordlys CRM", "https://go.nordlys.example/anna"),
                Self::sample_link("Fjällgården", "https://l.fjallgarden.example/anna"),
                Self::sample_link("Nusa Trips", "https://pergi.nusatrips.example/anna"),
            ],
            ..Self::sample_of_one_program()
        }
    }

    fn sample_views() -> Vec<Self> {
        let new = Self {
            next: Vec::new(),
            waiting: vec![Self::sample_waiting(50_000, 1, WaitsFor::BankDetails)],
            bank: BankState::Missing,
            clicks: 12,
            conversions: 1,
            earned: vec![dkk(50_000)],
            chart: None,
            ..Self::sample_of_one_program()
        };
        let fresh = Self {
            waiting: Vec::new(),
            clicks: 0,
            conversions: 0,
            earned: Vec::new(),
            ..new.clone()
        };
        vec![Self::sample_of_one_program(), Self::sample_of_many_programs(), new, fresh]
    }
}

view!(PartnerHome, "partner-home", PartnerAccess, "pages/partner_home.html", section: PartnerSection::Home);
