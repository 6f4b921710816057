use tributary_kernel::{FieldError, OrganisationId, ProgramId, Timestamp, Zone, text_enum};
use tributary_money::Currency;

use crate::link::{check_url, host_is_allowed};

text_enum! {
    /// Whether a program takes part.
    pub enum ProgramStatus {
        /// Clicks and conversions earn.
        Active = "active",
        /// Links lead to the fallback address and earn nothing.
        Paused = "paused",
        /// Over.
        Closed = "closed",
    }
}

text_enum! {
    /// Whether its conversions are real.
    pub enum Mode {
        /// Everything is marked, nothing is payable, all is wiped at go-live.
        Test = "test",
        /// For real.
        Live = "live",
    }
}

text_enum! {
    /// Whether a visitor must agree before anything identifying is kept.
    pub enum ConsentMode {
        /// Yes, the default.
        Required = "required",
        /// The owner states another basis.
        NotRequired = "not_required",
    }
}

/// What a program's owner sets; checked as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramTerms {
    /// Name, as partners see it.
    pub name: String,
    /// Currency of its commissions.
    pub currency: Currency,
    /// Name in the time zone database: its days and months begin there.
    pub time_zone: String,
    /// Whether it takes part.
    pub status: ProgramStatus,
    /// Whether consent is required.
    pub consent_mode: ConsentMode,
    /// The stated basis when it is not required.
    pub consent_basis: Option<String>,
    /// Where links lead that name no destination.
    pub landing_url: String,
    /// Where links lead while the program is paused; none: the landing page.
    pub fallback_url: Option<String>,
    /// Domains that links and `?to=` may lead to; lower-case.
    pub allowed_domains: Vec<String>,
    /// Parameters on the landing page that name a partner.
    pub link_parameters: Vec<String>,
    /// Parameter that carries the click id.
    pub click_parameter: String,
    /// Domain of the `_trib` cookie; none: the host alone.
    pub cookie_domain: Option<String>,
    /// Days between a touch and a conversion it can earn.
    pub window_days: u32,
    /// Whether a code used at the purchase beats a click.
    pub coupon_over_click: bool,
    /// Days a commission waits before it can be approved by itself.
    pub hold_days: u32,
    /// Whether commissions are approved by themselves when the hold ends.
    pub approve_after_hold: bool,
    /// Least amount paid, in minor units of the currency.
    pub payout_minimum: i64,
    /// Day of the month on which payouts are made, 1 to 28.
    pub payout_day: u32,
}

/// An advertiser's offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its id.
    pub id: ProgramId,
    /// Whose.
    pub owner: OrganisationId,
    /// Names it in pages and `t.js`; not a secret.
    pub public_key: String,
    /// Test or live; moves once, by go-live.
    pub mode: Mode,
    /// What its owner set.
    pub terms: ProgramTerms,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it went live. What was clicked before is of its test.
    pub live_at: Option<Timestamp>,
}

/// The longest window and hold, in days.
const DAYS_MAX: u32 = 400;

