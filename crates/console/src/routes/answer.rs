//! What handlers answer with.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tributary_app::AppError;
use tributary_kernel::{Refusal, RefusalKind};
use tributary_web::Problem;

use super::ConsoleState;
use super::cookies::{Cookie, flash_value, known_key};
use crate::Flash;

/// A page, a way on, or a no that the outer layer makes a page of.
pub(super) type Answer = Result<Response, Problem>;

/// The longest path that somebody is sent back to.
const PATH_BYTES_MAX: usize = 1_024;

/// On to another page of ours. What is no path of ours leads to the front page instead: nobody is
/// sent elsewhere.
pub(super) fn see_other(path: &str) -> Response {
    let path = local(path).unwrap_or("/");
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// On to another page, which says what was done.
pub(super) fn told(state: &ConsoleState, path: &str, flash: &Flash) -> Response {
    let mut response = see_other(path);
    let cookie = Cookie::Flash.set(state.web(), &flash_value(flash));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// As [`told`], for something that went well.
pub(super) fn done(state: &ConsoleState, path: &str, key: &'static str) -> Response {
    told(state, path, &Flash::good(key))
}

/// A path and query of this installation: begins with one slash, in ASCII without spaces. A
/// browser reads `//host` and `/\host` as another host.
pub(super) fn local(path: &str) -> Option<&str> {
    let plain = path.len() <= PATH_BYTES_MAX
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && path.starts_with('/')
        && !path.starts_with("//");
    plain.then_some(path)
}

/// The message of a refusal as a whole: of its code, or the general one.
pub(super) fn refusal_flash(code: &str) -> Flash {
    let key = format!("refusal-{}", code.replace('_', "-"));
    Flash::bad(known_key(&key).unwrap_or("refusal-invalid"))
}

/// The refusal of a use case that the person can mend on the page they came from; everything else
/// is the outer layer's.
pub(super) fn mendable(error: AppError) -> Result<Refusal, Problem> {
    match error {
        AppError::Refused(refusal)
            if matches!(
                refusal.kind,
                RefusalKind::Invalid | RefusalKind::Conflict | RefusalKind::TooMany
            ) =>
        {
            Ok(refusal)
        }
        other => Err(other.into()),
    }
}

/// A page that was not done as asked: the same with its mistakes.
pub(super) fn refused(page: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// What is not there for this person.
pub(super) fn not_found(what: &'static str) -> Problem {
    Refusal::not_found(what).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/", "/my?x=1", "/manage/prog_1/links#a"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "my",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/\n",
            "/æ",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
            assert_eq!(see_other(bad).headers()[header::LOCATION], "/");
        }
    }
}
