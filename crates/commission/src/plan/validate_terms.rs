//! Checks what a rule says besides how much, and what a plan says besides its rules.

use std::collections::BTreeSet;

use tributary_money::{Currency, Money};

use super::read::name_mistake;
use super::validate::{Report, check_events};
use super::{
    Amount, BONUSES_MAX, Base, CAPS_MAX, CLAWBACK_MONTHS_MAX, Cap, CapOf, Condition, Deductions,
    MONTHS_MAX, Measure, PRIZES_MAX, Period, PlanDocument, Recurring, Reward, Rule, STEPS_MAX,
    Scope, Several, TierMode, Tiers, condition,
};

pub(super) fn check_terms(rule: &Rule, currency: Currency, error: &mut Report<'_>) {
    match &rule.scope {
        Some(Scope::Group(name)) => check_name("/for/group", name, error),
        Some(Scope::Campaign(name)) => check_name("/for/campaign", name, error),
        Some(Scope::Partnership(_)) | None => {}
    }
    if let Some(when) = &rule.when {
        condition::check(when, currency, &mut |pointer, code, detail| {
            error(format!("/when{pointer}"), code, detail);
        });
    }
    check_steps(rule, error);
    check_bounds(rule, currency, error);
    check_first_year(rule, error);
    check_caps(&rule.caps, currency, error);
    let counted = matches!(rule.recurring, Some(Recurring::Months(_) | Recurring::Payments(_)));
    if rule.subscription.is_some() && !counted {
        let detail = "It says what happens to months or payments, and the rule counts none: set recurring to \
                      them, or leave this out.";
        error("/subscription".to_owned(), "not_recurring", detail.to_owned());
    }
    if rule.clawback.is_some_and(|it| !(1..=CLAWBACK_MONTHS_MAX).contains(&it.months)) {
        let detail = format!("Expected a whole number, 1 to {CLAWBACK_MONTHS_MAX}.");
        error("/clawback/months".to_owned(), "out_of_range", detail);
    }
    if rule.first_customers.is_some_and(|it| it.count == 0) {
        let detail = "At least one customer is paid.".to_owned();
        error("/first_customers/count".to_owned(), "not_positive", detail);
    }
}

fn check_name(pointer: &str, name: &str, error: &mut Report<'_>) {
    if let Some(detail) = name_mistake(name) {
        error(pointer.to_owned(), "name", detail);
    }
}

/// Steps that choose the amount: of one sort, ordered and each once.
fn check_steps(rule: &Rule, error: &mut Report<'_>) {
    let sorts = [!rule.grades.is_empty(), !rule.ages.is_empty(), rule.tiers.is_some()];
    if sorts.iter().filter(|there| **there).count() > 1 {
        let detail =
            "An amount goes by one of grades, ages and tiers: keep one of them.".to_owned();
        error(String::new(), "several_steps", detail);
    }
    if rule.grades.len().max(rule.ages.len()) > STEPS_MAX {
        let detail = format!("Expected at most {STEPS_MAX} of them.");
        error(String::new(), "wrong_length", detail);
    }
    let mut seen = BTreeSet::new();
    for (place, step) in rule.grades.iter().enumerate() {
        check_name(&format!("/grades/{place}/grade"), &step.grade, error);
        if !seen.insert(step.grade.to_ascii_lowercase()) {
            let detail = format!("Grade {} is there already: name each once.", step.grade);
            error(format!("/grades/{place}/grade"), "duplicate", detail);
        }
    }
    let mut before = 1;
    for (place, step) in rule.ages.iter().enumerate() {
        if step.from_month <= before || step.from_month > MONTHS_MAX {
            let detail = format!("Expected a month above {before}, at most {MONTHS_MAX}.");
            error(format!("/ages/{place}/from_month"), "not_ascending", detail);
        }
        before = step.from_month;
    }
    if let Some(tiers) = &rule.tiers {
        check_tiers(rule, tiers, error);
    }
}

