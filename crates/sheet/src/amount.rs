//! Amounts and numbers as people write them.

use tributary_money::{Currency, Money, MoneyError};

use crate::{CellError, NUMBER_MARK, plain};

/// The sign before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// `1.250,00`.
    Comma,
    /// `1,250.00`.
    Point,
}

impl Decimal {
    const fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}

/// Signs of currencies, and whose they are.
const SIGNS: &[(&str, &[&str])] = &[
    ("KR", &["DKK", "SEK", "NOK", "ISK"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("$", &["USD", "AUD", "CAD", "NZD", "SGD", "HKD"]),
    ("US$", &["USD"]),
    ("RP", &["IDR"]),
    ("¥", &["JPY", "CNY"]),
    ("ZŁ", &["PLN"]),
    ("CHF", &["CHF"]),
];

fn malformed() -> CellError {
    CellError::new("amount_malformed", "This is no amount: write digits, like 1250.00.")
}

/// Reads an amount in major units: `1.250,00 kr`, `DKK 1,250.00`, `(12,50)`, `-3`.
///
/// # Errors
/// `amount_malformed`, `amount_precision`, `amount_too_large`, `currency_mismatch`.
pub fn amount(cell: &str, currency: Currency, decimal: Decimal) -> Result<Money, CellError> {
    let (number, decimal) = match cell.strip_prefix(NUMBER_MARK) {
        Some(number) => (number, Decimal::Point),
        None => (cell, decimal),
    };
    let (number, in_brackets) = match number.trim().strip_prefix('(') {
        Some(inner) => (inner.strip_suffix(')').ok_or_else(malformed)?, true),
        None => (number.trim(), false),
    };
    let (digits, negative) = without_words(number, currency)?;
    let text = digits_of(&digits, decimal, currency)?;
    let sign = if negative || in_brackets { "-" } else { "" };
    Money::parse_decimal(&format!("{sign}{text}"), currency).map_err(|error| match error {
        MoneyError::Precision { .. } => {
            let places = currency.exponent();
            let detail = format!("{currency} has {places} decimal places: write no more.");
            CellError::new("amount_precision", detail)
        }
        MoneyError::Overflow => CellError::new("amount_too_large", "This is too much."),
        _ => malformed(),
    })
}

/// What is left without currency and sign, and whether it is below zero.
fn without_words(text: &str, currency: Currency) -> Result<(String, bool), CellError> {
    let is_number =
        |it: char| it.is_ascii_digit() || matches!(it, '.' | ',' | '\'' | '’' | '-' | '−' | '+');
    let first = text.find(|it: char| it.is_ascii_digit()).ok_or_else(malformed)?;
    let last = text.rfind(|it: char| it.is_ascii_digit()).ok_or_else(malformed)?;
    let (before, number, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let mut negative = false;
    for (part, may_begin) in [(before, true), (after, false)] {
        let minus = part.contains(['-', '−']);
        let word: String = part
            .chars()
            .filter(|it| !it.is_whitespace() && !matches!(it, '-' | '−' | '+'))
            .collect();
        // `1.250,-` is how round amounts are written in the north.
        let round = !may_begin && matches!(part.trim(), ",-" | ".-" | ",–");
        negative |= minus && !round;
        check_word(word.trim_matches(['.', ',', '–']), currency)?;
        if may_begin && word.ends_with(['.', ',']) && word.len() == 1 {
            return Ok((format!("0{word}{number}"), negative));
        }
    }
    if number.chars().any(|it| !is_number(it) && !it.is_whitespace()) {
        return Err(malformed());
    }
    Ok((number.to_owned(), negative))
}

fn check_word(word: &str, currency: Currency) -> Result<(), CellError> {
    if word.is_empty() {
        return Ok(());
    }
    let word = word.to_uppercase();
    if word == currency.code() {
        return Ok(());
    }
    let mismatch = || {
        let detail = format!("This program's amounts are in {currency}: convert before you send.");
        CellError::new("currency_mismatch", detail)
    };
    if let Some((_, whose)) = SIGNS.iter().find(|(sign, _)| *sign == word) {
        return if whose.contains(&currency.code()) { Ok(()) } else { Err(mismatch()) };
    }
    if Currency::from_code(&word).is_some() { Err(mismatch()) } else { Err(malformed()) }
}

/// Digits with a point, from digits with thousands signs in groups of three.
fn digits_of(text: &str, decimal: Decimal, currency: Currency) -> Result<String, CellError> {
    let (whole, fraction) = match text.split_once(decimal.sign()) {
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    if !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return Err(malformed());
    }
    let whole = ungrouped(whole)?;
    let places = usize::from(currency.exponent());
    // Three digits may be thousands in another hand's writing: those are not cut.
    let spare = fraction.get(places..).unwrap_or_default();
    let fraction = match spare.bytes().all(|it| it == b'0') && fraction.len() != 3 {
        true => &fraction[..fraction.len().min(places)],
        false => fraction,
    };
    Ok(if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") })
}

fn ungrouped(whole: &str) -> Result<String, CellError> {
    let is_digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(whole) {
        return if whole.is_empty() { Err(malformed()) } else { Ok(whole.to_owned()) };
    }
    let sign = whole.chars().find(|it| !it.is_ascii_digit()).ok_or_else(malformed)?;
    if !(sign.is_whitespace() || matches!(sign, '.' | ',' | '\'' | '’')) {
        return Err(malformed());
    }
    let groups: Vec<&str> = whole.split(sign).collect();
    let good = groups.iter().enumerate().all(|(place, group)| {
        is_digits(group)
            && if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 }
    });
    if good { Ok(groups.concat()) } else { Err(malformed()) }
}

/// A whole number without a unit.
///
/// # Errors
/// `number_malformed`.
pub fn whole(cell: &str) -> Result<u32, CellError> {
    plain(cell).trim().parse().map_err(|_| {
        CellError::new("number_malformed", "This is no whole number: write digits alone.")
    })
}

/// How a column of amounts is written, as far as its cells tell.
pub fn guess_decimal<'a>(cells: impl IntoIterator<Item = &'a str>) -> Option<Decimal> {
    let (mut comma, mut point) = (0, 0);
    for cell in cells {
        if cell.starts_with(NUMBER_MARK) {
            continue;
        }
        match (cell.rfind(','), cell.rfind('.')) {
            (Some(c), Some(p)) if c > p => comma += 2,
            (Some(_), Some(_)) => point += 2,
            (Some(c), None) => match fraction_len(&cell[c + 1..]) {
                1 | 2 => comma += 1,
                3 if cell.matches(',').count() > 1 => point += 1,
                _ => {}
            },
            (None, Some(p)) => match fraction_len(&cell[p + 1..]) {
                1 | 2 => point += 1,
                3 if cell.matches('.').count() > 1 => comma += 1,
                _ => {}
            },
            (None, None) => {}
        }
    }
    match comma.cmp(&point) {
        std::cmp::Ordering::Greater => Some(Decimal::Comma),
        std::cmp::Ordering::Less => Some(Decimal::Point),
        std::cmp::Ordering::Equal => None,
    }
}

fn fraction_len(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
