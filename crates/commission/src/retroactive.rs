//! What follows later from a commission that was booked: retroactive tiers, clawback, and what a
//! refund gives back to counters.

use std::collections::HashMap;

use tributary_kernel::{LocalDate, PartnershipId};
use tributary_money::{Exact, Money, MoneyError, Rounding};

use crate::calendar::months_between;
use crate::caps::of_rule;
use crate::counters::{Tally, Whose};
use crate::record::{Again, asked};
use crate::{
    CapOf, Clawback, ClawbackTakes, CommissionRecord, CompiledPlan, CounterName, CountersBefore,
    Crossed, ENGINE_VERSION, Increment, Measure, NoCounters, RecomputeError, RefundError, TierMode,
    refund_share,
};

/// A commission of the period, in booked order.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// Its record.
    pub record: &'a CommissionRecord,
    /// Whose it is.
    pub whose: Subjects,
    /// What it stands at with its adjustments, before refunds.
    pub booked: Money,
    /// The step by which it is paid now; none: as its record says.
    pub step: Option<u16>,
    /// What was refunded of the sale, and the sale.
    pub refunded: Option<(Money, Money)>,
    /// What else its conversion has earned.
    pub beside: Beside,
}

/// What a conversion has earned besides one of its commissions, as booked: limits of one order, and
/// of a customer whom nobody knows, have no counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beside {
    /// The conversion.
    pub conversion: [u8; 16],
    /// By the same rule, minor units.
    pub rule: i64,
    /// By all rules.
    pub all: i64,
}

/// Whom counters of a commission are of.
#[derive(Debug, Clone, Copy)]
pub struct Subjects {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The customer.
    pub customer: Option<[u8; 16]>,
    /// The customer's company.
    pub company: Option<[u8; 16]>,
}

/// A line that adjusts an earlier commission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Which of the commissions that were handed in.
    pub place: usize,
    /// More, or less; not zero.
    pub amount: Money,
    /// What it rests on.
    pub record: AdjustmentRecord,
}

/// What an adjustment rests on, beside the commission's own record; stored with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentRecord {
    /// The version of the arithmetic that booked it.
    pub engine_version: u16,
    /// The step by which the commission was paid, 0 being the rule's own amount.
    pub from: u16,
    /// The step by which it is paid now.
    pub to: u16,
    /// What was refunded of the sale, and the sale; minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<(i64, i64)>,
    /// What caps of amounts stood at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<(CounterName, i64)>,
}

