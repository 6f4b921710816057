use tributary_money::{Currency, Share};

use crate::Amount;
use crate::price::Terms;

/// The unrounded amount in major units as plain decimal text: at least the currency's places, and
/// as many more as it has. None where it is beyond 128 bits or has no end (a twelfth); the rounded
/// amount is exact all the same.
pub(crate) fn exact_text(terms: &Terms, currency: Currency, share: Share) -> Option<String> {
    let places = currency.exponent();
    let (factor, factor_scale) = match terms.pieces.first() {
        Amount::Percent(amount) => {
            let rate = amount.percent.rate();
            (i128::from(rate.digits()), rate.scale())
        }
        Amount::Fixed(_) => (i128::from(terms.count), 0),
    };
    let (share, share_scale) =
        if share == Share::ONE { (1, 0) } else { (i128::from(share.get()), 9) };
    let (times, parts) = (i128::from(terms.factor.0), i128::from(terms.factor.1));
    let digits = i128::from(terms.base).checked_mul(factor)?.checked_mul(share)?;
    let digits = digits.checked_mul(times)?;
    if digits % parts != 0 {
        return None;
    }
    Some(decimal(digits / parts, places + factor_scale + share_scale, places))
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
    use crate::price::Pieces;
    use crate::{Base, Per};
    use tributary_money::Money;

    #[test]
    fn as_a_person_would_write_it() {
        let percent = |text: &str| Amount::percent(text.parse().unwrap(), Base::Gross);
        let third = Share::new(333_333_333).unwrap();
        let (dkk, jpy, kwd) = (Currency::DKK, Currency::JPY, Currency::KWD);
        let fixed = |per| Amount::fixed(Money::new(50, dkk), per);
        let text = |amount, base, currency, count, factor, share| {
            let pieces = Pieces::One(amount);
            let terms = Terms { rule: 0, items: 1, base, count, factor, pieces, tier: None };
            exact_text(&terms, currency, share)
        };
        let table = [
            (percent("15"), 1_250_000, dkk, 1, Share::ONE, "1875.00"),
            (percent("12.5"), 333, dkk, 1, Share::ONE, "0.41625"),
            (percent("15"), 999, dkk, 1, third, "0.4994999995005"),
            (percent("10"), 105, jpy, 1, Share::ONE, "10.5"),
            (percent("10"), 100, jpy, 1, Share::ONE, "10"),
            (percent("10"), 1_234, kwd, 1, Share::ONE, "0.1234"),
            (percent("200"), 5, dkk, 1, Share::ONE, "0.10"),
            (fixed(Per::Item), 50, dkk, 7, Share::ONE, "3.50"),
            (fixed(Per::Conversion), 50, dkk, 1, Share::ONE, "0.50"),
        ];
        for (amount, minor, currency, count, share, expected) in table {
            let text = text(amount, minor, currency, count, (1, 1), share);
            assert_eq!(text.as_deref(), Some(expected));
        }
        let month = text(percent("100"), 1_200_000, dkk, 1, (1, 12), Share::ONE);
        assert_eq!(month.as_deref(), Some("1000.00"));
        assert_eq!(text(percent("100"), 100, dkk, 1, (1, 12), Share::ONE), None, "no end");
        let most = text(percent("0.000000000123456"), i64::MAX, dkk, 1, (1, 1), third);
        assert!(most.is_some(), "room for long rates");
        let most = text(percent("92233720368547758.07"), i64::MAX, dkk, 1, (1, 1), third);
        assert_eq!(most, None);
    }
}
