use tributary_i18n::{AsArg, Language, Texts};
use tributary_kernel::{FieldError, LocalDate, Timestamp, Zone};
use tributary_money::{Money, Rate, Share};

use crate::html::{self, Escaped, Html};
use crate::parts::{Amount, Badge, Chart, Field, Input, Pager, QrCode, Status, StreamsFigure};

/// The token that proves a form came from this person's page. Made by the session layer.
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken(String);

impl CsrfToken {
    /// Wraps a token of the session layer.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken(…)")
    }
}

/// What the page before this one has to say: shown once, above the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Whether it went well.
    pub good: bool,
    /// Key of the message.
    pub key: &'static str,
    /// Its count, where the message takes one.
    pub count: Option<i64>,
    /// The way back, or what is usually done next.
    pub step: Option<FlashStep>,
}

impl Flash {
    /// Something that went well.
    #[must_use]
    pub const fn good(key: &'static str) -> Self {
        Self { good: true, key, count: None, step: None }
    }

    /// Something that was not done.
    #[must_use]
    pub const fn bad(key: &'static str) -> Self {
        Self { good: false, key, count: None, step: None }
    }

    /// With its count.
    #[must_use]
    pub fn counting(self, count: usize) -> Self {
        Self { count: Some(i64::try_from(count).unwrap_or(i64::MAX)), ..self }
    }

    /// With a link to what is usually done next.
    #[must_use]
    pub fn then(self, key: &'static str, path: String) -> Self {
        Self { step: Some(FlashStep { key, path, fields: Vec::new() }), ..self }
    }

    /// With the way back: a form that does the opposite.
    #[must_use]
    pub fn undone_by(self, path: String, fields: Vec<(&'static str, String)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { step: Some(FlashStep { key: "step-undo", path, fields }), ..self }
    }
}

/// A button beside what is said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlashStep {
    /// Key of its words.
    pub key: &'static str,
    /// Where it leads, one of our own paths.
    pub path: String,
    /// What its form sends; none: it is a link.
    pub fields: Vec<(String, String)>,
}

/// Access of pages that anybody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public;

/// Access of anybody who is logged in: documents and error pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Their name.
    pub person: String,
    /// Where their own first page is.
    pub home: &'static str,
}

/// Another place where the person works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatLink {
    /// Names it in the form that changes to it.
    pub value: String,
    /// The organisation or partner.
    pub name: String,
}

/// A program in the manager's or partner's switcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramChoice {
    /// Its id in text.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The advertiser behind it.
    pub advertiser: String,
    /// Things that wait for this manager there.
    pub waiting: u32,
}

/// Where in the manager's rail a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the page of its name")]
pub enum ManagerSection {
    Overview,
    Partners,
    Links,
    Conversions,
    Leads,
    Commissions,
    Payouts,
    Finance,
    Settings,
}

/// What a manager's page needs: made by the permission check, never by hand in a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagerAccess {
    /// Their name.
    pub person: String,
    /// The program they look at.
    pub program: ProgramChoice,
    /// Their other programs.
    pub others: Vec<ProgramChoice>,
    /// Whether the program is in test mode: marked on every page.
    pub test: bool,
    /// Commissions that wait for a decision.
    pub commissions_waiting: u32,
    /// May approve and decline.
    pub may_decide: bool,
    /// May change programs, partners and links.
    pub may_manage: bool,
    /// May make, approve and download payouts.
    pub may_pay: bool,
    /// May make and revoke keys.
    pub may_administer: bool,
}

/// Where in the partner's bar a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the page of its name")]
pub enum PartnerSection {
    Home,
    Links,
    Leads,
    Earnings,
    Payouts,
    Bank,
    Tax,
    Profile,
}

/// What a partner's page needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerAccess {
    /// Their name.
    pub person: String,
    /// One of their programs takes leads.
    pub takes_leads: bool,
}

/// Everything around a page's own content.
#[derive(Debug, Clone)]
pub struct Frame<A> {
    /// Language of every word on it.
    pub language: Language,
    /// Zone in which moments are told.
    pub zone: Zone,
    /// Now, for 'tomorrow' and 'in 3 days'.
    pub now: Timestamp,
    /// For every form.
    pub csrf: CsrfToken,
    /// Said once.
    pub flash: Option<Flash>,
    /// Path and query of this page, to come back to after changing language.
    pub here: String,
    /// The person's other places of work.
    pub seats: Vec<SeatLink>,
    /// Who looks, and what they may.
    pub access: A,
}

impl Frame<ManagerAccess> {
    /// Where the pages of this program begin.
    #[must_use]
    pub fn base(&self) -> String {
        format!("/manage/{}", self.access.program.id)
    }
}

