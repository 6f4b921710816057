use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use tributary_kernel::{
    FieldError, LocalDate, PartnershipId, Refusal, Timestamp, UserId, text_enum,
};
use tributary_money::Share;

use crate::{Channel, Journey, JourneyTouch};

/// To whom credit goes: a partnership, or a channel that is no partner's. Text is the id of the
/// one or the name of the other.
///
/// The order breaks ties of largest remainders: partnerships by id, then channels by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditKey {
    /// A partner's membership of the program.
    Partnership(PartnershipId),
    /// A channel.
    Channel(Channel),
}

impl CreditKey {
    /// Whose touch it is.
    #[must_use]
    pub fn of(touch: &JourneyTouch) -> Self {
        match touch.promoter {
            Some(promoter) => Self::Partnership(promoter.partnership),
            None => Self::Channel(touch.channel.clone()),
        }
    }
}

impl fmt::Display for CreditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partnership(id) => id.fmt(f),
            Self::Channel(channel) => channel.fmt(f),
        }
    }
}

impl FromStr for CreditKey {
    type Err = crate::ChannelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::Partnership).or_else(|_| text.parse().map(Self::Channel))
    }
}

impl serde::Serialize for CreditKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for CreditKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

text_enum! {
    /// The report whose shares became weights.
    pub enum Fitted {
        /// Markov chain of order 1.
        Markov1 = "markov_1",
        /// Markov chain of order 2.
        Markov2 = "markov_2",
        /// Markov chain of order 3.
        Markov3 = "markov_3",
        /// Shapley values of the set game.
        ShapleySet = "shapley_set",
        /// Shapley values of the conversion-rate game.
        ShapleyRate = "shapley_rate",
    }
}

/// Weights as a report found them, before a person says yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightsDraft {
    /// The report.
    pub fitted_by: Fitted,
    /// The first day of the journeys it was fitted on.
    pub from: LocalDate,
    /// The last day.
    pub to: LocalDate,
    /// The table's number in its program, from 1; a later table has a higher one.
    pub version: u32,
    /// Weight of each partnership and channel. Only their proportions matter.
    pub weights: BTreeMap<CreditKey, u64>,
    /// Weight of those that are not listed: partners who came after the period. Zero leaves them
    /// without credit by this table.
    pub unlisted: u64,
}

/// The format of the hashed text.
const HASH_FORMAT: u8 = 1;
/// The largest weight: the shares of a report are parts of a thousand million.
pub const TABLE_WEIGHT_MAX: u64 = Share::PARTS as u64;

impl WeightsDraft {
    /// The table that pays from now on, approved by a person.
    ///
    /// # Errors
    /// A refusal names the fields: version 0, a period that ends before it begins, a weight above
    /// [`TABLE_WEIGHT_MAX`], or nothing but zeros.
    pub fn publish(self, by: UserId, at: Timestamp) -> Result<WeightsTable, Refusal> {
        let mut errors = Vec::new();
        if self.version == 0 {
            errors.push(FieldError::new("/version", "out_of_range", "Versions begin at 1."));
        }
        if self.to < self.from {
            let detail = "The period ends before it begins.";
            errors.push(FieldError::new("/to", "before_from", detail));
        }
        if self.weights.values().all(|&weight| weight == 0) {
            let detail = "Somebody must have a weight above zero.";
            errors.push(FieldError::new("/weights", "all_zero", detail));
        }
        for (key, _) in self.weights.iter().filter(|(_, weight)| **weight > TABLE_WEIGHT_MAX) {
            let detail = format!("A weight is at most {TABLE_WEIGHT_MAX}.");
            errors.push(FieldError::new(format!("/weights/{key}"), "out_of_range", detail));
        }
        if self.unlisted > TABLE_WEIGHT_MAX {
            let detail = format!("A weight is at most {TABLE_WEIGHT_MAX}.");
            errors.push(FieldError::new("/unlisted", "out_of_range", detail));
        }
        if !errors.is_empty() {
            return Err(Refusal::invalid(errors));
        }
        let mut table = WeightsTable {
            fitted_by: self.fitted_by,
            from: self.from,
            to: self.to,
            version: self.version,
            approved_by: by,
            approved_at: at,
            weights: self.weights,
            unlisted: self.unlisted,
            hash: String::new(),
            excerpt: false,
        };
        table.hash = table.computed_hash();
        Ok(table)
    }
}

/// Published weights by which a data-driven model pays: fitted for a period, versioned, approved
/// by a person. A journey's credit is its partners' and channels' weights, normalised.
///
/// With a decision its *excerpt* is stored: the rows that the journey asked, under the hash of the
/// whole. Judging by the excerpt gives the same as judging by the whole.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsTable {
    fitted_by: Fitted,
    from: LocalDate,
    to: LocalDate,
    version: u32,
    approved_by: UserId,
    approved_at: Timestamp,
    weights: BTreeMap<CreditKey, u64>,
    unlisted: u64,
    hash: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    excerpt: bool,
}

impl WeightsTable {
    /// The report whose shares these are.
    #[must_use]
    pub const fn fitted_by(&self) -> Fitted {
        self.fitted_by
    }

    /// First and last day of the journeys it was fitted on.
    #[must_use]
    pub const fn period(&self) -> (LocalDate, LocalDate) {
        (self.from, self.to)
    }

    /// Its number in its program.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Who approved it, and when.
    #[must_use]
    pub const fn approved(&self) -> (UserId, Timestamp) {
        (self.approved_by, self.approved_at)
    }

    /// SHA-256 of the whole table in hexadecimal: its identity.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The weight of one partnership or channel.
    #[must_use]
    pub fn weight(&self, key: &CreditKey) -> u64 {
        self.weights.get(key).copied().unwrap_or(self.unlisted)
    }

    /// The rows: all of them, or those of an excerpt.
    pub fn weights(&self) -> impl Iterator<Item = (&CreditKey, u64)> {
        self.weights.iter().map(|(key, weight)| (key, *weight))
    }

    /// The rows that a journey asks, under the hash of the whole.
    #[must_use]
    pub fn excerpt(&self, journey: &Journey) -> Self {
        let keys = journey.touches().iter().map(CreditKey::of);
        let weights = keys.filter_map(|key| {
            let weight = *self.weights.get(&key)?;
            Some((key, weight))
        });
        Self { weights: weights.collect(), excerpt: true, ..self.clone() }
    }

    /// Whether the hash is that of the rows; none for an excerpt, which cannot tell.
    #[must_use]
    pub fn is_intact(&self) -> Option<bool> {
        (!self.excerpt).then(|| self.hash == self.computed_hash())
    }

    fn computed_hash(&self) -> String {
        let mut text = format!(
            "{HASH_FORMAT}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.fitted_by,
            self.from,
            self.to,
            self.version,
            self.approved_by,
            self.approved_at,
            self.unlisted,
        );
        for (key, weight) in &self.weights {
            writeln!(text, "{key} {weight}").expect("a string takes all that is written");
        }
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(text.as_bytes()) {
            write!(hex, "{byte:02x}").expect("a string takes all that is written");
        }
        hex
    }
}
