//! Lists: filters put together from constant parts, keyset pages by id.

use tributary_kernel::limits::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};

use crate::engine::{Connection, EngineError, Row, Value};

/// Which page of a list: newest first, after a cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows wanted; 0 means the usual number, more than the limit means the limit.
    pub limit: u32,
    /// The last id of the page before.
    pub after: Option<[u8; 16]>,
}

impl PageRequest {
    /// Rows of this page.
    #[must_use]
    pub fn rows(&self) -> usize {
        let rows = if self.limit == 0 { PAGE_ROWS_DEFAULT } else { self.limit.min(PAGE_ROWS_MAX) };
        rows as usize
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows, newest first.
    pub items: Vec<T>,
    /// Give this as `after` for the next page; none: this was the last.
    pub next: Option<[u8; 16]>,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, with: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(with).collect(), next: self.next }
    }
}

/// A `SELECT` under construction. Every text given is a constant of ours; every value a parameter.
#[derive(Debug)]
pub struct Select {
    sql: String,
    params: Vec<Value>,
    any: bool,
}

impl Select {
    /// Begins with `SELECT … FROM …`.
    #[must_use]
    pub fn new(head: &'static str) -> Self {
        Self { sql: head.to_owned(), params: Vec::new(), any: false }
    }

    /// Adds `AND {condition}`, in which each `?` becomes the next parameter.
    #[must_use]
    pub fn and(mut self, condition: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        self.sql.push_str(if self.any { " AND " } else { " WHERE " });
        self.any = true;
        let mut values = values.into_iter();
        for part in condition.split_inclusive('?') {
            match part.strip_suffix('?') {
                Some(text) => {
                    self.params.push(values.next().expect("one value per question mark"));
                    self.sql.push_str(text);
                    self.sql.push('$');
                    self.sql.push_str(&self.params.len().to_string());
                }
                None => self.sql.push_str(part),
            }
        }
        debug_assert!(values.next().is_none(), "one question mark per value");
        self
    }

    /// Adds a condition when there is a value for it.
    #[must_use]
    pub fn and_if(self, condition: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(condition, [value.into()]),
            None => self,
        }
    }

    /// Ends with a constant tail and runs.
    pub async fn run(
        self,
        conn: &mut dyn Connection,
        tail: &'static str,
    ) -> Result<Vec<Row>, EngineError> {
        conn.query_built(format!("{} {tail}", self.sql), self.params).await
    }

    /// Ends with a constant tail and a limit, and runs.
    pub async fn run_limited(
        self,
        conn: &mut dyn Connection,
        tail: &'static str,
        limit: u32,
    ) -> Result<Vec<Row>, EngineError> {
        conn.query_built(format!("{} {tail} LIMIT {limit}", self.sql), self.params).await
    }

    /// Runs as a page ordered by `id`, newest first. Column 0 must be the id.
    pub async fn page<T>(
        mut self,
        conn: &mut dyn Connection,
        page: PageRequest,
        read: impl Fn(&Row) -> Result<T, EngineError>,
    ) -> Result<Page<T>, EngineError> {
        self = self.and_if("id < ?", page.after);
        let wanted = page.rows();
        let sql = format!("{} ORDER BY id DESC LIMIT {}", self.sql, wanted + 1);
        let rows = conn.query_built(sql, self.params).await?;
        let next = if rows.len() > wanted { Some(rows[wanted - 1].array::<16>(0)?) } else { None };
        let items = rows.iter().take(wanted).map(read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

/// The first row read, if there is one.
pub(crate) fn first<T>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, EngineError>,
) -> Result<Option<T>, EngineError> {
    rows.first().map(read).transpose()
}

/// All rows read.
pub(crate) fn all<T>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T, EngineError>,
) -> Result<Vec<T>, EngineError> {
    rows.iter().map(read).collect()
}

/// A JSON column of a type of ours.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row,
    column: usize,
) -> Result<T, EngineError> {
    serde_json::from_str(row.text(column)?)
        .map_err(|error| row.unreadable(column, error.to_string()))
}

/// Any of our types as a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Value {
    Value::from(serde_json::to_string(value).expect("our types have string keys"))
}
