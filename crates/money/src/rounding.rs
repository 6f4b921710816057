use crate::MoneyError;

/// How an exact amount becomes whole minor units. Part of a plan's version: the same mode applies
/// to everything decided under it, so that a recomputation gives the same units.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest; a half goes to the even neighbour. Symmetric under reversal.
    HalfEven,
    /// To the nearest; a half goes away from zero. Symmetric under reversal.
    HalfAwayFromZero,
    /// To the nearest; a half goes up, towards positive infinity. *Not* symmetric: -0.5 becomes
    /// 0 while 0.5 becomes 1, so what is given back may differ by a unit from what was given.
    HalfUp,
    /// Towards zero: what is left over is dropped. Symmetric under reversal.
    Down,
}

impl Rounding {
    /// Every mode.
    pub const ALL: &'static [Self] =
        &[Self::HalfEven, Self::HalfAwayFromZero, Self::HalfUp, Self::Down];

    /// Rounds `numerator / denominator`; the denominator is positive.
    pub(crate) fn apply(self, numerator: i128, denominator: i128) -> Result<i64, MoneyError> {
        let floor = numerator.div_euclid(denominator);
        let rest = numerator.rem_euclid(denominator);
        let negative = numerator < 0;
        // Compared with what is missing to the next unit: twice the rest might not fit.
        let up = match rest.cmp(&(denominator - rest)) {
            _ if rest == 0 => false,
            _ if self == Self::Down => negative,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => match self {
                Self::HalfEven => floor % 2 != 0,
                Self::HalfAwayFromZero => !negative,
                Self::HalfUp => true,
                Self::Down => negative,
            },
        };
        // A floor of 128 bits has room for one more: it comes from a division with a rest.
        i64::try_from(floor + i128::from(up)).map_err(|_| MoneyError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding::{Down, HalfAwayFromZero, HalfEven, HalfUp};
    use super::*;

    #[test]
    fn each_mode_in_quarters_of_a_unit() {
        //             -2.5 -1.75 -1.5 -1.25 -0.5 -0.25 0  0.25 0.5 1.25 1.5 1.75 2.5
        let quarters = [-10, -7, -6, -5, -2, -1, 0, 1, 2, 5, 6, 7, 10];
        let table = [
            (HalfEven, [-2, -2, -2, -1, 0, 0, 0, 0, 0, 1, 2, 2, 2]),
            (HalfAwayFromZero, [-3, -2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2, 3]),
            (HalfUp, [-2, -2, -1, -1, 0, 0, 0, 0, 1, 1, 2, 2, 3]),
            (Down, [-2, -1, -1, -1, 0, 0, 0, 0, 0, 1, 1, 1, 2]),
        ];
        for (mode, expected) in table {
            assert_eq!(quarters.map(|q| mode.apply(q, 4).unwrap()), expected, "{mode:?}");
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for &mode in Rounding::ALL {
            assert_eq!(mode.apply(i128::from(i64::MAX), 1), Ok(i64::MAX));
            assert_eq!(mode.apply(i128::from(i64::MIN), 1), Ok(i64::MIN));
            assert_eq!(mode.apply(i128::from(i64::MAX) + 1, 1), Err(MoneyError::Overflow));
            assert_eq!(mode.apply(i128::MAX, i128::MAX), Ok(1));
            assert_eq!(mode.apply(i128::MIN, 1), Err(MoneyError::Overflow));
            assert_eq!(mode.apply(i128::MAX, 2), Err(MoneyError::Overflow));
        }
        assert_eq!(HalfUp.apply(i128::MIN, i128::MAX), Ok(-1));
        assert_eq!(serde_json::to_string(&HalfAwayFromZero).unwrap(), "\"half_away_from_zero\"");
    }
}
