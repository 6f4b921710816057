use tributary_kernel::{Id, LocalDate, RowId, Timestamp};

use super::{EngineError, Value};

/// One row of an answer. Getters take the zero-based column and say which statement, column and
/// value disappointed them.
#[derive(Debug, Clone)]
pub struct Row {
    statement: &'static str,
    values: Vec<Value>,
}

impl Row {
    /// Made by an engine; `statement` names the query in errors.
    #[must_use]
    pub const fn new(statement: &'static str, values: Vec<Value>) -> Self {
        Self { statement, values }
    }

    /// All its values.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// A complaint about a column whose value the caller could not read.
    #[must_use]
    pub fn unreadable(&self, column: usize, detail: impl Into<String>) -> EngineError {
        EngineError::Decode { statement: self.statement, column, detail: detail.into() }
    }

    fn missing(&self, column: usize, expected: &str) -> EngineError {
        let found = match self.values.get(column) {
            None => "no such column",
            Some(Value::Int(None) | Value::Text(None) | Value::Bytes(None)) => "NULL",
            Some(Value::Int(_)) => "an integer",
            Some(Value::Text(_)) => "text",
            Some(Value::Bytes(_)) => "bytes",
        };
        self.unreadable(column, format!("expected {expected}, found {found}"))
    }

    /// An integer or NULL.
    pub fn int_or_null(&self, column: usize) -> Result<Option<i64>, EngineError> {
        match self.values.get(column) {
            Some(Value::Int(value)) => Ok(*value),
            Some(Value::Text(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.missing(column, "an integer")),
        }
    }

    /// An integer.
    pub fn int(&self, column: usize) -> Result<i64, EngineError> {
        self.int_or_null(column)?.ok_or_else(|| self.missing(column, "an integer"))
    }

    /// A number that was stored from a `u32`.
    pub fn u32(&self, column: usize) -> Result<u32, EngineError> {
        let value = self.int(column)?;
        u32::try_from(value).map_err(|_| self.unreadable(column, format!("{value} is not a u32")))
    }

    /// A boolean.
    pub fn bool(&self, column: usize) -> Result<bool, EngineError> {
        Ok(self.int(column)? != 0)
    }

    /// Text or NULL.
    pub fn text_or_null(&self, column: usize) -> Result<Option<&str>, EngineError> {
        match self.values.get(column) {
            Some(Value::Text(value)) => Ok(value.as_deref()),
            Some(Value::Int(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.missing(column, "text")),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<&str, EngineError> {
        self.text_or_null(column)?.ok_or_else(|| self.missing(column, "text"))
    }

    /// Takes a long text out and leaves an empty one: what is read by the million is not copied.
    pub fn take_text(&mut self, column: usize) -> Result<String, EngineError> {
        match self.values.get_mut(column) {
            Some(Value::Text(Some(text))) => Ok(std::mem::take(text)),
            _ => Err(self.missing(column, "text")),
        }
    }

    /// Takes bytes out and leaves none, as [`Row::take_text`] does with text.
    pub fn take_bytes(&mut self, column: usize) -> Result<Vec<u8>, EngineError> {
        match self.values.get_mut(column) {
            Some(Value::Bytes(Some(bytes))) => Ok(std::mem::take(bytes)),
            _ => Err(self.missing(column, "bytes")),
        }
    }

    /// Text read by [`std::str::FromStr`]: enums, currencies, codes.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T, EngineError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.unreadable(column, format!("`{text}` is not known here")))
    }

    /// Bytes or NULL.
    pub fn bytes_or_null(&self, column: usize) -> Result<Option<&[u8]>, EngineError> {
        match self.values.get(column) {
            Some(Value::Bytes(value)) => Ok(value.as_deref()),
            Some(Value::Int(None) | Value::Text(None)) => Ok(None),
            _ => Err(self.missing(column, "bytes")),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8], EngineError> {
        self.bytes_or_null(column)?.ok_or_else(|| self.missing(column, "bytes"))
    }

    /// Bytes of a fixed length.
    pub fn array<const N: usize>(&self, column: usize) -> Result<[u8; N], EngineError> {
        let bytes = self.bytes(column)?;
        bytes.try_into().map_err(|_| {
            self.unreadable(column, format!("expected {N} bytes, found {}", bytes.len()))
        })
    }

    /// An id.
    pub fn id<K: RowId>(&self, column: usize) -> Result<Id<K>, EngineError> {
        self.array(column).map(Id::from_bytes)
    }

    /// An id or NULL.
    pub fn id_or_null<K: RowId>(&self, column: usize) -> Result<Option<Id<K>>, EngineError> {
        if self.bytes_or_null(column)?.is_none() {
            return Ok(None);
        }
        self.id(column).map(Some)
    }

    /// A moment.
    pub fn timestamp(&self, column: usize) -> Result<Timestamp, EngineError> {
        self.int(column).map(Timestamp::from_microsecond)
    }

    /// A moment or NULL.
    pub fn timestamp_or_null(&self, column: usize) -> Result<Option<Timestamp>, EngineError> {
        Ok(self.int_or_null(column)?.map(Timestamp::from_microsecond))
    }

    /// A day.
    pub fn date(&self, column: usize) -> Result<LocalDate, EngineError> {
        let days = self.int(column)?;
        let days = i32::try_from(days)
            .map_err(|_| self.unreadable(column, format!("{days} is not a day")))?;
        Ok(LocalDate::from_days(days))
    }
}
