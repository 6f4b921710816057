//! One connection, on its thread: opening it, running statements, ending transactions.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering as Atomic};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};
use tributary_store::engine::{EngineError, Insert, Kind, Lookup, Row, Value};

use crate::error::engine_error;
use crate::options::SqliteOptions;

/// Prepared statements kept per connection: more than the program has.
const STATEMENTS_MAX: usize = 1_024;
/// How long a checkpoint that insists waits for readers.
const WAIT_FOR_READERS: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
    /// Makes checkpoints beside the writer, and nothing else.
    Helper,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) connection: Connection,
    path: PathBuf,
    role: Role,
    options: SqliteOptions,
    /// Pages in the write-ahead log after the last commit.
    log_pages: Arc<AtomicU32>,
    /// A checkpoint to be made before the next transaction, and whether to insist.
    checkpoint_due: Option<bool>,
    /// Set when a commit failed and no fresh connection could be opened yet.
    suspect: bool,
}

impl Session {
    pub(crate) fn open(
        path: &Path,
        role: Role,
        options: &SqliteOptions,
    ) -> Result<Self, EngineError> {
        let log_pages = Arc::new(AtomicU32::new(0));
        Ok(Self {
            connection: connect(path, role, options, &log_pages)?,
            path: path.to_owned(),
            role,
            options: options.clone(),
            log_pages,
            checkpoint_due: None,
            suspect: false,
        })
    }

    /// Kept at the number of pages in the write-ahead log after the last commit.
    pub(crate) fn log_pages(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.log_pages)
    }

    /// `BEGIN IMMEDIATE` for the writer; on a reader nothing until its first statement.
    pub(crate) fn begin_write(&mut self) -> Result<(), EngineError> {
        if self.suspect {
            self.open_afresh()?;
        }
        if let Some(insist) = self.checkpoint_due.take() {
            self.checkpoint_logged(insist);
        }
        self.batch("BEGIN IMMEDIATE")
    }

    fn begin_read(&self) -> Result<(), EngineError> {
        if self.role == Role::Reader && self.connection.is_autocommit() {
            self.batch("BEGIN DEFERRED")?;
        }
        Ok(())
    }

    /// Ends whatever transaction is open, without keeping it.
    pub(crate) fn end(&mut self) {
        if self.connection.is_autocommit() {
            return;
        }
        if let Err(error) = self.batch("ROLLBACK") {
            tracing::error!(%error, path = %self.path.display(), "sqlite.rollback_failed");
            self.distrust();
        }
    }

    pub(crate) fn commit(&mut self) -> Result<(), EngineError> {
        let Err(error) = self.batch("COMMIT") else {
            return Ok(());
        };
        // An `Away` is a lock that another process holds: nothing was written.
        if matches!(error, EngineError::Away(_) | EngineError::Constraint { .. }) {
            self.end();
        } else {
            tracing::error!(%error, path = %self.path.display(), "sqlite.commit_failed");
            self.distrust();
        }
        Err(error)
    }

    /// The connection may hold pages and positions that are not what the file has.
    pub(crate) fn distrust(&mut self) {
        self.suspect = true;
        if let Err(error) = self.open_afresh() {
            tracing::error!(%error, path = %self.path.display(), "sqlite.reopen_failed");
        }
    }

    /// Replaces the connection. The old one is closed only after the new one is open, so that the
    /// log is not deleted in between.
    fn open_afresh(&mut self) -> Result<(), EngineError> {
        if !self.connection.is_autocommit() {
            // Held until the old connection is gone otherwise, and the new one could not write.
            let _ = self.batch("ROLLBACK");
        }
        self.connection = connect(&self.path, self.role, &self.options, &self.log_pages)?;
        self.suspect = false;
        Ok(())
    }

    /// Makes a checkpoint now, or before the next transaction when one is open.
    pub(crate) fn checkpoint_between(&mut self, insist: bool) {
        if self.connection.is_autocommit() {
            self.checkpoint_logged(insist);
        } else {
            self.checkpoint_due = Some(insist);
        }
    }

    /// Moves the log's pages into the database. When insisting, it waits a moment for readers of
    /// old pages and then empties the log; otherwise it does what it can beside them. Errors are
    /// logged: what was committed is durable either way.
    pub(crate) fn checkpoint_logged(&mut self, insist: bool) {
        let path = self.path.display();
        let done = if insist {
            self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)", WAIT_FOR_READERS)
        } else {
            self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)", self.options.busy)
        };
        match done {
            Ok(false) if insist => tracing::warn!(%path, "sqlite.log_held_by_readers"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, %path, "sqlite.checkpoint_failed"),
        }
    }

    /// Whether it got through the whole log.
    fn checkpoint(&self, sql: &str, busy: Duration) -> Result<bool, EngineError> {
        self.connection.busy_timeout(busy).map_err(engine_error)?;
        let done = self.connection.query_row(sql, [], |row| {
            let (busy, log, moved): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(busy == 0 && log == moved)
        });
        self.connection.busy_timeout(self.options.busy).map_err(engine_error)?;
        done.map_err(engine_error)
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), EngineError> {
        self.connection.execute_batch(sql).map_err(engine_error)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, EngineError> {
        self.begin_read()?;
        let before = self.connection.total_changes();
        let mut statement = prepare(&self.connection, sql)?;
        bind_by_number(&mut statement, sql, params)?;
        step_through(&mut statement)?;
        // Data definition leaves the count of the statement before it.
        let changed = self.connection.total_changes() != before;
        Ok(if changed { self.connection.changes() } else { 0 })
    }

    pub(crate) fn query(
        &mut self,
        name: &'static str,
        sql: &str,
        params: &[Value],
    ) -> Result<Vec<Row>, EngineError> {
        self.begin_read()?;
        let mut statement = prepare(&self.connection, sql)?;
        bind_by_number(&mut statement, sql, params)?;
        let mut found = vec![];
        collect(&mut statement, name, &mut found)?;
        Ok(found)
    }

    /// One statement per distinct key, in the order of the keys.
    pub(crate) fn lookup(
        &mut self,
        lookup: &'static Lookup,
        mut keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        self.begin_read()?;
        keys.iter().try_for_each(|key| check_shape(lookup.table, lookup.keys, key))?;
        keys.sort_unstable_by(|a, b| by_values(a, b));
        keys.dedup();
        let mut statement = prepare(&self.connection, &lookup_sql(lookup))?;
        let mut found = vec![];
        for key in &keys {
            bind_in_order(&mut statement, key)?;
            collect(&mut statement, lookup.table, &mut found)?;
        }
        Ok(found)
    }

    /// One prepared statement, row by row.
    pub(crate) fn insert(
        &mut self,
        insert: &'static Insert,
        rows: &[Vec<Value>],
    ) -> Result<u64, EngineError> {
        self.begin_read()?;
        rows.iter().try_for_each(|row| check_shape(insert.table, insert.columns, row))?;
        let mut statement = prepare(&self.connection, &insert_sql(insert))?;
        let mut changed = 0;
        for row in rows {
            bind_in_order(&mut statement, row)?;
            changed += statement.raw_execute().map_err(engine_error)? as u64;
        }
        Ok(changed)
    }
}

