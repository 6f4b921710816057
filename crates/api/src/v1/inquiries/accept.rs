use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::inquiry::{AcceptInquiry, Acceptance, accept_inquiry};
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, FieldError, Refusal, Timestamp};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{InquiryOut, InquiryPath, STEP_ERRORS};
use crate::Once;
use crate::doc::Doc;
use crate::wire::MoneyIn;

pub(super) const DOC: Doc = Doc {
    id: "accept_inquiry",
    tag: "inquiries",
    summary: "Accept an inquiry",
    detail: "The partner was right. Either the conversion is credited to it, whatever was clicked, \
             and what others were promised or paid is taken back; or a sale that was never \
             reported is recorded with the partner named; or the partner gets an amount beside \
             what the plan pays.",
    scope: Some("decide"),
    errors: STEP_ERRORS,
};

/// A yes, and what the partner gets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InquiryAcceptance")]
pub(super) struct Body {
    /// The words, 1 to 4,000 characters; the partner reads them.
    words: String,
    /// The conversion that is credited to the partner.
    #[serde(default)]
    conversion: Option<ConversionId>,
    /// Or an amount beside what the plan pays.
    #[serde(default)]
    amount: Option<MoneyIn>,
    /// Or a sale that was never reported.
    #[serde(default)]
    record: Option<RecordIn>,
}

/// A sale that was never reported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InquirySale")]
struct RecordIn {
    /// `sale`, `lead`, … or the program's own word.
    #[serde(rename = "type")]
    kind: String,
    /// The order, invoice or lead id.
    order_id: String,
    /// When it happened; left out: now.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    /// Gross amount.
    #[serde(default)]
    amount: Option<MoneyIn>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<InquiryPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<InquiryOut>, Problem> {
    caller.require(Permission::Decide)?;
    let mut errors = Vec::new();
    let amount = body.amount.and_then(|it| it.read("/amount", &mut errors));
    let gets = match (body.conversion, amount, body.record) {
        (None, Some(amount), None) => Some(Acceptance::Amount { amount }),
        (Some(conversion), None, None) => Some(Acceptance::Credit { conversion }),
        (None, None, Some(it)) => Some(Acceptance::Record {
            kind: it.kind,
            order_id: it.order_id,
            occurred_at: it.occurred_at,
            amount: it.amount.and_then(|it| it.read("/record/amount", &mut errors)),
        }),
        _ => None,
    };
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors).into());
    }
    let Some(gets) = gets else {
        let detail = "Send a conversion, an amount or a record: one of them.";
        return Err(FieldError::new("/conversion", "required", detail).into());
    };
    let input = AcceptInquiry { inquiry: path.id, gets, words: body.words };
    Ok(Json(accept_inquiry(state.app(), &caller.actor, &input).await?.into()))
}
