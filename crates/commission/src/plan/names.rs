use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The text is not a name of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{expected}")]
pub struct NameError {
    expected: &'static str,
}

impl NameError {
    pub(super) const fn expecting(expected: &'static str) -> Self {
        Self { expected }
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $expected:literal, $well_formed:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Its text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let well_formed: fn(&[u8]) -> bool = $well_formed;
                if (1..=40).contains(&text.len()) && well_formed(text.as_bytes()) {
                    Ok(Self(text.into()))
                } else {
                    Err(NameError { expected: $expected })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

name! {
    /// The name of an event in `snake_case`: one of the catalogue (`click`, `signup`, `trial`,
    /// `demo`, `qualified_lead`, `sale`, `renewal`) or the program's own.
    EventName,
    "^[a-z][a-z0-9_]{0,39}$",
    "an event is named by 1 to 40 of a-z, 0-9 and _, beginning with a letter",
    |text| text[0].is_ascii_lowercase() && text.iter().copied().all(is_name_byte)
}

name! {
    /// The name of a rule, stable within its plan and over the plan's versions: commissions and
    /// their explanations refer to it.
    RuleId,
    "^[a-z0-9][a-z0-9_-]{0,39}$",
    "a rule is named by 1 to 40 of a-z, 0-9, _ and -, beginning with a letter or a digit",
    |text| {
        text[0] != b'_'
            && text[0] != b'-'
            && text.iter().all(|&byte| is_name_byte(byte) || byte == b'-')
    }
}

impl EventName {
    /// Whether it is the counted click of a link.
    #[must_use]
    pub fn is_click(&self) -> bool {
        self.as_str() == "click"
    }

    /// Whether it is a refund, which no rule pays: it reverses what was paid, in proportion.
    #[must_use]
    pub fn is_refund(&self) -> bool {
        self.as_str() == "refund"
    }
}
