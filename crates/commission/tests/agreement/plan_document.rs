//! Reading, checking, identifying and publishing plan documents.

use crate::common::{HUBSPOT_RECURRING, HYBRID, plan};
use serde_json::{Value, json};
use tributary_commission::{
    Amount, Base, CompiledPlan, PLAN_BYTES_MAX, Per, PlanDocument, PlanHash, Recurring,
    plan_schema, upgrade, validate,
};
use tributary_kernel::PlanId;
use tributary_money::{Currency, Rounding};

fn sample() -> Value {
    json!({
        "format": 1,
        "name": "Sales and clicks",
        "currency": "DKK",
        "rounding": "half_away_from_zero",
        "rules": [
            {"id": "sale", "events": ["sale", "renewal"], "name": "Each sale",
             "amount": {"percent": "15", "of": "net"}, "recurring": {"months": 24},
             "hold_days": 30},
            {"id": "click", "events": ["click"],
             "amount": {"fixed": {"amount": "0.50", "currency": "DKK"}, "per": "item"}},
        ],
    })
}

/// Puts `value` where `pointer` says; `null` takes the field away.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = sample();
    let (parent, field) = pointer.rsplit_once('/').expect("a field");
    let parent = document.pointer_mut(parent).expect("its parent");
    match (parent, value) {
        (Value::Object(map), Value::Null) => {
            map.remove(field);
        }
        (Value::Object(map), value) => {
            map.insert(field.to_owned(), value);
        }
        (Value::Array(list), value) => {
            let place: usize = field.parse().expect("a place");
            list.truncate(place);
            list.push(value);
        }
        _ => panic!("{pointer}"),
    }
    document
}

/// Pointer and code of everything that is wrong, by reading and, if it reads, by checking.
fn mistakes(value: &Value) -> Vec<(String, &'static str)> {
    let document = upgrade(value);
    let errors = document.and_then(|document| validate(&document, Currency::DKK).map(|_| ()));
    let errors = errors.err().unwrap_or_default();
    assert!(errors.iter().all(|error| error.detail.ends_with('.')), "{errors:?}");
    errors.into_iter().map(|error| (error.pointer.into_owned(), error.code)).collect()
}

#[test]
fn reads_what_it_says() {
    let document = upgrade(&sample()).unwrap();
    assert_eq!(document.rounding, Rounding::HalfAwayFromZero);
    assert_eq!(document.currency, Some(Currency::DKK));
    let [sale, click] = &document.rules[..] else { panic!() };
    assert_eq!(sale.amount, Amount::percent("15".parse().unwrap(), Base::Net));
    assert_eq!(sale.recurring, Some(Recurring::Months(24)));
    assert_eq!(sale.hold_days, Some(30));
    assert_eq!(click.amount, Amount::fixed(crate::common::dkk(50), Per::Item));
    assert_eq!(validate(&document, Currency::DKK), Ok(vec![]));
    let text = sample().to_string();
    assert_eq!(serde_json::from_str::<PlanDocument>(&text).unwrap(), document);
}

