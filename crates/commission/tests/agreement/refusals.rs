//! Plans that are refused, each with the path of the field and the reason; plans that warn; and
//! contests.

use serde_json::{Value, json};
use tributary_commission::{
    CompiledPlan, Contest, PlanDocument, Reward, Standing, rank, upgrade, validate,
};
use tributary_kernel::{PartnershipId, PlanId};
use tributary_money::{Currency, Money};

/// A plan with one rule that has this field besides.
fn with(field: &str, value: &Value) -> Value {
    let percent = json!({"percent": "10", "of": "gross"});
    let mut plan = json!({"format": 1, "name": "One", "rules": [
        {"id": "sale", "events": ["sale"], "amount": percent}]});
    match field.strip_prefix("plan.") {
        Some(field) => plan[field] = value.clone(),
        None => plan["rules"][0][field] = value.clone(),
    }
    plan
}

fn mistakes(plan: &Value) -> Vec<(String, &'static str)> {
    let checked = upgrade(plan).and_then(|it| validate(&it, Currency::DKK).map(|_| ()));
    let errors = checked.err().unwrap_or_default();
    assert!(errors.iter().all(|error| error.detail.ends_with('.')), "{errors:?}");
    errors.into_iter().map(|error| (error.pointer.into_owned(), error.code)).collect()
}

fn test(field: &str, is: &str, value: Value) -> Value {
    json!({"field": field, "is": is, "value": value})
}

#[test]
fn conditions_are_typed() {
    let dkk = json!({"amount": 100, "currency": "DKK"});
    let deep = (0..5).fold(test("code", "equals", json!("x")), |inner, _| json!({"all": [inner]}));
    let many: Vec<Value> = (0..60).map(|_| test("code", "not", json!("x"))).collect();
    let table = [
        (test("colour", "equals", json!("red")), "/field", "unknown_field_name"),
        (test("metadata.", "equals", json!("red")), "/field", "unknown_field_name"),
        (test("code", "like", json!("x")), "/is", "unknown_value"),
        (test("code", "<", json!("x")), "/is", "wrong_operator"),
        (test("item.price", "contains", json!("1")), "/is", "wrong_operator"),
        (test("item.price", "in", json!([dkk])), "/is", "wrong_operator"),
        (test("date", "multiple_of", json!("2026-01-01")), "/is", "wrong_operator"),
        (test("partner.sales", "starts", json!(1)), "/is", "wrong_operator"),
        (test("partner.sales", ">", json!("1")), "/value", "wrong_type"),
        (test("partner.sales", ">", json!(1.5)), "/value", "wrong_type"),
        (test("partner.sales", "in", json!(3)), "/value", "wrong_type"),
        (test("partner.sales", "in", json!([])), "/value", "wrong_length"),
        (test("partner.sales", "multiple_of", json!(0)), "/value", "not_positive"),
        (test("code", "equals", json!(["x"])), "/value", "wrong_type"),
        (test("code", "in", json!(["x", 1])), "/value/1", "wrong_type"),
        (test("code", "equals", json!("")), "/value", "text"),
        (test("date", "<", json!("soon")), "/value", "date"),
        (test("metadata.seats", ">=", json!("ten")), "/value", "wrong_type"),
        (test("order.amount", ">", json!(100)), "/value", "wrong_type"),
        (
            test("order.amount", ">", json!({"amount": 1, "currency": "EUR"})),
            "/value/currency",
            "currency_mismatch",
        ),
        (json!({"field": "code", "is": "equals"}), "/value", "missing"),
        (json!({"all": []}), "/all", "wrong_length"),
        (json!({"all": [], "any": []}), "", "ambiguous"),
        (json!({}), "", "missing"),
        (json!({"none": []}), "/none", "unknown_field"),
        (deep, "/all/0/all/0/all/0/all/0/all/0", "too_deep"),
        (json!({"any": [{"all": many}, {"all": many}]}), "", "too_many"),
    ];
    for (when, pointer, code) in table {
        let found = mistakes(&with("when", &when));
        let expected = (format!("/rules/0/when{pointer}"), code);
        assert!(found.contains(&expected), "{when}: {found:?}");
    }
}

