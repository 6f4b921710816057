//! What a rule that pays comes to, before it is divided and bounded by caps.

use tributary_money::{Exact, Money, MoneyError, Rate, Share, allocate};

use crate::plan::FactValue;
use crate::select::{Ask, Chosen, month_of_age};
use crate::{
    Amount, AmountFacts, Base, CompiledPlan, ConversionFacts, Deduction, EvaluationError,
    ItemFacts, Measure, Per, Rule, TierMode, Tiers,
};

/// One conversion as one of its partnerships sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) facts: &'a ConversionFacts,
    pub(crate) values: &'a [FactValue],
    pub(crate) items: &'a [ItemFacts],
    pub(crate) amounts: AmountFacts,
    /// The partnership's share.
    pub(crate) share: Share,
}

/// What a rule pays of this conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) rule: u16,
    pub(crate) items: u128,
    /// The amount that a percentage is taken of, or the fixed amount; minor units.
    pub(crate) base: i64,
    /// How many times a fixed amount is paid.
    pub(crate) count: u32,
    /// What the base is multiplied by: a twelfth for one month, twelve for a year.
    pub(crate) factor: (i64, i64),
    pub(crate) pieces: Pieces,
    /// Which step of the tiers, from 0: the rule's own amount.
    pub(crate) tier: Option<TierAt>,
}

/// Where a conversion stands in the tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TierAt {
    /// What the counter stood at.
    pub(crate) before: i64,
    /// What the conversion adds to it, as far as that is known before it is priced.
    pub(crate) adds: i64,
    /// The step that pays; the first, where it spans several.
    pub(crate) step: u16,
}

/// One amount, or several for parts of the base that fall into different tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pieces {
    One(Amount),
    /// Parts of the partnership's own share of the base.
    Span(Vec<(Amount, i64)>),
}

