//! What a company is known by.

use std::borrow::Cow;

use tributary_kernel::{FieldError, OrganisationId};
use tributary_sales::{Domain, DomainError};
use tributary_store::account::{AccountKeyKind, AccountPlace};

use super::details::ReportedDetails;

/// Letters and digits of a company's number, its country's included.
const NUMBER_CHARACTERS: std::ops::RangeInclusive<usize> = 5..=20;

/// A company's number as it is compared: `dk 12 34 56 78` is `DK12345678`. None: it is no number.
#[must_use]
pub fn normalise_company_number(text: &str) -> Option<String> {
    let separator = |c: &char| !matches!(c, ' ' | '-' | '.' | '/');
    let number: String = text.chars().filter(separator).map(|c| c.to_ascii_uppercase()).collect();
    let country = number.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    let rest = number.bytes().skip(2).any(|byte| byte.is_ascii_digit());
    let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let fits = NUMBER_CHARACTERS.contains(&number.len());
    (country && rest && plain && fits).then_some(number)
}

/// The same, where a number of digits alone is taken for one of the country `home`.
#[must_use]
pub fn company_number_at(home: &str, text: &str) -> Option<String> {
    let bare = text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let text = if bare { Cow::Owned(format!("{home}{text}")) } else { Cow::Borrowed(text) };
    normalise_company_number(&text)
}

/// The company's domain in a mail address; none of public mail, and of what is no address.
#[must_use]
pub fn domain_of_mail(mail: &str) -> Option<String> {
    let (_, domain) = mail.trim().rsplit_once('@')?;
    domain.parse::<Domain>().ok().map(|it| it.to_string())
}

/// Says what is wrong with a domain, in words that name the remedy.
#[must_use]
pub fn domain_error(pointer: &'static str, error: DomainError) -> FieldError {
    match error {
        DomainError::Malformed => {
            let detail = "A company's domain is like acme.dk: without www, http or a path.";
            FieldError::new(pointer, "domain_malformed", detail)
        }
        DomainError::PublicMail => {
            let detail = "People of every company have mail there: give the company's own domain, \
                          or leave it out.";
            FieldError::new(pointer, "domain_public", detail)
        }
    }
}

/// Checks number and domain.
pub(super) fn check(it: &ReportedDetails, errors: &mut Vec<FieldError>) {
    if it.company_number.as_deref().is_some_and(|it| normalise_company_number(it).is_none()) {
        errors.push(number_error("/company_number"));
    }
    if let Some(Err(error)) = it.company_domain.as_deref().map(str::parse::<Domain>) {
        errors.push(domain_error("/company_domain", error));
    }
}

/// What is said of a text that is no company's number.
#[must_use]
pub fn number_error(pointer: &'static str) -> FieldError {
    let detail = "Give the number with its country's two letters first, like DK12345678.";
    FieldError::new(pointer, "company_number", detail)
}

/// What the company of a report is known by, the surest first.
pub(super) fn places(owner: OrganisationId, it: &ReportedDetails) -> Vec<AccountPlace> {
    let id = it.company_id.as_deref().map(|id| id.trim().to_owned());
    let number = it.company_number.as_deref().and_then(normalise_company_number);
    let domain = it.company_domain.as_deref().and_then(|it| it.parse::<Domain>().ok());
    let all = [
        (AccountKeyKind::Id, id),
        (AccountKeyKind::Number, number),
        (AccountKeyKind::Domain, domain.map(|it| it.to_string())),
    ];
    all.into_iter().filter_map(|(kind, value)| Some((owner, kind, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_without_their_dress() {
        for text in ["DK12345678", "dk 12 34 56 78", "DK-12.34.56.78"] {
            assert_eq!(normalise_company_number(text).as_deref(), Some("DK12345678"), "{text}");
        }
        for text in ["12345678", "DK", "DKABCDEF", "DK12345678901234567890", "DK1234567ø"] {
            assert_eq!(normalise_company_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_without_letters_is_of_the_own_country() {
        assert_eq!(company_number_at("DK", "12 34 56 78").as_deref(), Some("DK12345678"));
        assert_eq!(company_number_at("DK", "SE556677889901").as_deref(), Some("SE556677889901"));
        assert_eq!(company_number_at("DK", "none"), None);
    }

    #[test]
    fn a_mail_address_tells_the_company_unless_its_mail_is_public() {
        assert_eq!(domain_of_mail("Anna@Acme.DK").as_deref(), Some("acme.dk"));
        for text in ["anna@gmail.com", "anna", "anna@localhost", "anna@10.0.0.1"] {
            assert_eq!(domain_of_mail(text), None, "{text}");
        }
    }
}
