use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::sample::{AWKWARD, at, day, dkk, dry_touch, earning_touch, share};
use crate::page::view;
use crate::parts::{Choice, CommissionState, Field, NoCredit, NotPaid, Touch};
use crate::{ManagerAccess, PartnerAccess};

/// The form in which a sale is asked for.
#[derive(Debug, Clone)]
pub struct MissingForm {
    /// What the person knows: `order`, `mail`, `code`.
    pub kind: Field,
    /// The kinds, in words.
    pub kinds: Vec<Choice>,
    /// It.
    pub clue: Field,
}

/// A conversion that was found, in words of who looks.
#[derive(Debug, Clone)]
pub struct MissingSale {
    /// What it is with its reference: `Sale 1009`.
    pub what: String,
    /// The program.
    pub program: String,
    /// When it happened.
    pub at: Timestamp,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Gross amount, where the reader may know it.
    pub amount: Option<Money>,
    /// Key of the verdict.
    pub verdict_key: &'static str,
    /// Whether the verdict is good news for who looks.
    pub good: bool,
    /// The touches that the reader may know.
    pub touches: Vec<Touch>,
    /// Commissions: address, amount, state.
    pub earned: Vec<(String, Money, CommissionState)>,
    /// Why nothing is paid.
    pub not_paid: Vec<NotPaid>,
    /// Where there is more: the conversion's own page.
    pub href: Option<String>,
    /// Where a partner asks the program about it.
    pub ask_href: Option<String>,
    /// Whether it is of test mode.
    pub test: bool,
}

/// A fact that waits for a person.
#[derive(Debug, Clone)]
pub struct MissingWaiting {
    /// When it came.
    pub at: Timestamp,
    /// The program.
    pub program: String,
    /// Key of why.
    pub why_key: &'static str,
}

/// What a code is.
#[derive(Debug, Clone)]
pub struct MissingCode {
    /// The program; none: of none.
    pub program: Option<String>,
    /// Key of what it is.
    pub what_key: &'static str,
    /// A day that belongs to it.
    pub day: Option<LocalDate>,
    /// Whose, where the reader may know it.
    pub partner: Option<String>,
}

/// What is known.
#[derive(Debug, Clone, Default)]
pub struct MissingAnswer {
    /// Conversions.
    pub sales: Vec<MissingSale>,
    /// Facts that wait.
    pub waiting: Vec<MissingWaiting>,
    /// Codes.
    pub codes: Vec<MissingCode>,
    /// Where a partner asks after what was not found.
    pub ask_href: Option<String>,
    /// The programs that were looked through, and the last day they heard of anything.
    pub searched: Vec<(String, Option<LocalDate>)>,
}

impl MissingAnswer {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.sales.is_empty() && self.waiting.is_empty() && self.codes.is_empty()
    }
}

/// A partner asks after a sale.
#[derive(Debug, Clone)]
pub struct PartnerMissing {
    /// The question.
    pub form: MissingForm,
    /// The answer; none before the question.
    pub answer: Option<MissingAnswer>,
}

/// A manager asks after a sale.
#[derive(Debug, Clone)]
pub struct ManagerMissing {
    /// The question.
    pub form: MissingForm,
    /// The answer; none before the question.
    pub answer: Option<MissingAnswer>,
}

fn sample_form(clue: &str) -> MissingForm {
    MissingForm {
        kind: Field::of("order"),
        kinds: vec![
            Choice::new("order", "An order number"),
            Choice::new("mail", "A mail address"),
            Choice::new("code", "A code"),
        ],
        clue: Field::of(clue),
    }
}

fn sample_answers() -> Vec<Option<MissingAnswer>> {
    let sale = MissingSale {
        what: "Sale 1009".to_owned(),
        program: "Nordlys CRM".to_owned(),
        at: at("2026-11-19T14:02:00Z"),
        reported_at: at("2026-11-19T14:02:01Z"),
        amount: None,
        verdict_key: "missing-another-partner",
        good: false,
        touches: vec![dry_touch(
            "2026-08-17T10:00:00Z",
            "/anna/crm",
            Some("Anna Holm"),
            NoCredit::OutsideWindow { days: 94, window: 90 },
        )],
        earned: Vec::new(),
        not_paid: Vec::new(),
        href: None,
        ask_href: Some("/my/inquiries/new?order=1009".to_owned()),
        test: false,
    };
    let touch = earning_touch("2026-11-18T08:00:00Z", "/anna", AWKWARD, share(1_000));
    let yours = MissingSale {
        what: "Sale 1010".to_owned(),
        amount: Some(dkk(1_250_000)),
        verdict_key: "missing-yours",
        good: true,
        touches: vec![touch],
        earned: vec![("/my/earnings/com_1".to_owned(), dkk(250_000), CommissionState::Pending)],
        not_paid: vec![NotPaid { label: "Sale".to_owned(), reason: NoCredit::NoRule }],
        href: Some("/manage/prog_demo/conversions/conv_1".to_owned()),
        test: true,
        ..sale.clone()
    };
    let nobody = MissingSale { verdict_key: "missing-nobody", touches: Vec::new(), ..sale.clone() };
    let code = |what_key, day: Option<LocalDate>| MissingCode {
        program: Some("Nordlys CRM".to_owned()),
        what_key,
        day,
        partner: Some(AWKWARD.to_owned()),
    };
    let found = MissingAnswer {
        sales: vec![sale, yours, nobody],
        waiting: vec![MissingWaiting {
            at: at("2026-11-20T10:03:00Z"),
            program: "Nordlys CRM".to_owned(),
            why_key: "missing-waiting-conflict",
        }],
        ..MissingAnswer::default()
    };
    let codes = MissingAnswer {
        codes: vec![
            code("missing-code-expired", Some(day("2026-10-31"))),
            code("missing-code-active", None),
            MissingCode { program: None, partner: None, ..code("missing-code-unknown", None) },
        ],
        ..MissingAnswer::default()
    };
    let searched =
        vec![("Nordlys CRM".to_owned(), Some(day("2026-11-20"))), (AWKWARD.to_owned(), None)];
    let ask_href = Some("/my/inquiries/new?order=1009".to_owned());
    let nothing = MissingAnswer { searched, ask_href, ..MissingAnswer::default() };
    vec![None, Some(found), Some(codes), Some(nothing)]
}

impl PartnerMissing {
    fn sample_views() -> Vec<Self> {
        let view = |answer| Self { form: sample_form("1009"), answer };
        let mut all: Vec<Self> = sample_answers().into_iter().map(view).collect();
        let mut wrong = sample_form("anna");
        wrong.clue = Field::wrong("anna", "email_malformed");
        all.push(Self { form: wrong, answer: None });
        all
    }
}

impl ManagerMissing {
    fn sample_views() -> Vec<Self> {
        let view = |answer| Self { form: sample_form("1009"), answer };
        sample_answers().into_iter().map(view).collect()
    }
}

view!(PartnerMissing, "partner-missing", PartnerAccess, "pages/partner_missing.html", section: PartnerSection::Earnings);
view!(ManagerMissing, "missing", ManagerAccess, "pages/missing.html", section: ManagerSection::Conversions);
