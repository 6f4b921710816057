//! From a fact to what is reported: pure, on what other events have told.
//!
//! **Invariant.** What is known grows only, and of two values for one key the same one wins in
//! whatever order they come ([`Known::put`]). So events that come in any order, and more than
//! once, end in the same reports, provided that what belongs together comes within
//! [`PATIENCE_SECONDS`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tributary_kernel::{ProgramId, Timestamp};

use super::fact::{BilledResult, Clues, CodeClue, Fact, GivenBack, ResultKind};
use crate::conversion::{ReportConversion, ReportedDetails};

/// How long a payment waits for the event that says who brought it, and for its subscription.
/// Systems send these within seconds of each other.
pub const PATIENCE_SECONDS: i64 = 10 * 60;
/// How long a refund waits for its sale.
pub const REFUND_PATIENCE_SECONDS: i64 = 30 * 86_400;

/// A value and since when it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownValue {
    /// Since when.
    pub at: Timestamp,
    /// Text or JSON.
    pub value: String,
}

/// What events have told of the ids that facts name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<String, KnownValue>);

impl Known {
    /// From what is stored.
    #[must_use]
    pub const fn new(values: BTreeMap<String, KnownValue>) -> Self {
        Self(values)
    }

    /// Learns; the earliest value stays, of two at one time the smaller text. Tells whether this
    /// changed something.
    pub fn put(&mut self, key: String, value: KnownValue) -> bool {
        match self.0.get(&key) {
            Some(known) if *known <= value => false,
            _ => {
                self.0.insert(key, value);
                true
            }
        }
    }

    fn get(&self, key: &str) -> Option<&KnownValue> {
        self.0.get(key)
    }

    fn click(&self, of: &str) -> Option<String> {
        self.get(&click_of(of)).map(|it| it.value.clone())
    }

    fn codes(&self, of: &str) -> Vec<CodeClue> {
        let stored = self.get(&codes_of(of));
        stored.and_then(|it| serde_json::from_str(&it.value).ok()).unwrap_or_default()
    }
}

fn of_customer(id: &str) -> String {
    format!("customer/{id}")
}
fn of_subscription(id: &str) -> String {
    format!("subscription/{id}")
}
fn of_invoice(id: &str) -> String {
    format!("invoice/{id}")
}
fn click_of(of: &str) -> String {
    format!("click/{of}")
}
fn codes_of(of: &str) -> String {
    format!("codes/{of}")
}
fn seen(id: &str) -> String {
    format!("seen/{id}")
}
fn trial_end(id: &str, at: Timestamp) -> String {
    format!("trial_end/{id}/{}", at.as_second())
}
fn of_payment(id: &str) -> String {
    format!("payment/{id}")
}
fn of_code(id: &str) -> String {
    format!("code/{id}")
}
/// What a fact adds to what is known, whatever else is.
#[must_use]
pub fn learn(fact: &Fact, event_at: Timestamp) -> Vec<(String, KnownValue)> {
    let text = |value: &str| KnownValue { at: event_at, value: value.to_owned() };
    match fact {
        Fact::Brought(it) => {
            let of = [
                it.customer.as_deref().map(of_customer),
                it.subscription.as_deref().map(of_subscription),
                it.invoice.as_deref().map(of_invoice),
            ];
            let told = |value: String| KnownValue { at: it.at, value };
            let mut all = Vec::new();
            for of in of.into_iter().flatten() {
                all.extend(it.clues.click.clone().map(|click| (click_of(&of), told(click))));
                if !it.clues.codes.is_empty() {
                    let codes = serde_json::to_string(&it.clues.codes);
                    let codes = codes.expect("our types have string keys");
                    all.push((codes_of(&of), told(codes)));
                }
            }
            all
        }
        Fact::Paid { payment, result } => vec![(of_payment(payment), text(result))],
        Fact::Subscription { id, trial_end: end } => {
            let mut all = vec![(seen(id), text(""))];
            all.extend(end.map(|end| (trial_end(id, end), text(""))));
            all
        }
        Fact::Code { id, code } => vec![(of_code(id), text(code))],
        Fact::Result(_) | Fact::GivenBack(_) | Fact::Nothing { .. } | Fact::Person { .. } => {
            Vec::new()
        }
    }
}

/// The keys that [`resolve`] may look at, beside those of codes that clues name.
#[must_use]
pub fn asks(fact: &Fact) -> Vec<String> {
    match fact {
        Fact::Result(it) => {
            let subscription = it.subscription.as_deref();
            let mut of = near(it);
            of.extend(it.customer.as_deref().map(of_customer));
            let mut keys: Vec<String> =
                of.iter().flat_map(|of| [click_of(of), codes_of(of)]).collect();
            keys.extend(subscription.map(seen));
            if let (Some(id), ResultKind::Period(start)) = (subscription, it.kind) {
                keys.push(trial_end(id, start));
            }
            keys
        }
        Fact::GivenBack(it) => it.payments.iter().map(|id| of_payment(id)).collect(),
        _ => Vec::new(),
    }
}

