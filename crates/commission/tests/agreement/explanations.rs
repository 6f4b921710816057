//! Explanations as typed data, and the stored records they come from.

use crate::common::{Customer, HYBRID, at, credit, dkk, plan};
use tributary_commission::{
    CommissionRecord, CompiledPlan, CreditFacts, CustomerBefore, Details, ENGINE_CHANGES,
    ENGINE_VERSION, EngineChange, Evaluation, EvaluationError, EvaluationInput, EventKind,
    Explanation, HoldFacts, Judgement, NoCounters, NotPaid, Outcome, RecomputeError,
    SubscriptionBefore, TouchFacts, evaluate, explain, explain_not_paid, judge, judge_by,
    recompute,
};
use tributary_kernel::{PartnershipId, PlanId, Zone};
use tributary_money::{Currency, Money, Share};

const SAAS: &str = r#"{
    "format": 1, "name": "CRM for partners", "currency": "DKK", "rounding": "half_even",
    "rules": [
        {"id": "lead", "name": "Qualified lead", "events": ["qualified_lead"],
         "amount": {"fixed": {"amount": "500.00", "currency": "DKK"}}, "recurring": "once"},
        {"id": "first", "name": "First payment", "events": ["sale", "renewal"],
         "amount": {"percent": "50", "of": "net"}, "recurring": "once", "hold_days": 45},
        {"id": "later", "events": ["sale", "renewal"],
         "amount": {"percent": "12.5", "of": "net"}, "recurring": {"months": 12}},
        {"id": "click", "events": ["click"],
         "amount": {"fixed": {"amount": "0.50", "currency": "DKK"}, "per": "item"}}
    ]
}"#;

fn journey() -> CreditFacts {
    let touch = |who: u8, at_text: &str, verdict: &'static str| TouchFacts {
        touch: Some(format!("clk_{}", who.to_string().repeat(26))),
        at: at(at_text),
        channel: "partner_link".into(),
        partnership: Some(PartnershipId::from_bytes([who; 16])),
        proof: "recorded".into(),
        verdict: verdict.into(),
        share: None,
        winner: None,
        age_days: None,
        window_days: None,
        other_person: false,
        person: None,
    };
    CreditFacts {
        model: "last_partner_click".into(),
        touches: vec![
            TouchFacts {
                age_days: Some(120),
                window_days: Some(90),
                ..touch(8, "2025-12-01T10:00:00Z", "outside_window")
            },
            TouchFacts { winner: Some(2), ..touch(8, "2026-03-01T10:00:00Z", "later_touch_won") },
            TouchFacts { share: Some(Share::ONE), ..touch(7, "2026-03-20T10:00:00Z", "credited") },
        ],
        left_out: 0,
    }
}

fn renewal(plan: &CompiledPlan, on: &str) -> Evaluation {
    let zone = Zone::named("Europe/Copenhagen").unwrap();
    let input = EvaluationInput {
        event: &"renewal".parse().unwrap(),
        kind: EventKind::Sale,
        occurred_at: at(on),
        zone: &zone,
        gross: Some(dkk(124_875)),
        net: Some(dkk(99_900)),
        quantity: 1,
        customer: Some(CustomerBefore {
            first_payment_at: Some(at("2026-01-31T23:30:00Z")),
            payments: 3,
            leads: 1,
            subscription: SubscriptionBefore::default(),
        }),
        credits: &[credit(7, Share::PARTS)],
        details: Details::default(),
        partners: &[],
        counters: &NoCounters,
    };
    evaluate(plan, &input).unwrap()
}

fn round_trip(explanation: &Explanation) {
    let text = serde_json::to_string(explanation).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), *explanation);
}