/// What earlier commissions of a period are paid more, or less, once a step of retroactive tiers is
/// reached. Without caps, what was booked and the adjustments together are
/// what every commission would have been at that step; a sale that came to nothing has none and
/// is not adjusted. The reaching commission is at it already:
/// handed in, it gets nothing.
///
/// `counters` are those of caps, as the reaching conversion left them.
///
/// # Errors
/// [`RecomputeError`]: a record and the plan don't belong together.
pub fn retroactive(
    plan: &CompiledPlan,
    crossed: &Crossed,
    earlier: &[Earlier<'_>],
    counters: &dyn CountersBefore,
) -> Result<(Vec<Adjustment>, Vec<Increment>), RecomputeError> {
    let to = crossed.step;
    let mut tally = Tally::new(plan, counters);
    let mut adjustments = Vec::new();
    // What this adds to conversions that have earned more than one of them.
    let mut added: HashMap<[u8; 16], i64> = HashMap::new();
    for (place, it) in earlier.iter().enumerate() {
        let again = Again::new(plan, it.record)?;
        let booked = again.found(None)?;
        let Some(at) = booked.terms.tier else { continue };
        // It was offered every step up to the last one; what a limit kept of that stays so.
        let from = it.step.unwrap_or(at.step).max(crossed.from);
        let refunded = it.refunded.map(|(part, whole)| (part.minor, whole.minor));
        let free = free_difference(&again, from, to, refunded)?;
        let whose = whose(it.whose, it.record.facts.on);
        let mut caps = Vec::new();
        let mut minor = free;
        let own = it.booked.minor + added.get(&it.beside.conversion).copied().unwrap_or(0);
        for (of_plan, _, at) in of_rule(plan, booked.terms.rule) {
            let Some(most) = at.cap.amount.filter(|_| free > 0) else { continue };
            let counted =
                at.cap.of != CapOf::Order && whose.key(plan.counter(at.counter)).is_some();
            let stood = match (counted, of_plan) {
                (true, _) => tally.now(at.counter, &whose),
                (false, true) => own + it.beside.all,
                (false, false) => own + it.beside.rule,
            };
            caps.push((plan.counter(at.counter).name.clone(), stood));
            minor = minor.min(most.minor.saturating_sub(stood).max(0));
        }
        if minor == 0 {
            continue;
        }
        for (_, _, at) in of_rule(plan, booked.terms.rule) {
            if at.cap.amount.is_some() && whose.key(plan.counter(at.counter)).is_some() {
                tally.add(at.counter, &whose, minor);
            }
        }
        *added.entry(it.beside.conversion).or_insert(0) += minor;
        let record = AdjustmentRecord { engine_version: ENGINE_VERSION, from, to, refunded, caps };
        let amount = Money::new(minor, plan.currency());
        adjustments.push(Adjustment { place, amount, record });
    }
    Ok((adjustments, tally.increments()))
}

/// Computes an adjustment again from its record and that of its commission.
///
/// # Errors
/// [`RecomputeError`]: the records and the plan don't belong together.
pub fn recompute_adjustment(
    plan: &CompiledPlan,
    record: &CommissionRecord,
    adjustment: &AdjustmentRecord,
) -> Result<Money, RecomputeError> {
    let again = Again::new(plan, record)?;
    let rule = again.found(None)?.terms.rule;
    let mut minor = free_difference(&again, adjustment.from, adjustment.to, adjustment.refunded)?;
    if minor > 0 {
        for (_, _, at) in of_rule(plan, rule) {
            let Some(most) = at.cap.amount else { continue };
            let name = &plan.counter(at.counter).name;
            let stood = adjustment.caps.iter().find(|(known, _)| known == name);
            let stood = stood.map_or(0, |(_, stood)| *stood);
            minor = minor.min(most.minor.saturating_sub(stood).max(0));
        }
    }
    Ok(Money::new(minor, plan.currency()))
}

/// The difference between two steps, of what was not refunded, before caps.
fn free_difference(
    again: &Again<'_>,
    from: u16,
    to: u16,
    refunded: Option<(i64, i64)>,
) -> Result<i64, RecomputeError> {
    let difference = again.found(Some(to))?.uncapped - again.found(Some(from))?.uncapped;
    match refunded.filter(|(part, _)| *part != 0) {
        None => Ok(difference),
        Some((part, whole)) => {
            let kept = Exact::of(difference).times_ratio(whole - part, whole)?;
            Ok(kept.round(Rounding::HalfEven)?)
        }
    }
}

fn whose(subjects: Subjects, on: LocalDate) -> Whose {
    let Subjects { partnership, customer, company } = subjects;
    Whose { partnership, customer, company, on }
}

/// What is taken back because a customer left early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClawbackFacts {
    /// The months that the customer had to stay.
    pub months: u16,
    /// The whole months that they stayed.
    pub stayed: u16,
    /// How much is taken back: above zero.
    pub amount: Money,
}

/// Whether a customer who left on a day has stayed less than the commission's rule asks for: then
/// what it asks, and the whole months that they stayed.
#[must_use]
pub fn left_early(
    plan: &CompiledPlan,
    record: &CommissionRecord,
    left_on: LocalDate,
) -> Option<(Clawback, u16)> {
    let rule = plan.rules().iter().find(|rule| rule.id == record.rule);
    let clawback = rule.and_then(|rule| rule.clawback)?;
    let first = record.facts.before.and_then(|before| before.first_payment_on);
    let stayed = months_between(first.unwrap_or(record.facts.on), left_on).max(0);
    let stayed = u16::try_from(stayed).unwrap_or(u16::MAX);
    (stayed < clawback.months).then_some((clawback, stayed))
}

