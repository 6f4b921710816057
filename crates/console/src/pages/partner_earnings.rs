use tributary_attribution::Model;
use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Money, Share};

use super::sample::{at, day, dkk, dry_touch, earning_touch, rate, sek, share, stream};
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::{
    Arithmetic, CommissionState, NoCredit, NotPaid, Pager, Step, Stream, StreamKind, Streams,
    Touch, TouchChannel, WaitsFor,
};

/// An amount earned, or refused.
#[derive(Debug, Clone)]
pub struct EarningRow {
    /// Id of the commission.
    pub id: String,
    /// What it is for.
    pub what: String,
    /// The program.
    pub program: String,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: CommissionState,
    /// How much.
    pub amount: Money,
}

/// What a partner earned.
#[derive(Debug, Clone)]
pub struct EarningsList {
    /// State filtered by: `waiting`, `approved`, `paid`, `declined` or empty.
    pub state: String,
    /// Waiting, by currency.
    pub waiting: Vec<Money>,
    /// Approved and unpaid, by currency.
    pub approved: Vec<Money>,
    /// Paid in all, by currency.
    pub paid: Vec<Money>,
    /// The rows.
    pub rows: Vec<EarningRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Why this amount, and why not more.
#[derive(Debug, Clone)]
pub struct EarningDetail {
    /// Id of the commission.
    pub id: String,
    /// What it is for.
    pub what: String,
    /// The program.
    pub program: String,
    /// When the conversion happened.
    pub at: Timestamp,
    /// Where it stands.
    pub state: CommissionState,
    /// How the amount came about.
    pub arithmetic: Arithmetic,
    /// The same as a figure.
    pub streams: Option<Streams>,
    /// The partner's own touches; others' are shown without name.
    pub journey: Vec<Touch>,
    /// Days of the window.
    pub window_days: u32,
    /// By which model it was decided.
    pub model: Model,
    /// What it waits for.
    pub waits_for: Option<WaitsFor>,
    /// The day it was paid, and the statement.
    pub paid: Option<(LocalDate, String)>,
    /// Key of the reason and the manager's words, where it was declined.
    pub declined: Option<(super::DeclineReason, String)>,
    /// Why not more.
    pub not_paid: Vec<NotPaid>,
}

impl EarningsList {
    const fn tabs() -> &'static [(&'static str, &'static str)] {
        &[
            ("", "earnings-tab-all"),
            ("waiting", "earnings-tab-waiting"),
            ("approved", "earnings-tab-approved"),
            ("paid", "earnings-tab-paid"),
            ("declined", "earnings-tab-declined"),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let row = |number: i64, what: &str, state, minor| EarningRow {
            id: format!("com_{number}"),
            what: what.to_owned(),
            program: "Nordlys CRM".to_owned(),
            at: at("2026-11-21T08:12:00Z").plus_days(-4 * number),
            state,
            amount: dkk(minor),
        };
        use CommissionState::{Approved, Declined, Paid, Pending};
        let some = Self {
            state: String::new(),
            waiting: vec![dkk(482_500)],
            approved: vec![dkk(1_250_000)],
            paid: vec![dkk(4_210_000)],
            rows: vec![
                row(1, "Salg", Pending, 187_500),
                row(2, "Kvalificeret lead", Approved, 50_000),
                row(3, "Salg, betaling 4 af 12", Paid, 45_000),
                row(4, "Salg", Declined, 18_000),
            ],
            pager: Pager::whole(4),
        };
        let none = Self {
            waiting: Vec::new(),
            approved: Vec::new(),
            paid: Vec::new(),
            rows: Vec::new(),
            pager: Pager::whole(0),
            ..some.clone()
        };
        vec![some, none]
    }
}

impl EarningDetail {
    fn sample_arithmetic() -> Arithmetic {
        Arithmetic {
            steps: vec![
                Step::Rule { name: "Salg, de første 12 betalinger".to_owned(), version: 3 },
                Step::Payment { number: 1, of: Some(12) },
                Step::Base { amount: dkk(1_250_000) },
                Step::Percent { rate: rate("0.15"), result: dkk(187_500) },
                Step::Credit { share: share(600), result: dkk(112_500) },
                Step::Clawback { months: 12, everything: false },
            ],
            result: dkk(112_500),
        }
    }

