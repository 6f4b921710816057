//! Month end: what is owed and how old it is, which periods are closed, what has to be paid soon,
//! and vouchers for book-keeping.

mod sie;

pub use sie::{
    AccountMap, BookedKind, BookedTransfer, SieError, SieHead, Voucher, VoucherRow, vouchers,
    vouchers_csv, write_sie,
};

use std::collections::BTreeMap;

use tributary_kernel::LocalDate;
use tributary_money::{Currency, Money, MoneyError};

tributary_kernel::text_enum! {
    /// Where owed money stands.
    pub enum OwedState {
        /// Not yet agreed to.
        Pending = "pending",
        /// Agreed, waiting for a payout.
        Approved = "approved",
        /// In a payout on its way.
        Payable = "payable",
        /// Paid and owed back by the partner: it lowers what is owed.
        Clawback = "clawback",
    }
}

/// Something owed as of a day: what is left of a commission after all that was booked up to then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem {
    /// Where it stands on that day.
    pub state: OwedState,
    /// How much; a clawback is below zero.
    pub amount: Money,
    /// The day it was earned, in the program's zone.
    pub since: LocalDate,
}

/// Amounts by age in days: 0-30, 31-60, 61-90, more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aged {
    /// By age.
    pub by_age: [Money; 4],
    /// All together.
    pub total: Money,
}

/// What is owed as of a day, by currency and state. Items of later days are left out.
///
/// # Errors
/// When a sum leaves 64 bits.
pub fn liability(
    items: &[OpenItem],
    as_of: LocalDate,
) -> Result<BTreeMap<(Currency, OwedState), Aged>, MoneyError> {
    let mut found: BTreeMap<(Currency, OwedState), Aged> = BTreeMap::new();
    for it in items.iter().filter(|it| it.since <= as_of) {
        let zero = Money::zero(it.amount.currency);
        let aged = found
            .entry((it.amount.currency, it.state))
            .or_insert(Aged { by_age: [zero; 4], total: zero });
        let place = match as_of.as_days() - it.since.as_days() {
            ..=30 => 0,
            31..=60 => 1,
            61..=90 => 2,
            _ => 3,
        };
        aged.by_age[place] = aged.by_age[place].checked_add(it.amount)?;
        aged.total = aged.total.checked_add(it.amount)?;
    }
    Ok(found)
}

/// Up to which day books are closed. What happened before is booked on the first open day, and its
/// own day is kept beside it: a closed month does not change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Locked(Option<LocalDate>);

impl Locked {
    /// Nothing is closed.
    pub const NOTHING: Self = Self(None);

    /// Closed up to a day, included.
    #[must_use]
    pub const fn through(day: LocalDate) -> Self {
        Self(Some(day))
    }

    /// The last closed day.
    #[must_use]
    pub const fn last(self) -> Option<LocalDate> {
        self.0
    }

    /// On which day something is booked that happened on a day.
    #[must_use]
    pub fn booking_day(self, occurred: LocalDate) -> LocalDate {
        self.0.map_or(occurred, |last| occurred.max(last.plus_days(1)))
    }

    /// Closes more. None when that would open what is closed.
    #[must_use]
    pub fn extend(self, through: LocalDate) -> Option<Self> {
        self.0.is_none_or(|last| through >= last).then_some(Self(Some(through)))
    }
}

/// First and last day of the fiscal year that a day is in, when it begins with a month, 1 to 12.
#[must_use]
pub fn fiscal_year(first_month: u32, day: LocalDate) -> (LocalDate, LocalDate) {
    let civil = day.civil();
    let month = i8::try_from(first_month.clamp(1, 12)).unwrap_or(1);
    let year = civil.year() - i16::from(civil.month() < month);
    let first = |year| {
        let date = civil.with().year(year).month(month).day(1).build();
        date.map_or(day, LocalDate::from_civil)
    };
    (first(year), first(year + 1).plus_days(-1))
}

/// Which day was closed after how many transfers of the ledger: what is booked later goes to the
/// first open day, and what was booked before stays where it is, whatever is closed afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockHistory(Vec<(u64, LocalDate)>);

impl LockHistory {
    /// From locks in any order: transfers booked before each, and its last closed day.
    #[must_use]
    pub fn new(mut locks: Vec<(u64, LocalDate)>) -> Self {
        locks.sort_unstable();
        Self(locks)
    }

    /// What was closed when the transfer of a place in the ledger was booked.
    #[must_use]
    pub fn at(&self, place: u64) -> Locked {
        let before = self.0.iter().take_while(|(transfers, _)| *transfers <= place);
        Locked(before.map(|(_, through)| *through).max())
    }

    /// On which day a transfer stands in the books: the day it is about, if that was open when it
    /// was booked; never after the day on which it was booked.
    #[must_use]
    pub fn day_of(&self, place: u64, occurred: LocalDate, booked: LocalDate) -> LocalDate {
        self.at(place).booking_day(occurred.min(booked))
    }
}