/// What a rule takes back of a commission whose customer left on a day; none if the rule takes
/// nothing back or the customer stayed long enough. `booked` is the commission as booked: whoever
/// books the reversal takes no more than is left of it.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn clawback(
    plan: &CompiledPlan,
    record: &CommissionRecord,
    booked: Money,
    left_on: LocalDate,
) -> Result<Option<ClawbackFacts>, MoneyError> {
    let Some((Clawback { months, takes }, stayed)) = left_early(plan, record, left_on) else {
        return Ok(None);
    };
    let minor = match takes {
        ClawbackTakes::Everything => booked.minor,
        ClawbackTakes::Missing => Exact::of(booked.minor)
            .times_ratio(i64::from(months - stayed), i64::from(months))?
            .round(plan.rounding())?,
    };
    let amount = Money::new(minor, booked.currency);
    Ok((minor > 0).then_some(ClawbackFacts { months, stayed, amount }))
}

/// A refund, for counters.
#[derive(Debug, Clone, Copy)]
pub struct GivenBack {
    /// What is reversed of the commission.
    pub commission: Money,
    /// The sale.
    pub sale: Money,
    /// What was refunded of it before.
    pub refunded_before: Money,
    /// What is refunded now; nothing, where a commission comes back and its sale does not.
    pub refund: Money,
}

/// What a refund gives back to counters: the amount, not the place. Caps of amounts get the
/// commission back, tiers of revenue the revenue, tiers of commission the commission; who was the
/// tenth stays it, and what was paid once stays paid.
///
/// # Errors
/// [`RefundError`].
pub fn given_back(
    plan: &CompiledPlan,
    record: &CommissionRecord,
    subjects: Subjects,
    refund: GivenBack,
) -> Result<Vec<Increment>, RefundError> {
    let mut tally = Tally::new(plan, &NoCounters);
    let Some(place) = plan.place_of(&record.rule) else { return Ok(Vec::new()) };
    let whose = whose(subjects, record.facts.on);
    for (_, _, at) in of_rule(plan, place) {
        if at.cap.amount.is_some() {
            tally.add(at.counter, &whose, -refund.commission.minor);
        }
    }
    let (rule, counter) = (plan.rule(place), plan.compiled(place).tier);
    if let (Some(tiers), Some(counter)) = (&rule.tiers, counter) {
        match tiers.by {
            Measure::Count => {}
            Measure::Revenue if refund.refund.is_zero() => {}
            Measure::Commission => tally.add(counter, &whose, -refund.commission.minor),
            Measure::Revenue => {
                let added = Again::new(plan, record).and_then(|again| again.found(None));
                let added = added.ok().and_then(|found| found.terms.tier).map_or(0, |at| at.adds);
                let added = Money::new(added, refund.sale.currency);
                let back = refund_share(
                    added,
                    refund.sale,
                    refund.refunded_before,
                    refund.refund,
                    Rounding::Down,
                )?;
                tally.add(counter, &whose, -back.minor);
            }
        }
    }
    Ok(tally.increments())
}

impl CommissionRecord {
    /// What a retroactive tier's counter stood at for this commission, and the step that paid it;
    /// none if its rule has no such tiers.
    #[must_use]
    pub fn retroactive_step(&self, plan: &CompiledPlan) -> Option<(i64, u16)> {
        let place = plan.place_of(&self.rule)?;
        let tiers = plan.rule(place).tiers.as_ref();
        tiers.filter(|tiers| tiers.mode == TierMode::Retroactive)?;
        let before = asked(plan, &self.facts, plan.compiled(place).tier?);
        let found = Again::new(plan, self).and_then(|again| again.found(None)).ok()?;
        Some((before, found.terms.tier?.step))
    }
}