fn check_tiers(rule: &Rule, tiers: &Tiers, error: &mut Report<'_>) {
    if !(1..=STEPS_MAX).contains(&tiers.steps.len()) {
        let detail = format!("Expected 1 to {STEPS_MAX} of them.");
        error("/tiers/steps".to_owned(), "wrong_length", detail);
    }
    let mut before = 0;
    for (place, step) in tiers.steps.iter().enumerate() {
        if step.from <= before {
            let detail = format!("Expected more than {before}.");
            error(format!("/tiers/steps/{place}/from"), "not_ascending", detail);
        }
        before = step.from;
    }
    if tiers.by == Measure::Commission && tiers.mode == TierMode::Retroactive {
        let detail = "Commission that raises earlier commission would reach the next step by \
                      itself: count conversions or revenue.";
        error("/tiers/mode".to_owned(), "feeds_back", detail.to_owned());
    }
    if tiers.by == Measure::Revenue {
        let mut amounts = rule.amounts().map(|(_, amount)| match amount {
            Amount::Percent(amount) => Some((amount.of, amount.less, amount.one_month)),
            Amount::Fixed(_) => None,
        });
        let first = amounts.next();
        if !amounts.all(|amount| Some(amount) == first) {
            let detail = "By revenue, all steps are percentages of the same amount, or all fixed: \
                          a sale that spans an edge is divided.";
            error("/tiers/steps".to_owned(), "different_bases", detail.to_owned());
        }
    }
}

fn check_bounds(rule: &Rule, currency: Currency, error: &mut Report<'_>) {
    for (pointer, bound) in [("/minimum", rule.minimum), ("/maximum", rule.maximum)] {
        if let Some(bound) = bound {
            check_money(pointer, bound, currency, error);
        }
    }
    if let (Some(minimum), Some(maximum)) = (rule.minimum, rule.maximum)
        && minimum.minor > maximum.minor
    {
        let detail =
            "The least is not more than the most: lower minimum or raise maximum.".to_owned();
        error("/minimum".to_owned(), "above_maximum", detail);
    }
}

fn check_money(pointer: &str, money: Money, currency: Currency, error: &mut Report<'_>) {
    if money.minor <= 0 {
        let detail = "Expected an amount above 0.".to_owned();
        error(format!("{pointer}/amount"), "not_positive", detail);
    }
    if money.currency != currency {
        let detail = format!("The program's currency is {currency}.");
        error(format!("{pointer}/currency"), "currency_mismatch", detail);
    }
}

/// A year's value is paid once, or it would be paid again with every payment.
fn check_first_year(rule: &Rule, error: &mut Report<'_>) {
    let of_year = |amount: Amount| match amount {
        Amount::Percent(amount) => matches!(amount.of, Base::Contracted | Base::Expected),
        Amount::Fixed(_) => false,
    };
    let found = rule.amounts().find(|(_, amount)| of_year(*amount));
    if let Some((pointer, _)) = found
        && rule.recurring != Some(Recurring::Once)
    {
        let detail = "The value of the first year is paid once: recurring is \"once\".".to_owned();
        error(format!("{pointer}/of"), "first_year_recurring", detail);
    }
}

/// Rules that can get a part of an order: those with tests of lines and, where the first rule that
/// takes a line pays it, those that get what such rules leave.
pub(super) fn check_parts(document: &PlanDocument, error: &mut Report<'_>) {
    let of_items = |rule: &&Rule| rule.when.as_ref().is_some_and(Condition::of_items);
    let divides: Vec<&Rule> = document.rules.iter().filter(of_items).collect();
    for (place, rule) in document.rules.iter().enumerate() {
        let left_over = document.several == Several::First
            && !rule.on_top
            && divides.iter().any(|other| {
                !other.on_top && other.events.iter().any(|event| rule.events.contains(event))
            });
        if left_over || of_items(&rule) {
            check_items(rule, &mut |pointer, code, detail| {
                error(format!("/rules/{place}{pointer}"), code, detail);
            });
        }
    }
}

/// A part of an order has no year, no payment before, and no tax of its own.
fn check_items(rule: &Rule, error: &mut Report<'_>) {
    for (pointer, amount) in rule.amounts() {
        if let Amount::Percent(amount) = amount
            && (!matches!(amount.of, Base::Gross | Base::Net | Base::Margin)
                || amount.less != Deductions::NONE)
        {
            let detail = "Lines of an order have a gross, a net and a margin of their own, nothing \
                          else: take the percentage of one of them.";
            error(format!("{pointer}/of"), "not_of_items", detail.to_owned());
        }
    }
}

