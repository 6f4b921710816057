//! Danish, Swedish and bankgiro numbers.

use tributary_kernel::FieldError;

use super::{strip_separators, tail};

/// Digits of a Danish account number in files, padded with zeros on the left.
const DANISH_ACCOUNT_DIGITS: usize = 10;
/// Fewest and most digits of a Swedish account number without its clearing number.
const SWEDISH_ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 5..=10;

/// Registration number (4 digits) and account number (10, padded with zeros).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DanishAccount {
    registration: String,
    account: String,
}

impl DanishAccount {
    /// From text as people write it. Danish account numbers have no check digit that every bank
    /// follows, so only form and length are checked.
    ///
    /// # Errors
    /// One per wrong field: `registration_digits` at `/registration`, `account_digits` at
    /// `/account`.
    pub fn parse(registration: &str, account: &str) -> Result<Self, Vec<FieldError>> {
        let registration = strip_separators(registration);
        let account = strip_separators(account);
        let mut errors = Vec::new();
        if registration.len() != 4 || !is_number(&registration) {
            errors.push(FieldError::new(
                "/registration",
                "registration_digits",
                "A Danish registration number has exactly 4 digits, like 0040.",
            ));
        }
        if account.len() > DANISH_ACCOUNT_DIGITS || !is_number(&account) {
            errors.push(FieldError::new(
                "/account",
                "account_digits",
                "A Danish account number has up to 10 digits, without the registration number.",
            ));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { registration, account: format!("{account:0>DANISH_ACCOUNT_DIGITS$}") })
    }

    /// The registration number, 4 digits.
    #[must_use]
    pub fn registration(&self) -> &str {
        &self.registration
    }

    /// Registration number and the account's last four digits.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} {}", self.registration, tail(&self.account))
    }

    /// The account number, 10 digits.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }
}

/// Clearing number (4 digits, or 5 where it begins with 8) and account number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SwedishAccount {
    clearing: String,
    account: String,
}

impl SwedishAccount {
    /// From text as people write it. The fifth clearing digit is checked (mod 10); the check digit
    /// inside the account is not, as its rule differs by bank and range.
    ///
    /// # Errors
    /// One per wrong field: `clearing_digits` or `clearing_check_digit` at `/clearing`,
    /// `account_digits` at `/account`.
    pub fn parse(clearing: &str, account: &str) -> Result<Self, Vec<FieldError>> {
        let clearing = strip_separators(clearing);
        let account = strip_separators(account);
        let mut errors = Vec::new();
        if let Err(error) = check_clearing(&clearing) {
            errors.push(error);
        }
        if !SWEDISH_ACCOUNT_DIGITS.contains(&account.len()) || !is_number(&account) {
            errors.push(FieldError::new(
                "/account",
                "account_digits",
                "A Swedish account number has 5 to 10 digits, without the clearing number.",
            ));
        }
        if errors.is_empty() { Ok(Self { clearing, account }) } else { Err(errors) }
    }

    /// The clearing number, 4 or 5 digits as given.
    #[must_use]
    pub fn clearing(&self) -> &str {
        &self.clearing
    }

    /// The four digits that name the bank and branch to the clearing system.
    #[must_use]
    pub fn clearing_member(&self) -> &str {
        &self.clearing[..4]
    }

    /// Clearing number and the account's last digits, at most four.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} {}", self.clearing, tail(&self.account))
    }

    /// The account number without clearing number.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }
}

fn check_clearing(clearing: &str) -> Result<(), FieldError> {
    let error = |code, detail: &'static str| Err(FieldError::new("/clearing", code, detail));
    let begins_right = clearing.starts_with(|first: char| ('1'..='9').contains(&first));
    match clearing.len() {
        4 if is_number(clearing) && begins_right => Ok(()),
        5 if is_number(clearing) && clearing.starts_with('8') => {
            if luhn(clearing) {
                Ok(())
            } else {
                error(
                    "clearing_check_digit",
                    "The fifth digit doesn't match the first four; check it, or give four only.",
                )
            }
        }
        _ => error(
            "clearing_digits",
            "A Swedish clearing number has 4 digits from 1000 on; with a fifth digit only where \
             it begins with 8 (Swedbank and savings banks).",
        ),
    }
}

