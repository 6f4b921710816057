use tributary_attribution::{Cause, Model};
use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Money, Share};

use super::sample::{AWKWARD, at, day, dkk, dry_touch, earning_touch, rate, share, stream};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{
    Arithmetic, CommissionState, ConversionState, NoCredit, NotPaid, Pager, Step, Stream,
    StreamKind, Streams, Touch,
};

/// A conversion in the list.
#[derive(Debug, Clone)]
pub struct ConversionRow {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Kind, as the program names it.
    pub kind: String,
    /// Order or other reference.
    pub reference: Option<String>,
    /// Value; none for events without one.
    pub value: Option<Money>,
    /// Partners with credit.
    pub partners: Vec<String>,
    /// What came of it.
    pub state: ConversionState,
    /// Commission in all.
    pub commission: Money,
}

/// The conversions of a program.
#[derive(Debug, Clone)]
pub struct ConversionsList {
    /// Order number, e-mail or partner searched for.
    pub search: String,
    /// State filtered by; empty: all.
    pub state: String,
    /// First day; empty: from the beginning.
    pub from: String,
    /// Last day; empty: until now.
    pub until: String,
    /// The rows.
    pub rows: Vec<ConversionRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// A partner's credit for a conversion.
#[derive(Debug, Clone)]
pub struct JourneyCredit {
    /// Who.
    pub partner: String,
    /// How much of it.
    pub share: Share,
}

/// Money owed for a conversion.
#[derive(Debug, Clone)]
pub struct CommissionLine {
    /// Its id.
    pub id: String,
    /// To whom.
    pub partner: String,
    /// Where it stands.
    pub state: CommissionState,
    /// How the amount came about.
    pub arithmetic: Arithmetic,
}

/// What one model gives a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRow {
    /// Which model.
    pub model: Model,
    /// It decided.
    pub decided: bool,
    /// Partners and channels with their shares.
    pub shares: Vec<(String, Share)>,
}

/// A decision that another has replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedRow {
    /// When.
    pub at: Timestamp,
    /// By which model it was made.
    pub model: Model,
    /// Why the other differs.
    pub causes: Vec<Cause>,
    /// Whose share went from what to what.
    pub changes: Vec<(String, Share, Share)>,
}

impl<A> crate::Frame<A> {
    /// Why a conversion was decided again.
    #[must_use]
    pub fn cause(&self, cause: &Cause) -> String {
        self.t(match cause {
            Cause::TouchesAdded => "cause-touches-added",
            Cause::TouchesRemoved => "cause-touches-removed",
            Cause::TouchesChanged => "cause-touches-changed",
            Cause::StagesChanged => "cause-stages-changed",
            Cause::ModelChanged => "cause-model-changed",
            Cause::WindowChanged => "cause-window-changed",
            Cause::RulesChanged => "cause-rules-changed",
        })
    }
}

/// One conversion: its journey, who got credit, what is owed and why, and what is not.
#[derive(Debug, Clone)]
pub struct ConversionDetail {
    /// Its id.
    pub id: String,
    /// Kind, as the program names it.
    pub kind: String,
    /// Order or other reference.
    pub reference: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// What came of it.
    pub state: ConversionState,
    /// Value.
    pub value: Option<Money>,
    /// How it was reported.
    pub source: String,
    /// First day on which the window opens.
    pub window_from: Option<LocalDate>,
    /// Days of the window.
    pub window_days: u32,
    /// From first to last.
    pub journey: Vec<Touch>,
    /// Who got credit.
    pub credit: Vec<JourneyCredit>,
    /// What of it is no partner's, where some is.
    pub unpaid_share: Option<Share>,
    /// By which model.
    pub model: Model,
    /// What is owed.
    pub commissions: Vec<CommissionLine>,
    /// The same as a figure; none when nothing is owed.
    pub streams: Option<Streams>,
    /// Another decision that waits for a person.
    pub proposed: Option<ReplacedRow>,
    /// What every model gives it.
    pub models: Vec<ModelRow>,
    /// Decisions that were replaced.
    pub replaced: Vec<ReplacedRow>,
    /// What was not paid.
    pub not_paid: Vec<NotPaid>,
    /// It only carries an amount that a person gave: nobody came to it.
    pub manual: bool,
    /// It waits for a person to say whether its click counts.
    pub may_settle: bool,
    /// There is something left to give back or to put right.
    pub may_adjust: bool,
    /// Its amount can still be put right.
    pub may_correct: bool,
    /// The plan takes commission back when the customer leaves, and they have not left.
    pub may_depart: bool,
    /// What is left to give back; none: nothing, or it has no value.
    pub refundable: Option<Money>,
    /// What was given back; none: nothing.
    pub returned: Option<Money>,
}

