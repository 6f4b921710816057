use tributary_money::{Money, Share};

use crate::{Amount, Per};

/// The unrounded amount in major units as plain decimal text: at least the currency's places, and
/// as many more as it has. None where it is beyond 128 bits; the rounded amount is exact all the
/// same.
pub(crate) fn exact_text(
    amount: Amount,
    base: Money,
    quantity: u32,
    share: Share,
) -> Option<String> {
    let places = base.currency.exponent();
    let (factor, factor_scale) = match amount {
        Amount::Percent(amount) => {
            let rate = amount.percent.rate();
            (i128::from(rate.digits()), rate.scale())
        }
        Amount::Fixed(amount) => match amount.per {
            Per::Conversion => (1, 0),
            Per::Item => (i128::from(quantity), 0),
        },
    };
    let (share, share_scale) =
        if share == Share::ONE { (1, 0) } else { (i128::from(share.get()), 9) };
    let digits = i128::from(base.minor).checked_mul(factor)?.checked_mul(share)?;
    Some(decimal(digits, places + factor_scale + share_scale, places))
}

/// `digits / 10^scale`, without zeros at the end beyond `places_min`.
fn decimal(digits: i128, scale: u8, places_min: u8) -> String {
    let (mut digits, mut scale) = (digits, scale);
    while scale > places_min && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    let sign = if digits < 0 { "-" } else { "" };
    let magnitude = digits.unsigned_abs();
    if scale == 0 {
        return format!("{sign}{magnitude}");
    }
    let width = usize::from(scale);
    let text = format!("{magnitude:0>width$}", width = width + 1);
    let (whole, fraction) = text.split_at(text.len() - width);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Base;
    use tributary_money::Currency;

    #[test]
    fn as_a_person_would_write_it() {
        let percent = |text: &str| Amount::percent(text.parse().unwrap(), Base::Gross);
        let third = Share::new(333_333_333).unwrap();
        let (dkk, jpy, kwd) = (Currency::DKK, Currency::JPY, Currency::KWD);
        let each = Amount::fixed(Money::new(50, dkk), Per::Item);
        let once = Amount::fixed(Money::new(50, dkk), Per::Conversion);
        let table = [
            (percent("15"), 1_250_000, dkk, 1, Share::ONE, "1875.00"),
            (percent("12.5"), 333, dkk, 1, Share::ONE, "0.41625"),
            (percent("15"), 999, dkk, 1, third, "0.4994999995005"),
            (percent("10"), 105, jpy, 1, Share::ONE, "10.5"),
            (percent("10"), 100, jpy, 1, Share::ONE, "10"),
            (percent("10"), 1_234, kwd, 1, Share::ONE, "0.1234"),
            (percent("200"), 5, dkk, 1, Share::ONE, "0.10"),
            (each, 50, dkk, 7, Share::ONE, "3.50"),
            (once, 50, dkk, 7, Share::ONE, "0.50"),
        ];
        for (amount, minor, currency, quantity, share, expected) in table {
            let text = exact_text(amount, Money::new(minor, currency), quantity, share);
            assert_eq!(text.as_deref(), Some(expected));
        }
        let most = percent("0.000000000123456");
        let text = exact_text(most, Money::new(i64::MAX, dkk), 1, third);
        assert!(text.is_some(), "room for long rates");
        let most = percent("92233720368547758.07");
        assert_eq!(exact_text(most, Money::new(i64::MAX, dkk), 1, third), None);
    }
}
