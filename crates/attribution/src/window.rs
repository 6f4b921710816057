//! Windows in days of the program's calendar.

use tributary_kernel::{Timestamp, Zone};

const DAY_MICROSECONDS: i64 = 86_400 * 1_000_000;
/// No calendar day is more than this longer or shorter than 24 hours, summed over any span: clock
/// changes cancel out within a year, and a zone that changed its offset moved it by less than this.
const CALENDAR_SLACK_MICROSECONDS: i64 = 2 * DAY_MICROSECONDS;

/// Whether `at` is at most `window_days` days of the calendar before `occurred_at`.
pub(crate) fn within(at: Timestamp, occurred_at: Timestamp, window_days: u16, zone: &Zone) -> bool {
    let elapsed = occurred_at.microseconds_since(at);
    let window = i64::from(window_days) * DAY_MICROSECONDS;
    // The calendar is asked only near the edge.
    if elapsed <= window - CALENDAR_SLACK_MICROSECONDS {
        return true;
    }
    if elapsed > window + CALENDAR_SLACK_MICROSECONDS {
        return false;
    }
    occurred_at <= zone.plus_days(at, i32::from(window_days))
}

/// Days of the calendar from `at` to `occurred_at`, a begun one counted.
pub(crate) fn age_days(at: Timestamp, occurred_at: Timestamp, zone: &Zone) -> u32 {
    let elapsed = occurred_at.microseconds_since(at);
    let about = (elapsed.saturating_sub(CALENDAR_SLACK_MICROSECONDS) / DAY_MICROSECONDS).max(0);
    // Moments that no calendar reaches are far from every window: no need to ask it about them.
    let Some(mut days) = i32::try_from(about).ok().filter(|days| *days < DAYS_ASKED_MAX) else {
        return u32::try_from(about).unwrap_or(u32::MAX);
    };
    while days < DAYS_ASKED_MAX && zone.plus_days(at, days) < occurred_at {
        days += 1;
    }
    days.unsigned_abs()
}

/// Beyond 5,000 years ages are given without clock changes.
const DAYS_ASKED_MAX: i32 = 5_000 * 366;
