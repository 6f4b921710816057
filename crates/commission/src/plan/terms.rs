//! What a rule says besides how much: tiers, ages, caps, and what a plan says besides its rules.

use serde::Serialize;
use tributary_kernel::{LocalDate, PartnershipId, text_enum};
use tributary_money::Money;

use super::{Amount, EventName, RuleId};

text_enum! {
    /// What happens when several rules of the highest level match.
    pub enum Several {
        /// The first pays: the one with the most tests, then the earliest in the plan. Every line
        /// of an order is decided on its own.
        First = "first",
        /// The one that pays the most pays; of equals, the first.
        Best = "best",
        /// All pay.
        All = "all",
    }
}

/// For whom a rule is. A rule for a partnership replaces those of its group, those replace the
/// campaign's, and those the program's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One partnership.
    Partnership(#[schemars(with = "String")] PartnershipId),
    /// The partnerships of a group.
    Group(String),
    /// What a campaign brings.
    Campaign(String),
}

/// What a partner may choose at joining. Rules that name an option are for those who chose it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanOption {
    /// Its name within the plan.
    pub id: RuleId,
    /// What people call it, 1 to 120 characters.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
}

/// Another amount from some lead grade on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeStep {
    /// The grade of the lead.
    #[schemars(length(min = 1, max = 40))]
    pub grade: String,
    /// What a lead of that grade pays.
    pub amount: Amount,
}

/// Another amount from some month of the subscription on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeStep {
    /// The month from which it is paid; the first payment is in month 1. 2 to 600.
    #[schemars(range(min = 2, max = 600))]
    pub from_month: u16,
    /// What is paid then.
    pub amount: Amount,
}

/// Other amounts the more there is of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// What is counted.
    pub by: Measure,
    /// Of whom; each partnership on its own, if absent.
    #[serde(default)]
    pub of: TierOf,
    /// In which period; a new one begins at nothing.
    pub per: Period,
    /// Whether reaching a step changes what was paid before.
    pub mode: TierMode,
    /// A name shared with other rules whose events count together; the rule's own, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<RuleId>,
    /// 1 to 20, from low to high. Below the first the rule's amount is paid.
    #[schemars(length(min = 1, max = 20))]
    pub steps: Vec<TierStep>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierStep {
    /// By count: the number of the first conversion that it pays, as 11. By revenue or commission:
    /// the amount above which it pays, in minor units.
    #[schemars(range(min = 1))]
    pub from: i64,
    /// What it pays.
    pub amount: Amount,
}

text_enum! {
    /// What a tier, a bonus or a contest counts.
    pub enum Measure {
        /// Conversions.
        Count = "count",
        /// The amounts that percentages are taken of; of fixed amounts, what customers paid. Of a
        /// divided conversion, the partner's part.
        Revenue = "revenue",
        /// Commission.
        Commission = "commission",
    }
}

text_enum! {
    /// Whose conversions a tier counts.
    #[derive(Default)]
    pub enum TierOf {
        /// Each partnership's own.
        #[default]
        Partner = "partner",
        /// Those of the whole program.
        Program = "program",
    }
}

text_enum! {
    /// Whether reaching a step changes what was paid before.
    pub enum TierMode {
        /// Each step pays what falls into it: a sale that spans an edge of revenue is divided.
        Progressive = "progressive",
        /// The step that is reached pays all of the period: earlier commissions are adjusted.
        Retroactive = "retroactive",
    }
}

text_enum! {
    /// A stretch of the program's calendar.
    pub enum Period {
        /// A day.
        Day = "day",
        /// A month.
        Month = "month",
        /// A quarter.
        Quarter = "quarter",
        /// A year.
        Year = "year",
        /// For ever.
        Life = "life",
    }
}

/// The most that is paid. At the edge a part is paid, then nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// For whom.
    pub of: CapOf,
    /// In which period. An order has none: `life`.
    pub per: Period,
    /// How much, in the plan's currency; above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How many commissions; above 0. Either this or an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub count: Option<u32>,
}

text_enum! {
    /// For whom a cap is.
    pub enum CapOf {
        /// One conversion.
        Order = "order",
        /// One customer, whoever brought them.
        Customer = "customer",
        /// One partnership.
        Partner = "partner",
        /// The whole program: a budget.
        Program = "program",
    }
}

