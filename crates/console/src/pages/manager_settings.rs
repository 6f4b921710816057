use tributary_kernel::{FieldError, LocalDate, Timestamp};
use tributary_money::{Money, Rate};

use super::plan_form::PlanForm;
use super::sample::{at, day, dkk, rate};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Choice, Field};

/// What a rule pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleAmount {
    /// The same each time.
    Fixed(Money),
    /// A part of the base.
    Percent(Rate),
}

/// A rule of the plan in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSummary {
    /// The event it pays, as the program names it.
    pub event: String,
    /// When it applies; none: always.
    pub condition: Option<String>,
    /// What it pays.
    pub amount: RuleAmount,
    /// Payments of a customer that earn; none: not recurring.
    pub payments: Option<u32>,
}

/// The program's own settings.
#[derive(Debug, Clone)]
pub struct SettingsProgram {
    /// Name.
    pub name: Field,
    /// Where links lead.
    pub landing_url: Field,
    /// Where they lead while it is paused.
    pub fallback_url: Field,
    /// One domain per line.
    pub allowed_domains: Field,
    /// `on`: its links lead to the fallback and earn nothing.
    pub paused: Field,
    /// Zone.
    pub time_zone: Field,
    /// Days between touch and conversion.
    pub window_days: Field,
    /// Days a commission waits.
    pub hold_days: Field,
    /// `on`: approved by itself after the hold.
    pub approve_after_hold: Field,
    /// `on`: a code beats a click.
    pub coupon_over_click: Field,
    /// Least payout, as decimal text.
    pub payout_minimum: Field,
    /// Day of the month.
    pub payout_day: Field,
    /// `required` or `not_required`.
    pub consent_mode: Field,
    /// The stated basis.
    pub consent_basis: Field,
    /// Its currency, which does not change.
    pub currency: &'static str,
}

/// The plan: what is paid for what.
#[derive(Debug, Clone)]
pub struct SettingsPlan {
    /// Version in force.
    pub version: u32,
    /// Since when.
    pub since: LocalDate,
    /// The rules in words.
    pub rules: Vec<RuleSummary>,
    /// The common plans as a form.
    pub form: PlanForm,
    /// What the form's plan or a ready plan would pay, in words.
    pub draft: Vec<RuleSummary>,
    /// The program's currency.
    pub currency: &'static str,
    /// The document as text.
    pub document: Field,
    /// First day of the new version.
    pub from: Field,
    /// What is wrong inside the document, by pointer.
    pub errors: Vec<FieldError>,
    /// The document can be used, and [`Self::errors`] says what is unusual about it: it is saved
    /// when that is confirmed.
    pub unusual: bool,
}

/// A key in the list.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may do, as stable names.
    pub scopes: Vec<String>,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// Last day it works.
    pub expires: Option<LocalDate>,
}

/// The keys of a program.
#[derive(Debug, Clone)]
pub struct SettingsKeys {
    /// The keys that work.
    pub keys: Vec<KeyRow>,
    /// A new key in full: shown this once.
    pub fresh: Option<String>,
    /// Name of the next.
    pub name: Field,
    /// Scope of the next.
    pub scope: Field,
    /// Public key that `t.js` carries.
    pub public_key: String,
    /// The line to put into a web page.
    pub snippet: String,
}

impl RuleSummary {
    pub(super) fn samples() -> Vec<Self> {
        vec![
            Self {
                event: "Kvalificeret lead".to_owned(),
                condition: None,
                amount: RuleAmount::Fixed(dkk(50_000)),
                payments: None,
            },
            Self {
                event: "Salg".to_owned(),
                condition: Some("Guld".to_owned()),
                amount: RuleAmount::Percent(rate("0.2")),
                payments: Some(24),
            },
            Self {
                event: "Salg".to_owned(),
                condition: None,
                amount: RuleAmount::Percent(rate("0.125")),
                payments: Some(12),
            },
        ]
    }
}

