//! What holds for every plan and every conversion.

use proptest::prelude::*;
use serde_json::Value;
use tributary_commission::{
    Amount, Base, CompiledPlan, CreditFacts, CreditInput, CustomerBefore, Details, Evaluation,
    EvaluationInput, EventKind, Explanation, NoCounters, NotPaid, Outcome, Per, Percent,
    PlanDocument, Recurring, Rule, RuleOutcome, Step, SubscriptionBefore, evaluate, explain,
    explain_not_paid, recompute, refund_share, upgrade,
};
use tributary_kernel::{PlanId, Timestamp, Zone};
use tributary_money::{Currency, Exact, Money, Rate, Rounding, Share, shares_from_weights};

use crate::common::{credit, dkk};

const EVENTS: [(&str, EventKind); 5] = [
    ("click", EventKind::Click),
    ("qualified_lead", EventKind::Lead),
    ("sale", EventKind::Sale),
    ("renewal", EventKind::Sale),
    ("own_type", EventKind::Sale),
];

fn amounts() -> impl Strategy<Value = Amount> {
    let percent = (1i64..200_000, 2u8..7, prop::sample::select(vec![Base::Gross, Base::Net]))
        .prop_map(|(digits, scale, base)| {
            Amount::percent(Percent::from(Rate::new(digits, scale).unwrap()), base)
        });
    let fixed = (1i64..10_000_000, prop::sample::select(Per::ALL))
        .prop_map(|(minor, per)| Amount::fixed(dkk(minor), per));
    prop_oneof![percent, fixed]
}

fn recurring() -> impl Strategy<Value = Option<Recurring>> {
    prop_oneof![
        Just(None),
        Just(Some(Recurring::Once)),
        Just(Some(Recurring::Life)),
        (1u16..40).prop_map(|months| Some(Recurring::Months(months))),
    ]
}

fn rule(place: usize) -> impl Strategy<Value = Rule> {
    let events = prop::sample::subsequence(&EVENTS[1..], 1..EVENTS.len() - 1);
    let hold = prop::option::of(0u16..731);
    (events, amounts(), recurring(), hold, any::<bool>(), any::<bool>()).prop_map(
        move |(events, amount, recurring, hold_days, named, clicks)| {
            let mut events: Vec<_> = events.iter().map(|(name, _)| name.parse().unwrap()).collect();
            let payable = matches!(amount, Amount::Fixed(fixed) if fixed.per == Per::Item);
            if clicks && payable && recurring.is_none() {
                events.push("click".parse().unwrap());
            }
            Rule {
                name: named.then(|| "Sælg \"mere\" \u{1f600} \\ /".to_owned()),
                recurring,
                hold_days,
                ..Rule::new(format!("rule-{place}").parse().unwrap(), events, amount)
            }
        },
    )
}

fn documents() -> impl Strategy<Value = PlanDocument> {
    let rules = (1usize..8).prop_flat_map(|count| (0..count).map(rule).collect::<Vec<_>>());
    (rules, prop::sample::select(Rounding::ALL), any::<bool>()).prop_map(
        |(rules, rounding, stated)| PlanDocument {
            currency: stated.then_some(Currency::DKK),
            rounding,
            ..PlanDocument::new("Aftale nr. 1".to_owned(), rules)
        },
    )
}

fn compiled(document: PlanDocument) -> CompiledPlan {
    CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).unwrap()
}

#[derive(Debug, Clone)]
struct Conversion {
    event: usize,
    seconds: i64,
    gross: i64,
    quantity: u32,
    customer: Option<CustomerBefore>,
    credits: Vec<CreditInput>,
}

