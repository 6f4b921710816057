use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::MoneyError;
use crate::decimal::{self, Decimal};

/// Digits after the point that a rate may have.
pub(crate) const SCALE_MAX: u8 = 18;

/// An exact decimal: a commission rate (`0.15`), a rate of exchange (`7.4604`), a factor.
///
/// Kept as a whole number of 64 bits over a power of ten, always in lowest terms, so that equal
/// rates have one text: no trailing zeros, no exponent, no `-0`. That text is what JSON, plan
/// documents and hashes carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    digits: i64,
    scale: u8,
}

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };
    /// The whole.
    pub const ONE: Self = Self { digits: 1, scale: 0 };

    /// `digits / 10^scale`.
    ///
    /// # Errors
    /// [`MoneyError::RateRange`] when `scale` is above 18 even without trailing zeros.
    pub const fn new(digits: i64, scale: u8) -> Result<Self, MoneyError> {
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        let (mut digits, mut scale) = (digits, scale);
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        if scale > SCALE_MAX {
            return Err(MoneyError::RateRange);
        }
        Ok(Self { digits, scale })
    }

    /// The rate of so many per cent: `15` is 0.15, `2.5` is 0.025.
    ///
    /// # Errors
    /// As for parsing.
    pub fn from_percent(text: &str) -> Result<Self, MoneyError> {
        let percent: Self = text.parse()?;
        Self::new(percent.digits, percent.scale + 2)
    }

    /// The rate as so many per cent, canonical: 0.15 is `15`.
    #[must_use]
    pub fn to_percent_string(self) -> String {
        if self.scale >= 2 {
            return decimal::format(self.digits, self.scale - 2);
        }
        let zeros = usize::from(2 - self.scale);
        if self.digits == 0 { "0".to_owned() } else { format!("{}{:0<zeros$}", self.digits, "") }
    }

    /// The whole number over `10^scale`.
    #[must_use]
    pub const fn digits(self) -> i64 {
        self.digits
    }

    /// Digits after the point, 0 to 18.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    fn over_largest_scale(self) -> i128 {
        // Below 2^63 * 10^18 < 2^123.
        i128::from(self.digits) * 10i128.pow(u32::from(SCALE_MAX - self.scale))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.over_largest_scale().cmp(&other.over_largest_scale())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::format(self.digits, self.scale))
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rate {
    type Err = MoneyError;

    /// Reads a plain decimal; zeros at the end are dropped.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let mut decimal = Decimal::parse(text)?;
        decimal.fraction = decimal.fraction.trim_end_matches('0');
        let scale = decimal.fraction.len();
        let range = |_| MoneyError::RateRange;
        Self::new(
            decimal.scaled(scale).map_err(range)?,
            u8::try_from(scale).map_err(|_| MoneyError::RateRange)?,
        )
    }
}

impl serde::Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parse(deserializer, "a decimal string like \"0.15\"")
    }
}

impl schemars::JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": crate::DECIMAL_PATTERN,
            "description": "Exact decimal with at most 18 digits after the point.",
            "examples": ["0.15"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn one_text_for_one_rate() {
        let table = [
            ("0.150", "0.15", "15"),
            ("0", "0", "0"),
            ("-0.000", "0", "0"),
            ("10", "10", "1000"),
            ("1.5", "1.5", "150"),
            ("-0.5", "-0.5", "-50"),
            ("0.0125", "0.0125", "1.25"),
            ("0.000000000000000001", "0.000000000000000001", "0.0000000000000001"),
            ("9223372036854775807", "9223372036854775807", "922337203685477580700"),
            ("0.100000000000000000000000000000", "0.1", "10"),
        ];
        for (text, canonical, percent) in table {
            assert_eq!(rate(text).to_string(), canonical);
            assert_eq!(rate(text).to_percent_string(), percent, "{text}");
        }
        assert_eq!(Rate::from_percent("15"), Ok(rate("0.15")));
        assert_eq!(Rate::from_percent("100"), Ok(Rate::ONE));
        assert_eq!(Rate::from_percent("2.50").unwrap().to_string(), "0.025");
        assert_eq!(Rate::new(1_500, 4), Ok(rate("0.15")));
    }

    #[test]
    fn what_is_no_rate() {
        for text in ["", "15%", "1e-2", ".15", "0,15", "00.1", "+1", "NaN", " 0.1"] {
            assert_eq!(text.parse::<Rate>(), Err(MoneyError::Malformed), "{text}");
        }
        for text in ["0.0000000000000000001", "9223372036854775808"] {
            assert_eq!(text.parse::<Rate>(), Err(MoneyError::RateRange), "{text}");
        }
        assert_eq!(Rate::from_percent("0.00000000000000001"), Err(MoneyError::RateRange));
        assert_eq!(Rate::new(1, u8::MAX), Err(MoneyError::RateRange));
        let error = serde_json::from_str::<Rate>("0.15").unwrap_err().to_string();
        assert!(error.contains("expected a decimal string like \"0.15\""), "{error}");
        assert_eq!(serde_json::from_str::<Rate>("\"0.150\"").unwrap(), rate("0.15"));
        assert_eq!(serde_json::to_string(&rate("0.150")).unwrap(), "\"0.15\"");
    }

    #[test]
    fn order_is_that_of_the_numbers() {
        let sorted = ["-10", "-0.5", "-0.05", "0", "0.049", "0.05", "0.5", "1", "9", "10"];
        assert!(sorted.map(rate).is_sorted());
        assert!(rate("0.5") > rate("0.49999"));
    }
}
