use tributary_kernel::{PartnerId, PartnershipId};
use tributary_money::{Currency, Money, MoneyError, Share};

use crate::record::{divide, sum, undivided};
use crate::select::select;
use crate::{
    Amount, Base, CommissionRecord, CompiledPlan, ConversionFacts, CreditInput, ENGINE_VERSION,
    EvaluationInput, Rule, RuleId, RuleOutcome, Split,
};

/// What one partnership earns by a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// How much: above zero.
    pub amount: Money,
    /// The rule's days until it can be approved; none: the program's.
    pub hold_days: Option<u16>,
    /// What its arithmetic was.
    pub record: CommissionRecord,
}

/// Why a conversion pays nothing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum NotPaid {
    /// Nobody was credited.
    NobodyCredited,
    /// No rule of the plan matches; what became of each is said beside this.
    NoRuleMatched,
    /// The rule's amount is nothing: a free month, or less than half a minor unit.
    AmountZero {
        /// The rule that matched.
        rule: RuleId,
        /// The amount that a percentage was taken of, or the fixed amount.
        base: Money,
        /// What all credited partnerships have together.
        share: Share,
    },
}

/// What a conversion pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Something: one line per partnership, in the order of their ids.
    Paid {
        /// Place of the rule that pays.
        rule: u16,
        /// The undivided amount, the sum of the lines.
        total: Money,
        /// The lines. A partnership whose part rounds to nothing has none.
        lines: Vec<Line>,
    },
    /// Nothing, and why.
    Nothing(NotPaid),
}

/// What a conversion pays, and what became of every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What the choice of the rule hung on.
    pub facts: ConversionFacts,
    /// One entry per rule of the plan, in its order.
    pub considered: Vec<RuleOutcome>,
    /// The answer.
    pub outcome: Outcome,
}

impl Evaluation {
    /// The lines; none if nothing is paid.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        match &self.outcome {
            Outcome::Paid { lines, .. } => lines,
            Outcome::Nothing(_) => &[],
        }
    }
}

/// Why a conversion cannot be evaluated: the input lacks something or contradicts itself. Callers
/// refuse or quarantine it; nothing is paid by guess.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The rule takes a percentage of an amount that was not reported.
    #[error("rule {rule} pays a percentage of the {base} amount, which was not reported")]
    AmountMissing {
        /// The rule.
        rule: RuleId,
        /// The amount it needs.
        base: Base,
    },
    /// An amount below zero; refunds are reversals.
    #[error("the {base} amount is negative: a refund is reported as a refund")]
    AmountNegative {
        /// The amount.
        base: Base,
    },
    /// An amount in another currency than the program's.
    #[error("the amount is in {found}, the plan pays in {expected}")]
    CurrencyMismatch {
        /// The program's currency.
        expected: Currency,
        /// The amount's.
        found: Currency,
    },
    /// The credits are more than the whole.
    #[error("the credits sum to more than one")]
    SharesOverOne,
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl EvaluationError {
    /// Stable name, `snake_case`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AmountMissing { .. } => "amount_missing",
            Self::AmountNegative { .. } => "amount_negative",
            Self::CurrencyMismatch { .. } => "currency_mismatch",
            Self::SharesOverOne => "shares_over_one",
            Self::Money(error) => error.code(),
        }
    }
}

/// What a conversion pays under a plan.
///
/// The rules are tried in order; the first that matches pays. Its amount is computed exactly,
/// rounded once, and split by largest remainder.
///
/// # Errors
/// [`EvaluationError`].
pub fn evaluate(
    plan: &CompiledPlan,
    input: &EvaluationInput<'_>,
) -> Result<Evaluation, EvaluationError> {
    for (base, amount) in [(Base::Gross, input.gross), (Base::Net, input.net)] {
        check_amount(plan, base, amount)?;
    }
    let credits = merged(input.credits)?;
    let facts = ConversionFacts::of(input);
    let (considered, winner) = select(plan, &facts);
    let outcome = match winner {
        _ if credits.is_empty() => Outcome::Nothing(NotPaid::NobodyCredited),
        None => Outcome::Nothing(NotPaid::NoRuleMatched),
        Some(place) => pay(plan, place, input, &facts, &credits)?,
    };
    Ok(Evaluation { facts, considered, outcome })
}

