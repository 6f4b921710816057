//! A partner's tax profile: from what is typed in to what invoices and payouts can rely on.

use tributary_kernel::FieldError;

use super::{NumberKind, TaxNumber, TaxNumberError};
use crate::bank_text;
use crate::invoice::is_eu;

tributary_kernel::text_enum! {
    /// What kind of person a partner is.
    pub enum TaxPerson {
        /// A company.
        Company = "company",
        /// A registered business of one person.
        SoleTrader = "sole_trader",
        /// Somebody without a business.
        PrivatePerson = "private_person",
    }
}

tributary_kernel::text_enum! {
    /// Where somebody stands towards VAT.
    pub enum VatStanding {
        /// Registered: has a VAT number.
        Registered = "registered",
        /// A small business below the threshold, exempt.
        SmallBusiness = "small_business",
        /// Not registered for any other reason.
        NotRegistered = "not_registered",
    }
}

/// A profile that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxProfile {
    /// What kind of person.
    pub person: TaxPerson,
    /// Registered name, as it stands on invoices.
    pub name: String,
    /// Street with number.
    pub street: Option<String>,
    /// Post code.
    pub post_code: Option<String>,
    /// Town.
    pub town: String,
    /// ISO 3166 code of where it is liable.
    pub country: String,
    /// Its number in the register of companies.
    pub company_number: Option<TaxNumber>,
    /// Where it stands towards VAT.
    pub vat: VatStanding,
    /// Its VAT number: there exactly when it is registered.
    pub vat_number: Option<TaxNumber>,
    /// Whether it is approved for paying its own tax (Swedish F-skatt): then the payer withholds
    /// nothing for that reason. None: not known.
    pub pays_own_tax: Option<bool>,
}

/// A profile as it is typed. Empty texts stand for nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TaxForm {
    /// See [`TaxPerson`].
    pub person: String,
    /// Registered name.
    pub name: String,
    /// Street with number.
    pub street: String,
    /// Post code.
    pub post_code: String,
    /// Town.
    pub town: String,
    /// Two letters.
    pub country: String,
    /// Number in the register of companies.
    pub company_number: String,
    /// See [`VatStanding`].
    pub vat: String,
    /// VAT number.
    pub vat_number: String,
    /// Whether it pays its own tax.
    pub pays_own_tax: Option<bool>,
}

impl std::fmt::Debug for TaxForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TaxForm(…)")
    }
}

const NAME_CHARS_MAX: usize = 120;
const STREET_CHARS_MAX: usize = 70;
const POST_CODE_CHARS_MAX: usize = 16;
const TOWN_CHARS_MAX: usize = 60;

impl TaxForm {
    /// Checks all fields, each by its name: `/person`, `/name`, …
    ///
    /// # Errors
    /// One per wrong field.
    pub fn check(&self) -> Result<TaxProfile, Vec<FieldError>> {
        let mut errors = Vec::new();
        let person = chosen::<TaxPerson>("/person", &self.person, &mut errors);
        let vat = chosen::<VatStanding>("/vat", &self.vat, &mut errors);
        let country = self.country.trim().to_uppercase();
        if country.len() != 2 || !country.bytes().all(|it| it.is_ascii_uppercase()) {
            let detail = "Give a country's two letters, like DK.";
            errors.push(FieldError::new("/country", "country_malformed", detail));
        }
        let mut line =
            |pointer, text: &str, max, required| line(pointer, text, max, required, &mut errors);
        let name = line("/name", &self.name, NAME_CHARS_MAX, true);
        let street = line("/street", &self.street, STREET_CHARS_MAX, false);
        let post_code = line("/post_code", &self.post_code, POST_CODE_CHARS_MAX, false);
        let town = line("/town", &self.town, TOWN_CHARS_MAX, true);
        let company_number = number("/company_number", &self.company_number, &mut errors, |text| {
            TaxNumber::parse(company_kind(&country), text)
        });
        let vat_number = number("/vat_number", &self.vat_number, &mut errors, |text| {
            vat_number_of(&country, text)
        });
        if let (Some(person), Some(vat)) = (person, vat) {
            self.check_together(person, vat, &country, &mut errors);
        }
        let some = |text: String| Some(text).filter(|it| !it.is_empty());
        match (person, vat) {
            (Some(person), Some(vat)) if errors.is_empty() => Ok(TaxProfile {
                person,
                name,
                street: some(street),
                post_code: some(post_code),
                town,
                country,
                company_number,
                vat,
                vat_number,
                pays_own_tax: self.pays_own_tax,
            }),
            _ => Err(errors),
        }
    }

