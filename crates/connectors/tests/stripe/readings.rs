//! Single events and what they tell.

use serde_json::{Value, json};
use tributary_app::billing::{
    BillingReader, BillingSettings, Clues, CodeClue, Fact, Known, Resolved, ResultKind, learn,
    resolve,
};
use tributary_connectors::stripe::Stripe;
use tributary_kernel::ProgramId;

use crate::year::{BEGIN, CLICK, DAY, Form, Line, at, event, invoice};

fn facts(kind: &str, object: Value) -> Vec<Fact> {
    let settings = BillingSettings { report_signups: true, ..BillingSettings::default() };
    Stripe.read(event(kind, BEGIN, object).as_bytes(), &settings).unwrap().facts
}

#[test]
fn kinds_that_move_nothing_say_why() {
    let object = || json!({"id": "x_1", "status": "needs_response", "charge": "ch_1"});
    for (kind, reason) in [
        ("invoice.payment_failed", "payment_failed"),
        ("invoice.voided", "invoice_voided"),
        ("invoice.payment_succeeded", "told_by_invoice_paid"),
        ("customer.subscription.deleted", "subscription_ended"),
        ("customer.subscription.paused", "subscription_paused"),
        ("customer.subscription.resumed", "subscription_resumed"),
        ("customer.subscription.trial_will_end", "trial_will_end"),
        ("charge.dispute.created", "dispute_open"),
        ("charge.dispute.closed", "dispute_without_loss"),
        ("refund.created", "refund_pending"),
        ("credit_note.created", "credit_not_paid_out"),
        ("charge.refunded", "told_by_refund_created"),
        ("payout.created", "kind_not_used"),
    ] {
        assert_eq!(facts(kind, object()), [Fact::Nothing { reason }], "{kind}");
    }
}

#[test]
fn what_cannot_be_read_is_for_a_person() {
    let odd = json!({"id": "in_1", "currency": "zzz", "amount_paid": 1});
    let person = |reason| vec![Fact::Person { reason }];
    assert_eq!(facts("invoice.paid", odd), person("event_unreadable"));
    let failed = json!({"id": "re_1", "status": "failed", "amount": 1, "currency": "dkk"});
    assert_eq!(facts("refund.updated", failed), person("refund_failed"));
    assert!(Stripe.read(b"{}", &BillingSettings::default()).is_err());
    assert!(Stripe.read(b"\xff", &BillingSettings::default()).is_err());
}

#[test]
fn the_click_is_found_where_it_was_put_and_only_a_click_is_one() {
    let brought = |all: &[Fact]| {
        all.iter().find_map(|fact| match fact {
            Fact::Brought(it) => Some(it.clues.clone()),
            _ => None,
        })
    };
    let session = |reference: &str, metadata: Value| {
        let it = json!({"id": "cs_1", "mode": "subscription", "customer": "cus_1",
            "client_reference_id": reference, "metadata": metadata});
        brought(&facts("checkout.session.completed", it))
    };
    let click: tributary_click::ClickId = CLICK.parse().unwrap();
    let found = Some(Clues { click: Some(click.to_string()), codes: Vec::new() });
    assert_eq!(session(CLICK, json!({})), found);
    assert_eq!(session(&click.to_string(), json!({})), found);
    assert_eq!(session("user-77", json!({"trib": CLICK})), found);
    assert_eq!(session("user-77", json!({"tributary_click": CLICK, "trib": "?"})), found);
    assert_eq!(session("user-77", json!({"other": CLICK})), None);
    let customer = json!({"id": "cus_1", "metadata": {"trib": CLICK}});
    let told = facts("customer.created", customer);
    assert_eq!(brought(&told), found);
    let signup = told.iter().any(|fact| {
        matches!(fact, Fact::Result(it) if it.kind == ResultKind::Signup && it.order_id == "cus_1")
    });
    assert!(signup, "signups are reported where the settings say so");
}

