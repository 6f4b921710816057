//! Reading JSON of which much is not known: fields that are missing, null, or of a form that
//! another version of the API has, are none.

use serde_json::Value;
use tributary_kernel::Timestamp;

/// Follows names; none where one is missing.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let mut here = value;
    for name in path {
        here = here.get(name)?;
    }
    Some(here).filter(|it| !it.is_null())
}

pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(value, path).and_then(Value::as_str).filter(|it| !it.is_empty())
}

pub(super) fn int(value: &Value, path: &[&str]) -> Option<i64> {
    at(value, path).and_then(Value::as_i64)
}

pub(super) fn is_true(value: &Value, path: &[&str]) -> bool {
    at(value, path).and_then(Value::as_bool) == Some(true)
}

/// The id at a place that holds either an id or the whole object.
pub(super) fn id<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    let here = at(value, path)?;
    here.as_str().or_else(|| here.get("id").and_then(Value::as_str)).filter(|it| !it.is_empty())
}

/// The first id of several places.
pub(super) fn first_id<'a>(value: &'a Value, paths: &[&[&str]]) -> Option<&'a str> {
    paths.iter().find_map(|path| id(value, path))
}

pub(super) fn list<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Seconds since 1970.
pub(super) fn moment(value: &Value, path: &[&str]) -> Option<Timestamp> {
    let seconds = int(value, path)?;
    let micros = seconds.checked_mul(1_000_000)?;
    Some(Timestamp::from_microsecond(micros))
}
