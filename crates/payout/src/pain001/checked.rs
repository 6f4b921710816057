//! Everything that can be wrong with a file, found before a byte is written, and all texts in the
//! bank's character set.

use std::collections::BTreeSet;

use tributary_kernel::{FieldError, Refusal};
use tributary_money::Money;

use super::{BankProfile, FILE_PAYMENTS_MAX, Party, Payment, PaymentFile};
use crate::account::AccountKind;
use crate::bank_text;

/// Schema limits of address parts.
const STREET_CHARS_MAX: usize = 70;
const POST_CODE_CHARS_MAX: usize = 16;
const TOWN_CHARS_MAX: usize = 35;
/// Schema limit of identifications.
const NUMBER_CHARS_MAX: usize = 35;

/// A party's texts, ready to be written.
pub(super) struct CheckedParty {
    pub(super) name: String,
    pub(super) street: Option<String>,
    pub(super) post_code: Option<String>,
    pub(super) town: String,
    pub(super) country: String,
}

/// A payment with its texts, ready to be written.
pub(super) struct CheckedPayment<'a> {
    pub(super) payment: &'a Payment,
    pub(super) payee: CheckedParty,
    pub(super) message: String,
}

/// A file whose values can all be written.
pub(super) struct Checked<'a> {
    pub(super) payer: CheckedParty,
    pub(super) number_at_bank: Option<String>,
    /// One group per kind of account, as banks clear them apart.
    pub(super) groups: Vec<Group<'a>>,
    pub(super) count: usize,
    pub(super) total: Money,
}

/// Payments to one kind of account.
pub(super) struct Group<'a> {
    pub(super) payments: Vec<CheckedPayment<'a>>,
    pub(super) total: Money,
}

pub(super) fn check<'a>(
    profile: &BankProfile,
    file: &'a PaymentFile,
) -> Result<Checked<'a>, Refusal> {
    let mut errors = Errors::default();
    check_size(file, &mut errors);
    let payer = check_party(profile, &file.payer.party, "/payer/party", &mut errors);
    if !file.payer.account.can_receive(profile.currency) {
        errors.add(
            "/payer/account".to_owned(),
            "account_cannot_pay",
            format!("A file of profile {} debits an account of that scheme.", profile.name),
        );
    }
    let number_at_bank = file.payer.number_at_bank.as_deref();
    let number_at_bank =
        errors.text_or_none(number_at_bank, NUMBER_CHARS_MAX, "/payer/number_at_bank");
    let mut seen = BTreeSet::new();
    let mut payments = Vec::with_capacity(file.payments.len());
    for (index, payment) in file.payments.iter().enumerate() {
        let at = format!("/payments/{index}");
        if !seen.insert(payment.payout) {
            errors.add(
                format!("{at}/payout"),
                "payout_twice",
                format!("{} stands in the file twice; pay it once.", payment.payout),
            );
        }
        check_amount(profile, payment, &at, &mut errors);
        let payee = check_party(profile, &payment.payee, &format!("{at}/payee"), &mut errors);
        let message =
            errors.text(&payment.message, profile.remittance_chars_max, &format!("{at}/message"));
        payments.push(CheckedPayment { payment, payee, message });
    }
    let count = payments.len();
    let groups = group(profile, payments, &mut errors);
    let total = sum(profile, groups.iter().map(|group| group.total), &mut errors);
    errors.into_result()?;
    Ok(Checked { payer, number_at_bank, groups, count, total })
}

fn check_size(file: &PaymentFile, errors: &mut Errors) {
    if file.payments.is_empty() {
        errors.add(
            "/payments".to_owned(),
            "no_payments",
            "A file carries at least one payment; there is nothing to send.".to_owned(),
        );
    }
    if file.payments.len() > FILE_PAYMENTS_MAX {
        errors.add(
            "/payments".to_owned(),
            "too_many_payments",
            format!("A file carries at most {FILE_PAYMENTS_MAX} payments; split the run."),
        );
    }
}

