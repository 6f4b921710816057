//! Values to and from PostgreSQL's types.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, Column, Row as _, TypeInfo};
use tributary_store::engine::{EngineError, Row, Value};

/// Binds values with their kinds, NULLs too: the type is part of a prepared statement.
pub(crate) fn arguments(params: Vec<Value>) -> Result<PgArguments, EngineError> {
    let mut arguments = PgArguments::default();
    for param in params {
        let added = match param {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        };
        added.map_err(|error| EngineError::Fault(error.to_string()))?;
    }
    Ok(arguments)
}

#[derive(Debug, Clone, Copy)]
enum Reader {
    Int8,
    Int4,
    Int2,
    Bool,
    Text,
    Bytes,
}

/// The rows of one answer.
pub(crate) fn rows(name: &'static str, rows: &[PgRow]) -> Result<Vec<Row>, EngineError> {
    let Some(first) = rows.first() else {
        return Ok(vec![]);
    };
    let readers = readers(name, first)?;
    rows.iter()
        .map(|row| {
            let values = (0..)
                .zip(&readers)
                .map(|(column, reader)| {
                    reader.read(row, column).map_err(|error| EngineError::Decode {
                        statement: name,
                        column,
                        detail: error.to_string(),
                    })
                })
                .collect::<Result<_, _>>()?;
            Ok(Row::new(name, values))
        })
        .collect()
}

fn readers(name: &'static str, row: &PgRow) -> Result<Vec<Reader>, EngineError> {
    let reader = |(column, described): (usize, &sqlx::postgres::PgColumn)| {
        Ok(match described.type_info().name() {
            "INT8" => Reader::Int8,
            "INT4" => Reader::Int4,
            "INT2" => Reader::Int2,
            "BOOL" => Reader::Bool,
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" => Reader::Text,
            "BYTEA" => Reader::Bytes,
            other => {
                let detail = format!("its type is {other}: cast it, as in CAST(SUM(x) AS BIGINT)");
                return Err(EngineError::Decode { statement: name, column, detail });
            }
        })
    };
    row.columns().iter().enumerate().map(reader).collect()
}

impl Reader {
    fn read(self, row: &PgRow, column: usize) -> Result<Value, sqlx::Error> {
        Ok(match self {
            Self::Int8 => Value::Int(row.try_get_unchecked(column)?),
            Self::Int4 => {
                Value::Int(row.try_get_unchecked::<Option<i32>, _>(column)?.map(Into::into))
            }
            Self::Int2 => {
                Value::Int(row.try_get_unchecked::<Option<i16>, _>(column)?.map(Into::into))
            }
            Self::Bool => {
                Value::Int(row.try_get_unchecked::<Option<bool>, _>(column)?.map(Into::into))
            }
            Self::Text => Value::Text(row.try_get_unchecked(column)?),
            Self::Bytes => Value::Bytes(row.try_get_unchecked(column)?),
        })
    }
}
