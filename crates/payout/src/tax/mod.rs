//! What is known of a partner for tax: what kind of person it is, its numbers with their check
//! digits, what is withheld, and what a year came to.
//!
//! No number of a natural person is asked for here (Danish CPR, Swedish personnummer): where the law
//! wants one reported, that is another record with other rules.

mod number;
mod profile;
mod withholding;

pub use number::{NumberKind, TaxNumber, TaxNumberError};
pub use profile::{TaxForm, TaxPerson, TaxProfile, VatStanding};
pub use withholding::{WithheldAmount, WithholdingBook, WithholdingError, WithholdingRule};

use std::collections::BTreeMap;

use tributary_kernel::{LocalDate, PayoutId};
use tributary_money::{Currency, Money, MoneyError};

/// One payout of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidItem {
    /// Which.
    pub payout: PayoutId,
    /// When it left, in the payer's zone.
    pub paid_on: LocalDate,
    /// Net of VAT, before anything was withheld.
    pub earned: Money,
    /// VAT on it.
    pub vat: Money,
    /// Withheld from it.
    pub withheld: Money,
}

/// What a year came to in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearTotal {
    /// Payouts counted.
    pub payouts: u32,
    /// Net of VAT, before anything was withheld.
    pub earned: Money,
    /// VAT.
    pub vat: Money,
    /// Withheld.
    pub withheld: Money,
    /// What left: earned and VAT less what was withheld.
    pub paid: Money,
}

/// The totals of a calendar year by currency, counted by the day of payment.
///
/// # Errors
/// When the amounts of an item are in different currencies, or a sum leaves 64 bits.
pub fn year_totals(
    items: &[PaidItem],
    year: i16,
) -> Result<BTreeMap<Currency, YearTotal>, MoneyError> {
    let mut totals = BTreeMap::new();
    for it in items.iter().filter(|it| it.paid_on.civil().year() == year) {
        let currency = it.earned.currency;
        let zero = Money::zero(currency);
        let total = totals.entry(currency).or_insert(YearTotal {
            payouts: 0,
            earned: zero,
            vat: zero,
            withheld: zero,
            paid: zero,
        });
        total.payouts += 1;
        total.earned = total.earned.checked_add(it.earned)?;
        total.vat = total.vat.checked_add(it.vat)?;
        total.withheld = total.withheld.checked_add(it.withheld)?;
        let paid = it.earned.checked_add(it.vat)?.checked_sub(it.withheld)?;
        total.paid = total.paid.checked_add(paid)?;
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_what_was_paid_in_it() {
        let item = |n: u8, on: &str, earned, vat, withheld, currency| PaidItem {
            payout: PayoutId::from_bytes([n; 16]),
            paid_on: on.parse().unwrap(),
            earned: Money::new(earned, currency),
            vat: Money::new(vat, currency),
            withheld: Money::new(withheld, currency),
        };
        let items = [
            item(1, "2025-12-31", 7, 0, 0, Currency::SEK),
            item(2, "2026-01-01", 1_000, 250, 0, Currency::SEK),
            item(3, "2026-12-31", 500, 0, 150, Currency::SEK),
            item(4, "2026-06-30", 9, 0, 0, Currency::EUR),
            item(5, "2027-01-01", 7, 0, 0, Currency::SEK),
        ];
        let totals = year_totals(&items, 2026).unwrap();
        let sek = totals[&Currency::SEK];
        let of = (sek.payouts, sek.earned.minor, sek.vat.minor, sek.withheld.minor, sek.paid.minor);
        assert_eq!(of, (2, 1_500, 250, 150, 1_600));
        assert_eq!(totals[&Currency::EUR].paid, Money::new(9, Currency::EUR));
        let wrong = PaidItem { vat: Money::new(1, Currency::EUR), ..items[1] };
        assert!(year_totals(&[wrong], 2026).is_err());
    }
}
