//! The common plans as a form, and plans to begin with.

use tributary_commission::ready::READY_PLANS;

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
        let word = |id: &str| page.t(&format!("ready-{id}"));
        READY_PLANS.iter().map(|plan| Choice::new(plan.id, word(plan.id))).collect()
    }

    pub(super) fn units(page: &Frame<ManagerAccess>, currency: &str) -> Vec<Choice> {
        vec![
            Choice::new("net", page.t("plan-unit-net")),
            Choice::new("gross", page.t("plan-unit-gross")),
            Choice::new("fixed", page.t1("plan-unit-fixed", "currency", currency)),
        ]
    }

    pub(super) fn payments(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        ["each", "once", "months", "life"]
            .map(|name| Choice::new(name, page.t(&format!("plan-payments-{name}"))))
            .to_vec()
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
