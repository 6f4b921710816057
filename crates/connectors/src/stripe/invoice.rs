//! A paid invoice.
//!
//! **What counts is what was paid** (`amount_paid`): a credit from a downgrade that Stripe keeps
//! on the customer's balance makes a later payment smaller, and so needs no entry of its own. Tax
//! is taken from it in proportion where less than the total was paid. A discount has made the
//! total smaller already.
//!
//! **Lines.** Proration takes back unused time and adds the new price: lines of one product and
//! price are netted, what nets below zero is left out, and the rest shares what was paid in
//! proportion, so that items sum to it exactly.

use std::collections::BTreeMap;

use serde_json::Value;
use tributary_app::billing::{BilledResult, BillingSettings, Fact, ResultKind};
use tributary_app::conversion::ReportedItem;
use tributary_kernel::Timestamp;
use tributary_money::{Money, allocate};

use super::facts::clues_in;
use super::{amount, json};

/// Lines that are told; an invoice with more is told without.
const ITEMS_MAX: usize = 100;
/// Pieces that are told of one line.
const QUANTITY_MAX: i64 = 1_000_000;
/// Average seconds of a month: a 400th of 146,097 days, by twelve.
const MONTH_SECONDS: i64 = 2_629_746;

/// What a paid invoice tells.
pub(super) fn paid(
    invoice: &Value,
    at: Timestamp,
    settings: &BillingSettings,
) -> Result<Vec<Fact>, String> {
    let id = json::text(invoice, &["id"]).ok_or("the invoice has no id")?;
    let currency = json::text(invoice, &["currency"]).ok_or("the invoice has no currency")?;
    let paid = json::int(invoice, &["amount_paid"]).ok_or("the invoice has no amount_paid")?;
    let paid = amount::money(paid, currency)?;
    let mut facts = payments(invoice, id);
    if paid.minor <= 0 {
        facts.push(Fact::Nothing { reason: "nothing_paid" });
        return Ok(facts);
    }
    let tax = tax_within(invoice, paid, currency)?;
    let net = tax.map(|tax| Money::new(paid.minor - tax.minor, paid.currency));
    let subscription = subscription_of(invoice);
    facts.push(Fact::Result(Box::new(BilledResult {
        kind: kind_of(invoice, subscription.is_some()),
        order_id: id.to_owned(),
        occurred_at: json::moment(invoice, &["status_transitions", "paid_at"]).unwrap_or(at),
        amount: Some(paid),
        net_amount: net,
        tax,
        customer: json::id(invoice, &["customer"]).map(str::to_owned),
        subscription: subscription.map(str::to_owned),
        clues: clues_in(invoice, &metadata(invoice), settings),
        covers_months: covers_months(invoice),
        items: items(invoice, paid, net, currency)?,
        customer_country: country(invoice),
    })));
    Ok(facts)
}

/// Every name of every payment that paid it.
fn payments(invoice: &Value, id: &str) -> Vec<Fact> {
    let mut names: Vec<&str> = Vec::new();
    names.extend(json::id(invoice, &["payment_intent"]));
    names.extend(json::id(invoice, &["charge"]));
    for payment in json::list(invoice, &["payments", "data"]) {
        names.extend(json::id(payment, &["payment", "payment_intent"]));
        names.extend(json::id(payment, &["payment", "charge"]));
    }
    names.sort_unstable();
    names.dedup();
    let told = |name: &str| Fact::Paid { payment: name.to_owned(), result: id.to_owned() };
    names.into_iter().map(told).collect()
}

/// The subscription, where any version of the API has it.
pub(super) fn subscription_of(invoice: &Value) -> Option<&str> {
    let own: [&[&str]; 2] =
        [&["parent", "subscription_details", "subscription"], &["subscription"]];
    let of_line: [&[&str]; 2] =
        [&["parent", "subscription_item_details", "subscription"], &["subscription"]];
    let lines = json::list(invoice, &["lines", "data"]);
    json::first_id(invoice, &own)
        .or_else(|| lines.iter().find_map(|line| json::first_id(line, &of_line)))
}

/// Where metadata of the subscription or the invoice is kept.
fn metadata(invoice: &Value) -> Vec<&Value> {
    let own: [&[&str]; 3] = [
        &["metadata"],
        &["parent", "subscription_details", "metadata"],
        &["subscription_details", "metadata"],
    ];
    let lines = json::list(invoice, &["lines", "data"]);
    own.iter()
        .filter_map(|path| json::at(invoice, path))
        .chain(lines.iter().filter_map(|line| json::at(line, &["metadata"])))
        .collect()
}

fn kind_of(invoice: &Value, of_subscription: bool) -> ResultKind {
    match json::text(invoice, &["billing_reason"]) {
        Some("subscription_create") => ResultKind::Sale,
        _ if !of_subscription => ResultKind::Sale,
        _ => period_start(invoice).map_or(ResultKind::Renewal, ResultKind::Period),
    }
}

fn is_proration(line: &Value) -> bool {
    json::is_true(line, &["proration"])
        || json::is_true(line, &["parent", "subscription_item_details", "proration"])
        || json::is_true(line, &["parent", "invoice_item_details", "proration"])
}

