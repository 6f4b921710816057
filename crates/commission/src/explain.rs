use std::borrow::Cow;

use tributary_kernel::{LocalDate, PartnershipId, PlanId, Timestamp, Zone};
use tributary_money::{Money, MoneyError, Rounding, Share};

use crate::exact_text::exact_text;
use crate::record::{sum, undivided};
use crate::select::select;
use crate::{
    Amount, CommissionRecord, CompiledPlan, ConversionFacts, Counters, EventKind, EventName,
    NotPaid, PlanHash, RecomputeError, Recurring, Rule, RuleId, RuleOutcome, recompute, window_end,
};

/// Why an amount is what it is, or why there is none: typed data, in the order in which a person
/// would tell it. Pages, mails and statements put it into words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The plan version.
    pub plan: PlanId,
    /// The identity of its document.
    pub plan_hash: PlanHash,
    /// What the plan is called.
    pub plan_name: String,
    /// What happened.
    pub steps: Vec<Step>,
}

/// One step of an explanation. Places of rules and touches count from 0, as in the plan's JSON;
/// pages show them from 1.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// What was reported.
    Inputs {
        /// The event.
        event: EventName,
        /// What sort of event it is.
        kind: EventKind,
        /// The day in the program's zone.
        on: LocalDate,
        /// Items, units or clicks.
        quantity: u32,
        /// The customer's counters before; none if no customer is known.
        before: Option<Counters>,
    },
    /// Who was credited, and what became of every touch.
    JourneyCredit(CreditFacts),
    /// A rule that does not pay, and why.
    RuleSkipped {
        /// The rule.
        rule: RuleId,
        /// Its place in the plan.
        place: u16,
        /// What people call it.
        name: Option<String>,
        /// Why not.
        why: RuleOutcome,
    },
    /// The rule that pays.
    RuleChosen {
        /// The rule.
        rule: RuleId,
        /// Its place in the plan.
        place: u16,
        /// What people call it.
        name: Option<String>,
        /// What it says.
        amount: Amount,
    },
    /// Which of the customer's payments (of a lead: leads) it is.
    Recurring {
        /// What the rule says.
        recurring: Recurring,
        /// It is the n-th, counted from 1.
        nth: u32,
        /// Whether the customer is known; if not, it is the first of a customer of its own.
        customer_known: bool,
        /// The first day on which the rule will no longer pay this customer.
        window_end: Option<LocalDate>,
    },
    /// The computation.
    Arithmetic {
        /// The amount that a percentage is taken of, or the fixed amount.
        base: Money,
        /// What the rule says.
        amount: Amount,
        /// Items, units or clicks.
        quantity: u32,
        /// What all credited partnerships have together.
        share: Share,
        /// Unrounded, in major units, decimal text; none where it has too many digits.
        exact: Option<String>,
        /// How it is rounded.
        rounding: Rounding,
        /// Rounded: the undivided amount.
        result: Money,
    },
    /// The part of this partnership, where there are several.
    Split {
        /// Its share.
        share: Share,
        /// The share of all together.
        of: Share,
        /// How many partnerships there are.
        partnerships: u16,
        /// Its part; the parts sum to the undivided amount.
        amount: Money,
    },
    /// When it can be approved.
    Hold(HoldFacts),
    /// Nothing is paid.
    NotPaid(NotPaid),
}

/// How long a commission waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldFacts {
    /// Days of the program's calendar from the conversion.
    pub days: u16,
    /// Until when.
    pub until: Timestamp,
    /// Whether the rule says so; otherwise the program does.
    pub by_rule: bool,
}

impl HoldFacts {
    /// A conversion's wait: the rule's days, else the program's, by the calendar of `zone`.
    #[must_use]
    pub fn of(
        rule_days: Option<u16>,
        program_days: u16,
        occurred_at: Timestamp,
        zone: &Zone,
    ) -> Self {
        let days = rule_days.unwrap_or(program_days);
        let until = zone.plus_days(occurred_at, i32::from(days));
        Self { days, until, by_rule: rule_days.is_some() }
    }
}

/// What attribution said, as plain data: this crate does not know its types.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditFacts {
    /// Name of the model.
    pub model: Cow<'static, str>,
    /// Every touch of the journey, oldest first.
    pub touches: Vec<TouchFacts>,
    /// Older touches that were left out of the journey.
    #[serde(default)]
    pub left_out: u32,
}

/// One touch and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TouchFacts {
    /// Which touch; none where it is another partner's and the reader may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touch: Option<String>,
    /// When.
    pub at: Timestamp,
    /// By what way.
    pub channel: Cow<'static, str>,
    /// Whose; none where it is nobody's or the reader may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partnership: Option<PartnershipId>,
    /// Name of what it rests on.
    pub proof: Cow<'static, str>,
    /// Name of the verdict.
    pub verdict: Cow<'static, str>,
    /// The share it earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// Place of the touch that won over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<u16>,
    /// Its age in days, where that was too much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<u32>,
    /// The window in days, where it was outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u16>,
}