/// A bankgiro number: 7 or 8 digits, the last a check digit. It is an address that Bankgirot maps
/// to an account, and public by nature.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bankgiro(String);

impl Bankgiro {
    /// From text as people write it (`5050-1055`).
    ///
    /// # Errors
    /// `bankgiro_digits` or `bankgiro_check_digit` at `/bankgiro`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let number = strip_separators(text);
        if !matches!(number.len(), 7 | 8) || !is_number(&number) || number.starts_with('0') {
            return Err(FieldError::new(
                "/bankgiro",
                "bankgiro_digits",
                "A bankgiro number has 7 or 8 digits, like 5050-1055.",
            ));
        }
        if !luhn(&number) {
            return Err(FieldError::new(
                "/bankgiro",
                "bankgiro_check_digit",
                "The last digit doesn't match the others: at least one is wrong.",
            ));
        }
        Ok(Self(number))
    }

    /// The last digits, at most four.
    #[must_use]
    pub fn masked(&self) -> String {
        tail(&self.0)
    }

    /// Digits only, as files carry them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At least one digit, nothing but digits, not all zeros.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
}

/// Mod 10 with weights 1 and 2 from the right ("Luhn", ISO/IEC 7812-1 annex B). Expects digits.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let weighted = if place % 2 == 0 { digit } else { digit * 2 };
            weighted / 10 + weighted % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes<T: std::fmt::Debug>(result: Result<T, Vec<FieldError>>) -> Vec<String> {
        result.map_or_else(
            |errors| errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect(),
            |_| Vec::new(),
        )
    }

    #[test]
    fn danish_accounts_are_padded() {
        let account = DanishAccount::parse("00 40", "440.116-243").unwrap();
        assert_eq!((account.registration(), account.account()), ("0040", "0440116243"));
        let wrong = DanishAccount::parse("40", "12345678901").map(|_| ());
        assert_eq!(codes(wrong), ["/registration registration_digits", "/account account_digits"]);
        assert_eq!(
            codes(DanishAccount::parse("0040", "0").map(|_| ())),
            ["/account account_digits"]
        );
    }

    #[test]
    fn swedish_accounts() {
        let account = SwedishAccount::parse("8327-9", "123 456 789").unwrap();
        assert_eq!(account.clearing(), "83279");
        assert_eq!(account.clearing_member(), "8327");
        let code = |clearing, account| codes(SwedishAccount::parse(clearing, account).map(|_| ()));
        assert_eq!(code("6000", "123456789"), [""; 0]);
        assert_eq!(code("83278", "123456789"), ["/clearing clearing_check_digit"]);
        assert_eq!(code("60001", "123456789"), ["/clearing clearing_digits"]);
        assert_eq!(code("0600", "1234"), ["/clearing clearing_digits", "/account account_digits"]);
    }

    #[test]
    fn bankgiro_numbers() {
        assert_eq!(Bankgiro::parse("5050-1055").unwrap().as_str(), "50501055");
        assert_eq!(Bankgiro::parse("991-2346").unwrap().as_str(), "9912346");
        assert_eq!(Bankgiro::parse("5050-1054").unwrap_err().code, "bankgiro_check_digit");
        assert_eq!(Bankgiro::parse("505010").unwrap_err().code, "bankgiro_digits");
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(a in any::<String>(), b in any::<String>()) {
            let _ = DanishAccount::parse(&a, &b);
            let _ = SwedishAccount::parse(&a, &b);
            let _ = Bankgiro::parse(&a);
        }

        /// Exactly one last digit of ten is right, and a single changed digit is found.
        #[test]
        fn one_check_digit_of_ten(number in 100_000u32..10_000_000, place in 0usize..6) {
            let valid: Vec<String> = (0..10)
                .map(|check| format!("{number}{check}"))
                .filter(|text| Bankgiro::parse(text).is_ok())
                .collect();
            prop_assert_eq!(valid.len(), 1);
            let mut changed = valid[0].clone().into_bytes();
            changed[place] = b'0' + (changed[place] - b'0' + 1) % 10;
            prop_assert!(Bankgiro::parse(std::str::from_utf8(&changed).unwrap()).is_err());
        }
    }
}
