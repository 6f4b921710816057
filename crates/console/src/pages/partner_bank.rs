use tributary_kernel::Timestamp;

use super::manager_payer::BankFields;
use super::sample::at;
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::{BankState, Field};

/// How somebody shows, before their bank details change, that it is them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// By their password.
    Password,
    /// By a code that is mailed to them when they save.
    MailLater,
    /// By the code that has just been mailed; the token names it.
    Code {
        /// Names the code.
        token: String,
    },
}

/// A partner's bank details. A change waits for a second look before money goes there.
#[derive(Debug, Clone)]
pub struct PartnerBank {
    /// Where they stand.
    pub state: BankState,
    /// The account in use, masked but for its end.
    pub current: Option<String>,
    /// The account that waits, and since when.
    pub held: Option<(String, Timestamp)>,
    /// The new account.
    pub account: BankFields,
    /// How a change is proved.
    pub proof_by: Proof,
    /// The password or code.
    pub proof: Field,
}

impl PartnerBank {
    fn sample_views() -> Vec<Self> {
        let none = Self {
            state: BankState::Missing,
            current: None,
            held: None,
            account: BankFields::sample("Anna Holm"),
            proof_by: Proof::Password,
            proof: Field::default(),
        };
        let confirmed = Self {
            state: BankState::Confirmed,
            current: Some("•••• •••• •• 0917".to_owned()),
            proof_by: Proof::MailLater,
            ..none.clone()
        };
        let held = Self {
            state: BankState::Held,
            held: Some(("•••• •••• •• 4821".to_owned(), at("2026-11-19T20:14:00Z"))),
            ..confirmed.clone()
        };
        let wrong = Self {
            account: BankFields::sample_wrong("Anna Holm"),
            proof: Field::wrong("", "password_wrong"),
            ..none.clone()
        };
        let code = Self {
            proof_by: Proof::Code { token: "sample-token".to_owned() },
            proof: Field::wrong("204818", "code_wrong"),
            ..none.clone()
        };
        vec![confirmed, held, none, wrong, code]
    }
}

view!(PartnerBank, "bank", PartnerAccess, "pages/bank.html", section: PartnerSection::Bank);
