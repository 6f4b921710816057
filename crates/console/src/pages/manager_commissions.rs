use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::sample::{AWKWARD, at, day, dkk};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{CommissionState, Field, Pager};

/// A commission in the list.
#[derive(Debug, Clone)]
pub struct CommissionRow {
    /// Its id.
    pub id: String,
    /// Id of its conversion.
    pub conversion: String,
    /// What it is for: kind and reference.
    pub what: String,
    /// To whom.
    pub partner: String,
    /// When the conversion happened.
    pub at: Timestamp,
    /// Last day of its hold, while it waits.
    pub hold_until: Option<LocalDate>,
    /// Where it stands.
    pub state: CommissionState,
    /// How much.
    pub amount: Money,
}

/// The commissions of a program.
#[derive(Debug, Clone)]
pub struct CommissionsList {
    /// State filtered by; empty: all.
    pub state: String,
    /// What is searched for.
    pub search: String,
    /// How many wait, and their sum.
    pub pending: (i64, Money),
    /// How many are approved and unpaid, and their sum.
    pub approved: (i64, Money),
    /// How many were declined in 30 days, and their sum.
    pub declined: (i64, Money),
    /// The rows.
    pub rows: Vec<CommissionRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// What a manager decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are owed.
    Approve,
    /// They are not, for a reason.
    Decline,
    /// What was approved waits again.
    TakeBack,
    /// What was agreed is no longer owed, for a reason; paid money is owed back.
    Reverse,
}

/// Why a commission is declined or was taken back; the partner reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineReason {
    /// The order was cancelled or returned.
    Cancelled,
    /// The lead does not meet the criteria.
    NotQualified,
    /// Reported twice.
    Duplicate,
    /// The partner's own purchase.
    SelfReferral,
    /// Against the program's terms.
    TermsBroken,
    /// Fraud.
    Fraud,
    /// Booked in error.
    Mistake,
    /// None of these.
    Other,
    /// The customer got the money back; said by the system, never chosen.
    Refund,
    /// The customer's bank took the money back; said by the system, never chosen.
    Chargeback,
    /// The customer left early; said by the system, never chosen.
    LeftEarly,
}

/// What a decision means for one partner.
#[derive(Debug, Clone)]
pub struct DecisionLine {
    /// Who.
    pub partner: String,
    /// How many commissions.
    pub count: i64,
    /// Their sum.
    pub amount: Money,
}

/// Says in numbers what a decision will do, before it is done. Also the page without script for
/// what is a dialog with it.
#[derive(Debug, Clone)]
pub struct CommissionsConfirm {
    /// Which.
    pub decision: Decision,
    /// Ids of the commissions, sent back with the form.
    pub ids: Vec<String>,
    /// By partner.
    pub lines: Vec<DecisionLine>,
    /// In all.
    pub total: Money,
    /// Chosen rows that are no longer waiting and stay as they are.
    pub skipped: i64,
    /// Pay day that approved amounts go out on.
    pub pay_day: Option<LocalDate>,
    /// How many would be approved before their hold is over, and the last day of it.
    pub in_hold: Option<(i64, LocalDate)>,
    /// How much of it is in payouts, on their way or paid.
    pub in_payout: Money,
    /// The conversion from whose page it was asked for; none: from the list.
    pub conversion: Option<String>,
    /// The reason chosen.
    pub reason: Field,
}

impl DeclineReason {
    /// Those that a person chooses from.
    pub const CHOICES: [Self; 8] = [
        Self::Cancelled,
        Self::NotQualified,
        Self::Duplicate,
        Self::SelfReferral,
        Self::TermsBroken,
        Self::Fraud,
        Self::Mistake,
        Self::Other,
    ];

    /// Its stable name, as in the ledger.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NotQualified => "not_qualified",
            Self::Duplicate => "duplicate",
            Self::SelfReferral => "self_referral",
            Self::TermsBroken => "terms_broken",
            Self::Fraud => "fraud",
            Self::Mistake => "mistake",
            Self::Other => "other",
            Self::Refund => "refund",
            Self::Chargeback => "chargeback",
            Self::LeftEarly => "left_early",
        }
    }

    /// The reason of a stable name; what is not told to people by name is [`Self::Other`].
    #[must_use]
    pub fn of(code: &str) -> Self {
        let all =
            Self::CHOICES.into_iter().chain([Self::Refund, Self::Chargeback, Self::LeftEarly]);
        all.into_iter().find(|it| it.code() == code).unwrap_or(Self::Other)
    }

    /// Key of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cancelled => "decline-returned",
            Self::NotQualified => "decline-not-qualified",
            Self::Duplicate => "decline-duplicate",
            Self::SelfReferral => "decline-own-purchase",
            Self::TermsBroken => "decline-terms",
            Self::Fraud => "decline-fraud",
            Self::Mistake => "decline-mistake",
            Self::Other => "decline-other",
            Self::Refund => "decline-refund",
            Self::Chargeback => "decline-chargeback",
            Self::LeftEarly => "decline-left-early",
        }
    }
}

impl CommissionRow {
    const fn may_be_chosen(&self) -> bool {
        matches!(self.state, CommissionState::Pending)
    }

