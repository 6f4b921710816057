use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_directory::{ConsentMode, Mode, Program, ProgramStatus, ProgramTerms};
use tributary_kernel::{ProgramId, Refusal, Timestamp};
use tributary_money::Money;
use tributary_web::Problem;

use crate::wire::{MoneyIn, MoneyOut, currency, present, refuse_if_any};

/// A program in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct ProgramPath {
    /// The program's id.
    pub(crate) id: ProgramId,
}

/// An advertiser's offer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Program")]
pub(super) struct ProgramOut {
    /// Its id.
    id: ProgramId,
    /// Names it in pages and `t.js`; not a secret.
    public_key: String,
    /// `test`: everything is marked, nothing is payable, all is wiped at go-live.
    mode: Mode,
    /// When it was made.
    created_at: Timestamp,
    /// Name, as partners see it.
    name: String,
    /// Currency of its commissions, ISO 4217; never changes.
    currency: String,
    /// Name in the time zone database: its days and months begin there.
    time_zone: String,
    /// Whether it takes part.
    status: ProgramStatus,
    /// Whether a visitor must agree before anything identifying is kept.
    consent_mode: ConsentMode,
    /// The stated basis when consent is not required.
    consent_basis: Option<String>,
    /// Where links lead that name no destination.
    landing_url: String,
    /// Where links lead while the program is paused.
    fallback_url: Option<String>,
    /// Domains that links may lead to.
    allowed_domains: Vec<String>,
    /// Parameters on the landing page that name a partner.
    link_parameters: Vec<String>,
    /// Parameter that carries the click id.
    click_parameter: String,
    /// Domain of the `_trib` cookie; null: the host alone.
    cookie_domain: Option<String>,
    /// Days between a touch and a conversion it can earn.
    window_days: u32,
    /// Whether a code used at the purchase beats a click.
    coupon_over_click: bool,
    /// Days a commission waits before it can be approved by itself.
    hold_days: u32,
    /// Whether commissions are approved by themselves when the hold ends.
    approve_after_hold: bool,
    /// Least amount paid.
    payout_minimum: MoneyOut,
    /// Day of the month on which payouts are made.
    payout_day: u32,
}

impl From<Program> for ProgramOut {
    fn from(it: Program) -> Self {
        let terms = it.terms;
        Self {
            id: it.id,
            public_key: it.public_key,
            mode: it.mode,
            created_at: it.created_at,
            payout_minimum: Money::new(terms.payout_minimum, terms.currency).into(),
            name: terms.name,
            currency: terms.currency.code().to_owned(),
            time_zone: terms.time_zone,
            status: terms.status,
            consent_mode: terms.consent_mode,
            consent_basis: terms.consent_basis,
            landing_url: terms.landing_url,
            fallback_url: terms.fallback_url,
            allowed_domains: terms.allowed_domains,
            link_parameters: terms.link_parameters,
            click_parameter: terms.click_parameter,
            cookie_domain: terms.cookie_domain,
            window_days: terms.window_days,
            coupon_over_click: terms.coupon_over_click,
            hold_days: terms.hold_days,
            approve_after_hold: terms.approve_after_hold,
            payout_day: terms.payout_day,
        }
    }
}

/// A new program. What is left out has the usual value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProgram {
    /// Name, as partners see it.
    name: String,
    /// Currency of its commissions, ISO 4217; never changes.
    #[schemars(example = &"DKK")]
    currency: String,
    /// Name in the time zone database.
    #[schemars(example = &"Europe/Copenhagen")]
    time_zone: String,
    /// Where links lead that name no destination.
    landing_url: String,
    /// Whether it takes part; usually `active`.
    #[serde(default)]
    status: Option<ProgramStatus>,
    /// Usually `required`.
    #[serde(default)]
    consent_mode: Option<ConsentMode>,
    /// The stated basis when consent is not required.
    #[serde(default)]
    consent_basis: Option<String>,
    /// Where links lead while the program is paused; usually the landing page.
    #[serde(default)]
    fallback_url: Option<String>,
    /// Domains that links may lead to, beside the landing page's.
    #[serde(default)]
    allowed_domains: Vec<String>,
    /// Parameters on the landing page that name a partner; usually `via`, `ref`, `aff`.
    #[serde(default)]
    link_parameters: Option<Vec<String>>,
    /// Parameter that carries the click id; usually `trib`.
    #[serde(default)]
    click_parameter: Option<String>,
    /// Domain of the `_trib` cookie; usually the host alone.
    #[serde(default)]
    cookie_domain: Option<String>,
    /// Days between a touch and a conversion it can earn; usually 90.
    #[serde(default)]
    window_days: Option<u32>,
    /// Whether a code used at the purchase beats a click; usually it does.
    #[serde(default)]
    coupon_over_click: Option<bool>,
    /// Days a commission waits; usually 30.
    #[serde(default)]
    hold_days: Option<u32>,
    /// Whether commissions are approved by themselves when the hold ends; usually not.
    #[serde(default)]
    approve_after_hold: Option<bool>,
    /// Least amount paid; usually nothing.
    #[serde(default)]
    payout_minimum: Option<MoneyIn>,
    /// Day of the month on which payouts are made, 1 to 28; usually 15.
    #[serde(default)]
    payout_day: Option<u32>,
}