impl ConversionsList {
    const fn states() -> &'static [(&'static str, &'static str)] {
        &[
            ("pending", "commission-pending"),
            ("approved", "commission-approved"),
            ("held", "conversion-held"),
            ("uncredited", "conversion-not-credited"),
            ("declined", "conversion-declined"),
            ("reversed", "conversion-refunded"),
        ]
    }

    const fn is_filtered(&self) -> bool {
        !(self.search.is_empty()
            && self.state.is_empty()
            && self.from.is_empty()
            && self.until.is_empty())
    }

    fn sample_rows() -> Vec<ConversionRow> {
        let row = |id: &str, time: &str, kind: &str, value, partners: &[&str], state, minor| {
            ConversionRow {
                id: format!("conv_{id}"),
                at: at(time),
                kind: kind.to_owned(),
                reference: Some(format!("#10{id}")),
                value,
                partners: partners.iter().map(|name| (*name).to_owned()).collect(),
                state,
                commission: dkk(minor),
            }
        };
        use ConversionState::{Credited, Held, NotCredited, PartlyRefunded, Refunded};
        vec![
            row(
                "09",
                "2026-11-21T08:12:00Z",
                "Salg",
                Some(dkk(1_250_000)),
                &["Anna Holm"],
                Credited,
                187_500,
            ),
            row(
                "08",
                "2026-11-20T15:40:00Z",
                "Kvalificeret lead",
                None,
                &["Konsulenthuset Vest"],
                Held,
                50_000,
            ),
            row("07", "2026-11-20T10:03:00Z", "Salg", Some(dkk(399_900)), &[], NotCredited, 0),
            row(
                "06",
                "2026-11-19T21:55:00Z",
                "Salg",
                Some(dkk(899_500)),
                &["Anna Holm", AWKWARD],
                PartlyRefunded,
                67_463,
            ),
            row(
                "05",
                "2026-11-18T09:30:00Z",
                "Salg",
                Some(dkk(120_000)),
                &["Byg & Bolig Bloggen"],
                Refunded,
                0,
            ),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let all = Self {
            search: String::new(),
            state: String::new(),
            from: String::new(),
            until: String::new(),
            rows: Self::sample_rows(),
            pager: Pager {
                shown: 5,
                total: None,
                newer: Some("/manage/prog_demo/conversions?before=1".to_owned()),
                older: Some("/manage/prog_demo/conversions?after=5".to_owned()),
            },
        };
        let nothing = Self {
            search: "99999".to_owned(),
            state: "held".to_owned(),
            from: "2026-11-01".to_owned(),
            until: "2026-11-21".to_owned(),
            rows: Vec::new(),
            pager: Pager::whole(0),
        };
        let none = Self {
            search: String::new(),
            state: String::new(),
            from: String::new(),
            until: String::new(),
            ..nothing.clone()
        };
        vec![all, nothing, none]
    }
}

impl CommissionLine {
    /// It was agreed, and there is something left of it.
    const fn may_be_reversed(&self) -> bool {
        use CommissionState::{Approved, Paid, Payable};
        matches!(self.state, Approved | Payable | Paid) && self.arithmetic.result.minor > 0
    }
}

impl ConversionDetail {
    fn sample_journey() -> Vec<Touch> {
        let outside = NoCredit::OutsideWindow { days: 121, window: 90 };
        let vest = Some("Konsulenthuset Vest");
        vec![
            dry_touch("2026-07-23T18:20:00Z", "/byg", Some("Byg & Bolig Bloggen"), outside),
            dry_touch("2026-11-02T07:45:00Z", "/vest", vest, NoCredit::NotLast),
            earning_touch("2026-11-14T20:10:00Z", "/anna/crm", "Anna Holm", Share::ONE),
            dry_touch("2026-11-20T12:31:00Z", "Google Ads", None, NoCredit::NotAPartner),
        ]
    }

    fn sample_arithmetic() -> Arithmetic {
        let name = "Salg, de første 12 betalinger".to_owned();
        let steps = vec![
            Step::Rule { name, version: 3 },
            Step::Payment { number: 1, of: Some(12) },
            Step::Base { amount: dkk(1_250_000) },
            Step::Percent { rate: rate("0.15"), result: dkk(187_500) },
        ];
        Arithmetic { steps, result: dkk(187_500) }
    }

    fn sample_streams(total: i64, streams: Vec<Stream>) -> Option<Streams> {
        Some(Streams { total_key: "metric-commission", total: dkk(total), streams })
    }

