//! Words for names that programs give.

use tributary_commission::{Amount, Per, Recurring, Rule};

use crate::Frame;
use crate::pages::{RuleAmount, RuleSummary};

/// An event as its reader calls it: the catalogue's in their language, a program's own as it is.
pub(super) fn event_name<A>(page: &Frame<A>, event: &str) -> String {
    match event {
        "click" => page.t("event-click"),
        "sale" => page.t("event-sale"),
        "renewal" => page.t("event-renewal"),
        "upgrade" => page.t("event-upgrade"),
        "subscription" => page.t("event-subscription"),
        "lead" => page.t("event-lead"),
        "qualified_lead" => page.t("event-qualified-lead"),
        "signup" => page.t("event-signup"),
        "trial" => page.t("event-trial"),
        "demo" => page.t("event-demo"),
        "meeting" => page.t("event-meeting"),
        own => {
            let mut words = own.replace(['_', '-'], " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// A plan's lines as people read them: one for each event that a line pays.
pub(super) fn rules_of<A>(page: &Frame<A>, rules: &[Rule]) -> Vec<RuleSummary> {
    let mut lines = Vec::new();
    for rule in rules {
        for event in &rule.events {
            let amount = match rule.amount {
                Amount::Percent(percent) => RuleAmount::Percent(percent.percent.rate()),
                Amount::Fixed(fixed) => RuleAmount::Fixed(fixed.fixed),
            };
            let per_item = matches!(rule.amount, Amount::Fixed(it) if it.per == Per::Item);
            let condition = match rule.recurring {
                Some(Recurring::Once) => Some(page.t("rule-once")),
                Some(Recurring::Months(months)) => {
                    Some(page.t1("rule-months", "count", u32::from(months)))
                }
                Some(Recurring::Payments(payments)) => {
                    Some(page.t1("rule-payments", "count", u32::from(payments)))
                }
                Some(Recurring::Life) => Some(page.t("rule-life")),
                None if per_item => Some(page.t("rule-per-item")),
                None => None,
            };
            let event = event_name(page, event.as_str());
            lines.push(RuleSummary { event, condition, amount, payments: None });
        }
    }
    lines
}