/// What templates ask of their frame. Names are short since every template line uses them.
impl<A> Frame<A> {
    /// A message.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        Texts::get(self.language, key, &[])
    }

    /// A message with one variable.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl AsArg) -> String {
        Texts::get(self.language, key, &[(name, value.as_arg())])
    }

    /// A message with two variables.
    #[must_use]
    pub fn t2(&self, key: &str, n1: &str, v1: impl AsArg, n2: &str, v2: impl AsArg) -> String {
        Texts::get(self.language, key, &[(n1, v1.as_arg()), (n2, v2.as_arg())])
    }

    /// A message with three variables.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "three pairs, flat for templates")]
    pub fn t3(
        &self,
        key: &str,
        n1: &str,
        v1: impl AsArg,
        n2: &str,
        v2: impl AsArg,
        n3: &str,
        v3: impl AsArg,
    ) -> String {
        let args = [(n1, v1.as_arg()), (n2, v2.as_arg()), (n3, v3.as_arg())];
        Texts::get(self.language, key, &args)
    }

    /// The day of a moment as plain text, for sentences.
    #[must_use]
    pub fn day_text(&self, at: &Timestamp) -> String {
        self.language.date(self.zone.date(*at))
    }

    /// An amount, its currency lighter than its number.
    #[must_use]
    pub fn money(&self, amount: &Money) -> Amount {
        Amount::new(self.language, *amount)
    }

    /// An amount as plain text, for attributes and sentences.
    #[must_use]
    pub fn money_text(&self, amount: &Money) -> String {
        self.language.money(*amount)
    }

    /// A whole number.
    #[must_use]
    pub fn number(&self, n: &i64) -> String {
        self.language.number(*n)
    }

    /// A rate as per cent.
    #[must_use]
    pub fn percent(&self, rate: &Rate) -> String {
        self.language.percent(*rate)
    }

    /// A share as per cent.
    #[must_use]
    pub fn share(&self, share: &Share) -> String {
        self.language.share(*share)
    }

    /// `part / whole` as per cent; a dash where there is no whole.
    #[must_use]
    pub fn ratio(&self, part: &i64, whole: &i64) -> String {
        self.language.ratio(*part, *whole).unwrap_or_else(|| "–".to_owned())
    }

    /// A day: `21 Nov 2026`.
    #[must_use]
    pub fn date(&self, day: &LocalDate) -> Html {
        time(&day.to_string(), &self.language.date(*day))
    }

    /// A day written out.
    #[must_use]
    pub fn date_long(&self, day: &LocalDate) -> Html {
        time(&day.to_string(), &self.language.date_long(*day))
    }

    /// Weekday and day.
    #[must_use]
    pub fn weekday(&self, day: &LocalDate) -> Html {
        time(&day.to_string(), &self.language.weekday_date(*day))
    }

    /// From one day to another.
    #[must_use]
    pub fn range(&self, first: &LocalDate, last: &LocalDate) -> String {
        self.language.date_range(*first, *last)
    }

    /// A day as seen from today.
    #[must_use]
    pub fn relative(&self, day: &LocalDate) -> String {
        self.language.relative_day(self.zone.date(self.now), *day)
    }

    /// A moment's day and clock.
    #[must_use]
    pub fn when(&self, at: &Timestamp) -> Html {
        time(&at.to_string(), &self.language.date_time(*at, &self.zone))
    }

    /// A moment's day.
    #[must_use]
    pub fn day_of(&self, at: &Timestamp) -> Html {
        time(&at.to_string(), &self.language.date(self.zone.date(*at)))
    }

    /// A state as word and shape.
    #[must_use]
    pub fn badge(&self, status: &impl Status) -> Badge {
        Badge::new(self.language, status)
    }

    /// A labelled input for a field.
    #[must_use]
    pub fn input<'a>(&self, name: &'a str, label_key: &str, field: &'a Field) -> Input<'a> {
        Input::new(self.language, name, label_key, field)
    }

    /// What is wrong with a field, in words.
    #[must_use]
    pub fn field_error(&self, error: &FieldError) -> String {
        tributary_i18n::field_error(self.language, error)
    }

    /// What the code of a mistake says, in words.
    #[must_use]
    pub fn refusal_words(&self, code: &str) -> String {
        tributary_i18n::refusal_words(self.language, code)
    }

    /// A drawing.
    #[must_use]
    pub fn icon(&self, name: &str) -> Html {
        html::icon(name)
    }

    /// The mark.
    #[must_use]
    pub fn mark(&self) -> Html {
        html::mark()
    }

    /// The hidden input of every form that posts.
    #[must_use]
    pub fn csrf(&self) -> Html {
        Html(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\"/>", Escaped(&self.csrf.0)))
    }

    /// A chart with its table behind it.
    #[must_use]
    pub fn chart<'a>(&self, chart: &'a Chart) -> crate::parts::ChartFigure<'a> {
        crate::parts::ChartFigure::new(self.language, chart)
    }

    /// Streams that join in an amount.
    #[must_use]
    pub fn streams(&self, figure: &crate::parts::Streams) -> StreamsFigure {
        StreamsFigure::new(self.language, figure)
    }

    /// A link as a QR code.
    #[must_use]
    pub fn qr(&self, url: &str) -> QrCode {
        QrCode::new(url)
    }

    /// The way to earlier and later rows of a list.
    #[must_use]
    pub fn pager<'a>(&self, pager: &'a Pager) -> crate::parts::PagerLinks<'a> {
        crate::parts::PagerLinks::new(self.language, pager)
    }

    /// The flash message's words.
    #[must_use]
    pub fn flash_text(&self, flash: &Flash) -> String {
        match flash.count {
            Some(count) => self.t1(flash.key, "count", count),
            None => self.t(flash.key),
        }
    }

    /// Address of an asset, with its content hash.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }

    /// All languages, for the switcher.
    #[must_use]
    pub fn languages(&self) -> [Language; 4] {
        Language::ALL
    }

    /// Where a click on a language leads; it comes back here.
    #[must_use]
    pub fn language_href(&self, language: &Language) -> String {
        let mut back = String::with_capacity(self.here.len());
        for byte in self.here.bytes() {
            if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
                back.push(char::from(byte));
            } else {
                back.push_str(&format!("%{byte:02X}"));
            }
        }
        format!("/language?to={language}&back={back}")
    }
}

fn time(machine: &str, human: &str) -> Html {
    Html(format!("<time datetime=\"{}\">{}</time>", Escaped(machine), Escaped(human)))
}
