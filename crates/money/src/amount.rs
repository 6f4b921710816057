use std::borrow::Cow;
use std::fmt;

use schemars::generate::Contract;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::decimal::{self, Decimal};
use crate::{Currency, MoneyError};

/// An amount of money: a whole number of the currency's minor units (øre, cents; yen themselves).
///
/// JSON is `{"amount": 1250000, "currency": "DKK"}`. What is read may also give the amount as a
/// decimal string in *major* units, `"12500.00"`; a JSON fraction or exponent is refused, because
/// many JSON writers don't keep it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Money {
    /// Minor units; may be negative.
    #[serde(rename = "amount")]
    pub minor: i64,
    /// What they are units of.
    pub currency: Currency,
}

impl Money {
    /// `minor` minor units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.agree(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.agree(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The same amount the other way.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one amount without an opposite, `i64::MIN`.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    fn agree(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Reads an amount in major units: `12500.00`, `-3`, `0.5`. Fewer decimal places than the
    /// currency has are fine, more are refused even when they are zeros: who sends them means
    /// another currency.
    ///
    /// # Errors
    /// [`MoneyError::Malformed`], [`MoneyError::Precision`], [`MoneyError::Overflow`].
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimal = Decimal::parse(text)?;
        let digits = decimal.fraction.len();
        let places = usize::from(currency.exponent());
        if digits > places {
            return Err(MoneyError::Precision { currency, digits });
        }
        Ok(Self::new(decimal.scaled(places)?, currency))
    }

    /// The amount in major units with all decimal places of the currency: `12500.00`. For files
    /// and APIs; people get their language's format.
    #[must_use]
    pub fn to_decimal_string(self) -> String {
        decimal::format(self.minor, self.currency.exponent())
    }
}

impl fmt::Display for Money {
    /// `12500.00 DKK`, for developers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency)
    }
}

/// The field `amount` as sent. Which decimal places it may have is known with the currency, which
/// may come after it.
enum Amount {
    Minor(i64),
    Decimal(String),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename = "Money")]