#[test]
fn of_a_renewal() {
    let plan = plan(SAAS);
    let answer = renewal(&plan, "2026-04-01T10:00:00Z");
    let [line] = answer.lines() else { panic!("{answer:?}") };
    assert_eq!(line.amount, dkk(12_488), "12.5 % of 999.00 is 124.875, to the even øre");
    let zone = Zone::named("Europe/Copenhagen").unwrap();
    let hold = HoldFacts::of(line.hold_days, 30, at("2026-04-01T10:00:00Z"), &zone);
    let explanation = explain(&plan, &line.record, journey(), Some(hold)).unwrap();
    round_trip(&explanation);
    insta::assert_json_snapshot!("renewal", explanation);

    let own = explanation.clone().for_partnership(PartnershipId::from_bytes([7; 16]));
    round_trip(&own);
    let text = serde_json::to_string(&own).unwrap();
    let other = PartnershipId::from_bytes([8; 16]).to_string();
    assert!(!text.contains(&other) && !text.contains("clk_888"), "{text}");
    assert!(text.contains("clk_777") && text.contains("outside_window"), "{text}");
}

#[test]
fn holds_follow_the_calendar_of_the_program() {
    // 30 days over the clock change of 29 March.
    let until = |zone: &str, rule_days| {
        let zone = Zone::named(zone).unwrap();
        HoldFacts::of(rule_days, 30, at("2026-03-10T12:00:00Z"), &zone).until.to_string()
    };
    assert_eq!(until("Europe/Copenhagen", None), "2026-04-09T11:00:00Z");
    assert_eq!(until("Asia/Jakarta", None), "2026-04-09T12:00:00Z");
    assert_eq!(until("America/New_York", None), "2026-04-09T12:00:00Z");
    assert_eq!(until("Europe/Copenhagen", Some(0)), "2026-03-10T12:00:00Z");
}

#[test]
fn of_a_payment_after_the_window() {
    let plan = plan(SAAS);
    let answer = renewal(&plan, "2027-02-01T10:00:00Z");
    let Outcome::Nothing(reason) = &answer.outcome else { panic!("{answer:?}") };
    let explanation = explain_not_paid(&plan, &answer.facts, journey(), reason.clone());
    round_trip(&explanation);
    insta::assert_json_snapshot!("after_the_window", explanation);
}

#[test]
fn of_a_split() {
    let plan = plan(SAAS);
    let zone = Zone::utc();
    let third = Share::PARTS / 3;
    let input = EvaluationInput {
        event: &"sale".parse().unwrap(),
        kind: EventKind::Sale,
        occurred_at: at("2026-04-01T10:00:00Z"),
        zone: &zone,
        gross: None,
        net: Some(dkk(200)),
        quantity: 1,
        customer: None,
        // In any order, and one partnership twice; a quarter belongs to nobody.
        credits: &[
            credit(9, third),
            credit(7, third / 2),
            credit(8, third / 2),
            credit(7, third / 2),
        ],
        details: Details::default(),
        partners: &[],
        counters: &NoCounters,
    };
    let answer = evaluate(&plan, &input).unwrap();
    let Outcome::Paid { rule, total, lines } = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!((*rule, *total), (1, dkk(83)), "50 % of 2.00, five sixths of it");
    let parts: Vec<_> = lines.iter().map(|line| line.amount.minor).collect();
    assert_eq!(parts, [33, 17, 33]);
    for line in lines {
        assert_eq!(recompute(&plan, &line.record), Ok(line.amount));
        assert_eq!(line.hold_days, Some(45));
    }
    let explanation = explain(&plan, &lines[1].record, CreditFacts::default(), None).unwrap();
    round_trip(&explanation);
    insta::assert_json_snapshot!("split", explanation.steps);
}

