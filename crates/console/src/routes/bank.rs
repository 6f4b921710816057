//! The fields of a bank account, from forms to use cases and back.

use tributary_app::payout::{AccountForm, HolderForm};
use tributary_kernel::{FieldError, Refusal};
use tributary_payout::BankAccount;

use super::given::{Given, put_errors};
use crate::Flash;
use crate::pages::BankFields;
use crate::parts::Field;

/// The fields as they came.
pub(super) fn fields_of(given: &Given) -> BankFields {
    BankFields {
        kind: given.field("kind"),
        bank: given.field("bank"),
        account: given.field("account"),
        holder: given.field("holder"),
        street: given.field("street"),
        post_code: given.field("post_code"),
        town: given.field("town"),
        country: given.field("country"),
    }
}

/// Empty fields for somebody of a country.
pub(super) fn fields_for(holder: &str, country: &str) -> BankFields {
    let kind = match country {
        "DK" => "dk",
        "SE" => "se",
        _ => "iban",
    };
    BankFields {
        kind: Field::of(kind),
        holder: Field::of(holder),
        country: Field::of(country),
        ..BankFields::default()
    }
}

pub(super) fn account_of(given: &Given, bic: Option<String>) -> AccountForm {
    let text = |name: &str| given.text(name).to_owned();
    match given.text("kind") {
        "dk" => AccountForm::Danish { registration: text("bank"), account: text("account") },
        "se" => AccountForm::Swedish { clearing: text("bank"), account: text("account") },
        "bankgiro" => AccountForm::Bankgiro { number: text("account") },
        _ => AccountForm::Iban { iban: text("account"), bic },
    }
}

pub(super) fn holder_of(given: &Given) -> HolderForm {
    HolderForm {
        name: given.text("holder").to_owned(),
        street: given.filled("street").map(str::to_owned),
        post_code: given.filled("post_code").map(str::to_owned),
        town: given.text("town").to_owned(),
        country: given.text("country").to_owned(),
    }
}

/// What is wrong with the account itself, before anything else is asked of the person.
pub(super) fn account_errors(given: &Given) -> Vec<FieldError> {
    let (bank, account) = (given.text("bank"), given.text("account"));
    let parsed = match given.text("kind") {
        "dk" => BankAccount::danish(bank, account),
        "se" => BankAccount::swedish(bank, account),
        "bankgiro" => BankAccount::bankgiro(account),
        _ => BankAccount::iban(account, None),
    };
    let mut errors = parsed.err().unwrap_or_default();
    for name in ["holder", "town", "country"] {
        if given.filled(name).is_none() {
            errors.push(FieldError::new(format!("/{name}"), "required", "Fill this in."));
        }
    }
    errors
}

/// Puts the mistakes of a refusal onto the account's fields; what is none of theirs stays in
/// `others`.
pub(super) fn put_bank_errors(
    refusal: &Refusal,
    fields: &mut BankFields,
    others: &mut [(&'static str, &mut Field)],
) -> Option<Flash> {
    // Each kind of account has its own names for the same two fields.
    let renamed = refusal.errors.iter().cloned().map(|mut error| {
        let name = match &*error.pointer {
            "/registration" | "/clearing" => Some("/bank"),
            "/iban" | "/bankgiro" => Some("/account"),
            "/name" => Some("/holder"),
            _ => None,
        };
        if let Some(name) = name {
            error.pointer = name.into();
        }
        error
    });
    let refusal = Refusal { errors: renamed.collect(), ..refusal.clone() };
    let mut all = vec![
        ("kind", &mut fields.kind),
        ("bank", &mut fields.bank),
        ("account", &mut fields.account),
        ("holder", &mut fields.holder),
        ("street", &mut fields.street),
        ("post_code", &mut fields.post_code),
        ("town", &mut fields.town),
        ("country", &mut fields.country),
    ];
    all.extend(others.iter_mut().map(|(name, field)| (*name, &mut **field)));
    put_errors(&refusal, &mut all)
}
