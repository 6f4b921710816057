//! Amounts. Stripe counts in a currency's smallest unit as it sees it; `money` counts in minor
//! units of ISO 4217. For most currencies these are the same. They differ for:
//!
//! | currency | Stripe | ISO 4217 | so 500 at Stripe is |
//! |---|---|---|---|
//! | MGA | whole units | 2 decimals | 500.00 |
//! | ISK, UGX | 2 decimals, for compatibility | whole units | 5 |
//!
//! The other currencies that Stripe calls zero-decimal (BIF, CLP, DJF, GNF, JPY, KMF, KRW, PYG,
//! RWF, VND, VUV, XAF, XOF, XPF) have no decimals in ISO 4217 either, and BHD, JOD, KWD, OMR, TND
//! have three in both. HUF and TWD have two decimals in payments; only payouts of Stripe's to the
//! merchant, which we do not read, are in whole units. Source: docs.stripe.com/currencies.

use tributary_money::{Currency, Money};

/// Decimals that Stripe's amounts of a currency have.
#[must_use]
pub fn exponent_at_stripe(currency: Currency) -> u8 {
    match currency.code() {
        "MGA" => 0,
        "ISK" | "UGX" => 2,
        _ => currency.exponent(),
    }
}

/// An amount of Stripe's in our minor units.
///
/// # Errors
/// When the currency is none of ISO 4217, or the amount has a fraction of its smallest unit.
pub fn money(amount: i64, currency: &str) -> Result<Money, String> {
    let currency = Currency::from_code(&currency.to_ascii_uppercase())
        .ok_or_else(|| format!("currency {currency} is not known"))?;
    let (theirs, ours) = (exponent_at_stripe(currency), currency.exponent());
    let minor = if ours >= theirs {
        amount.checked_mul(10_i64.pow(u32::from(ours - theirs)))
    } else {
        let unit = 10_i64.pow(u32::from(theirs - ours));
        (amount % unit == 0).then_some(amount / unit)
    };
    let minor = minor.ok_or_else(|| format!("{amount} is no amount of {currency}"))?;
    Ok(Money::new(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_currency() {
        let table = [
            (1_000, "usd", "10.00"),
            (1_250_000, "dkk", "12500.00"),
            (500, "jpy", "500"),
            (500, "isk", "5"),
            (500, "ugx", "5"),
            (5_120, "kwd", "5.120"),
            (1_045, "huf", "10.45"),
            (80_000, "twd", "800.00"),
            (500, "mga", "500.00"),
            (-500, "isk", "-5"),
        ];
        for (amount, currency, expected) in table {
            let money = money(amount, currency).unwrap();
            assert_eq!(money.to_decimal_string(), expected, "{amount} {currency}");
        }
        assert!(money(550, "isk").is_err(), "half a krona is no amount");
        assert!(money(i64::MAX, "mga").is_err());
        assert!(money(1, "xyz").is_err());
    }
}
