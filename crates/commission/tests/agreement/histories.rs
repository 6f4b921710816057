//! What holds for every plan with conditions, tiers, caps and counters, over whole histories.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_commission::{
    Beside, CompiledPlan, CounterKey, CreditFacts, CreditInput, CustomerBefore, Details, Earlier,
    Evaluation, EvaluationInput, EventKind, GivenBack, ItemInput, Outcome, PartnerInput,
    PartnerTotals, PlanDocument, Subjects, evaluate, explain, explain_not_paid, given_back,
    recompute, recompute_adjustment, refund_share, retroactive,
};
use tributary_kernel::{PlanId, Timestamp, Zone};
use tributary_money::{Currency, Money, Rounding, shares_from_weights};

use crate::common::{credit, dkk};

fn amount() -> impl Strategy<Value = Value> {
    let base = prop::sample::select(vec!["gross", "net", "margin", "increase"]);
    let percent = (1u32..400, base).prop_map(
        |(tenths, of)| json!({"percent": format!("{}.{}", tenths / 10, tenths % 10), "of": of}),
    );
    let less = (1u32..40).prop_map(|percent| {
        json!({"percent": percent.to_string(), "of": "gross", "less": ["tax", "shipping"],
               "one_month": true})
    });
    let per = prop::sample::select(vec!["conversion", "item", "line"]);
    let fixed = (1i64..50_000, per).prop_map(
        |(minor, per)| json!({"fixed": {"amount": minor, "currency": "DKK"}, "per": per}),
    );
    prop_oneof![4 => percent, 1 => less, 2 => fixed]
}

fn test() -> impl Strategy<Value = Value> {
    let one = |field: &'static str, is: &'static str, value: Value| {
        Just(json!({"field": field, "is": is, "value": value}))
    };
    prop_oneof![
        one("customer.country", "in", json!(["DK", "SE"])),
        one("customer.country", "not", json!("DK")),
        one("customer.state", "equals", json!("new")),
        one("order.amount", ">=", json!({"amount": 50_000, "currency": "DKK"})),
        one("order.product", "contains", json!("PRO")),
        one("code", "starts", json!("sum")),
        one("metadata.plan", "not_in", json!(["team"])),
        one("metadata.seats", ">", json!(5)),
        one("partner.group", "equals", json!("gold")),
        one("partner.sales", "multiple_of", json!(3)),
        one("partner.tag", "ends", json!("b")),
        one("subscription.months", "<=", json!(2)),
        one("date", "<", json!("2026-03-01")),
        one("item.product", "equals", json!("pro")),
        one("item.quantity", ">", json!(1)),
    ]
}

fn condition() -> impl Strategy<Value = Value> {
    test().prop_recursive(2, 8, 3, |inner| {
        let parts = prop::collection::vec(inner, 1..4);
        (parts, any::<bool>()).prop_map(|(parts, all)| {
            if all { json!({"all": parts}) } else { json!({"any": parts}) }
        })
    })
}

fn tiers() -> impl Strategy<Value = (Value, Value)> {
    let by = prop::sample::select(vec!["count", "revenue", "commission"]);
    let per = prop::sample::select(vec!["month", "quarter", "life"]);
    let of = prop::sample::select(vec!["partner", "program"]);
    let mode = prop::sample::select(vec!["progressive", "retroactive"]);
    (by, per, of, mode, 1u32..30, 1u32..30, 1u32..30).prop_map(|(by, per, of, mode, a, b, c)| {
        let percent = |percent: u32| json!({"percent": percent.to_string(), "of": "gross"});
        let (first, second) = if by == "count" { (3, 6) } else { (40_000, 150_000) };
        let mode = if by == "commission" { "progressive" } else { mode };
        let tiers = json!({"by": by, "per": per, "of": of, "mode": mode, "steps": [
            {"from": first, "amount": percent(b)}, {"from": second, "amount": percent(c)}]});
        (percent(a), tiers)
    })
}

fn caps() -> impl Strategy<Value = Value> {
    let of = prop::sample::select(vec!["order", "customer", "partner", "program"]);
    let per = prop::sample::select(vec!["day", "month", "life"]);
    let cap =
        (of, per, 1i64..60_000, prop::option::of(1u32..5)).prop_map(|(of, per, most, count)| {
            let per = if of == "order" { "life" } else { per };
            match count.filter(|_| of != "order") {
                Some(count) => json!({"of": of, "per": per, "count": count}),
                None => {
                    json!({"of": of, "per": per, "amount": {"amount": most, "currency": "DKK"}})
                }
            }
        });
    prop::collection::vec(cap, 1..3).prop_map(Value::from)
}

