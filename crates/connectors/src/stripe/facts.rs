//! Which kinds of events tell what.

use serde_json::Value;
use tributary_app::billing::{
    BilledResult, BillingSettings, Brought, Clues, CodeClue, Fact, GivenBack, ResultKind,
};
use tributary_click::ClickId;
use tributary_kernel::Timestamp;
use tributary_money::Money;

use super::event::Envelope;
use super::{amount, invoice, json};

/// What an event tells. What cannot be read is for a person, and says so.
#[must_use]
pub fn facts_of(event: &Envelope, settings: &BillingSettings) -> Vec<Fact> {
    let (it, at) = (&event.object, event.created);
    let nothing = |reason| Ok(vec![Fact::Nothing { reason }]);
    let read = match event.kind.as_str() {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
            checkout(it, at, settings)
        }
        "customer.created" | "customer.updated" => Ok(customer(event, settings)),
        "customer.discount.created" => Ok(discount(it, at)),
        "customer.subscription.created" | "customer.subscription.updated" => {
            Ok(subscription(it, at, settings))
        }
        "customer.subscription.deleted" => nothing("subscription_ended"),
        "customer.subscription.paused" => nothing("subscription_paused"),
        "customer.subscription.resumed" => nothing("subscription_resumed"),
        "customer.subscription.trial_will_end" => nothing("trial_will_end"),
        "invoice.paid" => invoice::paid(it, at, settings),
        "invoice.payment_succeeded" => nothing("told_by_invoice_paid"),
        "invoice.payment_failed" => nothing("payment_failed"),
        "invoice.voided" => nothing("invoice_voided"),
        "invoice_payment.paid" => Ok(invoice_payment(it)),
        "promotion_code.created" | "promotion_code.updated" => Ok(promotion_code(it)),
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            refund(it, at, None)
        }
        "charge.refunded" => charge_refunded(it, at),
        "charge.dispute.created" | "charge.dispute.updated" => nothing("dispute_open"),
        "charge.dispute.closed" => dispute(it, at),
        "credit_note.created" => credit_note(it, at),
        _ => nothing("kind_not_used"),
    };
    read.unwrap_or_else(|_| vec![Fact::Person { reason: "event_unreadable" }])
}

/// Click and codes that an object carries: metadata under the keys of the settings, discounts as
/// either version of the API has them.
pub(super) fn clues_in(object: &Value, metadata: &[&Value], settings: &BillingSettings) -> Clues {
    let click = metadata.iter().find_map(|metadata| {
        let mut texts = settings.click_keys.iter().filter_map(|key| json::text(metadata, &[key]));
        texts.find_map(click_text)
    });
    Clues { click, codes: codes_in(object) }
}

/// A text that is a click id; others write other things there.
fn click_text(text: &str) -> Option<String> {
    text.trim().parse::<ClickId>().ok().map(|click| click.to_string())
}

fn codes_in(object: &Value) -> Vec<CodeClue> {
    let one = json::at(object, &["discount"]).into_iter();
    let mut codes = Vec::new();
    for discount in one.chain(json::list(object, &["discounts"])) {
        for code in codes_of(discount) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }
    codes
}

/// A discount's promotion code, and its coupon, whose id may be what partners give away.
fn codes_of(discount: &Value) -> Vec<CodeClue> {
    let mut codes = Vec::new();
    match json::text(discount, &["promotion_code", "code"]) {
        Some(text) => codes.push(CodeClue::Text(text.to_owned())),
        None => {
            let id = json::id(discount, &["promotion_code"]);
            codes.extend(id.map(|id| CodeClue::Id(id.to_owned())));
        }
    }
    let coupon = json::first_id(discount, &[&["source", "coupon"], &["coupon"]]);
    codes.extend(coupon.map(|id| CodeClue::Text(id.to_owned())));
    codes
}

fn owned(id: Option<&str>) -> Option<String> {
    id.map(str::to_owned)
}