impl Explanation {
    /// The same for one partner: whose the other touches are is left out, that they were and what
    /// became of them stays.
    #[must_use]
    pub fn for_partnership(mut self, partnership: PartnershipId) -> Self {
        for step in &mut self.steps {
            if let Step::JourneyCredit(credit) = step {
                let others = credit
                    .touches
                    .iter_mut()
                    .filter(|touch| touch.partnership.is_some_and(|whose| whose != partnership));
                for touch in others {
                    touch.touch = None;
                    touch.partnership = None;
                }
            }
        }
        self
    }
}

/// The explanation of a commission, derived from its record.
///
/// # Errors
/// [`RecomputeError`]: the record and the plan don't belong together.
pub fn explain(
    plan: &CompiledPlan,
    record: &CommissionRecord,
    credit: CreditFacts,
    hold: Option<HoldFacts>,
) -> Result<Explanation, RecomputeError> {
    let amount = recompute(plan, record)?;
    let (mut steps, winner) = beginning(plan, &record.facts, credit);
    let rule = winner.map(|place| &plan.rules()[usize::from(place)]);
    let rule = rule.expect("recomputing found the rule");
    steps.extend(recurring_step(rule, &record.facts));
    let shares = record.split.as_ref().map_or(std::slice::from_ref(&record.share), |s| &s.shares);
    let total = sum(shares)?;
    steps.push(arithmetic(plan, rule, &record.facts, record.base, total)?);
    if let Some(split) = &record.split {
        let partnerships = u16::try_from(split.shares.len()).unwrap_or(u16::MAX);
        steps.push(Step::Split { share: record.share, of: total, partnerships, amount });
    }
    steps.extend(hold.map(Step::Hold));
    Ok(explanation(plan, steps))
}

/// The explanation of a conversion that paid nothing.
#[must_use]
pub fn explain_not_paid(
    plan: &CompiledPlan,
    facts: &ConversionFacts,
    credit: CreditFacts,
    reason: NotPaid,
) -> Explanation {
    let (mut steps, winner) = beginning(plan, facts, credit);
    let rule = winner.map(|place| &plan.rules()[usize::from(place)]);
    steps.extend(rule.and_then(|rule| recurring_step(rule, facts)));
    if let (Some(rule), NotPaid::AmountZero { base, share, .. }) = (rule, &reason) {
        // It came out as nothing before, so that it fits.
        steps.extend(arithmetic(plan, rule, facts, *base, *share).ok());
    }
    steps.push(Step::NotPaid(reason));
    explanation(plan, steps)
}

fn arithmetic(
    plan: &CompiledPlan,
    rule: &Rule,
    facts: &ConversionFacts,
    base: Money,
    share: Share,
) -> Result<Step, MoneyError> {
    let (amount, quantity, rounding) = (rule.amount, facts.quantity, plan.rounding());
    let result = undivided(amount, base, quantity, share, rounding)?;
    Ok(Step::Arithmetic {
        base,
        amount,
        quantity,
        share,
        exact: exact_text(amount, base, quantity, share),
        rounding,
        result: Money::new(result, base.currency),
    })
}

fn explanation(plan: &CompiledPlan, steps: Vec<Step>) -> Explanation {
    let plan_name = plan.document().name.clone();
    Explanation { plan: plan.id(), plan_hash: plan.hash(), plan_name, steps }
}

/// What every explanation begins with: inputs, credit, and the rules in their order.
fn beginning(
    plan: &CompiledPlan,
    facts: &ConversionFacts,
    credit: CreditFacts,
) -> (Vec<Step>, Option<u16>) {
    let (outcomes, winner) = select(plan, facts);
    let mut steps = Vec::with_capacity(outcomes.len() + 6);
    steps.push(Step::Inputs {
        event: facts.event.clone(),
        kind: facts.kind,
        on: facts.on,
        quantity: facts.quantity,
        before: facts.before,
    });
    steps.push(Step::JourneyCredit(credit));
    for (place, (rule, why)) in (0u16..).zip(plan.rules().iter().zip(outcomes)) {
        let (id, name) = (rule.id.clone(), rule.name.clone());
        steps.push(match why {
            RuleOutcome::Chosen => Step::RuleChosen { rule: id, place, name, amount: rule.amount },
            why => Step::RuleSkipped { rule: id, place, name, why },
        });
    }
    (steps, winner)
}

fn recurring_step(rule: &Rule, facts: &ConversionFacts) -> Option<Step> {
    let recurring = rule.recurring?;
    let before = facts.before.unwrap_or_default();
    let window_end = match recurring {
        // The first payment opens the window.
        Recurring::Months(months) => {
            Some(window_end(before.first_payment_on.unwrap_or(facts.on), months))
        }
        Recurring::Once | Recurring::Life => None,
    };
    Some(Step::Recurring {
        recurring,
        nth: before.of_kind(facts.kind).saturating_add(1),
        customer_known: facts.before.is_some(),
        window_end,
    })
}
