//! Where a payout goes: bank details, checked when they are entered.

mod domestic;
mod iban;

use std::fmt;
use std::str::FromStr;

use tributary_kernel::FieldError;
use tributary_money::Currency;

pub use domestic::{Bankgiro, DanishAccount, SwedishAccount};
pub use iban::{Bic, Iban};

/// Longest number that is looked at; beyond it the text is no account number.
const DIGITS_NAME_LIMIT: usize = 34;

/// An account that can be paid. Its canonical text (`Display`, `FromStr`) is what is stored,
/// encrypted, and what two versions are compared by: `iban:DK5000400440116243`,
/// `iban:DK5000400440116243:NDEADKKK`, `dk:0040:0440116243`, `se:83279:123456789`,
/// `bankgiro:50501055`. `Debug` shows the masked form, so that no log carries a number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BankAccount {
    /// An international number, in any country that has them.
    Iban {
        /// The number.
        iban: Iban,
        /// The bank, where the payee knows it. Not needed inside SEPA.
        bic: Option<Bic>,
    },
    /// Registration and account number in Denmark.
    Danish(DanishAccount),
    /// Clearing and account number in Sweden.
    Swedish(SwedishAccount),
    /// A bankgiro number in Sweden.
    SwedishBankgiro(Bankgiro),
}

impl BankAccount {
    /// An IBAN and, if not blank, a BIC. Pointers are `/iban` and `/bic`.
    ///
    /// # Errors
    /// One per wrong field, see [`Iban::parse`] and [`Bic::parse`].
    pub fn iban(iban: &str, bic: Option<&str>) -> Result<Self, Vec<FieldError>> {
        let bic = bic.filter(|text| !text.trim().is_empty()).map(Bic::parse).transpose();
        match (Iban::parse(iban), bic) {
            (Ok(iban), Ok(bic)) => Ok(Self::Iban { iban, bic }),
            (iban, bic) => Err(iban.err().into_iter().chain(bic.err()).collect()),
        }
    }

    /// A Danish account. Pointers are `/registration` and `/account`.
    ///
    /// # Errors
    /// One per wrong field, see [`DanishAccount::parse`].
    pub fn danish(registration: &str, account: &str) -> Result<Self, Vec<FieldError>> {
        DanishAccount::parse(registration, account).map(Self::Danish)
    }

    /// A Swedish account. Pointers are `/clearing` and `/account`.
    ///
    /// # Errors
    /// One per wrong field, see [`SwedishAccount::parse`].
    pub fn swedish(clearing: &str, account: &str) -> Result<Self, Vec<FieldError>> {
        SwedishAccount::parse(clearing, account).map(Self::Swedish)
    }

    /// A bankgiro number. The pointer is `/bankgiro`.
    ///
    /// # Errors
    /// See [`Bankgiro::parse`].
    pub fn bankgiro(number: &str) -> Result<Self, Vec<FieldError>> {
        Bankgiro::parse(number).map(Self::SwedishBankgiro).map_err(|error| vec![error])
    }

    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> AccountKind {
        match self {
            Self::Iban { .. } => AccountKind::Iban,
            Self::Danish(_) => AccountKind::Danish,
            Self::Swedish(_) => AccountKind::Swedish,
            Self::SwedishBankgiro(_) => AccountKind::SwedishBankgiro,
        }
    }

    /// Whether a bank file of ours can pay `currency` to it: euro to an IBAN in SEPA, Danish
    /// kroner to a Danish account or a Danish IBAN, Swedish kronor to a Swedish account, bankgiro
    /// or Swedish IBAN. Anything else needs another rail.
    #[must_use]
    pub fn can_receive(&self, currency: Currency) -> bool {
        match self {
            Self::Iban { iban, .. } => {
                (currency == Currency::EUR && iban.is_sepa())
                    || (currency == Currency::DKK && iban.country() == "DK")
                    || (currency == Currency::SEK && iban.country() == "SE")
            }
            Self::Danish(_) => currency == Currency::DKK,
            Self::Swedish(_) | Self::SwedishBankgiro(_) => currency == Currency::SEK,
        }
    }

    /// For pages that anybody but the account's holder sees, and for logs: at most the last four
    /// characters, and what names bank or country.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Iban { iban, .. } => iban.masked(),
            Self::Danish(account) => account.masked(),
            Self::Swedish(account) => account.masked(),
            Self::SwedishBankgiro(number) => number.masked(),
        }
    }

    /// For the holder and for who pays: the whole number, grouped as people write it.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Iban { iban, bic: None } => iban.grouped(),
            Self::Iban { iban, bic: Some(bic) } => format!("{} ({})", iban.grouped(), bic.as_str()),
            Self::Danish(account) => format!("{} {}", account.registration(), account.account()),
            Self::Swedish(account) => match account.clearing().split_at(4) {
                (bank, "") => format!("{bank}, {}", account.account()),
                (bank, fifth) => format!("{bank}-{fifth}, {}", account.account()),
            },
            Self::SwedishBankgiro(number) => {
                let (head, rest) = number.as_str().split_at(number.as_str().len() - 4);
                format!("{head}-{rest}")
            }
        }
    }
}