fn brought(it: Brought) -> Option<Fact> {
    let of_something = it.customer.is_some() || it.subscription.is_some() || it.invoice.is_some();
    (of_something && !it.clues.is_empty()).then_some(Fact::Brought(it))
}

fn or_nothing(facts: Vec<Fact>, reason: &'static str) -> Vec<Fact> {
    if facts.is_empty() { vec![Fact::Nothing { reason }] } else { facts }
}

/// Says who brought whom; a payment without an invoice is a sale of its own.
fn checkout(it: &Value, at: Timestamp, settings: &BillingSettings) -> Result<Vec<Fact>, String> {
    let metadata: Vec<&Value> = json::at(it, &["metadata"]).into_iter().collect();
    let mut clues = clues_in(it, &metadata, settings);
    let reference = json::text(it, &["client_reference_id"]).and_then(click_text);
    clues.click = reference.or(clues.click);
    let mut facts: Vec<Fact> = brought(Brought {
        at,
        customer: owned(json::id(it, &["customer"])),
        subscription: owned(json::id(it, &["subscription"])),
        invoice: owned(json::id(it, &["invoice"])),
        clues: clues.clone(),
    })
    .into_iter()
    .collect();
    let sold = json::text(it, &["mode"]) == Some("payment")
        && json::text(it, &["payment_status"]) == Some("paid")
        && json::id(it, &["invoice"]).is_none();
    if sold {
        facts.extend(one_payment(it, at, clues)?);
    }
    Ok(or_nothing(facts, "nobody_brought"))
}

fn one_payment(it: &Value, at: Timestamp, clues: Clues) -> Result<Vec<Fact>, String> {
    let currency = json::text(it, &["currency"]).ok_or("the session has no currency")?;
    let total = json::int(it, &["amount_total"]).ok_or("the session has no amount_total")?;
    let paid = amount::money(total, currency)?;
    if paid.minor <= 0 {
        return Ok(vec![Fact::Nothing { reason: "nothing_paid" }]);
    }
    let tax = json::int(it, &["total_details", "amount_tax"])
        .map(|tax| amount::money(tax, currency))
        .transpose()?
        .map(|tax| Money::new(tax.minor.clamp(0, paid.minor), paid.currency));
    let payment = json::id(it, &["payment_intent"]);
    let order_id = payment.or_else(|| json::text(it, &["id"])).ok_or("the session has no id")?;
    let mut facts: Vec<Fact> = payment
        .map(|payment| Fact::Paid { payment: payment.to_owned(), result: order_id.to_owned() })
        .into_iter()
        .collect();
    let country = json::text(it, &["customer_details", "address", "country"])
        .filter(|it| it.len() == 2 && it.bytes().all(|byte| byte.is_ascii_uppercase()));
    facts.push(Fact::Result(Box::new(BilledResult {
        kind: ResultKind::Sale,
        order_id: order_id.to_owned(),
        occurred_at: at,
        amount: Some(paid),
        net_amount: tax.map(|tax| Money::new(paid.minor - tax.minor, paid.currency)),
        tax,
        customer: owned(json::id(it, &["customer"])),
        subscription: None,
        clues,
        covers_months: None,
        items: Vec::new(),
        customer_country: owned(country),
    })));
    Ok(facts)
}

/// A result without an amount.
fn without_amount(kind: ResultKind, order_id: &str, at: Timestamp, clues: Clues) -> BilledResult {
    BilledResult {
        kind,
        order_id: order_id.to_owned(),
        occurred_at: at,
        amount: None,
        net_amount: None,
        tax: None,
        customer: None,
        subscription: None,
        clues,
        covers_months: None,
        items: Vec::new(),
        customer_country: None,
    }
}

