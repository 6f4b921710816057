//! A program as the edge uses it: addresses parsed, names checked, once per change instead of
//! once per click.

use super::data::ProgramEntry;
use crate::destination::{AllowedDomains, is_parameter_name, normal_destination};

const CLICK_PARAMETER: &str = "trib";
const REFERRAL_PARAMETERS: [&str; 3] = ["via", "ref", "aff"];
/// Browsers cap cookies at 400 days themselves.
const COOKIE_DAYS_MAX: u32 = 400;
const COOKIE_DAYS_DEFAULT: u32 = 90;

/// A program, ready for use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub(super) entry: ProgramEntry,
    landing: Option<Box<str>>,
    fallback: Option<Box<str>>,
    domains: AllowedDomains,
    click_parameter: Box<str>,
    parameters: Vec<Box<str>>,
    cookie_days: u32,
    cookie_domain: Option<Box<str>>,
    /// Gone since: its links are unknown.
    pub(super) removed: bool,
}

impl Program {
    /// Prepares an entry. What is not usable in it is left out: an address that is none, a
    /// parameter that would need escaping, a cookie domain the program does not own.
    pub(super) fn new(entry: ProgramEntry) -> Self {
        let address = |text: &str| normal_destination(text).map(String::into_boxed_str);
        let domains = AllowedDomains::new(&entry.allowed_domains);
        let click_parameter = match is_parameter_name(&entry.click_parameter) {
            true => entry.click_parameter.as_str().into(),
            false => CLICK_PARAMETER.into(),
        };
        let mut parameters: Vec<Box<str>> = (entry.parameters.iter())
            .filter(|name| is_parameter_name(name))
            .map(|name| name.as_str().into())
            .collect();
        if parameters.is_empty() {
            parameters.extend(REFERRAL_PARAMETERS.map(Box::from));
        }
        let cookie_domain = (entry.cookie_domain.as_deref())
            .map(|domain| domain.trim_start_matches('.').to_ascii_lowercase())
            .filter(|domain| domains.contain(domain))
            .map(String::into_boxed_str);
        let cookie_days = match entry.cookie_days {
            0 => COOKIE_DAYS_DEFAULT,
            days => days.min(COOKIE_DAYS_MAX),
        };
        Self {
            landing: address(&entry.landing_url),
            fallback: entry.fallback_url.as_deref().and_then(address),
            domains,
            click_parameter,
            parameters,
            cookie_days,
            cookie_domain,
            removed: false,
            entry,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &[u8; 16] {
        &self.entry.program
    }

    /// Its owner's id.
    #[must_use]
    pub const fn owner(&self) -> &[u8; 16] {
        &self.entry.owner
    }

    /// Whether its links give credit.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.entry.active
    }

    /// Whether it is in test mode.
    #[must_use]
    pub const fn is_test(&self) -> bool {
        self.entry.test
    }

    /// Whether it tracks on consent.
    #[must_use]
    pub const fn requires_consent(&self) -> bool {
        self.entry.consent_required
    }

    /// Where links without a destination go.
    #[must_use]
    pub fn landing(&self) -> Option<&str> {
        self.landing.as_deref()
    }

    /// Where links without credit go.
    #[must_use]
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// The hosts its visitors are sent to and its script runs on.
    #[must_use]
    pub const fn domains(&self) -> &AllowedDomains {
        &self.domains
    }

    /// The parameter that carries a click id.
    #[must_use]
    pub fn click_parameter(&self) -> &str {
        &self.click_parameter
    }

    /// The parameters that carry a referral code; never empty.
    #[must_use]
    pub fn parameters(&self) -> &[Box<str>] {
        &self.parameters
    }

    /// Life of the cookie, 1 to 400 days.
    #[must_use]
    pub const fn cookie_days(&self) -> u32 {
        self.cookie_days
    }

    /// `Domain` of a cookie set on `host`, if one is configured and the host may set it.
    #[must_use]
    pub fn cookie_domain(&self, host: &str) -> Option<&str> {
        let domain = self.cookie_domain.as_deref()?;
        let below =
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        below.then_some(domain)
    }
}