impl Subject<'_> {
    /// All lines of the order; one, where none are looked at.
    pub(crate) fn whole(&self) -> u128 {
        match self.items.len() {
            0 => 1,
            128.. => u128::MAX,
            lines => (1 << lines) - 1,
        }
    }

    fn chosen_items(&self, items: u128) -> impl Iterator<Item = &ItemFacts> {
        self.items
            .iter()
            .enumerate()
            .filter(move |(bit, _)| items >> bit & 1 == 1)
            .map(|(_, it)| it)
    }

    /// What a rule pays of its lines. `step` is the tier to pay by, if another than the present.
    pub(crate) fn terms(
        &self,
        plan: &CompiledPlan,
        chosen: Chosen,
        ask: Ask<'_>,
        step: Option<u16>,
    ) -> Result<Terms, EvaluationError> {
        let rule = plan.rule(chosen.rule);
        let mut terms = Terms {
            rule: chosen.rule,
            items: chosen.items,
            base: 0,
            count: 1,
            factor: (1, 1),
            pieces: Pieces::One(rule.amount),
            tier: None,
        };
        match (&rule.tiers, plan.compiled(chosen.rule).tier) {
            (Some(tiers), Some(counter)) => {
                let before = ask(counter);
                self.tiered(rule, tiers, before, step, &mut terms)?;
            }
            _ => terms.pieces = Pieces::One(self.flat(plan, chosen.rule)),
        }
        let amount = terms.pieces.first();
        terms.base = self.base(rule, amount, chosen.items)?;
        terms.count = self.count(amount, chosen.items);
        terms.factor = self.factor(amount);
        Ok(terms)
    }

    /// By grade or age, or the rule's own.
    fn flat(&self, plan: &CompiledPlan, place: u16) -> Amount {
        let rule = plan.rule(place);
        if let Some(slot) = plan.compiled(place).grade
            && let FactValue::Text(grade) = &self.values[usize::from(slot)]
        {
            let step = rule.grades.iter().find(|step| step.grade.eq_ignore_ascii_case(grade));
            return step.map_or(rule.amount, |step| step.amount);
        }
        if rule.ages.is_empty() {
            return rule.amount;
        }
        let month = month_of_age(rule, self);
        let step = rule.ages.iter().rev().find(|step| step.from_month <= month);
        step.map_or(rule.amount, |step| step.amount)
    }

    fn tiered(
        &self,
        rule: &Rule,
        tiers: &Tiers,
        before: i64,
        fixed_step: Option<u16>,
        terms: &mut Terms,
    ) -> Result<(), EvaluationError> {
        let adds = match tiers.by {
            Measure::Count => 1,
            Measure::Commission => 0,
            Measure::Revenue => self.revenue(rule, terms.items)?,
        };
        let after = before.saturating_add(adds);
        let step = fixed_step.unwrap_or_else(|| match (tiers.by, tiers.mode) {
            (Measure::Count, _) => step_of_count(tiers, after),
            (Measure::Revenue, TierMode::Retroactive) => step_above(tiers, after),
            (Measure::Revenue | Measure::Commission, _) => step_from(tiers, before),
        });
        terms.tier = Some(TierAt { before, adds, step });
        let last = step_above(tiers, after);
        let divides = tiers.by == Measure::Revenue
            && tiers.mode == TierMode::Progressive
            && fixed_step.is_none()
            && matches!(rule.amount, Amount::Percent(_))
            && usize::from(step) < tiers.steps.len()
            && last > step;
        terms.pieces = if divides {
            Pieces::Span(pieces(rule, tiers, before, after, step, last))
        } else {
            Pieces::One(amount_of(rule, tiers, step))
        };
        Ok(())
    }

    /// What the conversion adds to a counter of revenue: the partnership's share of the base of a
    /// percentage, of fixed amounts that of what the customer paid; rounded down.
    pub(crate) fn revenue(&self, rule: &Rule, items: u128) -> Result<i64, EvaluationError> {
        let base = match rule.amount {
            Amount::Percent(_) => self.base(rule, rule.amount, items)?,
            Amount::Fixed(_) if items == self.whole() => self.amounts.gross.unwrap_or(0),
            Amount::Fixed(_) => self.chosen_items(items).map(|item| item.amount).sum(),
        };
        let (times, parts) = self.factor(rule.amount);
        if (times, parts) == (1, 1) && self.share == Share::ONE {
            return Ok(base);
        }
        let exact = Exact::of(base).times_ratio(times, parts)?.times_share(self.share)?;
        Ok(exact.round(tributary_money::Rounding::Down)?)
    }

    fn base(&self, rule: &Rule, amount: Amount, items: u128) -> Result<i64, EvaluationError> {
        let amount = match amount {
            Amount::Fixed(amount) => return Ok(amount.fixed.minor),
            Amount::Percent(amount) => amount,
        };
        let missing = || EvaluationError::AmountMissing { rule: rule.id.clone(), base: amount.of };
        if items != self.whole() {
            let mut parts = self.chosen_items(items).map(|item| match amount.of {
                Base::Net => item.net,
                Base::Margin => item.margin,
                _ => Some(item.amount),
            });
            let sum = parts.try_fold(0i64, |sum, part| sum.checked_add(part?));
            return sum.map(|sum| sum.max(0)).ok_or_else(missing);
        }
        let amounts = &self.amounts;
        let known_customer = self.facts.before.is_some_and(|before| before.payments > 0);
        let base = match amount.of {
            Base::Gross | Base::Expected => amounts.gross,
            Base::Net => amounts.net,
            Base::Margin => amounts.margin,
            Base::Contracted => amounts.first_year,
            Base::Increase => match amounts.previous {
                Some(previous) => amounts.gross.map(|gross| gross.saturating_sub(previous)),
                None if known_customer => None,
                None => amounts.gross,
            },
        };
        let mut base = base.ok_or_else(missing)?;
        for deduction in Deduction::ALL.iter().filter(|it| amount.less.has(**it)) {
            let off = amounts.deduction(*deduction).ok_or_else(|| {
                let rule = rule.id.clone();
                EvaluationError::DeductionMissing { rule, deduction: *deduction }
            })?;
            base = base.saturating_sub(off);
        }
        Ok(base.max(0))
    }

    fn count(&self, amount: Amount, items: u128) -> u32 {
        let Amount::Fixed(amount) = amount else { return 1 };
        match amount.per {
            Per::Conversion => 1,
            Per::Item if items == self.whole() => self.facts.quantity,
            Per::Item => {
                self.chosen_items(items).fold(0, |sum, it| sum.saturating_add(it.quantity))
            }
            Per::Line => items.count_ones(),
        }
    }

    fn factor(&self, amount: Amount) -> (i64, i64) {
        match amount {
            Amount::Percent(amount) if amount.of == Base::Expected => (12, self.amounts.covers()),
            Amount::Percent(amount) if amount.one_month => (1, self.amounts.covers()),
            _ => (1, 1),
        }
    }
}

/// The amount of a step, 0 being the rule's own.
fn amount_of(rule: &Rule, tiers: &Tiers, step: u16) -> Amount {
    let place = usize::from(step).checked_sub(1);
    place.and_then(|place| tiers.steps.get(place)).map_or(rule.amount, |step| step.amount)
}

/// The step that pays the n-th.
pub(crate) fn step_of_count(tiers: &Tiers, nth: i64) -> u16 {
    let below = tiers.steps.iter().filter(|step| step.from <= nth).count();
    u16::try_from(below).unwrap_or(u16::MAX)
}

/// The step that pays the next unit after a total.
pub(crate) fn step_from(tiers: &Tiers, total: i64) -> u16 {
    step_of_count(tiers, total)
}

/// The step that a total has reached: that of its last unit.
pub(crate) fn step_above(tiers: &Tiers, total: i64) -> u16 {
    let below = tiers.steps.iter().filter(|step| step.from < total).count();
    u16::try_from(below).unwrap_or(u16::MAX)
}

