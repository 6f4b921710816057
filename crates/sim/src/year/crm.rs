//! The CRM vendor: leads days or weeks after a click, more than one decider per company, a
//! contract months later, monthly payments with growth, churn and credit notes.

use tributary_kernel::{LocalDate, Timestamp};
use tributary_ledger::Reason;

use super::reports::{Book, DAY, HOUR, MINUTE, converts, report};
use super::{Change, Clue, PlannedReport, Stage, Year};
use crate::cast::{CRM, PROGRAMS};
use crate::dice::Dice;

/// Of clicks with an id that become a lead, with a partner of usual quality.
const LEAD_PPM: u64 = 36_000;
/// From click to lead, at equal distances: a third within the hour, some after the window.
const LEAD_DELAY: [i64; 11] = [
    4 * MINUTE,
    12 * MINUTE,
    30 * MINUTE,
    5 * HOUR,
    2 * DAY,
    6 * DAY,
    13 * DAY,
    24 * DAY,
    41 * DAY,
    68 * DAY,
    97 * DAY,
];
/// From lead to first payment: the cycle of a purchase by several deciders.
const CYCLE: [i64; 6] = [21 * DAY, 48 * DAY, 74 * DAY, 105 * DAY, 150 * DAY, 235 * DAY];
const CUSTOMER_PPM: u64 = 150_000;
const YEARLY_PPM: u64 = 180_000;
const CHURN_PPM: u64 = 28_000;
const UPGRADE_PPM: u64 = 50_000;
const CREDIT_NOTE_PPM: u64 = 25_000;
/// Of leads: a colleague in a company that is known.
const COLLEAGUE_PPM: u64 = 130_000;
/// Of leads without a click: nobody knows from where; or a consultant named the customer.
const UNKNOWN_PPM: u64 = 60_000;
const NAMED_PPM: u64 = 60_000;
/// Every so many leads one does not meet the criteria, and one is known already.
const NOT_QUALIFIED_EVERY: usize = 17;
const DUPLICATE_EVERY: usize = 53;
/// Net price per seat and month, in øre.
const SEAT_PRICES: [i64; 3] = [14_900, 24_900, 39_900];
const SEATS: [i64; 6] = [3, 5, 9, 16, 28, 60];
const TAX_PERCENT: i64 = 25;

/// A company that may become a customer.
#[derive(Debug)]
struct Account {
    id: String,
    lead_at: Timestamp,
    declined: bool,
}

pub(super) fn plan(stage: &Stage, year: &Year, dice: &mut Dice, book: &mut Book) {
    let accounts = leads(stage, year, dice, book);
    let mut invoice = 10_000;
    for account in accounts.iter().filter(|it| !it.declined) {
        if dice.chance(CUSTOMER_PPM) {
            subscription(stage, account, &mut invoice, dice, book);
        }
    }
}

