use tributary_kernel::PlanId;
use tributary_money::{Money, MoneyError, Rate, Rounding, Share};

use crate::caps::bounded;
use crate::facts::values_from;
use crate::plan::FactValue;
use crate::price::{Pieces, Subject, Terms, divide, sum};
use crate::select::{Chosen, Selection, select};
use crate::{
    Amount, AmountFacts, CapCut, CompiledPlan, ConversionFacts, EvaluationError, PlanHash, RuleId,
    RuleOutcome,
};

/// What the arithmetic of one commission needs to be done again, with the plan version beside it.
/// Stored with the commission; some 300 bytes of JSON. The explanation is derived from it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissionRecord {
    /// The version of the arithmetic that booked it.
    pub engine_version: u16,
    /// The plan version.
    pub plan: PlanId,
    /// The identity of its document: the same id with another document is refused.
    pub plan_hash: PlanHash,
    /// The rule that paid.
    pub rule: RuleId,
    /// What the choice of the rule hung on.
    pub facts: ConversionFacts,
    /// The amount that a percentage was taken of, or the fixed amount.
    pub base: Money,
    /// How the one rounding was done.
    pub rounding: Rounding,
    /// This partnership's share of the conversion.
    pub share: Share,
    /// The shares of all, if there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
}

/// How the undivided amount was split among several partnerships.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Every partnership's share, in the order of their ids, which breaks ties.
    pub shares: Vec<Share>,
    /// The place of this one.
    pub place: u16,
}

/// Why a commission cannot be computed again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecomputeError {
    /// The plan at hand is not the one that paid.
    #[error("the record is of plan {plan} with hash {hash}")]
    OtherPlan {
        /// The plan of the record.
        plan: PlanId,
        /// And its hash.
        hash: PlanHash,
    },
    /// The plan chooses another rule, or none.
    #[error("the record says rule {recorded}, the plan chooses {}", chosen.as_ref().map_or("none", RuleId::as_str))]
    OtherRule {
        /// The rule of the record.
        recorded: RuleId,
        /// The rule that the plan chooses.
        chosen: Option<RuleId>,
    },
    /// The record's base is not the fixed amount of the rule, or its rounding not the plan's.
    #[error("the record's base or rounding is not that of the rule")]
    OtherTerms,
    /// The record's share is not that of its split.
    #[error("the record's share is not that of its split")]
    Split,
    /// The record lacks an amount that the plan needs.
    #[error(transparent)]
    Evaluation(EvaluationError),
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl From<EvaluationError> for RecomputeError {
    fn from(error: EvaluationError) -> Self {
        match error {
            EvaluationError::Money(error) => Self::Money(error),
            error => Self::Evaluation(error),
        }
    }
}

/// A record as it is computed again.
pub(crate) struct Again<'a> {
    plan: &'a CompiledPlan,
    record: &'a CommissionRecord,
    values: Vec<FactValue>,
    amounts: AmountFacts,
}

/// What computing again found.
pub(crate) struct Found {
    pub(crate) outcomes: Vec<RuleOutcome>,
    pub(crate) terms: Terms,
    /// What those who divide the amount earn together; of a spanning one, what this one earns.
    pub(crate) undivided: i64,
    /// What they have together.
    pub(crate) share: Share,
    /// Before caps.
    pub(crate) uncapped: i64,
    pub(crate) amount: i64,
    pub(crate) cut: Option<CapCut>,
}

impl<'a> Again<'a> {
    pub(crate) fn new(
        plan: &'a CompiledPlan,
        record: &'a CommissionRecord,
    ) -> Result<Self, RecomputeError> {
        if plan.id() != record.plan || plan.hash() != record.plan_hash {
            return Err(RecomputeError::OtherPlan { plan: record.plan, hash: record.plan_hash });
        }
        let values = values_from(plan, &record.facts);
        let kept = record.facts.more.as_ref().and_then(|more| more.amounts);
        // Where the plan looks at one amount alone, it is the base.
        let base = Some(record.base.minor);
        let only = AmountFacts { gross: base, net: base, ..AmountFacts::default() };
        Ok(Self { plan, record, values, amounts: kept.unwrap_or(only) })
    }