fn rule(place: usize) -> impl Strategy<Value = Value> {
    let recurring = prop::sample::select(vec![
        Value::Null,
        json!("once"),
        json!("life"),
        json!({"months": 2}),
        json!({"payments": 3}),
    ]);
    let scope = prop::sample::select(vec![
        Value::Null,
        Value::Null,
        json!({"group": "gold"}),
        json!({"campaign": "summer"}),
    ]);
    (
        (amount(), prop::option::of(tiers()), prop::option::of(condition())),
        (recurring, scope, prop::option::of(caps()), any::<(bool, bool, bool)>()),
    )
        .prop_map(
            move |((amount, tiers, when), (recurring, scope, caps, (top, once, first)))| {
                let mut rule =
                    json!({"id": format!("rule-{place}"), "events": ["sale"], "amount": amount});
                let mut put = |name: &str, value: Value| {
                    if !value.is_null() {
                        rule[name] = value;
                    }
                };
                let of_items = when.as_ref().is_some_and(|when| when.to_string().contains("item."));
                if let Some((amount, tiers)) = tiers {
                    put("amount", amount);
                    put("tiers", tiers);
                } else if of_items {
                    put("amount", json!({"percent": "10", "of": "gross"}));
                } else if top {
                    put("minimum", json!({"amount": 500, "currency": "DKK"}));
                    put("maximum", json!({"amount": 9_000, "currency": "DKK"}));
                }
                put("when", when.unwrap_or_default());
                put("recurring", recurring);
                put("for", scope);
                put("caps", caps.unwrap_or_default());
                if top && place % 3 == 2 {
                    put("on_top", json!(true));
                }
                if once && place % 4 == 1 {
                    put("once_per", json!({"of": "company", "per": "month"}));
                }
                if first && place.is_multiple_of(2) {
                    put("first_customers", json!({"count": 2}));
                }
                rule
            },
        )
}

fn plans() -> impl Strategy<Value = CompiledPlan> {
    let rules = (1usize..7).prop_flat_map(|count| (0..count).map(rule).collect::<Vec<_>>());
    let several = prop::sample::select(vec!["first", "best", "all"]);
    let any = (rules, several, prop::option::of(caps()), prop::sample::select(Rounding::ALL));
    any.prop_filter_map("a part of an order has no year", |(rules, several, caps, rounding)| {
        let mut plan = json!({"format": 1, "name": "Any", "several": several, "rules": rules,
            "rounding": rounding,
            "bonuses": [{"id": "bonus", "events": ["sale"], "by": "revenue", "per": "month",
                "at": 50_000, "repeats": true,
                "reward": {"money": {"amount": 100, "currency": "DKK"}}}]});
        if let Some(caps) = caps {
            plan["caps"] = caps;
        }
        let document = PlanDocument::from_json(plan.to_string().as_bytes());
        let document = document.unwrap_or_else(|errors| panic!("{errors:?}\n{plan}"));
        match CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK) {
            Ok(plan) => Some(plan),
            Err(errors) if errors.iter().all(|error| error.code == "not_of_items") => None,
            Err(errors) => panic!("{errors:?}\n{plan}"),
        }
    })
}

#[derive(Debug, Clone)]
struct Sale {
    day: i64,
    gross: i64,
    customer: u8,
    partners: Vec<(u8, u64)>,
    facts: u8,
}

fn sales() -> impl Strategy<Value = Vec<Sale>> {
    let sale = (
        0i64..120,
        prop_oneof![0i64..300, 0i64..90_000],
        0u8..5,
        prop::collection::vec((1u8..4, 1u64..5), 1..3),
        any::<u8>(),
    )
        .prop_map(|(day, gross, customer, partners, facts)| Sale {
            day,
            gross,
            customer,
            partners,
            facts,
        });
    prop::collection::vec(sale, 1..25)
}

#[derive(Debug, Default, Clone)]
struct Kept {
    counters: BTreeMap<CounterKey, i64>,
    customers: BTreeMap<u8, CustomerBefore>,
}

impl Sale {
    fn at(&self) -> Timestamp {
        // 1 January 2026.
        Timestamp::from_microsecond((1_767_225_600 + self.day * 86_400 + 43_200) * 1_000_000)
    }

