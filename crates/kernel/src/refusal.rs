use std::borrow::Cow;

/// One thing that is wrong with what a caller sent: which field, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into what was sent (`/amount/currency`), or `""` for the whole.
    pub pointer: Cow<'static, str>,
    /// Stable name of the mistake, `snake_case`; pages translate it, clients branch on it.
    pub code: &'static str,
    /// English sentence for developers: what is wrong and how to mend it.
    pub detail: Cow<'static, str>,
}

impl FieldError {
    /// A mistake in the field that `pointer` names.
    pub fn new(
        pointer: impl Into<Cow<'static, str>>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }

    /// The same mistake seen from a level above: `prefix` is put before the pointer.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer = format!("{prefix}{}", self.pointer).into();
        self
    }
}

/// What sort of no it is; the web maps it to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The input is wrong (422; a malformed request is 400 before it gets here).
    Invalid,
    /// There is no such thing for this caller (404), whether or not another may see it.
    NotFound,
    /// It contradicts what is already recorded (409).
    Conflict,
    /// The caller is known and lacks the right (403).
    Forbidden,
    /// A limit was passed (429).
    TooMany,
}

/// An expected no: the caller's mistake or a rule, with everything needed to mend it. Nothing has
/// been written when a use case returns one. A fault (database away, disk full) is another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What sort of no it is.
    pub kind: RefusalKind,
    /// Stable name, `snake_case`.
    pub code: &'static str,
    /// English sentence for developers.
    pub detail: Cow<'static, str>,
    /// The fields concerned; may be empty when the whole request is.
    pub errors: Vec<FieldError>,
}

impl Refusal {
    /// The code that says most: that of the first field concerned, else the refusal's own.
    #[must_use]
    pub fn first_code(&self) -> &'static str {
        self.errors.first().map_or(self.code, |it| it.code)
    }

    /// Wrong input, with one entry per wrong field.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.first() {
            Some(first) => first.detail.clone(),
            None => "The input is not valid.".into(),
        };
        Self { kind: RefusalKind::Invalid, code: "invalid", detail, errors }
    }

    /// No such thing for this caller.
    #[must_use]
    pub fn not_found(what: &'static str) -> Self {
        Self {
            kind: RefusalKind::NotFound,
            code: "not_found",
            detail: format!("There is no such {what} here.").into(),
            errors: Vec::new(),
        }
    }

    /// It contradicts what is recorded.
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: RefusalKind::Conflict, code, detail: detail.into(), errors: Vec::new() }
    }

    /// A limit was passed.
    pub fn too_many(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: RefusalKind::TooMany, code, detail: detail.into(), errors: Vec::new() }
    }

    /// The caller lacks a right.
    pub fn forbidden(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: RefusalKind::Forbidden, code, detail: detail.into(), errors: Vec::new() }
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::invalid(vec![error])
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_says_most() {
        let [amount, order] = ["amount_missing", "order_missing"]
            .map(|code| FieldError::new("/order", code, "Send it."));
        assert_eq!(Refusal::invalid(vec![amount, order]).first_code(), "amount_missing");
        assert_eq!(
            Refusal::conflict("already_returned", "It was.").first_code(),
            "already_returned"
        );
    }
}