fn pieces(
    rule: &Rule,
    tiers: &Tiers,
    before: i64,
    after: i64,
    first: u16,
    last: u16,
) -> Vec<(Amount, i64)> {
    let mut from = before;
    let piece = |step: u16| {
        let end = tiers.steps.get(usize::from(step)).map_or(after, |next| next.from.min(after));
        let part = end - from;
        from = end;
        (amount_of(rule, tiers, step), part)
    };
    (first..=last).map(piece).filter(|(_, part)| *part > 0).collect()
}

impl Pieces {
    pub(crate) fn first(&self) -> Amount {
        match self {
            Self::One(amount) => *amount,
            Self::Span(pieces) => pieces[0].0,
        }
    }
}

const fn rate_of(amount: Amount) -> Rate {
    match amount {
        Amount::Percent(amount) => amount.percent.rate(),
        Amount::Fixed(_) => Rate::ONE,
    }
}

impl Terms {
    /// Whether both come to the same amount for the whole, so that it is divided between them.
    pub(crate) fn is_paid_with(&self, other: &Self) -> bool {
        let amount = |terms: &Self| (terms.base, terms.count, terms.factor);
        matches!((&self.pieces, &other.pieces), (Pieces::One(a), Pieces::One(b)) if a == b)
            && (self.rule, self.items) == (other.rule, other.items)
            && amount(self) == amount(other)
    }

    /// Whether the rule's least or most changes the amount of the whole conversion.
    pub(crate) fn is_bounded(&self, plan: &CompiledPlan) -> bool {
        let rule = plan.rule(self.rule);
        if rule.minimum.is_none() && rule.maximum.is_none() {
            return false;
        }
        let free = self.exact(self.pieces.first());
        free.is_ok_and(|free| bounded(free, rule) != Ok(free))
    }

    /// Of the whole conversion, without bounds.
    fn exact(&self, amount: Amount) -> Result<Exact, MoneyError> {
        let mut exact = Exact::of(self.base);
        // Most often there is nothing of these; a fraction costs more than asking.
        if self.factor != (1, 1) {
            exact = exact.times_ratio(self.factor.0, self.factor.1)?;
        }
        if let Amount::Percent(amount) = amount {
            exact = exact.times(amount.percent.rate())?;
        }
        if self.count == 1 { Ok(exact) } else { exact.times_ratio(i64::from(self.count), 1) }
    }

    /// What those who share these terms earn together, in minor units; the one rounding is here:
    /// `base * factor * rate * share`, or `fixed * count * share`, the whole of it within the
    /// rule's minimum and maximum before the share is taken.
    pub(crate) fn undivided(
        &self,
        plan: &CompiledPlan,
        amount: Amount,
        share: Share,
    ) -> Result<i64, MoneyError> {
        let exact = bounded(self.exact(amount)?, plan.rule(self.rule))?;
        let exact = if share == Share::ONE { exact } else { exact.times_share(share)? };
        exact.round(plan.rounding())
    }

    /// What one partnership earns whose part spans several tiers. The parts are of its share
    /// already.
    pub(crate) fn spanned(&self, plan: &CompiledPlan, share: Share) -> Result<i64, MoneyError> {
        let Pieces::Span(pieces) = &self.pieces else {
            return self.undivided(plan, self.pieces.first(), share);
        };
        let mut sum = Exact::of(0);
        for (amount, part) in pieces {
            sum = sum.plus(Exact::of(*part).times(rate_of(*amount))?)?;
        }
        let minor = sum.round(plan.rounding())?;
        let rule = plan.rule(self.rule);
        let bound = |bound: Option<Money>| {
            let part = |it: Money| Exact::of(it.minor).times_share(share)?.round(plan.rounding());
            bound.map(part).transpose()
        };
        let least = bound(rule.minimum)?.unwrap_or(0);
        Ok(minor.max(least).min(bound(rule.maximum)?.unwrap_or(i64::MAX)))
    }
}

/// Within the rule's least and most. What pays nothing is not lifted.
fn bounded(exact: Exact, rule: &Rule) -> Result<Exact, MoneyError> {
    if rule.minimum.is_none() && rule.maximum.is_none() {
        return Ok(exact);
    }
    let floor = exact.round(tributary_money::Rounding::Down)?;
    if let Some(most) = rule.maximum
        && floor >= most.minor
    {
        return Ok(Exact::of(most.minor));
    }
    match rule.minimum {
        Some(least) if floor < least.minor && !(floor == 0 && exact.is_whole()) => {
            Ok(Exact::of(least.minor))
        }
        _ => Ok(exact),
    }
}

/// The shares together.
pub(crate) fn sum(shares: &[Share]) -> Result<Share, MoneyError> {
    shares.iter().try_fold(Share::ZERO, |sum, share| sum.checked_add(*share))
}

/// The undivided amount by largest remainder; ties to the lower place.
pub(crate) fn divide(undivided: i64, shares: &[Share]) -> Vec<i64> {
    if let [_] = shares {
        return vec![undivided];
    }
    let weights: Vec<u64> = shares.iter().map(|share| u64::from(share.get())).collect();
    allocate(undivided, &weights)
}
