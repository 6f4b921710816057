use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{PayoutState, StoredPayout};
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
    /// How much.
    amount: MoneyOut,
    /// Where it stands.
    state: PayoutState,
    /// To which account, masked.
    account: String,
    /// When it was approved.
    created_at: Timestamp,
    /// When it was paid.
    paid_at: Option<Timestamp>,
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
        }
    }
}