    fn sample_journey() -> Vec<Touch> {
        let another = Touch {
            channel: TouchChannel::AnotherPartner,
            partner: None,
            ..earning_touch("2026-11-17T06:02:00Z", "", "", share(400))
        };
        vec![
            dry_touch("2026-11-02T07:45:00Z", "/anna", Some("Anna Holm"), NoCredit::NotLast),
            earning_touch("2026-11-14T20:10:00Z", "/anna/crm", "Anna Holm", share(600)),
            another,
            dry_touch("2026-11-20T12:31:00Z", "Google Ads", None, NoCredit::NotAPartner),
        ]
    }

    fn sample_streams() -> Streams {
        let another = Stream { label: None, ..stream("", share(400), None, StreamKind::Other) };
        Streams {
            total_key: "streams-commission-of-sale",
            total: dkk(187_500),
            streams: vec![
                stream("/anna/crm", share(600), Some(dkk(112_500)), StreamKind::Own),
                another,
                stream("Google Ads", Share::ZERO, None, StreamKind::Dry),
            ],
        }
    }

    fn sample_waiting() -> Self {
        let over = NoCredit::PaymentsOver { of: 12 };
        Self {
            id: "com_1".to_owned(),
            what: "Salg".to_owned(),
            program: "Nordlys CRM".to_owned(),
            at: at("2026-11-21T08:12:00Z"),
            state: CommissionState::Pending,
            arithmetic: Self::sample_arithmetic(),
            streams: Some(Self::sample_streams()),
            journey: Self::sample_journey(),
            window_days: 90,
            model: Model::LinearTouches,
            waits_for: Some(WaitsFor::Hold { until: day("2026-12-20") }),
            paid: None,
            declined: None,
            not_paid: vec![
                NotPaid { label: "/anna".to_owned(), reason: NoCredit::NotLast },
                NotPaid { label: "Oprettelse".to_owned(), reason: over },
            ],
        }
    }

    fn sample_exchanged() -> Arithmetic {
        let result = sek(74_260);
        let exchange = Step::Exchange {
            from: dkk(50_000),
            rate: rate("1.4852"),
            day: day("2026-11-02"),
            result,
        };
        let rule = Step::Rule { name: "Kvalificeret lead".to_owned(), version: 2 };
        let fixed = Step::Fixed { amount: dkk(50_000) };
        Arithmetic { steps: vec![rule, fixed, exchange, Step::Rounded { result }], result }
    }

    fn sample_views() -> Vec<Self> {
        let paid = Self {
            state: CommissionState::Paid,
            waits_for: None,
            paid: Some((day("2026-11-15"), "stm_1".to_owned())),
            arithmetic: Self::sample_exchanged(),
            streams: None,
            not_paid: Vec::new(),
            ..Self::sample_waiting()
        };
        let words = "Kunden har haft abonnement siden 2024.".to_owned();
        let declined = Self {
            state: CommissionState::Declined,
            waits_for: None,
            declined: Some((super::DeclineReason::NotQualified, words)),
            ..Self::sample_waiting()
        };
        let given = Self {
            what: "Manuelt beløb".to_owned(),
            arithmetic: super::sample::by_hand(None, -12_050),
            state: CommissionState::Approved,
            streams: None,
            journey: Vec::new(),
            waits_for: None,
            not_paid: Vec::new(),
            ..Self::sample_waiting()
        };
        vec![Self::sample_waiting(), paid, declined, given]
    }
}

view!(EarningsList, "earnings", PartnerAccess, "pages/earnings.html", section: PartnerSection::Earnings);
view!(EarningDetail, "earning", PartnerAccess, "pages/earning.html", section: PartnerSection::Earnings);