    pub(super) fn samples() -> Vec<Self> {
        let row = |number: i64, partner: &str, what: &str, state, minor| Self {
            id: format!("com_{number}"),
            conversion: format!("conv_{number}"),
            what: format!("{what} #10{number:02}"),
            partner: partner.to_owned(),
            at: at("2026-11-20T10:03:00Z").plus_days(-number),
            hold_until: (state == CommissionState::Pending).then(|| day("2026-12-20")),
            state,
            amount: dkk(minor),
        };
        use CommissionState::{Approved, Declined, Paid, Pending, Reversed, Test};
        vec![
            row(9, "Anna Holm", "Salg", Pending, 187_500),
            row(8, "Konsulenthuset Vest", "Kvalificeret lead", Pending, 50_000),
            row(7, AWKWARD, "Salg", Approved, 67_463),
            row(6, "Anna Holm", "Salg", Paid, 450_000),
            row(5, "Byg & Bolig Bloggen", "Salg", Declined, 18_000),
            row(4, "Byg & Bolig Bloggen", "Salg", Reversed, -18_000),
            row(3, "Anna Holm", "Salg", Test, 100),
        ]
    }
}

impl CommissionsList {
    const fn tabs() -> &'static [(&'static str, &'static str)] {
        &[
            ("pending", "commissions-tab-pending"),
            ("approved", "commissions-tab-approved"),
            ("paid", "commissions-tab-paid"),
            ("declined", "commissions-tab-declined"),
            ("", "commissions-tab-all"),
        ]
    }

    fn may_choose(&self, access: &ManagerAccess) -> bool {
        access.may_decide && self.rows.iter().any(CommissionRow::may_be_chosen)
    }

    fn sample_views() -> Vec<Self> {
        let all = Self {
            state: String::new(),
            search: String::new(),
            pending: (14, dkk(1_862_500)),
            approved: (31, dkk(4_215_000)),
            declined: (2, dkk(36_000)),
            rows: CommissionRow::samples(),
            pager: Pager::whole(7),
        };
        let pending = Self {
            state: "pending".to_owned(),
            rows: CommissionRow::samples()
                .into_iter()
                .filter(CommissionRow::may_be_chosen)
                .collect(),
            pager: Pager::whole(2),
            ..all.clone()
        };
        let none = Self {
            state: "pending".to_owned(),
            pending: (0, dkk(0)),
            rows: Vec::new(),
            pager: Pager::whole(0),
            ..all.clone()
        };
        let nothing = Self { search: "#4040".to_owned(), ..none.clone() };
        vec![all, pending, none, nothing]
    }
}

impl CommissionsConfirm {
    const fn declines(&self) -> bool {
        matches!(self.decision, Decision::Decline | Decision::Reverse)
    }

    /// Keys of question, effect and button, and the value that is sent.
    const fn words(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self.decision {
            Decision::Approve => ("approve-question", "approve-effect", "approve-go", "approve"),
            Decision::Decline => ("decline-question", "decline-effect", "decline-go", "decline"),
            Decision::TakeBack => {
                ("take-back-question", "take-back-effect", "take-back-go", "take_back")
            }
            Decision::Reverse => ("reverse-question", "reverse-effect", "reverse-go", "reverse"),
        }
    }

    /// Where 'cancel' leads, after the program's own part.
    fn back(&self) -> String {
        match &self.conversion {
            Some(id) => format!("/conversions/{id}"),
            None => "/commissions".to_owned(),
        }
    }

    fn sample_views() -> Vec<Self> {
        let line = |partner: &str, count, minor| DecisionLine {
            partner: partner.to_owned(),
            count,
            amount: dkk(minor),
        };
        let approve = Self {
            decision: Decision::Approve,
            ids: (1..=14).map(|n| format!("com_{n}")).collect(),
            lines: vec![
                line("Anna Holm", 9, 1_512_500),
                line("Konsulenthuset Vest", 4, 282_537),
                line(AWKWARD, 1, 67_463),
            ],
            total: dkk(1_862_500),
            skipped: 0,
            pay_day: Some(day("2026-12-15")),
            in_hold: Some((2, day("2026-12-04"))),
            in_payout: dkk(0),
            conversion: None,
            reason: Field::default(),
        };
        let decline = Self {
            decision: Decision::Decline,
            ids: vec!["com_8".to_owned()],
            lines: vec![line("Konsulenthuset Vest", 1, 50_000)],
            total: dkk(50_000),
            skipped: 2,
            pay_day: None,
            in_hold: None,
            in_payout: dkk(0),
            conversion: Some("conv_8".to_owned()),
            reason: Field::wrong("", "required"),
        };
        let take_back = Self { decision: Decision::TakeBack, pay_day: None, ..approve.clone() };
        let reverse = Self {
            decision: Decision::Reverse,
            in_hold: None,
            in_payout: dkk(50_000),
            skipped: 0,
            reason: Field::default(),
            ..decline.clone()
        };
        vec![approve, decline, take_back, reverse]
    }
}

view!(CommissionsList, "commissions", ManagerAccess, "pages/commissions.html", section: ManagerSection::Commissions);
view!(CommissionsConfirm, "commissions-confirm", ManagerAccess, "pages/commissions_confirm.html", section: ManagerSection::Commissions);