#[test]
fn of_clicks_and_of_nothing() {
    let plan = plan(SAAS);
    let zone = Zone::utc();
    let (click, sale) = ("click".parse().unwrap(), "sale".parse().unwrap());
    let clicks = EvaluationInput {
        event: &click,
        kind: EventKind::Click,
        occurred_at: at("2026-04-01T10:00:00Z"),
        zone: &zone,
        gross: None,
        net: None,
        quantity: 1_234,
        customer: None,
        credits: &[credit(7, Share::PARTS)],
        details: Details::default(),
        partners: &[],
        counters: &NoCounters,
    };
    let answer = evaluate(&plan, &clicks).unwrap();
    assert_eq!(answer.lines()[0].amount, dkk(61_700));
    let record = &answer.lines()[0].record;
    let explanation = explain(&plan, record, CreditFacts::default(), None).unwrap();
    insta::assert_json_snapshot!("clicks", explanation.steps[2..]);

    let reason = |input: &EvaluationInput<'_>| match evaluate(&plan, input).unwrap().outcome {
        Outcome::Nothing(reason) => reason,
        paid => panic!("{paid:?}"),
    };
    let nobody = EvaluationInput { credits: &[], ..clicks };
    assert_eq!(reason(&nobody), NotPaid::NobodyCredited);
    let nothing = EvaluationInput { credits: &[credit(7, 0)], ..clicks };
    assert_eq!(reason(&nothing), NotPaid::NobodyCredited);
    let none = EvaluationInput { quantity: 0, ..clicks };
    let (rule, base, share) = ("click".parse().unwrap(), dkk(50), Share::ONE);
    assert_eq!(reason(&none), NotPaid::AmountZero { rule, base, share });
    // Half of one øre, to the even one.
    let free = EvaluationInput {
        event: &sale,
        kind: EventKind::Sale,
        net: Some(dkk(1)),
        quantity: 1,
        ..clicks
    };
    let zero = reason(&free);
    let (rule, base) = ("first".parse().unwrap(), dkk(1));
    assert_eq!(zero, NotPaid::AmountZero { rule, base, share });
    let facts = evaluate(&plan, &free).unwrap().facts;
    let explanation = explain_not_paid(&plan, &facts, CreditFacts::default(), zero);
    round_trip(&explanation);
    insta::assert_json_snapshot!("less_than_one_unit", explanation.steps[2..]);
}

#[test]
fn inputs_that_cannot_be_evaluated() {
    let plan = plan(SAAS);
    let zone = Zone::utc();
    let sale = "sale".parse().unwrap();
    let input = EvaluationInput {
        event: &sale,
        kind: EventKind::Sale,
        occurred_at: at("2026-04-01T10:00:00Z"),
        zone: &zone,
        gross: Some(dkk(100)),
        net: Some(dkk(80)),
        quantity: 1,
        customer: None,
        credits: &[credit(7, Share::PARTS)],
        details: Details::default(),
        partners: &[],
        counters: &NoCounters,
    };
    let code = |input: &EvaluationInput<'_>| evaluate(&plan, input).unwrap_err().code();
    assert_eq!(code(&EvaluationInput { net: None, ..input }), "amount_missing");
    assert_eq!(code(&EvaluationInput { gross: Some(dkk(-1)), ..input }), "amount_negative");
    let euro = Some(Money::new(1, Currency::EUR));
    let error = evaluate(&plan, &EvaluationInput { net: euro, ..input }).unwrap_err();
    let (expected, found) = (Currency::DKK, Currency::EUR);
    assert_eq!(error, EvaluationError::CurrencyMismatch { expected, found });
    let half = Share::PARTS / 2 + 1;
    let twice = [credit(7, half), credit(7, half)];
    assert_eq!(code(&EvaluationInput { credits: &twice, ..input }), "shares_over_one");
    let both = [credit(7, half), credit(8, half)];
    assert_eq!(code(&EvaluationInput { credits: &both, ..input }), "shares_over_one");
}

