use std::borrow::Cow;

use tributary_attribution::TouchVerdict;
use tributary_commission::{CreditFacts, TouchFacts};
use tributary_directory::Viewer;
use tributary_kernel::{ConversionId, CouponId, CustomerId, ProgramId, Timestamp};
use tributary_money::Money;
use tributary_payout::statement::masked_reference;
use tributary_store::decision::{ConversionStatus, StoredConversion};

use crate::conversion::DecidedJourney;

/// A conversion as a viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionView {
    /// Its id.
    pub id: ConversionId,
    /// Of which program.
    pub program: ProgramId,
    /// `lead`, `sale`, … or the program's own.
    pub kind: String,
    /// The order or invoice id; to a partner, its last characters.
    pub reference: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was reported.
    pub received_at: Timestamp,
    /// Gross amount.
    pub amount: Money,
    /// Net amount, when told.
    pub net_amount: Option<Money>,
    /// Gross given back so far.
    pub returned: Money,
    /// Items.
    pub quantity: u32,
    /// Where it stands.
    pub status: ConversionStatus,
    /// The code it was reported with.
    pub coupon: Option<CouponId>,
    /// Who bought; for the owner only.
    pub customer: Option<CustomerId>,
    /// Whether it was reported in test mode.
    pub test: bool,
}

impl ConversionView {
    /// The conversion as `viewer` may see it.
    #[must_use]
    pub fn of(it: &StoredConversion, viewer: Viewer) -> Self {
        let currency = it.amount.currency;
        let (reference, customer) = match viewer {
            Viewer::Owner(_) => (it.business_key.clone(), it.customer),
            Viewer::Partner(_) => (masked_reference(&it.business_key), None),
        };
        Self {
            id: it.id,
            program: it.program,
            kind: it.kind.clone(),
            reference,
            occurred_at: it.occurred_at,
            received_at: it.received_at,
            amount: it.amount,
            net_amount: it.net_amount.map(|net| Money::new(net, currency)),
            returned: Money::new(it.returned_amount, currency),
            quantity: it.quantity,
            status: it.status,
            coupon: it.coupon,
            customer,
            test: it.test,
        }
    }
}

/// A decided journey as the plain data that explanations are made of.
pub(crate) fn credit_facts(decided: &DecidedJourney) -> CreditFacts {
    let touches = decided.journey.touches().iter().zip(&decided.attribution.verdicts);
    CreditFacts {
        model: Cow::Borrowed(decided.attribution.model.as_str()),
        touches: touches
            .map(|(touch, verdict)| {
                let (age_days, window_days) = match verdict {
                    TouchVerdict::OutsideWindow { age_days, window_days } => {
                        (Some(*age_days), Some(*window_days))
                    }
                    _ => (None, None),
                };
                TouchFacts {
                    touch: Some(touch.touch.to_string()),
                    at: touch.at,
                    channel: Cow::Owned(touch.channel.as_str().to_owned()),
                    partnership: touch.promoter.as_ref().map(|it| it.partnership),
                    proof: Cow::Borrowed(touch.proof.as_str()),
                    verdict: Cow::Borrowed(verdict.code()),
                    share: verdict.share(),
                    winner: verdict.winner(),
                    age_days,
                    window_days,
                    other_person: touch.person.is_some(),
                    person: touch.person,
                }
            })
            .collect(),
        left_out: decided.journey.left_out(),
    }
}