tributary_kernel::text_enum! {
    /// The kinds of account, as forms and the API name them.
    pub enum AccountKind {
        /// An international number.
        Iban = "iban",
        /// Registration and account number.
        Danish = "dk",
        /// Clearing and account number.
        Swedish = "se",
        /// A bankgiro number.
        SwedishBankgiro = "bankgiro",
    }
}

/// Hides all but the last four characters; of a short number only half is shown.
fn tail(number: &str) -> String {
    let shown = (number.len() / 2).min(4);
    format!("•••• {}", &number[number.len() - shown..])
}

/// No log carries a number: `Debug` is the masked form.
macro_rules! masked_debug {
    ($($account:ident)*) => {$(
        impl fmt::Debug for $account {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($account), self.masked())
            }
        }
    )*};
}
masked_debug!(Iban DanishAccount SwedishAccount Bankgiro BankAccount);

/// What people put between digits is dropped; everything else stays, for the check to find.
fn strip_separators(text: &str) -> String {
    const SEPARATORS: &[char] =
        &['.', '-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'];
    text.chars().filter(|c| !c.is_whitespace() && !SEPARATORS.contains(c)).collect()
}

impl fmt::Display for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Iban { iban, bic: None } => write!(f, "{kind}:{}", iban.as_str()),
            Self::Iban { iban, bic: Some(bic) } => {
                write!(f, "{kind}:{}:{}", iban.as_str(), bic.as_str())
            }
            Self::Danish(account) => {
                write!(f, "{kind}:{}:{}", account.registration(), account.account())
            }
            Self::Swedish(account) => {
                write!(f, "{kind}:{}:{}", account.clearing(), account.account())
            }
            Self::SwedishBankgiro(number) => write!(f, "{kind}:{}", number.as_str()),
        }
    }
}

/// A stored text that is not the canonical text of an account: a fault of storage, not of a user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical text of a bank account")]
pub struct NotAnAccount;

impl FromStr for BankAccount {
    type Err = NotAnAccount;

    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let mut parts = text.split(':');
        let kind: AccountKind =
            parts.next().and_then(|kind| kind.parse().ok()).ok_or(NotAnAccount)?;
        let first = parts.next().ok_or(NotAnAccount)?;
        let second = parts.next();
        let account = match (kind, second) {
            (AccountKind::Iban, bic) => Self::iban(first, bic),
            (AccountKind::Danish, Some(account)) => Self::danish(first, account),
            (AccountKind::Swedish, Some(account)) => Self::swedish(first, account),
            (AccountKind::SwedishBankgiro, None) => Self::bankgiro(first),
            _ => return Err(NotAnAccount),
        };
        let account = account.map_err(|_| NotAnAccount)?;
        if account.to_string() == text { Ok(account) } else { Err(NotAnAccount) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<BankAccount> {
        vec![
            BankAccount::iban("DK50 0040 0440 1162 43", None).unwrap(),
            BankAccount::iban("SE45 5000 0000 0583 9825 7466", Some("esse se ss")).unwrap(),
            BankAccount::danish("0040", "440116243").unwrap(),
            BankAccount::swedish("83279", "123456789").unwrap(),
            BankAccount::swedish("6000", "12345").unwrap(),
            BankAccount::bankgiro("991-2346").unwrap(),
        ]
    }

    #[test]
    fn texts_of_accounts() {
        let lines: Vec<String> = all()
            .iter()
            .map(|a| format!("{a} | {} | {} | {a:?}", a.written(), a.masked()))
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn canonical_text_round_trips_and_nothing_else_is_read() {
        for account in all() {
            assert_eq!(account.to_string().parse(), Ok(account));
        }
        for text in [
            "",
            "iban",
            "dk:0040",
            "dk:40:0440116243",
            "dk:0040:440116243",
            "iban:dk5000400440116243",
            "bankgiro:9912346:",
            "se:6000:12345:6",
        ] {
            assert_eq!(text.parse::<BankAccount>(), Err(NotAnAccount), "{text}");
        }
    }

    #[test]
    fn both_fields_of_a_form_are_told_at_once() {
        let errors = BankAccount::iban("DK00", Some("x")).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_ref()).collect();
        assert_eq!(pointers, ["/iban", "/bic"]);
        assert_eq!(BankAccount::iban("DK5000400440116243", Some("  ")).map(|_| ()), Ok(()));
    }

    #[test]
    fn currencies_that_each_can_receive() {
        let table: Vec<String> = all()
            .iter()
            .map(|account| {
                let currencies = [Currency::EUR, Currency::DKK, Currency::SEK, Currency::NOK];
                let able = currencies.iter().filter(|c| account.can_receive(**c));
                format!("{account}: {}", able.map(|c| c.code()).collect::<Vec<_>>().join(" "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"));
        let faroese = BankAccount::iban("FO62 6460 0001 6316 34", None).unwrap();
        assert!(!faroese.can_receive(Currency::EUR), "an IBAN outside SEPA");
    }
}
