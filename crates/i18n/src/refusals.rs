use tributary_kernel::{FieldError, Refusal};

use crate::{Language, Texts};

/// What is wrong with one field, for a person: the message of its code, or a general one where no
/// language has that code yet (its English detail is for developers and stays off pages).
#[must_use]
pub fn field_error(language: Language, error: &FieldError) -> String {
    by_code(language, error.code).unwrap_or_else(|| Texts::get(language, "refusal-field", &[]))
}

/// Why something was refused as a whole, for a person.
#[must_use]
pub fn refusal(language: Language, refusal: &Refusal) -> String {
    by_code(language, refusal.code).unwrap_or_else(|| Texts::get(language, "refusal-invalid", &[]))
}

fn by_code(language: Language, code: &str) -> Option<String> {
    Texts::find(language, &format!("refusal-{}", code.replace('_', "-")), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_sentence_and_an_unknown_one_a_general_sentence() {
        let required = FieldError::new("/name", "required", "Give a name.");
        assert_eq!(field_error(Language::Da, &required), "Udfyld feltet.");
        let newer = FieldError::new("/name", "not_known_here", "English only.");
        assert_eq!(field_error(Language::Da, &newer), "Feltet er ikke gyldigt.");
        let conflict = Refusal::conflict("not_known_here", "English only.");
        assert_eq!(refusal(Language::Sv, &conflict), "Något stämmer inte. Se fälten nedan.");
    }
}