pub(super) fn check_caps(caps: &[Cap], currency: Currency, error: &mut Report<'_>) {
    if caps.len() > CAPS_MAX {
        let detail = format!("Expected at most {CAPS_MAX} of them.");
        error("/caps".to_owned(), "wrong_length", detail);
    }
    for (place, cap) in caps.iter().enumerate() {
        let pointer = format!("/caps/{place}");
        match (cap.amount, cap.count) {
            (Some(amount), None) => {
                check_money(&format!("{pointer}/amount"), amount, currency, error);
            }
            (None, Some(count)) => {
                if count == 0 {
                    let detail = "Expected a number above 0.".to_owned();
                    error(format!("{pointer}/count"), "not_positive", detail);
                }
                if cap.of == CapOf::Order {
                    let detail = "Of an order the amount is bounded: give amount instead of count."
                        .to_owned();
                    error(format!("{pointer}/count"), "count_of_order", detail);
                }
            }
            _ => {
                let detail = "Expected either amount or count.".to_owned();
                error(pointer.clone(), "ambiguous", detail);
            }
        }
        if cap.of == CapOf::Order && cap.per != Period::Life {
            let detail = "An order has no period: life.".to_owned();
            error(format!("{pointer}/per"), "period_of_order", detail);
        }
    }
}

pub(super) fn check_bonuses(document: &PlanDocument, currency: Currency, error: &mut Report<'_>) {
    let mut ids: BTreeSet<_> = document.rules.iter().map(|rule| &rule.id).collect();
    if document.bonuses.len() > BONUSES_MAX {
        error("/bonuses".to_owned(), "wrong_length", format!("At most {BONUSES_MAX}."));
    }
    if document.contests.len() > BONUSES_MAX {
        error("/contests".to_owned(), "wrong_length", format!("At most {BONUSES_MAX}."));
    }
    for (place, bonus) in document.bonuses.iter().enumerate() {
        let mut error = |pointer: String, code, detail: String| {
            error(format!("/bonuses/{place}{pointer}"), code, detail);
        };
        if !ids.insert(&bonus.id) {
            let detail =
                format!("Something earlier is called {} already: choose another.", bonus.id);
            error("/id".to_owned(), "duplicate", detail);
        }
        if let Some(name) = &bonus.name {
            check_name("/name", name, &mut error);
        }
        check_events(&bonus.events, &mut error);
        if bonus.at <= 0 {
            error("/at".to_owned(), "not_positive", "Expected a number above 0.".to_owned());
        }
        check_reward("/reward", &bonus.reward, currency, &mut error);
    }
    for (place, contest) in document.contests.iter().enumerate() {
        let mut error = |pointer: String, code, detail: String| {
            error(format!("/contests/{place}{pointer}"), code, detail);
        };
        if !ids.insert(&contest.id) {
            let detail =
                format!("Something earlier is called {} already: choose another.", contest.id);
            error("/id".to_owned(), "duplicate", detail);
        }
        if let Some(name) = &contest.name {
            check_name("/name", name, &mut error);
        }
        check_events(&contest.events, &mut error);
        if contest.to < contest.from {
            error(
                "/to".to_owned(),
                "before_from",
                "It ends before it begins: give a later day.".to_owned(),
            );
        }
        if !(1..=PRIZES_MAX).contains(&contest.prizes.len()) {
            let detail = format!("Expected 1 to {PRIZES_MAX} of them.");
            error("/prizes".to_owned(), "wrong_length", detail);
        }
        for (place, prize) in contest.prizes.iter().enumerate() {
            check_reward(&format!("/prizes/{place}"), prize, currency, &mut error);
        }
    }
}

fn check_reward(pointer: &str, reward: &Reward, currency: Currency, error: &mut Report<'_>) {
    match reward {
        Reward::Money(money) => check_money(&format!("{pointer}/money"), *money, currency, error),
        Reward::Credits(credits) => {
            check_name(&format!("{pointer}/credits/unit"), &credits.unit, error);
            if credits.count == 0 {
                let detail = "Expected a number above 0.".to_owned();
                error(format!("{pointer}/credits/count"), "not_positive", detail);
            }
        }
        Reward::Gift(gift) => {
            check_name(&format!("{pointer}/gift/name"), &gift.name, error);
            if let Some(value) = gift.value {
                check_money(&format!("{pointer}/gift/value"), value, currency, error);
            }
        }
    }
}
