use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

use super::parameters::{Asked, report, result_text};
use super::postback::RESULT;
use crate::ApiState;
use crate::doc::Doc;

const DOC: Doc = Doc {
    id: "image",
    tag: "postback",
    summary: "Report a conversion by an image",
    detail: "For pages that can do nothing but show an image. Takes the parameters of `/postback` \
             and always answers the same transparent picture; the header `Tributary-Result` says \
             what became of it.",
    scope: None,
    errors: &[],
};

/// One transparent pixel.
const PIXEL: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\
    \x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\
    \x02\x02\x44\x01\x00\x3b";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    DOC.apply()(operation).response_with::<200, (), _>(|it| it.description("The picture."))
}

pub(super) async fn handler(State(state): State<ApiState>, asked: Asked) -> Response {
    let answer = report(&state, asked).await;
    let result = result_text(&answer);
    let mut response = PIXEL.as_slice().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    if let Ok(value) = HeaderValue::from_str(&result) {
        headers.insert(RESULT, value);
    }
    if let Err(problem) = answer {
        // For the frame, which logs faults.
        response.extensions_mut().insert(problem);
    }
    response
}