impl SettingsProgram {
    fn consent_choices(page: &crate::Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("required", page.t("consent-required")),
            Choice::new("not_required", page.t("consent-not-required")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let good = Self {
            name: Field::of("Nordlys CRM"),
            landing_url: Field::of("https://nordlys.example/"),
            fallback_url: Field::default(),
            allowed_domains: Field::of("nordlys.example\nhjaelp.nordlys.example"),
            paused: Field::default(),
            time_zone: Field::of("Europe/Copenhagen"),
            window_days: Field::of("90"),
            hold_days: Field::of("30"),
            approve_after_hold: Field::default(),
            coupon_over_click: Field::of("on"),
            payout_minimum: Field::of("500.00"),
            payout_day: Field::of("15"),
            consent_mode: Field::of("required"),
            consent_basis: Field::default(),
            currency: "DKK",
        };
        let wrong = Self {
            window_days: Field::wrong("4000", "range"),
            allowed_domains: Field::wrong("https://", "domain_malformed"),
            payout_minimum: Field::wrong("5,0,0", "malformed"),
            consent_mode: Field::of("not_required"),
            consent_basis: Field::wrong("", "required"),
            ..good.clone()
        };
        vec![good, wrong]
    }
}

impl SettingsPlan {
    fn sample_views() -> Vec<Self> {
        let document = "{\n  \"format\": 1,\n  \"rounding\": \"half_even\",\n  \"rules\": [\n    { \"name\": \"Kvalificeret lead\", \"event\": \"qualified_lead\", \"fixed\": \"500.00\" },\n    { \"name\": \"Salg\", \"event\": \"sale\", \"percent\": \"0.125\", \"payments\": 12 }\n  ]\n}";
        let good = Self {
            version: 3,
            since: day("2026-06-01"),
            rules: RuleSummary::samples(),
            form: PlanForm::default(),
            draft: Vec::new(),
            currency: "DKK",
            document: Field::of(document),
            from: Field::of("2026-12-01"),
            errors: Vec::new(),
            unusual: false,
        };
        let wrong = Self {
            document: Field::wrong(document.replace("0.125", "1.25"), "plan_invalid"),
            errors: vec![
                FieldError::new("/rules/1/percent", "range", ""),
                FieldError::new("/rules/1/event", "unknown_event", ""),
            ],
            ..good.clone()
        };
        let unusual = Self {
            errors: vec![FieldError::new("/rules/1/amount", "above_hundred", "")],
            unusual: true,
            ..good.clone()
        };
        let none = Self { version: 0, rules: Vec::new(), ..good.clone() };
        let drafted =
            Self { form: PlanForm::sample(), draft: RuleSummary::samples(), ..none.clone() };
        vec![good, wrong, unusual, none, drafted]
    }
}

impl SettingsKeys {
    fn scopes(page: &crate::Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("report", page.t("scope-report")),
            Choice::new("postback", page.t("scope-postback")),
            Choice::new("read", page.t("scope-read")),
            Choice::new("manage", page.t("scope-manage")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let snippet = "<script src=\"https://go.nordlys.example/t.js\" data-program=\"pk_nordlys\" async></script>";
        let key = |name: &str, last_used, expires| KeyRow {
            id: "key_1".to_owned(),
            name: name.to_owned(),
            prefix: "trib_nordlys_k3".to_owned(),
            scopes: vec!["report".to_owned()],
            last_used,
            expires,
        };
        let some = Self {
            keys: vec![
                key("Webshop", Some(at("2026-11-21T08:12:00Z")), None),
                key("Regneark", None, Some(day("2026-12-31"))),
            ],
            fresh: None,
            name: Field::default(),
            scope: Field::of("report"),
            public_key: "pk_nordlys".to_owned(),
            snippet: snippet.to_owned(),
        };
        let fresh = Self {
            fresh: Some("trib_nordlys_k3x9Qf2LmZ0aR7tVbC5nYwHdE8sUj_Ab12Cd".to_owned()),
            name: Field::wrong("", "required"),
            ..some.clone()
        };
        let none = Self { keys: Vec::new(), ..some.clone() };
        vec![some, fresh, none]
    }
}

view!(SettingsProgram, "settings", ManagerAccess, "pages/settings.html", section: ManagerSection::Settings);
view!(SettingsPlan, "settings-plan", ManagerAccess, "pages/settings_plan.html", section: ManagerSection::Settings);
view!(SettingsKeys, "settings-keys", ManagerAccess, "pages/settings_keys.html", section: ManagerSection::Settings);
