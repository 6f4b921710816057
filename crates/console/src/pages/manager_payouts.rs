use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Currency, Money};

use super::manager_bank_reply::{BankReplyRow, BankWhy};
use super::sample::{AWKWARD, at, day, dkk};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Field, PayoutState, RunState};

/// A run in the list.
#[derive(Debug, Clone)]
pub struct PayoutRunRow {
    /// Its id.
    pub id: String,
    /// Its pay day.
    pub day: LocalDate,
    /// Partners paid.
    pub partners: i64,
    /// What it comes to.
    pub total: Money,
    /// Where it stands.
    pub state: RunState,
}

/// The payouts of a program.
#[derive(Debug, Clone)]
pub struct PayoutsList {
    /// The next pay day.
    pub next_day: LocalDate,
    /// What would go out.
    pub next_total: Money,
    /// To how many.
    pub next_partners: i64,
    /// How many are held back.
    pub held_back: i64,
    /// Earlier runs, newest first.
    pub runs: Vec<PayoutRunRow>,
    /// Answers of banks, newest first.
    pub replies: Vec<BankReplyRow>,
    /// Where the next one is chosen.
    pub file: Field,
}

/// A partner's payout in a run.
#[derive(Debug, Clone)]
pub struct PayoutLine {
    /// Id of the payout; none before the run is approved.
    pub id: Option<String>,
    /// Who.
    pub partner: String,
    /// The account, masked but for its end.
    pub account: String,
    /// Commissions in it.
    pub commissions: i64,
    /// How much.
    pub amount: Money,
    /// Of that, VAT, when there is any.
    pub vat: Option<Money>,
    /// Withheld from it, when anything is.
    pub withheld: Option<Money>,
    /// Where it stands.
    pub state: PayoutState,
    /// Why the bank sent it back, if it said so.
    pub why: Option<BankWhy>,
}

/// Why a partner is not paid this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldReason {
    /// Too little.
    BelowMinimum,
    /// No bank details.
    NoBankDetails,
    /// Changed bank details wait for a second look.
    BankCheck,
    /// Owes from earlier.
    Negative,
    /// Earned and owed back are equal.
    NothingDue,
    /// The program is in test mode.
    Test,
    /// No bank file reaches an account of that kind in this currency.
    AccountKind,
    /// No invoice can be written for it: its tax details are to be looked at.
    TaxDetails,
    /// The run has as many payouts as it takes.
    Full,
}

/// A partner that a run leaves out.
#[derive(Debug, Clone)]
pub struct HeldBack {
    /// Id of the partnership, while there is one.
    pub partnership: Option<String>,
    /// Who.
    pub partner: String,
    /// How much waits.
    pub amount: Money,
    /// Why.
    pub reason: HeldReason,
}

/// How a run's money leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaves {
    /// By a bank file.
    BankFile {
        /// Holder and account it is paid from, masked but for its end; none once the file is made,
        /// which says it.
        from: Option<String>,
    },
    /// By a bank file, once it is said from which account.
    NoAccount,
    /// By hand, from the table: no bank file pays the currency.
    ByHand,
}

/// A run: looked at before it is approved, and fetched after.
#[derive(Debug, Clone)]
pub struct PayoutRunPage {
    /// Its id; none: a preview of what would be.
    pub id: Option<String>,
    /// Its pay day.
    pub day: LocalDate,
    /// Where it stands.
    pub state: RunState,
    /// Who is paid.
    pub lines: Vec<PayoutLine>,
    /// Who is not.
    pub held: Vec<HeldBack>,
    /// In all.
    pub total: Money,
    /// Commissions in all.
    pub commissions: i64,
    /// How the money leaves.
    pub leaves: Leaves,
    /// Names exactly this preview: what is approved is what was seen. Empty after.
    pub seen: String,
    /// Hash of the bank file, so that the file that was sent can be known again.
    pub file_hash: Option<String>,
    /// When it was approved, and by whom.
    pub approved: Option<(Timestamp, String)>,
}

impl HeldReason {
    const fn key(self) -> &'static str {
        match self {
            Self::BelowMinimum => "held-below-minimum",
            Self::NoBankDetails => "held-no-bank-details",
            Self::BankCheck => "held-bank-check",
            Self::Negative => "held-negative",
            Self::NothingDue => "held-nothing-due",
            Self::Test => "held-test",
            Self::AccountKind => "held-account-kind",
            Self::TaxDetails => "held-tax-details",
            Self::Full => "held-full",
        }
    }
}

