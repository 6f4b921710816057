use tributary_kernel::FieldError;

use super::{Arrival, RULE_WORDS_MAX};
use crate::Channel;

/// Something an arrival must have. All words are lower case; one of them is enough.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The address has one of these parameters, as click ids of ad systems are.
    HasParameter(Vec<String>),
    /// `utm_source` is one of these, or a host below one of them.
    Source(Vec<String>),
    /// `utm_medium` is one of these.
    Medium(Vec<String>),
    /// `utm_campaign` contains one of these.
    CampaignContains(Vec<String>),
    /// The referrer's host is one of these or below it; `google.*` is that name under any ending
    /// of one or two parts.
    Referrer(Vec<String>),
}

impl Condition {
    fn words(&self) -> &[String] {
        match self {
            Self::HasParameter(words)
            | Self::Source(words)
            | Self::Medium(words)
            | Self::CampaignContains(words)
            | Self::Referrer(words) => words,
        }
    }

    fn fits(&self, arrival: &Arrival) -> bool {
        let tag = |name, fits: &dyn Fn(&str, &str) -> bool| {
            let value: Option<&str> = arrival.parameter(name);
            value.is_some_and(|value| self.words().iter().any(|word| fits(value, word)))
        };
        match self {
            Self::HasParameter(names) => names.iter().any(|name| arrival.parameter(name).is_some()),
            Self::Source(_) => tag("utm_source", &is_host),
            Self::Medium(_) => tag("utm_medium", &|value, word| value == word),
            Self::CampaignContains(_) => tag("utm_campaign", &|value, word| value.contains(word)),
            Self::Referrer(hosts) => {
                arrival.referrer().is_some_and(|host| hosts.iter().any(|word| is_host(host, word)))
            }
        }
    }
}

/// Whether `host` is `word` or below it. `name.*` stands for any ending of one or two parts, the
/// last of which has letters only, so that no address of numbers fits.
pub(super) fn is_host(host: &str, word: &str) -> bool {
    let below = |rest: &str| rest.is_empty() || rest.ends_with('.');
    let Some(name) = word.strip_suffix(".*") else {
        return host.strip_suffix(word).is_some_and(below);
    };
    let parts: Vec<&str> = host.split('.').collect();
    let named = name.split('.').count();
    [1, 2].into_iter().any(|ending| {
        let Some(at) = parts.len().checked_sub(ending + named) else { return false };
        // The second of two parts is short (`co.uk`, `com.au`); a longer one is a name itself.
        let short = ending == 1 || parts[at + named].len() <= 3;
        let letters = parts[parts.len() - 1].bytes().all(|it| it.is_ascii_alphabetic());
        short && letters && parts[at..at + named].join(".") == name
    })
}

/// Conditions that must all hold, and the channel they mean.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What people call it.
    pub name: String,
    /// All of these.
    pub when: Vec<Condition>,
    /// The channel.
    pub channel: Channel,
}

impl Rule {
    pub(super) fn fits(&self, arrival: &Arrival) -> bool {
        !self.when.is_empty() && self.when.iter().all(|condition| condition.fits(arrival))
    }

    pub(super) fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.when.is_empty() {
            let detail = "A rule without conditions would fit nothing; give it one.";
            errors.push(FieldError::new("/when", "missing", detail));
        }
        for (index, condition) in self.when.iter().enumerate() {
            let pointer = format!("/when/{index}");
            let words = condition.words();
            if words.is_empty() || words.len() > RULE_WORDS_MAX {
                let detail = format!("A condition has 1 to {RULE_WORDS_MAX} words.");
                errors.push(FieldError::new(pointer.clone(), "out_of_range", detail));
            }
            let never = |word: &&String| {
                word.is_empty() || word.trim() != *word || word.to_lowercase() != **word
            };
            if let Some(word) = words.iter().find(never) {
                let detail = format!("{word:?} fits nothing: write it in lower case, trimmed.");
                errors.push(FieldError::new(pointer, "never_fits", detail));
            }
        }
        errors
    }
}
