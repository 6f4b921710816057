use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;
use tributary_kernel::{Refusal, limits};

use crate::{Problem, ProblemKind, Session, Web, parse_pairs, read_body, strict_pairs};

/// The field of every form that carries the session's token.
pub(crate) const CSRF_FIELD: &str = "csrf";

/// A form of a page, posted by the person whose session it is: the token was right, and the
/// browser does not say that another site sent it. A page that changes something takes this.
#[derive(Debug, Clone)]
pub struct CheckedForm {
    /// Whose.
    pub session: Session,
    /// The other fields, in the order of the form.
    pub pairs: Vec<(String, String)>,
}

impl CheckedForm {
    /// The fields as a wire type.
    ///
    /// # Errors
    /// A field that is wrong, repeated or unknown.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        parse_pairs(&self.pairs)
    }

    /// The first value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(found, _)| found == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// All values of a field: ticked boxes of one name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for CheckedForm
where
    Web: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, state).await?;
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        if essence.trim() != "application/x-www-form-urlencoded" {
            let detail = "Send a form.";
            return Err(Problem::new(ProblemKind::UnsupportedType, "content_type", detail));
        }
        let bytes = read_body(&parts.headers, body, limits::FORM_BODY_BYTES_MAX).await?;
        let text = String::from_utf8_lossy(&bytes);
        let mut pairs = strict_pairs_of_form(&text)?;
        check_csrf(&parts.headers, &session.csrf, csrf_of(&pairs))?;
        pairs.retain(|(name, _)| name != CSRF_FIELD);
        Ok(Self { session, pairs })
    }
}

/// A form may have as many ticked boxes as a page has rows.
fn strict_pairs_of_form(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let mut pairs = Vec::new();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        pairs.extend(strict_pairs(part)?);
    }
    Ok(pairs)
}

fn csrf_of(pairs: &[(String, String)]) -> &str {
    pairs.iter().find(|(name, _)| name == CSRF_FIELD).map_or("", |(_, value)| value)
}

/// Whether a form was posted from the session's own pages.
///
/// # Errors
/// Forbidden when the token is another, or the browser says that another site sent it.
pub fn check_csrf(headers: &HeaderMap, expected: &str, given: &str) -> Result<(), Problem> {
    let site = headers.get("sec-fetch-site").and_then(|it| it.to_str().ok());
    let foreign = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let equal = bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
    if foreign || !equal || expected.is_empty() {
        let detail = "This form is of another session; load the page again.";
        return Err(Refusal::forbidden("csrf", detail).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_needs_its_sessions_token_from_its_own_site() {
        let table = [
            (None, "token", "token", true),
            (Some("same-origin"), "token", "token", true),
            (Some("none"), "token", "token", true),
            (Some("cross-site"), "token", "token", false),
            (Some("same-site"), "token", "token", false),
            (None, "token", "other", false),
            (None, "token", "", false),
            (None, "", "", false),
        ];
        for (site, expected, given, good) in table {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            assert_eq!(check_csrf(&headers, expected, given).is_ok(), good, "{site:?} {given}");
        }
    }
}