impl PayoutsList {
    fn sample_views() -> Vec<Self> {
        let run = |month: u32, partners, minor, state| PayoutRunRow {
            id: format!("run_{month}"),
            day: day(&format!("2026-{month:02}-15")),
            partners,
            total: dkk(minor),
            state,
        };
        let full = Self {
            next_day: day("2026-12-15"),
            next_total: dkk(4_215_000),
            next_partners: 31,
            held_back: 4,
            runs: vec![
                run(11, 28, 3_904_150, RunState::Approved),
                run(10, 30, 4_015_275, RunState::Sent),
                run(9, 24, 2_210_000, RunState::Sent),
            ],
            replies: vec![
                BankReplyRow {
                    id: "reply_2".to_owned(),
                    name: "kontoudtog-2026-11-17.xml".to_owned(),
                    at: at("2026-11-18T08:12:00Z"),
                    confirmed: false,
                },
                BankReplyRow {
                    id: "reply_1".to_owned(),
                    name: AWKWARD.to_owned(),
                    at: at("2026-11-14T09:12:00Z"),
                    confirmed: true,
                },
            ],
            file: Field::default(),
        };
        let new = Self {
            next_total: Money::zero(Currency::SEK),
            next_partners: 0,
            held_back: 0,
            runs: Vec::new(),
            replies: Vec::new(),
            file: Field::wrong("", "bank_reply_unreadable"),
            ..full.clone()
        };
        vec![full, new]
    }
}

impl PayoutRunPage {
    fn sample_views() -> Vec<Self> {
        let line = |partner: &str, commissions, minor, id: Option<&str>, state| PayoutLine {
            id: id.map(str::to_owned),
            partner: partner.to_owned(),
            account: "•• 4821".to_owned(),
            commissions,
            amount: dkk(minor),
            vat: (commissions == 4).then(|| dkk(minor / 5)),
            withheld: (commissions == 1).then(|| dkk(minor / 50)),
            state,
            why: (state == PayoutState::Returned).then(|| BankWhy {
                class: tributary_payout::bank_reply::ReasonClass::Account,
                words: "AC04: Konto lukket".to_owned(),
            }),
        };
        let held = |partner: &str, minor, reason| HeldBack {
            partnership: Some("pship_c".to_owned()),
            partner: partner.to_owned(),
            amount: dkk(minor),
            reason,
        };
        let preview = Self {
            id: None,
            day: day("2026-12-15"),
            state: RunState::Preview,
            lines: vec![
                line("Anna Holm", 9, 1_250_000, None, PayoutState::Planned),
                line("Konsulenthuset Vest", 4, 950_000, None, PayoutState::Planned),
                line(AWKWARD, 1, 67_463, None, PayoutState::Planned),
            ],
            held: vec![
                held("Byg & Bolig Bloggen", 18_000, HeldReason::BelowMinimum),
                held("Lagerliv", 240_000, HeldReason::NoBankDetails),
                held("Klara Sjögren", 112_000, HeldReason::BankCheck),
                held("Tegnestuen", 64_000, HeldReason::TaxDetails),
                held("Fjällgården", -4_200, HeldReason::Negative),
            ],
            total: dkk(2_267_463),
            commissions: 14,
            leaves: Leaves::BankFile { from: Some("Nordlys ApS •• 7730".to_owned()) },
            seen: "sample-seen".to_owned(),
            file_hash: None,
            approved: None,
        };
        let approved = Self {
            id: Some("run_11".to_owned()),
            state: RunState::Approved,
            lines: vec![
                line("Anna Holm", 9, 1_250_000, Some("pay_1"), PayoutState::Sent),
                line("Konsulenthuset Vest", 4, 950_000, Some("pay_2"), PayoutState::Returned),
            ],
            held: Vec::new(),
            seen: String::new(),
            total: dkk(2_200_000),
            commissions: 13,
            file_hash: Some("9f2c 71a0 44de 08b3".to_owned()),
            approved: Some((at("2026-11-14T09:12:00Z"), "Mette Krogh".to_owned())),
            ..preview.clone()
        };
        let sent = Self { state: RunState::Sent, ..approved.clone() };
        let unready = Self { leaves: Leaves::NoAccount, ..preview.clone() };
        let by_hand = Self { leaves: Leaves::ByHand, file_hash: None, ..approved.clone() };
        let nothing = Self {
            lines: Vec::new(),
            held: Vec::new(),
            total: dkk(0),
            commissions: 0,
            ..preview.clone()
        };
        vec![preview, approved, sent, nothing, unready, by_hand]
    }
}

view!(PayoutsList, "payouts", ManagerAccess, "pages/payouts.html", section: ManagerSection::Payouts);
view!(PayoutRunPage, "payout-run", ManagerAccess, "pages/payout_run.html", section: ManagerSection::Payouts);
