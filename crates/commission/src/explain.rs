use std::borrow::Cow;

use tributary_kernel::{CustomerId, LocalDate, PartnershipId, PlanId, Timestamp, Zone};
use tributary_money::{Money, Rounding, Share};

use crate::exact_text::exact_text;
use crate::facts::values_from;
use crate::plan::{FactValue, Field};
use crate::price::{Pieces, Subject, Terms};
use crate::record::{Again, Found, asked};
use crate::select::{counted_from, select};
use crate::{
    Amount, AmountFacts, CapCut, CommissionRecord, CompiledPlan, ConversionFacts, Counters,
    EventKind, EventName, Measure, NotPaid, PlanHash, RecomputeError, Recurring, Rule, RuleId,
    RuleOutcome, TierMode, window_end,
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
    /// What conditions asked for, where the plan has some.
    Looked {
        /// What was reported; amounts in minor units, days from 1970-01-01.
        values: Vec<(Field, FactValue)>,
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
    /// The lines of the order that the rule is for, where it is not all of them.
    Items {
        /// How many lines.
        lines: u16,
        /// Of how many.
        of: u16,
    },
    /// Where the conversion stands in the rule's tiers.
    Tier {
        /// What is counted.
        by: Measure,
        /// Whether reaching a step changes what was paid before.
        mode: TierMode,
        /// What was counted before: conversions, or minor units.
        before: i64,
        /// What this one adds.
        adds: i64,
        /// The step that pays, from 1; 0 is the rule's own amount.
        reached: u16,
    },
    /// A part of the base that falls into a tier of its own, where it spans several.
    Piece {
        /// What is paid of it.
        amount: Amount,
        /// The part, of this partnership's share.
        base: Money,
    },
    /// The part of the base that counts: one month of a year, or a year of such payments.
    Portion {
        /// The base times this,
        times: i64,
        /// divided by this.
        of: i64,
    },
    /// The rule's least or most was applied, to the amount of the whole conversion.
    Bounded {
        /// The least.
        minimum: Option<Money>,
        /// The most.
        maximum: Option<Money>,
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
    /// A cap took a part of it.
    Capped {
        /// The cap.
        cap: CapCut,
        /// What it was before.
        from: Money,
        /// What is left.
        to: Money,
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
    /// Whether it is of somebody else who is, or buys for, the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_person: bool,
    /// Who that is; none where the reader may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<CustomerId>,
}

impl Explanation {
    /// The same for one partner: whose the other touches are is left out, that they were and what
    /// became of them stays.
    #[must_use]
    pub fn for_partnership(mut self, partnership: PartnershipId) -> Self {
        for step in &mut self.steps {
            if let Step::JourneyCredit(credit) = step {
                credit.touches.iter_mut().for_each(|touch| touch.person = None);
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
    let again = Again::new(plan, record)?;
    let found = again.found(None)?;
    let subject = again.subject();
    let rule = plan.rule(found.terms.rule);
    let mut steps = beginning(plan, &record.facts, credit, &found.outcomes);
    steps.extend(recurring_step(rule, &subject));
    terms_steps(plan, &subject, &found.terms, &mut steps);
    steps.push(arithmetic(plan, &subject, &found));
    let currency = plan.currency();
    if let Some(split) = &record.split {
        let partnerships = u16::try_from(split.shares.len()).unwrap_or(u16::MAX);
        let amount = Money::new(found.uncapped, currency);
        steps.push(Step::Split { share: record.share, of: found.share, partnerships, amount });
    }
    if let Some(cap) = found.cut {
        let (from, to) = (Money::new(found.uncapped, currency), Money::new(found.amount, currency));
        steps.push(Step::Capped { cap, from, to });
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
    let values = values_from(plan, facts);
    let more = facts.more.as_deref();
    let base = match &reason {
        NotPaid::AmountZero { base, .. } => Some(base.minor),
        _ => None,
    };
    let only = AmountFacts { gross: base, net: base, ..AmountFacts::default() };
    let subject = Subject {
        facts,
        values: &values,
        items: more.map_or(&[], |more| &more.items),
        amounts: more.and_then(|more| more.amounts).unwrap_or(only),
        share: Share::ONE,
    };
    let mut ask = |counter| asked(plan, facts, counter);
    let selection = select(plan, &subject, &mut ask);
    let outcomes = selection.as_ref().map_or(&[][..], |selection| &selection.outcomes);
    let mut steps = beginning(plan, facts, credit, outcomes);
    let rule = match &reason {
        NotPaid::AmountZero { rule, .. } | NotPaid::CapReached { rule, .. } => Some(rule),
        NotPaid::NobodyCredited | NotPaid::NoRuleMatched => None,
    };
    let chosen = selection.as_ref().map_or(&[][..], |selection| &selection.chosen);
    let own = chosen.iter().find(|it| rule.is_none_or(|rule| plan.rule(it.rule).id == *rule));
    if let Some(own) = own {
        steps.extend(recurring_step(plan.rule(own.rule), &subject));
        if let Ok(terms) = subject.terms(plan, *own, &mut ask, None)
            && rule.is_some()
        {
            terms_steps(plan, &subject, &terms, &mut steps);
            steps.extend(not_paid_arithmetic(plan, facts, &terms, &reason));
        }
    }
    steps.push(Step::NotPaid(reason));
    explanation(plan, steps)
}

/// How little it came to; it came out before, so that it fits.
fn not_paid_arithmetic(
    plan: &CompiledPlan,
    facts: &ConversionFacts,
    terms: &Terms,
    reason: &NotPaid,
) -> Option<Step> {
    let NotPaid::AmountZero { base, share, .. } = reason else { return None };
    let amount = terms.pieces.first();
    let result = terms.undivided(plan, amount, *share).ok()?;
    Some(Step::Arithmetic {
        base: *base,
        amount,
        quantity: quantity(terms, facts),
        share: *share,
        exact: exact_text(terms, base.currency, *share),
        rounding: plan.rounding(),
        result: Money::new(result, base.currency),
    })
}

/// Items, units or clicks: those that are paid, or else those that were reported.
fn quantity(terms: &Terms, facts: &ConversionFacts) -> u32 {
    match terms.pieces.first() {
        Amount::Fixed(fixed) if fixed.per != crate::Per::Conversion => terms.count,
        _ => facts.quantity,
    }
}

/// What the rule says besides how much.
fn terms_steps(plan: &CompiledPlan, subject: &Subject<'_>, terms: &Terms, steps: &mut Vec<Step>) {
    let rule = plan.rule(terms.rule);
    if terms.items != subject.whole() {
        let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let lines = count(terms.items.count_ones() as usize);
        steps.push(Step::Items { lines, of: count(subject.items.len()) });
    }
    if let (Some(tiers), Some(at)) = (&rule.tiers, terms.tier) {
        let (before, adds, reached) = (at.before, at.adds, at.step);
        steps.push(Step::Tier { by: tiers.by, mode: tiers.mode, before, adds, reached });
    }
    if terms.factor != (1, 1) {
        steps.push(Step::Portion { times: terms.factor.0, of: terms.factor.1 });
    }
    if let Pieces::Span(pieces) = &terms.pieces {
        let currency = plan.currency();
        let piece = |(amount, part): &(Amount, i64)| {
            let (amount, base) = (*amount, Money::new(*part, currency));
            Step::Piece { amount, base }
        };
        steps.extend(pieces.iter().map(piece));
    }
    if terms.is_bounded(plan) {
        steps.push(Step::Bounded { minimum: rule.minimum, maximum: rule.maximum });
    }
}

fn arithmetic(plan: &CompiledPlan, subject: &Subject<'_>, found: &Found) -> Step {
    let (terms, currency) = (&found.terms, plan.currency());
    let share = found.share;
    let bounded = terms.is_bounded(plan) || matches!(terms.pieces, Pieces::Span(_));
    Step::Arithmetic {
        base: Money::new(terms.base, currency),
        amount: terms.pieces.first(),
        quantity: quantity(terms, subject.facts),
        share,
        exact: if bounded { None } else { exact_text(terms, currency, share) },
        rounding: plan.rounding(),
        result: Money::new(found.undivided, currency),
    }
}

fn explanation(plan: &CompiledPlan, steps: Vec<Step>) -> Explanation {
    let plan_name = plan.document().name.clone();
    Explanation { plan: plan.id(), plan_hash: plan.hash(), plan_name, steps }
}

/// What every explanation begins with: inputs, credit, and the rules in the order of the plan.
fn beginning(
    plan: &CompiledPlan,
    facts: &ConversionFacts,
    credit: CreditFacts,
    outcomes: &[RuleOutcome],
) -> Vec<Step> {
    let mut steps = Vec::with_capacity(outcomes.len() + 6);
    steps.push(Step::Inputs {
        event: facts.event.clone(),
        kind: facts.kind,
        on: facts.on,
        quantity: facts.quantity,
        before: facts.before,
    });
    if let Some(more) = facts.more.as_ref().filter(|more| !more.values.is_empty()) {
        steps.push(Step::Looked { values: more.values.to_vec() });
    }
    steps.push(Step::JourneyCredit(credit));
    for (place, (rule, why)) in (0u16..).zip(plan.rules().iter().zip(outcomes)) {
        let (id, name) = (rule.id.clone(), rule.name.clone());
        steps.push(match *why {
            RuleOutcome::Chosen => Step::RuleChosen { rule: id, place, name, amount: rule.amount },
            why => Step::RuleSkipped { rule: id, place, name, why },
        });
    }
    steps
}

fn recurring_step(rule: &Rule, subject: &Subject<'_>) -> Option<Step> {
    let recurring = rule.recurring?;
    let facts = subject.facts;
    let before = facts.before.unwrap_or_default();
    let window_end = match recurring {
        // The first payment opens the window.
        Recurring::Months(months) => {
            let (first, _) = counted_from(rule, subject);
            let end = window_end(first.unwrap_or(facts.on), months);
            let waited = facts.on.as_days() - crate::select::counted_day(rule, subject).as_days();
            Some(end.plus_days(waited))
        }
        Recurring::Once | Recurring::Payments(_) | Recurring::Life => None,
    };
    Some(Step::Recurring {
        recurring,
        nth: before.of_kind(facts.kind).saturating_add(1),
        customer_known: facts.before.is_some(),
        window_end,
    })
}