    /// What one answer asks of another.
    fn check_together(
        &self,
        person: TaxPerson,
        vat: VatStanding,
        country: &str,
        errors: &mut Vec<FieldError>,
    ) {
        let (company_number, vat_number) = (self.company_number.trim(), self.vat_number.trim());
        let private = person == TaxPerson::PrivatePerson;
        if private && !company_number.is_empty() {
            let detail = "A person without a business has no such number.";
            errors.push(FieldError::new("/company_number", "number_of_private_person", detail));
        }
        if private && vat != VatStanding::NotRegistered {
            let detail = "A person without a business is not registered for VAT.";
            errors.push(FieldError::new("/vat", "vat_of_private_person", detail));
        }
        let registers = company_kind(country) != NumberKind::Other;
        if person == TaxPerson::Company && company_number.is_empty() && registers {
            let detail = "Give the number in the register of companies.";
            errors.push(FieldError::new("/company_number", "required", detail));
        }
        if vat == VatStanding::Registered && vat_number.is_empty() {
            let detail = "Give the VAT number, or say that there is none.";
            errors.push(FieldError::new("/vat_number", "required", detail));
        }
        if vat != VatStanding::Registered && !vat_number.is_empty() {
            let detail = "Say that it is registered for VAT, or leave the number out.";
            errors.push(FieldError::new("/vat_number", "vat_not_registered", detail));
        }
    }
}

impl TaxProfile {
    /// Its number of a kind.
    #[must_use]
    pub fn number(&self, kind: NumberKind) -> Option<&TaxNumber> {
        self.company_number.iter().chain(&self.vat_number).find(|it| it.kind() == kind)
    }

    /// As it would be typed.
    #[must_use]
    pub fn form(&self) -> TaxForm {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let number = |it: &Option<TaxNumber>| {
            it.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default()
        };
        TaxForm {
            person: self.person.as_str().to_owned(),
            name: self.name.clone(),
            street: text(&self.street),
            post_code: text(&self.post_code),
            town: self.town.clone(),
            country: self.country.clone(),
            company_number: number(&self.company_number),
            vat: self.vat.as_str().to_owned(),
            vat_number: number(&self.vat_number),
            pays_own_tax: self.pays_own_tax,
        }
    }
}

/// Which register a country's companies are in.
const fn company_kind(country: &str) -> NumberKind {
    match country.as_bytes() {
        b"DK" => NumberKind::DkCvr,
        b"SE" => NumberKind::SeOrganisation,
        b"NO" => NumberKind::NoOrganisation,
        b"ID" => NumberKind::IdNpwp,
        _ => NumberKind::Other,
    }
}

/// A VAT number of a country; in the EU with the country's own prefix, which may be left out.
fn vat_number_of(country: &str, text: &str) -> Result<TaxNumber, TaxNumberError> {
    if !is_eu(country) {
        return TaxNumber::parse(company_kind(country), text);
    }
    // Greece is `GR` everywhere else.
    let prefix = if country == "GR" { "EL" } else { country };
    let bare = text.trim_start().chars().take(2).all(|it| it.is_ascii_digit());
    let whole = if bare { format!("{prefix}{text}") } else { text.to_owned() };
    let number = TaxNumber::parse(NumberKind::EuVat, &whole)?;
    if number.as_str().starts_with(prefix) { Ok(number) } else { Err(TaxNumberError::Country) }
}