#[test]
fn codes_in_every_form() {
    let with = |discounts: Value| {
        let it =
            json!({"id": "in_1", "currency": "dkk", "amount_paid": 100, "discounts": discounts});
        match facts("invoice.paid", it).remove(0) {
            Fact::Result(it) => it.clues.codes,
            other => panic!("{other:?}"),
        }
    };
    let (text, id) = (|it: &str| CodeClue::Text(it.into()), |it: &str| CodeClue::Id(it.into()));
    let old = json!([{"coupon": {"id": "SPRING"}, "promotion_code": "promo_1"}]);
    assert_eq!(with(old), [id("promo_1"), text("SPRING")]);
    let expanded = json!([{"source": {"coupon": "SPRING", "type": "coupon"},
        "promotion_code": {"id": "promo_1", "code": "ANNA20"}}]);
    assert_eq!(with(expanded), [text("ANNA20"), text("SPRING")]);
    assert_eq!(with(json!(["di_1"])), []);
}

#[test]
fn a_year_in_advance_covers_twelve_months_and_february_one() {
    let covers = |days: i64| {
        let lines = [Line("p", 400, false, (BEGIN, BEGIN + days * DAY))];
        let it = invoice(Form::New, "in_1", "subscription_cycle", BEGIN, &lines);
        match facts("invoice.paid", it).remove(0) {
            Fact::Result(it) => it.covers_months,
            other => panic!("{other:?}"),
        }
    };
    for (days, months) in [
        (365, Some(12)),
        (366, Some(12)),
        (28, Some(1)),
        (31, Some(1)),
        (90, Some(3)),
        (92, Some(3)),
        (730, Some(24)),
        (7, None),
    ] {
        assert_eq!(covers(days), months, "{days} days");
    }
}

#[test]
fn items_of_several_subscriptions_sum_to_what_was_paid() {
    let year = (BEGIN, BEGIN + 365 * DAY);
    let month = (BEGIN, BEGIN + 31 * DAY);
    let lines =
        [Line("a", 100, false, month), Line("b", 33, false, year), Line("c", 3, false, year)];
    let mut it = invoice(Form::Old, "in_1", "manual", BEGIN, &lines);
    it["amount_paid"] = json!(101);
    let Fact::Result(told) = facts("invoice.paid", it).pop().unwrap() else { panic!() };
    let sum = |of: fn(&tributary_app::conversion::ReportedItem) -> i64| -> i64 {
        told.items.iter().map(of).sum()
    };
    assert_eq!(sum(|it| it.amount.minor), 101);
    assert_eq!(sum(|it| it.net_amount.unwrap().minor), told.net_amount.unwrap().minor);
    assert_eq!(told.covers_months, None, "they cover different times");
}

#[test]
fn a_credit_note_counts_only_what_was_paid_past_stripe() {
    let note = json!({"id": "cn_1", "invoice": "in_1", "currency": "dkk", "amount": 900,
        "out_of_band_amount": 300, "created": BEGIN});
    let Fact::GivenBack(it) = facts("credit_note.created", note).remove(0) else { panic!() };
    assert_eq!((it.amount.minor, it.result.as_deref()), (300, Some("in_1")));
}

#[test]
fn a_refund_without_its_payment_waits_a_month_and_is_then_left() {
    let refund = json!({"id": "re_1", "amount": 5, "currency": "dkk", "charge": "ch_1",
        "status": "succeeded"});
    let fact = facts("refund.created", refund).remove(0);
    let now = at(BEGIN);
    let ask = |known: &Known, days: i64| {
        resolve(&fact, known, ProgramId::from_bytes([1; 16]), now, now.plus_days(days))
    };
    let mut known = Known::default();
    assert!(matches!(ask(&known, 29), Resolved::Wait { .. }));
    assert_eq!(ask(&known, 30), Resolved::Left("payment_unknown"));
    for (key, value) in learn(&Fact::Paid { payment: "ch_1".into(), result: "in_1".into() }, now) {
        known.put(key, value);
    }
    assert!(matches!(ask(&known, 30), Resolved::TakeBack(order, _) if order == "in_1"));
}
