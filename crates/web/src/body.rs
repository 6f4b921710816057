use aide::OperationInput;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use tributary_kernel::{FieldError, limits};

use crate::{Problem, ProblemKind};

/// Reads a body of at most `bytes_max` bytes.
///
/// # Errors
/// Too large (413), or the client broke off (400).
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
) -> Result<Bytes, Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > bytes_max as u64) {
        return Err(too_large(bytes_max));
    }
    match axum::body::to_bytes(body, bytes_max).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if is_length_limit(&error) => Err(too_large(bytes_max)),
        Err(_) => {
            let detail = "The body broke off before its end.";
            Err(Problem::malformed(FieldError::new("", "body_broken_off", detail)))
        }
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(it) = source {
        if it.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = it.source();
    }
    false
}

fn too_large(bytes_max: usize) -> Problem {
    let detail = format!("A body has at most {bytes_max} bytes here; send several requests.");
    let error = FieldError::new("", "too_large", detail.clone());
    Problem::new(ProblemKind::TooLarge, "too_large", detail).with_errors([error])
}

/// Whether a content type is `application/json` or ends in `+json`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()) else {
        return false;
    };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The bytes of a JSON body within the API's limit, not yet read.
#[derive(Debug, Clone)]
pub struct JsonBytes(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            let detail = "Send JSON with Content-Type: application/json.";
            return Err(Problem::new(ProblemKind::UnsupportedType, "content_type", detail));
        }
        read_body(&parts.headers, body, limits::API_BODY_BYTES_MAX).await.map(Self)
    }
}

impl OperationInput for JsonBytes {}

/// The bytes of a file with rows, whatever its type is said to be.
#[derive(Debug, Clone)]
pub struct FileBytes(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for FileBytes {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        read_body(&parts.headers, body, limits::ROWS_FILE_BYTES_MAX).await.map(Self)
    }
}

impl OperationInput for FileBytes {}