#[test]
fn terms_are_checked() {
    let percent = |percent: &str| json!({"percent": percent, "of": "gross"});
    let fixed = json!({"fixed": {"amount": 100, "currency": "DKK"}});
    let kroner = |minor: i64| json!({"amount": minor, "currency": "DKK"});
    let tiers = |by: &str, mode: &str, steps: Value| json!({"by": by, "per": "month", "mode": mode, "steps": steps});
    let step = |from: i64, amount: &Value| json!({"from": from, "amount": amount});
    let ten = percent("10");
    let table = [
        ("for", json!({}), "/for", "missing"),
        ("for", json!({"group": "a", "campaign": "b"}), "/for", "ambiguous"),
        ("for", json!({"partnership": "anna"}), "/for/partnership", "partnership"),
        ("for", json!({"group": ""}), "/for/group", "name"),
        ("option", json!("gold"), "/option", "unknown_option"),
        ("tiers", tiers("count", "progressive", json!([])), "/tiers/steps", "wrong_length"),
        (
            "tiers",
            tiers("count", "progressive", json!([step(11, &ten), step(11, &ten)])),
            "/tiers/steps/1/from",
            "not_ascending",
        ),
        (
            "tiers",
            tiers("commission", "retroactive", json!([step(5, &ten)])),
            "/tiers/mode",
            "feeds_back",
        ),
        (
            "tiers",
            tiers("revenue", "progressive", json!([step(5, &fixed)])),
            "/tiers/steps",
            "different_bases",
        ),
        ("ages", json!([{"from_month": 1, "amount": ten}]), "/ages/0/from_month", "out_of_range"),
        (
            "ages",
            json!([{"from_month": 5, "amount": ten}, {"from_month": 4, "amount": ten}]),
            "/ages/1/from_month",
            "not_ascending",
        ),
        (
            "grades",
            json!([{"grade": "A", "amount": ten}, {"grade": "a", "amount": ten}]),
            "/grades/1/grade",
            "duplicate",
        ),
        ("minimum", kroner(0), "/minimum/amount", "not_positive"),
        (
            "maximum",
            json!({"amount": 1, "currency": "EUR"}),
            "/maximum/currency",
            "currency_mismatch",
        ),
        ("subscription", json!({"pause": "extends"}), "/subscription", "not_recurring"),
        ("clawback", json!({"months": 0, "takes": "missing"}), "/clawback/months", "out_of_range"),
        ("first_customers", json!({"count": 0}), "/first_customers/count", "out_of_range"),
        ("caps", json!([{"of": "partner", "per": "month"}]), "/caps/0", "ambiguous"),
        (
            "caps",
            json!([{"of": "order", "per": "month", "amount": kroner(1)}]),
            "/caps/0/per",
            "period_of_order",
        ),
        (
            "caps",
            json!([{"of": "order", "per": "life", "count": 1}]),
            "/caps/0/count",
            "count_of_order",
        ),
        ("recurring", json!({"months": 1, "payments": 1}), "/recurring", "ambiguous"),
        (
            "amount",
            json!({"percent": "10", "of": "net", "less": ["tax"]}),
            "/amount/less",
            "less_of_gross",
        ),
        (
            "amount",
            json!({"percent": "10", "of": "first_year_expected"}),
            "/amount/of",
            "first_year_recurring",
        ),
        (
            "grades",
            json!([{"grade": "A", "amount": percent("0")}]),
            "/grades/0/amount/percent",
            "not_positive",
        ),
    ];
    for (field, value, pointer, code) in table {
        let found = mistakes(&with(field, &value));
        let expected = (format!("/rules/0{pointer}"), code);
        assert!(found.contains(&expected), "{field} {value}: {found:?}");
    }
    let mut both = with("grades", &json!([{"grade": "A", "amount": ten}]));
    both["rules"][0]["ages"] = json!([{"from_month": 2, "amount": ten}]);
    assert_eq!(mistakes(&both), [("/rules/0".to_owned(), "several_steps")]);
}

