//! When money becomes payable and when it is paid: calendar arithmetic in the program's zone.

use tributary_kernel::{LocalDate, Timestamp, Zone};

/// How often a program pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// On this day of every month, 1 to 31; a month without it pays on its last day.
    Monthly {
        /// Day of the month; values outside 1 to 31 count as the nearest inside.
        day: u8,
    },
    /// On this day of the week, 1 (Monday) to 7; values outside count as the nearest inside.
    Weekly {
        /// Day of the week.
        weekday: u8,
    },
    /// On these two days of every month, each as with [`Rhythm::Monthly`].
    TwiceMonthly {
        /// One day.
        first: u8,
        /// The other.
        second: u8,
    },
    /// On this day of January, April, July and October.
    Quarterly {
        /// Day of the month, as with [`Rhythm::Monthly`].
        day: u8,
    },
    /// On the first banking day after the partner's approved balance reached the threshold.
    AfterThreshold,
}

/// The moment at which a hold of `days` ends: the first of the local day `days` after the local
/// day of `occurred_at`, never before `occurred_at` itself.
///
/// Days are counted as dates, as on an invoice: thirty days from any hour of 1 June end when
/// 1 July begins there, with 23 and 25 hour days counting as one. The shortest real hold is
/// therefore a little over `days - 1` times 24 hours.
#[must_use]
pub fn hold_until(zone: &Zone, occurred_at: Timestamp, days: u16) -> Timestamp {
    let last = zone.date(occurred_at).plus_days(i32::from(days));
    zone.start_of(last).max(occurred_at)
}

/// The first pay day on which money with that hold is paid, under a monthly rhythm; with
/// [`Rhythm::AfterThreshold`], the earliest possible, as if the threshold were reached already.
#[must_use]
pub fn due_date(zone: &Zone, rhythm: Rhythm, occurred_at: Timestamp, hold_days: u16) -> LocalDate {
    let payable = zone.date(hold_until(zone, occurred_at, hold_days));
    rhythm.on_or_after(payable).unwrap_or_else(|| banking_day_on_or_after(payable.plus_days(1)))
}

/// The next pay day as of `now`, today included. `reached_at` says when the balance reached the
/// threshold; it matters only to [`Rhythm::AfterThreshold`], which has no pay day before.
#[must_use]
pub fn next_pay_date(
    zone: &Zone,
    rhythm: Rhythm,
    now: Timestamp,
    reached_at: Option<Timestamp>,
) -> Option<LocalDate> {
    let today = zone.date(now);
    rhythm.on_or_after(today).or_else(|| {
        let reached = zone.date(reached_at?);
        Some(banking_day_on_or_after(reached.plus_days(1).max(today)))
    })
}

/// The same day, or the Monday after a Saturday or Sunday. National holidays are not known here:
/// a bank that gets a file for one executes it on its next banking day, so money may arrive later
/// than this date says, never earlier.
#[must_use]
pub fn banking_day_on_or_after(date: LocalDate) -> LocalDate {
    // Monday is 1.
    match date.civil().weekday().to_monday_one_offset() {
        6 => date.plus_days(2),
        7 => date.plus_days(1),
        _ => date,
    }
}

impl Rhythm {
    /// The first pay day of a calendar from `earliest` on; none for [`Rhythm::AfterThreshold`],
    /// which has no calendar.
    #[must_use]
    pub fn on_or_after(self, earliest: LocalDate) -> Option<LocalDate> {
        match self {
            Self::Monthly { day } => Some(in_months(day, earliest, 1)),
            Self::Quarterly { day } => Some(in_months(day, earliest, 3)),
            Self::TwiceMonthly { first, second } => {
                Some(in_months(first, earliest, 1).min(in_months(second, earliest, 1)))
            }
            Self::Weekly { weekday } => Some(in_weeks(weekday, earliest)),
            Self::AfterThreshold => None,
        }
    }

    /// About how many days lie between two pay days; 1 where the partner decides by earning.
    #[must_use]
    pub const fn days_between(self) -> u16 {
        match self {
            Self::AfterThreshold => 1,
            Self::Weekly { .. } => 7,
            Self::TwiceMonthly { .. } => 15,
            Self::Monthly { .. } => 30,
            Self::Quarterly { .. } => 91,
        }
    }
}