impl CreateProgram {
    /// Terms for the use case, which checks them.
    pub(super) fn into_terms(self) -> Result<ProgramTerms, Problem> {
        let mut errors = Vec::new();
        let Some(currency) = currency("/currency", &self.currency, &mut errors) else {
            refuse_if_any(errors)?;
            unreachable!("an unknown currency is a mistake");
        };
        let usual = ProgramTerms::usual(&self.name, currency, &self.time_zone, &self.landing_url);
        let mut terms = ProgramTerms {
            status: self.status.unwrap_or(usual.status),
            consent_mode: self.consent_mode.unwrap_or(usual.consent_mode),
            consent_basis: self.consent_basis,
            fallback_url: self.fallback_url,
            allowed_domains: self.allowed_domains,
            cookie_domain: self.cookie_domain,
            window_days: self.window_days.unwrap_or(usual.window_days),
            coupon_over_click: self.coupon_over_click.unwrap_or(usual.coupon_over_click),
            hold_days: self.hold_days.unwrap_or(usual.hold_days),
            approve_after_hold: self.approve_after_hold.unwrap_or(usual.approve_after_hold),
            payout_day: self.payout_day.unwrap_or(usual.payout_day),
            ..usual
        };
        if let Some(parameters) = self.link_parameters {
            terms.link_parameters = parameters;
        }
        if let Some(parameter) = self.click_parameter {
            terms.click_parameter = parameter;
        }
        set_minimum(&mut terms, self.payout_minimum.as_ref(), &mut errors);
        refuse_if_any(errors)?;
        Ok(terms)
    }
}

/// The least amount to pay out is in the program's currency.
fn set_minimum(
    terms: &mut ProgramTerms,
    given: Option<&MoneyIn>,
    errors: &mut Vec<tributary_kernel::FieldError>,
) {
    let Some(money) = given.and_then(|it| it.read("/payout_minimum", errors)) else { return };
    if money.currency == terms.currency {
        terms.payout_minimum = money.minor;
        return;
    }
    let detail = format!("This program's amounts are in {}.", terms.currency);
    let pointer = "/payout_minimum/currency";
    errors.push(tributary_kernel::FieldError::new(pointer, "currency_mismatch", detail));
}

/// What changes of a program; what is left out stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeProgram {
    /// Name, as partners see it.
    #[serde(default)]
    name: Option<String>,
    /// Name in the time zone database.
    #[serde(default)]
    time_zone: Option<String>,
    /// Whether it takes part.
    #[serde(default)]
    status: Option<ProgramStatus>,
    /// Whether consent is required.
    #[serde(default)]
    consent_mode: Option<ConsentMode>,
    /// The stated basis when consent is not required; null: none.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    consent_basis: Option<Option<String>>,
    /// Where links lead that name no destination.
    #[serde(default)]
    landing_url: Option<String>,
    /// Where links lead while the program is paused; null: the landing page.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    fallback_url: Option<Option<String>>,
    /// Domains that links may lead to.
    #[serde(default)]
    allowed_domains: Option<Vec<String>>,
    /// Parameters on the landing page that name a partner.
    #[serde(default)]
    link_parameters: Option<Vec<String>>,
    /// Parameter that carries the click id.
    #[serde(default)]
    click_parameter: Option<String>,
    /// Domain of the `_trib` cookie; null: the host alone.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    cookie_domain: Option<Option<String>>,
    /// Days between a touch and a conversion it can earn.
    #[serde(default)]
    window_days: Option<u32>,
    /// Whether a code used at the purchase beats a click.
    #[serde(default)]
    coupon_over_click: Option<bool>,
    /// Days a commission waits.
    #[serde(default)]
    hold_days: Option<u32>,
    /// Whether commissions are approved by themselves when the hold ends.
    #[serde(default)]
    approve_after_hold: Option<bool>,
    /// Least amount paid.
    #[serde(default)]
    payout_minimum: Option<MoneyIn>,
    /// Day of the month on which payouts are made, 1 to 28.
    #[serde(default)]
    payout_day: Option<u32>,
}

impl ChangeProgram {
    /// Terms after the change, for the use case, which checks them.
    pub(super) fn apply(self, before: ProgramTerms) -> Result<ProgramTerms, Refusal> {
        let mut errors = Vec::new();
        let mut terms = ProgramTerms {
            name: self.name.unwrap_or(before.name),
            time_zone: self.time_zone.unwrap_or(before.time_zone),
            status: self.status.unwrap_or(before.status),
            consent_mode: self.consent_mode.unwrap_or(before.consent_mode),
            consent_basis: self.consent_basis.unwrap_or(before.consent_basis),
            landing_url: self.landing_url.unwrap_or(before.landing_url),
            fallback_url: self.fallback_url.unwrap_or(before.fallback_url),
            allowed_domains: self.allowed_domains.unwrap_or(before.allowed_domains),
            link_parameters: self.link_parameters.unwrap_or(before.link_parameters),
            click_parameter: self.click_parameter.unwrap_or(before.click_parameter),
            cookie_domain: self.cookie_domain.unwrap_or(before.cookie_domain),
            window_days: self.window_days.unwrap_or(before.window_days),
            coupon_over_click: self.coupon_over_click.unwrap_or(before.coupon_over_click),
            hold_days: self.hold_days.unwrap_or(before.hold_days),
            approve_after_hold: self.approve_after_hold.unwrap_or(before.approve_after_hold),
            payout_day: self.payout_day.unwrap_or(before.payout_day),
            currency: before.currency,
            payout_minimum: before.payout_minimum,
        };
        set_minimum(&mut terms, self.payout_minimum.as_ref(), &mut errors);
        if errors.is_empty() { Ok(terms) } else { Err(Refusal::invalid(errors)) }
    }
}
