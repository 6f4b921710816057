//! The common plans as a form, and plans to begin with.

use tributary_app::conversion::unsupported;
use tributary_commission::ready::{READY_PLANS, ReadyPlan};
use tributary_money::Currency;

use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// What is paid in the common cases. An empty amount pays nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanForm {
    /// A ready plan by its id, in place of the other fields.
    pub ready: Field,
    /// For a sale: a percentage or an amount, as the unit says.
    pub sale: Field,
    /// `gross` or `net`, of which a percentage is taken, or `fixed`.
    pub unit: Field,
    /// Which of a customer's payments are paid: `each`, `once`, `months`, `life`.
    pub payments: Field,
    /// How many months.
    pub months: Field,
    /// The steps of a month: from which sale, and what for each from there.
    pub steps: [(Field, Field); 2],
    /// For a lead, an amount.
    pub lead: Field,
    /// For a lead that the advertiser found good, an amount.
    pub qualified_lead: Field,
}

impl Default for PlanForm {
    fn default() -> Self {
        Self {
            ready: Field::default(),
            sale: Field::default(),
            unit: Field::of("net"),
            payments: Field::of("each"),
            months: Field::default(),
            steps: Default::default(),
            lead: Field::default(),
            qualified_lead: Field::default(),
        }
    }
}

impl PlanForm {
    /// The plans to begin with, by what they pay.
    pub(super) fn ready_plans(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let offered = READY_PLANS.iter().filter(|plan| is_offered(plan));
        offered.map(|plan| Choice::new(plan.id, page.t(words_of(plan.id)))).collect()
    }

    pub(super) fn units(page: &Frame<ManagerAccess>, currency: &str) -> Vec<Choice> {
        vec![
            Choice::new("net", page.t("plan-unit-net")),
            Choice::new("gross", page.t("plan-unit-gross")),
            Choice::new("fixed", page.t1("plan-unit-fixed", "currency", currency)),
        ]
    }

    pub(super) fn payments(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("each", page.t("plan-payments-each")),
            Choice::new("once", page.t("plan-payments-once")),
            Choice::new("months", page.t("plan-payments-months")),
            Choice::new("life", page.t("plan-payments-life")),
        ]
    }

    pub(super) fn sample() -> Self {
        Self {
            sale: Field::of("20"),
            payments: Field::of("months"),
            months: Field::wrong("tolv", "whole_number"),
            steps: [(Field::of("11"), Field::of("25")), Default::default()],
            qualified_lead: Field::of("500"),
            ..Self::default()
        }
    }
}

/// Whether it could be published: a choice that ends in a no is none.
fn is_offered(plan: &ReadyPlan) -> bool {
    let document = plan.document(plan.currency.unwrap_or(Currency::DKK));
    document.is_some_and(|document| unsupported(&document).is_empty())
}

/// What a ready plan is called. The samples' test renders all of them, so none goes unnamed.
fn words_of(ready: &str) -> &'static str {
    match ready {
        "ahrefs" => "ready-ahrefs",
        "b2b-first-year" => "ready-b2b-first-year",
        "b2b-hybrid" => "ready-b2b-hybrid",
        "b2b-leads" => "ready-b2b-leads",
        "b2b-life" => "ready-b2b-life",
        "b2b-one-time" => "ready-b2b-one-time",
        "b2b-recurring" => "ready-b2b-recurring",
        "b2b-tiers" => "ready-b2b-tiers",
        "contest" => "ready-contest",
        "convertkit" => "ready-convertkit",
        "hubspot" => "ready-hubspot",
        "shopify" => "ready-shopify",
        other => unreachable!("a ready plan without words: {other}"),
    }
}
