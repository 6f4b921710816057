use std::collections::BTreeSet;

use tributary_kernel::FieldError;
use tributary_money::Currency;

use super::read::name_mistake;
use super::validate_terms::{check_bonuses, check_caps, check_parts, check_terms};
use super::warnings::{PlanWarning, warnings};
use super::{
    Amount, Base, Deductions, EVENTS_PER_RULE_MAX, EventName, HOLD_DAYS_MAX, MONTHS_MAX,
    OPTIONS_MAX, Per, PlanDocument, RULES_MAX, Recurring, Rule,
};

/// Checks what a document says, for a program of that currency.
///
/// # Errors
/// Every mistake with the path of its field. What is well-formed and allowed but needs
/// confirmation comes as warnings.
pub fn validate(
    document: &PlanDocument,
    program_currency: Currency,
) -> Result<Vec<PlanWarning>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut error = |pointer: String, code, detail: String| {
        errors.push(FieldError::new(pointer, code, detail));
    };
    if let Some(detail) = name_mistake(&document.name) {
        error("/name".to_owned(), "name", detail);
    }
    if document.currency.is_some_and(|currency| currency != program_currency) {
        let detail = format!("The program's currency is {program_currency}.");
        error("/currency".to_owned(), "currency_mismatch", detail);
    }
    if !(1..=RULES_MAX).contains(&document.rules.len()) {
        let detail = format!("Expected 1 to {RULES_MAX} of them.");
        error("/rules".to_owned(), "wrong_length", detail);
    }
    check_options(document, &mut error);
    check_caps(&document.caps, program_currency, &mut error);
    let mut ids = BTreeSet::new();
    for (place, rule) in document.rules.iter().enumerate() {
        if !ids.insert(&rule.id) {
            let detail = format!("An earlier rule is called {} already.", rule.id);
            error(format!("/rules/{place}/id"), "duplicate", detail);
        }
        let mut error = |pointer: String, code, detail: String| {
            error(format!("/rules/{place}{pointer}"), code, detail);
        };
        check_rule(rule, program_currency, &mut error);
        if let Some(option) = &rule.option
            && !document.options.iter().any(|known| known.id == *option)
        {
            let detail = format!("The plan has no option {option}.");
            error("/option".to_owned(), "unknown_option", detail);
        }
    }
    check_parts(document, &mut error);
    check_bonuses(document, program_currency, &mut error);
    if errors.is_empty() { Ok(warnings(document)) } else { Err(errors) }
}

pub(super) type Report<'a> = dyn FnMut(String, &'static str, String) + 'a;

fn check_options(document: &PlanDocument, error: &mut Report<'_>) {
    if document.options.len() > OPTIONS_MAX {
        let detail = format!("Expected at most {OPTIONS_MAX} of them.");
        error("/options".to_owned(), "wrong_length", detail);
    }
    let mut ids = BTreeSet::new();
    for (place, option) in document.options.iter().enumerate() {
        if !ids.insert(&option.id) {
            let detail = format!("An earlier option is called {} already.", option.id);
            error(format!("/options/{place}/id"), "duplicate", detail);
        }
        if let Some(detail) = name_mistake(&option.name) {
            error(format!("/options/{place}/name"), "name", detail);
        }
        if !document.rules.iter().any(|rule| rule.option.as_ref() == Some(&option.id)) {
            let detail = format!("No rule is for option {}.", option.id);
            error(format!("/options/{place}"), "unused", detail);
        }
    }
}

fn check_rule(rule: &Rule, currency: Currency, error: &mut Report<'_>) {
    if let Some(detail) = rule.name.as_deref().and_then(name_mistake) {
        error("/name".to_owned(), "name", detail);
    }
    check_events(&rule.events, error);
    let clicks = rule.events.iter().any(EventName::is_click);
    for (pointer, amount) in rule.amounts() {
        check_amount(amount, clicks, currency, &mut |below, code, detail| {
            error(format!("{pointer}{below}"), code, detail);
        });
    }
    check_terms(rule, currency, error);
    if clicks && rule.recurring.is_some() {
        let detail = "A click has no customer whose payments could be counted.".to_owned();
        error("/recurring".to_owned(), "recurring_click", detail);
    }
    let counted = match rule.recurring {
        Some(Recurring::Months(months)) => Some(("/recurring/months", months)),
        Some(Recurring::Payments(payments)) => Some(("/recurring/payments", payments)),
        _ => None,
    };
    if let Some((pointer, _)) = counted.filter(|(_, number)| !(1..=MONTHS_MAX).contains(number)) {
        let detail = format!("Expected a whole number, 1 to {MONTHS_MAX}.");
        error(pointer.to_owned(), "out_of_range", detail);
    }
    if rule.hold_days.is_some_and(|days| days > HOLD_DAYS_MAX) {
        let detail = format!("Expected a whole number, 0 to {HOLD_DAYS_MAX}.");
        error("/hold_days".to_owned(), "out_of_range", detail);
    }
}

/// Events of a rule, a bonus or a contest.
pub(super) fn check_events(events: &[EventName], error: &mut Report<'_>) {
    if !(1..=EVENTS_PER_RULE_MAX).contains(&events.len()) {
        let detail = format!("Expected 1 to {EVENTS_PER_RULE_MAX} of them.");
        error("/events".to_owned(), "wrong_length", detail);
    }
    let mut seen = BTreeSet::new();
    for (place, event) in events.iter().enumerate() {
        if !seen.insert(event) {
            let detail = format!("{event} is there already: name each event once.");
            error(format!("/events/{place}"), "duplicate", detail);
        }
        if event.is_refund() {
            let detail =
                "A refund reverses what was paid, in proportion; no rule pays it: leave it out.";
            error(format!("/events/{place}"), "refund", detail.to_owned());
        }
    }
}

fn check_amount(amount: Amount, clicks: bool, currency: Currency, error: &mut Report<'_>) {
    match amount {
        Amount::Percent(amount) => {
            let rate = amount.percent.rate();
            if rate.is_negative() || rate.is_zero() {
                let detail = "A percentage is above 0.".to_owned();
                error("/percent".to_owned(), "not_positive", detail);
            }
            if clicks {
                let detail = "A click has no value to take a percentage of: pay a fixed amount.";
                error("/percent".to_owned(), "percent_of_click", detail.to_owned());
            }
            if amount.less != Deductions::NONE && amount.of != Base::Gross {
                let detail = "Only of gross something is taken off: take the percentage of gross, or leave less out."
                    .to_owned();
                error("/less".to_owned(), "less_of_gross", detail);
            }
            if amount.one_month && matches!(amount.of, Base::Contracted | Base::Expected) {
                let detail =
                    "The value of a year is not a payment for months: leave one_month out."
                        .to_owned();
                error("/one_month".to_owned(), "month_of_year", detail);
            }
        }
        Amount::Fixed(amount) => {
            if amount.fixed.minor <= 0 {
                let detail = "A fixed amount is above 0.".to_owned();
                error("/fixed/amount".to_owned(), "not_positive", detail);
            }
            if amount.fixed.currency != currency {
                let detail = format!("The program's currency is {currency}.");
                error("/fixed/currency".to_owned(), "currency_mismatch", detail);
            }
            if clicks && amount.per != Per::Item {
                let detail = "Clicks are counted: they are paid per item.".to_owned();
                error("/per".to_owned(), "click_per_item", detail);
            }
        }
    }
}
