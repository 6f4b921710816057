use crate::{Currency, MoneyError, Rate, Rounding, Share};

/// An exact amount on its way through an arithmetic: a fraction of 128-bit whole numbers in lowest
/// terms. Every step is exact or refused; the only rounding is [`Exact::round`], at the end.
///
/// Room: an amount of 10^15 minor units times a rate of nine digits (scale up to 18) times a share
/// divided by any 32-bit number always fits. Longer chains may be refused with
/// [`MoneyError::Overflow`], never wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    numerator: i128,
    /// Above zero, without a common factor with the numerator.
    denominator: i128,
}

impl Exact {
    /// So many minor units.
    #[must_use]
    pub const fn of(minor: i64) -> Self {
        Self { numerator: minor as i128, denominator: 1 }
    }

    /// Times a rate.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn times(self, rate: Rate) -> Result<Self, MoneyError> {
        self.times_fraction(i128::from(rate.digits()), 10i128.pow(u32::from(rate.scale())))
    }

    /// Times a share.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn times_share(self, share: Share) -> Result<Self, MoneyError> {
        self.times_fraction(i128::from(share.get()), i128::from(Share::PARTS))
    }

    /// Times `part / whole`: what belongs to a part of an amount, as in a partial refund.
    ///
    /// # Errors
    /// [`MoneyError::DivisionByZero`], [`MoneyError::Overflow`].
    pub fn times_ratio(self, part: i64, whole: i64) -> Result<Self, MoneyError> {
        let sign = if whole < 0 { -1 } else { 1 };
        self.times_fraction(i128::from(part) * sign, i128::from(whole) * sign)
    }

    /// Divided into so many equal parts.
    ///
    /// # Errors
    /// [`MoneyError::DivisionByZero`], [`MoneyError::Overflow`].
    pub fn divided_by(self, parts: u32) -> Result<Self, MoneyError> {
        self.times_fraction(1, i128::from(parts))
    }

    /// From minor units of one currency to minor units of another, `rate` being major units of `to`
    /// for one major unit of `from`: JPY 1,000 at 0.05 DKK is 5,000 øre.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn converted(self, from: Currency, to: Currency, rate: Rate) -> Result<Self, MoneyError> {
        let unit = |currency: Currency| 10i128.pow(u32::from(currency.exponent()));
        self.times(rate)?.times_fraction(unit(to), unit(from))
    }

    /// The sum: of the tiers of a marginal scale, for instance.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let shared = gcd(self.denominator, other.denominator);
        let (mine, theirs) = (self.denominator / shared, other.denominator / shared);
        let left = self.numerator.checked_mul(theirs).ok_or(MoneyError::Overflow)?;
        let right = other.numerator.checked_mul(mine).ok_or(MoneyError::Overflow)?;
        let numerator = left.checked_add(right).ok_or(MoneyError::Overflow)?;
        let denominator = self.denominator.checked_mul(theirs).ok_or(MoneyError::Overflow)?;
        let shared = gcd(numerator, denominator);
        Ok(Self { numerator: numerator / shared, denominator: denominator / shared })
    }

    /// Whole minor units. The one rounding.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the result is beyond 64 bits.
    pub fn round(self, rounding: Rounding) -> Result<i64, MoneyError> {
        rounding.apply(self.numerator, self.denominator)
    }

    /// Whether it is a whole number already, so that every mode of rounding agrees.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// Common factors are taken out, also crosswise, before multiplying, so that what fits in lowest terms
    /// is not refused for a large step in between.
    fn times_fraction(self, numerator: i128, denominator: i128) -> Result<Self, MoneyError> {
        if denominator == 0 {
            return Err(MoneyError::DivisionByZero);
        }
        let own = gcd(numerator, denominator);
        let (numerator, denominator) = (numerator / own, denominator / own);
        let down = gcd(self.numerator, denominator);
        let up = gcd(numerator, self.denominator);
        let product = |a: i128, b: i128| a.checked_mul(b).ok_or(MoneyError::Overflow);
        Ok(Self {
            numerator: product(self.numerator / down, numerator / up)?,
            denominator: product(self.denominator / up, denominator / down)?,
        })
    }
}

