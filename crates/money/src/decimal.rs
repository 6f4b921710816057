use crate::MoneyError;

/// Bytes of decimal text that are looked at; longer ones are malformed.
const TEXT_BYTES_MAX: usize = 48;

/// The parts of `-?(0|[1-9][0-9]*)(\.[0-9]+)?`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    pub(crate) whole: &'a str,
    /// Digits after the point as sent, trailing zeros included; empty without a point.
    pub(crate) fraction: &'a str,
}

impl<'a> Decimal<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, MoneyError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(MoneyError::Malformed);
        }
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = match rest.split_once('.') {
            Some((_, "")) => return Err(MoneyError::Malformed),
            Some(parts) => parts,
            None => (rest, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero || !digits(whole) || !digits(fraction) {
            return Err(MoneyError::Malformed);
        }
        Ok(Self { negative, whole, fraction })
    }

    /// The number times `10^places`; `places` is at least the number of fraction digits.
    pub(crate) fn scaled(&self, places: usize) -> Result<i64, MoneyError> {
        let padding = places.saturating_sub(self.fraction.len());
        let digits = self.whole.bytes().chain(self.fraction.bytes());
        let digits = digits.chain(std::iter::repeat_n(b'0', padding));
        // Counted downwards for negative numbers, so that the smallest one can be written too.
        let sign: i64 = if self.negative { -1 } else { 1 };
        digits
            .map(|byte| i64::from(byte - b'0'))
            .try_fold(0i64, |sum, digit| sum.checked_mul(10)?.checked_add(sign * digit))
            .ok_or(MoneyError::Overflow)
    }
}

/// `digits / 10^places` as text with exactly `places` digits after the point.
pub(crate) fn format(digits: i64, places: u8) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let magnitude = digits.unsigned_abs();
    if places == 0 {
        return format!("{sign}{magnitude}");
    }
    let unit = 10u64.pow(u32::from(places));
    let width = usize::from(places);
    format!("{sign}{}.{:0width$}", magnitude / unit, magnitude % unit)
}
