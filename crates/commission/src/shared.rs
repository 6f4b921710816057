//! Values that several records share, stored like values of their own.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text that is shared instead of copied.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Ok(Self(text.as_ref().into()))
    }
}

/// Of shared lists.
pub(crate) mod list {
    use std::sync::Arc;

    pub(crate) fn serialize<S: serde::Serializer, T: serde::Serialize>(
        list: &Arc<[T]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter())
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Arc<[T]>, D::Error> {
        let list = <Vec<T> as serde::Deserialize>::deserialize(deserializer)?;
        Ok(list.into())
    }
}

/// Of what is shared and can be absent.
pub(crate) mod option {
    use std::sync::Arc;

    #[expect(clippy::ref_option, reason = "serde hands a reference")]
    pub(crate) fn serialize<S: serde::Serializer, T: serde::Serialize>(
        value: &Option<Arc<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(&value.as_deref(), serializer)
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Arc<T>>, D::Error> {
        let value = <Option<T> as serde::Deserialize>::deserialize(deserializer)?;
        Ok(value.map(Arc::new))
    }
}
