use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use tributary_kernel::text_enum;
use tributary_money::{Currency, Money, MoneyError, Rate, Rounding};

use super::{EventName, PlanHash, RuleId, canonical, read};

/// A plan as it is written down, format 1. The JSON has these fields by these names; unknown ones
/// are refused.
///
/// Fields that later versions of the program add are optional and left out of the canonical form
/// when absent, so that the hash of a document never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Tributary plan, format 1")]
pub struct PlanDocument {
    /// Always 1.
    pub format: PlanFormat,
    /// What the plan is called, 1 to 120 characters.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    /// The currency of all its amounts; the program's, if absent. Another one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How the one rounding at the end of each computation is done.
    #[serde(default = "half_even")]
    pub rounding: Rounding,
    /// Tried in this order; the first that matches an event pays. 1 to 200.
    #[schemars(length(min = 1, max = 200))]
    pub rules: Vec<Rule>,
}

pub(super) const fn half_even() -> Rounding {
    Rounding::HalfEven
}

/// The number of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlanFormat {
    /// Format 1.
    #[default]
    One,
}

impl PlanFormat {
    /// The number that stands in the document.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::One => 1,
        }
    }
}

impl Serialize for PlanFormat {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.number())
    }
}

impl schemars::JsonSchema for PlanFormat {
    fn schema_name() -> Cow<'static, str> {
        "PlanFormat".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "const": 1 })
    }
}

/// One line of the agreement: which events it pays, how much, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name within the plan, kept from version to version.
    pub id: RuleId,
    /// What people call it, 1 to 120 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 120))]
    pub name: Option<String>,
    /// The events that it pays, each once; their order has no meaning.
    #[schemars(length(min = 1, max = 50), extend("uniqueItems" = true))]
    pub events: Vec<EventName>,
    /// How much.
    pub amount: Amount,
    /// Which of a customer's payments; each event on its own, if absent. An event of an unknown
    /// customer stands for a customer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurring: Option<Recurring>,
    /// Days until the commission can be approved; the program's, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 730))]
    pub hold_days: Option<u16>,
}

/// How much a rule pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Amount {
    /// So many per cent of the sale.
    Percent(PercentAmount),
    /// A fixed amount.
    Fixed(FixedAmount),
}

/// So many per cent of the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PercentAmount {
    /// Above 0. Above 100 pays more than the sale: it must be confirmed.
    pub percent: Percent,
    /// Of which amount of the conversion.
    pub of: Base,
}

/// A fixed amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedAmount {
    /// Above 0, in the plan's currency.
    pub fixed: Money,
    /// For what it is paid once.
    #[serde(default = "per_conversion")]
    pub per: Per,
}

const fn per_conversion() -> Per {
    Per::Conversion
}

impl Amount {
    /// So many per cent.
    #[must_use]
    pub const fn percent(percent: Percent, of: Base) -> Self {
        Self::Percent(PercentAmount { percent, of })
    }

    /// So much.
    #[must_use]
    pub const fn fixed(fixed: Money, per: Per) -> Self {
        Self::Fixed(FixedAmount { fixed, per })
    }
}

text_enum! {
    /// Which amount of a conversion a percentage is taken of.
    pub enum Base {
        /// What the customer paid.
        Gross = "gross",
        /// The same without tax, shipping and discount, as the advertiser reports it.
        Net = "net",
    }
}

text_enum! {
    /// For what a fixed amount is paid once.
    pub enum Per {
        /// For the conversion as a whole.
        Conversion = "conversion",
        /// For each item of it: its quantity times. Clicks are always paid so.
        Item = "item",
    }
}

/// Which of a customer's payments a rule pays. JSON is `"once"`, `{"months": 24}` or `"life"`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Recurring {
    /// The customer's first payment only; of leads, the first lead.
    Once,
    /// Every payment on a day before the same day `months` calendar months after the first
    /// payment, in the program's zone: 24 months are 24 monthly or 2 yearly payments.
    Months(#[schemars(range(min = 1, max = 600))] u16),
    /// Every payment for as long as there are any.
    Life,
}

/// A percentage as it is written: `"15"`, `"12.5"`. Kept as an exact rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(Rate);

impl Percent {
    /// The whole.
    pub const HUNDRED: Self = Self(Rate::ONE);

    /// As a rate: 15 per cent are 0.15.
    #[must_use]
    pub const fn rate(self) -> Rate {
        self.0
    }
}

impl From<Rate> for Percent {
    fn from(rate: Rate) -> Self {
        Self(rate)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_percent_string())
    }
}

impl FromStr for Percent {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Rate::from_percent(text).map(Self)
    }
}

impl Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Percent {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$",
            "description": "Decimal number of hundredths, above 0: 15 is fifteen per cent.",
            "examples": ["15", "12.5"],
        })
    }
}

impl PlanDocument {
    /// Reads a document of any known format.
    ///
    /// # Errors
    /// Everything that is wrong with its form, each with the path of the field. What it says is
    /// checked by [`super::validate`].
    pub fn from_json(json: &[u8]) -> Result<Self, Vec<tributary_kernel::FieldError>> {
        read::from_json(json)
    }

    /// The canonical form: keys sorted, no white space, events sorted, percentages and amounts in
    /// their one form, defaults written out.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical::canonical_json(self)
    }

    /// SHA-256 of the canonical form: the document's identity.
    #[must_use]
    pub fn hash(&self) -> PlanHash {
        PlanHash::of(&self.canonical_json())
    }
}

impl<'de> serde::Deserialize<'de> for PlanDocument {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        super::upgrade(&value).map_err(|errors| {
            let text: Vec<_> =
                errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect();
            serde::de::Error::custom(text.join("; "))
        })
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        read::amount_from_value(&value).map_err(serde::de::Error::custom)
    }
}