#[test]
fn stored_records_are_small_and_stable() {
    let plan = plan(SAAS);
    let answer = renewal(&plan, "2026-04-01T10:00:00Z");
    let record = &answer.lines()[0].record;
    let text = serde_json::to_string(record).unwrap();
    let stored = concat!(
        r#"{"engine_version":1,"plan":"plan_01040g2081040g2081040g2081","#,
        r#""plan_hash":"2ad93233c05dacf3ece8f6eec8083a1fb3efd840dd0a430754f8f19925b95def","#,
        r#""rule":"later","facts":{"event":"renewal","kind":"sale","on":"2026-04-01","#,
        r#""before":{"first_payment_on":"2026-02-01","payments":3,"leads":1}},"#,
        r#""base":{"amount":99900,"currency":"DKK"},"rounding":"half_even","share":1000000000}"#,
    );
    assert_eq!(text, stored, "the stored form is fixed for ever");
    assert!(text.len() < 400, "{} bytes", text.len());
    assert_eq!(serde_json::from_str::<CommissionRecord>(&text).unwrap(), *record);
    assert!(serde_json::from_str::<CommissionRecord>(&text.replace("\"on\"", "\"off\"")).is_err());
}

#[test]
fn a_record_of_another_plan_is_found_out() {
    let saas = plan(SAAS);
    let record = renewal(&saas, "2026-04-01T10:00:00Z").lines()[0].record.clone();
    let booked = dkk(12_488);
    assert_eq!(judge(&saas, &record, booked), Judgement::Agrees);
    let wrong = judge(&saas, &record, dkk(12_487));
    assert_eq!(wrong, Judgement::Differs { recomputed: booked });
    let other = judge(&plan(HYBRID), &record, booked);
    assert!(matches!(other, Judgement::Fails(RecomputeError::OtherPlan { .. })));
    let same_document = saas.document().clone();
    let renamed =
        CompiledPlan::new(PlanId::from_bytes([2; 16]), same_document, Currency::DKK).unwrap();
    assert!(matches!(recompute(&renamed, &record), Err(RecomputeError::OtherPlan { .. })));

    let mut moved = record.clone();
    moved.facts.before = None;
    let (recorded, chosen) = ("later".parse().unwrap(), Some("first".parse().unwrap()));
    let expected = RecomputeError::OtherRule { recorded, chosen };
    assert_eq!(recompute(&saas, &moved), Err(expected));
    let mut gone = record.clone();
    gone.facts.event = "webinar".parse().unwrap();
    assert!(matches!(recompute(&saas, &gone), Err(RecomputeError::OtherRule { chosen: None, .. })));
    let mut rounded = record.clone();
    rounded.rounding = tributary_money::Rounding::Down;
    assert_eq!(recompute(&saas, &rounded), Err(RecomputeError::OtherTerms));
    let mut split = record;
    split.split = Some(tributary_commission::Split { shares: vec![Share::ONE], place: 1 });
    assert_eq!(recompute(&saas, &split), Err(RecomputeError::Split));

    let lead =
        Customer::default().reports(&plan(HYBRID), "qualified_lead", "2026-04-01T10:00:00Z", None);
    let mut dearer = lead.lines()[0].record.clone();
    dearer.base = dkk(60_000);
    assert_eq!(recompute(&plan(HYBRID), &dearer), Err(RecomputeError::OtherTerms));
}

#[test]
fn a_difference_needs_an_entry_of_a_later_version() {
    let plan = plan(SAAS);
    let record = renewal(&plan, "2026-04-01T10:00:00Z").lines()[0].record.clone();
    let change = |since, concerns| [EngineChange { since, what: "tests", concerns }];
    let found = |changes: &[EngineChange]| judge_by(changes, &plan, &record, dkk(1));
    let recomputed = dkk(12_488);
    let explained = Judgement::Changed { recomputed, what: "tests" };
    let differs = Judgement::Differs { recomputed };
    assert_eq!(found(&change(ENGINE_VERSION + 1, |_| true)), explained);
    assert_eq!(found(&change(ENGINE_VERSION, |_| true)), differs, "not newer than the record");
    assert_eq!(found(&change(ENGINE_VERSION + 1, |_| false)), differs, "does not concern it");
    assert!(ENGINE_CHANGES.iter().all(|change| change.since <= ENGINE_VERSION));
}
