//! Days of the calendar, counted from 1 January 1970.

/// A period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    Day,
    Month,
    Quarter,
    Year,
    Life,
}

const fn leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of(year: i32, month: i32) -> i32 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of the month, counted one year and one month after the other.
fn civil(day: i32) -> (i32, i32, i32) {
    let (mut year, mut left) = (1970, day);
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let mut month = 1;
    while left >= days_of(year, month) {
        left -= days_of(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

fn day_of(year: i32, month: i32, day: i32) -> i32 {
    let years: i32 = (1970..year).map(|it| if leap(it) { 366 } else { 365 }).sum();
    years + (1..month).map(|it| days_of(year, it)).sum::<i32>() + day - 1
}

/// The first day of the period that a day is in.
pub(super) fn begins(per: Per, day: i32) -> i32 {
    let (year, month, _) = civil(day);
    match per {
        Per::Life => i32::MIN,
        Per::Day => day,
        Per::Month => day_of(year, month, 1),
        Per::Quarter => day_of(year, (month - 1) / 3 * 3 + 1, 1),
        Per::Year => day_of(year, 1, 1),
    }
}

/// The same day so many months later, or the last of a shorter month.
pub(super) fn months_later(day: i32, months: i32) -> i32 {
    let (year, month, date) = civil(day);
    let all = year * 12 + month - 1 + months;
    let (year, month) = (all / 12, all % 12 + 1);
    day_of(year, month, date.min(days_of(year, month)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(20_515), (2026, 3, 3));
        assert_eq!(civil(day_of(2028, 2, 29)), (2028, 2, 29));
        assert_eq!(begins(Per::Quarter, day_of(2026, 6, 30)), day_of(2026, 4, 1));
        assert_eq!(months_later(day_of(2026, 1, 31), 1), day_of(2026, 2, 28));
        assert_eq!(months_later(day_of(2026, 1, 15), 24), day_of(2028, 1, 15));
    }
}
