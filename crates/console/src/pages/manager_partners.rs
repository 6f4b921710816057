use tributary_directory::PartnershipStatus;
use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::sample::{AWKWARD, at, day, dkk};
use crate::page::view;
use crate::parts::{BankState, Choice, Field, LinkState, Pager, PartnerState, Sparkline};
use crate::{Frame, ManagerAccess};

/// A partner in the list.
#[derive(Debug, Clone)]
pub struct PartnerRow {
    /// Id of the partnership.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code in links.
    pub code: String,
    /// Group, if any.
    pub group: Option<String>,
    /// Where they stand.
    pub state: PartnerState,
    /// Countable clicks in 30 days.
    pub clicks: i64,
    /// Conversions in 30 days.
    pub conversions: i64,
    /// Commission in 30 days.
    pub commission: Money,
    /// Clicks per day, oldest first.
    pub trend: Vec<i64>,
}

/// The partners of a program.
#[derive(Debug, Clone)]
pub struct PartnersList {
    /// What is searched for.
    pub search: String,
    /// The state filtered by; empty: all.
    pub state: String,
    /// The rows.
    pub rows: Vec<PartnerRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Asks somebody to become a partner.
#[derive(Debug, Clone)]
pub struct PartnerInvite {
    /// Their address.
    pub email: Field,
    /// Their name.
    pub name: Field,
    /// Their country's two letters.
    pub country: Field,
    /// The language they are written to in.
    pub language: Field,
    /// Languages to choose from.
    pub languages: Vec<Choice>,
    /// Code in their links.
    pub code: Field,
    /// Group.
    pub group: Field,
    /// Words of the manager's own.
    pub words: Field,
    /// Where links begin.
    pub host: String,
}

/// A change of standing that a manager may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusMove {
    /// Let an applicant in.
    Accept,
    /// Turn an applicant down.
    Decline,
    /// Stop earning for now.
    Pause,
    /// Earn again.
    Resume,
    /// End it.
    End,
}

/// Changed bank details that wait for a second look.
#[derive(Debug, Clone)]
pub struct BankCheck {
    /// Id of the new details: what was looked at is what is confirmed.
    pub id: String,
    /// Those that wait.
    pub new: BankSide,
    /// Those in use; none: there are none.
    pub old: Option<BankSide>,
    /// When it was changed.
    pub changed_at: Timestamp,
    /// By whom, where a person is known.
    pub changed_by: Option<String>,
    /// Where the change was announced, when the partner's own user asked for it.
    pub told: Option<String>,
    /// What would go there on the next pay day.
    pub next_payout: Option<Money>,
}

/// Bank details, as they stand beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankSide {
    /// Who the account belongs to.
    pub holder: String,
    /// The whole number.
    pub account: String,
    /// What kind of account: key of its words.
    pub kind_key: &'static str,
    /// Since when they are in use; of those that wait, none.
    pub since: Option<Timestamp>,
}

impl BankCheck {
    fn differs(&self, of: impl Fn(&BankSide) -> &str) -> bool {
        self.old.as_ref().is_some_and(|old| of(old) != of(&self.new))
    }

    /// The rows side by side: key of the name, old, new, and whether they differ.
    fn rows<A>(&self, page: &Frame<A>) -> Vec<(&'static str, Option<String>, String, bool)> {
        let row = |key, of: fn(&BankSide) -> &str, translated: bool| {
            let word = |side: &BankSide| match translated {
                true => page.t(of(side)),
                false => of(side).to_owned(),
            };
            (key, self.old.as_ref().map(word), word(&self.new), self.differs(of))
        };
        vec![
            row("bank-holder", |side| &side.holder, false),
            row("field-bank-kind", |side| side.kind_key, true),
            row("field-account", |side| &side.account, false),
        ]
    }
}

/// One partner.
#[derive(Debug, Clone)]
pub struct PartnerDetail {
    /// Id of the partnership.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Country's two letters.
    pub country: String,
    /// Its language, as that calls itself.
    pub language: &'static str,
    /// Where it promotes.
    pub website: Option<String>,
    /// Code in links.
    pub code: String,
    /// The link to their landing page.
    pub link: String,
    /// Group, if any.
    pub group: Option<String>,
    /// Where they stand.
    pub state: PartnerState,
    /// Since when they earn.
    pub joined: Option<LocalDate>,
    /// Last countable click.
    pub last_click: Option<Timestamp>,
    /// What may be done with the partnership now.
    pub moves: Vec<StatusMove>,
    /// Where their bank details stand.
    pub bank: BankState,
    /// Changed details, while they wait.
    pub bank_check: Option<BankCheck>,
    /// Countable clicks of 30 days.
    pub clicks: i64,
    /// Conversions of 30 days.
    pub conversions: i64,
    /// Waiting commission.
    pub waiting: Money,
    /// Approved, not yet paid.
    pub approved: Money,
    /// Paid in all.
    pub paid: Money,
    /// Latest commissions.
    pub commissions: Vec<super::CommissionRow>,
    /// They were asked and have not answered.
    pub may_invite_again: bool,
    /// Codes that they hand out.
    pub codes: Vec<PartnerCode>,
    /// A code that is being given to them.
    pub new_code: Field,
}

