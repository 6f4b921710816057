//! Events of a subscription's year, in the form of API version 2026-10-28 and of 2022-11-15.

use serde_json::{Value, json};
use tributary_kernel::Timestamp;

/// 2026-03-10T00:00:00Z.
pub(crate) const BEGIN: i64 = 1_773_100_800;
pub(crate) const DAY: i64 = 86_400;
/// When the trial ends.
pub(crate) const TRIAL_END: i64 = BEGIN + 14 * DAY;
pub(crate) const CLICK: &str = "01890a5d-ac96-8abc-8def-0123456789ab";

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_microsecond(second * 1_000_000)
}

/// Which form invoices and charges have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    New,
    Old,
}

pub(crate) fn event(kind: &str, created: i64, object: Value) -> String {
    let about = object["id"].as_str().unwrap_or("x").to_owned();
    let status = object["status"].as_str().unwrap_or("").to_owned();
    json!({
        "id": format!("evt_{kind}_{about}_{status}"), "object": "event", "type": kind,
        "created": created, "livemode": true, "pending_webhooks": 1,
        "data": {"object": object},
    })
    .to_string()
}

/// A line: price, amount, whether it is proration, its period.
pub(crate) struct Line(
    pub(crate) &'static str,
    pub(crate) i64,
    pub(crate) bool,
    pub(crate) (i64, i64),
);

fn line(form: Form, Line(price, amount, proration, (start, end)): &Line) -> Value {
    let period = json!({"start": start, "end": end});
    match form {
        Form::New => json!({
            "amount": amount, "currency": "dkk", "quantity": 1, "period": period,
            "pricing": {"type": "price_details",
                "price_details": {"price": price, "product": format!("prod_{price}")}},
            "parent": {"type": "subscription_item_details", "subscription_item_details":
                {"subscription": "sub_1", "subscription_item": "si_1", "proration": proration}},
        }),
        Form::Old => json!({
            "amount": amount, "currency": "dkk", "quantity": 1, "period": period,
            "price": {"id": price, "product": format!("prod_{price}")},
            "subscription": "sub_1", "proration": proration,
        }),
    }
}

/// An invoice with 25 % tax on top of its lines.
pub(crate) fn invoice(form: Form, id: &str, reason: &str, paid_at: i64, lines: &[Line]) -> Value {
    let subtotal: i64 = lines.iter().map(|it| it.1).sum();
    let (tax, total) = (subtotal / 4, subtotal + subtotal / 4);
    let lines: Vec<Value> = lines.iter().map(|it| line(form, it)).collect();
    let mut it = json!({
        "id": id, "object": "invoice", "currency": "dkk", "customer": "cus_1",
        "billing_reason": reason, "total": total, "amount_paid": total, "status": "paid",
        "status_transitions": {"paid_at": paid_at}, "customer_address": {"country": "DK"},
        "lines": {"object": "list", "data": lines, "has_more": false},
    });
    match form {
        Form::New => {
            it["parent"] = json!({"type": "subscription_details",
                "subscription_details": {"subscription": "sub_1", "metadata": {}}});
            it["total_taxes"] = json!([{"amount": tax, "tax_behavior": "exclusive"}]);
        }
        Form::Old => {
            it["subscription"] = json!("sub_1");
            it["tax"] = json!(tax);
            it["charge"] = json!(format!("ch_{id}"));
            it["payment_intent"] = json!(format!("pi_{id}"));
        }
    }
    it
}

/// What is sent when an invoice is paid.
fn paid(form: Form, invoice: &Value, at: i64) -> Vec<String> {
    let id = invoice["id"].as_str().unwrap();
    let mut all = vec![event("invoice.paid", at, invoice.clone())];
    if form == Form::New {
        let payment = json!({"id": format!("inpay_{id}"), "object": "invoice_payment",
            "invoice": id, "status": "paid",
            "payment": {"type": "payment_intent", "payment_intent": format!("pi_{id}")}});
        all.push(event("invoice_payment.paid", at, payment));
    }
    all
}

/// What is sent when part of an invoice's payment is given back.
fn refunded(form: Form, id: &str, invoice: &str, amount: i64, at: i64) -> Vec<String> {
    let refund = json!({"id": id, "object": "refund", "amount": amount, "currency": "dkk",
        "charge": format!("ch_{invoice}"), "payment_intent": format!("pi_{invoice}"),
        "status": "succeeded", "created": at});
    let charge = json!({"id": format!("ch_{invoice}"), "object": "charge", "currency": "dkk",
        "payment_intent": format!("pi_{invoice}"), "status": id});
    match form {
        Form::New => {
            let mut updated = refund.clone();
            updated["destination_details"] = json!({"card": {"reference": "x"}});
            vec![
                event("refund.created", at, refund),
                event("refund.updated", at + 60, updated),
                event("charge.refunded", at, charge),
            ]
        }
        Form::Old => {
            let mut charge = charge;
            charge["invoice"] = json!(invoice);
            charge["refunds"] = json!({"object": "list", "data": [refund]});
            vec![event("charge.refunded", at, charge)]
        }
    }
}