struct Wire {
    amount: Amount,
    currency: Currency,
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a whole number of minor units like 1250000, or a decimal string like \"12500.00\"",
        )
    }

    fn visit_i64<E: Error>(self, minor: i64) -> Result<Amount, E> {
        Ok(Amount::Minor(minor))
    }

    fn visit_u64<E: Error>(self, minor: u64) -> Result<Amount, E> {
        i64::try_from(minor).map(Amount::Minor).map_err(|_| E::custom(MoneyError::Overflow))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Amount, E> {
        Err(E::custom(
            "an amount with a fraction or an exponent is not accepted as a JSON number: send \
             minor units as a whole number (1250000) or a decimal string (\"12500.00\")",
        ))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
        Ok(Amount::Decimal(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire { amount, currency } = Wire::deserialize(deserializer)?;
        match amount {
            Amount::Minor(minor) => Ok(Self::new(minor, currency)),
            Amount::Decimal(text) => Self::parse_decimal(&text, currency).map_err(D::Error::custom),
        }
    }
}

impl schemars::JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let minor = schemars::json_schema!({
            "type": "integer",
            "format": "int64",
            "description": "Minor units of the currency.",
            "examples": [1_250_000],
        });
        let amount = match generator.contract() {
            Contract::Serialize => minor,
            _ => schemars::json_schema!({
                "oneOf": [minor, {
                    "type": "string",
                    "pattern": crate::DECIMAL_PATTERN,
                    "description": "Major units, with at most the currency's decimal places.",
                    "examples": ["12500.00"],
                }],
            }),
        };
        let currency = generator.subschema_for::<Currency>();
        schemars::json_schema!({
            "type": "object",
            "properties": { "amount": amount, "currency": currency },
            "required": ["amount", "currency"],
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text() {
        let table = [
            ("DKK", "12500.00", Ok(1_250_000)),
            ("DKK", "12500", Ok(1_250_000)),
            ("DKK", "0.5", Ok(50)),
            ("DKK", "-0.05", Ok(-5)),
            ("DKK", "-0.00", Ok(0)),
            ("JPY", "500", Ok(500)),
            ("KWD", "1.234", Ok(1_234)),
            ("CLF", "0.0001", Ok(1)),
            ("DKK", "92233720368547758.07", Ok(i64::MAX)),
            ("DKK", "-92233720368547758.08", Ok(i64::MIN)),
            ("DKK", "92233720368547758.08", Err(MoneyError::Overflow)),
            ("DKK", "9999999999999999999999999", Err(MoneyError::Overflow)),
            ("DKK", "1.000", Err(MoneyError::Precision { currency: Currency::DKK, digits: 3 })),
            ("JPY", "1.0", Err(MoneyError::Precision { currency: Currency::JPY, digits: 1 })),
        ];
        for (code, text, expected) in table {
            let currency = Currency::from_code(code).unwrap();
            let found = Money::parse_decimal(text, currency).map(|money| money.minor);
            assert_eq!(found, expected, "{code} {text}");
        }
        for text in
            ["", "-", ".", "1.", ".5", "+1", "1e3", "01", "1,5", "1 000", "--1", "1.2.3", "٣"]
        {
            assert_eq!(
                Money::parse_decimal(text, Currency::DKK),
                Err(MoneyError::Malformed),
                "{text}"
            );
        }
        assert_eq!(Money::new(i64::MIN, Currency::DKK).to_string(), "-92233720368547758.08 DKK");
        assert_eq!(Money::new(-5, Currency::KWD).to_string(), "-0.005 KWD");
        assert_eq!(Money::new(-5, Currency::JPY).to_string(), "-5 JPY");
    }

    #[test]
    fn json() {
        let read = |text: &str| serde_json::from_str::<Money>(text).map_err(|e| e.to_string());
        let expected = Money::new(1_250_000, Currency::DKK);
        let json = serde_json::to_string(&expected).unwrap();
        assert_eq!(json, r#"{"amount":1250000,"currency":"DKK"}"#);
        assert_eq!(read(&json), Ok(expected));
        assert_eq!(read(r#"{"currency":"DKK","amount":"12500.00"}"#), Ok(expected));
        assert_eq!(read(r#"{"amount":"12500\u002e00","currency":"DKK"}"#), Ok(expected));
        let from_value = serde_json::json!({"amount": "12500.00", "currency": "DKK"});
        assert_eq!(serde_json::from_value::<Money>(from_value).unwrap(), expected);

        let table = [
            (r#"{"amount":12500.00,"currency":"DKK"}"#, "fraction or an exponent"),
            (r#"{"amount":1.0,"currency":"JPY"}"#, "fraction or an exponent"),
            (r#"{"amount":1e3,"currency":"DKK"}"#, "fraction or an exponent"),
            (r#"{"amount":9223372036854775808,"currency":"DKK"}"#, "larger than can be kept"),
            (r#"{"amount":"1e3","currency":"DKK"}"#, "a decimal is written like"),
            (r#"{"amount":"1.005","currency":"DKK"}"#, "DKK has 2 decimal places, this amount 3"),
            (r#"{"amount":1,"currency":"XAU"}"#, "ISO 4217"),
            (r#"{"amount":1,"currency":"DKK","scale":2}"#, "unknown field `scale`"),
            (r#"{"amount":null,"currency":"DKK"}"#, "a whole number of minor units"),
            (r#"{"amount":true,"currency":"DKK"}"#, "a whole number of minor units"),
            (r#"{"currency":"DKK"}"#, "missing field `amount`"),
        ];
        for (text, expected) in table {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn arithmetic_refuses_rather_than_wraps() {
        let dkk = |minor| Money::new(minor, Currency::DKK);
        assert_eq!(dkk(1).checked_add(dkk(2)), Ok(dkk(3)));
        assert_eq!(dkk(i64::MAX).checked_add(dkk(1)), Err(MoneyError::Overflow));
        assert_eq!(dkk(i64::MIN).checked_sub(dkk(1)), Err(MoneyError::Overflow));
        assert_eq!(dkk(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
        assert_eq!(
            dkk(1).checked_sub(Money::zero(Currency::SEK)),
            Err(MoneyError::CurrencyMismatch { left: Currency::DKK, right: Currency::SEK })
        );
    }

    #[test]
    fn schemas_say_what_is_read_and_what_is_written() {
        let schema = |settings: schemars::generate::SchemaSettings| {
            let schema = settings.into_generator().into_root_schema_for::<Money>();
            serde_json::to_value(schema).unwrap()["properties"]["amount"].clone()
        };
        let settings = schemars::generate::SchemaSettings::draft2020_12();
        assert_eq!(schema(settings.clone().for_serialize())["type"], "integer");
        assert_eq!(schema(settings.for_deserialize())["oneOf"][1]["type"], "string");
    }
}