/// Greatest common divisor with a positive `b`; fits because it divides `b`.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while a != 0 {
        (a, b) = (b % a, a);
    }
    i128::try_from(b).expect("a divisor of a positive number of 127 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn one_rounding_at_the_end() {
        let third = Share::new(333_333_333).unwrap();
        let exact = Exact::of(1_250_000).times(rate("0.15")).unwrap();
        assert_eq!(exact.round(Rounding::Down), Ok(187_500));
        assert_eq!(exact.times_share(third).unwrap().round(Rounding::HalfEven), Ok(62_500));
        // Rounded after each step it would be 0: 1 * 0.4 = 0, 0 * 3 = 0.
        let late = Exact::of(1).times(rate("0.4")).unwrap().times(rate("3")).unwrap();
        assert_eq!(late.round(Rounding::HalfEven), Ok(1));
        assert_eq!(Exact::of(10).divided_by(0), Err(MoneyError::DivisionByZero));
        assert_eq!(Exact::of(10).times_ratio(1, 0), Err(MoneyError::DivisionByZero));
        let refund = Exact::of(-100).times_ratio(-1, -3).unwrap();
        assert_eq!(refund.round(Rounding::HalfEven), Ok(-33));
    }

    #[test]
    fn currencies_of_different_places() {
        let convert = |minor, from, to, text| {
            let exact = Exact::of(minor).converted(from, to, rate(text)).unwrap();
            exact.round(Rounding::HalfEven).unwrap()
        };
        assert_eq!(convert(1_000, Currency::JPY, Currency::DKK, "0.05"), 5_000);
        assert_eq!(convert(5_000, Currency::DKK, Currency::JPY, "20"), 1_000);
        assert_eq!(convert(1_000, Currency::KWD, Currency::EUR, "2.8"), 280);
        assert_eq!(convert(10_000, Currency::EUR, Currency::DKK, "7.4604"), 74_604);
    }

    #[test]
    fn the_stated_room_is_there() {
        for minor in [1_000_000_000_000_000, -999_999_999_999_999, i64::MAX] {
            for text in ["0.000000000123456789", "123456789", "1.23456789", "0.999999999"] {
                for share in [Share::ONE, Share::new(999_999_999).unwrap()] {
                    let exact = Exact::of(minor).times(rate(text)).unwrap();
                    let exact = exact.times_share(share).unwrap().divided_by(u32::MAX);
                    assert!(exact.is_ok(), "{minor} {text}");
                }
            }
        }
    }

    #[test]
    fn too_much_is_refused() {
        let large = rate("9223372036854775807");
        let twice = Exact::of(i64::MAX).times(large).unwrap();
        assert_eq!(twice.round(Rounding::Down), Err(MoneyError::Overflow));
        assert_eq!(twice.times(large), Err(MoneyError::Overflow));
        assert_eq!(twice.plus(twice).and_then(|sum| sum.plus(sum)), Err(MoneyError::Overflow));
        let small = Exact::of(1).times(rate("0.000000000000000001")).unwrap();
        let smaller = small.times(rate("0.000000000000000001")).unwrap();
        assert_eq!(smaller.times(rate("0.001")), Err(MoneyError::Overflow));
    }

    #[test]
    fn tiers_are_added_before_rounding() {
        let tier = |minor, text| Exact::of(minor).times(rate(text)).unwrap();
        let sum = tier(333, "0.1").plus(tier(333, "0.15")).unwrap();
        assert_eq!(sum, tier(333, "0.25"));
        assert_eq!(sum.round(Rounding::HalfEven), Ok(83));
        let whole = tier(1, "0.5").plus(tier(1, "0.5")).unwrap();
        assert!(whole.is_whole());
        assert_eq!(whole, Exact::of(1));
    }
}