fn customer(event: &Envelope, settings: &BillingSettings) -> Vec<Fact> {
    let it = &event.object;
    let Some(id) = json::text(it, &["id"]) else { return Vec::new() };
    let metadata: Vec<&Value> = json::at(it, &["metadata"]).into_iter().collect();
    let clues = clues_in(it, &metadata, settings);
    let mut facts: Vec<Fact> = brought(Brought {
        at: event.created,
        customer: Some(id.to_owned()),
        subscription: None,
        invoice: None,
        clues: clues.clone(),
    })
    .into_iter()
    .collect();
    if settings.report_signups && event.kind == "customer.created" {
        facts.push(Fact::Result(Box::new(BilledResult {
            customer: Some(id.to_owned()),
            ..without_amount(ResultKind::Signup, id, event.created, clues)
        })));
    }
    or_nothing(facts, "nobody_brought")
}

fn discount(it: &Value, at: Timestamp) -> Vec<Fact> {
    let fact = brought(Brought {
        at,
        customer: owned(json::id(it, &["customer"])),
        subscription: owned(json::id(it, &["subscription"])),
        invoice: owned(json::id(it, &["invoice"])),
        clues: Clues { click: None, codes: codes_of(it) },
    });
    or_nothing(fact.into_iter().collect(), "nobody_brought")
}

fn subscription(it: &Value, at: Timestamp, settings: &BillingSettings) -> Vec<Fact> {
    let Some(id) = json::text(it, &["id"]) else {
        return vec![Fact::Person { reason: "event_unreadable" }];
    };
    let metadata: Vec<&Value> = json::at(it, &["metadata"]).into_iter().collect();
    let clues = clues_in(it, &metadata, settings);
    let customer = owned(json::id(it, &["customer"]));
    let trial_end = json::moment(it, &["trial_end"]);
    let mut facts = vec![Fact::Subscription { id: id.to_owned(), trial_end }];
    facts.extend(brought(Brought {
        at,
        customer: customer.clone(),
        subscription: Some(id.to_owned()),
        invoice: None,
        clues: clues.clone(),
    }));
    // The trial of a subscription is one fact, whichever event of it comes first. Events after it
    // still say when it was, and would bring up trials from before Stripe was connected.
    if let Some(began) = json::moment(it, &["trial_start"])
        && json::text(it, &["status"]) == Some("trialing")
        && settings.report_trials
    {
        facts.push(Fact::Result(Box::new(BilledResult {
            customer,
            subscription: Some(id.to_owned()),
            ..without_amount(ResultKind::Trial, id, began, clues)
        })));
    }
    facts
}

fn invoice_payment(it: &Value) -> Vec<Fact> {
    let Some(invoice) = json::id(it, &["invoice"]) else {
        return vec![Fact::Person { reason: "event_unreadable" }];
    };
    let names: [&[&str]; 2] = [&["payment", "payment_intent"], &["payment", "charge"]];
    let names = names.iter().filter_map(|path| json::id(it, path));
    let facts = names
        .map(|name| Fact::Paid { payment: name.to_owned(), result: invoice.to_owned() })
        .collect();
    or_nothing(facts, "paid_elsewhere")
}

fn promotion_code(it: &Value) -> Vec<Fact> {
    match (json::text(it, &["id"]), json::text(it, &["code"])) {
        (Some(id), Some(code)) => vec![Fact::Code { id: id.to_owned(), code: code.to_owned() }],
        _ => vec![Fact::Person { reason: "event_unreadable" }],
    }
}

/// Names of the payment that an object is about.
fn payment_names(it: &Value) -> Vec<String> {
    let names: [&[&str]; 2] = [&["payment_intent"], &["charge"]];
    names.iter().filter_map(|path| json::id(it, path)).map(str::to_owned).collect()
}