    fn subjects(&self) -> (Option<[u8; 16]>, Option<[u8; 16]>) {
        (Some([self.customer; 16]), (self.customer > 1).then_some([self.customer / 2; 16]))
    }

    fn evaluate(&self, plan: &CompiledPlan, kept: &Kept, zone: &Zone) -> Evaluation {
        let has = |bit: u8| self.facts >> bit & 1 == 1;
        let half = self.gross / 2;
        let item = |product, quantity: u32, minor| ItemInput {
            product: Some(product),
            category: None,
            sku: None,
            price: Some(dkk(minor / i64::from(quantity))),
            quantity,
            amount: dkk(minor),
            net: Some(dkk(minor / 5 * 4)),
            margin: Some(dkk(minor / 3 - 20)),
        };
        let items = [item("pro", 2, half), item("basic", 1, self.gross - half)];
        let weights: Vec<u64> = self.partners.iter().map(|(_, weight)| *weight).collect();
        let credits: Vec<CreditInput> = self
            .partners
            .iter()
            .zip(shares_from_weights(&weights))
            .map(|((who, _), share)| credit(*who, share.get()))
            .collect();
        let partners: Vec<PartnerInput<'_>> = credits
            .iter()
            .zip(&self.partners)
            .map(|(credit, (who, _))| PartnerInput {
                partnership: credit.partnership,
                country: None,
                group: (*who == 1).then_some("gold"),
                kind: None,
                tags: &["b2b"],
                option: None,
                number: None,
                joined_on: None,
                totals: PartnerTotals { sales: u32::from(self.facts), ..PartnerTotals::default() },
            })
            .collect();
        let (customer, company) = self.subjects();
        let input = EvaluationInput {
            event: &"sale".parse().unwrap(),
            kind: EventKind::Sale,
            occurred_at: self.at(),
            zone,
            gross: Some(dkk(self.gross)),
            net: Some(dkk(self.gross / 5 * 4)),
            quantity: 3,
            customer: kept
                .customers
                .get(&self.customer)
                .copied()
                .or(Some(CustomerBefore::default())),
            credits: &credits,
            details: Details {
                items: if has(0) { &items } else { &[] },
                tax: Some(dkk(self.gross / 5)),
                shipping: Some(dkk(7)),
                margin: Some(dkk(self.gross / 3 - 50)),
                previous_payment: Some(dkk(self.gross / 2)),
                covers_months: has(1).then_some(12),
                customer,
                company,
                code: has(2).then_some("SUMMER"),
                campaign: has(3).then_some("summer"),
                customer_country: has(4).then_some(if has(5) { "dk" } else { "US" }),
                metadata: if has(6) { &[("plan", "team"), ("seats", "9")] } else { &[] },
                ..Details::default()
            },
            partners: &partners,
            counters: &kept.counters,
        };
        let keys = plan.counter_keys(&input);
        let answer = evaluate(plan, &input).unwrap();
        assert!(answer.increments.iter().all(|it| keys.binary_search(&it.key).is_ok()));
        answer
    }

    fn keep(&self, answer: &Evaluation, kept: &mut Kept) {
        for it in &answer.increments {
            let stood = kept.counters.entry(it.key.clone()).or_insert(0);
            assert_eq!(*stood, it.before);
            *stood += it.add;
        }
        let customer = kept.customers.entry(self.customer).or_default();
        customer.payments += 1;
        customer.first_payment_at.get_or_insert(self.at());
    }
}

fn zone() -> Zone {
    Zone::named("Europe/Copenhagen").unwrap()
}

/// The caps of the plan hold for what the counters say.
fn caps_hold(plan: &CompiledPlan, kept: &Kept) {
    let rules = plan.document().rules.iter().map(|rule| (rule.id.as_str(), &rule.caps));
    for (whose, caps) in rules.chain([("plan", &plan.document().caps)]) {
        for (place, cap) in caps.iter().enumerate() {
            let name = format!("{whose}/cap/{place}");
            let limit = cap.amount.map_or_else(|| i64::from(cap.count.unwrap()), |it| it.minor);
            for (key, stood) in kept.counters.iter().filter(|(key, _)| key.name.as_str() == name) {
                assert!((0..=limit).contains(stood), "{key} stands at {stood} of {limit}");
            }
        }
    }
}