fn disputed(id: &str, invoice: &str, amount: i64, opened: i64, end: &str) -> Vec<String> {
    let dispute = |status: &str| {
        json!({"id": id, "object": "dispute", "amount": amount, "currency": "dkk",
            "charge": format!("ch_{invoice}"), "payment_intent": format!("pi_{invoice}"),
            "status": status, "created": opened})
    };
    vec![
        event("charge.dispute.created", opened, dispute("needs_response")),
        event("charge.dispute.closed", opened + 20 * DAY, dispute(end)),
    ]
}

fn subscription(status: &str) -> Value {
    json!({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": status,
        "trial_start": BEGIN, "trial_end": TRIAL_END, "metadata": {}})
}

/// When month `n` of what is paid begins, as if months had 30 days.
pub(crate) const fn month(n: i64) -> i64 {
    TRIAL_END + n * 30 * DAY
}

/// The year in the order in which it happened.
pub(crate) fn year(form: Form) -> Vec<String> {
    let mut all = begin(form);
    let small = |n: i64| Line("small", 100_000, false, (month(n), month(n + 1)));
    let large = |n: i64| Line("large", 200_000, false, (month(n), month(n + 1)));
    let cycle = |n: i64, line: Line| {
        invoice(form, &format!("in_{n}"), "subscription_cycle", month(n) + 3_600, &[line])
    };
    all.push(event("customer.subscription.updated", month(0), subscription("active")));
    for n in 0..3 {
        all.extend(paid(form, &cycle(n, small(n)), month(n) + 3_600));
    }
    let halfway = month(2) + 15 * DAY;
    let change = [
        Line("small", -50_000, true, (halfway, month(3))),
        Line("large", 100_000, true, (halfway, month(3))),
    ];
    let upgrade = invoice(form, "in_upgrade", "subscription_update", halfway, &change);
    all.extend(paid(form, &upgrade, halfway));
    all.extend(paid(form, &cycle(3, large(3)), month(3) + 3_600));
    all.extend(refunded(form, "re_1", "in_3", 50_000, month(3) + 5 * DAY));
    all.push(event("customer.subscription.paused", month(4), subscription("paused")));
    let voided = json!({"id": "in_void", "object": "invoice", "status": "void"});
    all.push(event("invoice.voided", month(4), voided));
    all.push(event("customer.subscription.resumed", month(5), subscription("active")));
    for n in 5..8 {
        all.extend(paid(form, &cycle(n, large(n)), month(n) + 3_600));
    }
    all.extend(disputed("du_lost", "in_5", 250_000, month(5) + DAY, "lost"));
    all.extend(disputed("du_won", "in_6", 250_000, month(6) + DAY, "won"));
    all.extend(refunded(form, "re_2", "in_7", 100_000, month(7) + 2 * DAY));
    all.extend(refunded(form, "re_3", "in_7", 150_000, month(7) + 3 * DAY));
    // A credit of 500.00 from elsewhere makes this payment smaller.
    let mut less = cycle(8, large(8));
    less["amount_paid"] = json!(200_000);
    let failed = json!({"id": "in_8", "object": "invoice", "status": "open"});
    all.push(event("invoice.payment_failed", month(8) + 3_600, failed));
    all.extend(paid(form, &less, month(8) + 3 * DAY));
    all.push(event("customer.subscription.deleted", month(9), subscription("canceled")));
    all.extend(once());
    all
}

fn begin(form: Form) -> Vec<String> {
    let customer = json!({"id": "cus_1", "object": "customer", "metadata": {}});
    let checkout = json!({"id": "cs_1", "object": "checkout.session", "mode": "subscription",
        "client_reference_id": CLICK, "customer": "cus_1", "subscription": "sub_1",
        "invoice": "in_free", "payment_status": "no_payment_required", "status": "complete"});
    let free = [Line("small", 0, false, (BEGIN, TRIAL_END))];
    let free = invoice(form, "in_free", "subscription_create", BEGIN, &free);
    vec![
        event("customer.created", BEGIN - 60, customer),
        event("customer.subscription.created", BEGIN, subscription("trialing")),
        event("checkout.session.completed", BEGIN + 2, checkout),
        event("invoice.paid", BEGIN, free),
        event("customer.subscription.trial_will_end", BEGIN + 11 * DAY, subscription("trialing")),
    ]
}

/// A single payment of somebody else, by a promotion code.
fn once() -> Vec<String> {
    let code = json!({"id": "promo_1", "object": "promotion_code", "code": "ANNA20"});
    let checkout = json!({"id": "cs_2", "object": "checkout.session", "mode": "payment",
        "customer": "cus_2", "payment_intent": "pi_once", "payment_status": "paid",
        "status": "complete", "currency": "dkk", "amount_total": 80_000,
        "total_details": {"amount_tax": 16_000, "amount_discount": 20_000},
        "discounts": [{"coupon": "aMd8", "promotion_code": "promo_1"}]});
    let refund = json!({"id": "re_once", "object": "refund", "amount": 80_000, "currency": "dkk",
        "payment_intent": "pi_once", "status": "succeeded", "created": month(2) + DAY});
    vec![
        event("promotion_code.created", BEGIN - DAY, code),
        event("checkout.session.completed", month(2), checkout),
        event("refund.created", month(2) + DAY, refund),
    ]
}
