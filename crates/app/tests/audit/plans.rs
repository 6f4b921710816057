//! Plans by chance, as their documents.

use serde_json::{Value, json};

use super::Dice;

fn money(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "DKK" })
}

fn percent(dice: &mut Dice) -> Value {
    let tenths = dice.of(1, 400);
    json!(format!("{}.{}", tenths / 10, tenths % 10))
}

/// An amount like another: of the same sort, so that steps can be compared.
fn amount(dice: &mut Dice, fixed: bool, of: &str) -> Value {
    match fixed {
        true => json!({ "fixed": money(dice.of(1, 5_000)) }),
        false => json!({ "percent": percent(dice), "of": of }),
    }
}

fn period(dice: &mut Dice) -> &'static str {
    const PERIODS: [&str; 5] = ["day", "month", "quarter", "year", "life"];
    PERIODS[usize::try_from(dice.of(0, 4)).unwrap()]
}

/// Steps that rise, so that reaching one never takes anything back.
fn tiers(dice: &mut Dice, fixed: bool, of: &str, own: &Value, alone: bool) -> Value {
    let by = *dice.pick(&["count", "revenue", "commission"]);
    let retroactive = by != "commission" && dice.chance(50);
    let mut from = 1;
    let mut steps = Vec::new();
    let mut last = own.clone();
    for _ in 0..dice.of(1, 3) {
        from += match by {
            "count" => dice.of(1, 4),
            "revenue" => dice.of(10_000, 150_000),
            _ => dice.of(1_000, 20_000),
        };
        let mut step = amount(dice, fixed, of);
        if retroactive && fixed {
            let least = last["fixed"]["amount"].as_i64().unwrap();
            step["fixed"]["amount"] = json!(least + dice.of(0, 2_000));
        } else if retroactive {
            let least: f64 = last["percent"].as_str().unwrap().parse().unwrap();
            let more = f64::from(i32::try_from(dice.of(0, 90)).unwrap()) / 10.0;
            step["percent"] = json!(format!("{:.1}", least + more));
        }
        last = step.clone();
        steps.push(json!({ "from": from, "amount": step }));
    }
    let mode = if retroactive { "retroactive" } else { "progressive" };
    let mut tiers = json!({ "by": by, "per": period(dice), "mode": mode, "steps": steps });
    if !alone && dice.chance(30) {
        tiers["of"] = json!("program");
    }
    tiers
}

fn cap(dice: &mut Dice, alone: bool) -> Value {
    let of = match alone {
        true => *dice.pick(&["order", "partner"]),
        false => *dice.pick(&["order", "customer", "partner", "program"]),
    };
    // The limit of an order has no period of its own.
    let per = if of == "order" { "life" } else { period(dice) };
    if of != "order" && dice.chance(25) {
        return json!({ "of": of, "per": per, "count": dice.of(1, 6) });
    }
    json!({ "of": of, "per": per, "amount": money(dice.of(100, 60_000)) })
}

/// What the partner has come to.
fn total(dice: &mut Dice) -> Value {
    let compare = *dice.pick(&["<", ">=", "equals", "multiple_of"]);
    match dice.of(0, 4) {
        0 => json!({ "field": "partner.sales", "is": compare, "value": dice.of(1, 12) }),
        1 => json!({ "field": "partner.customers", "is": compare, "value": dice.of(1, 5) }),
        2 => json!({ "field": "partner.leads", "is": compare, "value": dice.of(1, 3) }),
        3 => json!({ "field": "partner.revenue", "is": ">=", "value": money(dice.of(1, 900_000)) }),
        _ => {
            json!({ "field": "partner.commission", "is": "<", "value": money(dice.of(1, 90_000)) })
        }
    }
}

fn condition(dice: &mut Dice, deep: bool) -> Value {
    if deep && dice.chance(40) {
        let group = *dice.pick(&["all", "any"]);
        let tests: Vec<Value> = (0..dice.of(1, 3)).map(|_| condition(dice, false)).collect();
        return json!({ group: tests });
    }
    if dice.chance(25) {
        return total(dice);
    }
    let compare = *dice.pick(&["<", "<=", ">", ">=", "equals", "not"]);
    match dice.of(0, 5) {
        0 => json!({ "field": "order.amount", "is": compare, "value": money(dice.of(0, 150_000)) }),
        1 => json!({ "field": "order.quantity", "is": "multiple_of", "value": dice.of(1, 3) }),
        2 => json!({ "field": "customer.country", "is": "in", "value": ["DK", "SE"] }),
        3 => json!({ "field": "customer.country", "is": "not_in", "value": ["DK", "DE"] }),
        4 => {
            let state = *dice.pick(&["new", "returning"]);
            json!({ "field": "customer.state", "is": "equals", "value": state })
        }
        _ => json!({ "field": "customer.sales", "is": compare, "value": dice.of(0, 4) }),
    }
}

