//! What every installation meets sooner or later, at any scale: lost clicks, wrong dates, two
//! systems that disagree, a large sale given back after it was paid.

use tributary_click::{Class, Device};
use tributary_kernel::Timestamp;

use super::reports::{Book, DAY, HOUR, MINUTE, report};
use super::{Answer, Change, Clue, PlannedClick, PlannedReport, Stage, Year};
use crate::cast::{CRM, Fate, PROGRAMS, SHOP};

/// Days before the end on which the edge's disk was full for some minutes.
const LOSS_DAYS_AGO: i64 = 5;
const LOSS_SECONDS: i64 = 12 * MINUTE;
const LOST_CLICKS: usize = 2;
/// After joining, a large contract; so many days later it is given back, paid by then.
const CONTRACT_AFTER: i32 = 75;
const GIVEN_BACK_AFTER: i64 = 123 * DAY;
const CONTRACT_NET: i64 = 6_000_000;
/// Days before the end on which odd reports come.
const ODD_DAYS_AGO: [i64; 3] = [3, 19, 47];

/// Marks the clicks that the edge loses, and adds some that are certain to be among them.
pub(super) fn lose_clicks(until: Timestamp, year: &mut Year) {
    let from = until.plus_days(-LOSS_DAYS_AGO);
    let end = from.plus_seconds(LOSS_SECONDS);
    for number in 0..LOST_CLICKS {
        year.clicks.push(PlannedClick {
            at: from.plus_seconds(MINUTE + 47 * i64::try_from(number).unwrap_or(0)),
            program: SHOP,
            partner: number,
            link: 0,
            class: Class::Countable,
            answer: Answer::Never,
            lost: true,
            visitor: [0; 16],
            country: *b"SE",
            device: Device::Phone,
            sub_id: None,
        });
    }
    for click in year.clicks.iter_mut().filter(|it| (from..=end).contains(&it.at)) {
        click.lost = true;
    }
    year.loss = Some((from, end));
}

pub(super) fn plan(stages: &[Stage], year: &Year, book: &mut Book) {
    let lost = year.clicks.iter().enumerate().filter(|(_, it)| it.lost && it.visitor == [0; 16]);
    for (number, (key, click)) in lost.enumerate() {
        let at = click.at.plus_seconds(20 * MINUTE);
        let order = report(SHOP, "sale", format!("G9{number}0001"), at, Clue::Click(key));
        book.report(PlannedReport { gross: Some(89_900), net: Some(71_920), ..order });
    }
    given_back(&stages[CRM], book);
    too_little(stages, book);
    // Before anything odd is added, so that what is contradicted is ordinary.
    let ordinary = book.len();
    for stage in stages {
        odd(stage, ordinary, book);
    }
}

fn place_of(program: usize, fate: Fate) -> Option<usize> {
    PROGRAMS[program].partners.iter().position(|it| it.fate == fate)
}

/// A year paid ahead, found by a partner, and paid back when its commission is paid.
fn given_back(stage: &Stage, book: &mut Book) {
    let Some(partner) = place_of(CRM, Fate::PaidBack) else { return };
    let joined = PROGRAMS[CRM].partners[partner].joins;
    let customer = Some("acc-1001".to_owned());
    let lead_at = stage.day(joined + 21).plus_seconds(13 * HOUR);
    let lead = report(CRM, "qualified_lead", "LEAD-4001".into(), lead_at, Clue::Named(partner));
    book.report(PlannedReport { customer: customer.clone(), ..lead });
    let at = stage.day(joined + CONTRACT_AFTER).plus_seconds(9 * HOUR);
    let sale = report(CRM, "sale", "INV-9001".into(), at, Clue::None);
    let gross = CONTRACT_NET * 5 / 4;
    let key = book.report(PlannedReport {
        gross: Some(gross),
        net: Some(CONTRACT_NET),
        customer,
        ..sale
    });
    book.adjust(at.plus_seconds(GIVEN_BACK_AFTER), key, Change::Refund(None));
}

/// One small sale for each partner that stays small.
fn too_little(stages: &[Stage], book: &mut Book) {
    for stage in stages {
        let Some(partner) = place_of(stage.program, Fate::StaysSmall) else { continue };
        let joined = PROGRAMS[stage.program].partners[partner].joins;
        let at = stage.day(joined + 12).plus_seconds(15 * HOUR);
        let order_id = format!("SMALL-{}", stage.program);
        let sale = report(stage.program, "sale", order_id, at, Clue::Named(partner));
        book.report(PlannedReport { gross: Some(99_900), net: Some(79_920), ..sale });
    }
}

/// Reports that a healthy system would not send: with a date to come, again with another amount,
/// again from a second system, with a code that nobody has.
fn odd(stage: &Stage, ordinary: usize, book: &mut Book) {
    let priced: Vec<usize> = (0..ordinary)
        .filter(|key| {
            let it = book.get(*key);
            it.program == stage.program && it.kind == "sale" && it.sent_at < stage.until
        })
        .collect();
    for (number, days) in ODD_DAYS_AGO.into_iter().enumerate() {
        let at = stage.until.plus_days(-days).plus_seconds(-3 * HOUR);
        let order_id = format!("ODD-{}-{number}", stage.program);
        let early = report(stage.program, "sale", order_id.clone(), at, Clue::None);
        let (gross, net) = (Some(45_000), Some(36_000));
        if number < 2 {
            let occurred_at = at.plus_days(3 + days);
            book.report(PlannedReport { occurred_at, gross, net, ..early.clone() });
        }
        let order_id = format!("{order_id}-code");
        let clue = Clue::UnknownCode;
        book.report(PlannedReport { order_id, clue, gross, net, ..early });
        let known = priced.iter().rev().filter(|key| book.get(**key).sent_at < at);
        let Some(known) = known.copied().nth(number * 3) else { continue };
        let again = PlannedReport { sent_at: at, second_source: true, ..book.get(known).clone() };
        let other = again.gross.map(|gross| gross + 1_000);
        book.report(again.clone());
        book.report(PlannedReport { gross: other, sent_at: at.plus_seconds(HOUR), ..again });
    }
}
