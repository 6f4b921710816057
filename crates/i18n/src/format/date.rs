use jiff::civil::{Date, Weekday};
use tributary_kernel::{LocalDate, Timestamp, Zone};

use super::number::NO_BREAK_SPACE;
use crate::{Arg, Language, Texts};

const MONTHS: [[&str; 12]; 4] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
];

const MONTHS_SHORT: [[&str; 12]; 4] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"],
    ["jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."],
    ["jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
];

/// From Monday.
const WEEKDAYS: [[&str; 7]; 4] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
];

/// Days beyond which "in 12 days" says less than the date itself.
const RELATIVE_DAYS_MAX: i32 = 30;

impl Language {
    fn month_name(self, date: Date) -> &'static str {
        MONTHS[self as usize][usize::from(date.month().unsigned_abs()) - 1]
    }

    fn month_name_short(self, date: Date) -> &'static str {
        MONTHS_SHORT[self as usize][usize::from(date.month().unsigned_abs()) - 1]
    }

    /// The day of the month: Danish sets a full stop behind it.
    fn day(self, date: Date) -> String {
        match self {
            Self::Da => format!("{}.", date.day()),
            Self::En | Self::Sv | Self::Id => date.day().to_string(),
        }
    }

    /// A day in running text and tables: `21 Nov 2026`, `21. nov. 2026`.
    #[must_use]
    pub fn date(self, day: LocalDate) -> String {
        let date = day.civil();
        format!("{} {}", self.day_month(day), date.year())
    }

    /// A day without its year, where the year is plain: `21 Nov`.
    #[must_use]
    pub fn day_month(self, day: LocalDate) -> String {
        let date = day.civil();
        format!("{}{NO_BREAK_SPACE}{}", self.day(date), self.month_name_short(date))
    }

    /// A day written out: `21 November 2026`.
    #[must_use]
    pub fn date_long(self, day: LocalDate) -> String {
        let date = day.civil();
        format!("{}{NO_BREAK_SPACE}{} {}", self.day(date), self.month_name(date), date.year())
    }

    /// Weekday and day, without the year: `Friday 28 November`. For days near enough to plan by.
    #[must_use]
    pub fn weekday_date(self, day: LocalDate) -> String {
        let date = day.civil();
        let weekday = WEEKDAYS[self as usize][weekday_index(date.weekday())];
        let comma = if self == Self::Id { "," } else { "" };
        format!("{weekday}{comma} {}{NO_BREAK_SPACE}{}", self.day(date), self.month_name(date))
    }

    /// Digits only, for narrow columns: `21/11/2026`, `21.11.2026`, `2026-11-21`.
    #[must_use]
    pub fn date_digits(self, day: LocalDate) -> String {
        let date = day.civil();
        let (y, m, d) = (date.year(), date.month(), date.day());
        match self {
            Self::En | Self::Id => format!("{d:02}/{m:02}/{y}"),
            Self::Da => format!("{d:02}.{m:02}.{y}"),
            Self::Sv => format!("{y}-{m:02}-{d:02}"),
        }
    }

    /// The month of a day: `November 2026`.
    #[must_use]
    pub fn month(self, day: LocalDate) -> String {
        let date = day.civil();
        format!("{} {}", self.month_name(date), date.year())
    }

    /// The month of a day, short and without year, for axes: `Nov`.
    #[must_use]
    pub fn month_short(self, day: LocalDate) -> &'static str {
        self.month_name_short(day.civil())
    }

    /// The clock in a zone, 24 hours: `09:05`, `09.05`.
    #[must_use]
    pub fn time(self, at: Timestamp, zone: &Zone) -> String {
        let clock = zone.wall_clock(at);
        let separator = match self {
            Self::En | Self::Sv => ':',
            Self::Da | Self::Id => '.',
        };
        format!("{:02}{separator}{:02}", clock.hour(), clock.minute())
    }

    /// Day and clock in a zone: `21 Nov 2026, 09:05`.
    #[must_use]
    pub fn date_time(self, at: Timestamp, zone: &Zone) -> String {
        let comma = if self == Self::Sv { "" } else { "," };
        format!("{}{comma} {}", self.date(zone.date(at)), self.time(at, zone))
    }

    /// From one day to another, saying each part once: `1–30 November 2026`,
    /// `28 Nov – 4 Dec 2026`, `1 Dec 2026 – 4 Jan 2027`.
    #[must_use]
    pub fn date_range(self, first: LocalDate, last: LocalDate) -> String {
        let (from, to) = (first.civil(), last.civil());
        if first == last {
            self.date(first)
        } else if from.year() != to.year() {
            format!("{} – {}", self.date(first), self.date(last))
        } else if from.month() != to.month() {
            format!("{} – {}", self.day_month(first), self.date(last))
        } else {
            format!("{}–{}", self.day(from), self.date_long(last))
        }
    }

    /// How far away a day is, in words, within 30 days either way (`tomorrow`, `in 12 days`);
    /// the date beyond that.
    #[must_use]
    pub fn relative_day(self, today: LocalDate, day: LocalDate) -> String {
        let days = day.as_days().saturating_sub(today.as_days());
        let count = |n: i32| [("count", Arg::Number(i64::from(n)))];
        match days {
            0 => Texts::get(self, "day-today", &[]),
            1 => Texts::get(self, "day-tomorrow", &[]),
            -1 => Texts::get(self, "day-yesterday", &[]),
            2..=RELATIVE_DAYS_MAX => Texts::get(self, "day-in", &count(days)),
            _ if (-RELATIVE_DAYS_MAX..0).contains(&days) => {
                Texts::get(self, "day-ago", &count(-days))
            }
            _ => self.date(day),
        }
    }
}

