//! What is known of a request to a page before anybody asks who it is from; and the layer around
//! all pages, which makes pages of noes and looks after the small cookies.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use tributary_directory::User;
use tributary_i18n::Language;
use tributary_kernel::{Zone, crockford};
use tributary_web::{Context, Cookies, LogInCookies, Problem, ProblemKind};

use super::ConsoleState;
use super::answer::see_other;
use super::cookies::{Cookie, read_flash};
use crate::pages::ErrorPage;
use crate::{CsrfToken, Flash, Frame, Page, Public, View};

/// A request to a page.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// The language chosen by hand.
    chosen: Option<Language>,
    /// The language that the browser asks for.
    accepted: Option<Language>,
    /// Said on this page.
    pub(super) flash: Option<Flash>,
    /// Path and query of a page that can be loaded again.
    pub(super) here: String,
    /// Token of forms of somebody who is not logged in.
    form_token: String,
    /// Where the request comes from, when the server tells.
    pub(super) address: Option<IpAddr>,
    /// The browser's name for itself.
    pub(super) agent: String,
    /// The country that the browser's first language names, upper-case.
    pub(super) region: Option<String>,
}

impl Visit {
    fn of(state: &ConsoleState, request: &Request) -> (Self, bool) {
        let (headers, web) = (request.headers(), state.web());
        let cookies = Cookies::of(headers);
        let text = |name| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let accepted = text(header::ACCEPT_LANGUAGE);
        let known = cookies.get(Cookie::FormToken.name(web)).filter(|token| is_token(token));
        let form_token = known.map_or_else(|| new_token(state), str::to_owned);
        let uri = request.uri();
        let here = match (request.method(), uri.path_and_query()) {
            (&Method::GET | &Method::HEAD, Some(whole)) => whole.as_str(),
            _ => uri.path(),
        };
        let chosen = cookies.get(Cookie::Language.name(web)).and_then(|code| code.parse().ok());
        let visit = Self {
            chosen,
            accepted: Language::negotiate(accepted),
            flash: cookies.get(Cookie::Flash.name(web)).and_then(read_flash),
            here: here.to_owned(),
            form_token,
            address: request.extensions().get::<Context>().map(|context| context.address),
            agent: text(header::USER_AGENT).to_owned(),
            region: region_of(accepted),
        };
        (visit, known.is_none())
    }

    /// The language for somebody: chosen by hand, else their own, else the browser's.
    pub(super) fn language(&self, user: Option<&User>) -> Language {
        let own = || user.and_then(|user| user.language.parse().ok());
        self.chosen.or_else(own).or(self.accepted).unwrap_or_default()
    }

    /// The frame of a page that anybody may see.
    pub(super) fn frame(&self, state: &ConsoleState) -> Frame<Public> {
        Frame {
            language: self.language(None),
            zone: Zone::utc(),
            now: state.app().now(),
            csrf: CsrfToken::new(self.form_token.clone()),
            flash: self.flash.clone(),
            here: self.here.clone(),
            seats: Vec::new(),
            access: Public,
        }
    }

    /// A page that anybody may see.
    pub(super) fn page<T: View<Access = Public>>(&self, state: &ConsoleState, view: T) -> Response {
        Page::new(self.frame(state), view).into_response()
    }
}

impl FromRequestParts<ConsoleState> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ConsoleState) -> Result<Self, Problem> {
        let found = parts.extensions.get::<Self>().cloned();
        let detail = "This page is mounted without its layer.";
        found.ok_or_else(|| Problem::new(ProblemKind::Fault, "fault", detail))
    }
}

/// The country of `da-DK,da;q=0.9`.
fn region_of(accepted: &str) -> Option<String> {
    let first = accepted.split([',', ';']).next()?;
    let (_, region) = first.trim().split_once('-')?;
    let country = region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic());
    country.then(|| region.to_ascii_uppercase())
}

fn is_token(text: &str) -> bool {
    text.len() == crockford::TEXT_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn new_token(state: &ConsoleState) -> String {
    let mut bytes = [0u8; 16];
    state.app().entropy.fill(&mut bytes);
    String::from_utf8_lossy(&crockford::encode(&bytes)).into_owned()
}

/// The layer around all pages.
pub(super) async fn around(
    State(state): State<ConsoleState>,
    mut request: Request,
    next: Next,
) -> Response {
    let (visit, token_is_new) = Visit::of(&state, &request);
    let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
    let request_id = request.extensions().get::<Context>().map(|it| it.request_id.clone());
    request.extensions_mut().insert(visit.clone());
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().cloned();
    let mut response = match problem {
        Some(problem) => {
            let reference = request_id.map(|id| id.as_str().to_owned());
            page_of(&state, &visit, is_get, &problem, reference)
        }
        None => response,
    };
    let shown = is_page(response.headers());
    let headers = response.headers_mut();
    if shown && visit.flash.is_some() {
        headers.append(header::SET_COOKIE, Cookie::Flash.clear(state.web()));
    }
    if shown && token_is_new {
        let cookie = Cookie::FormToken.set(state.web(), &visit.form_token);
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    content_type.is_some_and(|it| it.starts_with("text/html"))
}

/// A no as a page; somebody who is not logged in is led to where they can.
fn page_of(
    state: &ConsoleState,
    visit: &Visit,
    is_get: bool,
    problem: &Problem,
    reference: Option<String>,
) -> Response {
    if problem.kind() == ProblemKind::Unauthenticated {
        let mut response = if is_get && visit.here != "/" {
            see_other(&format!("/login?next={}", encoded(&visit.here)))
        } else {
            see_other("/login")
        };
        // A cookie that is no session any more would be asked about with every request.
        let end = LogInCookies::of(state.web()).end();
        response.headers_mut().append(header::SET_COOKIE, end);
        return response;
    }
    let status = problem.kind().status();
    let is_fault = status.is_server_error();
    let view = ErrorPage { status, reference: reference.filter(|_| is_fault) };
    let mut response = visit.page(state, view);
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        let answer = problem.clone().into_response();
        if let Some(after) = answer.headers().get(header::RETRY_AFTER) {
            response.headers_mut().insert(header::RETRY_AFTER, after.clone());
        }
    }
    // For the log, which the outermost layer writes.
    response.extensions_mut().insert(problem.clone());
    response
}

/// The page of an address that nothing is at.
pub(super) fn missing(state: &ConsoleState, request: &Request) -> Response {
    let (visit, _) = Visit::of(state, request);
    visit.page(state, ErrorPage { status: StatusCode::NOT_FOUND, reference: None })
}

/// Text inside a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_browsers() {
        for (given, expected) in [
            ("da-DK,da;q=0.9", Some("DK")),
            ("sv-fi;q=0.4", Some("FI")),
            ("en", None),
            ("zh-Hant-TW", None),
            ("", None),
        ] {
            assert_eq!(region_of(given).as_deref(), expected, "{given}");
        }
    }
}