fn rule(dice: &mut Dice, place: usize, last: bool, alone: bool) -> Value {
    let fixed = dice.chance(25);
    let of = *dice.pick(&["gross", "net"]);
    let own = amount(dice, fixed, of);
    let mut rule = json!({ "id": format!("rule-{place}"), "events": ["sale"], "amount": own });
    if !alone && dice.chance(30) {
        rule["events"] = json!(["sale", "lead"]);
        let fixed = json!({ "fixed": money(dice.of(1, 9_000)) });
        rule["amount"] = fixed;
    }
    let is_fixed = rule["amount"].get("fixed").is_some();
    match dice.of(0, 9) {
        0..=4 => {
            let own = rule["amount"].clone();
            rule["tiers"] = tiers(dice, is_fixed, of, &own, alone);
        }
        5 => {
            let step = amount(dice, is_fixed, of);
            rule["ages"] = json!([{ "from_month": dice.of(2, 4), "amount": step }]);
        }
        _ => {}
    }
    if !last {
        rule["when"] = condition(dice, true);
    }
    if dice.chance(20) {
        rule["minimum"] = money(dice.of(1, 500));
    }
    if dice.chance(20) {
        rule["maximum"] = money(dice.of(2_000, 30_000));
    }
    match dice.of(0, 9) {
        0 => rule["recurring"] = json!("once"),
        1 => rule["recurring"] = json!({ "months": dice.of(1, 3) }),
        2 => rule["recurring"] = json!({ "payments": dice.of(1, 4) }),
        _ => {}
    }
    if !alone && dice.chance(10) {
        rule["once_per"] = json!({ "of": "customer", "per": period(dice) });
    }
    if !alone && dice.chance(10) {
        rule["first_customers"] = json!({ "count": dice.of(1, 4) });
    }
    if !alone && dice.chance(15) {
        rule["on_top"] = json!(true);
    }
    if dice.chance(25) {
        let takes = *dice.pick(&["missing", "everything"]);
        rule["clawback"] = json!({ "months": dice.of(1, 6), "takes": takes });
    }
    if dice.chance(40) {
        let caps: Vec<Value> = (0..dice.of(1, 2)).map(|_| cap(dice, alone)).collect();
        rule["caps"] = json!(caps);
    }
    rule
}

/// A plan of one to four rules, with everything that the auditor knows.
pub(crate) fn any_plan(dice: &mut Dice) -> String {
    let many = usize::try_from(dice.of(1, 4)).unwrap();
    let rules: Vec<Value> =
        (0..many).map(|place| rule(dice, place, place + 1 == many, false)).collect();
    let mut plan = json!({
        "format": 1,
        "name": format!("By chance {}", dice.roll()),
        "rounding": dice.pick(&["half_even", "half_away_from_zero", "half_up", "down"]),
        "several": dice.pick(&["first", "first", "best", "all"]),
        "rules": rules,
    });
    if dice.chance(40) {
        plan["caps"] = json!([cap(dice, false)]);
    }
    if dice.chance(40) {
        let by = *dice.pick(&["count", "revenue", "commission"]);
        let at = if by == "count" { dice.of(1, 5) } else { dice.of(5_000, 200_000) };
        plan["bonuses"] = json!([{
            "id": "bonus", "events": ["sale"], "by": by, "per": period(dice), "at": at,
            "repeats": dice.chance(50), "reward": { "money": money(dice.of(1, 5_000)) },
        }]);
    }
    let text = plan.to_string();
    // Not published: see `docs/commission.md`.
    if text.contains("partner.commission") && text.contains("retroactive") {
        return any_plan(dice);
    }
    text
}

/// A plan whose counters are each partner's own.
pub(crate) fn alone(dice: &mut Dice) -> String {
    let rules = vec![rule(dice, 0, false, true), rule(dice, 1, true, true)];
    let text = json!({ "format": 1, "name": "Alone", "rules": rules }).to_string();
    if text.contains("partner.commission") && text.contains("retroactive") {
        return alone(dice);
    }
    text
}