fn conversions() -> impl Strategy<Value = Conversion> {
    let customer = (prop::option::of(1_700_000_000i64..1_790_000_000), 0u32..4, 0u32..3).prop_map(
        |(first, payments, leads)| CustomerBefore {
            first_payment_at: first.map(|s| Timestamp::from_microsecond(s * 1_000_000)),
            payments,
            leads,
            subscription: SubscriptionBefore::default(),
        },
    );
    let credits = prop::collection::vec((1u8..6, 1u64..100), 0..6);
    (
        0..EVENTS.len(),
        1_750_000_000i64..1_790_000_000,
        prop_oneof![0i64..2_000, 0i64..10_000_000_000],
        0u32..50,
        prop::option::of(customer),
        (credits, any::<bool>()),
    )
        .prop_map(|(event, seconds, gross, quantity, customer, (credits, nobody))| {
            let mut weights: Vec<u64> = credits.iter().map(|(_, weight)| *weight).collect();
            // Sometimes the last share belongs to a channel that is nobody's.
            weights.push(u64::from(nobody) * 50);
            let shares = shares_from_weights(&weights);
            let credits =
                credits.iter().zip(shares).map(|((who, _), share)| credit(*who, share.get()));
            Conversion { event, seconds, gross, quantity, customer, credits: credits.collect() }
        })
}

impl Conversion {
    fn evaluate(&self, plan: &CompiledPlan, credits: &[CreditInput]) -> Evaluation {
        let (event, kind) = EVENTS[self.event];
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        let input = EvaluationInput {
            event: &event.parse().unwrap(),
            kind,
            occurred_at: Timestamp::from_microsecond(self.seconds * 1_000_000),
            zone: &zone,
            gross: Some(dkk(self.gross)),
            net: Some(dkk(self.gross / 5 * 4)),
            quantity: self.quantity,
            customer: self.customer,
            credits,
            details: Details::default(),
            partners: &[],
            counters: &NoCounters,
        };
        evaluate(plan, &input).unwrap()
    }
}

/// The same document with the keys of every object turned round and spaces wherever they may be.
fn turned_round(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            text.push_str("{\n ");
            for (place, (key, value)) in map.iter().rev().enumerate() {
                text.push_str(if place > 0 { " ,\t" } else { "" });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(" : ");
                turned_round(value, text);
            }
            text.push_str("\r\n}");
        }
        Value::Array(values) => {
            text.push_str("[ ");
            for (place, value) in values.iter().enumerate() {
                text.push_str(if place > 0 { " , " } else { "" });
                turned_round(value, text);
            }
            text.push_str(" ]");
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn round_trip(explanation: &Explanation) {
    let text = serde_json::to_string(explanation).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), *explanation);
}