#[test]
fn refuses_with_path_and_reason() {
    let table = [
        ("/format", json!(null), "/format", "missing"),
        ("/format", json!(2), "/format", "unknown_format"),
        ("/format", json!("1"), "/format", "unknown_format"),
        ("/name", json!(null), "/name", "missing"),
        ("/name", json!(""), "/name", "name"),
        ("/name", json!(" x"), "/name", "name"),
        ("/name", json!("a\nb"), "/name", "name"),
        ("/name", json!(7), "/name", "wrong_type"),
        ("/name", json!("x".repeat(121)), "/name", "name"),
        ("/currency", json!("EUR"), "/currency", "currency_mismatch"),
        ("/currency", json!("dkk"), "/currency", "currency_unknown"),
        ("/rounding", json!("bankers"), "/rounding", "unknown_value"),
        ("/rounding", json!(1), "/rounding", "wrong_type"),
        ("/rules", json!([]), "/rules", "wrong_length"),
        ("/rules", json!({}), "/rules", "wrong_type"),
        ("/cap", json!(1), "/cap", "unknown_field"),
        ("/a~1b", json!(1), "/a~01b", "unknown_field"),
        ("/rules/0", json!("x"), "/rules/0", "wrong_type"),
        ("/rules/0/id", json!(null), "/rules/0/id", "missing"),
        ("/rules/0/id", json!("Sale"), "/rules/0/id", "rule_id"),
        ("/rules/0/id", json!("click"), "/rules/1/id", "duplicate"),
        ("/rules/0/name", json!(""), "/rules/0/name", "name"),
        ("/rules/0/tiers", json!([]), "/rules/0/tiers", "wrong_type"),
        ("/rules/0/events", json!([]), "/rules/0/events", "wrong_length"),
        ("/rules/0/events", json!("sale"), "/rules/0/events", "wrong_type"),
        ("/rules/0/events", json!(["sale", "Sale"]), "/rules/0/events/1", "event_name"),
        ("/rules/0/events", json!(["1st"]), "/rules/0/events/0", "event_name"),
        ("/rules/0/events", json!(["x".repeat(41)]), "/rules/0/events/0", "event_name"),
        ("/rules/0/events", json!(["sale", "sale"]), "/rules/0/events/1", "duplicate"),
        ("/rules/0/events", json!(["refund"]), "/rules/0/events/0", "refund"),
        ("/rules/0/amount", json!(null), "/rules/0/amount", "missing"),
        ("/rules/0/amount", json!({}), "/rules/0/amount", "missing"),
        ("/rules/0/amount", json!(15), "/rules/0/amount", "wrong_type"),
        (
            "/rules/0/amount",
            json!({"percent": "1", "fixed": {"amount": 1, "currency": "DKK"}}),
            "/rules/0/amount",
            "ambiguous",
        ),
        ("/rules/0/amount/of", json!(null), "/rules/0/amount/of", "missing"),
        ("/rules/0/amount/of", json!("turnover"), "/rules/0/amount/of", "unknown_value"),
        ("/rules/0/amount/per", json!("item"), "/rules/0/amount/per", "unknown_field"),
        ("/rules/0/amount/percent", json!(15), "/rules/0/amount/percent", "wrong_type"),
        ("/rules/0/amount/percent", json!("15 %"), "/rules/0/amount/percent", "percent"),
        ("/rules/0/amount/percent", json!("0"), "/rules/0/amount/percent", "not_positive"),
        ("/rules/0/amount/percent", json!("-5"), "/rules/0/amount/percent", "not_positive"),
        ("/rules/0/recurring", json!("always"), "/rules/0/recurring", "unknown_value"),
        ("/rules/0/recurring", json!({}), "/rules/0/recurring/months", "missing"),
        ("/rules/0/recurring/months", json!(0), "/rules/0/recurring/months", "out_of_range"),
        ("/rules/0/recurring/months", json!(601), "/rules/0/recurring/months", "out_of_range"),
        ("/rules/0/recurring/months", json!(1.5), "/rules/0/recurring/months", "out_of_range"),
        ("/rules/0/recurring/months", json!("12"), "/rules/0/recurring/months", "wrong_type"),
        ("/rules/0/hold_days", json!(731), "/rules/0/hold_days", "out_of_range"),
        ("/rules/0/hold_days", json!(-1), "/rules/0/hold_days", "out_of_range"),
        ("/rules/1/amount/fixed/amount", json!(0), "/rules/1/amount/fixed/amount", "not_positive"),
        ("/rules/1/amount/fixed/amount", json!(0.5), "/rules/1/amount/fixed/amount", "wrong_type"),
        (
            "/rules/1/amount/fixed/amount",
            json!("0.505"),
            "/rules/1/amount/fixed/amount",
            "amount_precision",
        ),
        (
            "/rules/1/amount/fixed/currency",
            json!("SEK"),
            "/rules/1/amount/fixed/currency",
            "currency_mismatch",
        ),
        ("/rules/1/amount/fixed/tax", json!(1), "/rules/1/amount/fixed/tax", "unknown_field"),
        ("/rules/1/amount/per", json!("conversion"), "/rules/1/amount/per", "click_per_item"),
        ("/rules/1/amount/per", json!(null), "/rules/1/amount/per", "click_per_item"),
        (
            "/rules/1/amount",
            json!({"percent": "1", "of": "gross"}),
            "/rules/1/amount/percent",
            "percent_of_click",
        ),
        ("/rules/1/recurring", json!("once"), "/rules/1/recurring", "recurring_click"),
    ];
    for (field, value, pointer, code) in table {
        let found = mistakes(&with(field, value.clone()));
        assert_eq!(found, [(pointer.to_owned(), code)], "{field} = {value}");
    }
}

#[test]
fn says_everything_that_is_wrong_at_once() {
    let document = json!({
        "format": 1,
        "rounding": "up",
        "rules": [
            {"id": "a", "events": ["Sale"], "amount": {"percent": "x", "of": "y"}},
            {"id": "b b", "events": ["sale"], "amount": {"fixed": {"amount": 1}}},
        ],
    });
    let pointers: Vec<_> = mistakes(&document).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        [
            "/name",
            "/rounding",
            "/rules/0/events/0",
            "/rules/0/amount/percent",
            "/rules/0/amount/of",
            "/rules/1/id",
            "/rules/1/amount/fixed/currency",
        ]
    );
}