fn leads(stage: &Stage, year: &Year, dice: &mut Dice, book: &mut Book) -> Vec<Account> {
    let partners = PROGRAMS[CRM].partners;
    let consultants: Vec<usize> = (0..partners.len())
        .filter(|place| {
            let it = &partners[*place];
            it.kind == tributary_directory::PartnerKind::Consultant && it.promotes()
        })
        .collect();
    let mut found: Vec<(Timestamp, Clue)> = Vec::new();
    for (key, click) in year.clicks.iter().enumerate().filter(|(_, it)| it.program == CRM) {
        if !converts(click, partners[click.partner].quality, LEAD_PPM, dice) {
            continue;
        }
        let at = click.at.plus_seconds(dice.along(&LEAD_DELAY));
        found.push((at, Clue::Click(key)));
        if dice.chance(UNKNOWN_PPM) {
            found.push((at.plus_seconds(7 * HOUR), Clue::None));
        }
        if dice.chance(NAMED_PPM) {
            let partner = *dice.pick(&consultants);
            // Nobody recommends before joining.
            let at = at.max(stage.day(partners[partner].joins + 2)).plus_seconds(3 * HOUR);
            found.push((at, Clue::Named(partner)));
        }
    }
    found.retain(|(at, _)| stage.has_happened(*at));
    found.sort_by_key(|(at, _)| *at);
    let mut accounts: Vec<Account> = Vec::new();
    for (number, (at, clue)) in found.into_iter().enumerate() {
        let known = accounts.len().saturating_sub(30)..accounts.len();
        let colleague = !known.is_empty() && dice.chance(COLLEAGUE_PPM);
        let declined = if number % NOT_QUALIFIED_EVERY == 7 {
            Some(Reason::NotQualified)
        } else if number % DUPLICATE_EVERY == 20 {
            Some(Reason::Duplicate)
        } else {
            None
        };
        let customer = if colleague {
            dice.pick(&accounts[known]).id.clone()
        } else {
            let id = format!("acc-{}", 2_001 + accounts.len());
            let declined = declined.is_some();
            accounts.push(Account { id: id.clone(), lead_at: at, declined });
            id
        };
        let order_id = format!("LEAD-{}", 5_001 + number);
        let sent_at = nightly(stage, at);
        book.report(PlannedReport {
            sent_at,
            customer: Some(customer),
            declined: declined.filter(|_| !colleague),
            ..report(CRM, "qualified_lead", order_id, at, clue)
        });
    }
    accounts
}

/// The CRM sends what happened at two o'clock of the next night.
fn nightly(stage: &Stage, at: Timestamp) -> Timestamp {
    let next = stage.zone.date(at).plus_days(1);
    stage.zone.start_of(next).plus_seconds(2 * HOUR)
}

/// A contract with its payments, until it ends or the year does.
fn subscription(
    stage: &Stage,
    account: &Account,
    invoice: &mut u32,
    dice: &mut Dice,
    book: &mut Book,
) {
    let first = account.lead_at.plus_seconds(dice.along(&CYCLE));
    let first_day = stage.zone.date(first);
    let yearly = dice.chance(YEARLY_PPM);
    let mut monthly = dice.along(&SEATS) * *dice.pick(&SEAT_PRICES);
    for month in 0..12 {
        if month > 0 && (yearly || dice.chance(CHURN_PPM)) {
            return;
        }
        if month > 0 && dice.chance(UPGRADE_PPM) {
            monthly = monthly * dice.between(120, 180) / 100;
        }
        let charged = stage.zone.start_of(months_later(first_day, month));
        let at = charged.plus_seconds(8 * HOUR + dice.between(0, HOUR));
        if !stage.has_happened(at) {
            return;
        }
        // Two months are free for who pays a year ahead.
        let net = if yearly { monthly * 10 } else { monthly };
        let gross = net * (100 + TAX_PERCENT) / 100;
        *invoice += 1;
        let kind = if month == 0 { "sale" } else { "renewal" };
        let key = book.report(PlannedReport {
            sent_at: nightly(stage, at),
            gross: Some(gross),
            net: Some(net),
            customer: Some(account.id.clone()),
            ..report(CRM, kind, format!("INV-{invoice}"), at, Clue::None)
        });
        if dice.chance(CREDIT_NOTE_PPM) {
            credit_note(stage, key, gross, dice, book);
        }
    }
}

fn credit_note(stage: &Stage, key: usize, gross: i64, dice: &mut Dice, book: &mut Book) {
    let at = book.get(key).sent_at.plus_seconds(dice.between(3 * DAY, 24 * DAY));
    if stage.has_happened(at) {
        let part = dice.chance(400_000).then(|| gross * dice.between(10, 60) / 100);
        book.adjust(at, key, Change::Refund(part));
    }
}

/// The same day of a later month, or its last.
fn months_later(day: LocalDate, months: i32) -> LocalDate {
    let span = jiff::Span::new().months(months);
    day.civil().checked_add(span).map_or(day, LocalDate::from_civil)
}