    fn sample_credited() -> Self {
        let outside = NoCredit::OutsideWindow { days: 121, window: 90 };
        Self {
            id: "conv_09".to_owned(),
            kind: "Salg".to_owned(),
            reference: Some("#1009".to_owned()),
            at: at("2026-11-21T08:12:00Z"),
            state: ConversionState::Credited,
            value: Some(dkk(1_250_000)),
            source: "Webshop (API)".to_owned(),
            window_from: Some(day("2026-08-23")),
            window_days: 90,
            journey: Self::sample_journey(),
            credit: vec![JourneyCredit { partner: "Anna Holm".to_owned(), share: Share::ONE }],
            unpaid_share: None,
            model: Model::LastPartnerClick,
            proposed: None,
            models: vec![
                ModelRow {
                    model: Model::LastPartnerClick,
                    decided: true,
                    shares: vec![("Anna Holm".to_owned(), Share::ONE)],
                },
                ModelRow {
                    model: Model::LinearTouches,
                    decided: false,
                    shares: vec![
                        ("Anna Holm".to_owned(), share(500)),
                        (AWKWARD.to_owned(), share(500)),
                    ],
                },
                ModelRow { model: Model::LastClick, decided: false, shares: Vec::new() },
            ],
            replaced: vec![ReplacedRow {
                at: at("2026-11-21T09:00:00Z"),
                model: Model::FirstTouch,
                causes: vec![Cause::ModelChanged, Cause::TouchesAdded],
                changes: vec![("Anna Holm".to_owned(), Share::ZERO, Share::ONE)],
            }],
            commissions: vec![CommissionLine {
                id: "com_1".to_owned(),
                partner: "Anna Holm".to_owned(),
                state: CommissionState::Pending,
                arithmetic: Self::sample_arithmetic(),
            }],
            streams: Self::sample_streams(
                187_500,
                vec![
                    stream("Byg & Bolig Bloggen", Share::ZERO, None, StreamKind::Dry),
                    stream("Konsulenthuset Vest", Share::ZERO, None, StreamKind::Dry),
                    stream("Anna Holm", Share::ONE, Some(dkk(187_500)), StreamKind::Own),
                ],
            ),
            not_paid: vec![
                NotPaid { label: "Byg & Bolig Bloggen".to_owned(), reason: outside },
                NotPaid { label: "Konsulenthuset Vest".to_owned(), reason: NoCredit::NotLast },
            ],
            manual: false,
            may_settle: false,
            may_adjust: true,
            may_correct: true,
            may_depart: true,
            refundable: Some(dkk(1_250_000)),
            returned: None,
        }
    }

    fn sample_line(id: &str, partner: &str, thousandths: u32) -> CommissionLine {
        let own = 187_500 * i64::from(thousandths) / 1_000;
        let mut arithmetic = Self::sample_arithmetic();
        arithmetic.steps.push(Step::Credit { share: share(thousandths), result: dkk(own) });
        arithmetic.steps.push(Step::Returned { amount: dkk(-own / 2) });
        arithmetic.result = dkk(own - own / 2);
        CommissionLine {
            id: id.to_owned(),
            partner: partner.to_owned(),
            state: CommissionState::Approved,
            arithmetic,
        }
    }

    fn sample_shared() -> Self {
        let mut shared = Self::sample_credited();
        shared.state = ConversionState::PartlyRefunded;
        shared.journey[1].share = Some(share(400));
        shared.journey[1].no_credit = None;
        shared.journey[2].share = Some(share(600));
        shared.credit = vec![
            JourneyCredit { partner: "Konsulenthuset Vest".to_owned(), share: share(400) },
            JourneyCredit { partner: AWKWARD.to_owned(), share: share(500) },
        ];
        shared.unpaid_share = Some(share(100));
        shared.model = Model::LinearTouches;
        shared.commissions = vec![
            Self::sample_line("com_2", "Konsulenthuset Vest", 400),
            Self::sample_line("com_3", AWKWARD, 600),
        ];
        shared.streams = Self::sample_streams(
            93_750,
            vec![
                stream("Byg & Bolig Bloggen", Share::ZERO, None, StreamKind::Dry),
                stream("Konsulenthuset Vest", share(400), Some(dkk(37_500)), StreamKind::Other),
                stream(AWKWARD, share(600), Some(dkk(56_250)), StreamKind::Own),
            ],
        );
        shared.not_paid.truncate(1);
        shared.proposed = shared.replaced.first().cloned();
        shared.may_correct = false;
        shared.may_depart = false;
        shared.refundable = Some(dkk(625_000));
        shared.returned = Some(dkk(625_000));
        shared
    }

    fn sample_views() -> Vec<Self> {
        let uncredited = Self {
            state: ConversionState::NotCredited,
            reference: None,
            value: None,
            journey: Vec::new(),
            credit: Vec::new(),
            commissions: Vec::new(),
            streams: None,
            not_paid: vec![NotPaid { label: "Salg".to_owned(), reason: NoCredit::NoRule }],
            ..Self::sample_credited()
        };
        let line = CommissionLine {
            id: "com_1".to_owned(),
            partner: "Anna Holm".to_owned(),
            state: CommissionState::Pending,
            arithmetic: super::sample::by_hand(Some("Mette Krogh"), 50_000),
        };
        let manual = Self {
            kind: "Manuelt beløb".to_owned(),
            state: ConversionState::Credited,
            commissions: vec![line],
            not_paid: Vec::new(),
            models: Vec::new(),
            replaced: Vec::new(),
            may_adjust: false,
            manual: true,
            ..uncredited.clone()
        };
        vec![Self::sample_credited(), Self::sample_shared(), uncredited, manual]
    }
}

view!(ConversionsList, "conversions", ManagerAccess, "pages/conversions.html", section: ManagerSection::Conversions);
view!(ConversionDetail, "conversion", ManagerAccess, "pages/conversion.html", section: ManagerSection::Conversions);
