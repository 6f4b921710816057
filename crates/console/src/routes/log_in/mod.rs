//! Coming in and going out.

pub(super) mod link;
pub(super) mod mail;
pub(super) mod out;
pub(super) mod password;

use axum::response::Response;
use http::header;
use tributary_app::access::NewSession;
use tributary_web::{LogInCookies, Problem, Web};

use super::ConsoleState;
use super::answer::{local, see_other};
use super::visit::Visit;

/// Where somebody goes after coming in: back to where they were led away from, else to the front.
fn next_of(text: &str) -> &str {
    local(text).unwrap_or("/")
}

/// Begins a session in this browser and goes on.
pub(super) fn come_in(web: &Web, session: &NewSession, next: &str) -> Response {
    let mut response = see_other(next);
    let cookie = LogInCookies::of(web).begin(&session.secret);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Refuses an address that has failed too often.
fn within_failures(state: &ConsoleState, visit: &Visit) -> Result<(), Problem> {
    let Some(address) = visit.address else { return Ok(()) };
    let standing = state.web().failures().look(&address, state.app().now());
    if standing.allowed { Ok(()) } else { Err(Problem::too_many(standing.retry_seconds)) }
}

/// Counts a failure against an address.
fn count_failure(state: &ConsoleState, visit: &Visit) {
    if let Some(address) = visit.address {
        state.web().failures().take(address, state.app().now());
    }
}
