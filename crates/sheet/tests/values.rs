//! Amounts and moments as people write them.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

use tributary_kernel::{Timestamp, Zone};
use tributary_money::Currency;
use tributary_sheet::{
    DateOrder, Decimal, Moment, amount, guess_decimal, guess_order, moment, whole,
};

fn minor(cell: &str, code: &str, decimal: Decimal) -> String {
    match amount(cell, Currency::from_code(code).unwrap(), decimal) {
        Ok(money) => money.minor.to_string(),
        Err(error) => error.code.to_owned(),
    }
}

#[test]
fn amounts() {
    let table: &[(&str, &str, &str, &str)] = &[
        // cell, currency, with a decimal comma, with a decimal point
        ("1250", "DKK", "125000", "125000"),
        ("12,50", "DKK", "1250", "amount_malformed"),
        ("12.50", "DKK", "amount_malformed", "1250"),
        ("1.250,00", "DKK", "125000", "amount_malformed"),
        ("1,250.00", "DKK", "amount_malformed", "125000"),
        ("1.250", "DKK", "125000", "amount_precision"),
        ("1,250", "DKK", "amount_precision", "125000"),
        ("1 250,5", "DKK", "125050", "amount_malformed"),
        ("1\u{a0}250,50 kr.", "DKK", "125050", "amount_malformed"),
        ("1'250.50", "CHF", "amount_malformed", "125050"),
        ("kr 80", "SEK", "8000", "8000"),
        ("DKK 80", "DKK", "8000", "8000"),
        ("80 DKK", "DKK", "8000", "8000"),
        ("80,-", "DKK", "8000", "8000"),
        ("Rp 1.250.000", "IDR", "125000000", "amount_malformed"),
        ("€ 12", "EUR", "1200", "1200"),
        ("€ 12", "DKK", "currency_mismatch", "currency_mismatch"),
        ("12 SEK", "DKK", "currency_mismatch", "currency_mismatch"),
        ("-3", "DKK", "-300", "-300"),
        ("3-", "DKK", "-300", "-300"),
        ("(3)", "DKK", "-300", "-300"),
        ("−3", "DKK", "-300", "-300"),
        (",5", "DKK", "50", "amount_malformed"),
        ("1200.0000", "JPY", "amount_malformed", "1200"),
        ("12.5000", "DKK", "amount_malformed", "1250"),
        ("\u{1}1250.5", "DKK", "125050", "125050"),
        ("\u{1}0.005", "DKK", "amount_precision", "amount_precision"),
        ("1.25.0", "DKK", "amount_malformed", "amount_malformed"),
        ("12.34.567", "DKK", "amount_malformed", "amount_malformed"),
        ("twelve", "DKK", "amount_malformed", "amount_malformed"),
        ("12 boxes", "DKK", "amount_malformed", "amount_malformed"),
        ("", "DKK", "amount_malformed", "amount_malformed"),
        ("99999999999999999999", "DKK", "amount_too_large", "amount_too_large"),
    ];
    for (cell, code, comma, point) in table {
        assert_eq!(minor(cell, code, Decimal::Comma), *comma, "{cell:?} with a comma");
        assert_eq!(minor(cell, code, Decimal::Point), *point, "{cell:?} with a point");
    }
    assert_eq!(whole("\u{1}3").unwrap(), 3);
    assert_eq!(whole("3,5").unwrap_err().code, "number_malformed");
}

#[test]
fn how_a_column_is_written_is_told_by_its_cells() {
    let table: &[(&[&str], Option<Decimal>)] = &[
        (&["12,50", "8"], Some(Decimal::Comma)),
        (&["12.50", "8"], Some(Decimal::Point)),
        (&["1.250,00"], Some(Decimal::Comma)),
        (&["1,250.00"], Some(Decimal::Point)),
        (&["1.250.000"], Some(Decimal::Comma)),
        (&["1.250", "8"], None),
        (&["\u{1}12.5"], None),
    ];
    for (cells, expected) in table {
        assert_eq!(guess_decimal(cells.iter().copied()), *expected, "{cells:?}");
    }
    let order = |cells: &[&str]| guess_order(cells.iter().copied());
    assert_eq!(order(&["01.02.2026", "21.02.2026"]), Some(DateOrder::DayFirst));
    assert_eq!(order(&["01/02/2026", "02/21/2026"]), Some(DateOrder::MonthFirst));
    assert_eq!(order(&["2026-02-21", "01/02/2026"]), None);
}