/// A code that a partner hands out, as its manager sees it.
#[derive(Debug, Clone)]
pub struct PartnerCode {
    /// Its id.
    pub id: String,
    /// As it is typed at the purchase.
    pub code: String,
    /// Whether it earns.
    pub state: LinkState,
    /// Until when, or since when it does not.
    pub until: Option<Timestamp>,
}

impl PartnerCode {
    const fn is_on(&self) -> bool {
        matches!(self.state, LinkState::Active)
    }
}

impl PartnerRow {
    fn sparkline(&self) -> Sparkline {
        Sparkline::new(&self.trend)
    }
}

impl PartnersList {
    const fn states() -> &'static [(&'static str, &'static str)] {
        &[
            ("active", "partner-active"),
            ("applied", "partner-applied"),
            ("invited", "partner-invited"),
            ("paused", "partner-paused"),
            ("ended", "partner-ended"),
            ("bank_held", "bank-held"),
        ]
    }

    const fn is_filtered(&self) -> bool {
        !self.search.is_empty() || !self.state.is_empty()
    }
}

impl StatusMove {
    /// The move of a form's value.
    pub(crate) fn of(value: &str) -> Option<Self> {
        [Self::Accept, Self::Decline, Self::Pause, Self::Resume, Self::End]
            .into_iter()
            .find(|step| step.value() == value)
    }

    pub(crate) const fn value(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::End => "end",
        }
    }

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Accept => "partner-accept",
            Self::Decline => "partner-decline",
            Self::Pause => "partner-pause",
            Self::Resume => "partner-resume",
            Self::End => "partner-end",
        }
    }

    /// What follows from it.
    pub(crate) const fn effect_key(self) -> &'static str {
        match self {
            Self::Accept => "partner-accept-effect",
            Self::Decline => "partner-decline-effect",
            Self::Pause => "partner-pause-effect",
            Self::Resume => "partner-resume-effect",
            Self::End => "partner-end-effect",
        }
    }

    /// What is said when it is done.
    pub(crate) const fn done_key(self) -> &'static str {
        match self {
            Self::Accept => "done-partner-accepted",
            Self::Decline => "done-partner-declined",
            Self::Pause => "done-partner-paused",
            Self::Resume => "done-partner-resumed",
            Self::End => "done-partner-ended",
        }
    }

    /// The move that leads back to where the partnership was; none: there is no way back there.
    pub(crate) const fn taken_back_by(self, was: PartnershipStatus) -> Option<Self> {
        match (self, was) {
            (Self::Pause | Self::End, PartnershipStatus::Active) => Some(Self::Resume),
            (Self::Resume, PartnershipStatus::Paused) => Some(Self::Pause),
            (Self::Resume, PartnershipStatus::Ended) => Some(Self::End),
            _ => None,
        }
    }

    const fn is_hard(self) -> bool {
        matches!(self, Self::Decline | Self::End)
    }
}

impl PartnersList {
    fn sample_views() -> Vec<Self> {
        let row =
            |id: &str, name: &str, state, clicks, conversions, minor, trend: &[i64]| PartnerRow {
                id: format!("pship_{id}"),
                name: name.to_owned(),
                code: name.split(' ').next().unwrap_or_default().to_lowercase(),
                group: (clicks > 1_000).then(|| "Guld".to_owned()),
                state,
                clicks,
                conversions,
                commission: dkk(minor),
                trend: trend.to_vec(),
            };
        let rows = vec![
            row(
                "a",
                "Anna Holm",
                PartnerState::Active,
                4_210,
                37,
                482_500,
                &[9, 12, 8, 14, 18, 22],
            ),
            row(
                "b",
                "Konsulenthuset Vest",
                PartnerState::Active,
                612,
                12,
                300_000,
                &[4, 4, 6, 5, 3, 4],
            ),
            row("e", "Lagerliv", PartnerState::Applied, 0, 0, 0, &[0, 0]),
            row(
                "c",
                "Byg & Bolig Bloggen",
                PartnerState::Active,
                1_904,
                8,
                112_025,
                &[1, 9, 2, 8, 2, 8],
            ),
            row("f", "Klara Sjögren", PartnerState::Invited, 0, 0, 0, &[0, 0]),
            row("d", AWKWARD, PartnerState::Paused, 88, 1, 61_800, &[8, 4, 2, 0, 0, 0]),
        ];
        let all = Self {
            search: String::new(),
            state: String::new(),
            pager: Pager {
                shown: 6,
                total: Some(143),
                newer: None,
                older: Some("/manage/prog_demo/partners?cursor=6".to_owned()),
            },
            rows,
        };
        let nothing_found = Self {
            search: "anne".to_owned(),
            state: "paused".to_owned(),
            rows: Vec::new(),
            pager: Pager::whole(0),
        };
        let none = Self { search: String::new(), state: String::new(), ..nothing_found.clone() };
        vec![all, nothing_found, none]
    }
}

