use std::collections::BTreeSet;

use tributary_kernel::FieldError;
use tributary_money::Currency;

use super::read::name_mistake;
use super::{
    Amount, EVENTS_PER_RULE_MAX, HOLD_DAYS_MAX, MONTHS_MAX, Per, Percent, PlanDocument, RULES_MAX,
    Recurring, Rule,
};

/// Something that is allowed but hardly meant: a person confirms it before the plan is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanWarning {
    /// JSON pointer into the document.
    pub pointer: String,
    /// Stable name, `snake_case`: `over_sale` (a rule pays more than the whole sale),
    /// `unreachable` (an earlier rule takes every event of this one).
    pub code: &'static str,
    /// English sentence for developers.
    pub detail: String,
}

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
    let mut ids = BTreeSet::new();
    for (place, rule) in document.rules.iter().enumerate() {
        if !ids.insert(&rule.id) {
            let detail = format!("An earlier rule is called {} already.", rule.id);
            error(format!("/rules/{place}/id"), "duplicate", detail);
        }
        check_rule(rule, program_currency, &mut |pointer, code, detail| {
            error(format!("/rules/{place}{pointer}"), code, detail);
        });
    }
    if errors.is_empty() { Ok(warnings(document)) } else { Err(errors) }
}

type Report<'a> = dyn FnMut(String, &'static str, String) + 'a;

fn check_rule(rule: &Rule, currency: Currency, error: &mut Report<'_>) {
    if let Some(detail) = rule.name.as_deref().and_then(name_mistake) {
        error("/name".to_owned(), "name", detail);
    }
    if !(1..=EVENTS_PER_RULE_MAX).contains(&rule.events.len()) {
        let detail = format!("Expected 1 to {EVENTS_PER_RULE_MAX} of them.");
        error("/events".to_owned(), "wrong_length", detail);
    }
    let mut seen = BTreeSet::new();
    for (place, event) in rule.events.iter().enumerate() {
        if !seen.insert(event) {
            let detail = format!("{event} is there already.");
            error(format!("/events/{place}"), "duplicate", detail);
        }
        if event.is_refund() {
            let detail = "A refund reverses what was paid, in proportion; no rule pays it.";
            error(format!("/events/{place}"), "refund", detail.to_owned());
        }
    }
    check_amount(rule, currency, error);
    if let Some(Recurring::Months(months)) = rule.recurring
        && !(1..=MONTHS_MAX).contains(&months)
    {
        let detail = format!("Expected a whole number, 1 to {MONTHS_MAX}.");
        error("/recurring/months".to_owned(), "out_of_range", detail);
    }
    if rule.hold_days.is_some_and(|days| days > HOLD_DAYS_MAX) {
        let detail = format!("Expected a whole number, 0 to {HOLD_DAYS_MAX}.");
        error("/hold_days".to_owned(), "out_of_range", detail);
    }
}

fn check_amount(rule: &Rule, currency: Currency, error: &mut Report<'_>) {
    let clicks = rule.events.iter().any(super::EventName::is_click);
    match rule.amount {
        Amount::Percent(amount) => {
            let rate = amount.percent.rate();
            if rate.is_negative() || rate.is_zero() {
                let detail = "A percentage is above 0.".to_owned();
                error("/amount/percent".to_owned(), "not_positive", detail);
            }
            if clicks {
                let detail = "A click has no value to take a percentage of: pay a fixed amount.";
                error("/amount/percent".to_owned(), "percent_of_click", detail.to_owned());
            }
        }
        Amount::Fixed(amount) => {
            if amount.fixed.minor <= 0 {
                let detail = "A fixed amount is above 0.".to_owned();
                error("/amount/fixed/amount".to_owned(), "not_positive", detail);
            }
            if amount.fixed.currency != currency {
                let detail = format!("The program's currency is {currency}.");
                error("/amount/fixed/currency".to_owned(), "currency_mismatch", detail);
            }
            if clicks && amount.per != Per::Item {
                let detail = "Clicks are counted: they are paid per item.".to_owned();
                error("/amount/per".to_owned(), "click_per_item", detail);
            }
        }
    }
    if clicks && rule.recurring.is_some() {
        let detail = "A click has no customer whose payments could be counted.".to_owned();
        error("/recurring".to_owned(), "recurring_click", detail);
    }
}

fn warnings(document: &PlanDocument) -> Vec<PlanWarning> {
    let mut warnings = Vec::new();
    for (place, rule) in document.rules.iter().enumerate() {
        if let Amount::Percent(amount) = rule.amount
            && amount.percent > Percent::HUNDRED
        {
            warnings.push(PlanWarning {
                pointer: format!("/rules/{place}/amount/percent"),
                code: "over_sale",
                detail: format!("{} % is more than the whole sale.", amount.percent),
            });
        }
        let earlier = &document.rules[..place];
        let taken = |event| {
            earlier.iter().find(|before| before.events.contains(event) && takes_all(before, rule))
        };
        let takers: Option<Vec<_>> = rule.events.iter().map(taken).collect();
        if let Some(taker) = takers.as_ref().and_then(|takers| takers.first()) {
            warnings.push(PlanWarning {
                pointer: format!("/rules/{place}"),
                code: "unreachable",
                detail: format!("Every event of it is paid by an earlier rule, {}.", taker.id),
            });
        }
    }
    warnings
}

/// Whether an event of both rules is always paid by the earlier one.
const fn takes_all(earlier: &Rule, later: &Rule) -> bool {
    match (earlier.recurring, later.recurring) {
        (None | Some(Recurring::Life), _)
        | (Some(Recurring::Once | Recurring::Months(_)), Some(Recurring::Once)) => true,
        (Some(Recurring::Months(earlier)), Some(Recurring::Months(later))) => later <= earlier,
        (Some(Recurring::Once | Recurring::Months(_)), _) => false,
    }
}
