use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use tributary_kernel::text_enum;
use tributary_money::{Currency, Money, MoneyError, Rate, Rounding};

use super::{
    AgeStep, Bonus, Cap, Clawback, Condition, Contest, EventName, FirstCustomers, GradeStep,
    OncePer, PlanHash, PlanOption, RuleId, Scope, Several, SubscriptionTerms, Tiers, canonical,
    read,
};

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
    /// What happens when several rules of the highest level match; the first pays, if absent.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub several: Several,
    /// What partners choose between at joining.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 20))]
    pub options: Vec<PlanOption>,
    /// The most that all rules together pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 10))]
    pub caps: Vec<Cap>,
    /// Rules for a partnership come before those for its group, those before a campaign's, those
    /// before all others; of one level those with more tests come first, then the earlier. 1 to
    /// 200.
    #[schemars(length(min = 1, max = 200))]
    pub rules: Vec<Rule>,
    /// Given for reaching something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 50))]
    pub bonuses: Vec<Bonus>,
    /// Partners in competition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 50))]
    pub contests: Vec<Contest>,
}

const fn first() -> Several {
    Several::First
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_first(several: &Several) -> bool {
    matches!(several, Several::First)
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
    /// For whom it is; for everybody, if absent.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The option of the plan that a partner must have chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<RuleId>,
    /// When it pays; always, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Whether it pays besides whatever else does, instead of competing with other rules.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_top: bool,
    /// How much.
    pub amount: Amount,
    /// Other amounts for leads of these grades.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 20))]
    pub grades: Vec<GradeStep>,
    /// Other amounts from these months of the subscription on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 20))]
    pub ages: Vec<AgeStep>,
    /// Other amounts the more there is of something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// The least that a conversion pays, of all its partners together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Money>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Money>,
    /// Which of a customer's payments; each event on its own, if absent. An event of an unknown
    /// customer stands for a customer of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurring: Option<Recurring>,
    /// What pauses and new beginnings do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionTerms>,
    /// Paid once only for a company or a customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once_per: Option<OncePer>,
    /// Paid for the first customers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_customers: Option<FirstCustomers>,
    /// The most that it pays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1, max = 10))]
    pub caps: Vec<Cap>,
    /// What is taken back when a customer leaves early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clawback: Option<Clawback>,
    /// Days until the commission can be approved; the program's, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 730))]
    pub hold_days: Option<u16>,
}

impl Rule {
    /// A rule that pays this for these events, always.
    #[must_use]
    pub const fn new(id: RuleId, events: Vec<EventName>, amount: Amount) -> Self {
        Self {
            id,
            name: None,
            events,
            scope: None,
            option: None,
            when: None,
            on_top: false,
            amount,
            grades: Vec::new(),
            ages: Vec::new(),
            tiers: None,
            minimum: None,
            maximum: None,
            recurring: None,
            subscription: None,
            once_per: None,
            first_customers: None,
            caps: Vec::new(),
            clawback: None,
            hold_days: None,
        }
    }

    /// Every amount that it can pay, each with where it stands in the rule.
    pub(crate) fn amounts(&self) -> impl Iterator<Item = (String, Amount)> + '_ {
        let own = std::iter::once(("/amount".to_owned(), self.amount));
        let step = |list: &'static str, place: usize| format!("{list}/{place}/amount");
        let grades = self.grades.iter().enumerate();
        let ages = self.ages.iter().enumerate();
        let tiers = self.tiers.iter().flat_map(|tiers| tiers.steps.iter().enumerate());
        own.chain(grades.map(move |(place, it)| (step("/grades", place), it.amount)))
            .chain(ages.map(move |(place, it)| (step("/ages", place), it.amount)))
            .chain(tiers.map(move |(place, it)| (step("/tiers/steps", place), it.amount)))
    }
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
    /// What is taken off that amount before; of gross only.
    #[serde(default, skip_serializing_if = "Deductions::is_none")]
    pub less: Deductions,
    /// Of one month of the payment: of a yearly payment a twelfth.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_month: bool,
}

text_enum! {
    /// What can be taken off what the customer paid.
    pub enum Deduction {
        /// Tax.
        Tax = "tax",
        /// Shipping.
        Shipping = "shipping",
        /// Discount.
        Discount = "discount",
    }
}

/// A set of deductions; as JSON a list in a fixed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deductions(u8);

impl Deductions {
    /// None.
    pub const NONE: Self = Self(0);

    /// With this one.
    #[must_use]
    pub const fn and(self, deduction: Deduction) -> Self {
        Self(self.0 | 1 << deduction as u8)
    }

    /// Whether this one is in it.
    #[must_use]
    pub const fn has(self, deduction: Deduction) -> bool {
        self.0 & 1 << deduction as u8 != 0
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    const fn is_none(&self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Deduction> for Deductions {
    fn from_iter<T: IntoIterator<Item = Deduction>>(deductions: T) -> Self {
        deductions.into_iter().fold(Self::NONE, Self::and)
    }
}

impl Serialize for Deductions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(Deduction::ALL.iter().filter(|one| self.has(**one)))
    }
}

impl schemars::JsonSchema for Deductions {
    fn schema_name() -> Cow<'static, str> {
        "Deductions".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let item = generator.subschema_for::<Deduction>();
        schemars::json_schema!({
            "type": "array", "items": item, "minItems": 1, "uniqueItems": true,
        })
    }
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
        Self::Percent(PercentAmount { percent, of, less: Deductions::NONE, one_month: false })
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
        /// What the advertiser earns by it, as reported.
        Margin = "margin",
        /// What the customer is bound to pay in the first year, as reported: of a contract paid by
        /// the month too.
        Contracted = "first_year_contracted",
        /// What the customer pays in the first year if they stay: the payment times as many as
        /// there are in a year.
        Expected = "first_year_expected",
        /// By how much the payment is more than the one before: an upgrade.
        Increase = "increase",
    }
}

text_enum! {
    /// For what a fixed amount is paid once.
    pub enum Per {
        /// For the conversion as a whole.
        Conversion = "conversion",
        /// For each item of it, piece by piece: its quantity times. Clicks are always paid so.
        Item = "item",
        /// For each line of the order, whatever its quantity.
        Line = "line",
    }
}

/// Which of a customer's payments a rule pays. JSON is `"once"`, `{"months": 24}`,
/// `{"payments": 12}` or `"life"`.
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
    /// So many payments of the customer, whenever they come.
    Payments(#[schemars(range(min = 1, max = 600))] u16),
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
    /// A plan of these rules and nothing else.
    #[must_use]
    pub const fn new(name: String, rules: Vec<Rule>) -> Self {
        Self {
            format: PlanFormat::One,
            name,
            currency: None,
            rounding: half_even(),
            several: Several::First,
            options: Vec::new(),
            caps: Vec::new(),
            rules,
            bonuses: Vec::new(),
            contests: Vec::new(),
        }
    }

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
