use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::invoicing::{
    GiveOwnInvoice, StoredPartnerInvoice, give_own_invoice, own_invoice as find,
};
use tributary_kernel::{FieldError, LocalDate, PartnerInvoiceId, PayoutId, Timestamp};
use tributary_money::Money;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::PayoutPath;
use crate::doc::Doc;
use crate::wire::{Created, MoneyIn, MoneyOut, refuse_if_any};
use crate::{ApiState, Once};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such payout."),
    (409, "invoice_written", "You wrote the invoice of this payout yourself."),
    (409, "wrong_state", "The payout is not sent after all."),
    (422, "invalid", "A field is wrong; `invoice_amount`: it is not of what the payout pays."),
];

pub(super) const GET: Doc = Doc {
    id: "get_partner_invoice",
    tag: "payouts",
    summary: "Get the invoice that a partner wrote for a payout",
    detail: "`invoice` is null until one was given.",
    scope: Some("read"),
    errors: &[(404, "not_found", "You have no such payout.")],
};

pub(super) const POST: Doc = Doc {
    id: "give_partner_invoice",
    tag: "payouts",
    summary: "Match an invoice that a partner wrote with the payout that pays it",
    detail: "Its net amount must be what the payout pays for its lines. VAT on it is kept, but not in \
             the payout: settle it yourself. A further one takes the place of the one before.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// The invoice that a partner wrote for a payout.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PartnerInvoiceOf")]
pub(super) struct Found {
    /// The payout.
    payout: PayoutId,
    /// The invoice.
    invoice: Option<Out>,
}

/// An invoice that a partner wrote.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PartnerInvoice")]
pub(super) struct Out {
    /// Its id here.
    id: PartnerInvoiceId,
    /// The payout that pays it.
    payout: PayoutId,
    /// The partner's number of it.
    number: String,
    /// Day of issue.
    issued_on: LocalDate,
    /// Net of VAT.
    net: MoneyOut,
    /// VAT on it, which is not in the payout.
    vat: MoneyOut,
    /// When it was given.
    given_at: Timestamp,
    /// By whom: a user's or key's id.
    given_by: String,
}

impl From<StoredPartnerInvoice> for Out {
    fn from(it: StoredPartnerInvoice) -> Self {
        Self {
            id: it.id,
            payout: it.payout,
            number: it.number,
            issued_on: it.issued_on,
            net: it.net.into(),
            vat: it.vat.into(),
            given_at: it.given_at,
            given_by: it.given_by,
        }
    }
}

/// An invoice to be matched.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GivePartnerInvoice")]
pub(super) struct Body {
    /// The partner's number of it.
    number: String,
    /// Day of issue.
    issued_on: LocalDate,
    /// Net of VAT.
    net: MoneyIn,
    /// VAT on it; left out: none.
    #[serde(default)]
    vat: Option<MoneyIn>,
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
) -> Result<Json<Found>, Problem> {
    let found = find(state.app(), &caller.actor, path.id).await?;
    Ok(Json(Found { payout: path.id, invoice: found.map(Out::from) }))
}

pub(super) async fn post(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Out>, Problem> {
    let mut errors = Vec::new();
    let net = body.net.read("/net", &mut errors);
    let vat = body.vat.as_ref().map(|vat| vat.read("/vat", &mut errors));
    refuse_if_any(errors)?;
    let net = net.ok_or_else(|| FieldError::new("/net", "required", "Give the amount."))?;
    let vat = vat.flatten().unwrap_or(Money::zero(net.currency));
    let input = GiveOwnInvoice {
        payout: path.id,
        number: body.number,
        issued_on: body.issued_on,
        net,
        vat,
    };
    Ok(Created(give_own_invoice(state.app(), &caller.actor, input).await?.into()))
}