#[test]
fn what_a_plan_says_besides_rules_is_checked() {
    let bonus = |id: &str, at: i64, reward: Value| {
        json!([{"id": id, "events": ["sale"], "by": "count", "per": "month", "at": at,
                "reward": reward}])
    };
    let gift = json!({"gift": {"name": "Mug"}});
    let contest = |from: &str, to: &str, prizes: Value| {
        json!([{"id": "c", "events": ["sale"], "by": "count", "from": from, "to": to,
                "ties": "share", "prizes": prizes}])
    };
    let table = [
        ("several", json!("most"), "/several", "unknown_value"),
        ("options", json!([{"id": "a", "name": "A"}]), "/options/0", "unused"),
        ("bonuses", bonus("sale", 1, gift.clone()), "/bonuses/0/id", "duplicate"),
        ("bonuses", bonus("b", 0, gift.clone()), "/bonuses/0/at", "out_of_range"),
        ("bonuses", bonus("b", 1, json!({})), "/bonuses/0/reward", "ambiguous"),
        (
            "bonuses",
            bonus("b", 1, json!({"credits": {"count": 0, "unit": "points"}})),
            "/bonuses/0/reward/credits/count",
            "out_of_range",
        ),
        (
            "contests",
            contest("2026-02-01", "2026-01-01", json!([gift])),
            "/contests/0/to",
            "before_from",
        ),
        (
            "contests",
            contest("2026-01-01", "2026-01-01", json!([])),
            "/contests/0/prizes",
            "wrong_length",
        ),
    ];
    for (field, value, pointer, code) in table {
        let found = mistakes(&with(&format!("plan.{field}"), &value));
        assert!(found.contains(&(pointer.to_owned(), code)), "{field} {value}: {found:?}");
    }
}

#[test]
fn what_can_pay_more_than_the_sale_warns() {
    let rules = |several: &str, first: &str, second: &str, on_top: bool| {
        json!({"format": 1, "name": "Two", "several": several, "rules": [
            {"id": "a", "events": ["sale"], "amount": {"percent": first, "of": "gross"}},
            {"id": "b", "events": ["sale", "renewal"], "on_top": on_top,
             "amount": {"percent": second, "of": "net"}}]})
    };
    let warns = |plan: &Value| {
        let document = upgrade(plan).unwrap();
        let plan = CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).unwrap();
        plan.warnings().iter().any(|warning| warning.code == "over_sale_together")
    };
    assert!(warns(&rules("all", "60", "50", false)));
    assert!(warns(&rules("first", "60", "40.0000001", true)));
    assert!(!warns(&rules("first", "60", "40", true)));
    assert!(!warns(&rules("first", "60", "50", false)), "only one of them pays");
    assert!(!warns(&rules("best", "99", "99", false)));
}

fn contest(ties: &str) -> Contest {
    let plan = json!({"format": 1, "name": "Contest", "rules": [
        {"id": "sale", "events": ["sale"], "amount": {"percent": "1", "of": "gross"}}],
        "contests": [{"id": "c", "events": ["sale"], "by": "count", "from": "2026-01-01",
            "to": "2026-01-31", "at_least": 2, "ties": ties, "prizes": [
                {"money": {"amount": 1001, "currency": "DKK"}},
                {"gift": {"name": "Mug"}},
                {"money": {"amount": 300, "currency": "DKK"}}]}]});
    PlanDocument::from_json(plan.to_string().as_bytes()).unwrap().contests.remove(0)
}

#[test]
fn equals_are_ranked_as_the_contest_says() {
    let standing = |who: u8, total: i64, reached_at: u64| Standing {
        partnership: PartnershipId::from_bytes([who; 16]),
        total,
        reached_at,
    };
    // 3 and 4 are equal, 4 was there first; 5 has too little.
    let standings = [standing(5, 1, 9), standing(3, 7, 8), standing(2, 4, 1), standing(4, 7, 5)];
    let said = |ties: &str| -> Vec<(u32, u8, String)> {
        let prize = |reward: &Reward| match reward {
            Reward::Money(Money { minor, .. }) => minor.to_string(),
            Reward::Gift(gift) => gift.name.clone(),
            Reward::Credits(credits) => credits.unit.clone(),
        };
        let ranked = rank(&contest(ties), &standings);
        let mut turned = standings;
        turned.reverse();
        assert_eq!(ranked, rank(&contest(ties), &turned), "the order does not matter");
        let who = |standing: Standing| standing.partnership.as_bytes()[0];
        let prizes = |prizes: &[Reward]| prizes.iter().map(prize).collect::<Vec<_>>().join("+");
        ranked.iter().map(|it| (it.rank, who(it.standing), prizes(&it.prizes))).collect()
    };
    let row = |rank, who, prize: &str| (rank, who, prize.to_owned());
    assert_eq!(said("earliest"), [row(1, 4, "1001"), row(2, 3, "Mug"), row(3, 2, "300")]);
    assert_eq!(said("share"), [row(1, 4, "501+Mug"), row(1, 3, "500"), row(3, 2, "300")]);
    assert_eq!(said("each"), [row(1, 4, "1001"), row(1, 3, "1001"), row(3, 2, "300")]);
}
