use std::borrow::Cow;

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, Response as ResponseDoc, SchemaObject};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::AppError;
use tributary_app::EngineError;
use tributary_kernel::{FieldError, Refusal, RefusalKind};

use crate::RequestId;

/// What sort of no it is: the `type` of a problem document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request cannot be read.
    Malformed,
    /// No key, or one that is not good.
    Unauthenticated,
    /// The right is missing.
    Forbidden,
    /// No such thing for this caller.
    NotFound,
    /// The address has no such method.
    MethodNotAllowed,
    /// It contradicts what is recorded.
    Conflict,
    /// The body is too large.
    TooLarge,
    /// The body is of another type.
    UnsupportedType,
    /// A field is wrong.
    Invalid,
    /// Too many requests.
    TooMany,
    /// Our fault.
    Fault,
    /// Away for a moment.
    Unavailable,
}

impl ProblemKind {
    /// Every kind, for the page that explains them.
    pub const ALL: &'static [Self] = &[
        Self::Malformed,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedType,
        Self::Invalid,
        Self::TooMany,
        Self::Fault,
        Self::Unavailable,
    ];

    /// The last part of the `type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::UnsupportedType => "unsupported_type",
            Self::Invalid => "invalid",
            Self::TooMany => "too_many_requests",
            Self::Fault => "fault",
            Self::Unavailable => "unavailable",
        }
    }

    /// A sentence that is the same for all problems of the kind.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Malformed => "The request cannot be read.",
            Self::Unauthenticated => "A valid API key is needed.",
            Self::Forbidden => "The key lacks a right.",
            Self::NotFound => "There is no such thing here.",
            Self::MethodNotAllowed => "This address has no such method.",
            Self::Conflict => "It contradicts what is recorded.",
            Self::TooLarge => "The request is too large.",
            Self::UnsupportedType => "The body is of another type.",
            Self::Invalid => "A field is wrong.",
            Self::TooMany => "Too many requests.",
            Self::Fault => "Something is wrong on our side.",
            Self::Unavailable => "Away for a moment.",
        }
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// One thing that is wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemField {
    /// JSON pointer to the field (of a query: `/` and the parameter's name); empty for the whole.
    pub pointer: String,
    /// Stable name of the mistake.
    pub code: String,
    /// What is wrong and how to mend it.
    pub detail: String,
}

impl From<FieldError> for ProblemField {
    fn from(it: FieldError) -> Self {
        let (pointer, detail) = (it.pointer.into_owned(), it.detail.into_owned());
        Self { pointer, code: it.code.to_owned(), detail }
    }
}