fn weekday_index(weekday: Weekday) -> usize {
    usize::from(weekday.to_monday_zero_offset().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn all(write: impl Fn(Language) -> String) -> [String; 4] {
        Language::ALL.map(|language| write(language).replace('\u{a0}', " "))
    }

    /// The expected texts are what ICU4X 2.4 (CLDR 48) printed for the same days.
    #[test]
    fn days_as_cldr_writes_them() {
        let november = day("2026-11-21");
        assert_eq!(
            all(|l| l.date(november)),
            ["21 Nov 2026", "21. nov. 2026", "21 nov. 2026", "21 Nov 2026"]
        );
        assert_eq!(
            all(|l| l.date(day("2026-09-01"))),
            ["1 Sept 2026", "1. sep. 2026", "1 sep. 2026", "1 Sep 2026"]
        );
        assert_eq!(
            all(|l| l.date(day("2026-08-09"))),
            ["9 Aug 2026", "9. aug. 2026", "9 aug. 2026", "9 Agu 2026"]
        );
        assert_eq!(
            all(|l| l.date_long(november)),
            ["21 November 2026", "21. november 2026", "21 november 2026", "21 November 2026"]
        );
        assert_eq!(
            all(|l| l.date_digits(november)),
            ["21/11/2026", "21.11.2026", "2026-11-21", "21/11/2026"]
        );
        assert_eq!(
            all(|l| l.weekday_date(november)),
            [
                "Saturday 21 November",
                "lørdag 21. november",
                "lördag 21 november",
                "Sabtu, 21 November"
            ]
        );
        assert_eq!(
            all(|l| l.month(november)),
            ["November 2026", "november 2026", "november 2026", "November 2026"]
        );
    }

    #[test]
    fn clocks_as_cldr_writes_them() {
        let at: Timestamp = "2026-11-21T08:05:00Z".parse().unwrap();
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        assert_eq!(
            all(|l| l.date_time(at, &zone)),
            [
                "21 Nov 2026, 09:05",
                "21. nov. 2026, 09.05",
                "21 nov. 2026 09:05",
                "21 Nov 2026, 09.05"
            ]
        );
        let jakarta = Zone::named("Asia/Jakarta").unwrap();
        assert_eq!(Language::Id.time(at, &jakarta), "15.05");
    }

    #[test]
    fn ranges_say_each_part_once() {
        let range = |from: &str, to: &str| all(|l| l.date_range(day(from), day(to)));
        assert_eq!(
            range("2026-11-01", "2026-11-30"),
            [
                "1–30 November 2026",
                "1.–30. november 2026",
                "1–30 november 2026",
                "1–30 November 2026"
            ]
        );
        assert_eq!(range("2026-11-28", "2026-12-04")[1], "28. nov. – 4. dec. 2026");
        assert_eq!(range("2026-12-01", "2027-01-04")[0], "1 Dec 2026 – 4 Jan 2027");
        assert_eq!(range("2026-12-01", "2026-12-01")[2], "1 dec. 2026");
    }

    #[test]
    fn near_days_are_told_in_words() {
        let today = day("2026-11-21");
        let near = |days| all(|l| l.relative_day(today, today.plus_days(days)));
        assert_eq!(near(0), ["today", "i dag", "i dag", "hari ini"]);
        assert_eq!(near(1), ["tomorrow", "i morgen", "i morgon", "besok"]);
        assert_eq!(near(-1), ["yesterday", "i går", "i går", "kemarin"]);
        assert_eq!(near(12), ["in 12 days", "om 12 dage", "om 12 dagar", "dalam 12 hari"]);
        assert_eq!(
            near(-3),
            ["3 days ago", "for 3 dage siden", "för 3 dagar sedan", "3 hari yang lalu"]
        );
        assert_eq!(near(31)[0], "22 Dec 2026");
    }
}
