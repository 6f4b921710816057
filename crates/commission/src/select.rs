use tributary_kernel::LocalDate;

use crate::{CompiledPlan, ConversionFacts, Recurring, Rule, window_end};

/// What became of one rule of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum RuleOutcome {
    /// It pays.
    Chosen,
    /// It comes after the one that pays.
    EarlierRuleWon {
        /// Place of that rule.
        winner: u16,
    },
    /// It is for other events.
    OtherEvent,
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
}

/// Tries the rules in order: an outcome for each, and the place of the one that pays.
pub(crate) fn select(
    plan: &CompiledPlan,
    facts: &ConversionFacts,
) -> (Vec<RuleOutcome>, Option<u16>) {
    let mut winner = None;
    let mut outcomes = Vec::with_capacity(plan.rules().len());
    for (place, rule) in (0u16..).zip(plan.rules()) {
        outcomes.push(match winner {
            Some(winner) => RuleOutcome::EarlierRuleWon { winner },
            None => try_rule(rule, facts).map_or_else(
                |why_not| why_not,
                |()| {
                    winner = Some(place);
                    RuleOutcome::Chosen
                },
            ),
        });
    }
    (outcomes, winner)
}

fn try_rule(rule: &Rule, facts: &ConversionFacts) -> Result<(), RuleOutcome> {
    if !rule.events.contains(&facts.event) {
        return Err(RuleOutcome::OtherEvent);
    }
    // Without a customer it is the first event of a customer of its own.
    let before = facts.before.unwrap_or_default();
    match rule.recurring {
        None | Some(Recurring::Life) => Ok(()),
        Some(Recurring::Once) => match before.of_kind(facts.kind) {
            0 => Ok(()),
            before => Err(RuleOutcome::NotFirst { before }),
        },
        Some(Recurring::Months(months)) => match before.first_payment_on {
            None => Ok(()),
            Some(first_payment_on) => {
                let window_end = window_end(first_payment_on, months);
                if facts.on < window_end {
                    Ok(())
                } else {
                    Err(RuleOutcome::PastWindow { first_payment_on, window_end })
                }
            }
        },
    }
}
