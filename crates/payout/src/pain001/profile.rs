//! What one bank (or one country's banks) expects of a payment file, as data. The three constants
//! are written from the schemes' common usage, not from one bank's test report: a bank that wants
//! something else gets a profile of its own, made by changing the field concerned. Before the
//! first real file of a program, send one to the bank's validation service.

use tributary_money::Currency;

/// ISO 20022 `ChrgBr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeBearer {
    /// `SLEV`: as the scheme rules; the only one inside SEPA.
    ServiceLevel,
    /// `SHAR`: each side pays its own bank.
    Shared,
}

impl ChargeBearer {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::ServiceLevel => "SLEV",
            Self::Shared => "SHAR",
        }
    }
}

/// How a Swedish clearing and account number become one identification of scheme `BBAN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwedishBban {
    /// Four clearing digits, then the account number. A fifth clearing digit is left out, as
    /// Bankgirot's formats do.
    ClearingAndAccount,
    /// The account number alone, the clearing number standing with the bank; a fifth clearing
    /// digit goes before the account number.
    AccountOnly,
}

/// What a bank expects. All text limits are in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankProfile {
    /// Stable name, for settings and for the record of a file.
    pub name: &'static str,
    /// The one currency of its files.
    pub currency: Currency,
    /// `SvcLvl/Cd`: `SEPA`, or `NURG` for an ordinary domestic transfer.
    pub service_level: &'static str,
    /// `CtgyPurp/Cd`, where the bank sorts payments by it.
    pub category_purpose: Option<&'static str>,
    /// `ChrgBr`.
    pub charge_bearer: ChargeBearer,
    /// Scheme code under `InitgPty/Id/OrgId/Othr` for the payer's number at the bank, when the
    /// payer has one: `CUST` for a customer number, `BANK` for one that the bank gave.
    pub initiator_scheme: &'static str,
    /// Longest `Nm` the bank takes without cutting it.
    pub name_chars_max: usize,
    /// Longest `RmtInf/Ustrd`; what reaches the payee's statement may be shorter.
    pub remittance_chars_max: usize,
    /// Largest single payment, in minor units.
    pub payment_minor_max: i64,
    /// How Swedish accounts are written.
    pub swedish_bban: SwedishBban,
}

/// Euro credit transfers by the SEPA rulebook: IBAN, no BIC needed, charges by service level,
/// names up to 70 and messages up to 140 characters, at most 999 999 999.99 a payment.
pub const SEPA_EURO: BankProfile = BankProfile {
    name: "sepa_euro",
    currency: Currency::EUR,
    service_level: "SEPA",
    category_purpose: None,
    charge_bearer: ChargeBearer::ServiceLevel,
    initiator_scheme: "CUST",
    name_chars_max: 70,
    remittance_chars_max: 140,
    payment_minor_max: 99_999_999_999,
    swedish_bban: SwedishBban::ClearingAndAccount,
};

/// Danish kroner between Danish accounts, as an ordinary transfer with a message on the
/// statement: registration number (4) and account number (10) as one `BBAN` of 14 digits, without
/// a `CdtrAgt`, as the registration number names the bank. Assumed: the Danish banks' common
/// guideline (service level `NURG`, shared charges). Banks show as little as the first 20
/// characters of the message to the payee, so the payout's reference stands first.
pub const DANISH_DOMESTIC: BankProfile = BankProfile {
    name: "danish_domestic",
    currency: Currency::DKK,
    service_level: "NURG",
    category_purpose: None,
    charge_bearer: ChargeBearer::Shared,
    initiator_scheme: "CUST",
    name_chars_max: 70,
    remittance_chars_max: 140,
    payment_minor_max: 99_999_999_999,
    swedish_bban: SwedishBban::ClearingAndAccount,
};

/// Swedish kronor inside Sweden, as supplier payments: accounts as `BBAN` (clearing and account
/// number) with the clearing number as member of `SESBA`; bankgiro numbers under the proprietary
/// scheme `BGNR` through member 9900 (Bankgirot). Assumed: the Swedish banks' common
/// interpretation (service level `NURG`, category `SUPP`, shared charges, the payer's organisation
/// number under `BANK`). Account transfers may show only 12 characters of the message.
pub const SWEDISH_DOMESTIC: BankProfile = BankProfile {
    name: "swedish_domestic",
    currency: Currency::SEK,
    service_level: "NURG",
    category_purpose: Some("SUPP"),
    charge_bearer: ChargeBearer::Shared,
    initiator_scheme: "BANK",
    name_chars_max: 70,
    remittance_chars_max: 140,
    payment_minor_max: 99_999_999_999,
    swedish_bban: SwedishBban::ClearingAndAccount,
};

/// The profiles there are.
pub const PROFILES: &[BankProfile] = &[SEPA_EURO, DANISH_DOMESTIC, SWEDISH_DOMESTIC];

/// The profile that pays a currency, if any does.
#[must_use]
pub fn profile_for(currency: Currency) -> Option<&'static BankProfile> {
    PROFILES.iter().find(|profile| profile.currency == currency)
}

/// The profile of a stored name.
#[must_use]
pub fn profile_named(name: &str) -> Option<&'static BankProfile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