    fn asked(&self, counter: u16) -> i64 {
        asked(self.plan, &self.record.facts, counter)
    }

    pub(crate) fn subject(&self) -> Subject<'_> {
        let facts = &self.record.facts;
        let items = facts.more.as_ref().map_or(&[][..], |more| &more.items);
        let (values, amounts) = (&self.values[..], self.amounts);
        Subject { facts, values, items, amounts, share: self.record.share }
    }

    /// From the choice of the rule to the caps. `step` is the tier to pay by, if another than the
    /// one that the counters say.
    pub(crate) fn found(&self, step: Option<u16>) -> Result<Found, RecomputeError> {
        let (plan, record, subject) = (self.plan, self.record, self.subject());
        let mut ask = |counter| self.asked(counter);
        let Selection { outcomes, chosen } = select(plan, &subject, &mut ask)?;
        let is_it = |it: &&Chosen| plan.rule(it.rule).id == record.rule;
        let Some(own) = chosen.iter().find(is_it) else {
            let chosen = chosen.first().map(|it| plan.rule(it.rule).id.clone());
            return Err(RecomputeError::OtherRule { recorded: record.rule.clone(), chosen });
        };
        let terms = subject.terms(plan, *own, &mut ask, step)?;
        let fixed_step = step.is_some();
        if (!fixed_step && terms.base != record.base.minor)
            || record.base.currency != plan.currency()
            || record.rounding != plan.rounding()
        {
            return Err(RecomputeError::OtherTerms);
        }
        let alone = [record.share];
        let (shares, place) = match &record.split {
            None => (&alone[..], 0),
            Some(split) => (&split.shares[..], usize::from(split.place)),
        };
        if shares.get(place) != Some(&record.share) {
            return Err(RecomputeError::Split);
        }
        let share = sum(shares).map_err(|_| RecomputeError::Split)?;
        let (undivided, uncapped) = match &terms.pieces {
            Pieces::One(amount) => {
                let undivided = terms.undivided(plan, *amount, share)?;
                (undivided, divide(undivided, shares)[place])
            }
            Pieces::Span(_) => {
                let amount = terms.spanned(plan, record.share)?;
                (amount, amount)
            }
        };
        let (amount, cut) = bounded(plan, terms.rule, uncapped, &mut ask);
        Ok(Found { outcomes, terms, undivided, share, uncapped, amount, cut })
    }
}

/// What a counter stood at, as the facts say.
pub(crate) fn asked(plan: &CompiledPlan, facts: &ConversionFacts, counter: u16) -> i64 {
    let name = &plan.counter(counter).name;
    let kept = facts.more.as_ref().map_or(&[][..], |more| &more.counters);
    kept.iter().find(|(known, _)| known == name).map_or(0, |(_, before)| *before)
}

/// Computes a commission again, from the choice of the rule to the split and the caps.
///
/// # Errors
/// [`RecomputeError`]: the record and the plan don't belong together.
pub fn recompute(plan: &CompiledPlan, record: &CommissionRecord) -> Result<Money, RecomputeError> {
    let found = Again::new(plan, record)?.found(None)?;
    Ok(Money::new(found.amount, record.base.currency))
}

/// The base and the percentage, where a commission is one percentage of an amount as it was
/// reported: none of fixed amounts, of several tiers at once, of a month or a year.
///
/// # Errors
/// [`RecomputeError`]: the record and the plan don't belong together.
pub fn percentage(
    plan: &CompiledPlan,
    record: &CommissionRecord,
) -> Result<Option<(Money, Rate)>, RecomputeError> {
    let terms = Again::new(plan, record)?.found(None)?.terms;
    Ok(match terms.pieces {
        Pieces::One(Amount::Percent(amount)) if terms.factor == (1, 1) => {
            Some((record.base, amount.percent.rate()))
        }
        _ => None,
    })
}