/// What has to be paid when: due by then, after the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashNeed {
    /// Due today or before.
    pub due: Money,
    /// In 1 to 30 days.
    pub in_30: Money,
    /// In 31 to 60 days.
    pub in_60: Money,
    /// In 61 to 90 days.
    pub in_90: Money,
    /// Later.
    pub later: Money,
}

/// What has to be paid by currency, from amounts and the days they are due on (see
/// [`crate::payday`]). Amounts below zero lower the need of their day, as clawbacks do.
///
/// # Errors
/// When a sum leaves 64 bits.
pub fn cash_forecast(
    items: &[(Money, LocalDate)],
    today: LocalDate,
) -> Result<BTreeMap<Currency, CashNeed>, MoneyError> {
    let mut needs: BTreeMap<Currency, CashNeed> = BTreeMap::new();
    for (amount, due) in items {
        let zero = Money::zero(amount.currency);
        let need = needs.entry(amount.currency).or_insert(CashNeed {
            due: zero,
            in_30: zero,
            in_60: zero,
            in_90: zero,
            later: zero,
        });
        let part = match due.as_days() - today.as_days() {
            ..=0 => &mut need.due,
            1..=30 => &mut need.in_30,
            31..=60 => &mut need.in_60,
            61..=90 => &mut need.in_90,
            _ => &mut need.later,
        };
        *part = part.checked_add(*amount)?;
    }
    Ok(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn dkk(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    #[test]
    fn what_is_owed_is_told_by_age() {
        let item =
            |state, minor, since: &str| OpenItem { state, amount: dkk(minor), since: day(since) };
        let items = [
            item(OwedState::Approved, 1, "2026-03-31"),
            item(OwedState::Approved, 10, "2026-03-01"),
            item(OwedState::Approved, 100, "2026-02-28"),
            item(OwedState::Approved, 1_000, "2026-01-30"),
            item(OwedState::Approved, 10_000, "2025-12-31"),
            item(OwedState::Approved, 100_000, "2025-12-30"),
            item(OwedState::Approved, 7, "2026-04-01"),
            item(OwedState::Clawback, -5, "2026-03-01"),
        ];
        let found = liability(&items, day("2026-03-31")).unwrap();
        let approved = found[&(Currency::DKK, OwedState::Approved)];
        assert_eq!(approved.by_age.map(|it| it.minor), [11, 1_100, 10_000, 100_000]);
        assert_eq!(approved.total, dkk(111_111), "what is later is not owed yet");
        assert_eq!(found[&(Currency::DKK, OwedState::Clawback)].total, dkk(-5));
    }

    #[test]
    fn a_closed_month_takes_nothing_more() {
        let locked = Locked::through(day("2026-03-31"));
        assert_eq!(locked.booking_day(day("2026-03-15")), day("2026-04-01"));
        assert_eq!(locked.booking_day(day("2026-04-02")), day("2026-04-02"));
        assert_eq!(Locked::NOTHING.booking_day(day("2026-03-15")), day("2026-03-15"));
        assert_eq!(locked.extend(day("2026-02-28")), None);
        assert_eq!(locked.extend(day("2026-04-30")).unwrap().last(), Some(day("2026-04-30")));
    }

    #[test]
    fn a_fiscal_year_begins_where_the_company_says() {
        for (month, on, first, last) in [
            (1, "2026-03-31", "2026-01-01", "2026-12-31"),
            (7, "2026-03-31", "2025-07-01", "2026-06-30"),
            (7, "2026-07-01", "2026-07-01", "2027-06-30"),
            (3, "2028-02-29", "2027-03-01", "2028-02-29"),
        ] {
            assert_eq!(fiscal_year(month, day(on)), (day(first), day(last)), "{month} {on}");
        }
    }

    #[test]
    fn closing_moves_what_comes_later_and_nothing_else() {
        let (march, april) = (day("2026-03-31"), day("2026-04-30"));
        let history = LockHistory::new(vec![(20, april), (10, march)]);
        let of = |place, occurred: &str| {
            history.day_of(place, day(occurred), day("2026-05-05")).to_string()
        };
        assert_eq!(of(9, "2026-03-15"), "2026-03-15", "booked before anything was closed");
        assert_eq!(of(10, "2026-03-15"), "2026-04-01");
        assert_eq!(of(19, "2026-04-15"), "2026-04-15", "April was open then, and stays so");
        assert_eq!(of(20, "2026-04-15"), "2026-05-01");
        assert_eq!(of(0, "2026-05-06"), "2026-05-05", "never after it was booked");
        assert_eq!(history.at(25).last(), Some(april));
    }

    #[test]
    fn cash_is_needed_when_it_is_due() {
        let today = day("2026-03-31");
        let items: Vec<_> =
            [(-9, 1), (0, 2), (1, 4), (30, 8), (31, 16), (60, 32), (90, 64), (91, 128)]
                .map(|(days, minor)| (dkk(minor), today.plus_days(days)))
                .to_vec();
        let need = cash_forecast(&items, today).unwrap()[&Currency::DKK];
        let parts = [need.due, need.in_30, need.in_60, need.in_90, need.later].map(|it| it.minor);
        assert_eq!(parts, [3, 12, 48, 64, 128]);
    }
}
