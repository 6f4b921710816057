//! When a rule pays: tests of fields, joined by all and any.

mod compiled;
mod field;
mod read;
mod values;

use serde::Serialize;
use tributary_kernel::{LocalDate, text_enum};
use tributary_money::Money;

pub use compiled::Verdict;
pub(crate) use compiled::{Checks, Sources};
pub use field::{Field, FieldType, KnownField, METADATA_KEY_CHARACTERS_MAX};
pub(super) use read::{check, condition};
pub use values::FactValue;

/// Tests and groups within one another.
pub const CONDITION_DEPTH_MAX: usize = 5;
/// Tests and groups of a rule's condition together.
pub const CONDITIONS_PER_RULE_MAX: usize = 100;
/// Values of one test.
pub const CONDITION_VALUES_MAX: usize = 500;
/// Characters of a text that is compared.
pub const CONDITION_TEXT_CHARACTERS_MAX: usize = 200;

/// When a rule pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Condition {
    /// All of these hold.
    All(All),
    /// At least one of these holds.
    Any(Any),
    /// A test of one field.
    Test(Test),
}

/// All of these hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct All {
    /// 1 to 100.
    #[schemars(length(min = 1, max = 100))]
    pub all: Vec<Condition>,
}

/// At least one of these holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Any {
    /// 1 to 100.
    #[schemars(length(min = 1, max = 100))]
    pub any: Vec<Condition>,
}

/// A test of one field. What was not reported is not equal to anything: only `not` and `not_in`
/// hold of it. The letters A to Z count the same in either case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What it asks about.
    pub field: Field,
    /// How it is compared; which operators there are depends on the field.
    pub is: Operator,
    /// With what; a list for `in` and `not_in`.
    pub value: Operand,
}

text_enum! {
    /// How a field is compared.
    pub enum Operator {
        /// The same.
        Equals = "equals",
        /// Another, or none.
        Not = "not",
        /// One of these.
        In = "in",
        /// None of these.
        NotIn = "not_in",
        /// Has this text within it.
        Contains = "contains",
        /// Begins with this text.
        Starts = "starts",
        /// Ends with this text.
        Ends = "ends",
        /// Below.
        Below = "<",
        /// At most.
        AtMost = "<=",
        /// Above.
        Above = ">",
        /// At least.
        AtLeast = ">=",
        /// A multiple of this number, above 0.
        MultipleOf = "multiple_of",
    }
}

/// With what a field is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Operand {
    /// A text.
    Text(String),
    /// Texts.
    Texts(#[schemars(length(min = 1, max = 500))] Vec<String>),
    /// A whole number.
    Number(i64),
    /// Whole numbers.
    Numbers(#[schemars(length(min = 1, max = 500))] Vec<i64>),
    /// An amount in the plan's currency.
    Money(Money),
    /// A day.
    Date(LocalDate),
}

impl FieldType {
    /// The operators that it has.
    #[must_use]
    pub const fn operators(self) -> &'static [Operator] {
        use Operator::{
            Above, AtLeast, AtMost, Below, Contains, Ends, Equals, In, MultipleOf, Not, NotIn,
            Starts,
        };
        match self {
            Self::Text | Self::Texts => &[Equals, Not, In, NotIn, Contains, Starts, Ends],
            Self::Number => &[Equals, Not, In, NotIn, Below, AtMost, Above, AtLeast, MultipleOf],
            Self::Money => &[Equals, Not, Below, AtMost, Above, AtLeast, MultipleOf],
            Self::Date => &[Equals, Not, Below, AtMost, Above, AtLeast],
            Self::Metadata => Operator::ALL,
        }
    }
}

impl Condition {
    /// A test of one field.
    #[must_use]
    pub fn test(field: impl Into<Field>, is: Operator, value: Operand) -> Self {
        Self::Test(Test { field: field.into(), is, value })
    }

    /// Its tests, from left to right: the places that [`crate::RuleOutcome`] speaks of.
    #[must_use]
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Test(test) => vec![test],
            Self::All(All { all: parts }) | Self::Any(Any { any: parts }) => {
                parts.iter().flat_map(Self::tests).collect()
            }
        }
    }

    /// Whether it chooses among the lines of an order.
    #[must_use]
    pub fn of_items(&self) -> bool {
        self.tests().iter().any(|test| test.field.of_item())
    }
}
