use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error, Visitor};

/// Deserializes a value from its text and from nothing else: a number is refused with a message
/// that shows the text wanted.
pub(crate) fn parse<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = crate::MoneyError>,
{
    deserializer.deserialize_str(TextVisitor { expected, kind: PhantomData })
}

struct TextVisitor<T> {
    expected: &'static str,
    kind: PhantomData<T>,
}

impl<T: FromStr<Err = crate::MoneyError>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
