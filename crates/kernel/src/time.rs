use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil;
use jiff::tz::TimeZone;

/// A moment: microseconds since 1970-01-01 UTC. Text is RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Why a text is not a moment, a date or a zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339 with an offset.
    #[error("a moment is written in RFC 3339 with an offset, like 2026-11-21T09:30:00Z")]
    Timestamp,
    /// Not a calendar date.
    #[error("a date is written like 2026-11-21")]
    Date,
    /// Not a name of the time zone database.
    #[error("a time zone is a name like Europe/Copenhagen")]
    Zone,
}

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    /// From microseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_microsecond(us: i64) -> Self {
        Self(us)
    }

    /// From milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_millisecond(ms: i64) -> Self {
        Self(ms * 1_000)
    }

    /// Microseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn as_microsecond(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since 1970-01-01 UTC, rounded down.
    #[must_use]
    pub const fn as_millisecond(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since 1970-01-01 UTC, rounded down.
    #[must_use]
    pub const fn as_second(self) -> i64 {
        self.0.div_euclid(MICROSECONDS_PER_SECOND)
    }

    /// This many seconds later (or earlier, if negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROSECONDS_PER_SECOND)))
    }

    /// This many times 24 hours later (or earlier, if negative). For local days use
    /// [`Zone::plus_days`].
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(SECONDS_PER_DAY))
    }

    /// `self - earlier` in microseconds.
    #[must_use]
    pub const fn microseconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimeError::Timestamp)?;
        Ok(Self(parsed.as_microsecond()))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::from_text(deserializer)
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A calendar day in some zone, as days since 1970-01-01. Text is `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(i32);

impl LocalDate {
    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn as_days(self) -> i32 {
        self.0
    }

    /// From a calendar date.
    #[must_use]
    pub fn from_civil(date: civil::Date) -> Self {
        let days = date.since(civil::date(1970, 1, 1)).map_or(0, |span| span.get_days());
        Self(days)
    }

    /// The calendar date.
    #[must_use]
    pub fn civil(self) -> civil::Date {
        let span = jiff::Span::new().try_days(self.0);
        span.and_then(|span| civil::date(1970, 1, 1).checked_add(span)).unwrap_or(if self.0 < 0 {
            civil::Date::MIN
        } else {
            civil::Date::MAX
        })
    }

    /// This many days later.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.civil().fmt(f)
    }
}

impl FromStr for LocalDate {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let well_formed = text.len() == 10 && text.is_ascii();
        let date: civil::Date = text.parse().map_err(|_| TimeError::Date)?;
        if well_formed { Ok(Self::from_civil(date)) } else { Err(TimeError::Date) }
    }
}

impl serde::Serialize for LocalDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for LocalDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::from_text(deserializer)
    }
}

impl schemars::JsonSchema for LocalDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LocalDate".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// A named time zone from the bundled database, so that every machine agrees on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// The zone of that name.
    ///
    /// # Errors
    /// When the database has no such name.
    pub fn named(name: &str) -> Result<Self, TimeError> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_| TimeError::Zone)?;
        let name = zone.iana_name().unwrap_or(name).to_owned();
        Ok(Self { name, zone })
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// Its name in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The calendar day of a moment there.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> LocalDate {
        LocalDate::from_civil(self.zone.to_datetime(at.to_jiff()).date())
    }

    /// The wall clock of a moment there.
    #[must_use]
    pub fn wall_clock(&self, at: Timestamp) -> civil::DateTime {
        self.zone.to_datetime(at.to_jiff())
    }

    /// The first moment of a day there (after a gap at midnight: the first that exists).
    #[must_use]
    pub fn start_of(&self, day: LocalDate) -> Timestamp {
        let midnight = day.civil().at(0, 0, 0, 0);
        let moment = self.zone.to_ambiguous_timestamp(midnight).compatible();
        Timestamp(
            moment.map_or(i64::from(day.0) * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND, |m| {
                m.as_microsecond()
            }),
        )
    }

    /// The moment at which the clock there shows this (in a gap: the moment after it, twice: the
    /// first of both).
    #[must_use]
    pub fn moment(&self, wall: civil::DateTime) -> Timestamp {
        let moment = self.zone.to_ambiguous_timestamp(wall).compatible();
        moment.map_or_else(
            |_| self.start_of(LocalDate::from_civil(wall.date())),
            |it| Timestamp(it.as_microsecond()),
        )
    }

    /// The same wall clock `days` calendar days later, as a contract would count them.
    #[must_use]
    pub fn plus_days(&self, at: Timestamp, days: i32) -> Timestamp {
        let wall = self.wall_clock(at);
        let moved = jiff::Span::new()
            .try_days(days)
            .and_then(|span| wall.checked_add(span))
            .and_then(|wall| self.zone.to_ambiguous_timestamp(wall).compatible());
        moved.map_or_else(
            |_| at.plus_days(i64::from(days)),
            |m| Timestamp::from_microsecond(m.as_microsecond()),
        )
    }
}

/// Where 'now' comes from. A parameter everywhere.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that stands until it is moved: for tests and the simulator.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves to `now`, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * MICROSECONDS_PER_SECOND, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Measures how long something took, for metrics and logs only: no decision hangs on it.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "a duration, not a date; for metrics only")]
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_of_moments() {
        let at: Timestamp = "2026-03-29T03:30:00+02:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!("2026-03-29 01:30".parse::<Timestamp>(), Err(TimeError::Timestamp));
    }

    #[test]
    fn days_in_a_zone_follow_its_clock_changes() {
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        let day: LocalDate = "2026-03-29".parse().unwrap();
        let length = zone.start_of(day.plus_days(1)).microseconds_since(zone.start_of(day));
        assert_eq!(length, 23 * 3_600 * 1_000_000, "the day the clock goes forward has 23 hours");
        assert_eq!(zone.date("2026-03-28T23:00:00Z".parse().unwrap()), day);
        let noon: Timestamp = "2026-03-28T11:00:00Z".parse().unwrap();
        assert_eq!(zone.plus_days(noon, 1).to_string(), "2026-03-29T10:00:00Z");
        assert_eq!(Zone::named("Mars/Olympus"), Err(TimeError::Zone));
    }

    proptest! {
        #[test]
        fn dates_round_trip(days in -100_000i32..100_000) {
            let date = LocalDate::from_days(days);
            prop_assert_eq!(LocalDate::from_civil(date.civil()), date);
            prop_assert_eq!(date.to_string().parse(), Ok(date));
        }
    }
}
