use tributary_kernel::{Id, LocalDate, RowId, Timestamp};

/// The three kinds of column both engines share, each nullable: `BIGINT`/`INTEGER`, `TEXT`,
/// `BYTEA`/`BLOB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit signed: numbers, money in minor units, microseconds, booleans as 0 and 1.
    Int,
    /// Text: enums, names, JSON.
    Text,
    /// Bytes: ids, hashes, sealed secrets.
    Bytes,
}

/// A parameter or a stored value. `None` is NULL of that kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// See [`Kind::Int`].
    Int(Option<i64>),
    /// See [`Kind::Text`].
    Text(Option<String>),
    /// See [`Kind::Bytes`].
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Int(_) => Kind::Int,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
        }
    }
}

macro_rules! value_from {
    ($($from:ty, $value:ident => $to:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )*};
}

value_from! {
    i64, v => Self::Int(Some(v));
    i32, v => Self::Int(Some(v.into()));
    u32, v => Self::Int(Some(v.into()));
    bool, v => Self::Int(Some(v.into()));
    Option<i64>, v => Self::Int(v);
    Option<u32>, v => Self::Int(v.map(Into::into));
    String, v => Self::Text(Some(v));
    &str, v => Self::Text(Some(v.to_owned()));
    Option<String>, v => Self::Text(v);
    Option<&str>, v => Self::Text(v.map(str::to_owned));
    Vec<u8>, v => Self::Bytes(Some(v));
    &[u8], v => Self::Bytes(Some(v.to_vec()));
    Option<Vec<u8>>, v => Self::Bytes(v);
    Timestamp, v => Self::Int(Some(v.as_microsecond()));
    Option<Timestamp>, v => Self::Int(v.map(Timestamp::as_microsecond));
    LocalDate, v => Self::Int(Some(v.as_days().into()));
    Option<LocalDate>, v => Self::Int(v.map(|day| day.as_days().into()));
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(v: [u8; N]) -> Self {
        Self::Bytes(Some(v.to_vec()))
    }
}

impl<K: RowId> From<Id<K>> for Value {
    fn from(v: Id<K>) -> Self {
        Self::Bytes(Some(v.as_bytes().to_vec()))
    }
}

impl<K: RowId> From<Option<Id<K>>> for Value {
    fn from(v: Option<Id<K>>) -> Self {
        Self::Bytes(v.map(|id| id.as_bytes().to_vec()))
    }
}
