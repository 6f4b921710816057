//! What is allowed but hardly meant.

use tributary_money::Exact;
use tributary_money::Rounding;

use super::{Amount, Percent, PlanDocument, Recurring, Rule, Several};

/// Something that is allowed but hardly meant: a person confirms it before the plan is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanWarning {
    /// JSON pointer into the document.
    pub pointer: String,
    /// Stable name, `snake_case`: `over_sale` (a rule pays more than the whole sale),
    /// `over_sale_together` (rules that pay together do), `unreachable` (an earlier rule takes
    /// every event of this one).
    pub code: &'static str,
    /// English sentence for developers.
    pub detail: String,
}

pub(super) fn warnings(document: &PlanDocument) -> Vec<PlanWarning> {
    let mut warnings = Vec::new();
    for (place, rule) in document.rules.iter().enumerate() {
        for (pointer, amount) in rule.amounts() {
            if let Amount::Percent(amount) = amount
                && amount.percent > Percent::HUNDRED
            {
                warnings.push(PlanWarning {
                    pointer: format!("/rules/{place}{pointer}/percent"),
                    code: "over_sale",
                    detail: format!("{} % is more than the whole sale.", amount.percent),
                });
            }
        }
        if let Some(taker) = taker(document, place) {
            warnings.push(PlanWarning {
                pointer: format!("/rules/{place}"),
                code: "unreachable",
                detail: format!("Every event of it is paid by an earlier rule, {}.", taker.id),
            });
        }
    }
    warnings.extend(together(document));
    warnings
}

/// The earlier rule that leaves nothing to the one at `place`.
fn taker(document: &PlanDocument, place: usize) -> Option<&Rule> {
    let rule = &document.rules[place];
    // With tests or a level of its own it comes first; and where all pay nothing is taken.
    if document.several != Several::First || !is_plain(rule) {
        return None;
    }
    let earlier = &document.rules[..place];
    let taken = |event| {
        let takes = |before: &&Rule| {
            is_plain(before) && before.events.contains(event) && takes_all(before, rule)
        };
        earlier.iter().find(takes)
    };
    let takers: Option<Vec<_>> = rule.events.iter().map(taken).collect();
    takers.as_ref().and_then(|takers| takers.first().copied())
}

const fn is_plain(rule: &Rule) -> bool {
    rule.scope.is_none()
        && rule.option.is_none()
        && rule.when.is_none()
        && rule.once_per.is_none()
        && rule.first_customers.is_none()
        && rule.subscription.is_none()
        && !rule.on_top
}

/// Whether an event of both rules is always paid by the earlier one.
const fn takes_all(earlier: &Rule, later: &Rule) -> bool {
    match (earlier.recurring, later.recurring) {
        (None | Some(Recurring::Life), _)
        | (
            Some(Recurring::Once | Recurring::Months(_) | Recurring::Payments(_)),
            Some(Recurring::Once),
        ) => true,
        (Some(Recurring::Months(earlier)), Some(Recurring::Months(later)))
        | (Some(Recurring::Payments(earlier)), Some(Recurring::Payments(later))) => {
            later <= earlier
        }
        (Some(_), _) => false,
    }
}

/// Percentages that can come together: of each event the highest that competes, or all where all
/// pay, and those on top. Whether conditions exclude one another is not looked into.
fn together(document: &PlanDocument) -> Option<PlanWarning> {
    let highest = |rule: &Rule| {
        let percents = rule.amounts().filter_map(|(_, amount)| match amount {
            Amount::Percent(amount) => Some(amount.percent),
            Amount::Fixed(_) => None,
        });
        percents.max()
    };
    let events = document.rules.iter().flat_map(|rule| &rule.events);
    for event in events {
        let of_event = || document.rules.iter().filter(|rule| rule.events.contains(event));
        if of_event().filter_map(highest).any(|percent| percent > Percent::HUNDRED) {
            continue; // It is said already.
        }
        let mut parts: Vec<Percent> =
            of_event().filter(|rule| rule.on_top).filter_map(highest).collect();
        let competing = of_event().filter(|rule| !rule.on_top).filter_map(highest);
        if document.several == Several::All {
            parts.extend(competing);
        } else {
            parts.extend(competing.max());
        }
        if parts.len() > 1 && over_hundred(&parts) {
            return Some(PlanWarning {
                pointer: "/rules".to_owned(),
                code: "over_sale_together",
                detail: format!("Rules for {event} can together pay more than the whole sale."),
            });
        }
    }
    None
}

fn over_hundred(parts: &[Percent]) -> bool {
    const WHOLE: i64 = 1_000_000_000;
    let sum = parts.iter().try_fold(Exact::of(0), |sum, part| {
        Exact::of(WHOLE).times(part.rate()).and_then(|part| sum.plus(part))
    });
    // Away from zero, so that less than a thousand-millionth too much is found as well.
    sum.and_then(|sum| sum.plus(Exact::of(-WHOLE)))
        .and_then(|over| Ok((over.round(Rounding::Down)?, over.is_whole())))
        .is_ok_and(|(over, whole)| over > 0 || (over == 0 && !whole))
}