fn connect(
    path: &Path,
    role: Role,
    options: &SqliteOptions,
    log_pages: &Arc<AtomicU32>,
) -> Result<Connection, EngineError> {
    let access = match role {
        Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Role::Helper => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(engine_error)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.busy_timeout(options.busy).map_err(engine_error)?;
    let cache_kib = match role {
        Role::Writer => options.writer_cache_kib,
        Role::Reader | Role::Helper => options.reader_cache_kib,
    };
    if role == Role::Writer {
        write_ahead(&connection, path)?;
        let pages = Arc::clone(log_pages);
        let hook = move |_: &mut rusqlite::hooks::Wal, count: std::ffi::c_int| {
            pages.store(u32::try_from(count).unwrap_or(0), Atomic::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(hook)).map_err(engine_error)?;
    }
    let pragmas = format!(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
         PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0; PRAGMA cache_size = -{cache_kib}; \
         PRAGMA query_only = {};",
        role == Role::Reader,
    );
    connection.execute_batch(&pragmas).map_err(engine_error)?;
    Ok(connection)
}

fn write_ahead(connection: &Connection, path: &Path) -> Result<(), EngineError> {
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(engine_error)?;
    if mode != "wal" {
        return Err(EngineError::Fault(format!(
            "{} cannot have a write-ahead log (it answers `{mode}`): is it on a network disk?",
            path.display()
        )));
    }
    Ok(())
}

fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, EngineError> {
    connection.prepare_cached(sql).map_err(engine_error)
}

/// A value as SQLite takes it.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Int(Some(int)) => ValueRef::Integer(*int),
            Value::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn bind(
    statement: &mut CachedStatement<'_>,
    place: usize,
    value: &Value,
) -> Result<(), EngineError> {
    if let Value::Text(Some(text)) = value
        && text.contains('\0')
    {
        return Err(EngineError::Fault(format!("the text at ${place} contains NUL")));
    }
    statement.raw_bind_parameter(place, Bound(value)).map_err(engine_error)
}

fn bind_in_order(statement: &mut CachedStatement<'_>, values: &[Value]) -> Result<(), EngineError> {
    for (place, value) in (1..).zip(values) {
        bind(statement, place, value)?;
    }
    Ok(())
}

/// SQLite takes `$2` for a name and numbers names as it meets them; we mean the number.
fn bind_by_number(
    statement: &mut CachedStatement<'_>,
    sql: &str,
    params: &[Value],
) -> Result<(), EngineError> {
    let mut highest = 0;
    for place in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(place)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|number| number.parse::<usize>().ok());
        let value = number.and_then(|number| params.get(number.checked_sub(1)?));
        let (Some(number), Some(value)) = (number, value) else {
            return Err(wrong_count(sql, params));
        };
        highest = highest.max(number);
        bind(statement, place, value)?;
    }
    if highest == params.len() { Ok(()) } else { Err(wrong_count(sql, params)) }
}