/// The counters that an evaluation asked, with what they said. A sale that is paid nothing asks
/// without adding.
fn read(answer: &Evaluation) -> Vec<(String, i64)> {
    let facts = std::iter::once(&answer.facts).chain(answer.unpaid.iter().map(|it| &it.facts));
    let told = facts.filter_map(|facts| facts.more.as_ref()).flat_map(|more| &more.counters);
    told.map(|(name, value)| (name.to_string(), *value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each commission follows from its stored record alone, its explanation ends in the same
    /// amount, and no cap is ever exceeded.
    #[test]
    fn what_was_booked_is_computed_again(plan in plans(), sales in sales()) {
        let (zone, mut kept) = (zone(), Kept::default());
        for sale in &sales {
            let answer = sale.evaluate(&plan, &kept, &zone);
            prop_assert_eq!(&answer, &sale.evaluate(&plan, &kept, &zone));
            let total: i64 = answer.lines().iter().map(|line| line.amount.minor).sum();
            if let Outcome::Paid { total: said, .. } = &answer.outcome {
                prop_assert_eq!(said.minor, total);
            }
            for line in answer.lines() {
                prop_assert!(line.amount.minor > 0);
                let text = serde_json::to_string(&line.record).unwrap();
                let stored = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(&line.record, &stored);
                prop_assert_eq!(recompute(&plan, &stored), Ok(line.amount), "{}", text);
                let told = explain(&plan, &stored, CreditFacts::default(), None).unwrap();
                let text = serde_json::to_string(&told).unwrap();
                prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["steps"].is_array(), true);
            }
            for not in &answer.unpaid {
                let (facts, reason) = (&not.facts, not.reason.clone());
                let told = explain_not_paid(&plan, facts, CreditFacts::default(), reason);
                prop_assert!(told.steps.len() > plan.rules().len());
            }
            sale.keep(&answer, &mut kept);
            caps_hold(&plan, &kept);
        }
    }

    /// Two sales of different customers, of which neither adds to a counter that the other adds to
    /// or asks, can be booked either way round.
    #[test]
    fn events_without_a_common_counter_commute(plan in plans(), sales in sales()) {
        let (zone, mut kept) = (zone(), Kept::default());
        for pair in sales.chunks(2) {
            let [first, second] = pair else { break };
            let run = |order: [&Sale; 2], kept: &Kept| {
                let mut kept = kept.clone();
                let answers = order.map(|sale| {
                    let answer = sale.evaluate(&plan, &kept, &zone);
                    sale.keep(&answer, &mut kept);
                    answer
                });
                (answers, kept)
            };
            let ([a, b], after) = run([first, second], &kept);
            let ([d, c], turned) = run([second, first], &kept);
            let keys = |answer: &Evaluation| -> Vec<CounterKey> {
                answer.increments.iter().map(|it| it.key.clone()).collect()
            };
            let mut both: Vec<_> = keys(&a).into_iter().chain(keys(&c)).collect();
            let (before, _) = (both.len(), both.sort());
            both.dedup();
            let apart = read(&a) == read(&c) && read(&b) == read(&d);
            if both.len() == before && apart && first.customer != second.customer {
                prop_assert_eq!(&a, &c);
                prop_assert_eq!(&b, &d);
                prop_assert_eq!(&after.counters, &turned.counters);
            }
            kept = after;
        }
    }

    /// Refunded in any parts, a commission leaves nothing, and so do the counters of amounts.
    #[test]
    fn a_full_refund_leaves_zero(
        plan in plans(),
        sales in sales(),
        parts in prop::collection::vec(1u64..50, 1..5),
    ) {
        let (zone, mut kept) = (zone(), Kept::default());
        let mut back: BTreeMap<CounterKey, i64> = BTreeMap::new();
        for sale in sales.iter().filter(|sale| sale.gross > 0) {
            let answer = sale.evaluate(&plan, &kept, &zone);
            sale.keep(&answer, &mut kept);
            let (customer, company) = sale.subjects();
            for line in answer.lines() {
                let (mut refunded, mut left) = (Money::zero(Currency::DKK), line.amount);
                let base = dkk(sale.gross);
                let portions = tributary_money::allocate(sale.gross, &parts);
                for part in portions.into_iter().filter(|part| *part > 0) {
                    let rounding = line.record.rounding;
                    let taken = refund_share(line.amount, base, refunded, dkk(part), rounding).unwrap();
                    let refund = GivenBack {
                        commission: taken, sale: base, refunded_before: refunded, refund: dkk(part),
                    };
                    let partnership = line.partnership;
                    let subjects = Subjects { partnership, customer, company };
                    for it in given_back(&plan, &line.record, subjects, refund).unwrap() {
                        *back.entry(it.key).or_insert(0) += it.add;
                    }
                    refunded = refunded.checked_add(dkk(part)).unwrap();
                    left = left.checked_sub(taken).unwrap();
                    prop_assert!(!left.is_negative());
                }
                prop_assert!(left.is_zero());
            }
        }
        let of_amounts = |name: &str| {
            let (whose, place) = name.split_once("/cap/")?;
            let rule = plan.document().rules.iter().find(|rule| rule.id.as_str() == whose);
            let caps = rule.map_or(&plan.document().caps, |rule| &rule.caps);
            caps[place.parse::<usize>().unwrap()].amount
        };
        for (key, stood) in kept.counters.iter().filter(|(key, _)| of_amounts(key.name.as_str()).is_some()) {
            prop_assert_eq!(stood + back.get(key).copied().unwrap_or(0), 0, "{}", key);
        }
    }

    /// What retroactive tiers booked and adjusted is what a single run at the step that was reached
    /// would have booked.
    #[test]
    fn retroactive_tiers_are_a_recomputation(
        grosses in prop::collection::vec(100i64..40_000, 1..30),
        by_count in any::<bool>(),
        rates in (1i64..40, 1i64..40, 1i64..40),
    ) {
        let percent = |percent: i64| json!({"percent": percent.to_string(), "of": "gross"});
        let steps = if by_count { [5, 12] } else { [60_000, 200_000] };
        let plan = json!({"format": 1, "name": "Retroactive", "rules": [
            {"id": "sale", "events": ["sale"], "amount": percent(rates.0),
             "tiers": {"by": if by_count { "count" } else { "revenue" }, "per": "life",
                "mode": "retroactive", "steps": [
                    {"from": steps[0], "amount": percent(rates.1)},
                    {"from": steps[1], "amount": percent(rates.2)}]}}]});
        let document = PlanDocument::from_json(plan.to_string().as_bytes()).unwrap();
        let plan = CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).unwrap();
        let (zone, mut kept) = (zone(), Kept::default());
        let mut lines: Vec<(tributary_commission::Line, i64, Option<u16>)> = Vec::new();
        for gross in &grosses {
            let sale = Sale { day: 0, gross: *gross, customer: 1, partners: vec![(1, 1)], facts: 0 };
            let answer = sale.evaluate(&plan, &kept, &zone);
            sale.keep(&answer, &mut kept);
            lines.extend(answer.lines().iter().map(|line| (line.clone(), line.amount.minor, None)));
            for crossed in &answer.crossed {
                let numbered = lines.iter().zip(1u128..);
                let earlier: Vec<Earlier<'_>> = numbered.map(|((line, booked, step), number)| Earlier {
                    beside: Beside { conversion: number.to_be_bytes(), ..Beside::default() },
                    record: &line.record,
                    whose: Subjects { partnership: line.partnership, customer: None, company: None },
                    booked: dkk(*booked),
                    step: *step,
                    refunded: None,
                }).collect();
                let (adjusted, _) = retroactive(&plan, crossed, &earlier, &kept.counters).unwrap();
                for it in &adjusted {
                    let again = recompute_adjustment(&plan, earlier[it.place].record, &it.record);
                    prop_assert_eq!(again, Ok(it.amount));
                }
                for it in adjusted {
                    lines[it.place].1 += it.amount.minor;
                }
                lines.iter_mut().for_each(|(_, _, step)| *step = Some(crossed.step));
            }
        }
        // The whole once more, at the rate that the total earns.
        let reached = if by_count { i64::try_from(grosses.len()).unwrap() } else { grosses.iter().sum() };
        let above = |from: i64| if by_count { reached >= from } else { reached > from };
        let rate = match (above(steps[0]), above(steps[1])) {
            (_, true) => rates.2,
            (true, false) => rates.1,
            _ => rates.0,
        };
        let expected: i64 = grosses.iter().map(|gross| {
            let exact = tributary_money::Exact::of(*gross).times_ratio(rate, 100).unwrap();
            exact.round(Rounding::HalfEven).unwrap()
        }).sum();
        let booked: i64 = lines.iter().map(|(_, booked, _)| booked).sum();
        prop_assert_eq!(booked, expected);
    }
}
