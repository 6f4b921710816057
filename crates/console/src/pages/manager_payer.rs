use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// The account that a program's payouts leave from.
#[derive(Debug, Clone)]
pub struct SettingsPayer {
    /// Currency of the program.
    pub currency: &'static str,
    /// Whether bank files pay this currency; otherwise payouts are made by hand.
    pub has_bank_file: bool,
    /// Holder and account in use, masked but for its end.
    pub current: Option<String>,
    /// The account.
    pub account: BankFields,
    /// The bank, where it asks to be named.
    pub bic: Field,
    /// The organisation's number at its bank.
    pub number_at_bank: Field,
}

/// The fields of a bank account, as forms of both sides have them.
#[derive(Debug, Clone, Default)]
pub struct BankFields {
    /// `dk`, `se`, `bankgiro` or `iban`.
    pub kind: Field,
    /// Registration or clearing number; not for IBAN and bankgiro.
    pub bank: Field,
    /// Account number, bankgiro number or IBAN.
    pub account: Field,
    /// Whose account.
    pub holder: Field,
    /// Street and number.
    pub street: Field,
    /// Post code.
    pub post_code: Field,
    /// Town.
    pub town: Field,
    /// The country's two letters.
    pub country: Field,
}

impl BankFields {
    /// Kinds to choose from.
    pub(crate) fn kinds<A>(page: &Frame<A>) -> Vec<Choice> {
        vec![
            Choice::new("dk", page.t("bank-kind-dk")),
            Choice::new("se", page.t("bank-kind-se")),
            Choice::new("bankgiro", page.t("bank-kind-bankgiro")),
            Choice::new("iban", page.t("bank-kind-iban")),
        ]
    }

    pub(super) fn sample(holder: &str) -> Self {
        Self {
            kind: Field::of("dk"),
            holder: Field::of(holder),
            country: Field::of("DK"),
            ..Self::default()
        }
    }

    pub(super) fn sample_wrong(holder: &str) -> Self {
        Self {
            bank: Field::wrong("12", "bank_code"),
            account: Field::wrong("DK50 0040 0440 1162 44", "iban"),
            town: Field::wrong("", "required"),
            ..Self::sample(holder)
        }
    }
}

impl SettingsPayer {
    fn sample_views() -> Vec<Self> {
        let some = Self {
            currency: "DKK",
            has_bank_file: true,
            current: Some("Nordlys ApS, •••• 7730".to_owned()),
            account: BankFields::sample("Nordlys ApS"),
            bic: Field::default(),
            number_at_bank: Field::default(),
        };
        let wrong = Self {
            current: None,
            account: BankFields::sample_wrong("Nordlys ApS"),
            bic: Field::wrong("X", "malformed"),
            ..some.clone()
        };
        let by_hand = Self { currency: "IDR", has_bank_file: false, current: None, ..some.clone() };
        vec![some, wrong, by_hand]
    }
}

view!(SettingsPayer, "settings-account", ManagerAccess, "pages/settings_account.html", section: ManagerSection::Settings);
