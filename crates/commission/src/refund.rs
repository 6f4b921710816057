use tributary_money::{Exact, Money, MoneyError, Rounding};

/// Why a refund has no share of a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The sale was of nothing: a commission on it can only be reversed as a whole.
    #[error("a sale of nothing cannot be refunded in proportion: reverse the commission whole")]
    NothingSold,
    /// A refund is above zero, and so is everything it is compared with, or zero.
    #[error("a refund is above zero, the sale and the commission not below it")]
    Negative,
    /// More than is left of the sale.
    #[error("only {left} of the sale is left to refund")]
    Exceeds {
        /// What is left.
        left: Money,
    },
    /// Currencies differ, or an amount is too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// How much of a commission a refund takes back: what should be reversed after it, less what should
/// have been before it, each `commission * refunded / base`, rounded.
///
/// So partial refunds sum to the whole without drift: once all of `base` is refunded, in any number
/// of parts, exactly `commission` is reversed; before that never more than it.
///
/// `base` is the amount of the sale, `refunded_before` what was refunded of it earlier, `refund`
/// what is now; `commission` is the original amount, not what is left of it. All in the same
/// currency.
///
/// # Errors
/// [`RefundError`].
pub fn refund_share(
    commission: Money,
    base: Money,
    refunded_before: Money,
    refund: Money,
    rounding: Rounding,
) -> Result<Money, RefundError> {
    if commission.is_negative() || base.is_negative() || refunded_before.is_negative() {
        return Err(RefundError::Negative);
    }
    if refund.minor <= 0 {
        return Err(RefundError::Negative);
    }
    if base.is_zero() {
        return Err(RefundError::NothingSold);
    }
    if commission.currency != base.currency {
        let (left, right) = (commission.currency, base.currency);
        return Err(MoneyError::CurrencyMismatch { left, right }.into());
    }
    let left = base.checked_sub(refunded_before)?;
    if left.checked_sub(refund)?.is_negative() {
        return Err(RefundError::Exceeds {
            left: if left.is_negative() { Money::zero(left.currency) } else { left },
        });
    }
    let refunded_after = refunded_before.checked_add(refund)?;
    let reversed = |refunded: Money| {
        Exact::of(commission.minor).times_ratio(refunded.minor, base.minor)?.round(rounding)
    };
    // Rounding never turns an order round, so that the difference is not negative.
    let minor = reversed(refunded_after)? - reversed(refunded_before)?;
    Ok(Money::new(minor, commission.currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tributary_money::Currency;

    const fn dkk(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    fn share(commission: i64, base: i64, before: i64, refund: i64) -> Result<i64, RefundError> {
        refund_share(dkk(commission), dkk(base), dkk(before), dkk(refund), Rounding::HalfEven)
            .map(|money| money.minor)
    }

    #[test]
    fn examples() {
        assert_eq!(share(187_500, 1_250_000, 0, 1_250_000), Ok(187_500));
        assert_eq!(share(187_500, 1_250_000, 0, 250_000), Ok(37_500));
        // A third each of 100: 33, 34, 33.
        assert_eq!(share(100, 3, 0, 1), Ok(33));
        assert_eq!(share(100, 3, 1, 1), Ok(34));
        assert_eq!(share(100, 3, 2, 1), Ok(33));
        assert_eq!(share(100, 3, 2, 2), Err(RefundError::Exceeds { left: dkk(1) }));
        assert_eq!(share(100, 3, 4, 1), Err(RefundError::Exceeds { left: dkk(0) }));
        assert_eq!(share(100, 0, 0, 1), Err(RefundError::NothingSold));
        assert_eq!(share(100, 3, 0, 0), Err(RefundError::Negative));
        assert_eq!(share(-100, 3, 0, 1), Err(RefundError::Negative));
        assert_eq!(share(0, 3, 0, 1), Ok(0));
        let euro = Money::new(1, Currency::EUR);
        let mixed = refund_share(dkk(1), dkk(1), dkk(0), euro, Rounding::Down);
        assert!(matches!(mixed, Err(RefundError::Money(MoneyError::CurrencyMismatch { .. }))));
        let mixed = refund_share(euro, dkk(1), dkk(0), dkk(1), Rounding::Down);
        assert!(matches!(mixed, Err(RefundError::Money(MoneyError::CurrencyMismatch { .. }))));
    }

    proptest! {
        #[test]
        fn a_full_refund_in_parts_leaves_nothing(
            commission in 0i64..1_000_000_000_000,
            parts in prop::collection::vec(1i64..1_000_000_000, 1..20),
            rounding in prop::sample::select(Rounding::ALL),
        ) {
            let base = parts.iter().sum();
            let (mut refunded, mut left) = (0, commission);
            for part in parts {
                let share =
                    refund_share(dkk(commission), dkk(base), dkk(refunded), dkk(part), rounding);
                let share = share.unwrap().minor;
                prop_assert!(share >= 0);
                refunded += part;
                left -= share;
                prop_assert!(left >= 0);
            }
            prop_assert_eq!(left, 0);
        }
    }
}
