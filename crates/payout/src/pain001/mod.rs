//! Payment files for banks: ISO 20022 `pain.001.001.09` (customer credit transfer initiation).
//!
//! [`write_payment_file`] gives the same bytes for the same values, always. The caller keeps the
//! bytes and their SHA-256 when the file is made and never makes it again.

mod checked;
mod document;
mod profile;

use std::str::FromStr;

use tributary_kernel::{LocalDate, PayoutId, PayoutRunId, Refusal, Timestamp};
use tributary_money::{Currency, Money};

use crate::BankAccount;
use crate::account::Bic;

pub use profile::{
    BankProfile, ChargeBearer, DANISH_DOMESTIC, PROFILES, SEPA_EURO, SWEDISH_DOMESTIC, SwedishBban,
    profile_for, profile_named,
};

/// Payments in one file; banks' own limits begin well above.
pub const FILE_PAYMENTS_MAX: usize = 10_000;
/// The namespace, which is also the version.
pub const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

/// Who pays or is paid. Town and country are the least a bank takes as an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// As on the account.
    pub name: String,
    /// Street with number.
    pub street: Option<String>,
    /// Post code.
    pub post_code: Option<String>,
    /// Town.
    pub town: String,
    /// ISO 3166 code, two upper-case letters.
    pub country: String,
}

/// Whose account is debited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    /// Name and address.
    pub party: Party,
    /// The account.
    pub account: BankAccount,
    /// Its bank. Domestic files need it in practice; SEPA files don't, where it is named as not
    /// provided.
    pub bic: Option<Bic>,
    /// The payer's number at the bank, where the bank asks for one: customer or agreement number,
    /// or organisation number.
    pub number_at_bank: Option<String>,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Which payout it carries out.
    pub payout: PayoutId,
    /// How much; above zero, in the profile's currency.
    pub amount: Money,
    /// To where.
    pub account: BankAccount,
    /// To whom.
    pub payee: Party,
    /// What the payee reads on the statement; one line.
    pub message: String,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFile {
    /// Which run it carries out; its message id.
    pub run: PayoutRunId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the bank shall execute it.
    pub execution_date: LocalDate,
    /// Who pays.
    pub payer: Payer,
    /// Written in this order, within one group per kind of account.
    pub payments: Vec<Payment>,
}

/// The XML of a payment file, UTF-8, in the character set of [`crate::bank_text`].
///
/// # Errors
/// [`tributary_kernel::RefusalKind::Invalid`] with everything that is wrong, pointers into
/// [`PaymentFile`] (`/payments/3/payee/town`). Codes: `no_payments`, `too_many_payments`,
/// `payout_twice`, `currency`, `not_positive`, `too_large`, `account_cannot_receive`,
/// `account_cannot_pay`, `name_missing`, `town_missing`, `country_form`, `control_character`.
pub fn write_payment_file(profile: &BankProfile, file: &PaymentFile) -> Result<Vec<u8>, Refusal> {
    let checked = checked::check(profile, file)?;
    Ok(document::write(profile, file, &checked))
}

/// A payout's reference in bank files (`EndToEndId`) and on statements: its id with a hyphen,
/// since banks don't take the underscore. 30 characters of the 35 allowed.
#[must_use]
pub fn end_to_end_id(payout: PayoutId) -> String {
    payout.to_string().replace('_', "-")
}

/// The payout that a reference read back from the bank names. Case, spaces around and either
/// separator are forgiven, as banks print them in capitals.
#[must_use]
pub fn payout_of_reference(reference: &str) -> Option<PayoutId> {
    PayoutId::from_str(&reference.trim().to_ascii_lowercase().replace('-', "_")).ok()
}

/// Message id of a run's file in one currency, likewise: `run-…-DKK`, 34 characters. With the
/// currency, as a run makes one file per currency and banks want each message id once.
#[must_use]
pub fn message_id(run: PayoutRunId, currency: Currency) -> String {
    format!("{}-{currency}", run.to_string().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_survive_the_bank() {
        let payout = PayoutId::from_bytes([0x5a; 16]);
        let reference = end_to_end_id(payout);
        assert_eq!(reference.len(), 30);
        assert!(reference.chars().all(crate::text::is_allowed));
        assert_eq!(payout_of_reference(&reference), Some(payout));
        assert_eq!(payout_of_reference(&format!(" {} ", reference.to_uppercase())), Some(payout));
        assert_eq!(payout_of_reference(&payout.to_string()), Some(payout));
        assert_eq!(payout_of_reference("NOTPROVIDED"), None);
        let message = message_id(PayoutRunId::from_bytes([0xff; 16]), Currency::DKK);
        assert_eq!(message.len(), 34, "one digit more for the group, 35 is the limit");
    }

    #[test]
    fn profiles_are_found_by_currency_and_name() {
        for profile in PROFILES {
            assert_eq!(profile_for(profile.currency), Some(profile));
            assert_eq!(profile_named(profile.name), Some(profile));
        }
        assert_eq!(profile_for(Currency::USD), None);
    }
}