fn number(
    pointer: &'static str,
    text: &str,
    errors: &mut Vec<FieldError>,
    parse: impl FnOnce(&str) -> Result<TaxNumber, TaxNumberError>,
) -> Option<TaxNumber> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    parse(text)
        .map_err(|error| errors.push(FieldError::new(pointer, error.code(), format!("{error}."))))
        .ok()
}

fn chosen<T: std::str::FromStr>(
    pointer: &'static str,
    text: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let found = text.trim().parse().ok();
    if found.is_none() {
        errors.push(FieldError::new(pointer, "required", "Choose one of the values."));
    }
    found
}

/// One line of text.
fn line(
    pointer: &'static str,
    text: &str,
    chars_max: usize,
    required: bool,
    errors: &mut Vec<FieldError>,
) -> String {
    let text = text.trim();
    if required && text.is_empty() {
        errors.push(FieldError::new(pointer, "required", "Fill this in."));
    } else if text.chars().count() > chars_max {
        let detail = format!("Give at most {chars_max} characters.");
        errors.push(FieldError::new(pointer, "length", detail));
    } else if bank_text(text, chars_max).is_err() {
        let detail = "Enter it again as one line.";
        errors.push(FieldError::new(pointer, "control_character", detail));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> TaxForm {
        TaxForm {
            person: "sole_trader".into(),
            name: "Anna Holm".into(),
            town: "København".into(),
            country: "dk".into(),
            company_number: "13 58 56 28".into(),
            vat: "registered".into(),
            vat_number: "13585628".into(),
            ..TaxForm::default()
        }
    }

    fn codes(form: &TaxForm) -> Vec<String> {
        let errors = form.check().err().unwrap_or_default();
        errors.iter().map(|it| format!("{} {}", it.pointer, it.code)).collect()
    }

    #[test]
    fn a_profile_is_read_and_written_again() {
        let profile = anna().check().unwrap();
        assert_eq!(profile.vat_number.as_ref().unwrap().as_str(), "DK13585628");
        assert_eq!(profile.company_number.as_ref().unwrap().as_str(), "13585628");
        assert_eq!(profile.form().check(), Ok(profile));
    }

    #[test]
    fn answers_must_fit_each_other() {
        let table: [(&str, TaxForm, &[&str]); 9] = [
            (
                "nothing",
                TaxForm::default(),
                &[
                    "/person required",
                    "/vat required",
                    "/country country_malformed",
                    "/name required",
                    "/town required",
                ],
            ),
            (
                "a mistyped number",
                TaxForm { vat_number: "DK13585627".into(), ..anna() },
                &["/vat_number number_checksum"],
            ),
            (
                "another country's",
                TaxForm { vat_number: "SE556016068001".into(), ..anna() },
                &["/vat_number number_country"],
            ),
            (
                "registered without number",
                TaxForm { vat_number: " ".into(), ..anna() },
                &["/vat_number required"],
            ),
            (
                "a number without registration",
                TaxForm { vat: "small_business".into(), ..anna() },
                &["/vat_number vat_not_registered"],
            ),
            (
                "a private person's business",
                TaxForm { person: "private_person".into(), ..anna() },
                &["/company_number number_of_private_person", "/vat vat_of_private_person"],
            ),
            (
                "a company without number",
                TaxForm { person: "company".into(), company_number: String::new(), ..anna() },
                &["/company_number required"],
            ),
            ("two lines", TaxForm { town: "a\nb".into(), ..anna() }, &["/town control_character"]),
            (
                "a form of no register",
                TaxForm {
                    country: "US".into(),
                    company_number: "x".into(),
                    vat: "not_registered".into(),
                    vat_number: String::new(),
                    ..anna()
                },
                &["/company_number number_form"],
            ),
        ];
        for (name, form, expected) in table {
            assert_eq!(codes(&form), expected, "{name}");
        }
        let greek = TaxForm {
            country: "GR".into(),
            company_number: String::new(),
            vat_number: "EL094259216".into(),
            ..anna()
        };
        assert_eq!(greek.check().unwrap().vat_number.unwrap().as_str(), "EL094259216");
    }
}