/// The keys of codes that clues known so far name by id.
#[must_use]
pub fn asks_codes(fact: &Fact, known: &Known) -> Vec<String> {
    let Fact::Result(it) = fact else { return Vec::new() };
    let mut of = near(it);
    of.extend(it.customer.as_deref().map(of_customer));
    let told = of.iter().flat_map(|of| known.codes(of));
    told.chain(it.clues.codes.iter().cloned())
        .filter_map(|code| match code {
            CodeClue::Id(id) => Some(of_code(&id)),
            CodeClue::Text(_) => None,
        })
        .collect()
}

/// What is to be done with a fact now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// Report this. The codes are candidates, best first: those that are no partner's are the
    /// advertiser's own.
    Report(Box<ReportConversion>, Vec<String>),
    /// Take this back of the result with this order id.
    TakeBack(String, GivenBack),
    /// Wait for one of these keys, until then.
    Wait {
        /// Any of them.
        keys: Vec<String>,
        /// When waiting ends.
        until: Timestamp,
    },
    /// Nothing more.
    Done,
    /// Waited in vain, or a person must look.
    Left(&'static str),
}

/// Decides what a fact means with what is known. `received_at` is when it came here first.
#[must_use]
pub fn resolve(
    fact: &Fact,
    known: &Known,
    program: ProgramId,
    received_at: Timestamp,
    now: Timestamp,
) -> Resolved {
    match fact {
        Fact::Result(it) => result(it, known, program, received_at, now),
        Fact::GivenBack(it) => {
            let paid = it.payments.iter().find_map(|id| known.get(&of_payment(id)));
            let result = it.result.clone().or_else(|| paid.map(|it| it.value.clone()));
            let until = received_at.plus_seconds(REFUND_PATIENCE_SECONDS);
            match result {
                Some(result) => Resolved::TakeBack(result, it.clone()),
                None if now < until => Resolved::Wait { keys: asks(fact), until },
                None => Resolved::Left("payment_unknown"),
            }
        }
        Fact::Person { reason } => Resolved::Left(reason),
        _ => Resolved::Done,
    }
}

fn result(
    it: &BilledResult,
    known: &Known,
    program: ProgramId,
    received_at: Timestamp,
    now: Timestamp,
) -> Resolved {
    let until = received_at.plus_seconds(PATIENCE_SECONDS);
    let kind = kind_of(it, known);
    let mut of = near(it);
    let near_click = it.clues.click.clone().or_else(|| of.iter().find_map(|of| known.click(of)));
    // Until then a customer's earlier clues are not asked: this may have come by somebody else.
    if now >= until {
        of.extend(it.customer.as_deref().map(of_customer));
    }
    let clues = Clues {
        click: near_click.or_else(|| of.iter().find_map(|of| known.click(of))),
        codes: std::iter::once(it.clues.codes.clone())
            .chain(of.iter().map(|of| known.codes(of)))
            .find(|codes| !codes.is_empty())
            .unwrap_or_default(),
    };
    let mut waits: Vec<String> = Vec::new();
    if kind.is_none() {
        waits.extend(it.subscription.as_deref().map(seen));
    }
    if clues.click.is_none() {
        waits.extend(of.iter().map(|of| click_of(of)));
    }
    let mut codes = Vec::new();
    for code in &clues.codes {
        match code {
            CodeClue::Text(text) => codes.push(text.clone()),
            CodeClue::Id(id) => match known.get(&of_code(id)) {
                Some(text) => codes.push(text.value.clone()),
                None => waits.push(of_code(id)),
            },
        }
    }
    if now < until && !waits.is_empty() {
        return Resolved::Wait { keys: waits, until };
    }
    let details = ReportedDetails {
        items: it.items.clone(),
        tax: it.tax,
        covers_months: it.covers_months,
        customer_country: it.customer_country.clone(),
        ..ReportedDetails::default()
    };
    let report = ReportConversion {
        program: Some(program),
        kind: kind.unwrap_or("renewal").to_owned(),
        order_id: it.order_id.clone(),
        occurred_at: Some(it.occurred_at),
        amount: it.amount,
        net_amount: it.net_amount,
        click_id: clues.click,
        customer_id: it.customer.clone(),
        details: Some(Box::new(details)).filter(|it| !it.is_empty()),
        ..ReportConversion::default()
    };
    Resolved::Report(Box::new(report), codes)
}

/// Whose clues are a result's own: its invoice's and its subscription's.
fn near(it: &BilledResult) -> Vec<String> {
    let subscription = it.subscription.as_deref().map(of_subscription);
    std::iter::once(of_invoice(&it.order_id)).chain(subscription).collect()
}

/// None: not known yet.
fn kind_of(it: &BilledResult, known: &Known) -> Option<&'static str> {
    match (it.kind, it.subscription.as_deref()) {
        (ResultKind::Signup, _) => Some("signup"),
        (ResultKind::Trial, _) => Some("trial"),
        (ResultKind::Sale, _) => Some("sale"),
        (ResultKind::Renewal, _) | (ResultKind::Period(_), None) => Some("renewal"),
        (ResultKind::Period(start), Some(id)) => {
            known.get(&seen(id))?;
            let first = known.get(&trial_end(id, start)).is_some();
            Some(if first { "sale" } else { "renewal" })
        }
    }
}
