//! The agreement as a document: its types, how it is read, checked, identified and published.

mod canonical;
mod compiled;
mod condition;
mod document;
mod names;
mod read;
mod read_terms;
mod reader;
mod schema;
mod terms;
mod validate;
mod validate_terms;
mod warnings;

pub use canonical::PlanHash;
pub(crate) use compiled::{CapAt, CounterSpec, SpecOf};
pub use compiled::{CompiledPlan, CounterName};
pub(crate) use condition::Checks;
use condition::Sources;
pub use condition::{
    All, Any, CONDITION_DEPTH_MAX, CONDITION_TEXT_CHARACTERS_MAX, CONDITION_VALUES_MAX,
    CONDITIONS_PER_RULE_MAX, Condition, FactValue, Field, FieldType, KnownField,
    METADATA_KEY_CHARACTERS_MAX, Operand, Operator, Test, Verdict,
};
pub use document::{
    Amount, Base, Deduction, Deductions, FixedAmount, Per, Percent, PercentAmount, PlanDocument,
    PlanFormat, Recurring, Rule,
};
pub use names::{EventName, NameError, RuleId};
pub use read::upgrade;
pub use schema::plan_schema;
pub use terms::{
    AgeStep, Bonus, Cap, CapOf, Clawback, ClawbackTakes, Contest, Credits, FirstCustomers, Gift,
    GradeStep, Measure, OnPause, OnResume, OnceOf, OncePer, Period, PlanOption, Reward, Scope,
    Several, SubscriptionTerms, TierMode, TierOf, TierStep, Tiers, Ties,
};
pub use validate::validate;
pub use warnings::PlanWarning;

/// Bytes of a plan document.
pub const PLAN_BYTES_MAX: usize = 256 * 1024;
/// Rules of a plan.
pub const RULES_MAX: usize = 200;
/// Events of a rule.
pub const EVENTS_PER_RULE_MAX: usize = 50;
/// Characters of the name of a plan or a rule.
pub const NAME_CHARACTERS_MAX: usize = 120;
/// Months of a recurring commission: fifty years.
pub const MONTHS_MAX: u16 = 600;
/// Days for which a commission can be held.
pub const HOLD_DAYS_MAX: u16 = 730;
/// Months that a customer must stay.
pub const CLAWBACK_MONTHS_MAX: u16 = 60;
/// Steps of tiers, ages or grades.
pub const STEPS_MAX: usize = 20;
/// Caps of a rule, and of a plan.
pub const CAPS_MAX: usize = 10;
/// Options of a plan.
pub const OPTIONS_MAX: usize = 20;
/// Bonuses of a plan, and contests.
pub const BONUSES_MAX: usize = 50;
/// Prizes of a contest.
pub const PRIZES_MAX: usize = 100;
/// Levels above a partner that are paid for recruiting.
pub const RECRUIT_LEVELS_MAX: u16 = 3;
