use tributary_i18n::Language;
use tributary_money::{Money, Share};

use super::sample::{AWKWARD, day, dkk, dry_touch, earning_touch, idr, rate, sek, share, stream};
use super::{Overview, RuleSummary};
use crate::page::view;
use crate::parts::{
    Arithmetic, Badge, BankState, Chart, ChartPoint, ChartStep, ChartUnit, Choice, CommissionState,
    ConversionState, Field, LeadStatus, LinkState, NoCredit, NotPaid, Pager, PartnerState,
    PayoutState, PersonState, RunState, Sparkline, Step, StreamKind, Streams, Tone, Touch,
};
use crate::{Frame, Public};

/// Every part with its states, for those who build pages.
#[derive(Debug, Clone)]
pub struct DesignPage {
    amounts: Vec<Money>,
    fields: [Field; 5],
    choices: Vec<Choice>,
    line: Chart,
    bars: Chart,
    streams: Streams,
    arithmetic: Arithmetic,
    journey: Vec<Touch>,
    not_paid: Vec<NotPaid>,
    rules: Vec<RuleSummary>,
    pager: Pager,
}

const COLOURS: &[&str] = &[
    "surface",
    "surface-raised",
    "surface-sunk",
    "ink",
    "ink-soft",
    "line",
    "line-strong",
    "accent",
    "accent-soft",
    "earned",
    "earned-soft",
    "waiting",
    "waiting-soft",
    "declined",
    "declined-soft",
    "attention",
    "attention-soft",
    "info",
    "info-soft",
];

impl DesignPage {
    const fn colours() -> &'static [&'static str] {
        COLOURS
    }

    const fn tones() -> &'static [Tone] {
        &Tone::ALL
    }

    fn badges(page: &Frame<Public>) -> Vec<Badge> {
        let mut badges: Vec<Badge> = Vec::new();
        badges.extend(CommissionState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(ConversionState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(PartnerState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(LinkState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(LeadStatus::ALL.iter().map(|state| page.badge(state)));
        badges.extend(RunState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(PayoutState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(PersonState::ALL.iter().map(|state| page.badge(state)));
        badges.extend(BankState::ALL.iter().map(|state| page.badge(state)));
        badges
    }

    fn in_language(amount: &Money, language: &Language) -> String {
        language.money(*amount)
    }

    fn day_in(language: &Language) -> String {
        language.weekday_date(day("2026-11-28"))
    }

    fn sparkline() -> Sparkline {
        Sparkline::new(&[3, 5, 4, 8, 9, 12, 11, 15])
    }

    fn sample_streams() -> Streams {
        use StreamKind::{Dry, Other, Own};
        Streams {
            total_key: "metric-commission",
            total: dkk(187_500),
            streams: vec![
                stream("Anna Holm", share(500), Some(dkk(93_750)), Own),
                stream("Konsulenthuset Vest", share(300), Some(dkk(56_250)), Other),
                stream(AWKWARD, share(200), Some(dkk(37_500)), Other),
                stream("Google Ads", share(0), None, Dry),
            ],
        }
    }

    fn sample_journey() -> Vec<Touch> {
        let outside = NoCredit::OutsideWindow { days: 121, window: 90 };
        vec![
            dry_touch("2026-07-23T18:20:00Z", "/byg", Some("Byg & Bolig"), outside),
            earning_touch("2026-11-14T20:10:00Z", "/anna", "Anna Holm", Share::ONE),
            dry_touch("2026-11-20T12:31:00Z", "Google Ads", None, NoCredit::NotAPartner),
        ]
    }

    fn sample_not_paid() -> Vec<NotPaid> {
        let reasons = [
            NoCredit::NoConsent,
            NoCredit::CodeDecides,
            NoCredit::NotActive,
            NoCredit::NotAPerson,
            NoCredit::Test,
            NoCredit::Duplicate,
            NoCredit::Returned,
        ];
        reasons.map(|reason| NotPaid { label: "/anna".to_owned(), reason }).to_vec()
    }

    fn sample_views() -> Vec<Self> {
        let clicks = (0..30).map(|index| ChartPoint {
            day: day("2026-10-23").plus_days(index),
            value: i64::from((index * 37) % 23 + index),
            previous: None,
        });
        let steps = vec![
            Step::Rule { name: "Salg".to_owned(), version: 3 },
            Step::Payment { number: 4, of: None },
            Step::Base { amount: dkk(1_250_000) },
            Step::Percent { rate: rate("0.15"), result: dkk(187_500) },
            Step::Credit { share: share(500), result: dkk(93_750) },
        ];
        vec![Self {
            amounts: vec![dkk(1_250_000), sek(-9_950), idr(48_500_000), dkk(0)],
            fields: [
                Field::default(),
                Field::of("anna@annaholm.example"),
                Field::wrong("anna@", "email_malformed"),
                Field::of("on"),
                Field::of("dk"),
            ],
            choices: vec![Choice::new("dk", "DKK"), Choice::new("se", "SEK")],
            line: Overview::sample_chart(false),
            bars: Chart {
                title_key: "metric-clicks-30",
                unit: ChartUnit::Count,
                step: ChartStep::Day,
                bars: true,
                points: clicks.collect(),
            },
            streams: Self::sample_streams(),
            arithmetic: Arithmetic { steps, result: dkk(93_750) },
            journey: Self::sample_journey(),
            not_paid: Self::sample_not_paid(),
            rules: RuleSummary::samples(),
            pager: Pager {
                shown: 50,
                total: None,
                newer: Some("/design".to_owned()),
                older: Some("/design".to_owned()),
            },
        }]
    }
}

view!(DesignPage, "design", Public, "pages/design.html");
