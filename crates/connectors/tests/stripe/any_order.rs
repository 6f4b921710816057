//! A year of a subscription: trial, upgrade with proration, pause, refunds, disputes, a failed
//! payment, cancellation. The sums are computed by hand; any order, and any event again, ends in
//! them.

use proptest::prelude::*;
use tributary_connectors::stripe::Stripe;
use tributary_kernel::Timestamp;
use tributary_money::{Currency, Money};

use crate::book::{Book, Decided};
use crate::year::{CLICK, Form, at, month, year};

fn received() -> Timestamp {
    at(month(12))
}

fn played(events: &[String]) -> Decided {
    let mut book = Book::new(received());
    for event in events {
        book.take(event);
    }
    book.end()
}

fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

#[test]
fn the_year_in_order_is_the_sums_computed_by_hand() {
    for form in [Form::New, Form::Old] {
        let decided = played(&year(form));
        let told: Vec<_> = decided
            .reports
            .iter()
            .map(|(key, (it, _))| {
                let minor = |money: Option<Money>| money.map_or(0, |it| it.minor);
                (key.as_str(), minor(it.amount), minor(it.net_amount))
            })
            .collect();
        let expected = [
            ("renewal/in_1", 125_000, 100_000),
            ("renewal/in_2", 125_000, 100_000),
            ("renewal/in_3", 250_000, 200_000),
            ("renewal/in_5", 250_000, 200_000),
            ("renewal/in_6", 250_000, 200_000),
            ("renewal/in_7", 250_000, 200_000),
            // 2,000.00 of 2,500.00 were paid: of 500.00 tax, 400.00.
            ("renewal/in_8", 200_000, 160_000),
            // 1,000.00 for half a month of the large one, less 500.00 for the small one, and tax.
            ("renewal/in_upgrade", 62_500, 50_000),
            // The first payment after the trial.
            ("sale/in_0", 125_000, 100_000),
            ("sale/pi_once", 80_000, 64_000),
            ("trial/sub_1", 0, 0),
        ];
        assert_eq!(told, expected, "{form:?}");
        let back: Vec<_> = decided
            .taken_back
            .iter()
            .map(|(id, (order, it))| (id.as_str(), order.as_str(), it.amount, it.chargeback))
            .collect();
        let expected = [
            ("du_lost", "in_5", dkk(250_000), true),
            ("re_1", "in_3", dkk(50_000), false),
            ("re_2", "in_7", dkk(100_000), false),
            ("re_3", "in_7", dkk(150_000), false),
            ("re_once", "pi_once", dkk(80_000), false),
        ];
        assert_eq!(back, expected, "{form:?}");
        assert!(decided.left.is_empty());
    }
}

#[test]
fn who_brought_it_is_told_with_each() {
    let click: tributary_click::ClickId = CLICK.parse().unwrap();
    let decided = played(&year(Form::New));
    for (key, (report, codes)) in &decided.reports {
        if key == "sale/pi_once" {
            assert_eq!(codes, &["ANNA20", "aMd8"]);
            assert_eq!(report.click_id, None);
        } else {
            assert_eq!(report.click_id, Some(click.to_string()), "{key}");
            assert_eq!(report.customer_id.as_deref(), Some("cus_1"));
        }
    }
    let upgrade = &decided.reports["renewal/in_upgrade"].0;
    let details = upgrade.details.as_ref().unwrap();
    assert_eq!(details.covers_months, None, "only a change, no period");
    let items: Vec<_> =
        details.items.iter().map(|it| (it.sku.as_deref(), it.amount.minor)).collect();
    assert_eq!(items, [(Some("large"), 62_500)], "what nets below zero is left out");
    let first = decided.reports["sale/in_0"].0.details.as_ref().unwrap();
    assert_eq!(first.covers_months, Some(1));
    assert_eq!(first.tax, Some(dkk(25_000)));
    assert_eq!(first.customer_country.as_deref(), Some("DK"));
}

#[test]
fn each_event_of_the_year_can_be_read() {
    use tributary_app::billing::{BillingReader, BillingSettings, Fact};
    for form in [Form::New, Form::Old] {
        for body in year(form) {
            let event = Stripe.read(body.as_bytes(), &BillingSettings::default()).unwrap();
            assert!(!event.facts.is_empty(), "{body}");
            let person = |fact: &Fact| matches!(fact, Fact::Person { .. });
            assert!(!event.facts.iter().any(person), "{body}");
        }
    }
}

/// All events in some order, each once or up to three times.
fn shuffled() -> impl Strategy<Value = (Form, Vec<String>)> {
    prop_oneof![Just(Form::New), Just(Form::Old)].prop_flat_map(|form| {
        let events = year(form);
        let times = proptest::collection::vec(1_usize..=3, events.len());
        times.prop_flat_map(move |times| {
            let all: Vec<String> = events
                .iter()
                .zip(times)
                .flat_map(|(event, times)| std::iter::repeat_n(event.clone(), times))
                .collect();
            (Just(form), Just(all).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_order_and_any_repetition_end_the_same((form, events) in shuffled()) {
        prop_assert_eq!(played(&events), played(&year(form)));
    }
}