impl PartnerInvite {
    fn sample_views() -> Vec<Self> {
        let host = "go.nordlys.example/".to_owned();
        let empty = Self {
            email: Field::default(),
            name: Field::default(),
            country: Field::of("DK"),
            language: Field::of("da"),
            languages: vec![Choice::new("da", "Dansk"), Choice::new("sv", "Svenska")],
            code: Field::default(),
            group: Field::default(),
            words: Field::default(),
            host,
        };
        let wrong = Self {
            email: Field::wrong("klara.example", "email_malformed"),
            name: Field::of("Klara Sjögren"),
            code: Field::wrong("anna", "code_taken"),
            words: Field::of("Hej Klara"),
            ..empty.clone()
        };
        vec![empty, wrong]
    }
}

impl PartnerDetail {
    fn sample_views() -> Vec<Self> {
        let active = Self {
            id: "pship_a".to_owned(),
            name: "Anna Holm".to_owned(),
            email: "anna@annaholm.example".to_owned(),
            country: "DK".to_owned(),
            language: "Dansk",
            website: Some("https://annaholm.example/".to_owned()),
            code: "anna".to_owned(),
            link: "https://go.nordlys.example/anna".to_owned(),
            group: Some("Guld".to_owned()),
            state: PartnerState::Active,
            joined: Some(day("2026-02-03")),
            last_click: Some(at("2026-11-21T07:58:12Z")),
            moves: vec![StatusMove::Pause, StatusMove::End],
            bank: BankState::Held,
            bank_check: Some(BankCheck {
                id: "bank_1".to_owned(),
                new: BankSide {
                    holder: "A. Holm Media".to_owned(),
                    account: "DK50 0040 0440 1162 43".to_owned(),
                    kind_key: "bank-kind-iban",
                    since: None,
                },
                old: Some(BankSide {
                    holder: "Anna Holm".to_owned(),
                    account: "0040 0440116917".to_owned(),
                    kind_key: "bank-kind-dk",
                    since: Some(at("2026-01-09T10:00:00Z")),
                }),
                changed_by: Some("Anna Holm".to_owned()),
                told: Some("anna@holm.example".to_owned()),
                changed_at: at("2026-11-19T20:14:00Z"),
                next_payout: Some(dkk(1_250_000)),
            }),
            clicks: 4_210,
            conversions: 37,
            waiting: dkk(482_500),
            approved: dkk(1_250_000),
            paid: dkk(4_210_000),
            commissions: super::CommissionRow::samples(),
            may_invite_again: false,
            codes: vec![
                PartnerCode {
                    id: "coup_a".to_owned(),
                    code: "ANNA10".to_owned(),
                    state: LinkState::Active,
                    until: None,
                },
                PartnerCode {
                    id: "coup_b".to_owned(),
                    code: "SOMMER-MED-ANNA-2026".to_owned(),
                    state: LinkState::Off,
                    until: Some(at("2026-08-31T22:00:00Z")),
                },
            ],
            new_code: Field::default(),
        };
        let applied = Self {
            name: AWKWARD.to_owned(),
            state: PartnerState::Applied,
            joined: None,
            last_click: None,
            moves: vec![StatusMove::Accept, StatusMove::Decline],
            bank: BankState::Missing,
            bank_check: None,
            clicks: 0,
            conversions: 0,
            waiting: dkk(0),
            approved: dkk(0),
            paid: dkk(0),
            commissions: Vec::new(),
            may_invite_again: true,
            codes: Vec::new(),
            new_code: Field::wrong("ANNA 10", "coupon_characters"),
            group: None,
            ..active.clone()
        };
        let ended = Self {
            state: PartnerState::Ended,
            moves: Vec::new(),
            bank: BankState::Confirmed,
            bank_check: None,
            ..active.clone()
        };
        vec![active, applied, ended]
    }
}

view!(PartnersList, "partners", ManagerAccess, "pages/partners.html", section: ManagerSection::Partners);
view!(PartnerInvite, "partner-invite", ManagerAccess, "pages/partner_invite.html", section: ManagerSection::Partners);
view!(PartnerDetail, "partner", ManagerAccess, "pages/partner.html", section: ManagerSection::Partners);
