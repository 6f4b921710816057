//! Days and moments as people write them.

use jiff::civil;
use tributary_kernel::{LocalDate, Timestamp, Zone};

use crate::{CellError, NUMBER_MARK};

/// In which order days and months are written where the year is not first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `21.11.2026`.
    DayFirst,
    /// `11/21/2026`.
    MonthFirst,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A day, and no hour.
    Day(LocalDate),
    /// A moment.
    At(Timestamp),
}

impl Moment {
    /// A moment that has been: of a day its end, so that all that happened on it was before; never
    /// after `now`.
    #[must_use]
    pub fn by(self, now: Timestamp, zone: &Zone) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Day(day) => {
                let end = zone.start_of(day.plus_days(1)).plus_seconds(-1);
                if day <= zone.date(now) { end.min(now) } else { end }
            }
        }
    }
}

/// The first three letters of months in English, Danish, Swedish and Indonesian.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("maj", 5),
    ("mei", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("agu", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("des", 12),
];

/// Days of Excel's calendar that are taken for days: 1954 to 2119.
const SERIAL_DAYS: std::ops::Range<i64> = 20_000..80_000;
/// Days from Excel's day 0 to 1970-01-01.
const SERIAL_EPOCH: i64 = 25_569;

fn malformed() -> CellError {
    CellError::new("date_malformed", "This is no date: write it like 2026-11-21 or 21.11.2026.")
}

/// Reads a day or a moment: `2026-11-21`, `2026-11-21T09:30:00Z`, `21.11.2026 09:30`, `11/21/26`,
/// `21. november 2026`, seconds since 1970, or a day of Excel's. A wall clock without an offset is
/// the zone's.
///
/// # Errors
/// `date_malformed`.
pub fn moment(cell: &str, zone: &Zone, order: DateOrder) -> Result<Moment, CellError> {
    if let Some(number) = cell.strip_prefix(NUMBER_MARK) {
        return of_number(number, zone);
    }
    let text = cell.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Moment::At(at));
    }
    let offset_at_end = text.replacen(' ', "T", 1).replace(' ', "");
    if text.len() > 10
        && let Ok(at) = offset_at_end.parse::<Timestamp>()
    {
        return Ok(Moment::At(at));
    }
    if text.len() >= 10 && text.bytes().all(|it| it.is_ascii_digit()) {
        return of_number(text, zone);
    }
    let (day, clock) = divided(text);
    let day = date(day, order)?;
    match clock {
        None => Ok(Moment::Day(LocalDate::from_civil(day))),
        Some(clock) => Ok(Moment::At(zone.moment(day.to_datetime(time(clock)?)))),
    }
}

fn of_number(text: &str, zone: &Zone) -> Result<Moment, CellError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = whole.parse().map_err(|_| malformed())?;
    match whole.len() {
        13 => return Ok(Moment::At(Timestamp::from_millisecond(number))),
        10 => return Ok(Moment::At(Timestamp::from_millisecond(number * 1_000))),
        8 => return Ok(Moment::Day(LocalDate::from_civil(compact(whole)?))),
        _ => {}
    }
    if !SERIAL_DAYS.contains(&number) {
        return Err(malformed());
    }
    let days = i32::try_from(number - SERIAL_EPOCH).map_err(|_| malformed())?;
    let day = LocalDate::from_days(days);
    // Six digits of a day's fraction are a tenth of a second.
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let parts: i64 = digits.parse().map_err(|_| malformed())?;
    if parts == 0 {
        return Ok(Moment::Day(day));
    }
    let seconds = (parts * 86_400 + 500_000) / 1_000_000;
    let wall = day.civil().at(0, 0, 0, 0).saturating_add(jiff::Span::new().seconds(seconds));
    Ok(Moment::At(zone.moment(wall)))
}

/// `20261121`.
fn compact(text: &str) -> Result<civil::Date, CellError> {
    if text.len() != 8 || !text.is_ascii() {
        return Err(malformed());
    }
    day_of(&text[..4], &text[4..6], &text[6..])
}