/// The first pay day from `earliest` on, in every month or in the first of each `every` months of
/// the year. Months before are tried too, as their pay day may have moved over a weekend.
fn in_months(day: u8, earliest: LocalDate, every: i8) -> LocalDate {
    let this_month = earliest.civil().first_of_month();
    let month = |offset: i32| {
        let span = jiff::Span::new().months(offset);
        this_month.checked_add(span).unwrap_or(this_month)
    };
    let pay_day = |first: jiff::civil::Date| {
        let day = i32::from(day.clamp(1, 31)).min(i32::from(first.days_in_month()));
        banking_day_on_or_after(LocalDate::from_civil(first).plus_days(day - 1))
    };
    (-1..=3)
        .map(month)
        .filter(|first| (first.month() - 1) % every == 0)
        .map(pay_day)
        .find(|date| *date >= earliest)
        .unwrap_or(earliest)
}

/// A Saturday or Sunday moves to Monday, so days shortly before `earliest` are tried too.
fn in_weeks(weekday: u8, earliest: LocalDate) -> LocalDate {
    let wanted = i8::try_from(weekday.clamp(1, 7)).unwrap_or(1);
    (-2..=7)
        .map(|offset| earliest.plus_days(offset))
        .filter(|date| date.civil().weekday().to_monday_one_offset() == wanted)
        .map(banking_day_on_or_after)
        .find(|date| *date >= earliest)
        .unwrap_or(earliest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// One moment, three zones: its local day differs, so do the end of the hold and the pay day.
    #[test]
    fn due_dates_in_three_zones() {
        let table = "
            2026-05-31T22:30:00Z | Europe/Copenhagen  | 30 | 2026-06-30T22:00:00Z | 2026-07-01
            2026-05-31T22:30:00Z | America/New_York   | 30 | 2026-06-30T04:00:00Z | 2026-07-01
            2026-05-31T22:30:00Z | Asia/Jakarta       | 30 | 2026-06-30T17:00:00Z | 2026-07-01
            2026-06-01T17:30:00Z | Europe/Copenhagen  | 30 | 2026-06-30T22:00:00Z | 2026-07-01
            2026-06-01T17:30:00Z | America/New_York   | 30 | 2026-07-01T04:00:00Z | 2026-07-01
            2026-06-01T17:30:00Z | Asia/Jakarta       | 30 | 2026-07-01T17:00:00Z | 2026-08-03
            2026-02-26T23:30:00Z | Europe/Copenhagen  | 30 | 2026-03-28T23:00:00Z | 2026-04-01
            2026-02-28T23:30:00Z | Europe/Copenhagen  | 30 | 2026-03-30T22:00:00Z | 2026-04-01
            2026-02-28T23:30:00Z | America/New_York   | 30 | 2026-03-30T04:00:00Z | 2026-04-01
            2026-02-28T23:30:00Z | Asia/Jakarta       | 30 | 2026-03-30T17:00:00Z | 2026-04-01
            2026-10-25T00:30:00Z | Europe/Copenhagen  |  0 | 2026-10-25T00:30:00Z | 2026-11-02
            2026-10-24T23:30:00Z | Europe/Copenhagen  |  1 | 2026-10-25T23:00:00Z | 2026-11-02
            2026-11-01T04:30:00Z | America/New_York   |  1 | 2026-11-02T05:00:00Z | 2026-11-02
            2026-11-01T04:30:00Z | Asia/Jakarta       |  1 | 2026-11-01T17:00:00Z | 2026-11-02
        ";
        let mut rows = 0;
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (zone, days) = (zone(cells[1]), cells[2].parse().unwrap());
            let until = hold_until(&zone, at(cells[0]), days);
            assert_eq!(until.to_string(), cells[3], "{line}");
            let due = due_date(&zone, Rhythm::Monthly { day: 1 }, at(cells[0]), days);
            assert_eq!(due.to_string(), cells[4], "{line}");
            rows += 1;
        }
        assert_eq!(rows, 14);
    }

    #[test]
    fn pay_days() {
        // day of the month | now (Copenhagen) | pay day
        let table = "
            1  | 2026-08-01T10:00:00Z | 2026-08-03
            1  | 2026-08-02T10:00:00Z | 2026-08-03
            1  | 2026-08-03T21:59:00Z | 2026-08-03
            1  | 2026-08-03T22:00:00Z | 2026-09-01
            15 | 2026-11-15T10:00:00Z | 2026-11-16
            31 | 2026-02-10T10:00:00Z | 2026-03-02
            31 | 2026-04-01T10:00:00Z | 2026-04-30
            30 | 2027-01-31T10:00:00Z | 2027-02-01
            31 | 2026-12-31T22:30:00Z | 2026-12-31
            31 | 2026-12-31T23:30:00Z | 2027-02-01
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let rhythm = Rhythm::Monthly { day: cells[0].parse().unwrap() };
            let next = next_pay_date(&zone("Europe/Copenhagen"), rhythm, at(cells[1]), None);
            assert_eq!(next.unwrap().to_string(), cells[2], "{line}");
        }
    }

    /// Which local day it is decides, so one moment has different pay days in three zones.
    #[test]
    fn other_rhythms_in_three_zones() {
        let weekly = |weekday| Rhythm::Weekly { weekday };
        let twice = Rhythm::TwiceMonthly { first: 1, second: 15 };
        let quarterly = Rhythm::Quarterly { day: 31 };
        // Friday 31 July 22:30 in Copenhagen, 16:30 in New York, Saturday 1 August 03:30 in Jakarta.
        let now = at("2026-07-31T20:30:00Z");
        for (rhythm, copenhagen, new_york, jakarta) in [
            (weekly(5), "2026-07-31", "2026-07-31", "2026-08-07"),
            (weekly(6), "2026-08-03", "2026-08-03", "2026-08-03"),
            (weekly(1), "2026-08-03", "2026-08-03", "2026-08-03"),
            (twice, "2026-08-03", "2026-08-03", "2026-08-03"),
            (quarterly, "2026-07-31", "2026-07-31", "2026-11-02"),
        ] {
            for (name, expected) in [
                ("Europe/Copenhagen", copenhagen),
                ("America/New_York", new_york),
                ("Asia/Jakarta", jakarta),
            ] {
                let next = next_pay_date(&zone(name), rhythm, now, None).unwrap();
                assert_eq!(next.to_string(), expected, "{rhythm:?} in {name}");
            }
        }
        let sunday = at("2026-08-02T10:00:00Z");
        let next = next_pay_date(&zone("Europe/Copenhagen"), weekly(6), sunday, None).unwrap();
        assert_eq!(next.to_string(), "2026-08-03", "Saturday's, moved to Monday, is not over yet");
    }

    #[test]
    fn after_the_threshold() {
        let zone = zone("Europe/Stockholm");
        let now = at("2026-11-21T09:00:00Z");
        let next = |reached| next_pay_date(&zone, Rhythm::AfterThreshold, now, reached);
        assert_eq!(next(None), None);
        let friday = Some(at("2026-11-20T12:00:00Z"));
        assert_eq!(next(friday).unwrap().to_string(), "2026-11-23", "Saturday moves to Monday");
        let long_ago = Some(at("2026-11-02T12:00:00Z"));
        assert_eq!(next(long_ago).unwrap().to_string(), "2026-11-23", "never in the past");
    }

    proptest! {
        #[test]
        fn a_pay_day_is_a_weekday_and_never_past(
            day in 0u8..40,
            us in -1_000_000_000_000_000i64..4_000_000_000_000_000,
            days in 0u16..800,
        ) {
            let (now, zone) = (Timestamp::from_microsecond(us), zone("Asia/Jakarta"));
            let rhythm = Rhythm::Monthly { day };
            let next = next_pay_date(&zone, rhythm, now, None).unwrap();
            prop_assert!(next >= zone.date(now));
            prop_assert!(next.as_days() - zone.date(now).as_days() <= 34);
            prop_assert_eq!(banking_day_on_or_after(next), next);
            // The pay day found for itself is itself: no day is skipped by asking late.
            prop_assert_eq!(next_pay_date(&zone, rhythm, zone.start_of(next), None), Some(next));
            let until = hold_until(&zone, now, days);
            prop_assert!(until >= now);
            prop_assert_eq!(zone.date(until).as_days(), zone.date(now).as_days() + i32::from(days));
            prop_assert!(due_date(&zone, rhythm, now, days) >= zone.date(until));
        }
    }
}