proptest! {
    #[test]
    fn one_hash_whatever_the_order_and_spaces(document in documents()) {
        let canonical = document.canonical_json();
        let value: Value = serde_json::from_str(&canonical).unwrap();
        let mut other = String::new();
        turned_round(&value, &mut other);
        let read = PlanDocument::from_json(other.as_bytes()).unwrap();
        prop_assert_eq!(read.hash(), document.hash());
        prop_assert_eq!(&read.canonical_json(), &canonical);
        // Reading the canonical form gives the document again, but for the order of events.
        let mut sorted = document;
        sorted.rules.iter_mut().for_each(|rule| rule.events.sort());
        prop_assert_eq!(&upgrade(&value).unwrap(), &sorted);
        prop_assert_eq!(&read, &sorted);
        let plain = serde_json::to_string(&sorted).unwrap();
        prop_assert_eq!(serde_json::from_str::<PlanDocument>(&plain).unwrap(), sorted);
    }

    #[test]
    fn evaluation_holds_together(document in documents(), conversion in conversions()) {
        let plan = compiled(document);
        let answer = conversion.evaluate(&plan, &conversion.credits);
        prop_assert_eq!(&answer, &conversion.evaluate(&plan, &conversion.credits));
        prop_assert_eq!(answer.considered.len(), plan.rules().len());
        let chosen = answer.considered.iter().position(|o| *o == RuleOutcome::Chosen);

        match &answer.outcome {
            Outcome::Nothing(reason) => {
                match reason {
                    NotPaid::NobodyCredited => prop_assert!(conversion.credits.is_empty()),
                    NotPaid::NoRuleMatched => prop_assert_eq!(chosen, None),
                    NotPaid::CapReached { .. } => prop_assert!(false, "there are no caps"),
                    NotPaid::AmountZero { rule, .. } =>
                        prop_assert_eq!(Some(rule), chosen.map(|place| &plan.rules()[place].id)),
                }
                let credit = CreditFacts::default();
                let explanation = explain_not_paid(&plan, &answer.facts, credit, reason.clone());
                round_trip(&explanation);
                prop_assert_eq!(explanation.steps.last(), Some(&Step::NotPaid(reason.clone())));
            }
            Outcome::Paid { rule, total, lines } => {
                prop_assert_eq!(Some(usize::from(*rule)), chosen);
                let sum: i64 = lines.iter().map(|line| line.amount.minor).sum();
                prop_assert_eq!(sum, total.minor);
                prop_assert!(lines.iter().all(|line| line.amount.minor > 0));
                prop_assert!(lines.is_sorted_by_key(|line| line.partnership));
                for line in lines {
                    let text = serde_json::to_string(&line.record).unwrap();
                    let stored = serde_json::from_str(&text).unwrap();
                    prop_assert_eq!(&line.record, &stored);
                    prop_assert_eq!(recompute(&plan, &stored), Ok(line.amount));
                    round_trip(&explain(&plan, &stored, CreditFacts::default(), None).unwrap());
                }
            }
        }
    }

    /// The amount once more, without any of the engine: shares of the whole in exact fractions.
    #[test]
    fn undivided_amount_is_the_formula(document in documents(), conversion in conversions()) {
        let plan = compiled(document);
        let answer = conversion.evaluate(&plan, &conversion.credits);
        let Outcome::Paid { rule, total, .. } = answer.outcome else { return Ok(()) };
        let amount = plan.rules()[usize::from(rule)].amount;
        let parts: i64 = conversion.credits.iter().map(|c| i64::from(c.share.get())).sum();
        let exact = match amount {
            Amount::Percent(amount) => {
                let base = if amount.of == Base::Gross { conversion.gross } else { conversion.gross / 5 * 4 };
                Exact::of(base).times(amount.percent.rate()).unwrap()
            }
            Amount::Fixed(amount) => {
                let times = if amount.per == Per::Item { i64::from(conversion.quantity) } else { 1 };
                Exact::of(amount.fixed.minor * times)
            }
        };
        let exact = exact.times_ratio(parts, i64::from(Share::PARTS)).unwrap();
        prop_assert_eq!(total.minor, exact.round(plan.rounding()).unwrap());
    }

    #[test]
    fn the_order_of_credits_does_not_matter(
        document in documents(),
        (conversion, shuffled) in conversions().prop_flat_map(|c| {
            let credits = Just(c.credits.clone()).prop_shuffle();
            (Just(c), credits)
        }),
    ) {
        let plan = compiled(document);
        let given = conversion.evaluate(&plan, &conversion.credits);
        prop_assert_eq!(given, conversion.evaluate(&plan, &shuffled));
    }

    /// Every line refunded in the same parts as the sale: nothing is left, nothing too much.
    #[test]
    fn refunds_in_parts_leave_zero(
        document in documents(),
        conversion in conversions(),
        weights in prop::collection::vec(1u64..100, 1..8),
    ) {
        let plan = compiled(document);
        let parts = tributary_money::allocate(conversion.gross, &weights);
        for line in conversion.evaluate(&plan, &conversion.credits).lines() {
            let base = dkk(conversion.gross);
            let (mut refunded, mut left) = (Money::zero(Currency::DKK), line.amount);
            for part in parts.iter().filter(|part| **part > 0) {
                let rounding = line.record.rounding;
                let back = refund_share(line.amount, base, refunded, dkk(*part), rounding).unwrap();
                prop_assert!(!back.is_negative());
                refunded = refunded.checked_add(dkk(*part)).unwrap();
                left = left.checked_sub(back).unwrap();
                prop_assert!(!left.is_negative());
            }
            prop_assert!(left.is_zero() || base.is_zero());
        }
    }
}