fn check_amount(
    plan: &CompiledPlan,
    base: Base,
    amount: Option<Money>,
) -> Result<(), EvaluationError> {
    match amount {
        Some(amount) if amount.currency != plan.currency() => {
            let (expected, found) = (plan.currency(), amount.currency);
            Err(EvaluationError::CurrencyMismatch { expected, found })
        }
        Some(amount) if amount.is_negative() => Err(EvaluationError::AmountNegative { base }),
        _ => Ok(()),
    }
}

/// One credit per partnership, in the order of their ids; those of nothing are left out.
fn merged(credits: &[CreditInput]) -> Result<Vec<CreditInput>, EvaluationError> {
    let mut merged: Vec<CreditInput> =
        credits.iter().filter(|credit| !credit.share.is_zero()).copied().collect();
    merged.sort_unstable_by_key(|credit| (credit.partnership, credit.partner));
    let mut over = false;
    merged.dedup_by(|next, kept| {
        let same = next.partnership == kept.partnership;
        if same {
            match kept.share.checked_add(next.share) {
                Ok(share) => kept.share = share,
                Err(_) => over = true,
            }
        }
        same
    });
    let mut total = Share::ZERO;
    for credit in &merged {
        total = total.checked_add(credit.share).map_err(|_| EvaluationError::SharesOverOne)?;
    }
    if over { Err(EvaluationError::SharesOverOne) } else { Ok(merged) }
}

fn base_of(rule: &Rule, input: &EvaluationInput<'_>) -> Result<Money, EvaluationError> {
    match rule.amount {
        Amount::Fixed(amount) => Ok(amount.fixed),
        Amount::Percent(amount) => {
            let base = match amount.of {
                Base::Gross => input.gross,
                Base::Net => input.net,
            };
            base.ok_or_else(|| EvaluationError::AmountMissing {
                rule: rule.id.clone(),
                base: amount.of,
            })
        }
    }
}

fn pay(
    plan: &CompiledPlan,
    place: u16,
    input: &EvaluationInput<'_>,
    facts: &ConversionFacts,
    credits: &[CreditInput],
) -> Result<Outcome, EvaluationError> {
    let rule = &plan.rules()[usize::from(place)];
    let base = base_of(rule, input)?;
    let shares: Vec<Share> = credits.iter().map(|credit| credit.share).collect();
    let whole = sum(&shares)?;
    let minor = undivided(rule.amount, base, input.quantity, whole, plan.rounding())?;
    if minor == 0 {
        return Ok(Outcome::Nothing(NotPaid::AmountZero {
            rule: rule.id.clone(),
            base,
            share: whole,
        }));
    }
    let amounts = divide(minor, &shares);
    let lines = (0u16..)
        .zip(credits.iter().zip(amounts))
        .filter(|(_, (_, amount))| *amount != 0)
        .map(|(own, (credit, amount))| Line {
            partnership: credit.partnership,
            partner: credit.partner,
            amount: Money::new(amount, base.currency),
            hold_days: rule.hold_days,
            record: CommissionRecord {
                engine_version: ENGINE_VERSION,
                plan: plan.id(),
                plan_hash: plan.hash(),
                rule: rule.id.clone(),
                facts: facts.clone(),
                base,
                rounding: plan.rounding(),
                share: credit.share,
                split: (shares.len() > 1).then(|| Split { shares: shares.clone(), place: own }),
            },
        })
        .collect();
    Ok(Outcome::Paid { rule: place, total: Money::new(minor, base.currency), lines })
}