fn check_amount(profile: &BankProfile, payment: &Payment, at: &str, errors: &mut Errors) {
    let currency = profile.currency;
    if payment.amount.currency != currency {
        let detail = format!("A file of profile {} pays {currency} only.", profile.name);
        errors.add(format!("{at}/amount/currency"), "currency", detail);
        return;
    }
    if payment.amount.minor <= 0 {
        let detail = "Only amounts above zero can be paid; carry the balance.".to_owned();
        errors.add(format!("{at}/amount"), "not_positive", detail);
    }
    if payment.amount.minor > profile.payment_minor_max {
        let max = Money::new(profile.payment_minor_max, currency);
        errors.add(
            format!("{at}/amount"),
            "too_large",
            format!("The scheme carries at most {max} in one payment; split it."),
        );
    }
    if !payment.account.can_receive(currency) {
        errors.add(
            format!("{at}/account"),
            "account_cannot_receive",
            format!(
                "An account of this kind cannot be paid {currency} by a bank file; ask for another."
            ),
        );
    }
}

fn check_party(
    profile: &BankProfile,
    party: &Party,
    at: &str,
    errors: &mut Errors,
) -> CheckedParty {
    let name = errors.text(&party.name, profile.name_chars_max, &format!("{at}/name"));
    let town = errors.text(&party.town, TOWN_CHARS_MAX, &format!("{at}/town"));
    for (text, field, code) in [(&name, "name", "name_missing"), (&town, "town", "town_missing")] {
        // Full stops stand for letters that no bank takes: a name of nothing else says nothing.
        if !text.contains(|c: char| c.is_ascii_alphanumeric()) {
            let detail = format!("Banks need a {field} in Latin letters; ask for one.");
            errors.add(format!("{at}/{field}"), code, detail);
        }
    }
    let country = party.country.as_bytes();
    if country.len() != 2 || !country.iter().all(u8::is_ascii_uppercase) {
        errors.add(
            format!("{at}/country"),
            "country_form",
            "A country is two capital letters of ISO 3166, like DK.".to_owned(),
        );
    }
    let street =
        errors.text_or_none(party.street.as_deref(), STREET_CHARS_MAX, &format!("{at}/street"));
    let post_code = errors.text_or_none(
        party.post_code.as_deref(),
        POST_CODE_CHARS_MAX,
        &format!("{at}/post_code"),
    );
    CheckedParty { name, street, post_code, town, country: party.country.clone() }
}

fn group<'a>(
    profile: &BankProfile,
    payments: Vec<CheckedPayment<'a>>,
    errors: &mut Errors,
) -> Vec<Group<'a>> {
    let mut by_kind: Vec<(AccountKind, Vec<CheckedPayment<'a>>)> = Vec::new();
    for payment in payments {
        let kind = payment.payment.account.kind();
        match by_kind.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, group)) => group.push(payment),
            None => by_kind.push((kind, vec![payment])),
        }
    }
    by_kind.sort_by_key(|(kind, _)| *kind);
    by_kind
        .into_iter()
        .map(|(_, payments)| {
            let amounts = payments.iter().map(|payment| payment.payment.amount);
            let total = sum(profile, amounts, errors);
            Group { payments, total }
        })
        .collect()
}

/// A sum of at most [`FILE_PAYMENTS_MAX`] payments below the profile's maximum fits; a sum that
/// doesn't has been refused for one of its parts or says so itself.
fn sum(profile: &BankProfile, amounts: impl Iterator<Item = Money>, errors: &mut Errors) -> Money {
    let total: i128 = amounts.map(|amount| i128::from(amount.minor)).sum();
    let minor = i64::try_from(total).unwrap_or_else(|_| {
        let detail = "The file's sum is too large; split the run.".to_owned();
        errors.add("/payments".to_owned(), "too_large", detail);
        0
    });
    Money::new(minor, profile.currency)
}

#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn add(&mut self, pointer: String, code: &'static str, detail: String) {
        self.0.push(FieldError::new(pointer, code, detail));
    }

    fn text(&mut self, text: &str, chars_max: usize, pointer: &str) -> String {
        bank_text(text, chars_max).unwrap_or_else(|error| {
            let detail = format!("{error}; enter it again as one line.");
            self.add(pointer.to_owned(), "control_character", detail);
            // Not blank, so that the same field is not also called missing.
            "X".to_owned()
        })
    }

    fn text_or_none(&mut self, text: Option<&str>, chars_max: usize, at: &str) -> Option<String> {
        text.map(|text| self.text(text, chars_max, at)).filter(|text| !text.is_empty())
    }

    fn into_result(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.0)) }
    }
}