fn is_of_subscription(line: &Value) -> bool {
    let places: [&[&str]; 3] = [
        &["parent", "subscription_item_details", "subscription_item"],
        &["parent", "subscription_item_details", "subscription"],
        &["subscription"],
    ];
    json::first_id(line, &places).is_some()
}

/// The lines of whole periods.
fn whole_periods(invoice: &Value) -> impl Iterator<Item = (&Value, Timestamp, Timestamp)> {
    json::list(invoice, &["lines", "data"])
        .iter()
        .filter(|line| is_of_subscription(line) && !is_proration(line))
        .filter_map(|line| {
            let start = json::moment(line, &["period", "start"])?;
            Some((line, start, json::moment(line, &["period", "end"])?))
        })
}

/// When the period begins that is paid for; none where only changes are.
fn period_start(invoice: &Value) -> Option<Timestamp> {
    whole_periods(invoice).map(|(_, start, _)| start).min()
}

/// Months that all paid lines cover; none where they differ, or cover less than a month.
fn covers_months(invoice: &Value) -> Option<u16> {
    let mut all = whole_periods(invoice)
        .filter(|(line, ..)| json::int(line, &["amount"]).is_some_and(|it| it > 0))
        .map(|(_, start, end)| {
            let seconds = end.as_second().saturating_sub(start.as_second());
            seconds.saturating_add(MONTH_SECONDS / 2) / MONTH_SECONDS
        });
    let first = all.next()?;
    let same = all.all(|months| months == first);
    u16::try_from(first).ok().filter(|months| same && (1..=600).contains(months))
}

/// The tax within what was paid; none where the invoice does not say.
fn tax_within(invoice: &Value, paid: Money, currency: &str) -> Result<Option<Money>, String> {
    let listed = ["total_taxes", "total_tax_amounts"]
        .into_iter()
        .find(|name| json::at(invoice, &[name]).is_some())
        .map(|name| {
            json::list(invoice, &[name]).iter().filter_map(|tax| json::int(tax, &["amount"])).sum()
        });
    let Some(tax) = json::int(invoice, &["tax"]).or(listed) else { return Ok(None) };
    let tax = amount::money(tax, currency)?;
    let total = json::int(invoice, &["total"]).map(|it| amount::money(it, currency)).transpose()?;
    let minor = match total {
        Some(total) if total.minor > paid.minor => {
            let (tax, paid, total) =
                (i128::from(tax.minor), i128::from(paid.minor), i128::from(total.minor));
            i64::try_from((tax * paid + total / 2) / total).map_err(|it| it.to_string())?
        }
        _ => tax.minor,
    };
    Ok(Some(Money::new(minor.clamp(0, paid.minor), paid.currency)))
}

/// Product and price of a line.
type Bought = (Option<String>, Option<String>);

fn bought(line: &Value) -> Bought {
    let products: [&[&str]; 3] =
        [&["pricing", "price_details", "product"], &["price", "product"], &["plan", "product"]];
    let prices: [&[&str]; 3] = [&["pricing", "price_details", "price"], &["price"], &["plan"]];
    let owned = |id: Option<&str>| id.map(str::to_owned);
    (owned(json::first_id(line, &products)), owned(json::first_id(line, &prices)))
}

/// See the module.
fn items(
    invoice: &Value,
    paid: Money,
    net: Option<Money>,
    currency: &str,
) -> Result<Vec<ReportedItem>, String> {
    if json::is_true(invoice, &["lines", "has_more"]) {
        return Ok(Vec::new());
    }
    let mut netted: BTreeMap<Bought, (i64, i64)> = BTreeMap::new();
    for line in json::list(invoice, &["lines", "data"]) {
        let Some(line_amount) = json::int(line, &["amount"]) else { return Ok(Vec::new()) };
        let amount = amount::money(line_amount, currency)?.minor;
        let whole = netted.entry(bought(line)).or_default();
        whole.0 = whole.0.checked_add(amount).ok_or("lines are too large")?;
        let pieces = json::int(line, &["quantity"]).unwrap_or(1);
        whole.1 = whole.1.max(pieces.clamp(1, QUANTITY_MAX));
    }
    netted.retain(|_, (amount, _)| *amount > 0);
    if netted.is_empty() || netted.len() > ITEMS_MAX {
        return Ok(Vec::new());
    }
    let weights: Vec<u64> =
        netted.values().map(|(amount, _)| u64::try_from(*amount).unwrap_or(0)).collect();
    let amounts = allocate(paid.minor, &weights);
    let nets = net.map(|net| allocate(net.minor, &weights));
    let items = netted.into_iter().enumerate().map(|(place, ((product, sku), (_, quantity)))| {
        ReportedItem {
            product,
            category: None,
            sku,
            price: None,
            quantity: u32::try_from(quantity).unwrap_or(1),
            amount: Money::new(amounts[place], paid.currency),
            net_amount: nets.as_ref().map(|nets| Money::new(nets[place], paid.currency)),
            margin: None,
        }
    });
    Ok(items.collect())
}

fn country(invoice: &Value) -> Option<String> {
    let country = json::text(invoice, &["customer_address", "country"])?;
    let good = country.len() == 2 && country.bytes().all(|it| it.is_ascii_uppercase());
    good.then(|| country.to_owned())
}
