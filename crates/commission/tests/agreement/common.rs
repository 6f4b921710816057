//! A customer who comes, leads and pays, and the plans of the seeds.

use tributary_commission::{
    CompiledPlan, CreditInput, CustomerBefore, Details, Evaluation, EvaluationInput, EventKind,
    NoCounters, PlanDocument, evaluate,
};
use tributary_kernel::{PartnerId, PartnershipId, PlanId, Timestamp, Zone};
use tributary_money::{Currency, Money, Share};

pub(crate) const HUBSPOT_RECURRING: &str = r#"{
    "format": 1, "name": "15 % for 12 months", "currency": "DKK",
    "rules": [
        {"id": "recurring", "events": ["sale", "renewal"],
         "amount": {"percent": "15", "of": "gross"}, "recurring": {"months": 12}}
    ]
}"#;

pub(crate) const HUBSPOT_ONCE: &str = r#"{
    "format": 1, "name": "100 % of the first month",
    "rules": [
        {"id": "first-month", "events": ["sale", "renewal"],
         "amount": {"percent": "100", "of": "gross"}, "recurring": "once"}
    ]
}"#;

pub(crate) const SHOPIFY: &str = r#"{
    "format": 1, "name": "200 for each new customer",
    "rules": [
        {"id": "customer", "events": ["sale"],
         "amount": {"fixed": {"amount": "200.00", "currency": "DKK"}}, "recurring": "once"}
    ]
}"#;

pub(crate) const AHREFS: &str = r#"{
    "format": 1, "name": "20 % for 24 months",
    "rules": [
        {"id": "recurring", "events": ["sale", "renewal"],
         "amount": {"percent": "20", "of": "gross"}, "recurring": {"months": 24}}
    ]
}"#;

pub(crate) const CONVERTKIT: &str = r#"{
    "format": 1, "name": "30 % for 24 months",
    "rules": [
        {"id": "recurring", "events": ["sale", "renewal"],
         "amount": {"percent": "30", "of": "gross"}, "recurring": {"months": 24}}
    ]
}"#;

pub(crate) const HYBRID: &str = r#"{
    "format": 1, "name": "Lead and customer",
    "rules": [
        {"id": "lead", "name": "Qualified lead", "events": ["qualified_lead"],
         "amount": {"fixed": {"amount": 50000, "currency": "DKK"}},
         "recurring": "once", "hold_days": 7},
        {"id": "customer", "name": "New customer", "events": ["sale"],
         "amount": {"fixed": {"amount": 500000, "currency": "DKK"}}, "recurring": "once"}
    ]
}"#;

pub(crate) fn plan(json: &str) -> CompiledPlan {
    let document = PlanDocument::from_json(json.as_bytes()).unwrap();
    CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).unwrap()
}

pub(crate) fn credit(who: u8, parts: u32) -> CreditInput {
    CreditInput {
        partnership: PartnershipId::from_bytes([who; 16]),
        partner: PartnerId::from_bytes([who; 16]),
        share: Share::new(parts).unwrap(),
    }
}

pub(crate) const fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A customer, and the counters that the decision would keep.
#[derive(Debug, Default)]
pub(crate) struct Customer {
    pub(crate) before: CustomerBefore,
}

impl Customer {
    pub(crate) fn reports(
        &mut self,
        plan: &CompiledPlan,
        event: &str,
        on: &str,
        gross: Option<Money>,
    ) -> Evaluation {
        let kind = match event {
            "sale" | "renewal" => EventKind::Sale,
            _ => EventKind::Lead,
        };
        let occurred_at = at(on);
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        let answer = evaluate(
            plan,
            &EvaluationInput {
                event: &event.parse().unwrap(),
                kind,
                occurred_at,
                zone: &zone,
                gross,
                net: None,
                quantity: 1,
                customer: Some(self.before),
                credits: &[credit(7, Share::PARTS)],
                details: Details::default(),
                partners: &[],
                counters: &NoCounters,
            },
        );
        match kind {
            EventKind::Sale => {
                self.before.payments += 1;
                self.before.first_payment_at.get_or_insert(occurred_at);
            }
            _ => self.before.leads += 1,
        }
        answer.unwrap()
    }

    /// What one payment pays, in minor units.
    pub(crate) fn pays(&mut self, plan: &CompiledPlan, event: &str, on: &str, gross: i64) -> i64 {
        paid(&self.reports(plan, event, on, Some(dkk(gross))))
    }
}

pub(crate) fn paid(answer: &Evaluation) -> i64 {
    answer.lines().iter().map(|line| line.amount.minor).sum()
}