#[test]
fn checks_documents_that_were_not_read_from_json_too() {
    let mut document = upgrade(&sample()).unwrap();
    document.name.clear();
    document.rules[0].events.clear();
    document.rules[0].recurring = Some(Recurring::Months(0));
    document.rules[0].hold_days = Some(9_999);
    document.rules[0].name = Some(" ".to_owned());
    let errors = validate(&document, Currency::DKK).unwrap_err();
    let pointers: Vec<_> = errors.iter().map(|error| &*error.pointer).collect();
    assert_eq!(
        pointers,
        [
            "/name",
            "/rules/0/name",
            "/rules/0/events",
            "/rules/0/recurring/months",
            "/rules/0/hold_days",
        ]
    );
    document.rules.clear();
    let errors = validate(&document, Currency::DKK).unwrap_err();
    assert_eq!(errors[1].pointer, "/rules");
}

#[test]
fn broken_and_oversized_texts() {
    let codes = |json: &[u8]| PlanDocument::from_json(json).unwrap_err()[0].code;
    assert_eq!(codes(b"{"), "malformed");
    assert_eq!(codes(b"\xff"), "malformed");
    assert_eq!(codes(b"[]"), "wrong_type");
    assert_eq!(codes(&vec![b' '; PLAN_BYTES_MAX + 1]), "too_large");
    let many: Vec<_> = (0..201)
        .map(|n| {
            json!({"id": format!("r{n}"), "events": ["sale"],
                        "amount": {"percent": "1", "of": "gross"}})
        })
        .collect();
    assert_eq!(mistakes(&with("/rules", json!(many))), [("/rules".to_owned(), "wrong_length")]);
}

#[test]
fn warns_of_what_is_hardly_meant() {
    let warnings = |value: &Value| {
        let document = upgrade(value).unwrap();
        let plan = CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).unwrap();
        plan.warnings().iter().map(|w| (w.pointer.clone(), w.code)).collect::<Vec<_>>()
    };
    assert_eq!(warnings(&sample()), []);
    let over = warnings(&with("/rules/0/amount/percent", json!("100.01")));
    assert_eq!(over, [("/rules/0/amount/percent".to_owned(), "over_sale")]);
    assert_eq!(warnings(&with("/rules/0/amount/percent", json!("100"))), []);

    let rule = |id: &str, events: Value, recurring: Value| {
        let mut rule = json!({"id": id, "events": events,
                              "amount": {"percent": "1", "of": "gross"}});
        if !recurring.is_null() {
            rule["recurring"] = recurring;
        }
        rule
    };
    let table = [
        (json!(null), json!(["sale"]), json!("once"), true),
        (json!("life"), json!(["sale"]), json!({"months": 3}), true),
        (json!("once"), json!(["sale"]), json!("once"), true),
        (json!("once"), json!(["sale"]), json!({"months": 3}), false),
        (json!({"months": 12}), json!(["sale"]), json!({"months": 12}), true),
        (json!({"months": 12}), json!(["sale"]), json!({"months": 13}), false),
        (json!({"months": 12}), json!(["sale"]), json!("once"), true),
        (json!({"months": 12}), json!(["sale"]), json!(null), false),
        (json!(null), json!(["sale", "renewal"]), json!(null), false),
    ];
    for (first, events, second, unreachable) in table {
        let rules =
            json!([rule("a", json!(["sale"]), first.clone()), rule("b", events, second.clone())]);
        let found = warnings(&with("/rules", rules));
        let expected = [("/rules/1".to_owned(), "unreachable")];
        assert_eq!(found, if unreachable { &expected[..] } else { &[] }, "{first} {second}");
    }
}

