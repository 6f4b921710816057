//! Which rules pay, and why the others do not.

use tributary_kernel::LocalDate;

use crate::calendar::{day_of, months_between};
use crate::plan::{Checks, FactValue, Verdict};
use crate::price::{Pieces, Subject};
use crate::{
    CompiledPlan, EvaluationError, OnPause, OnResume, Recurring, Rule, Several, window_end,
};

/// What became of one rule of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum RuleOutcome {
    /// It pays.
    Chosen,
    /// One that comes before it pays.
    EarlierRuleWon {
        /// Place of that rule.
        winner: u16,
    },
    /// One for this partnership, its group or the campaign pays instead of it.
    CloserRuleWon {
        /// Place of that rule.
        winner: u16,
    },
    /// One that pays more does.
    BetterRuleWon {
        /// Place of that rule.
        winner: u16,
    },
    /// It is for other events.
    OtherEvent,
    /// It is for another partnership, group or campaign.
    OtherScope,
    /// It is for those who chose another option of the plan.
    OtherOption,
    /// Its condition does not hold.
    ConditionFailed {
        /// The test that failed it, from 0: its place among the tests of the condition.
        test: u16,
    },
    /// It pays the first one only.
    NotFirst {
        /// Payments (of a lead: leads) of the customer before.
        before: u32,
    },
    /// It pays for a number of months, and they are over.
    PastWindow {
        /// Day of the first payment.
        first_payment_on: LocalDate,
        /// The first day that it no longer paid.
        window_end: LocalDate,
    },
    /// It pays a number of payments, and they are over.
    PaymentsOver {
        /// How many.
        limit: u16,
    },
    /// The subscription was cancelled and taken up again.
    SubscriptionEnded {
        /// When it was taken up again.
        resumed_on: LocalDate,
    },
    /// It was paid for this company or customer already.
    OnceAlready,
    /// It pays for the first customers only, and there were as many.
    CustomersFull {
        /// How many.
        limit: u32,
    },
}

/// A rule that pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) rule: u16,
    /// Which lines of the order, as bits.
    pub(crate) items: u128,
}

/// What became of the rules.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    /// One entry per rule of the plan, in its order.
    pub(crate) outcomes: Vec<RuleOutcome>,
    pub(crate) chosen: Vec<Chosen>,
}

/// Asks what a counter of the plan stood at.
pub(crate) type Ask<'a> = &'a mut dyn FnMut(u16) -> i64;

/// Tries the rules in the order of precedence.
pub(crate) fn select(
    plan: &CompiledPlan,
    subject: &Subject<'_>,
    ask: Ask<'_>,
) -> Result<Selection, EvaluationError> {
    let mut selection = Selection {
        outcomes: vec![RuleOutcome::OtherEvent; plan.rules().len()],
        chosen: Vec::new(),
    };
    match plan.document().several {
        Several::First => first(plan, subject, ask, &mut selection),
        Several::All | Several::Best => closest(plan, subject, ask, &mut selection),
    }
    if plan.document().several == Several::Best {
        best(plan, subject, ask, &mut selection)?;
    }
    Ok(selection)
}

/// Every line of the order goes to the first rule that takes it.
fn first(plan: &CompiledPlan, subject: &Subject<'_>, ask: Ask<'_>, selection: &mut Selection) {
    let whole = subject.whole();
    let mut left = whole;
    let mut last: Option<u16> = None;
    for &place in plan.order(&subject.facts.event) {
        let rule = plan.rule(place);
        let outcome = if let Some(winner) = last.filter(|_| left == 0 && !rule.on_top) {
            lost(plan, winner, place)
        } else {
            match try_rule(plan, place, subject, ask) {
                Err(why_not) => why_not,
                Ok(items) if rule.on_top => {
                    selection.chosen.push(Chosen { rule: place, items });
                    RuleOutcome::Chosen
                }
                Ok(items) => match (items & left, last) {
                    (0, Some(winner)) => lost(plan, winner, place),
                    (items, _) => {
                        left &= !items;
                        last = Some(place);
                        selection.chosen.push(Chosen { rule: place, items });
                        RuleOutcome::Chosen
                    }
                },
            }
        };
        selection.outcomes[usize::from(place)] = outcome;
    }
}

