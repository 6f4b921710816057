//! Formats 1 and 2 of a statement: bytes that two readers agree on.

use serde_json::Value;

use super::{STATEMENT_FORMAT, STATEMENT_FORMAT_TAX, Statement, StatementError};

const FORMAT_KEY: &str = "format";

pub(super) fn write(statement: &Statement) -> Result<Vec<u8>, StatementError> {
    let mut value = serde_json::to_value(statement).map_err(shape)?;
    if let Value::Object(fields) = &mut value {
        fields.insert(FORMAT_KEY.to_owned(), format_of(statement).into());
    }
    let mut out = Vec::new();
    write_value(&value, &mut out)?;
    Ok(out)
}

pub(super) fn read(bytes: &[u8]) -> Result<Statement, StatementError> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(shape)?;
    let format = value.as_object_mut().and_then(|fields| fields.remove(FORMAT_KEY));
    let Some(found) = format else {
        return Err(StatementError::Shape { detail: "it has no field `format`".to_owned() });
    };
    let known = [STATEMENT_FORMAT, STATEMENT_FORMAT_TAX];
    if !found.as_u64().is_some_and(|found| known.contains(&found)) {
        return Err(StatementError::Format { found: found.to_string() });
    }
    let statement: Statement = serde_json::from_value(value).map_err(shape)?;
    if found.as_u64() != Some(format_of(&statement)) {
        return Err(StatementError::Format { found: found.to_string() });
    }
    Ok(statement)
}

const fn format_of(statement: &Statement) -> u64 {
    match statement.tax {
        Some(_) => STATEMENT_FORMAT_TAX,
        None => STATEMENT_FORMAT,
    }
}

fn shape(error: serde_json::Error) -> StatementError {
    StatementError::Shape { detail: error.to_string() }
}

/// Keys are sorted here and not left to the map's order, which a feature of the JSON crate
/// switched on anywhere in the build would change. Depth is that of the document: a handful.
fn write_value(value: &Value, out: &mut Vec<u8>) -> Result<(), StatementError> {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key).map_err(shape)?;
                out.push(b':');
                write_value(value, out)?;
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, out)?;
            }
            out.push(b']');
        }
        leaf => serde_json::to_writer(&mut *out, leaf).map_err(shape)?,
    }
    Ok(())
}
