use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::inquiry::{InquiryKind, OpenInquiry, Subject, open_inquiry};
use tributary_directory::Permission;
use tributary_kernel::{CommissionId, ConversionId, FieldError, PartnershipId};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::InquiryOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::{Created, MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such partnership, conversion or commission of it."),
    (409, "inquiry_exists", "The same is asked about already."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "open_inquiry",
    tag: "inquiries",
    summary: "Open an inquiry for a partner",
    detail: "For a question that came elsewhere: by mail, by telephone, in a portal of yours. \
             Partners themselves ask on their pages. It is to be answered within 14 days.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// A question about money.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InquiryInput")]
pub(super) struct Body {
    /// Which partnership asks.
    partnership: PartnershipId,
    /// What is asked about.
    kind: InquiryKind,
    /// The order: this, the conversion or the commission.
    #[serde(default)]
    order_id: Option<String>,
    /// The conversion.
    #[serde(default)]
    conversion: Option<ConversionId>,
    /// The partner's commission.
    #[serde(default)]
    commission: Option<CommissionId>,
    /// What the partner says it is owed.
    #[serde(default)]
    claimed: Option<MoneyIn>,
    /// What the partner has to show: at most 20 lines of 500 characters.
    #[serde(default)]
    evidence: Vec<String>,
    /// The question, 1 to 4,000 characters.
    words: String,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<InquiryOut>, Problem> {
    caller.require(Permission::Decide)?;
    let mut errors = Vec::new();
    let claimed = body.claimed.and_then(|it| it.read("/claimed", &mut errors));
    refuse_if_any(errors)?;
    let subject = match (body.order_id, body.conversion, body.commission) {
        (Some(order), None, None) => Subject::Order(order),
        (None, Some(conversion), None) => Subject::Conversion(conversion),
        (None, None, Some(commission)) => Subject::Commission(commission),
        _ => {
            let detail = "Send an order_id, a conversion or a commission: one of them.";
            return Err(FieldError::new("/order_id", "required", detail).into());
        }
    };
    let input = OpenInquiry {
        partnership: body.partnership,
        subject,
        kind: body.kind,
        claimed,
        evidence: body.evidence,
        words: body.words,
    };
    Ok(Created(open_inquiry(state.app(), &caller.actor, &input).await?.into()))
}
