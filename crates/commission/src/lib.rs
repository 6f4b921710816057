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
//! Rules for a partnership come before those of its group, those before a campaign's, those before
//! the program's ([`Scope`]); [`Several`] says what happens when several of one level match.
//! Counters (tiers, caps, firsts, bonuses) are handed in as they stood and their increments handed
//! back ([`CountersBefore`], [`Increment`]); the record keeps what was asked of them.
//!
//! What is absent: rates of exchange (everything is in the program's currency) and storage.

mod bonus;
mod calendar;
mod caps;
mod contest;
mod counters;
mod engine;
mod evaluate;
mod exact_text;
mod explain;
mod facts;
mod input;
mod plan;
mod price;
pub mod ready;
mod record;
mod recruit;
mod recurring;
mod refund;
mod retroactive;
mod select;
mod shared;

pub use bonus::{Award, AwardRecord, award_holds, times_reached};
pub use caps::CapCut;
pub use contest::{Ranked, Standing, rank};
pub use counters::{CounterKey, CounterOf, CountersBefore, Increment, NoCounters, PartnerTotal};
pub use engine::{ENGINE_CHANGES, ENGINE_VERSION, EngineChange, Judgement, judge, judge_by};
pub use evaluate::{
    Crossed, Evaluation, EvaluationError, ITEMS_MAX, Line, NotPaid, Outcome, Unpaid, evaluate,
};
pub use explain::{
    CreditFacts, Explanation, HoldFacts, Step, TouchFacts, explain, explain_not_paid,
};
pub use facts::{AmountFacts, MoreFacts};
pub use input::{
    ConversionFacts, Counters, CreditInput, CustomerBefore, Details, EvaluationInput, EventKind,
    ItemFacts, ItemInput, PartnerInput, PartnerTotals, RecruitInput, SubscriptionBefore,
    TouchInput,
};
pub use plan::{
    AgeStep, All, Amount, Any, BONUSES_MAX, Base, Bonus, CAPS_MAX, CLAWBACK_MONTHS_MAX,
    CONDITION_DEPTH_MAX, CONDITION_TEXT_CHARACTERS_MAX, CONDITION_VALUES_MAX,
    CONDITIONS_PER_RULE_MAX, Cap, CapOf, Clawback, ClawbackTakes, CompiledPlan, Condition, Contest,
    CounterName, Credits, Deduction, Deductions, EVENTS_PER_RULE_MAX, EventName, FactValue, Field,
    FieldType, FirstCustomers, FixedAmount, Gift, GradeStep, HOLD_DAYS_MAX, KnownField,
    METADATA_KEY_CHARACTERS_MAX, MONTHS_MAX, Measure, NAME_CHARACTERS_MAX, NameError, OPTIONS_MAX,
    OnPause, OnResume, OnceOf, OncePer, Operand, Operator, PLAN_BYTES_MAX, PRIZES_MAX, Per,
    Percent, PercentAmount, Period, PlanDocument, PlanFormat, PlanHash, PlanOption, PlanWarning,
    RECRUIT_LEVELS_MAX, RULES_MAX, Recurring, Reward, Rule, RuleId, STEPS_MAX, Scope, Several,
    SubscriptionTerms, Test, TierMode, TierOf, TierStep, Tiers, Ties, Verdict, plan_schema,
    upgrade, validate,
};
pub use record::{CommissionRecord, RecomputeError, Split, percentage, recompute};
pub use recruit::{RECRUITING_EVENT, RecruitedCommission, Recruiter, recruiting};
pub use recurring::window_end;
pub use refund::{RefundError, refund_share};
pub use retroactive::{
    Adjustment, AdjustmentRecord, Beside, ClawbackFacts, Earlier, GivenBack, Subjects, clawback,
    given_back, left_early, recompute_adjustment, retroactive,
};
pub use select::RuleOutcome;
pub use shared::Text;