/// Of a refund, what `status` says: only what has succeeded is money back.
fn refund(it: &Value, at: Timestamp, charge: Option<&Value>) -> Result<Vec<Fact>, String> {
    match json::text(it, &["status"]) {
        Some("succeeded") | None => {}
        // It may have been told as succeeded before, and cannot be taken back by itself.
        Some("failed" | "canceled") => return Ok(vec![Fact::Person { reason: "refund_failed" }]),
        Some(_) => return Ok(vec![Fact::Nothing { reason: "refund_pending" }]),
    }
    let id = json::text(it, &["id"]).ok_or("the refund has no id")?;
    let currency = json::text(it, &["currency"]).ok_or("the refund has no currency")?;
    let given = json::int(it, &["amount"]).ok_or("the refund has no amount")?;
    let mut payments = payment_names(it);
    let mut result = None;
    if let Some(charge) = charge {
        payments.extend(owned(json::text(charge, &["id"])));
        payments.extend(payment_names(charge));
        result = owned(json::id(charge, &["invoice"]));
    }
    result = result.or_else(|| owned(json::id(it, &["charge", "invoice"])));
    payments.sort_unstable();
    payments.dedup();
    Ok(vec![Fact::GivenBack(GivenBack {
        id: id.to_owned(),
        chargeback: false,
        amount: amount::money(given, currency)?,
        occurred_at: json::moment(it, &["created"]).unwrap_or(at),
        result,
        payments,
    })])
}

/// Older versions list the refunds in the charge; newer ones tell each by an event of its own.
fn charge_refunded(charge: &Value, at: Timestamp) -> Result<Vec<Fact>, String> {
    let mut facts = Vec::new();
    for it in json::list(charge, &["refunds", "data"]) {
        facts.extend(refund(it, at, Some(charge))?);
    }
    // What an older version's charge says of its invoice serves refunds told elsewhere.
    if let (Some(invoice), Some(id)) = (json::id(charge, &["invoice"]), json::text(charge, &["id"]))
    {
        facts.push(Fact::Paid { payment: id.to_owned(), result: invoice.to_owned() });
    }
    Ok(or_nothing(facts, "told_by_refund_created"))
}

/// A dispute takes the money for good only when it is lost.
fn dispute(it: &Value, at: Timestamp) -> Result<Vec<Fact>, String> {
    match json::text(it, &["status"]) {
        Some("lost") => {}
        Some("won") => return Ok(vec![Fact::Nothing { reason: "dispute_won" }]),
        _ => return Ok(vec![Fact::Nothing { reason: "dispute_without_loss" }]),
    }
    let id = json::text(it, &["id"]).ok_or("the dispute has no id")?;
    let currency = json::text(it, &["currency"]).ok_or("the dispute has no currency")?;
    let taken = json::int(it, &["amount"]).ok_or("the dispute has no amount")?;
    Ok(vec![Fact::GivenBack(GivenBack {
        id: id.to_owned(),
        chargeback: true,
        amount: amount::money(taken, currency)?,
        occurred_at: at,
        result: owned(json::id(it, &["charge", "invoice"])),
        payments: payment_names(it),
    })])
}

/// Of a credit note, what was paid back past Stripe. What went by Stripe, a refund tells; what
/// went to the customer's balance makes a later payment smaller.
fn credit_note(it: &Value, at: Timestamp) -> Result<Vec<Fact>, String> {
    let past = json::int(it, &["out_of_band_amount"]).filter(|amount| *amount > 0);
    let (Some(past), Some(invoice)) = (past, json::id(it, &["invoice"])) else {
        return Ok(vec![Fact::Nothing { reason: "credit_not_paid_out" }]);
    };
    let id = json::text(it, &["id"]).ok_or("the credit note has no id")?;
    let currency = json::text(it, &["currency"]).ok_or("the credit note has no currency")?;
    Ok(vec![Fact::GivenBack(GivenBack {
        id: id.to_owned(),
        chargeback: false,
        amount: amount::money(past, currency)?,
        occurred_at: json::moment(it, &["created"]).unwrap_or(at),
        result: Some(invoice.to_owned()),
        payments: Vec::new(),
    })])
}
