//! The plans and worked numbers of the reference figures, in kroner.

use crate::common::{
    AHREFS, CONVERTKIT, Customer, HUBSPOT_ONCE, HUBSPOT_RECURRING, HYBRID, SHOPIFY, paid, plan,
};
use tributary_commission::{NotPaid, Outcome, RuleOutcome};

const KRONE: i64 = 100;

/// Monthly payments on the 15th from January 2026, `months` of them.
fn monthly(months: i32) -> impl Iterator<Item = String> {
    (0..months).map(|n| format!("{}-{:02}-15T09:00:00Z", 2026 + n / 12, n % 12 + 1))
}

fn month_by_month(json: &str, months: i32) -> Vec<i64> {
    let (plan, mut customer) = (plan(json), Customer::default());
    monthly(months)
        .enumerate()
        .map(|(n, on)| {
            let event = if n == 0 { "sale" } else { "renewal" };
            customer.pays(&plan, event, &on, 1_000 * KRONE)
        })
        .collect()
}

#[test]
fn hubspot_fifteen_per_cent_for_twelve_months() {
    let amounts = month_by_month(HUBSPOT_RECURRING, 14);
    assert_eq!(amounts[..12], [150 * KRONE; 12]);
    assert_eq!(amounts[12..], [0, 0]);
    assert_eq!(amounts.iter().sum::<i64>(), 1_800 * KRONE);
}

#[test]
fn hubspot_the_first_month_once() {
    let amounts = month_by_month(HUBSPOT_ONCE, 3);
    assert_eq!(amounts, [1_000 * KRONE, 0, 0]);
}

#[test]
fn hubspot_recurring_is_ahead_from_the_seventh_payment() {
    let (recurring, once) =
        (month_by_month(HUBSPOT_RECURRING, 12), month_by_month(HUBSPOT_ONCE, 12));
    let sum = |amounts: &[i64], n: usize| amounts[..n].iter().sum::<i64>();
    let ahead = (1..=12).find(|&n| sum(&recurring, n) > sum(&once, n));
    assert_eq!(ahead, Some(7));
}

#[test]
fn ahrefs_and_convertkit_for_twenty_four_months() {
    for (json, each, sum) in [(AHREFS, 200, 4_800), (CONVERTKIT, 300, 7_200)] {
        let amounts = month_by_month(json, 25);
        assert_eq!(amounts[..24], [each * KRONE; 24]);
        assert_eq!(amounts[24], 0, "the 25th payment");
        assert_eq!(amounts.iter().sum::<i64>(), sum * KRONE);
    }
}

#[test]
fn twenty_four_months_are_two_yearly_payments() {
    let (plan, mut customer) = (plan(AHREFS), Customer::default());
    let mut pay = |on| customer.pays(&plan, "sale", on, 12_000 * KRONE);
    assert_eq!(pay("2026-01-15T09:00:00Z"), 2_400 * KRONE);
    assert_eq!(pay("2027-01-15T09:00:00Z"), 2_400 * KRONE);
    assert_eq!(pay("2028-01-15T09:00:00Z"), 0);
}

#[test]
fn a_charge_a_few_seconds_early_is_no_twenty_fifth_payment() {
    let (plan, mut customer) = (plan(AHREFS), Customer::default());
    customer.pays(&plan, "sale", "2026-01-15T09:00:05Z", 1_000 * KRONE);
    assert_eq!(customer.pays(&plan, "renewal", "2028-01-15T09:00:01Z", 1_000 * KRONE), 0);
    let day_before = "2028-01-14T22:59:59Z";
    assert_eq!(customer.pays(&plan, "renewal", day_before, 1_000 * KRONE), 200 * KRONE);
    // 23:00 UTC is the next day in Copenhagen.
    assert_eq!(customer.pays(&plan, "renewal", "2028-01-14T23:00:00Z", 1_000 * KRONE), 0);
}

#[test]
fn shopify_pays_each_new_customer_once() {
    let (plan, mut customer) = (plan(SHOPIFY), Customer::default());
    assert_eq!(customer.pays(&plan, "sale", "2026-01-01T10:00:00Z", 29 * KRONE), 200 * KRONE);
    let second = customer.reports(&plan, "sale", "2026-02-01T10:00:00Z", None);
    assert_eq!(second.outcome, Outcome::Nothing(NotPaid::NoRuleMatched));
    assert_eq!(second.considered, [RuleOutcome::NotFirst { before: 1 }]);
}

#[test]
fn hybrid_ten_leads_of_which_three_become_customers() {
    let plan = plan(HYBRID);
    let (mut leads, mut sales) = (0, 0);
    for n in 0..10 {
        let mut customer = Customer::default();
        let lead = customer.reports(&plan, "qualified_lead", "2026-03-02T10:00:00Z", None);
        assert_eq!(lead.lines()[0].hold_days, Some(7));
        leads += paid(&lead);
        // The same lead again is not a second one.
        leads += paid(&customer.reports(&plan, "qualified_lead", "2026-03-03T10:00:00Z", None));
        if n < 3 {
            let sale = customer.reports(&plan, "sale", "2026-05-02T10:00:00Z", None);
            assert_eq!(sale.lines()[0].hold_days, None);
            sales += paid(&sale);
        }
    }
    assert_eq!((leads, sales), (5_000 * KRONE, 15_000 * KRONE));
    assert_eq!(leads + sales, 20_000 * KRONE);
}

#[test]
fn a_lead_at_ten_per_cent_costs_a_tenth_of_the_lifetime_value() {
    // 500 a lead, one in ten becomes a customer worth 50,000; the hybrid adds 5,000.
    let plan = plan(HYBRID);
    let leads: i64 = (0..10)
        .map(|_| {
            let mut one = Customer::default();
            paid(&one.reports(&plan, "qualified_lead", "2026-03-02T10:00:00Z", None))
        })
        .sum();
    assert_eq!(leads, 5_000 * KRONE);
    assert_eq!(leads * 10, 50_000 * KRONE);
    let sale = Customer::default().pays(&plan, "sale", "2026-05-02T10:00:00Z", 24_000 * KRONE);
    assert_eq!((leads + sale) * 5, 50_000 * KRONE);
}

/// A plan with one percentage of the gross amount, for sales.
fn percent(text: &str) -> String {
    format!(
        r#"{{"format": 1, "name": "{text} %", "rules": [{{"id": "sale", "events": ["sale"],
            "amount": {{"percent": "{text}", "of": "gross"}}}}]}}"#
    )
}

#[test]
fn danish_ranges() {
    let once = |text: &str, sale: i64| {
        let plan = plan(&percent(text));
        Customer::default().pays(&plan, "sale", "2026-05-02T10:00:00Z", sale * KRONE) / KRONE
    };
    assert_eq!((once("10", 24_000), once("30", 24_000)), (2_400, 7_200));
    assert_eq!((once("5", 100_000), once("15", 100_000)), (5_000, 15_000));
    assert_eq!((once("10", 50_000), once("20", 50_000)), (5_000, 10_000));
}

#[test]
fn one_order_of_the_design() {
    // Order 1009: 12,500.00 DKK at 15 %.
    let plan = plan(&percent("15"));
    let amount = Customer::default().pays(&plan, "sale", "2026-05-02T10:00:00Z", 1_250_000);
    assert_eq!(amount, 187_500);
}
