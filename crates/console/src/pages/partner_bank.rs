use tributary_kernel::Timestamp;

use super::sample::at;
use crate::page::view;
use crate::parts::{BankState, Choice, Field};
use crate::{Frame, PartnerAccess};

/// A partner's bank details. A change waits for a second look before money goes there.
#[derive(Debug, Clone)]
pub struct PartnerBank {
    /// Where they stand.
    pub state: BankState,
    /// The account in use, masked but for its end.
    pub current: Option<String>,
    /// The account that waits, and since when.
    pub held: Option<(String, Timestamp)>,
    /// Whose account.
    pub holder: Field,
    /// `dk`, `se`, `iban` or `id`.
    pub kind: Field,
    /// Registration, clearing or bank code; not for IBAN.
    pub bank: Field,
    /// Account number or IBAN.
    pub account: Field,
    /// The password or a fresh code, asked before a change.
    pub proof: Field,
}

impl PartnerBank {
    fn kinds(page: &Frame<PartnerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("dk", page.t("bank-kind-dk")),
            Choice::new("se", page.t("bank-kind-se")),
            Choice::new("iban", page.t("bank-kind-iban")),
            Choice::new("id", page.t("bank-kind-id")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let none = Self {
            state: BankState::Missing,
            current: None,
            held: None,
            holder: Field::of("Anna Holm"),
            kind: Field::of("dk"),
            bank: Field::default(),
            account: Field::default(),
            proof: Field::default(),
        };
        let confirmed = Self {
            state: BankState::Confirmed,
            current: Some("•••• •••• •• 0917".to_owned()),
            ..none.clone()
        };
        let held = Self {
            state: BankState::Held,
            held: Some(("•••• •••• •• 4821".to_owned(), at("2026-11-19T20:14:00Z"))),
            ..confirmed.clone()
        };
        let wrong = Self {
            bank: Field::wrong("12", "bank_code"),
            account: Field::wrong("DK50 0040 0440 1162 44", "iban"),
            proof: Field::wrong("", "password_wrong"),
            ..none.clone()
        };
        vec![confirmed, held, none, wrong]
    }
}

view!(PartnerBank, "bank", PartnerAccess, "pages/bank.html", section: PartnerSection::Bank);
