//! Forms as they came, and refusals put back onto their fields.

use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use tributary_kernel::{FieldError, Refusal, limits};
use tributary_web::{
    CheckedForm, Cookies, Problem, ProblemKind, check_csrf, read_body, strict_pairs,
};

use super::ConsoleState;
use super::answer::refusal_flash;
use super::cookies::Cookie;
use crate::Flash;
use crate::parts::Field;

/// The fields of a form, its token checked.
#[derive(Debug)]
pub(super) struct Given(Vec<(String, String)>);

impl Given {
    /// A field's text as it was typed; empty when the form has no such field.
    pub(super) fn text(&self, name: &str) -> &str {
        let pair = self.0.iter().find(|(found, _)| found == name);
        pair.map_or("", |(_, value)| value.as_str())
    }

    /// A field's text without spaces around it; none when nothing is left.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// A field as it goes back onto the page.
    pub(super) fn field(&self, name: &str) -> Field {
        Field::of(self.text(name))
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.text(name) == "on"
    }

    /// Whether the person has confirmed what cannot be taken back.
    pub(super) fn is_sure(&self) -> bool {
        self.text("sure") == "yes"
    }

    /// Every value of a field.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl From<CheckedForm> for Given {
    fn from(form: CheckedForm) -> Self {
        Self(form.pairs)
    }
}

/// The form of somebody who is not logged in: its token is that of a cookie of ours.
#[derive(Debug)]
pub(super) struct PublicForm(pub(super) Given);

impl FromRequest<ConsoleState> for PublicForm {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ConsoleState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        if essence.trim() != "application/x-www-form-urlencoded" {
            let detail = "Send a form.";
            return Err(Problem::new(ProblemKind::UnsupportedType, "content_type", detail));
        }
        let bytes = read_body(&parts.headers, body, limits::FORM_BODY_BYTES_MAX).await?;
        let given = Given(strict_pairs(&String::from_utf8_lossy(&bytes))?);
        let name = Cookie::FormToken.name(state.web());
        let expected = Cookies::of(&parts.headers).get(name).unwrap_or_default();
        check_csrf(&parts.headers, expected, given.text("csrf"))?;
        Ok(Self(given))
    }
}

/// Puts each mistake of a refusal onto the field that its pointer names (or one inside it). What
/// no field takes is said above the form, so that no reason is lost.
pub(super) fn put_errors(
    refusal: &Refusal,
    fields: &mut [(&'static str, &mut Field)],
) -> Option<Flash> {
    let mut left = refusal.errors.is_empty().then_some(refusal.code);
    for error in &refusal.errors {
        match fields.iter_mut().find(|(name, _)| is_of(error, name)) {
            Some((_, field)) => {
                field.error.get_or_insert_with(|| error.clone());
            }
            None => left = left.or(Some(error.code)),
        }
    }
    left.map(refusal_flash)
}

/// Whether an error's pointer is a field's name, or lies inside of it.
pub(super) fn is_of(error: &FieldError, name: &str) -> bool {
    let Some(rest) = error.pointer.strip_prefix('/') else { return false };
    rest.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_finds_its_place() {
        let errors = vec![
            FieldError::new("/name", "length", ""),
            FieldError::new("/domains/0", "domain_malformed", ""),
            FieldError::new("/domainsx", "range", ""),
        ];
        let (mut name, mut domains) = (Field::of("x"), Field::of("y"));
        let fields = &mut [("name", &mut name), ("domains", &mut domains)];
        let flash = put_errors(&Refusal::invalid(errors), fields).unwrap();
        assert_eq!(flash.key, "refusal-range");
        assert_eq!(name.error.unwrap().code, "length");
        assert_eq!(domains.error.unwrap().code, "domain_malformed");
        let whole = put_errors(&Refusal::conflict("already_partner", ""), &mut []).unwrap();
        assert_eq!((whole.good, whole.key), (false, "refusal-already-partner"));
        let newer = put_errors(&Refusal::conflict("not_known_here", ""), &mut []).unwrap();
        assert_eq!(newer.key, "refusal-invalid");
    }
}
