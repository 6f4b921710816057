use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::life::{CommissionState, StoredCommission};
use tributary_kernel::{
    CommissionId, ConversionId, LinkId, PartnerId, PartnershipId, PayoutId, PlanId, ProgramId,
    Timestamp,
};
use tributary_money::Money;

use crate::wire::MoneyOut;

/// A commission in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct CommissionPath {
    /// The commission's id.
    pub(crate) id: CommissionId,
}

/// Money owed under a rule.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Commission")]
pub(crate) struct CommissionOut {
    /// Its id.
    id: CommissionId,
    /// For which conversion.
    conversion: ConversionId,
    /// In which program.
    program: ProgramId,
    /// To which partnership.
    partnership: PartnershipId,
    /// To which partner.
    partner: PartnerId,
    /// Through which link.
    link: Option<LinkId>,
    /// Under which version of the plan.
    plan: PlanId,
    /// Under which of its rules.
    rule: String,
    /// Where it stands.
    state: CommissionState,
    /// As it was booked.
    amount: MoneyOut,
    /// What is left of that.
    remaining: MoneyOut,
    /// When its hold ends.
    due_at: Timestamp,
    /// When the conversion occurred.
    occurred_at: Timestamp,
    /// When it was booked.
    created_at: Timestamp,
    /// Code of the decline or reversal.
    reason: Option<String>,
    /// The payout it is in.
    payout: Option<PayoutId>,
    /// Whether it is test money, never payable.
    test: bool,
}

impl From<&StoredCommission> for CommissionOut {
    fn from(it: &StoredCommission) -> Self {
        Self {
            id: it.id,
            conversion: it.conversion,
            program: it.program,
            partnership: it.partnership,
            partner: it.partner,
            link: it.link,
            plan: it.plan,
            rule: it.rule.clone(),
            state: it.state,
            amount: it.amount.into(),
            remaining: Money::new(it.remaining(), it.amount.currency).into(),
            due_at: it.due_at,
            occurred_at: it.occurred_at,
            created_at: it.created_at,
            reason: it.reason.clone(),
            payout: it.payout,
            test: it.test,
        }
    }
}
