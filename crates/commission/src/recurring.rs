use tributary_kernel::LocalDate;

/// The first day on which a recurring rule no longer pays: the same day of the month, `months`
/// calendar months after the first payment; the month's last day where it is shorter.
///
/// Days, not moments: a subscription is charged some seconds or hours early or late, and the 25th
/// monthly payment must not slip into 24 months by a second. Both days are of the program's zone.
#[must_use]
pub fn window_end(first_payment_on: LocalDate, months: u16) -> LocalDate {
    let span = jiff::Span::new().months(i32::from(months));
    let end = first_payment_on.civil().checked_add(span);
    end.map_or(LocalDate::from_days(i32::MAX), LocalDate::from_civil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_on_the_same_day_of_the_month() {
        let table = [
            ("2026-01-15", 24, "2028-01-15"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2025-08-31", 6, "2026-02-28"),
            ("2026-12-01", 1, "2027-01-01"),
            ("2026-01-01", 600, "2076-01-01"),
        ];
        for (first, months, end) in table {
            assert_eq!(window_end(first.parse().unwrap(), months).to_string(), end);
        }
    }

    /// Monthly payments fall on the first payment's day of the month or, where that is missing, on
    /// the last one. Whatever day it was, N months hold N of them.
    #[test]
    fn n_months_hold_n_monthly_payments() {
        for day in 0..800 {
            let first = LocalDate::from_days(20_000 + day);
            for months in [1u16, 2, 6, 12, 24] {
                let end = window_end(first, months);
                let payment = |n: u16| window_end(first, n);
                let paid = (0..40).filter(|&n| payment(n) < end).count();
                assert_eq!(paid, usize::from(months), "{first} {months}");
            }
        }
    }
}
