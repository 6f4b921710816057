use std::fmt;
use std::str::FromStr;

use crate::MoneyError;
use crate::currency_table::{ALL, TABLE};

/// A currency of ISO 4217 that people are paid in. Text is the alphabetic code; order is that of
/// the codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u8);

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) numeric: u16,
    pub(crate) exponent: u8,
}

/// Makes the table and a constant for each currency. Codes are found when compiling; a row out of
/// order does not compile.
macro_rules! currencies {
    ($($code:ident $numeric:literal $exponent:literal;)*) => {
        pub(crate) static TABLE: &[$crate::currency::Row] = &ROWS;
        const ROWS: [$crate::currency::Row; [$(stringify!($code)),*].len()] = [
            $($crate::currency::Row {
                code: stringify!($code), numeric: $numeric, exponent: $exponent,
            },)*
        ];
        pub(crate) static ALL: &[$crate::Currency] = &[$($crate::Currency::$code,)*];
        const _: () = $crate::currency::assert_sorted(&ROWS);

        impl $crate::Currency {
            $(
                #[doc = concat!("ISO 4217 `", stringify!($code), "`.")]
                pub const $code: Self = $crate::currency::position(&ROWS, stringify!($code));
            )*
        }
    };
}
pub(crate) use currencies;

const fn key(code: &str) -> u32 {
    let bytes = code.as_bytes();
    assert!(bytes.len() == 3, "an alphabetic code has three letters");
    u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]])
}

pub(crate) const fn position(rows: &[Row], code: &str) -> Currency {
    let mut index = 0u8;
    while (index as usize) < rows.len() {
        if key(rows[index as usize].code) == key(code) {
            return Currency(index);
        }
        index += 1;
    }
    panic!("no such row")
}

pub(crate) const fn assert_sorted(rows: &[Row]) {
    let mut index = 1;
    while index < rows.len() {
        assert!(key(rows[index - 1].code) < key(rows[index].code), "sorted, each code once");
        index += 1;
    }
}

impl Currency {
    /// The currency of an upper-case alphabetic code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let index = TABLE.binary_search_by(|row| row.code.cmp(code)).ok()?;
        u8::try_from(index).ok().map(Self)
    }

    fn row(self) -> &'static Row {
        &TABLE[usize::from(self.0)]
    }

    /// Its alphabetic code, three upper-case letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// Decimal places of its minor unit: 0 to 4.
    #[must_use]
    pub fn exponent(self) -> u8 {
        self.row().exponent
    }

    /// Its numeric code.
    #[must_use]
    pub fn numeric(self) -> u16 {
        self.row().numeric
    }

    /// Every currency, by code.
    #[must_use]
    pub fn all() -> &'static [Self] {
        ALL
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::from_code(text).ok_or(MoneyError::UnknownCurrency)
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parse(deserializer, "an ISO 4217 code like \"DKK\"")
    }
}

impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[A-Z]{3}$",
            "description": "ISO 4217 alphabetic code of a currency with a minor unit.",
            "examples": ["DKK"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_are_unique() {
        let mut numerics = std::collections::BTreeSet::new();
        for &currency in Currency::all() {
            assert_eq!(currency.code().parse(), Ok(currency));
            assert!(currency.exponent() <= 4, "{currency}");
            assert!((1..=999).contains(&currency.numeric()), "{currency}");
            assert!(numerics.insert(currency.numeric()), "{currency}");
            let json = serde_json::to_string(&currency).unwrap();
            assert_eq!(serde_json::from_str::<Currency>(&json).unwrap(), currency);
        }
        assert_eq!(Currency::all().len(), 165);
        assert!(Currency::all().is_sorted());
    }

    #[test]
    fn places_that_are_not_two() {
        let with = |places| -> Vec<&str> {
            let all = Currency::all().iter();
            all.filter(|c| c.exponent() == places).map(|c| c.code()).collect()
        };
        assert_eq!(
            with(0).join(" "),
            "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
        );
        assert_eq!(with(1).join(" "), "");
        assert_eq!(with(3).join(" "), "BHD IQD JOD KWD LYD OMR TND");
        assert_eq!(with(4).join(" "), "CLF UYW");
        for code in ["DKK", "SEK", "NOK", "EUR", "USD", "GBP", "IDR"] {
            assert_eq!(Currency::from_code(code).unwrap().exponent(), 2, "{code}");
        }
        assert_eq!(Currency::DKK.numeric(), 208);
        assert_eq!(Currency::XCG.numeric(), 532, "the guilder's successor keeps its number");
    }

    #[test]
    fn what_nobody_is_paid_in_is_refused() {
        for code in ["XAU", "XAG", "XPT", "XDR", "XTS", "XXX", "BGN", "dkk", "DK", "DKKK", ""] {
            assert_eq!(code.parse::<Currency>(), Err(MoneyError::UnknownCurrency), "{code}");
        }
        assert!(serde_json::from_str::<Currency>("208").is_err());
    }
}
