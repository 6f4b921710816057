//! Where billing systems send their events. Not in the document: its caller is the system alone.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use tributary_app::billing::{Received, receive_billing};
use tributary_kernel::IntegrationId;
use tributary_web::{Problem, read_body};

use crate::ApiState;

/// An event is a few kilobytes; an invoice with many lines some more.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// The header that carries the signature, by system.
const SIGNATURES: &[(&str, &str)] = &[("stripe", "stripe-signature")];

pub(super) fn routes() -> Router<ApiState> {
    // The limit is ours: read_body answers it as a problem.
    Router::new().route("/hooks/{kind}/{id}", post(handler)).layer(DefaultBodyLimit::disable())
}

/// 200 when the event is kept or came before, 400 for whatever is not genuine, whichever way.
async fn handler(
    State(state): State<ApiState>,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let body = match read_body(&headers, body, BODY_BYTES_MAX).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let header = SIGNATURES.iter().find(|(system, _)| *system == kind).map(|(_, name)| *name);
    let signature = header.and_then(|name| headers.get(name)?.to_str().ok());
    let reader = state.billing_reader(&kind);
    let (Ok(id), Some(signature), Some(reader)) = (id.parse::<IntegrationId>(), signature, reader)
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match receive_billing(state.app(), reader, id, signature, &body).await {
        Ok(Received::Kept | Received::Again) => StatusCode::OK.into_response(),
        Ok(Received::Refused) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