/// Only the first customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCustomers {
    /// How many; later ones are for the next rule.
    #[schemars(range(min = 1))]
    pub count: u32,
    /// Of whom.
    #[serde(default)]
    pub of: TierOf,
}

/// Paid once only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OncePer {
    /// For whom. A company that was not reported is its customer.
    pub of: OnceOf,
    /// In which period.
    pub per: Period,
}

text_enum! {
    /// For whom something is paid once.
    pub enum OnceOf {
        /// A company.
        Company = "company",
        /// A customer.
        Customer = "customer",
    }
}

/// What a pause or a new beginning does to the months and payments of a recurring commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTerms {
    /// What a pause does to the months.
    #[serde(default)]
    pub pause: OnPause,
    /// What a subscription that was cancelled and taken up again does.
    #[serde(default)]
    pub resume: OnResume,
}

text_enum! {
    /// What a pause does to the months.
    #[derive(Default)]
    pub enum OnPause {
        /// They go on.
        #[default]
        Runs = "runs",
        /// They wait: the paused days are added.
        Extends = "extends",
    }
}

text_enum! {
    /// What a subscription does that was cancelled and taken up again.
    #[derive(Default)]
    pub enum OnResume {
        /// The months go on from the first payment.
        #[default]
        Continues = "continues",
        /// They begin again.
        Restarts = "restarts",
        /// Nothing more is paid.
        Ends = "ends",
    }
}

/// What is taken back when a customer leaves early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clawback {
    /// The months that a customer must stay, 1 to 60.
    #[schemars(range(min = 1, max = 60))]
    pub months: u16,
    /// How much is taken back.
    pub takes: ClawbackTakes,
}

text_enum! {
    /// How much is taken back.
    pub enum ClawbackTakes {
        /// The months that are missing, of all of them.
        Missing = "missing",
        /// Everything.
        Everything = "everything",
    }
}

/// What is given for reaching something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reward {
    /// Money, above 0, in the plan's currency.
    Money(Money),
    /// Credits of the program: no money.
    Credits(Credits),
    /// A product.
    Gift(Gift),
}

/// Credits of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credits {
    /// How many, above 0.
    #[schemars(range(min = 1))]
    pub count: u32,
    /// Of what, as the program calls it: `points`, `free months`.
    #[schemars(length(min = 1, max = 120))]
    pub unit: String,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// What it is.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    /// What it is worth; tax offices ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
}

/// Given when a partner reaches something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// Its name within the plan, other than those of rules.
    pub id: RuleId,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 120))]
    pub name: Option<String>,
    /// The events that count.
    #[schemars(length(min = 1, max = 50), extend("uniqueItems" = true))]
    pub events: Vec<EventName>,
    /// What is counted.
    pub by: Measure,
    /// In which period.
    pub per: Period,
    /// What must be reached: a count, or minor units.
    #[schemars(range(min = 1))]
    pub at: i64,
    /// Given again at every further so much; once in a period, if absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// What is given.
    pub reward: Reward,
}

/// Partners in competition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its name within the plan, other than those of rules and bonuses.
    pub id: RuleId,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 120))]
    pub name: Option<String>,
    /// The events that count.
    #[schemars(length(min = 1, max = 50), extend("uniqueItems" = true))]
    pub events: Vec<EventName>,
    /// What is counted.
    pub by: Measure,
    /// The first day.
    pub from: LocalDate,
    /// The last day.
    pub to: LocalDate,
    /// What must be reached to be ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub at_least: Option<i64>,
    /// What happens to equals.
    pub ties: Ties,
    /// For the first, the second, … 1 to 100.
    #[schemars(length(min = 1, max = 100))]
    pub prizes: Vec<Reward>,
}

text_enum! {
    /// What happens to equals in a contest.
    pub enum Ties {
        /// Who had the total first is ranked first.
        Earliest = "earliest",
        /// They have the same rank; money of the ranks that they take is divided evenly, and other
        /// prizes go by who had the total first.
        Share = "share",
        /// They have the same rank, and each gets its prize.
        Each = "each",
    }
}
