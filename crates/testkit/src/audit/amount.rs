//! Numbers: fractions of 128 bits, and the one rounding.

/// How a plan rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    HalfEven,
    HalfAway,
    HalfUp,
    Down,
}

/// An exact amount; not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub(super) const fn of(whole: i128) -> Self {
        Self { numerator: whole, denominator: 1 }
    }

    pub(super) const fn new(numerator: i128, denominator: i128) -> Self {
        Self { numerator, denominator }
    }

    pub(super) const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub(super) const fn is_nothing(self) -> bool {
        self.numerator == 0
    }

    pub(super) fn round(self, rounding: Rounding) -> i128 {
        let whole = self.floor();
        let twice = 2 * self.numerator.rem_euclid(self.denominator);
        let up = match rounding {
            Rounding::Down => false,
            _ if twice != self.denominator => twice > self.denominator,
            Rounding::HalfEven => whole % 2 != 0,
            Rounding::HalfAway | Rounding::HalfUp => true,
        };
        whole + i128::from(up)
    }
}

impl std::ops::Add for Ratio {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            numerator: self.numerator * other.denominator + other.numerator * self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }
}

/// `amount * part / whole`.
pub(super) fn part_of(amount: i128, part: i128, whole: i128, rounding: Rounding) -> i128 {
    Ratio::new(amount * part, whole).round(rounding)
}

/// A percentage as it is written, as a fraction.
pub(super) fn percent(text: &str) -> Result<(i128, i128), String> {
    let wrong = || format!("{text:?} is no percentage");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{decimals}").parse().map_err(|_| wrong())?;
    let places = u32::try_from(decimals.len()).map_err(|_| wrong())?;
    Ok((digits, 100 * 10i128.pow(places)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding() {
        let half = |n| Ratio::new(n, 2);
        assert_eq!([1, 3, 5].map(|n| half(n).round(Rounding::HalfEven)), [0, 2, 2]);
        assert_eq!([1, 3, 5].map(|n| half(n).round(Rounding::HalfUp)), [1, 2, 3]);
        assert_eq!([1, 3, 5].map(|n| half(n).round(Rounding::Down)), [0, 1, 2]);
        assert_eq!(percent("12.5"), Ok((125, 1_000)));
        assert_eq!(part_of(100, 1, 3, Rounding::HalfEven), 33);
    }
}
