use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use tributary_web::Problem;

use super::parameters::{Answer, Asked, report, result_text};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (400, "invalid_utf8", "A parameter is not UTF-8."),
    (401, "unauthenticated", "The token or signature is not valid."),
    (401, "signature_expired", "`ts` is more than 15 minutes off."),
    (
        403,
        "token_too_strong",
        "The token can do more than report: it must not stand in an address.",
    ),
    (422, "invalid", "A parameter is wrong."),
    (429, "rate_limited", "Too many requests; see `Retry-After`."),
    (503, "unavailable", "Away for a moment; send the same request again."),
];

pub(super) const DOC: Doc = Doc {
    id: "postback",
    tag: "postback",
    summary: "Report a conversion by address",
    detail: "Answers `ok`, or a text that names the parameter and what is wrong with it.\n\nEither \
             `token` is a key with the scope `postback` alone, or `key`, `ts` and `sig` are a \
             signature by a key that may report. What is signed: all parameters but `sig`, each \
             as `name=value` with every byte but `A-Z a-z 0-9 - . _ ~` as `%XX`, sorted, joined \
             with `&`. `sig` is the HMAC-SHA256 of that text in hexadecimal; its key is the \
             SHA-256 (32 bytes) of the API key's text. `ts` is at most 15 minutes old.",
    scope: None,
    errors: ERRORS,
};

/// Says what became of a report.
pub(super) const RESULT: HeaderName = HeaderName::from_static("tributary-result");

pub(super) async fn handler(State(state): State<ApiState>, asked: Asked) -> Response {
    let answer = report(&state, asked).await;
    let result = result_text(&answer);
    let mut response = match answer {
        Ok(Answer::Reported(_) | Answer::Nothing) => "ok".into_response(),
        Err(problem) => refused(problem),
    };
    if let Ok(value) = HeaderValue::from_str(&result) {
        response.headers_mut().insert(RESULT, value);
    }
    response
}

/// A problem as plain text: what people see who paste the address into a browser.
fn refused(problem: Problem) -> Response {
    let mut text = format!("{}: {}\n", problem.code(), problem.detail());
    for error in problem.errors() {
        let field = error.pointer.trim_start_matches('/');
        text.push_str(&format!("{field}: {}: {}\n", error.code, error.detail));
    }
    let status = problem.kind().status();
    let as_document = problem.clone().into_response();
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if let Some(seconds) = as_document.headers().get(RETRY_AFTER) {
        headers.insert(RETRY_AFTER, seconds.clone());
    }
    // For the frame, which logs faults.
    response.extensions_mut().insert(problem);
    response
}
