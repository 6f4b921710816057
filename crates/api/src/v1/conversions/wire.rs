use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::conversion::ReportConversion;
use tributary_app::conversion::{ConversionStatus, StoredConversion};
use tributary_kernel::{
    ConversionId, CustomerId, FieldError, PartnerId, ProgramId, Refusal, Timestamp,
};
use tributary_money::Money;
use tributary_web::Problem;

use crate::wire::{MoneyIn, MoneyOut};

/// A conversion in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct ConversionPath {
    /// The conversion's id.
    pub(crate) id: ConversionId,
}

/// A conversion as it is reported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ConversionInput")]
pub(crate) struct ConversionIn {
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, `signup`, `trial`, `demo`, `renewal`, … or the program's own word.
    #[serde(rename = "type")]
    #[schemars(example = &"sale")]
    kind: String,
    /// The order, invoice or lead id: one fact for ever, whatever reports it.
    order_id: String,
    /// When it happened; left out: now. A date that is not plausible waits in quarantine.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    /// Gross amount.
    #[serde(default)]
    amount: Option<MoneyIn>,
    /// Net of tax, shipping and discount.
    #[serde(default)]
    net_amount: Option<MoneyIn>,
    /// Items; left out: one.
    #[serde(default)]
    quantity: Option<u32>,
    /// The click it followed: the value of the `trib` parameter or `_trib` cookie.
    #[serde(default)]
    click_id: Option<String>,
    /// The partner's code that was used.
    #[serde(default)]
    code: Option<String>,
    /// Your own id of the customer; no mail address.
    #[serde(default)]
    customer_id: Option<String>,
    /// The partner, when you know it.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// The partner's referral code, when you know that.
    #[serde(default)]
    via: Option<String>,
    /// This delivery's own key, in place of the header `Idempotency-Key`.
    #[serde(default)]
    idempotency_key: Option<String>,
}

impl ConversionIn {
    /// For the use case. `delivery_key` is the header's, for an item without its own.
    pub(super) fn read(self, delivery_key: Option<String>) -> Result<ReportConversion, Problem> {
        let mut errors: Vec<FieldError> = Vec::new();
        let amount = self.amount.and_then(|it| it.read("/amount", &mut errors));
        let net_amount = self.net_amount.and_then(|it| it.read("/net_amount", &mut errors));
        if !errors.is_empty() {
            return Err(Refusal::invalid(errors).into());
        }
        Ok(ReportConversion {
            program: Some(self.program),
            kind: self.kind,
            order_id: self.order_id,
            occurred_at: self.occurred_at,
            amount,
            net_amount,
            quantity: self.quantity,
            click_id: self.click_id,
            code: self.code,
            customer_id: self.customer_id,
            partner: self.partner,
            via: self.via,
            delivery_key: self.idempotency_key.or(delivery_key),
        })
    }
}

/// A reported result.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Conversion")]
pub(crate) struct ConversionOut {
    /// Its id.
    id: ConversionId,
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, … or the program's own word.
    #[serde(rename = "type")]
    kind: String,
    /// The order, invoice or lead id.
    order_id: String,
    /// Where it stands.
    status: ConversionStatus,
    /// When it happened.
    occurred_at: Timestamp,
    /// When it was reported.
    received_at: Timestamp,
    /// Gross amount.
    amount: MoneyOut,
    /// Net amount, when it was told.
    net_amount: Option<MoneyOut>,
    /// Gross given back so far.
    returned_amount: MoneyOut,
    /// Items.
    quantity: u32,
    /// Who bought; opaque.
    customer: Option<CustomerId>,
    /// Whether it was reported in test mode.
    test: bool,
}

impl From<&StoredConversion> for ConversionOut {
    fn from(it: &StoredConversion) -> Self {
        let money = |minor| MoneyOut::from(Money::new(minor, it.amount.currency));
        Self {
            id: it.id,
            program: it.program,
            kind: it.kind.clone(),
            order_id: it.business_key.clone(),
            status: it.status,
            occurred_at: it.occurred_at,
            received_at: it.received_at,
            amount: it.amount.into(),
            net_amount: it.net_amount.map(money),
            returned_amount: money(it.returned_amount),
            quantity: it.quantity,
            customer: it.customer,
            test: it.test,
        }
    }
}
