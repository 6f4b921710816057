//! The travel brand: transfers and tickets at a fixed amount, journeys by per cent, cancellations.

use tributary_kernel::Timestamp;

use super::reports::{Book, DAY, HOUR, MINUTE, converts, net_of, report};
use super::{Change, Clue, PlannedReport, Stage, Year};
use crate::cast::{PROGRAMS, TRAVEL};
use crate::dice::Dice;

/// Of clicks with an id that become a booking, with a brand of usual quality.
const BOOKING_PPM: u64 = 46_000;
/// From click to booking: half on the day, some after the window.
const BOOKING_DELAY: [i64; 9] = [
    3 * MINUTE,
    9 * MINUTE,
    22 * MINUTE,
    2 * HOUR,
    20 * HOUR,
    4 * DAY,
    12 * DAY,
    27 * DAY,
    66 * DAY,
];
/// Gross, in cents.
const JOURNEY: [i64; 6] = [24_900, 48_900, 79_900, 129_900, 219_900, 489_900];
const TRANSFER: [i64; 4] = [1_890, 2_990, 4_490, 9_800];
const TICKET: [i64; 4] = [2_400, 4_500, 7_200, 14_000];
const TAX_PERCENT: i64 = 19;
const CANCELLED_PPM: u64 = 75_000;
const UNLED_PPM: u64 = 30_000;

pub(super) fn plan(stage: &Stage, year: &Year, dice: &mut Dice, book: &mut Book) {
    let partners = PROGRAMS[TRAVEL].partners;
    let mut bookings: Vec<(Timestamp, Clue)> = Vec::new();
    for (key, click) in year.clicks.iter().enumerate().filter(|(_, it)| it.program == TRAVEL) {
        if !converts(click, partners[click.partner].quality, BOOKING_PPM, dice) {
            continue;
        }
        let at = click.at.plus_seconds(dice.along(&BOOKING_DELAY));
        bookings.push((at, Clue::Click(key)));
        if dice.chance(UNLED_PPM) {
            bookings.push((at.plus_seconds(2 * HOUR), Clue::None));
        }
    }
    bookings.retain(|(at, _)| stage.has_happened(*at));
    bookings.sort_by_key(|(at, _)| *at);
    for (number, (at, clue)) in bookings.into_iter().enumerate() {
        booking(stage, at, clue, number, dice, book);
    }
}

fn booking(
    stage: &Stage,
    at: Timestamp,
    clue: Clue,
    number: usize,
    dice: &mut Dice,
    book: &mut Book,
) {
    let (kind, prices, travellers) = match dice.below(100) {
        0..42 => ("transfer_booking", TRANSFER.as_slice(), 1),
        42..60 => ("event_ticket", TICKET.as_slice(), dice.between(1, 4)),
        _ => ("sale", JOURNEY.as_slice(), 1),
    };
    let gross = dice.along(prices) / 10 * 10 * travellers;
    let key = book.report(PlannedReport {
        gross: Some(gross),
        net: Some(net_of(gross, TAX_PERCENT, 0)),
        quantity: u32::try_from(travellers).unwrap_or(1),
        ..report(TRAVEL, kind, format!("WF-{}", 70_001 + number), at, clue)
    });
    if dice.chance(CANCELLED_PPM) {
        let cancelled = at.plus_seconds(dice.between(DAY, 30 * DAY));
        if stage.has_happened(cancelled) {
            book.adjust(cancelled, key, Change::Refund(None));
        }
    }
}
