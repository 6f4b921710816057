//! Small checks of texts that people and programs send.

use tributary_kernel::{FieldError, limits::EXTERNAL_ID_BYTES_MAX};

/// Trims a name and checks its length.
pub(crate) fn name(pointer: &'static str, text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 120 || text.contains(char::is_control) {
        errors.push(FieldError::new(pointer, "length", "Give 1 to 120 characters."));
    }
    text.to_owned()
}

/// Trims and lower-cases a mail address and checks its form: one `@`, a dot in the domain, no
/// spaces. Whether it exists, only a mail can tell.
pub(crate) fn email(pointer: &'static str, text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim().to_lowercase();
    let well_formed = text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"()".contains(c))
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    if !well_formed {
        let detail = "Give a mail address like name@example.com.";
        errors.push(FieldError::new(pointer, "email_malformed", detail));
    }
    text
}

/// Upper-cases a country code and checks its form.
pub(crate) fn country(pointer: &'static str, text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim().to_uppercase();
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_uppercase()) {
        let detail = "Give a country's two letters, like DK.";
        errors.push(FieldError::new(pointer, "country_malformed", detail));
    }
    text
}

/// Checks a language of the pages.
pub(crate) fn language(pointer: &'static str, text: &str, errors: &mut Vec<FieldError>) -> String {
    if !matches!(text, "en" | "da" | "sv" | "id") {
        let detail = "The languages are en, da, sv and id.";
        errors.push(FieldError::new(pointer, "language_unknown", detail));
    }
    text.to_owned()
}

/// Checks what a person writes to another: 1 to [`WORDS_MAX`] characters, lines allowed.
pub(crate) fn words(pointer: &'static str, text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.is_empty() || text.chars().count() > WORDS_MAX || text.contains(odd) {
        errors.push(FieldError::new(pointer, "words_length", "Write 1 to 4,000 characters."));
    }
    text.to_owned()
}

/// Characters of what people write to each other.
const WORDS_MAX: usize = 4_000;

/// Checks an id that another system made: an order, invoice, customer or delivery key.
pub(crate) fn external_id(
    pointer: &'static str,
    text: &str,
    errors: &mut Vec<FieldError>,
) -> String {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > EXTERNAL_ID_BYTES_MAX {
        let detail = format!("Give 1 to {EXTERNAL_ID_BYTES_MAX} bytes.");
        errors.push(FieldError::new(pointer, "length", detail));
    } else if trimmed.contains(char::is_control) {
        let detail = "Control characters are not accepted in ids.";
        errors.push(FieldError::new(pointer, "characters", detail));
    }
    trimmed.to_owned()
}

/// Checks an owner's own id of a customer: one that tells nothing of the person.
pub(crate) fn customer_id(
    pointer: &'static str,
    text: &str,
    errors: &mut Vec<FieldError>,
) -> String {
    let id = external_id(pointer, text, errors);
    if id.contains('@') {
        let detail = "Send your own id of the customer, not a mail address: it is kept with money.";
        errors.push(FieldError::new(pointer, "personal_data", detail));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses() {
        let table = [
            ("Anna@Example.dk ", true),
            ("a@b.c", true),
            ("a@b", false),
            ("@b.c", false),
            ("a@b@c.d", false),
            ("a b@c.d", false),
            ("a@b..c", false),
            ("<a@b.c>", false),
        ];
        for (given, good) in table {
            let mut errors = Vec::new();
            let found = email("/email", given, &mut errors);
            assert_eq!(errors.is_empty(), good, "{given:?}");
            assert_eq!(found, given.trim().to_lowercase());
        }
    }
}
