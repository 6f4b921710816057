//! By which channel a visitor arrived: told from campaign tags, click ids and the referrer by a
//! table of rules that a person may edit.

mod default;
mod rule;

use std::collections::BTreeMap;

use tributary_kernel::FieldError;

pub use default::default_table;
pub use rule::{Condition, Rule};

use crate::Channel;

/// Rules of one table.
pub const RULES_MAX: usize = 500;
/// Words of one condition.
pub const RULE_WORDS_MAX: usize = 500;

/// What is known of an arrival, as the page or the request told it. Names of parameters and tags
/// are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The query of the landing page's address, decoded. Of a name given twice the first counts.
    parameters: BTreeMap<String, String>,
    referrer_host: Option<String>,
}

impl Arrival {
    /// From decoded parameters of the landing page and the host of the referrer, if it had one.
    pub fn new<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        referrer_host: Option<&str>,
    ) -> Self {
        let mut kept = BTreeMap::new();
        for (name, value) in parameters {
            let value = value.trim().to_lowercase();
            if !value.is_empty() {
                kept.entry(name.to_lowercase()).or_insert(value);
            }
        }
        let host = referrer_host.map(|host| {
            let host = host.trim().trim_end_matches('.').to_lowercase();
            host.rsplit_once(':')
                .filter(|(_, port)| is_port(port))
                .map_or(host.clone(), |it| it.0.to_owned())
        });
        Self { parameters: kept, referrer_host: host.filter(|host| !host.is_empty()) }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    fn referrer(&self) -> Option<&str> {
        self.referrer_host.as_deref()
    }
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// Rules in their order; the first that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelTable {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Hosts of the advertiser itself: a referrer there tells nothing.
    #[serde(default)]
    pub own_hosts: Vec<String>,
}

/// By which channel, and what said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised<'a> {
    /// The channel.
    pub channel: Channel,
    /// The rule that fitted; none where nothing did, and the arrival is a referral (it has a
    /// referrer) or direct (it has none).
    pub rule: Option<&'a Rule>,
}

/// By which channel a visitor arrived. A pure function of table and arrival.
#[must_use]
pub fn recognise<'a>(table: &'a ChannelTable, arrival: &Arrival) -> Recognised<'a> {
    let own = |host: &str| table.own_hosts.iter().any(|own| rule::is_host(host, own));
    let foreign = arrival.referrer().filter(|host| !own(host));
    let arrival = Arrival { referrer_host: foreign.map(ToOwned::to_owned), ..arrival.clone() };
    match table.rules.iter().find(|rule| rule.fits(&arrival)) {
        Some(rule) => Recognised { channel: rule.channel.clone(), rule: Some(rule) },
        None if arrival.referrer_host.is_some() => {
            Recognised { channel: Channel::REFERRAL, rule: None }
        }
        None => Recognised { channel: Channel::DIRECT, rule: None },
    }
}

impl Default for ChannelTable {
    fn default() -> Self {
        default_table()
    }
}

impl ChannelTable {
    /// What is wrong with an edited table: limits, rules without conditions, conditions without
    /// words, words that nothing can equal.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.rules.len() > RULES_MAX {
            let detail = format!("A table has at most {RULES_MAX} rules.");
            errors.push(FieldError::new("/rules", "too_many", detail));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let own = rule.errors().into_iter();
            errors.extend(own.map(|error| error.under(&format!("/rules/{index}"))));
        }
        errors
    }
}