/// Day and clock.
fn divided(text: &str) -> (&str, Option<&str>) {
    if let Some((day, clock)) = text.split_once('T')
        && day.ends_with(|it: char| it.is_ascii_digit())
        && clock.contains(':')
    {
        return (day.trim(), Some(clock.trim()));
    }
    let colon = text.find(':');
    let cut = colon.and_then(|colon| text[..colon].trim_end().rfind([' ', ',', '\u{a0}']));
    match cut {
        Some(cut) => {
            let clock = text[cut..].trim_start_matches([' ', ',', '\u{a0}']);
            (text[..cut].trim_end_matches([' ', ',']), Some(clock))
        }
        None => (text, None),
    }
}

fn date(text: &str, order: DateOrder) -> Result<civil::Date, CellError> {
    let parts: Vec<&str> = text
        .split(|it: char| matches!(it, '.' | '/' | '-' | ',') || it.is_whitespace())
        .filter(|it| !it.is_empty())
        .collect();
    match parts[..] {
        [one] => compact(one),
        [a, b, c] if a.len() == 4 && is_digits(a) => day_of(a, &month(b).unwrap_or(b.into()), c),
        [a, b, c] if is_digits(a) && month(b).is_some() => {
            day_of(c, &month(b).unwrap_or_default(), a)
        }
        [a, b, c] if month(a).is_some() => day_of(c, &month(a).unwrap_or_default(), b),
        [a, b, c] => match order {
            DateOrder::DayFirst => day_of(c, b, a),
            DateOrder::MonthFirst => day_of(c, a, b),
        },
        _ => Err(malformed()),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn month(word: &str) -> Option<String> {
    let letters: String = word.to_lowercase().chars().take(3).collect();
    let found = MONTHS.iter().find(|(name, _)| *name == letters)?;
    word.chars().all(char::is_alphabetic).then(|| found.1.to_string())
}

fn day_of(year: &str, month: &str, day: &str) -> Result<civil::Date, CellError> {
    if !is_digits(year) || !matches!(year.len(), 2 | 4) || month.len() > 2 || day.len() > 2 {
        return Err(malformed());
    }
    let century: i16 = if year.len() == 2 { 2_000 } else { 0 };
    let year: i16 = year.parse().map_err(|_| malformed())?;
    let month: i8 = month.parse().map_err(|_| malformed())?;
    let day: i8 = day.parse().map_err(|_| malformed())?;
    civil::Date::new(year + century, month, day).map_err(|_| malformed())
}

/// `09:30`, `9:30:05`, `09:30:05.250`, `9:30 PM`.
fn time(text: &str) -> Result<civil::Time, CellError> {
    let lower = text.trim().to_lowercase().replace('.', ":");
    let (clock, after_noon) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(clock), _) => (clock, Some(true)),
        (_, Some(clock)) => (clock, Some(false)),
        _ => (lower.as_str(), None),
    };
    let parts: Vec<&str> = clock.trim().split(':').collect();
    let number = |it: &str| -> Result<i8, CellError> {
        if it.len() > 2 { Err(malformed()) } else { it.parse().map_err(|_| malformed()) }
    };
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] | [hour, minute, second, _] => {
            (number(hour)?, number(minute)?, number(second)?)
        }
        _ => return Err(malformed()),
    };
    let hour = match after_noon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(malformed()),
        Some(after) => hour % 12 + if after { 12 } else { 0 },
    };
    civil::Time::new(hour, minute, second, 0).map_err(|_| malformed())
}

/// In which order a column of days is written, as far as its cells tell.
pub fn guess_order<'a>(cells: impl IntoIterator<Item = &'a str>) -> Option<DateOrder> {
    let (mut day, mut month) = (0, 0);
    for cell in cells {
        let mut numbers = cell
            .split(|it: char| !it.is_ascii_digit())
            .take(2)
            .map(|it| (it.len(), it.parse::<u32>().unwrap_or(0)));
        let (Some((first_len, first)), Some((_, second))) = (numbers.next(), numbers.next()) else {
            continue;
        };
        if first_len > 2 {
            continue;
        }
        day += u32::from((13..=31).contains(&first));
        month += u32::from((13..=31).contains(&second));
    }
    match day.cmp(&month) {
        std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        std::cmp::Ordering::Equal => None,
    }
}
