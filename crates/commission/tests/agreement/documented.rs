//! `docs/commission.md`: every plan in it is read, and every table below a plan is a history that
//! must pay what it says.

use std::collections::BTreeSet;

use tributary_commission::ready::{READY_PLANS, ReadyPlan};
use tributary_commission::{CompiledPlan, PlanDocument};
use tributary_kernel::PlanId;
use tributary_money::Currency;

use crate::history::{History, Row, minor};

const DOCUMENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commission.md"));

fn compiled(json: &str, place: &str) -> CompiledPlan {
    let document = PlanDocument::from_json(json.as_bytes());
    let document = document.unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    let text = document.canonical_json();
    let currency = ["USD", "EUR"].into_iter().find(|code| text.contains(code));
    let currency = currency.and_then(Currency::from_code).unwrap_or(Currency::DKK);
    CompiledPlan::new(PlanId::from_bytes([1; 16]), document, currency)
        .unwrap_or_else(|errors| panic!("{place}: {errors:?}"))
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// `1,500.00`, `anna 10.00, bo 5.00`, `0`.
fn check(plan: &CompiledPlan, expected: &str, came: &crate::history::Came, place: &str) {
    let total: i64 = came.paid.values().sum();
    if expected.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        assert_eq!(total, minor(plan, expected), "{place}: {came:?}");
        return;
    }
    let mut said = 0;
    for part in expected.split("; ") {
        let (name, amount) = part.split_once(' ').expect("a partner and an amount");
        let found = came.paid.get(name).copied().unwrap_or(0);
        assert_eq!(found, minor(plan, amount), "{place}, {name}: {came:?}");
        said += found;
    }
    assert_eq!(said, total, "{place}: nobody else is paid: {came:?}");
}

#[test]
fn every_table_pays_what_it_says() {
    let (plans, rows) = play(DOCUMENT);
    assert!(plans > 20 && rows > 100, "{plans} plans, {rows} rows");
}

#[test]
fn a_wrong_row_is_found_out() {
    for (right, wrong) in [("| 4,600 |", "| 4,601 |"), ("| capped |", "| not_first |")] {
        assert!(DOCUMENT.contains(right), "{right}");
        let document = DOCUMENT.replacen(right, wrong, 1);
        assert!(std::panic::catch_unwind(|| play(&document)).is_err(), "{wrong}");
    }
}

/// Plays every table; how many plans and rows there were.
fn play(document: &str) -> (usize, usize) {
    let mut lines = document.lines().enumerate().peekable();
    let mut plan: Option<CompiledPlan> = None;
    let (mut plans, mut rows) = (0, 0);
    while let Some((number, line)) = lines.next() {
        if line.starts_with("## ") {
            plan = None;
        } else if line == "```json" {
            let mut json = String::new();
            for (_, line) in lines.by_ref() {
                if line == "```" {
                    break;
                }
                json.push_str(line);
                json.push('\n');
            }
            plan = Some(compiled(&json, &format!("line {number}")));
            plans += 1;
        } else if line.starts_with('|')
            && line.contains("| pays |")
            && let Some(plan) = &plan
        {
            let head = cells(line);
            lines.next();
            let mut history = History::new(plan);
            while let Some((number, line)) = lines.next_if(|(_, line)| line.starts_with('|')) {
                let row: Row = head
                    .iter()
                    .cloned()
                    .zip(cells(line))
                    .filter(|(_, cell)| !cell.is_empty())
                    .collect();
                let place = format!("docs/commission.md line {}", number + 1);
                let came = history.row(&row);
                check(plan, &row["pays"], &came, &place);
                if let Some(why) = row.get("why") {
                    assert!(came.why.contains(why), "{place}: {:?}", came.why);
                }
                if let Some(awards) = row.get("gives") {
                    assert_eq!(&came.awards.join(", "), awards, "{place}");
                } else {
                    assert!(came.awards.is_empty(), "{place}: {:?}", came.awards);
                }
                rows += 1;
            }
        }
    }
    (plans, rows)
}

#[test]
fn every_ready_plan_is_shown_and_sound() {
    let mut ids = BTreeSet::new();
    for ready in READY_PLANS {
        assert!(ids.insert(ready.id));
        assert!(DOCUMENT.contains(ready.json.trim()), "{} is not shown", ready.id);
        let plan = compiled(ready.json, ready.id);
        assert_eq!(plan.warnings(), [], "{}", ready.id);
        for currency in [Currency::EUR, Currency::JPY, Currency::KWD, Currency::IDR] {
            let document = ready.document(currency).unwrap_or_else(|| panic!("{}", ready.id));
            assert!(CompiledPlan::new(plan.id(), document, currency).is_ok(), "{}", ready.id);
        }
    }
    assert!(ReadyPlan::named("hubspot").is_some() && ReadyPlan::named("none").is_none());
}
