use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::{FromRequest, Request};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;
use tributary_kernel::FieldError;

use crate::{JsonBytes, Problem};

/// A JSON body of a wire type. What cannot be read is refused with a pointer to the field.
#[derive(Debug, Clone)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        parse_json(&bytes).map(Self)
    }
}

impl<T: JsonSchema> OperationInput for JsonBody<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        <axum::Json<T> as OperationInput>::operation_input(ctx, operation);
    }
}

/// Reads JSON of a wire type.
///
/// # Errors
/// Not JSON (400), or a field that is not what it should be (422), with a pointer to it.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let parsed = match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(parsed) => parsed,
        Err(error) => return Err(problem_of(error)),
    };
    deserializer.end().map_err(|error| {
        Problem::malformed(FieldError::new("", "json_malformed", sentence(&error.to_string())))
    })?;
    Ok(parsed)
}

fn problem_of(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let pointer = pointer_of(error.path());
    let inner = error.into_inner();
    let text = inner.to_string();
    if text.starts_with("invalid unicode code point") {
        let detail = "This text is not valid UTF-8.";
        return Problem::malformed(FieldError::new(pointer, "invalid_utf8", detail));
    }
    match inner.classify() {
        Category::Data => field_error(pointer, &without_position(&text)).into(),
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::malformed(FieldError::new(pointer, "json_malformed", sentence(&text)))
        }
    }
}

/// A JSON pointer (RFC 6901) of where an error was met.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// serde's words for a mistake, with a stable code, and with the field's name in the pointer when
/// serde puts it into the words.
#[must_use]
pub fn field_error(pointer: String, words: &str) -> FieldError {
    let named = |rest: &str| {
        let name = rest.split('`').next().unwrap_or_default();
        let already = pointer.rsplit('/').next() == Some(name);
        if already { pointer.clone() } else { format!("{pointer}/{name}") }
    };
    if let Some(rest) = words.strip_prefix("missing field `") {
        return FieldError::new(named(rest), "required", "This field is required.");
    }
    if let Some(rest) = words.strip_prefix("unknown field `") {
        return FieldError::new(named(rest), "unknown_field", sentence(words));
    }
    if let Some(rest) = words.strip_prefix("duplicate field `") {
        return FieldError::new(named(rest), "repeated", "This field is given twice.");
    }
    let code = if words.starts_with("invalid type: ") {
        "type"
    } else if words.starts_with("expected one of: ") || words.starts_with("unknown variant") {
        "unknown_value"
    } else if words.starts_with("invalid length") {
        "length"
    } else if words.starts_with("invalid value") || words.starts_with("number too large") {
        "range"
    } else {
        "malformed"
    };
    FieldError::new(pointer, code, sentence(words))
}

/// Without ` at line 1 column 5`, which counts bytes of a body that nobody wrote by hand.
fn without_position(text: &str) -> String {
    text.rfind(" at line ").map_or(text, |at| &text[..at]).to_owned()
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let mut out: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    out.push_str(characters.as_str());
    if !out.ends_with('.') {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        number: u8,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        id: Option<tributary_kernel::ProgramId>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        items: Vec<Inner>,
        #[expect(dead_code, reason = "only read")]
        #[serde(rename = "a/b", default)]
        slashed: Option<bool>,
    }

    #[test]
    fn every_mistake_has_status_pointer_and_code() {
        let table: Vec<(&[u8], u16, &str, &str)> = vec![
            (br#"{"items":[{"number":"x"}]}"#, 422, "/items/0/number", "type"),
            (br#"{"items":[{"number":1},{"number":256}]}"#, 422, "/items/1/number", "range"),
            (br#"{"items":[{}]}"#, 422, "/items/0/number", "required"),
            (br#"{}"#, 422, "/items", "required"),
            (br#"{"items":[{"number":1,"more":2}]}"#, 422, "/items/0/more", "unknown_field"),
            (br#"{"items":[{"number":1,"number":2}]}"#, 422, "/items/0/number", "repeated"),
            (br#"{"items":[],"a/b":1}"#, 422, "/a~1b", "type"),
            (br#"{"items":[{"number":1,"id":"part_1"}]}"#, 422, "/items/0/id", "malformed"),
            (br#"1"#, 422, "", "type"),
            (br#"{"items":["#, 400, "/items", "json_malformed"),
            (br#"{"items":[]} x"#, 400, "", "json_malformed"),
            (b"", 400, "", "json_malformed"),
            (b"{\"items\":[{\"number\":1,\"id\":\"\xff\"}]}", 400, "/items/0/id", "invalid_utf8"),
        ];
        for (given, status, pointer, code) in table {
            let shown = String::from_utf8_lossy(given);
            let problem = parse_json::<Outer>(given).unwrap_err();
            let error = &problem.errors()[0];
            let found = (problem.kind().status().as_u16(), &*error.pointer, &*error.code);
            assert_eq!(found, (status, pointer, code), "{shown}: {}", error.detail);
            assert!(error.detail.ends_with('.'), "{}", error.detail);
        }
        assert!(parse_json::<Outer>(br#" {"items":[{"number":1}]} "#).is_ok());
    }
}