impl ProgramTerms {
    /// Terms with the field's usual defaults for `name`, to be changed before they are checked.
    #[must_use]
    pub fn usual(name: &str, currency: Currency, time_zone: &str, landing_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            currency,
            time_zone: time_zone.to_owned(),
            status: ProgramStatus::Active,
            consent_mode: ConsentMode::Required,
            consent_basis: None,
            landing_url: landing_url.to_owned(),
            fallback_url: None,
            allowed_domains: Vec::new(),
            link_parameters: vec!["via".to_owned(), "ref".to_owned(), "aff".to_owned()],
            click_parameter: "trib".to_owned(),
            cookie_domain: None,
            window_days: 90,
            coupon_over_click: true,
            hold_days: 30,
            approve_after_hold: false,
            payout_minimum: 0,
            payout_day: 15,
        }
    }

    /// Brings the terms to their stored form: trimmed, lower-case hosts, the landing page's own
    /// domain always allowed.
    ///
    /// # Errors
    /// One entry per field that breaks a rule.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() || self.name.chars().count() > 120 {
            errors.push(FieldError::new("/name", "length", "A name has 1 to 120 characters."));
        }
        match Zone::named(&self.time_zone) {
            Ok(zone) => self.time_zone = zone.name().to_owned(),
            Err(error) => {
                errors.push(FieldError::new("/time_zone", "unknown_zone", error.to_string()));
            }
        }
        self.check_consent(&mut errors);
        self.check_addresses(&mut errors);
        self.check_parameters(&mut errors);
        for (pointer, days, least) in
            [("/window_days", self.window_days, 1), ("/hold_days", self.hold_days, 0)]
        {
            if !(least..=DAYS_MAX).contains(&days) {
                let detail = format!("Give {least} to {DAYS_MAX} days.");
                errors.push(FieldError::new(pointer, "range", detail));
            }
        }
        if self.payout_minimum < 0 {
            let detail = "The least amount to pay out is zero or more.";
            errors.push(FieldError::new("/payout_minimum", "range", detail));
        }
        if !(1..=28).contains(&self.payout_day) {
            let detail = "Give a day from 1 to 28, so that every month has it.";
            errors.push(FieldError::new("/payout_day", "range", detail));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    fn check_consent(&mut self, errors: &mut Vec<FieldError>) {
        self.consent_basis =
            self.consent_basis.take().map(|b| b.trim().to_owned()).filter(|b| !b.is_empty());
        if self.consent_mode == ConsentMode::NotRequired && self.consent_basis.is_none() {
            let detail = "State the legal basis on which no consent is asked.";
            errors.push(FieldError::new("/consent_basis", "required", detail));
        }
    }

    fn check_addresses(&mut self, errors: &mut Vec<FieldError>) {
        let mut domains: Vec<String> = Vec::new();
        for (index, domain) in self.allowed_domains.iter().enumerate() {
            match check_url(&format!("https://{}", domain.trim())) {
                Ok(url) if url.path() == "/" && url.port().is_none() && url.query().is_none() => {
                    domains.push(url.host_str().unwrap_or_default().to_owned());
                }
                _ => errors.push(FieldError::new(
                    format!("/allowed_domains/{index}"),
                    "domain_malformed",
                    "Give a domain alone, like example.com.",
                )),
            }
        }
        match check_url(&self.landing_url) {
            Ok(url) => {
                let host = url.host_str().unwrap_or_default().to_owned();
                if !host_is_allowed(&host, &domains) {
                    domains.push(host);
                }
                self.landing_url = url.into();
            }
            Err(error) => errors.push(error.under("/landing_url")),
        }
        if let Some(fallback) = &self.fallback_url {
            match check_url(fallback) {
                Ok(url) => self.fallback_url = Some(url.into()),
                Err(error) => errors.push(error.under("/fallback_url")),
            }
        }
        domains.sort_unstable();
        domains.dedup();
        self.allowed_domains = domains;
        if let Some(domain) = &self.cookie_domain {
            let domain = domain.trim().trim_start_matches('.').to_lowercase();
            if host_is_allowed(&domain, &self.allowed_domains) {
                self.cookie_domain = Some(domain);
            } else {
                let detail = "The cookie's domain must be one of the program's domains.";
                errors.push(FieldError::new("/cookie_domain", "domain_not_allowed", detail));
            }
        }
    }

    fn check_parameters(&self, errors: &mut Vec<FieldError>) {
        let name_is_good = |name: &str| {
            (1..=32).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let detail = "A parameter's name has 1 to 32 letters, digits, - or _.";
        for (index, name) in self.link_parameters.iter().enumerate() {
            if !name_is_good(name) || *name == self.click_parameter {
                let pointer = format!("/link_parameters/{index}");
                errors.push(FieldError::new(pointer, "parameter_name", detail));
            }
        }
        if self.link_parameters.len() > 10 {
            let detail = "Accept at most 10 parameters.";
            errors.push(FieldError::new("/link_parameters", "too_many", detail));
        }
        if !name_is_good(&self.click_parameter) {
            errors.push(FieldError::new("/click_parameter", "parameter_name", detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> ProgramTerms {
        let dkk = Currency::from_code("DKK").unwrap();
        ProgramTerms::usual("CRM", dkk, "Europe/Copenhagen", "https://www.acme.dk/crm")
    }

    #[test]
    fn usual_terms_pass_and_allow_the_landing_page() {
        let terms = usual().check().unwrap();
        assert_eq!(terms.allowed_domains, ["www.acme.dk"]);
        let wider = ProgramTerms { allowed_domains: vec![" ACME.dk ".into()], ..usual() };
        assert_eq!(wider.check().unwrap().allowed_domains, ["acme.dk"]);
    }

    #[test]
    fn each_broken_rule_names_its_field() {
        let broken = ProgramTerms {
            name: " ".into(),
            time_zone: "Mars".into(),
            consent_mode: ConsentMode::NotRequired,
            landing_url: "ftp://x".into(),
            fallback_url: Some("nowhere".into()),
            allowed_domains: vec!["a/b".into()],
            link_parameters: vec!["trib".into()],
            cookie_domain: Some("other.example".into()),
            window_days: 0,
            hold_days: 500,
            payout_minimum: -1,
            payout_day: 31,
            ..usual()
        };
        let errors = broken.check().unwrap_err();
        let mut pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_ref()).collect();
        pointers.sort_unstable();
        assert_eq!(
            pointers,
            [
                "/allowed_domains/0",
                "/consent_basis",
                "/cookie_domain",
                "/fallback_url",
                "/hold_days",
                "/landing_url",
                "/link_parameters/0",
                "/name",
                "/payout_day",
                "/payout_minimum",
                "/time_zone",
                "/window_days",
            ]
        );
    }
}
