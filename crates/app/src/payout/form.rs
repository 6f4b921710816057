//! Accounts as people write them, and accounts as they are kept: sealed with the master key.

use std::fmt;

use serde::{Deserialize, Serialize};
use tributary_kernel::FieldError;
use tributary_payout::account::Bic;
use tributary_payout::pain001::Party;
use tributary_payout::{BankAccount, bank_text};

use crate::{App, AppError, text};

/// An account, by the fields of its kind. `Debug` shows none of them.
#[derive(Clone, PartialEq, Eq)]
pub enum AccountForm {
    /// An international number.
    Iban {
        /// The number.
        iban: String,
        /// The bank, where it is known.
        bic: Option<String>,
    },
    /// In Denmark.
    Danish {
        /// Registration number, 4 digits.
        registration: String,
        /// Account number.
        account: String,
    },
    /// In Sweden.
    Swedish {
        /// Clearing number, 4 or 5 digits.
        clearing: String,
        /// Account number.
        account: String,
    },
    /// A bankgiro number.
    Bankgiro {
        /// The number.
        number: String,
    },
}

impl fmt::Debug for AccountForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountForm(…)")
    }
}

impl AccountForm {
    fn check(&self) -> Result<BankAccount, Vec<FieldError>> {
        match self {
            Self::Iban { iban, bic } => BankAccount::iban(iban, bic.as_deref()),
            Self::Danish { registration, account } => BankAccount::danish(registration, account),
            Self::Swedish { clearing, account } => BankAccount::swedish(clearing, account),
            Self::Bankgiro { number } => BankAccount::bankgiro(number),
        }
    }
}

/// Whose account it is. Banks want name, town and country at least. `Debug` shows none of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HolderForm {
    /// As on the account.
    pub name: String,
    /// Street with number.
    pub street: Option<String>,
    /// Post code.
    pub post_code: Option<String>,
    /// Town.
    pub town: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl fmt::Debug for HolderForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderForm(…)")
    }
}

/// Longest parts of an address that bank files carry.
const STREET_CHARS_MAX: usize = 70;
const POST_CODE_CHARS_MAX: usize = 16;
const TOWN_CHARS_MAX: usize = 35;
const NAME_CHARS_MAX: usize = 70;

impl HolderForm {
    fn check(&self, errors: &mut Vec<FieldError>) -> Party {
        let country = text::country("/country", &self.country, errors);
        let mut part = |pointer, given: &str, chars_max, required| {
            line(pointer, given, chars_max, required, errors)
        };
        let optional = |text: String| if text.is_empty() { None } else { Some(text) };
        Party {
            name: part("/name", &self.name, NAME_CHARS_MAX, true),
            street: optional(part(
                "/street",
                self.street.as_deref().unwrap_or_default(),
                STREET_CHARS_MAX,
                false,
            )),
            post_code: optional(part(
                "/post_code",
                self.post_code.as_deref().unwrap_or_default(),
                POST_CODE_CHARS_MAX,
                false,
            )),
            town: part("/town", &self.town, TOWN_CHARS_MAX, true),
            country,
        }
    }
}

/// One line that a bank can take.
fn line(
    pointer: &'static str,
    given: &str,
    chars_max: usize,
    required: bool,
    errors: &mut Vec<FieldError>,
) -> String {
    let given = given.trim();
    match bank_text(given, chars_max) {
        Err(error) => {
            let detail = format!("{error}; enter it again as one line.");
            errors.push(FieldError::new(pointer, "control_character", detail));
        }
        // Full stops stand for letters that no bank takes: a name of nothing else says nothing.
        Ok(written) if required && !written.contains(|c: char| c.is_ascii_alphanumeric()) => {
            let detail = "Banks need this in Latin letters.";
            errors.push(FieldError::new(pointer, "required", detail));
        }
        Ok(_) if given.chars().count() > chars_max => {
            let detail = format!("Give at most {chars_max} characters.");
            errors.push(FieldError::new(pointer, "length", detail));
        }
        Ok(_) => {}
    }
    given.to_owned()
}

