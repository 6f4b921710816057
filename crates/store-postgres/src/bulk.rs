//! Bulk work as one statement over arrays, one array for each column.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use tributary_store::engine::{EngineError, Insert, Kind, Lookup, Value};

/// Texts made from [`Insert`]s and [`Lookup`]s, by the address of those: they are static, so each
/// text is made once, and being the same text it is prepared once for each connection.
#[derive(Debug, Default)]
pub(crate) struct Texts(RwLock<HashMap<usize, Arc<str>>>);

impl Texts {
    pub(crate) fn insert(&self, insert: &'static Insert) -> Arc<str> {
        self.made_once(std::ptr::from_ref(insert).addr(), || insert_sql(insert))
    }

    pub(crate) fn lookup(&self, lookup: &'static Lookup) -> Arc<str> {
        self.made_once(std::ptr::from_ref(lookup).addr(), || lookup_sql(lookup))
    }

    fn made_once(&self, address: usize, make: impl FnOnce() -> String) -> Arc<str> {
        if let Some(text) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return Arc::clone(text);
        }
        let mut texts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(texts.entry(address).or_insert_with(|| make().into()))
    }
}

/// `UNNEST($1::BIGINT[], $2::TEXT[])`.
fn unnest(columns: &[(&str, Kind)]) -> String {
    let arrays: Vec<String> = (1..)
        .zip(columns)
        .map(|(place, (_, kind))| {
            let kind = match kind {
                Kind::Int => "BIGINT",
                Kind::Text => "TEXT",
                Kind::Bytes => "BYTEA",
            };
            format!("${place}::{kind}[]")
        })
        .collect();
    format!("UNNEST({})", arrays.join(", "))
}

fn insert_sql(insert: &Insert) -> String {
    let names: Vec<&str> = insert.columns.iter().map(|(name, _)| *name).collect();
    let Insert { table, columns, conflict } = insert;
    let (names, unnest) = (names.join(", "), unnest(columns));
    format!("INSERT INTO {table} ({names}) SELECT * FROM {unnest} {conflict}")
}

/// A join is planned by how large the tables were when a connection planned it first, and from then
/// on reads all of a table that has grown. So each wanted key is looked up by itself, with `OFFSET
/// 0` to keep it so: by index, whatever the statistics say. Rows to lock are locked in their order,
/// which only the join can do; those tables are small.
fn lookup_sql(lookup: &Lookup) -> String {
    let Lookup { select, table, keys, condition, lock } = lookup;
    let listed = |one: &dyn Fn(usize, &str, Kind) -> String, between: &str| {
        let each = (1..).zip(*keys).map(|(place, (name, kind))| one(place, name, *kind));
        each.collect::<Vec<_>>().join(between)
    };
    let wanted = listed(&|place, _, _| format!("wanted_{place}"), ", ");
    let equal = listed(&|place, name, _| format!("{table}.{name} = wanted_{place}"), " AND ");
    let order = listed(
        &|_, name, kind| match kind {
            // The order must be everybody's, and SQLite's: that of the bytes.
            Kind::Text => format!("{table}.{name} COLLATE \"C\""),
            Kind::Int | Kind::Bytes => format!("{table}.{name}"),
        },
        ", ",
    );
    let unnest = unnest(keys);
    let wanted = format!("(SELECT DISTINCT * FROM {unnest}) AS wanted ({wanted})");
    if *lock {
        let condition =
            if condition.is_empty() { String::new() } else { format!(" WHERE ({condition})") };
        return format!(
            "SELECT {select} FROM {table} JOIN {wanted} ON {equal}{condition} ORDER BY {order} \
             FOR NO KEY UPDATE OF {table}"
        );
    }
    let condition =
        if condition.is_empty() { String::new() } else { format!(" AND ({condition})") };
    format!(
        "SELECT {select} FROM {wanted} CROSS JOIN LATERAL (SELECT * FROM {table} \
         WHERE {equal}{condition} OFFSET 0) AS {table} ORDER BY {order}"
    )
}

enum Array {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

/// Turns rows into one array for each column.
pub(crate) fn arrays(
    table: &str,
    columns: &[(&'static str, Kind)],
    rows: Vec<Vec<Value>>,
) -> Result<PgArguments, EngineError> {
    let mut arrays: Vec<Array> = columns
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Int => Array::Int(Vec::with_capacity(rows.len())),
            Kind::Text => Array::Text(Vec::with_capacity(rows.len())),
            Kind::Bytes => Array::Bytes(Vec::with_capacity(rows.len())),
        })
        .collect();
    let misfit = || {
        EngineError::Fault(format!("the values for {table} are not of the kinds of {columns:?}"))
    };
    for row in rows {
        if row.len() != columns.len() {
            return Err(misfit());
        }
        for (array, value) in arrays.iter_mut().zip(row) {
            match (array, value) {
                (Array::Int(array), Value::Int(value)) => array.push(value),
                (Array::Text(array), Value::Text(value)) => array.push(value),
                (Array::Bytes(array), Value::Bytes(value)) => array.push(value),
                _ => return Err(misfit()),
            }
        }
    }
    let mut arguments = PgArguments::default();
    for array in arrays {
        let added = match array {
            Array::Int(array) => arguments.add(array),
            Array::Text(array) => arguments.add(array),
            Array::Bytes(array) => arguments.add(array),
        };
        added.map_err(|error| EngineError::Fault(error.to_string()))?;
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        static COLUMNS: &[(&str, Kind)] =
            &[("id", Kind::Bytes), ("name", Kind::Text), ("n", Kind::Int)];
        static INSERT: Insert =
            Insert { table: "t", columns: COLUMNS, conflict: "ON CONFLICT DO NOTHING" };
        static LOOKUP: Lookup = Lookup {
            select: "n",
            table: "t",
            keys: &[("id", Kind::Bytes), ("name", Kind::Text)],
            condition: "n > 0 OR n IS NULL",
            lock: true,
        };
        static SEEN: Lookup = Lookup { lock: false, ..LOOKUP };
        let texts = Texts::default();
        assert_eq!(
            &*texts.insert(&INSERT),
            "INSERT INTO t (id, name, n) SELECT * FROM UNNEST($1::BYTEA[], $2::TEXT[], \
             $3::BIGINT[]) ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            &*texts.lookup(&LOOKUP),
            "SELECT n FROM t JOIN (SELECT DISTINCT * FROM UNNEST($1::BYTEA[], $2::TEXT[])) AS \
             wanted (wanted_1, wanted_2) ON t.id = wanted_1 AND t.name = wanted_2 \
             WHERE (n > 0 OR n IS NULL) ORDER BY t.id, t.name COLLATE \"C\" \
             FOR NO KEY UPDATE OF t"
        );
        assert_eq!(
            &*texts.lookup(&SEEN),
            "SELECT n FROM (SELECT DISTINCT * FROM UNNEST($1::BYTEA[], $2::TEXT[])) AS \
             wanted (wanted_1, wanted_2) CROSS JOIN LATERAL (SELECT * FROM t \
             WHERE t.id = wanted_1 AND t.name = wanted_2 AND (n > 0 OR n IS NULL) OFFSET 0) AS t \
             ORDER BY t.id, t.name COLLATE \"C\""
        );
        assert!(Arc::ptr_eq(&texts.insert(&INSERT), &texts.insert(&INSERT)));
    }
}
