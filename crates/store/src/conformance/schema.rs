//! The schema as both engines would tell it: what must be equal between the two folders of
//! migrations.

use std::collections::{BTreeMap, BTreeSet};

use super::Dialect;
use crate::engine::{Connection, Engine, EngineError, Kind};

/// All tables but `schema_migration`, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogicalSchema {
    /// The tables.
    pub tables: BTreeMap<String, LogicalTable>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogicalTable {
    /// Columns by name; their order does not matter, statements name them.
    pub columns: BTreeMap<String, LogicalColumn>,
    /// Columns of the primary key, in its order.
    pub primary_key: Vec<String>,
    /// Unique constraints and indexes besides the primary key.
    pub unique: BTreeSet<UniqueKey>,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogicalColumn {
    /// What it holds.
    pub kind: Kind,
    /// Whether NULL is refused. Always so in a primary key.
    pub not_null: bool,
}

/// A unique constraint or index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UniqueKey {
    /// Its columns in order; an expression is `(expression)`.
    pub columns: Vec<String>,
    /// Whether only rows that meet a condition take part.
    pub partial: bool,
}

impl LogicalSchema {
    /// What differs from `other`, in words, one line each; empty when equal.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.tables.keys().chain(other.tables.keys()).collect();
        let mut lines = vec![];
        for name in names {
            match (self.tables.get(name), other.tables.get(name)) {
                (Some(left), Some(right)) => left.differences(right, name, &mut lines),
                (Some(_), None) => lines.push(format!("{name}: only in the first")),
                _ => lines.push(format!("{name}: only in the second")),
            }
        }
        lines
    }
}

impl LogicalTable {
    fn differences(&self, other: &Self, name: &str, lines: &mut Vec<String>) {
        let columns: BTreeSet<&String> = self.columns.keys().chain(other.columns.keys()).collect();
        for column in columns {
            let (left, right) = (self.columns.get(column), other.columns.get(column));
            if left != right {
                lines.push(format!("{name}.{column}: {left:?} and {right:?}"));
            }
        }
        if self.primary_key != other.primary_key {
            let (left, right) = (&self.primary_key, &other.primary_key);
            lines.push(format!("{name}: primary key {left:?} and {right:?}"));
        }
        for key in self.unique.symmetric_difference(&other.unique) {
            lines.push(format!("{name}: unique key {key:?} in one of them only"));
        }
    }
}

/// `table, column, kind, not null, position in the primary key or 0`.
const COLUMNS_SQLITE: &str = "\
    SELECT t.name, c.name, c.type, c.\"notnull\", c.pk
    FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.schema = 'main' AND t.type = 'table'
      AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> 'schema_migration'
    ORDER BY t.name, c.cid";

const COLUMNS_POSTGRES: &str = "\
    SELECT t.relname::text, c.attname::text, format_type(c.atttypid, NULL), c.attnotnull,
           COALESCE(array_position(i.indkey::int2[], c.attnum) + 1, 0)
    FROM pg_class t
    JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
      AND t.relname <> 'schema_migration'
    ORDER BY t.relname, c.attnum";

/// `table, index, position, column or NULL for an expression, partial`.
const UNIQUE_SQLITE: &str = "\
    SELECT t.name, i.name, c.seqno, c.name, i.partial
    FROM pragma_table_list AS t
    JOIN pragma_index_list(t.name) AS i
    JOIN pragma_index_info(i.name) AS c
    WHERE t.schema = 'main' AND t.type = 'table'
      AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> 'schema_migration'
      AND i.\"unique\" = 1 AND i.origin <> 'pk'
    ORDER BY t.name, i.name, c.seqno";

const UNIQUE_POSTGRES: &str = "\
    SELECT t.relname::text, x.relname::text, k.position, c.attname::text, i.indpred IS NOT NULL
    FROM pg_class t
    JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique AND NOT i.indisprimary
    JOIN pg_class x ON x.oid = i.indexrelid
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
    LEFT JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.attnum AND k.attnum > 0
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
      AND t.relname <> 'schema_migration' AND k.position <= i.indnkeyatts
    ORDER BY t.relname, x.relname, k.position";

/// Reads the logical schema of a database.
///
/// # Errors
/// The engine's, and a fault for a column of a type that is not one of the three portable kinds.
pub async fn logical_schema(
    engine: &dyn Engine,
    dialect: Dialect,
) -> Result<LogicalSchema, EngineError> {
    let (columns, unique) = match dialect {
        Dialect::Sqlite => (COLUMNS_SQLITE, UNIQUE_SQLITE),
        Dialect::Postgres => (COLUMNS_POSTGRES, UNIQUE_POSTGRES),
    };
    let mut reader = engine.read().await?;
    let mut schema = LogicalSchema::default();
    read_columns(&mut *reader, columns, &mut schema).await?;
    read_unique(&mut *reader, unique, &mut schema).await?;
    Ok(schema)
}

async fn read_columns(
    reader: &mut dyn Connection,
    sql: &'static str,
    schema: &mut LogicalSchema,
) -> Result<(), EngineError> {
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for row in reader.query(sql, vec![]).await? {
        let (table, column) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        let kind = match row.text(2)? {
            "INTEGER" | "bigint" => Kind::Int,
            "TEXT" | "text" => Kind::Text,
            "BLOB" | "bytea" => Kind::Bytes,
            other => {
                let detail =
                    format!("{table}.{column} has the type {other}, which is not portable");
                return Err(EngineError::Fault(detail));
            }
        };
        let position = row.int(4)?;
        if position > 0 {
            keys.entry(table.clone()).or_default().insert(position, column.clone());
        }
        let not_null = row.bool(3)? || position > 0;
        let logical = schema.tables.entry(table).or_default();
        logical.columns.insert(column, LogicalColumn { kind, not_null });
    }
    for (table, columns) in keys {
        schema.tables.entry(table).or_default().primary_key = columns.into_values().collect();
    }
    Ok(())
}

async fn read_unique(
    reader: &mut dyn Connection,
    sql: &'static str,
    schema: &mut LogicalSchema,
) -> Result<(), EngineError> {
    let mut indexes: BTreeMap<(String, String), UniqueKey> = BTreeMap::new();
    for row in reader.query(sql, vec![]).await? {
        let place = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
        let partial = row.bool(4)?;
        let key = indexes.entry(place).or_insert(UniqueKey { columns: vec![], partial });
        key.columns.push(row.text_or_null(3)?.unwrap_or("(expression)").to_owned());
    }
    for ((table, _), key) in indexes {
        schema.tables.entry(table).or_default().unique.insert(key);
    }
    Ok(())
}
