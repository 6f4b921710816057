//! Bank accounts that nobody has, with check digits that are right.

use tributary_app::payout::AccountForm;

/// The beginning of an account; its check digits are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// None that a bank file reaches.
    None,
    /// Registration and account number.
    Danish(&'static str, &'static str),
    /// A bankgiro number without its last digit.
    Bankgiro(&'static str),
    /// Clearing and account number.
    Swedish(&'static str, &'static str),
    /// Country and national part.
    Iban(&'static str, &'static str),
}

impl Account {
    /// As its holder writes it; none for [`Account::None`].
    pub(crate) fn form(self) -> Option<AccountForm> {
        let text = str::to_owned;
        Some(match self {
            Self::None => return None,
            Self::Danish(registration, account) => {
                AccountForm::Danish { registration: text(registration), account: text(account) }
            }
            Self::Bankgiro(number) => AccountForm::Bankgiro { number: with_luhn(number) },
            Self::Swedish(clearing, account) => {
                AccountForm::Swedish { clearing: text(clearing), account: text(account) }
            }
            Self::Iban(country, national) => {
                AccountForm::Iban { iban: iban(country, national), bic: None }
            }
        })
    }
}

/// A town of a country; banks want one.
pub(crate) fn town(country: &str, place: usize) -> &'static str {
    let towns: &[&str] = match country {
        "DK" => &["København", "Aarhus", "Odense", "Aalborg", "Vejle", "Kolding", "Roskilde"],
        "SE" => &["Stockholm", "Göteborg", "Malmö", "Uppsala", "Östersund", "Umeå", "Falun"],
        "DE" => &["Berlin", "Hamburg", "Leipzig", "Köln", "Lübeck"],
        "GB" => &["Leeds"],
        _ => &["Denpasar"],
    };
    towns[place % towns.len()]
}

/// Puts the check digit of mod 10 behind a number.
fn with_luhn(number: &str) -> String {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            let weighted = if place % 2 == 0 { digit * 2 } else { digit };
            weighted / 10 + weighted % 10
        })
        .sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

/// Puts country and check digits (ISO 7064, mod 97-10) before a national part of digits.
fn iban(country: &str, national: &str) -> String {
    let letters = country.bytes().map(|byte| u64::from(byte - b'A') + 10);
    let rest = national.bytes().map(|byte| u64::from(byte - b'0')).chain(letters);
    let digits = rest.fold(0, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (rest * shift + value) % 97
    });
    format!("{country}{:02}{national}", 98 - digits * 100 % 97)
}

#[cfg(test)]
mod tests {
    use tributary_payout::BankAccount;

    use super::*;
    use crate::cast::{Fate, PROGRAMS};

    fn parse(form: &AccountForm) -> BankAccount {
        match form {
            AccountForm::Iban { iban, .. } => BankAccount::iban(iban, None),
            AccountForm::Danish { registration, account } => {
                BankAccount::danish(registration, account)
            }
            AccountForm::Swedish { clearing, account } => BankAccount::swedish(clearing, account),
            AccountForm::Bankgiro { number } => BankAccount::bankgiro(number),
        }
        .unwrap()
    }

    #[test]
    fn check_digits_of_known_numbers() {
        assert_eq!(with_luhn("991234"), "9912346");
        assert_eq!(with_luhn("5050105"), "50501055");
        assert_eq!(iban("DK", "00400440116243"), "DK5000400440116243");
        assert_eq!(iban("SE", "50000000058398257466"), "SE4550000000058398257466");
    }

    #[test]
    fn the_casts_accounts_are_well_formed_and_reached() {
        let mut reached = 0;
        for program in PROGRAMS {
            let payer = parse(&program.payer.form().unwrap());
            assert!(payer.can_receive(program.currency), "{}", program.name);
            for it in program.partners {
                let changed = match it.fate {
                    Fate::ChangesBank(account) => Some(account),
                    _ => None,
                };
                for account in [Some(it.account), changed].into_iter().flatten() {
                    let account = account.form().map(|form| parse(&form));
                    let reaches = account.is_some_and(|it| it.can_receive(program.currency));
                    reached += u32::from(reaches);
                }
            }
        }
        assert!(reached >= 50, "{reached}");
    }
}
