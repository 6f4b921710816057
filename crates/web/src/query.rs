use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use tributary_kernel::FieldError;

use crate::{Problem, field_error};

/// Parameters in one query.
const PARAMETERS_MAX: usize = 64;

/// The query of a wire type. What cannot be read is refused; its pointer is `/` and the
/// parameter's name.
#[derive(Debug, Clone)]
pub struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = strict_pairs(parts.uri.query().unwrap_or_default())?;
        parse_pairs(&pairs).map(Self)
    }
}

impl<T: JsonSchema> OperationInput for QueryOf<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        <axum::extract::Query<T> as OperationInput>::operation_input(ctx, operation);
    }
}

/// The parameters of a query or form, decoded. What is not UTF-8 is refused instead of repaired.
///
/// # Errors
/// A parameter that is not UTF-8, or too many.
pub fn strict_pairs(query: &str) -> Result<Vec<(String, String)>, FieldError> {
    let mut pairs = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = decoded(name).ok_or_else(|| {
            FieldError::new("", "invalid_utf8", "A parameter's name is not UTF-8.")
        })?;
        let value = decoded(value).ok_or_else(|| {
            let detail = "This text is not valid UTF-8.";
            FieldError::new(format!("/{name}"), "invalid_utf8", detail)
        })?;
        if pairs.len() == PARAMETERS_MAX {
            let detail = format!("At most {PARAMETERS_MAX} parameters are read.");
            return Err(FieldError::new(format!("/{name}"), "too_many", detail));
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(hex), ahead.next().and_then(hex)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = ahead;
                    }
                    // As browsers do: a percent sign that begins no escape stands for itself.
                    _ => bytes.push(b'%'),
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Reads decoded parameters as a wire type.
///
/// # Errors
/// A parameter that is wrong, repeated or unknown (422), with its name as pointer.
pub fn parse_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Problem> {
    for (index, (name, _)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            let detail = "This parameter is given twice.";
            return Err(FieldError::new(format!("/{name}"), "repeated", detail).into());
        }
    }
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let parsed = url::form_urlencoded::parse(encoded.as_bytes());
    let deserializer = serde_urlencoded::Deserializer::new(parsed);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let pointer = if path == "." { String::new() } else { format!("/{path}") };
        field_error(pointer, &error.into_inner().to_string()).into()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        #[serde(default)]
        limit: Option<u8>,
        #[serde(default)]
        program: Option<tributary_kernel::ProgramId>,
        name: String,
    }

    #[test]
    fn every_mistake_names_its_parameter() {
        let read = |text: &str| -> Result<Wanted, Problem> { parse_pairs(&strict_pairs(text)?) };
        let table = [
            ("limit=1", "/name required"),
            ("name=a&limit=x", "/limit malformed"),
            ("name=a&limit=300", "/limit range"),
            ("name=a&program=x", "/program malformed"),
            ("name=a&more=1", "/more unknown_field"),
            ("name=a&name=b", "/name repeated"),
            ("name=%FF", "/name invalid_utf8"),
        ];
        for (given, expected) in table {
            let problem = read(given).unwrap_err();
            let error = &problem.errors()[0];
            assert_eq!(format!("{} {}", error.pointer, error.code), expected, "{}", error.detail);
        }
        let good = read("name=a+b%2Bc%C3%A6%zz&limit=7").unwrap();
        assert_eq!((good.name.as_str(), good.limit, good.program), ("a b+cæ%zz", Some(7), None));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(pairs in prop::collection::vec((".{1,8}", ".{0,12}"), 0..6)) {
            let text = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&pairs).finish();
            prop_assert_eq!(strict_pairs(&text).unwrap(), pairs);
        }

        #[test]
        fn no_query_is_a_panic(text in ".{0,60}") {
            let _ = strict_pairs(&text);
        }
    }
}