fn lost(plan: &CompiledPlan, winner: u16, loser: u16) -> RuleOutcome {
    if plan.compiled(winner).level < plan.compiled(loser).level {
        RuleOutcome::CloserRuleWon { winner }
    } else {
        RuleOutcome::EarlierRuleWon { winner }
    }
}

/// All rules of the first level of which any takes something.
fn closest(plan: &CompiledPlan, subject: &Subject<'_>, ask: Ask<'_>, selection: &mut Selection) {
    let mut level: Option<(u8, u16)> = None;
    for &place in plan.order(&subject.facts.event) {
        let (rule, own) = (plan.rule(place), plan.compiled(place).level);
        let outcome = match level.filter(|(level, _)| *level < own && !rule.on_top) {
            Some((_, winner)) => RuleOutcome::CloserRuleWon { winner },
            None => match try_rule(plan, place, subject, ask) {
                Err(why_not) => why_not,
                Ok(items) => {
                    if !rule.on_top {
                        level.get_or_insert((own, place));
                    }
                    selection.chosen.push(Chosen { rule: place, items });
                    RuleOutcome::Chosen
                }
            },
        };
        selection.outcomes[usize::from(place)] = outcome;
    }
}

/// Of those that compete, only the one that pays most stays; of equals, the first.
fn best(
    plan: &CompiledPlan,
    subject: &Subject<'_>,
    ask: Ask<'_>,
    selection: &mut Selection,
) -> Result<(), EvaluationError> {
    let competes = |chosen: &Chosen| !plan.rule(chosen.rule).on_top;
    if selection.chosen.iter().filter(|chosen| competes(chosen)).count() < 2 {
        return Ok(());
    }
    let mut most: Option<(i64, u16)> = None;
    for chosen in selection.chosen.iter().filter(|chosen| competes(chosen)) {
        let terms = subject.terms(plan, *chosen, ask, None)?;
        let amount = match &terms.pieces {
            Pieces::One(amount) => terms.undivided(plan, *amount, tributary_money::Share::ONE)?,
            Pieces::Span(_) => terms.spanned(plan, subject.share)?,
        };
        if most.is_none_or(|(before, _)| amount > before) {
            most = Some((amount, chosen.rule));
        }
    }
    let winner = most.map(|(_, winner)| winner).expect("two of them compete");
    selection.chosen.retain(|chosen| {
        let stays = !competes(chosen) || chosen.rule == winner;
        if !stays {
            let outcome = RuleOutcome::BetterRuleWon { winner };
            selection.outcomes[usize::from(chosen.rule)] = outcome;
        }
        stays
    });
    Ok(())
}

/// The lines of the order that a rule takes, or why it takes none.
fn try_rule(
    plan: &CompiledPlan,
    place: u16,
    subject: &Subject<'_>,
    ask: Ask<'_>,
) -> Result<u128, RuleOutcome> {
    let (rule, compiled) = (plan.rule(place), plan.compiled(place));
    let holds = |checks: &Option<Checks>, values: &[FactValue]| {
        checks.as_ref().is_none_or(|checks| checks.verdict(values, None) == Verdict::Holds)
    };
    if !holds(&compiled.scope, subject.values) {
        return Err(RuleOutcome::OtherScope);
    }
    if !holds(&compiled.option, subject.values) {
        return Err(RuleOutcome::OtherOption);
    }
    let items = match &compiled.when {
        None => subject.whole(),
        Some(when) => taken(when, subject)?,
    };
    recurs(rule, subject)?;
    if let Some(once) = compiled.once
        && ask(once) > 0
    {
        return Err(RuleOutcome::OnceAlready);
    }
    if let (Some((all, own)), Some(first)) = (compiled.first, rule.first_customers)
        && ask(own) == 0
        && ask(all) >= i64::from(first.count)
    {
        return Err(RuleOutcome::CustomersFull { limit: first.count });
    }
    Ok(items)
}

