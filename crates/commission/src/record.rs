use tributary_kernel::PlanId;
use tributary_money::{Exact, Money, MoneyError, Rounding, Share, allocate};

use crate::select::select;
use crate::{Amount, CompiledPlan, ConversionFacts, Per, PlanHash, RuleId};

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
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Computes a commission again, from the choice of the rule to the split.
///
/// # Errors
/// [`RecomputeError`]: the record and the plan don't belong together.
pub fn recompute(plan: &CompiledPlan, record: &CommissionRecord) -> Result<Money, RecomputeError> {
    if plan.id() != record.plan || plan.hash() != record.plan_hash {
        return Err(RecomputeError::OtherPlan { plan: record.plan, hash: record.plan_hash });
    }
    let (_, winner) = select(plan, &record.facts);
    let rule = winner.map(|place| &plan.rules()[usize::from(place)]);
    let Some(rule) = rule.filter(|rule| rule.id == record.rule) else {
        let chosen = rule.map(|rule| rule.id.clone());
        return Err(RecomputeError::OtherRule { recorded: record.rule.clone(), chosen });
    };
    let fixed_differs = matches!(rule.amount, Amount::Fixed(amount) if amount.fixed != record.base);
    if fixed_differs || record.rounding != plan.rounding() {
        return Err(RecomputeError::OtherTerms);
    }
    let own = [record.share];
    let (shares, place) = match &record.split {
        None => (&own[..], 0),
        Some(split) => (&split.shares[..], usize::from(split.place)),
    };
    if shares.get(place) != Some(&record.share) {
        return Err(RecomputeError::Split);
    }
    let total = sum(shares).map_err(|_| RecomputeError::Split)?;
    let undivided =
        undivided(rule.amount, record.base, record.facts.quantity, total, record.rounding)?;
    Ok(Money::new(divide(undivided, shares)[place], record.base.currency))
}

/// The shares together.
pub(crate) fn sum(shares: &[Share]) -> Result<Share, MoneyError> {
    shares.iter().try_fold(Share::ZERO, |sum, share| sum.checked_add(*share))
}

/// What all credited partnerships earn together, in minor units; the one rounding is here:
/// `base * rate * total share`, or `fixed * (quantity or 1) * total share`.
pub(crate) fn undivided(
    amount: Amount,
    base: Money,
    quantity: u32,
    total: Share,
    rounding: Rounding,
) -> Result<i64, MoneyError> {
    let exact = Exact::of(base.minor);
    let exact = match amount {
        Amount::Percent(amount) => exact.times(amount.percent.rate())?,
        Amount::Fixed(amount) => match amount.per {
            Per::Conversion => exact,
            Per::Item => exact.times_ratio(i64::from(quantity), 1)?,
        },
    };
    exact.times_share(total)?.round(rounding)
}

/// The undivided amount by largest remainder; ties to the lower place.
pub(crate) fn divide(undivided: i64, shares: &[Share]) -> Vec<i64> {
    if let [_] = shares {
        return vec![undivided];
    }
    let weights: Vec<u64> = shares.iter().map(|share| u64::from(share.get())).collect();
    allocate(undivided, &weights)
}