#[test]
fn one_canonical_form() {
    let document = upgrade(&sample()).unwrap();
    let canonical = concat!(
        r#"{"currency":"DKK","format":1,"name":"Sales and clicks","#,
        r#""rounding":"half_away_from_zero","rules":["#,
        r#"{"amount":{"of":"net","percent":"15"},"events":["renewal","sale"],"hold_days":30,"#,
        r#""id":"sale","name":"Each sale","recurring":{"months":24}},"#,
        r#"{"amount":{"fixed":{"amount":50,"currency":"DKK"},"per":"item"},"events":["click"],"#,
        r#""id":"click"}]}"#,
    );
    assert_eq!(document.canonical_json(), canonical);
    let hash = document.hash();
    // Fixed for ever: stored records refer to it.
    let fixed = "aecc994988fba551eb36efd585c1f6dc5db43d03fac3442b44c10b4e9412c19d";
    assert_eq!(hash.to_string(), fixed);
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert_eq!(PlanHash::from_bytes(*hash.as_bytes()), hash);
    assert!("12".parse::<PlanHash>().is_err());
    assert!("G".repeat(64).parse::<PlanHash>().is_err());

    let same = [
        with("/rules/0/amount/percent", json!("15.00")),
        with("/rules/0/events", json!(["renewal", "sale"])),
        with("/rules/1/amount/fixed/amount", json!(50)),
    ];
    for value in same {
        assert_eq!(upgrade(&value).unwrap().hash(), hash, "{value}");
    }
    let other = [
        with("/name", json!("Sales")),
        with("/rounding", json!(null)),
        with("/currency", json!(null)),
        with("/rules/0/hold_days", json!(null)),
        with("/rules/0/recurring", json!("life")),
        with("/rules/0/amount/of", json!("gross")),
    ];
    for value in other {
        assert_ne!(upgrade(&value).unwrap().hash(), hash, "{value}");
    }
    let stated = upgrade(&with("/rounding", json!("half_even"))).unwrap();
    let silent = upgrade(&with("/rounding", json!(null))).unwrap();
    assert_eq!(stated.hash(), silent.hash(), "a default is written out");
}

/// The committed file is what is published. After a change that is meant, run this test with
/// `UPDATE_SCHEMA=1`.
#[test]
fn published_schema_is_committed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/plan-1.json");
    let schema = serde_json::to_string_pretty(&plan_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, schema, "{path} is not up to date");
    assert!(!schema.contains("null"), "absent fields are left out, as the reader has it");
    let null = sample().to_string().replace("\"DKK\",\"format\"", "null,\"format\"");
    let errors = PlanDocument::from_json(null.as_bytes()).unwrap_err();
    assert_eq!((&*errors[0].pointer, errors[0].code), ("/currency", "wrong_type"));
}

/// The reader is written by hand, the schema derived: they must know the same fields.
#[test]
fn schema_and_reader_know_the_same_fields() {
    let schema = plan_schema().to_value();
    let fields = |pointer: &str| -> Vec<String> {
        let properties = schema.pointer(pointer).and_then(Value::as_object).expect("properties");
        properties.keys().cloned().collect()
    };
    let closed = |pointer: &str| {
        assert_eq!(schema.pointer(pointer).expect("a definition")["additionalProperties"], false);
    };
    let known = |parent: &str, names: Vec<String>| {
        for name in names {
            let field = format!("{parent}/{name}");
            let found = mistakes(&with(&field, json!([])));
            assert!(found.iter().any(|(pointer, _)| pointer.starts_with(&field)), "{field}");
            assert!(found.iter().all(|(_, code)| *code != "unknown_field"), "{field}: {found:?}");
        }
    };
    for definition in ["", "/$defs/Rule", "/$defs/PercentAmount", "/$defs/FixedAmount"] {
        closed(definition);
    }
    known("", fields("/properties"));
    known("/rules/0", fields("/$defs/Rule/properties"));
    known("/rules/0/amount", fields("/$defs/PercentAmount/properties"));
    known("/rules/1/amount", fields("/$defs/FixedAmount/properties"));
    // What the reader needs, the schema requires.
    for (parent, definition) in [("", ""), ("/rules/0", "/$defs/Rule")] {
        let required = schema.pointer(definition).expect("a definition")["required"].clone();
        for name in fields(&format!("{definition}/properties")) {
            let missing = mistakes(&with(&format!("{parent}/{name}"), Value::Null));
            let needed = missing.iter().any(|(_, code)| *code == "missing");
            let listed = required.as_array().expect("a list").contains(&json!(name));
            assert_eq!(needed, listed, "{parent}/{name}");
        }
    }
}

#[test]
fn ready_plans_are_without_warnings() {
    for json in [
        HUBSPOT_RECURRING,
        HYBRID,
        crate::common::HUBSPOT_ONCE,
        crate::common::SHOPIFY,
        crate::common::AHREFS,
        crate::common::CONVERTKIT,
    ] {
        assert!(plan(json).warnings().is_empty());
    }
    let lead = "lead".parse().unwrap();
    assert_eq!(plan(HYBRID).place_of(&lead), Some(0));
    assert_eq!(plan(HYBRID).place_of(&"none".parse().unwrap()), None);
}