fn taken(when: &Checks, subject: &Subject<'_>) -> Result<u128, RuleOutcome> {
    let failed = |test| RuleOutcome::ConditionFailed { test };
    if !when.of_items || subject.items.is_empty() {
        return match when.verdict(subject.values, None) {
            Verdict::Holds => Ok(subject.whole()),
            Verdict::Fails(test) => Err(failed(test)),
        };
    }
    let (mut taken, mut why) = (0, 0);
    for (bit, item) in subject.items.iter().enumerate() {
        match when.verdict(subject.values, Some(item)) {
            Verdict::Holds => taken |= 1u128 << bit,
            // The test that the furthest line came to says most.
            Verdict::Fails(test) => why = why.max(test),
        }
    }
    if taken == 0 { Err(failed(why)) } else { Ok(taken) }
}

/// The payment from which a rule counts, and how many there were since.
pub(crate) fn counted_from(rule: &Rule, subject: &Subject<'_>) -> (Option<LocalDate>, u32) {
    let before = subject.facts.before.unwrap_or_default();
    let terms = rule.subscription.unwrap_or_default();
    match before.resumed_on {
        Some(resumed) if terms.resume == OnResume::Restarts => {
            (Some(resumed), before.payments_since)
        }
        _ => (before.first_payment_on, before.payments),
    }
}

/// The day as the months of a rule count it: where a pause extends them, earlier by its days.
pub(crate) fn counted_day(rule: &Rule, subject: &Subject<'_>) -> LocalDate {
    let before = subject.facts.before.unwrap_or_default();
    match rule.subscription.unwrap_or_default().pause {
        OnPause::Runs => subject.facts.on,
        OnPause::Extends => {
            let days = i32::try_from(before.paused_days).unwrap_or(i32::MAX);
            subject.facts.on.plus_days(-days)
        }
    }
}

/// The month of the subscription that a rule's ages go by, from 1.
pub(crate) fn month_of_age(rule: &Rule, subject: &Subject<'_>) -> u16 {
    let (first, _) = counted_from(rule, subject);
    let months = first.map_or(0, |first| months_between(first, counted_day(rule, subject)));
    u16::try_from(months.max(0)).unwrap_or(u16::MAX).saturating_add(1)
}

fn recurs(rule: &Rule, subject: &Subject<'_>) -> Result<(), RuleOutcome> {
    // Without a customer it is the first event of a customer of its own.
    let before = subject.facts.before.unwrap_or_default();
    let ends = rule.subscription.is_some_and(|terms| terms.resume == OnResume::Ends);
    if let Some(resumed_on) = before.resumed_on.filter(|_| ends) {
        return Err(RuleOutcome::SubscriptionEnded { resumed_on });
    }
    match rule.recurring {
        None | Some(Recurring::Life) => Ok(()),
        Some(Recurring::Once) => match before.of_kind(subject.facts.kind) {
            0 => Ok(()),
            before => Err(RuleOutcome::NotFirst { before }),
        },
        Some(Recurring::Payments(limit)) => {
            let (_, paid) = counted_from(rule, subject);
            if paid < u32::from(limit) { Ok(()) } else { Err(RuleOutcome::PaymentsOver { limit }) }
        }
        Some(Recurring::Months(months)) => {
            let Some(first) = counted_from(rule, subject).0 else { return Ok(()) };
            if within(first, counted_day(rule, subject), months) {
                return Ok(());
            }
            let end = window_end(first, months);
            let waited = subject.facts.on.as_days() - counted_day(rule, subject).as_days();
            Err(RuleOutcome::PastWindow {
                first_payment_on: first,
                window_end: end.plus_days(waited),
            })
        }
    }
}

/// Whether `on` is before the end of the window; most often the months alone say so.
fn within(first: LocalDate, on: LocalDate, months: u16) -> bool {
    let (a, b) = (day_of(first), day_of(on));
    let apart = (b.year - a.year) * 12 + (b.month - a.month);
    match apart.cmp(&i32::from(months)) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => months_between(first, on) < i32::from(months),
    }
}