fn wrong_count(sql: &str, params: &[Value]) -> EngineError {
    EngineError::Fault(format!("{} values do not fit the placeholders of `{sql}`", params.len()))
}

fn step_through(statement: &mut CachedStatement<'_>) -> Result<(), EngineError> {
    let mut rows = statement.raw_query();
    while rows.next().map_err(engine_error)?.is_some() {}
    Ok(())
}

fn collect(
    statement: &mut CachedStatement<'_>,
    name: &'static str,
    into: &mut Vec<Row>,
) -> Result<(), EngineError> {
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(engine_error)? {
        let values = (0..columns)
            .map(|column| read(row.get_ref(column).map_err(engine_error)?, name, column))
            .collect::<Result<_, _>>()?;
        into.push(Row::new(name, values));
    }
    Ok(())
}

fn read(value: ValueRef<'_>, name: &'static str, column: usize) -> Result<Value, EngineError> {
    let unreadable =
        |detail: &str| EngineError::Decode { statement: name, column, detail: detail.to_owned() };
    match value {
        ValueRef::Null => Ok(Value::Int(None)),
        ValueRef::Integer(int) => Ok(Value::Int(Some(int))),
        ValueRef::Text(text) => std::str::from_utf8(text)
            .map(|text| Value::Text(Some(text.to_owned())))
            .map_err(|_| unreadable("the text is not UTF-8")),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(Some(bytes.to_vec()))),
        ValueRef::Real(_) => Err(unreadable("a floating point number: cast it to an integer")),
    }
}

fn check_shape(
    table: &str,
    columns: &[(&'static str, Kind)],
    values: &[Value],
) -> Result<(), EngineError> {
    let fits = columns.len() == values.len()
        && columns.iter().zip(values).all(|((_, kind), value)| *kind == value.kind());
    if fits {
        Ok(())
    } else {
        Err(EngineError::Fault(format!(
            "the values for {table} are not of the kinds of {columns:?}"
        )))
    }
}

fn insert_sql(insert: &Insert) -> String {
    let names: Vec<&str> = insert.columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let (table, names, places) = (insert.table, names.join(", "), places.join(", "));
    format!("INSERT INTO {table} ({names}) VALUES ({places}) {}", insert.conflict)
}

fn lookup_sql(lookup: &Lookup) -> String {
    let keys: Vec<String> =
        (1..).zip(lookup.keys).map(|(place, (name, _))| format!("{name} = ?{place}")).collect();
    let Lookup { select, table, condition, .. } = lookup;
    let condition =
        if condition.is_empty() { String::new() } else { format!(" AND ({condition})") };
    format!("SELECT {select} FROM {table} WHERE {}{condition}", keys.join(" AND "))
}

/// NULL first, then numbers by size, text and bytes byte by byte.
fn by_values(left: &[Value], right: &[Value]) -> Ordering {
    let by_value = |(left, right): (&Value, &Value)| match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Bytes(left), Value::Bytes(right)) => left.cmp(right),
        _ => Ordering::Equal,
    };
    left.iter().zip(right).map(by_value).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkpoint that is asked for while a transaction is open is made before the next one.
    #[test]
    fn checkpoints_wait_for_the_end_of_a_transaction() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("record.db");
        let mut session = Session::open(&path, Role::Writer, &SqliteOptions::default()).unwrap();
        session.begin_write().unwrap();
        session.batch("CREATE TABLE a (x INTEGER) STRICT").unwrap();
        session.commit().unwrap();
        assert!(session.log_pages().load(Atomic::Relaxed) > 0);

        let log_bytes = || std::fs::metadata(folder.path().join("record.db-wal")).unwrap().len();
        session.begin_write().unwrap();
        session.checkpoint_between(true);
        session.batch("INSERT INTO a VALUES (1)").unwrap();
        session.commit().unwrap();
        assert!(log_bytes() > 0, "not in the midst of it");
        session.begin_write().unwrap();
        assert_eq!(log_bytes(), 0);
        session.end();

        session.begin_write().unwrap();
        session.batch("INSERT INTO a VALUES (2)").unwrap();
        session.commit().unwrap();
        assert!(log_bytes() > 0);
        session.checkpoint_between(true);
        assert_eq!(log_bytes(), 0, "at once when no transaction is open");
    }
}
