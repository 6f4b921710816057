//! The shop: orders minutes or days after a click, codes with and without a click, returns.

use tributary_kernel::Timestamp;

use super::reports::{Book, DAY, HOUR, MINUTE, converts, net_of, report};
use super::{Change, Clue, PlannedReport, Stage, Year};
use crate::calendar::Day;
use crate::cast::{PROGRAMS, SHOP};
use crate::dice::Dice;

/// Of clicks with an id that become an order, with a creator of usual quality.
const ORDER_PPM: u64 = 38_000;
/// From click to order: most at once, a few after the window.
const ORDER_DELAY: [i64; 10] = [
    2 * MINUTE,
    5 * MINUTE,
    9 * MINUTE,
    18 * MINUTE,
    45 * MINUTE,
    5 * HOUR,
    27 * HOUR,
    4 * DAY,
    11 * DAY,
    34 * DAY,
];
/// Orders of the year that used a code without any click.
const CODE_ORDERS: u64 = 1_900;
/// Of orders after a click: with another creator's code, and with the same creator's.
const OTHERS_CODE_PPM: u64 = 90_000;
const OWN_CODE_PPM: u64 = 160_000;
/// Orders that the shop reports though nothing led to them.
const UNLED_PPM: u64 = 25_000;
/// Gross, in öre.
const GROSS: [i64; 7] = [14_900, 39_900, 64_900, 99_900, 159_900, 279_900, 899_900];
const TAX_PERCENT: i64 = 25;
const SHIPPING: i64 = 4_900;
const FREE_SHIPPING_FROM: i64 = 49_900;
const RETURN_PPM: u64 = 110_000;
const CHARGEBACK_PPM: u64 = 2_000;
const CORRECTION_PPM: u64 = 3_000;

pub(super) fn plan(stage: &Stage, year: &Year, dice: &mut Dice, book: &mut Book) {
    let mut orders = after_clicks(stage, year, dice);
    let all: u64 = stage.days.iter().map(|day| day.weight).sum();
    for day in &stage.days {
        orders.extend(by_code(stage, day, all, dice));
    }
    orders.retain(|(at, _)| stage.has_happened(*at));
    orders.sort_by_key(|(at, _)| *at);
    for (number, (at, clue)) in orders.into_iter().enumerate() {
        order(stage, at, clue, number, dice, book);
    }
}

/// Creators with a code that is given out already, with their weight.
fn codes(day: i32) -> Vec<u64> {
    let weight = |it: &crate::cast::PartnerCast| {
        let over = it.stops().is_some_and(|stops| day >= stops);
        let gives = it.coupon.is_some() && it.promotes() && !over && day > it.joins + 1;
        if gives { it.traffic * it.quality } else { 0 }
    };
    PROGRAMS[SHOP].partners.iter().map(weight).collect()
}

fn after_clicks(stage: &Stage, year: &Year, dice: &mut Dice) -> Vec<(Timestamp, Clue)> {
    let partners = PROGRAMS[SHOP].partners;
    let mut orders = Vec::new();
    for (key, click) in year.clicks.iter().enumerate().filter(|(_, it)| it.program == SHOP) {
        let it = &partners[click.partner];
        if !converts(click, it.quality, ORDER_PPM, dice) {
            continue;
        }
        let at = click.at.plus_seconds(dice.along(&ORDER_DELAY));
        let number = stage.zone.date(at).as_days() - stage.days[0].date.as_days();
        let codes = codes(number);
        let clue = if dice.chance(OTHERS_CODE_PPM)
            && let Some(partner) = dice.weighted(&codes)
        {
            Clue::Coupon { partner, click: Some(key) }
        } else if codes[click.partner] > 0 && dice.chance(OWN_CODE_PPM) {
            Clue::Coupon { partner: click.partner, click: Some(key) }
        } else {
            Clue::Click(key)
        };
        orders.push((at, clue));
        if dice.chance(UNLED_PPM) {
            orders.push((at.plus_seconds(HOUR), Clue::None));
        }
    }
    orders
}

fn by_code(stage: &Stage, day: &Day, all: u64, dice: &mut Dice) -> Vec<(Timestamp, Clue)> {
    let of_day =
        u128::from(stage.scaled(CODE_ORDERS)) * u128::from(day.weight) / u128::from(all.max(1));
    let codes = codes(day.number);
    (0..dice.count(u64::try_from(of_day).unwrap_or(0)))
        .filter_map(|_| {
            let partner = dice.weighted(&codes)?;
            let at = PROGRAMS[SHOP].rhythm.moment(day, dice);
            Some((at, Clue::Coupon { partner, click: None }))
        })
        .collect()
}

fn order(
    stage: &Stage,
    at: Timestamp,
    clue: Clue,
    number: usize,
    dice: &mut Dice,
    book: &mut Book,
) {
    let mut gross = dice.along(&GROSS) / 100 * 100;
    if matches!(clue, Clue::Coupon { .. }) {
        gross = gross * 9 / 10;
    }
    let shipping = if gross < FREE_SHIPPING_FROM { SHIPPING } else { 0 };
    let gross = gross + shipping;
    let key = book.report(PlannedReport {
        gross: Some(gross),
        net: Some(net_of(gross, TAX_PERCENT, shipping)),
        quantity: u32::try_from(dice.between(1, 4)).unwrap_or(1),
        ..report(SHOP, "sale", format!("G{}", 100_200 + number), at, clue)
    });
    let (after, change) = if dice.chance(RETURN_PPM) {
        let part = dice.chance(650_000).then(|| gross * dice.between(20, 80) / 100);
        (dice.between(4 * DAY, 26 * DAY), Change::Refund(part))
    } else if dice.chance(CHARGEBACK_PPM) {
        (dice.between(20 * DAY, 50 * DAY), Change::Chargeback)
    } else if dice.chance(CORRECTION_PPM) {
        let right = gross - gross / 10;
        let net = net_of(right, TAX_PERCENT, shipping);
        (dice.between(DAY, 2 * DAY), Change::Correction(right, net))
    } else {
        return;
    };
    if stage.has_happened(at.plus_seconds(after)) {
        book.adjust(at.plus_seconds(after), key, change);
    }
}
