//! When people click: by hour, weekday and month, more as a program grows, most in its peaks.

use tributary_kernel::{LocalDate, Timestamp, Zone};

use crate::dice::Dice;

/// Days that are played, not counting the day that has only begun.
pub const YEAR_DAYS: i32 = 365;
const SECONDS_PER_HOUR: i64 = 3_600;

/// Dates with more traffic than their month says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peak {
    None,
    /// The week of the fourth Friday of November, until the Monday after it.
    BlackWeek,
    /// The first three weeks of January, when summers are booked.
    EarlyBooking,
}

/// How a program's traffic is spread over time. All weights are relative.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rhythm {
    /// Of local hours, from midnight.
    pub(crate) hours: [u64; 24],
    /// From Monday.
    pub(crate) weekdays: [u64; 7],
    /// From January.
    pub(crate) months: [u64; 12],
    /// At the year's first and last day.
    pub(crate) growth: (u64, u64),
    pub(crate) peak: Peak,
    /// Times the usual traffic, in tenths.
    pub(crate) peak_tenths: u64,
}

/// A local day of a program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    /// From 0.
    pub(crate) number: i32,
    pub(crate) date: LocalDate,
    pub(crate) start: Timestamp,
    pub(crate) weight: u64,
}

/// The local days of a year that ends at `until`, the day that has only begun included.
pub(crate) fn days(zone: &Zone, rhythm: &Rhythm, until: Timestamp) -> Vec<Day> {
    let today = zone.date(until);
    (0..=YEAR_DAYS)
        .map(|number| {
            let date = today.plus_days(number - YEAR_DAYS);
            let weight = rhythm.weight(number, date);
            Day { number, date, start: zone.start_of(date), weight }
        })
        .collect()
}

impl Rhythm {
    fn weight(&self, number: i32, date: LocalDate) -> u64 {
        let civil = date.civil();
        let month = usize::try_from(civil.month() - 1).unwrap_or(0);
        let weekday = usize::try_from(civil.weekday().to_monday_zero_offset()).unwrap_or(0);
        let (first, last) = self.growth;
        let gone = u64::try_from(number).unwrap_or(0);
        let year = u64::from(YEAR_DAYS.unsigned_abs());
        let growth = (first * (year - gone.min(year)) + last * gone) / year;
        let peak = if self.peak.is_on(date) { self.peak_tenths } else { 10 };
        self.months[month] * self.weekdays[weekday] * growth * peak
    }

    /// A moment of a day.
    pub(crate) fn moment(&self, day: &Day, dice: &mut Dice) -> Timestamp {
        let hour = dice.weighted(&self.hours).unwrap_or(12);
        let second = i64::try_from(hour).unwrap_or(12) * SECONDS_PER_HOUR
            + dice.between(0, SECONDS_PER_HOUR - 1);
        let millisecond = dice.between(0, 999);
        Timestamp::from_millisecond(day.start.plus_seconds(second).as_millisecond() + millisecond)
    }
}

impl Peak {
    pub(crate) fn is_on(self, date: LocalDate) -> bool {
        let civil = date.civil();
        match self {
            Self::None => false,
            Self::EarlyBooking => civil.month() == 1 && civil.day() <= 21,
            Self::BlackWeek => (-3..=4).any(|offset| is_black_friday(date.plus_days(offset))),
        }
    }
}

/// The day after the fourth Thursday of November.
fn is_black_friday(date: LocalDate) -> bool {
    let civil = date.civil();
    civil.month() == 11
        && (23..=29).contains(&civil.day())
        && civil.weekday().to_monday_one_offset() == 5
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: Rhythm = Rhythm {
        hours: [1; 24],
        weekdays: [1; 7],
        months: [1; 12],
        growth: (100, 300),
        peak: Peak::BlackWeek,
        peak_tenths: 40,
    };

    #[test]
    fn black_week_is_monday_to_monday() {
        let on: Vec<String> = (0..365)
            .map(|day| "2026-01-01".parse::<LocalDate>().unwrap().plus_days(day))
            .filter(|date| Peak::BlackWeek.is_on(*date))
            .map(|date| date.to_string())
            .collect();
        assert_eq!(on.len(), 8);
        assert_eq!((on[0].as_str(), on[7].as_str()), ("2026-11-23", "2026-11-30"));
    }

    #[test]
    fn a_year_ends_today_and_grows() {
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        let until: Timestamp = "2026-11-21T09:30:00Z".parse().unwrap();
        let days = days(&zone, &EVEN, until);
        assert_eq!(days.len(), 366);
        assert_eq!(days[0].date.to_string(), "2025-11-21");
        assert_eq!(days[365].date.to_string(), "2026-11-21");
        assert_eq!((days[0].weight, days[365].weight), (1_000, 3_000));
        // Of the 366 days one has 23 hours: its last hour may fall on the next date, no other.
        let mut dice = Dice::new(1, 1);
        let elsewhere =
            days.iter().filter(|day| zone.date(EVEN.moment(day, &mut dice)) != day.date).count();
        assert!(elsewhere <= 1, "{elsewhere}");
    }
}
