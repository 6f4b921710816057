//! Words for names that programs give.

use tributary_commission::{Amount, CompiledPlan, Measure, TierStep, Tiers};
use tributary_money::{Currency, Money};
use tributary_store::decision::MANUAL_EVENT;

use super::rule_words::terms_of;
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
        MANUAL_EVENT => page.t("event-manual-amount"),
        own => {
            let mut words = own.replace(['_', '-'], " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// A plan's lines as people read them: one for each event that a line pays, then its steps.
pub(super) fn rules_of<A>(page: &Frame<A>, plan: &CompiledPlan) -> Vec<RuleSummary> {
    let mut lines = Vec::new();
    for rule in plan.rules() {
        for event in &rule.events {
            let name = event_name(page, event.as_str());
            let line = |condition, amount| RuleSummary {
                event: name.clone(),
                condition,
                amount: amount_of(amount),
                payments: None,
            };
            lines.push(line(terms_of(page, rule), rule.amount));
            for step in &rule.grades {
                let grade = page.t1("rule-grade", "grade", step.grade.as_str());
                lines.push(line(Some(grade), step.amount));
            }
            for step in &rule.ages {
                let from = page.t1("rule-from-month", "month", u32::from(step.from_month));
                lines.push(line(Some(from), step.amount));
            }
            if let Some(tiers) = &rule.tiers {
                for step in &tiers.steps {
                    let from = step_of(page, tiers, step, plan.currency());
                    lines.push(line(Some(from), step.amount));
                }
            }
        }
    }
    lines
}

const fn amount_of(amount: Amount) -> RuleAmount {
    match amount {
        Amount::Percent(percent) => RuleAmount::Percent(percent.percent.rate()),
        Amount::Fixed(fixed) => RuleAmount::Fixed(fixed.fixed),
    }
}

/// From where a step of a scale pays.
fn step_of<A>(page: &Frame<A>, tiers: &Tiers, step: &TierStep, currency: Currency) -> String {
    let per = tiers.per.as_str();
    let amount = Money::new(step.from, currency);
    match tiers.by {
        Measure::Count => page.t2("rule-from-count", "from", step.from, "per", per),
        Measure::Revenue => page.t2("rule-from-revenue", "from", amount, "per", per),
        Measure::Commission => page.t2("rule-from-commission", "from", amount, "per", per),
    }
}
