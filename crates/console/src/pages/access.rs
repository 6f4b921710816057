use tributary_kernel::Timestamp;

use super::sample::at;
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, Public};

/// Log-in by e-mail and password.
#[derive(Debug, Clone)]
pub struct LogIn {
    /// E-mail address.
    pub email: Field,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// The pair did not match; which of the two was wrong is not said.
    pub refused: bool,
}

/// Asks for a log-in mail.
#[derive(Debug, Clone)]
pub struct LogInMail {
    /// E-mail address.
    pub email: Field,
    /// Where to go afterwards.
    pub next: String,
}

/// Takes the 6-digit code of the mail.
#[derive(Debug, Clone)]
pub struct LogInCode {
    /// Where the mail went.
    pub email: String,
    /// The code.
    pub code: Field,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Where to go afterwards.
    pub next: String,
    /// In development mail stays on this machine; its code is shown here instead.
    pub development_code: Option<String>,
}

/// The first run: organisation and first manager.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// Name of the organisation.
    pub organisation: Field,
    /// Its country's two letters.
    pub country: Field,
    /// Name of the first manager.
    pub person: Field,
    /// Their address.
    pub email: Field,
    /// Their password.
    pub password: Field,
    /// Name of the first program.
    pub program: Field,
    /// Its currency.
    pub currency: Field,
    /// Currencies to choose from.
    pub currencies: Vec<Choice>,
    /// Its time zone.
    pub time_zone: Field,
    /// Where its links lead.
    pub landing_url: Field,
}

/// Somebody accepts to be a partner.
#[derive(Debug, Clone)]
pub struct AcceptInvitation {
    /// Part of the address.
    pub token: String,
    /// The program.
    pub program: String,
    /// The advertiser.
    pub advertiser: String,
    /// Who asked.
    pub manager: String,
    /// What the manager wrote; may be empty.
    pub words: String,
    /// What can be earned, one line each, as the plan says it in the reader's language.
    pub earns: Vec<super::RuleSummary>,
    /// The partner's name.
    pub name: String,
    /// The partner's address.
    pub email: String,
    /// The partner's link.
    pub link: String,
    /// The terms are accepted.
    pub terms: Field,
}

impl LogInCode {
    fn expiry(&self, page: &Frame<Public>) -> String {
        let minutes = self.expires_at.microseconds_since(page.now).max(0) / 60_000_000;
        page.t1("log-in-code-expires", "minutes", minutes)
    }
}

impl LogIn {
    fn sample_views() -> Vec<Self> {
        let next = "/manage".to_owned();
        vec![
            Self { email: Field::default(), next: next.clone(), refused: false },
            Self { email: Field::of("mette@nordlys.example"), next, refused: true },
        ]
    }
}

impl LogInMail {
    fn sample_views() -> Vec<Self> {
        vec![
            Self { email: Field::default(), next: "/my".to_owned() },
            Self { email: Field::wrong("anna@", "email_malformed"), next: "/my".to_owned() },
        ]
    }
}

impl LogInCode {
    fn sample_views() -> Vec<Self> {
        let view = |code, development_code| Self {
            email: "anna@annaholm.example".to_owned(),
            code,
            expires_at: at("2026-11-21T09:40:00Z"),
            next: "/my".to_owned(),
            development_code,
        };
        vec![
            view(Field::default(), None),
            view(Field::wrong("204818", "code_wrong"), None),
            view(Field::default(), Some("204817".to_owned())),
        ]
    }
}

impl SetUp {
    fn sample_views() -> Vec<Self> {
        let currencies: Vec<Choice> =
            ["DKK", "SEK", "EUR", "IDR"].into_iter().map(|code| Choice::new(code, code)).collect();
        let empty = Self {
            organisation: Field::default(),
            country: Field::of("DK"),
            person: Field::default(),
            email: Field::default(),
            password: Field::default(),
            program: Field::default(),
            currency: Field::of("DKK"),
            currencies: currencies.clone(),
            time_zone: Field::of("Europe/Copenhagen"),
            landing_url: Field::default(),
        };
        let wrong = Self {
            organisation: Field::of("Nordlys ApS"),
            person: Field::wrong("", "required"),
            email: Field::wrong("mette@nordlys", "email_malformed"),
            password: Field::wrong("", "password_length"),
            program: Field::of("Nordlys CRM"),
            time_zone: Field::wrong("Copenhagen", "unknown_zone"),
            landing_url: Field::wrong("nordlys.example", "url_malformed"),
            ..empty.clone()
        };
        vec![empty, wrong]
    }
}

impl AcceptInvitation {
    fn sample_views() -> Vec<Self> {
        let view = Self {
            token: "inv-204817".to_owned(),
            program: "Nordlys CRM".to_owned(),
            advertiser: "Nordlys ApS".to_owned(),
            manager: "Mette Krogh".to_owned(),
            words: "Hej Anna. Din artikel om salgsmøder er den bedste, jeg har læst i år."
                .to_owned(),
            earns: super::RuleSummary::samples(),
            name: "Anna Holm".to_owned(),
            email: "anna@annaholm.example".to_owned(),
            link: "https://go.nordlys.example/anna".to_owned(),
            terms: Field::default(),
        };
        let wrong = Self { words: String::new(), terms: Field::wrong("", "terms"), ..view.clone() };
        vec![view, wrong]
    }
}

view!(LogIn, "log-in", Public, "pages/log_in.html");
view!(LogInMail, "log-in-mail", Public, "pages/log_in_mail.html");
view!(LogInCode, "log-in-code", Public, "pages/log_in_code.html");
view!(SetUp, "set-up", Public, "pages/set_up.html");
view!(AcceptInvitation, "invitation", Public, "pages/invitation.html");