/// A no, as RFC 9457 writes it: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Document>);

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct Document {
    /// What sort of problem: an address in this API's documents.
    #[serde(rename = "type")]
    type_uri: String,
    /// The same for all problems of the sort.
    title: String,
    /// The status of the answer.
    status: u16,
    /// Stable name of the mistake; branch on it.
    code: Cow<'static, str>,
    /// What is wrong this time, for developers.
    detail: Cow<'static, str>,
    /// The request's id; name it when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// Every field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
    #[serde(skip)]
    kind: KindOf,
    #[serde(skip)]
    retry_seconds: Option<u32>,
    #[serde(skip)]
    fault: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct KindOf(ProblemKind);

impl Default for KindOf {
    fn default() -> Self {
        Self(ProblemKind::Fault)
    }
}

/// Seconds until it is worth asking again while the database is away.
const RETRY_SECONDS: u32 = 2;
/// Seconds until it is worth asking again while the disk is full.
const RETRY_FULL_SECONDS: u32 = 60;

impl Problem {
    /// A problem of a kind.
    pub fn new(
        kind: ProblemKind,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Document {
            type_uri: format!("/docs#{}", kind.name()),
            title: kind.title().to_owned(),
            status: kind.status().as_u16(),
            code: code.into(),
            detail: detail.into(),
            instance: None,
            errors: Vec::new(),
            kind: KindOf(kind),
            retry_seconds: None,
            fault: None,
        }))
    }

    /// The request cannot be read, at one place (400).
    #[must_use]
    pub fn malformed(error: FieldError) -> Self {
        let problem = Self::new(ProblemKind::Malformed, error.code, error.detail.clone());
        problem.with_errors([error])
    }

    /// No key, or one that is not good (401). Which of the two is not told.
    #[must_use]
    pub fn unauthenticated() -> Self {
        let detail = "Send a key that is valid: Authorization: Bearer trib_…";
        Self::new(ProblemKind::Unauthenticated, "unauthenticated", detail)
    }

    /// Too many requests (429).
    #[must_use]
    pub fn too_many(retry_seconds: u32) -> Self {
        let detail = format!("Try again in {retry_seconds} s.");
        Self::new(ProblemKind::TooMany, "rate_limited", detail).retry_after(retry_seconds)
    }

    /// When it is worth asking again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_seconds = Some(seconds);
        self
    }

    /// Seconds until it is worth asking again, when that is known.
    #[must_use]
    pub fn retry_seconds(&self) -> Option<u32> {
        self.0.retry_seconds
    }

    /// With the fields that are wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.errors = errors.into_iter().map(ProblemField::from).collect();
        self
    }

    /// The same, as a mistake in the part that `prefix` points to.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        for error in &mut self.0.errors {
            error.pointer.insert_str(0, prefix);
        }
        self
    }

    /// What sort of no.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind.0
    }

    /// Stable name of the mistake.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What is wrong, for developers.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The fields that are wrong.
    #[must_use]
    pub fn errors(&self) -> &[ProblemField] {
        &self.0.errors
    }

    /// What a fault was, for the log alone.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.0.fault.as_deref()
    }

    /// The answer with the request's id in it.
    pub(crate) fn respond(mut self, id: Option<&RequestId>) -> Response {
        self.0.instance = id.map(|id| id.as_str().to_owned());
        let body = serde_json::to_vec(&self).expect("a problem has string keys");
        let mut response = (self.0.kind.0.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0.kind.0 == ProblemKind::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(it: Refusal) -> Self {
        let kind = match it.kind {
            RefusalKind::Invalid => ProblemKind::Invalid,
            RefusalKind::NotFound => ProblemKind::NotFound,
            RefusalKind::Conflict => ProblemKind::Conflict,
            RefusalKind::Forbidden => ProblemKind::Forbidden,
            RefusalKind::TooMany => ProblemKind::TooMany,
        };
        Self::new(kind, it.code, it.detail).with_errors(it.errors)
    }
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let fault = error.to_string();
        let passing = error.is_passing();
        match error {
            AppError::Refused(refusal) => refusal.into(),
            _ if passing => {
                let detail = "The database is away for a moment; nothing is known to be recorded. \
                              Send the same request again.";
                let mut problem = Self::new(ProblemKind::Unavailable, "unavailable", detail)
                    .retry_after(RETRY_SECONDS);
                problem.0.fault = Some(fault);
                problem
            }
            AppError::Engine(EngineError::Full(_)) => {
                let detail = "There is no room to record this; nothing was. Send it again later.";
                let mut problem = Self::new(ProblemKind::Unavailable, "disk_full", detail)
                    .retry_after(RETRY_FULL_SECONDS);
                problem.0.fault = Some(fault);
                problem
            }
            AppError::Engine(_) | AppError::Corrupt(_) => {
                let detail = "It was noted with the id in `instance`; name it when you ask.";
                let mut problem = Self::new(ProblemKind::Fault, "fault", detail);
                problem.0.fault = Some(fault);
                problem
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.respond(None)
    }
}

impl OperationOutput for Problem {
    type Inner = Self;

    fn operation_response(ctx: &mut GenContext, _: &mut Operation) -> Option<ResponseDoc> {
        let json_schema = ctx.schema.subschema_for::<Document>();
        let schema = SchemaObject { json_schema, external_docs: None, example: None };
        let media = MediaType { schema: Some(schema), ..MediaType::default() };
        let mut response =
            ResponseDoc { description: "A problem document.".to_owned(), ..ResponseDoc::default() };
        response.content.insert("application/problem+json".to_owned(), media);
        Some(response)
    }

    fn inferred_responses(
        ctx: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, ResponseDoc)> {
        Self::operation_response(ctx, operation).into_iter().map(|it| (None, it)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_and_faults_have_their_status() {
        let engine = |error| Problem::from(AppError::Engine(error));
        let table: Vec<(Problem, u16, &str)> = vec![
            (FieldError::new("/a", "range", "d").into(), 422, "invalid"),
            (Refusal::not_found("program").into(), 404, "not_found"),
            (Refusal::conflict("c", "d").into(), 409, "c"),
            (Refusal::forbidden("f", "d").into(), 403, "f"),
            (engine(EngineError::Away("pg at 10.0.0.7".into())), 503, "unavailable"),
            (engine(EngineError::Retry("x".into())), 503, "unavailable"),
            (engine(EngineError::Full("x".into())), 503, "disk_full"),
            (engine(EngineError::Fault("secret table".into())), 500, "fault"),
            (AppError::Corrupt("secret".into()).into(), 500, "fault"),
            (Problem::too_many(7), 429, "rate_limited"),
        ];
        for (problem, status, code) in table {
            assert_eq!(problem.kind().status().as_u16(), status);
            assert_eq!(problem.code(), code);
            let response = problem.clone().respond(None);
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
            assert_eq!(response.headers().contains_key(RETRY_AFTER), matches!(status, 429 | 503));
            let shown = serde_json::to_string(&problem).unwrap();
            assert!(!shown.contains("secret") && !shown.contains("10.0.0.7"), "{shown}");
            assert_eq!(problem.fault().is_some(), status >= 500);
        }
    }
}
