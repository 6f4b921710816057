//! An auditor of the CRM vendor's program that knows its plan by its words alone:
//!
//! * 500 kr. for the first qualified lead of a customer;
//! * 15 % of the net amount of a customer's payments for 24 months from the first, rounded to the
//!   øre, halves to the even one;
//! * to whom the customer belongs: the partner of its first credited report, else whom the
//!   advertiser named, else the last click of at most 90 days before, by the clock in Copenhagen;
//! * a refund takes back the same part of the commission.
//!
//! It reads the planned facts and nothing of the engine: no plan document, no journey, no record.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp, tz::TimeZone};
use tributary_sim::{Change, ClickKey, Clue, PlannedReport, Year, referral_code};

const CRM: usize = 0;
const LEAD: i128 = 50_000;

#[derive(Debug, Default)]
struct Customer {
    partner: Option<usize>,
    clicks: Vec<ClickKey>,
    leads: u32,
    first_payment: Option<Timestamp>,
}

/// What a report should earn, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) partner: &'static str,
    pub(crate) amount: i128,
    pub(crate) returned: i128,
    pub(crate) will_be_declined: bool,
}

/// What every paid report of the program should have earned, by event and order id.
pub(crate) fn audit(year: &Year, until: Timestamp) -> BTreeMap<(String, String), Due> {
    let mut customers: BTreeMap<String, Customer> = BTreeMap::new();
    let mut due = BTreeMap::new();
    for report in &year.reports {
        let sent = moment(report.sent_at.as_microsecond()) < until;
        if report.program != CRM || !sent || !is_fact(report) {
            continue;
        }
        // A report without a customer is one of its own.
        let id = report.customer.clone().unwrap_or_else(|| format!("only {}", report.order_id));
        let customer = customers.entry(id).or_default();
        if let Clue::Click(key) = report.clue {
            customer.clicks.push(key);
        }
        let at = moment(report.occurred_at.as_microsecond());
        let partner = belongs_to(customer, report.clue, year, at);
        let amount = partner.map_or(0, |_| earned(customer, report, at));
        if let (Some(partner), 1..) = (partner, amount) {
            let key = (report.kind.to_owned(), report.order_id.clone());
            let partner = referral_code(CRM, partner);
            let will_be_declined = report.declined.is_some();
            due.insert(key, Due { partner, amount, returned: 0, will_be_declined });
        }
        customer.partner = customer.partner.or(partner);
        if report.kind == "qualified_lead" {
            customer.leads += 1;
        } else {
            customer.first_payment.get_or_insert(at);
        }
    }
    give_back(year, until, &mut due);
    due
}

/// Whether a report becomes a fact: dates to come, unknown codes and second sources do not.
fn is_fact(report: &PlannedReport) -> bool {
    report.occurred_at <= report.sent_at
        && !report.second_source
        && report.clue != Clue::UnknownCode
}

fn moment(microsecond: i64) -> Timestamp {
    Timestamp::from_microsecond(microsecond).unwrap()
}

fn copenhagen() -> TimeZone {
    TimeZone::get("Europe/Copenhagen").unwrap()
}

fn belongs_to(customer: &Customer, clue: Clue, year: &Year, at: Timestamp) -> Option<usize> {
    if customer.partner.is_some() {
        return customer.partner;
    }
    if let Clue::Named(partner) = clue {
        return Some(partner);
    }
    let clicks = customer.clicks.iter().map(|key| &year.clicks[*key]);
    let in_window = clicks.filter(|click| {
        let clicked = moment(click.at.as_microsecond()).to_zoned(copenhagen());
        let last = clicked.checked_add(Span::new().days(90)).unwrap();
        clicked.timestamp() <= at && at <= last.timestamp()
    });
    in_window.max_by_key(|click| click.at).map(|click| click.partner)
}

fn earned(customer: &Customer, report: &PlannedReport, at: Timestamp) -> i128 {
    if report.kind == "qualified_lead" {
        return if customer.leads == 0 { LEAD } else { 0 };
    }
    let first = customer.first_payment.unwrap_or(at).to_zoned(copenhagen()).date();
    let over = first.checked_add(Span::new().months(24)).unwrap();
    if at.to_zoned(copenhagen()).date() >= over {
        return 0;
    }
    half_even(i128::from(report.net.unwrap()) * 15, 100)
}

fn half_even(number: i128, by: i128) -> i128 {
    let (whole, rest) = (number / by, number % by * 2);
    whole + i128::from(rest > by || (rest == by && whole % 2 == 1))
}

fn give_back(year: &Year, until: Timestamp, due: &mut BTreeMap<(String, String), Due>) {
    for it in &year.adjustments {
        let report = &year.reports[it.report];
        if report.program != CRM || moment(it.sent_at.as_microsecond()) >= until {
            continue;
        }
        let Change::Refund(part) = it.change else { panic!("{it:?} is no refund") };
        let key = (report.kind.to_owned(), report.order_id.clone());
        let Some(earned) = due.get_mut(&key) else { continue };
        assert_eq!(earned.returned, 0, "one refund per payment, else rounding would add up");
        let gross = i128::from(report.gross.unwrap());
        let part = part.map_or(gross, i128::from);
        earned.returned = half_even(earned.amount * part, gross);
    }
}