#[test]
fn moments() {
    let zone = Zone::named("Europe/Copenhagen").unwrap();
    let shown = |cell: &str, order: DateOrder| match moment(cell, &zone, order) {
        Ok(Moment::Day(day)) => day.to_string(),
        Ok(Moment::At(at)) => at.to_string(),
        Err(error) => error.code.to_owned(),
    };
    let table: &[(&str, &str)] = &[
        ("2026-11-21", "2026-11-21"),
        ("2026/11/21", "2026-11-21"),
        ("20261121", "2026-11-21"),
        ("21.11.2026", "2026-11-21"),
        ("21-11-26", "2026-11-21"),
        ("21/11/2026", "2026-11-21"),
        ("1.2.2026", "2026-02-01"),
        ("21. november 2026", "2026-11-21"),
        ("21 okt 2026", "2026-10-21"),
        ("Nov 21, 2026", "2026-11-21"),
        ("3 Agustus 2026", "2026-08-03"),
        ("2026-11-21T09:30:00Z", "2026-11-21T09:30:00Z"),
        ("2026-11-21T09:30:00+02:00", "2026-11-21T07:30:00Z"),
        ("2026-11-21 09:30:00+02:00", "2026-11-21T07:30:00Z"),
        ("2026-11-21T09:30", "2026-11-21T08:30:00Z"),
        ("2026-11-21 09:30", "2026-11-21T08:30:00Z"),
        ("21.11.2026 09:30:05", "2026-11-21T08:30:05Z"),
        ("21.11.2026, 9:30 PM", "2026-11-21T20:30:00Z"),
        ("21.07.2026 12:00 am", "2026-07-20T22:00:00Z"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
        ("1795253400", "2026-11-21T09:30:00Z"),
        ("1795253400000", "2026-11-21T09:30:00Z"),
        ("\u{1}46347", "2026-11-21"),
        ("\u{1}46347.5", "2026-11-21T11:00:00Z"),
        ("\u{1}7", "date_malformed"),
        ("31.02.2026", "date_malformed"),
        ("21.13.2026", "date_malformed"),
        ("25:00", "date_malformed"),
        ("2026-11-21 25:00", "date_malformed"),
        ("yesterday", "date_malformed"),
        ("", "date_malformed"),
    ];
    for (cell, expected) in table {
        assert_eq!(shown(cell, DateOrder::DayFirst), *expected, "{cell:?}");
    }
    assert_eq!(shown("11/21/2026", DateOrder::MonthFirst), "2026-11-21");
    assert_eq!(shown("11/12/2026", DateOrder::MonthFirst), "2026-11-12");
    assert_eq!(shown("11/12/2026", DateOrder::DayFirst), "2026-12-11");
}

/// A day alone ends what happened on it, but never lies ahead.
#[test]
fn a_day_alone_is_its_end() {
    let zone = Zone::named("Europe/Copenhagen").unwrap();
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let by =
        |cell: &str| moment(cell, &zone, DateOrder::DayFirst).unwrap().by(now, &zone).to_string();
    assert_eq!(by("2026-11-20"), "2026-11-20T22:59:59Z");
    assert_eq!(by("2026-11-21"), "2026-11-21T12:00:00Z");
    assert_eq!(by("2026-11-22"), "2026-11-22T22:59:59Z", "ahead stays ahead");
    assert_eq!(by("2026-11-20T01:00:00Z"), "2026-11-20T01:00:00Z");
}
