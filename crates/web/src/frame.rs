//! The outermost layer: every request gets a context, every answer its headers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use crate::{Context, Problem, ProblemKind, Standing, Web, client_address};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Gives a request its [`Context`] and its answer the headers that every answer has; writes faults
/// to the log, once. Put it outside of everything else with
/// `axum::middleware::from_fn_with_state(web, frame)`.
pub async fn frame(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let address = client_address(request.headers(), peer, &web.config().trusted_proxies);
    let context = Context::new(web.request_id(), address);
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(context.clone());
    let response = next.run(request).await;
    let mut response = named(response, &context, &path);
    add_headers(response.headers_mut(), &web, &context);
    response
}

/// Puts the request's id into a problem document, and what a fault was into the log.
fn named(mut response: Response, context: &Context, path: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if let Some(fault) = problem.fault() {
        let (request_id, code) = (context.request_id.as_str(), problem.code());
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(request_id, code, path, fault, "web.unavailable");
        } else {
            tracing::error!(request_id, code, path, fault, "web.fault");
        }
    }
    // A page of the console shows a problem in its own words; only documents are written anew.
    let is_document = response.headers().get(header::CONTENT_TYPE)
        == Some(&HeaderValue::from_static("application/problem+json"));
    if !is_document {
        return response;
    }
    let mut anew = problem.respond(Some(&context.request_id));
    let own: Vec<HeaderName> = anew.headers().keys().cloned().collect();
    for (name, value) in response.headers() {
        if !own.contains(name) && name != header::CONTENT_LENGTH {
            anew.headers_mut().append(name, value.clone());
        }
    }
    anew
}

fn add_headers(headers: &mut HeaderMap, web: &Web, context: &Context) {
    if let Ok(id) = HeaderValue::from_str(context.request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(standing) = context.standing() {
        add_standing(headers, standing);
    }
    let usual = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=()"),
    ];
    for (name, value) in usual {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if web.config().https {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
}

/// `RateLimit` and its policy, as draft-ietf-httpapi-ratelimit-headers writes them.
fn add_standing(headers: &mut HeaderMap, standing: Standing) {
    let Standing { limit, remaining, reset_seconds, .. } = standing;
    let now = format!("\"default\";r={remaining};t={reset_seconds}");
    let policy = format!("\"default\";q={limit}");
    for (name, text) in [(RATE_LIMIT, now), (RATE_LIMIT_POLICY, policy)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

/// The answer for an address that nothing is at.
pub async fn not_found(uri: Uri) -> Problem {
    let detail = format!("Nothing is at {}.", uri.path());
    Problem::new(ProblemKind::NotFound, "no_such_address", detail)
}

/// The answer for a method that an address does not have.
pub async fn not_allowed() -> Problem {
    let detail = "See /docs for what this address takes.";
    Problem::new(ProblemKind::MethodNotAllowed, "method_not_allowed", detail)
}