/// An account with its holder, opened. `Debug` shows the account masked and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) account: BankAccount,
    pub(crate) party: Party,
    /// The payer's bank; payees need none but with their IBAN.
    pub(crate) bic: Option<Bic>,
    /// The payer's number at its bank.
    pub(crate) number_at_bank: Option<String>,
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details").field("account", &self.account).finish_non_exhaustive()
    }
}

const FORMAT: u8 = 1;

/// The wire form inside the seal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    format: u8,
    account: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    street: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    post_code: Option<String>,
    town: String,
    country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number_at_bank: Option<String>,
}

impl Details {
    /// Checks an account and its holder, and says of each field what is wrong.
    pub(super) fn check(
        account: &AccountForm,
        holder: &HolderForm,
        errors: &mut Vec<FieldError>,
    ) -> Option<Self> {
        let party = holder.check(errors);
        match account.check() {
            Ok(account) => Some(Self { account, party, bic: None, number_at_bank: None }),
            Err(found) => {
                errors.extend(found);
                None
            }
        }
    }

    pub(super) fn seal(&self, app: &App, purpose: &str) -> Vec<u8> {
        let sealed = Sealed {
            format: FORMAT,
            account: self.account.to_string(),
            name: self.party.name.clone(),
            street: self.party.street.clone(),
            post_code: self.party.post_code.clone(),
            town: self.party.town.clone(),
            country: self.party.country.clone(),
            bic: self.bic.as_ref().map(|bic| bic.as_str().to_owned()),
            number_at_bank: self.number_at_bank.clone(),
        };
        let plain = serde_json::to_vec(&sealed).expect("our types have string keys");
        app.secrets.seal(purpose, &plain, &*app.entropy)
    }

    pub(super) fn open(app: &App, purpose: &str, sealed: &[u8]) -> Result<Self, AppError> {
        let plain = app.secrets.open(purpose, sealed)?;
        // What was wrong is not told: it would stand in a log.
        let corrupt =
            || AppError::Corrupt(format!("what was sealed as {purpose} has another form"));
        let it: Sealed = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
        if it.format != FORMAT {
            return Err(corrupt());
        }
        Ok(Self {
            account: it.account.parse().map_err(|_| corrupt())?,
            party: Party {
                name: it.name,
                street: it.street,
                post_code: it.post_code,
                town: it.town,
                country: it.country,
            },
            bic: it.bic.as_deref().map(Bic::parse).transpose().map_err(|_| corrupt())?,
            number_at_bank: it.number_at_bank,
        })
    }

    /// The holder's address, one line each.
    pub(super) fn address(&self) -> Vec<String> {
        let party = &self.party;
        let town = match &party.post_code {
            Some(code) => format!("{code} {}", party.town),
            None => party.town.clone(),
        };
        party.street.iter().cloned().chain([town, party.country.clone()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder() -> HolderForm {
        HolderForm {
            name: "Anna Sørensen".into(),
            town: "København".into(),
            country: "dk".into(),
            ..HolderForm::default()
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let mut errors = Vec::new();
        let account = AccountForm::Danish { registration: "40".into(), account: "x".into() };
        let holder = HolderForm {
            name: "小林".into(),
            town: " ".into(),
            country: "Denmark".into(),
            street: Some("a\nb".into()),
            post_code: Some("1".repeat(17)),
        };
        assert!(Details::check(&account, &holder, &mut errors).is_none());
        let found: Vec<_> = errors.iter().map(|it| format!("{} {}", it.pointer, it.code)).collect();
        assert_eq!(
            found,
            [
                "/country country_malformed",
                "/name required",
                "/street control_character",
                "/post_code length",
                "/town required",
                "/registration registration_digits",
                "/account account_digits",
            ]
        );
    }

    #[test]
    fn nothing_of_an_account_is_in_debug() {
        let account =
            AccountForm::Danish { registration: "0040".into(), account: "440116243".into() };
        let mut errors = Vec::new();
        let details = Details::check(&account, &holder(), &mut errors).unwrap();
        assert_eq!(errors, []);
        assert_eq!(details.party.country, "DK");
        let shown = format!("{account:?} {:?} {details:?}", holder());
        assert!(!shown.contains("440116243") && !shown.contains("Anna"), "{shown}");
    }
}
