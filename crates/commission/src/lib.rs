//! Plan, conversion, credit and counters to commission lines with what their explanation needs.
//!
//! A [`PlanDocument`] is the agreement as written: JSON, read by [`PlanDocument::from_json`],
//! identified by the hash of its canonical form. A [`CompiledPlan`] is one that was checked against
//! its program. [`evaluate`] says what a conversion earns; every [`Line`] carries the
//! [`CommissionRecord`] from which [`recompute`] gets the same amount again and [`explain`] derives
//! the explanation as typed data.
//!
//! Invariants: the amount is computed exactly and rounded once; the lines of a conversion sum to
//! the undivided amount; the same input gives the same answer, whatever order the credits come in;
//! no line is zero or negative. A refund reverses in proportion, and in any number of parts a full
//! refund leaves exactly nothing ([`refund_share`]).
//!
//! What is absent: rates of exchange (everything is in the program's currency), tiers, caps,
//! conditions and precedence between several plans. Where they come they add optional fields to
//! the document and steps to the explanation.

mod engine;
mod evaluate;
mod exact_text;
mod explain;
mod input;
mod plan;
mod record;
mod recurring;
mod refund;
mod select;

pub use engine::{ENGINE_CHANGES, ENGINE_VERSION, EngineChange, Judgement, judge, judge_by};
pub use evaluate::{Evaluation, EvaluationError, Line, NotPaid, Outcome, evaluate};
pub use explain::{
    CreditFacts, Explanation, HoldFacts, Step, TouchFacts, explain, explain_not_paid,
};
pub use input::{
    ConversionFacts, Counters, CreditInput, CustomerBefore, EvaluationInput, EventKind,
};
pub use plan::{
    Amount, Base, CompiledPlan, EVENTS_PER_RULE_MAX, EventName, FixedAmount, HOLD_DAYS_MAX,
    MONTHS_MAX, NAME_CHARACTERS_MAX, NameError, PLAN_BYTES_MAX, Per, Percent, PercentAmount,
    PlanDocument, PlanFormat, PlanHash, PlanWarning, RULES_MAX, Recurring, Rule, RuleId,
    plan_schema, upgrade, validate,
};
pub use record::{CommissionRecord, RecomputeError, Split, recompute};
pub use recurring::window_end;
pub use refund::{RefundError, refund_share};
pub use select::RuleOutcome;
