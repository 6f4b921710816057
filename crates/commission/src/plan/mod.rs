//! The agreement as a document: its types, how it is read, checked, identified and published.

mod canonical;
mod compiled;
mod document;
mod names;
mod read;
mod reader;
mod schema;
mod validate;

pub use canonical::PlanHash;
pub use compiled::CompiledPlan;
pub use document::{
    Amount, Base, FixedAmount, Per, Percent, PercentAmount, PlanDocument, PlanFormat, Recurring,
    Rule,
};
pub use names::{EventName, NameError, RuleId};
pub use read::upgrade;
pub use schema::plan_schema;
pub use validate::{PlanWarning, validate};

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
