//! Months and periods of the program's calendar, in whole days.

use tributary_kernel::LocalDate;

use crate::Period;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: i32,
    /// 1 to 31.
    pub(crate) day: i32,
}

const DAYS_PER_ERA: i64 = 146_097; // 400 years
const DAYS_TO_1970: i64 = 719_468; // from 1 March of the year 0

/// Years that begin in March make the leap day the last one, so that months before it have fixed
/// places: month `m` from March begins at day `(153 m + 2) / 5`.
pub(crate) fn day_of(date: LocalDate) -> Day {
    let days = i64::from(date.as_days()) + DAYS_TO_1970;
    let era = days.div_euclid(DAYS_PER_ERA);
    let of_era = days.rem_euclid(DAYS_PER_ERA);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let small = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
    Day { year: small(year), month: small(month), day: small(day) }
}

/// The days of a month.
const fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Whole months from `first` to `on`: the largest number of which `window_end` is not after `on`.
/// Below zero where `on` is before `first`.
pub(crate) fn months_between(first: LocalDate, on: LocalDate) -> i32 {
    let (a, b) = (day_of(first), day_of(on));
    let months = (b.year - a.year) * 12 + (b.month - a.month);
    let reached = b.day >= a.day.min(days_in(b.year, b.month));
    if reached { months } else { months - 1 }
}

/// The first day of the period that a day is in; none for ever.
pub(crate) fn period_start(period: Period, on: LocalDate) -> Option<LocalDate> {
    let day = day_of(on);
    let back = match period {
        Period::Life => return None,
        Period::Day => 0,
        Period::Month => day.day - 1,
        Period::Quarter => {
            let earlier = (day.month - 1) % 3;
            (1..=earlier).map(|ago| days_in(day.year, day.month - ago)).sum::<i32>() + day.day - 1
        }
        Period::Year => {
            (1..day.month).map(|month| days_in(day.year, month)).sum::<i32>() + day.day - 1
        }
    };
    Some(on.plus_days(-back))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window_end;

    #[test]
    fn days_are_those_of_the_calendar() {
        for days in (-200_000..300_000).step_by(7) {
            let date = LocalDate::from_days(days);
            let (own, civil) = (day_of(date), date.civil());
            let theirs =
                (i32::from(civil.year()), i32::from(civil.month()), i32::from(civil.day()));
            assert_eq!((own.year, own.month, own.day), theirs, "{date}");
        }
    }

    #[test]
    fn months_are_those_of_the_window() {
        for first in (20_000..20_800).step_by(3).map(LocalDate::from_days) {
            for on in (0..900).step_by(5).map(|days| first.plus_days(days)) {
                let months = u16::try_from(months_between(first, on)).unwrap();
                assert!(window_end(first, months) <= on, "{first} {on} {months}");
                assert!(window_end(first, months + 1) > on, "{first} {on} {months}");
            }
        }
    }

    #[test]
    fn periods_begin() {
        let table = [
            (Period::Day, "2026-05-17", "2026-05-17"),
            (Period::Month, "2026-05-17", "2026-05-01"),
            (Period::Quarter, "2026-05-17", "2026-04-01"),
            (Period::Quarter, "2024-03-31", "2024-01-01"),
            (Period::Quarter, "2026-12-31", "2026-10-01"),
            (Period::Year, "2026-05-17", "2026-01-01"),
            (Period::Year, "2024-12-31", "2024-01-01"),
        ];
        for (period, on, start) in table {
            let found = period_start(period, on.parse().unwrap());
            assert_eq!(found.map(|day| day.to_string()).as_deref(), Some(start), "{on}");
        }
        assert_eq!(period_start(Period::Life, LocalDate::from_days(0)), None);
    }
}
