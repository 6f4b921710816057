use crate::Currency;

/// Why an amount, a rate or a share is refused. Arithmetic never wraps and never loses a unit in
/// silence: it ends here instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result, or a step on the way to it, does not fit.
    #[error("the amount is larger than can be kept")]
    Overflow,
    /// Two amounts of different currencies met.
    #[error("amounts in {left} and {right} do not add up: convert one of them first")]
    CurrencyMismatch {
        /// Currency of the first.
        left: Currency,
        /// Currency of the second.
        right: Currency,
    },
    /// More decimal places than the currency has.
    #[error("{currency} has {} decimal places, this amount {digits}", currency.exponent())]
    Precision {
        /// The currency.
        currency: Currency,
        /// Decimal places found.
        digits: usize,
    },
    /// Not a plain decimal number.
    #[error(
        "a decimal is written like 12500.00: digits with at most one point, a minus sign in front \
         if negative, no exponent, no leading zeros, no separators"
    )]
    Malformed,
    /// A rate beyond what can be kept exactly.
    #[error("a rate has at most 18 digits after the point and 18 in all")]
    RateRange,
    /// A share above the whole.
    #[error("a share is at most 1000000000 parts of 1000000000")]
    ShareRange,
    /// No such currency, or one that nobody is paid in.
    #[error("a currency is one of the upper-case ISO 4217 codes with a minor unit, like DKK")]
    UnknownCurrency,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
}

impl MoneyError {
    /// Stable name of the mistake, for problem documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Overflow => "amount_overflow",
            Self::CurrencyMismatch { .. } => "currency_mismatch",
            Self::Precision { .. } => "amount_precision",
            Self::Malformed => "decimal_malformed",
            Self::RateRange => "rate_range",
            Self::ShareRange => "share_range",
            Self::UnknownCurrency => "currency_unknown",
            Self::DivisionByZero => "division_by_zero",
        }
    }
}
