//! Answers, with as few headers as they need.
//!
//! A redirect has `location` and `cache-control: no-store`, and no `referrer-policy`: the page
//! with the link has decided what of its address it tells, a redirect can only take that away,
//! and the advertiser's own reports need what is left. So it is neither widened nor narrowed.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ALLOW,
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, ORIGIN,
    RETRY_AFTER, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;

pub(crate) type Answer = Response<Full<Bytes>>;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// A 302. Takes the request's header map, emptied, to put its own headers into, so that hyper gets
/// back the allocation it lends out with every request.
pub(crate) fn redirect(
    mut headers: HeaderMap,
    location: HeaderValue,
    cookie: Option<HeaderValue>,
) -> Answer {
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, NO_STORE);
    if let Some(cookie) = cookie {
        headers.insert(SET_COOKIE, cookie);
    }
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::FOUND;
    *answer.headers_mut() = headers;
    answer
}

/// No content, or none that matters.
pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer
}

/// 405 with what would be allowed.
pub(crate) fn not_allowed(allowed: &'static str) -> Answer {
    let mut answer = empty(StatusCode::METHOD_NOT_ALLOWED);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// 503; the caller may try again after `seconds`.
pub(crate) fn unavailable(seconds: u32) -> Answer {
    let mut answer = empty(StatusCode::SERVICE_UNAVAILABLE);
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// 404 with the installation's page.
pub(crate) fn not_found(page: &Bytes) -> Answer {
    let mut answer = Response::new(Full::new(page.clone()));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    if !page.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    answer
}

/// JSON.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    answer
}

/// A refusal of a call: a status and a stable code.
pub(crate) fn refusal(status: StatusCode, code: &'static str) -> Answer {
    json(status, format!("{{\"code\":\"{code}\"}}"))
}

/// Lets the page of `origin` read the answer. Only for origins that have been checked.
pub(crate) fn readable_by(mut answer: Answer, origin: Option<&HeaderValue>) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(VARY, HeaderValue::from_name(ORIGIN));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer
}

/// The answer to a preflight. Our script never causes one; other callers may.
pub(crate) fn preflight(origin: Option<&HeaderValue>) -> Answer {
    let mut answer = readable_by(empty(StatusCode::NO_CONTENT), origin);
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}

/// Sets a cookie with the answer.
pub(crate) fn with_cookie(mut answer: Answer, cookie: HeaderValue) -> Answer {
    answer.headers_mut().insert(SET_COOKIE, cookie);
    answer
}

/// Ends the connection after this answer: the process is stopping.
pub(crate) fn last(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// `name=id` for the life that the program gives it.
pub(crate) fn cookie(name: &str, id: &str, days: u32, domain: Option<&str>) -> Option<HeaderValue> {
    let seconds = u64::from(days) * 86_400;
    cookie_text(name, id, seconds, domain)
}

/// Deletes the cookie.
pub(crate) fn no_cookie(name: &str, domain: Option<&str>) -> Option<HeaderValue> {
    cookie_text(name, "", 0, domain)
}

fn cookie_text(name: &str, value: &str, seconds: u64, domain: Option<&str>) -> Option<HeaderValue> {
    let (attribute, domain) = match domain {
        Some(domain) => ("; Domain=", domain),
        None => ("", ""),
    };
    let text = format!(
        "{name}={value}; Max-Age={seconds}; Path=/; SameSite=Lax; Secure{attribute}{domain}"
    );
    HeaderValue::try_from(text).ok()
}
