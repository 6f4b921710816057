use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;
use tributary_payout::bank_reply::ReasonClass;

use super::sample::{AWKWARD, at, day, dkk};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::ReplyEffect;

/// An answer of a bank in the list.
#[derive(Debug, Clone)]
pub struct BankReplyRow {
    /// Its id.
    pub id: String,
    /// What the file was called.
    pub name: String,
    /// When it was given.
    pub at: Timestamp,
    /// Whether it is booked.
    pub confirmed: bool,
}

/// Why a bank refused a payment or sent it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankWhy {
    /// What it is about.
    pub class: ReasonClass,
    /// The bank's code and words.
    pub words: String,
}

impl BankWhy {
    /// Key of the sentence that says what it is about.
    pub(crate) const fn key(&self) -> &'static str {
        match self.class {
            ReasonClass::Account => "bank-reason-account",
            ReasonClass::Payee => "bank-reason-payee",
            ReasonClass::Funds => "bank-reason-funds",
            ReasonClass::File => "bank-reason-file",
            ReasonClass::Regulatory => "bank-reason-regulatory",
            ReasonClass::Requested => "bank-reason-requested",
            ReasonClass::Other => "bank-reason-other",
        }
    }
}

/// Why a person has to look at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookAt {
    /// Another amount than was sent.
    OtherAmount(Option<Money>),
    /// Without a reference, but it fits.
    Likely,
    /// The bank says two things.
    Contradiction,
    /// The payout was cancelled here.
    Cancelled,
}

/// A payout in an answer.
#[derive(Debug, Clone)]
pub struct ReplyLineView {
    /// The payout.
    pub payout: String,
    /// Path of its statement.
    pub statement: String,
    /// Who.
    pub partner: String,
    /// How much was sent.
    pub amount: Money,
    /// Day of the booking.
    pub booked_on: Option<LocalDate>,
    /// What it does, or did.
    pub effect: ReplyEffect,
    /// Why it came back.
    pub why: Option<BankWhy>,
    /// Why a person has to look.
    pub look: Option<LookAt>,
}

impl ReplyLineView {
    /// Whether a person may take it as paid.
    pub(crate) fn is_likely(&self) -> bool {
        self.look == Some(LookAt::Likely)
    }
}

/// An answer of a bank: looked at before it is booked, and after.
#[derive(Debug, Clone)]
pub struct BankReplyPage {
    /// Its id.
    pub id: String,
    /// What the file was called.
    pub name: String,
    /// When it was given.
    pub at: Timestamp,
    /// When it was booked.
    pub confirmed_at: Option<Timestamp>,
    /// What it says.
    pub lines: Vec<ReplyLineView>,
    /// How many are, or would be, paid.
    pub pays: i64,
    /// Come back.
    pub returns: i64,
    /// On their way.
    pub sends: i64,
    /// For a person.
    pub looks: i64,
    /// References that name nothing here.
    pub unknown: Vec<String>,
    /// Bookings of something else.
    pub others: i64,
}

impl BankReplyPage {
    fn sample_views() -> Vec<Self> {
        let line = |n: u8, partner: &str, minor, effect, why, look| ReplyLineView {
            payout: format!("pay_{n}"),
            statement: format!("/manage/prog_1/statements/pay_{n}"),
            partner: partner.to_owned(),
            amount: dkk(minor),
            booked_on: Some(day("2026-11-17")),
            effect,
            why,
            look,
        };
        let closed = BankWhy {
            class: ReasonClass::Account,
            words: "AC04: Konto lukket & spærret".to_owned(),
        };
        let waiting = Self {
            id: "reply_1".to_owned(),
            name: "kontoudtog-2026-11-17.xml".to_owned(),
            at: at("2026-11-18T08:12:00Z"),
            confirmed_at: None,
            lines: vec![
                line(1, "Anna Holm", 1_250_000, ReplyEffect::Pays, None, None),
                line(2, "Lagerliv", 240_000, ReplyEffect::Returns, Some(closed), None),
                line(3, AWKWARD, 67_463, ReplyEffect::Look, None, Some(LookAt::Likely)),
                line(
                    4,
                    "Klara Sjögren",
                    112_000,
                    ReplyEffect::Look,
                    None,
                    Some(LookAt::OtherAmount(Some(dkk(111_000)))),
                ),
                line(5, "Fjällgården", 9_000, ReplyEffect::Known, None, None),
            ],
            pays: 1,
            returns: 1,
            sends: 0,
            looks: 2,
            unknown: vec!["pay-01k0000000000000000000000".to_owned()],
            others: 14,
        };
        let done = Self {
            confirmed_at: Some(at("2026-11-18T08:14:00Z")),
            unknown: Vec::new(),
            ..waiting.clone()
        };
        let nothing = Self {
            lines: Vec::new(),
            pays: 0,
            returns: 0,
            looks: 0,
            unknown: Vec::new(),
            ..waiting.clone()
        };
        vec![waiting, done, nothing]
    }
}

view!(BankReplyPage, "bank-reply", ManagerAccess, "pages/bank_reply.html", section: ManagerSection::Payouts);
