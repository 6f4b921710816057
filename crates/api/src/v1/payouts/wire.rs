use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{BankReason, BankReasonClass, PayoutState, StoredPayout, bank_reason};
use tributary_kernel::{PartnerId, PayoutId, PayoutRunId, ProgramId, Timestamp};

use crate::wire::MoneyOut;

/// A payout in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::v1) struct PayoutPath {
    /// The payout's id.
    pub(in crate::v1) id: PayoutId,
}

/// Money sent to one partner.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Payout")]
pub(in crate::v1) struct PayoutOut {
    /// Its id; the reference at the bank is made of it.
    id: PayoutId,
    /// In which run.
    run: PayoutRunId,
    /// Of which program.
    program: ProgramId,
    /// To whom.
    partner: PartnerId,
    /// How much the bank sends: with VAT, without what is withheld; the statement says both.
    amount: MoneyOut,
    /// Where it stands.
    state: PayoutState,
    /// To which account, masked.
    account: String,
    /// When it was approved.
    created_at: Timestamp,
    /// When it was paid.
    paid_at: Option<Timestamp>,
    /// The bank's own reference of the payment, once it told one.
    bank_reference: Option<String>,
    /// Why the bank refused it or sent it back, once it told so.
    bank_reason: Option<BankReasonOut>,
}

/// Why a bank refused a payment or sent it back.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BankReason")]
pub(in crate::v1) struct BankReasonOut {
    /// A code of ISO 20022 like `AC04`; empty when the bank gave none.
    code: String,
    /// What it is about: `account`, `payee`, `funds`, `file`, `regulatory`, `requested`, `other`.
    class: BankReasonClass,
    /// The bank's own words.
    text: Option<String>,
}

impl BankReasonOut {
    pub(in crate::v1) fn of(it: &BankReason) -> Self {
        let text = Some(it.text.join("; ")).filter(|text| !text.is_empty());
        Self { code: it.code.clone(), class: it.class(), text }
    }
}

impl From<&StoredPayout> for PayoutOut {
    fn from(it: &StoredPayout) -> Self {
        Self {
            id: it.id,
            run: it.run,
            program: it.program,
            partner: it.partner,
            amount: it.amount.into(),
            state: it.state,
            account: it.shown.clone(),
            created_at: it.created_at,
            paid_at: it.paid_at,
            bank_reference: it.bank.reference.clone(),
            bank_reason: bank_reason(it).as_ref().map(BankReasonOut::of),
        }
    }
}
