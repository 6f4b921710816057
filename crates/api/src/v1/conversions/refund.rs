use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::conversion::AdjustmentKind;
use tributary_app::conversion::{Adjusted, RefundConversion, refund_conversion};
use tributary_directory::Permission;
use tributary_kernel::{AdjustmentId, Timestamp, text_enum};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{ConversionOut, ConversionPath};
use crate::Once;
use crate::doc::Doc;
use crate::v1::commissions::wire::CommissionOut;
use crate::wire::{MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such conversion."),
    (409, "refund_differs", "This refund id came before with another amount or kind."),
    (409, "already_returned", "All of it was given back already."),
    (422, "invalid", "A field is wrong, or more than is left; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "refund_conversion",
    tag: "conversions",
    summary: "Give money back",
    detail: "Part or all of a conversion, and of its commissions in proportion: pending ones are \
             reduced, approved ones reversed, paid ones owed back. `refund_id` is one fact for \
             ever: sent again, it gets the first answer with `duplicate`.",
    scope: Some("report"),
    errors: ERRORS,
};

text_enum! {
    /// What took the money back.
    pub(super) enum RefundKind {
        /// You gave it back.
        Refund = "refund",
        /// The customer's bank took it back.
        Chargeback = "chargeback",
    }
}

/// Money given back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RefundInput")]
pub(super) struct Body {
    /// The refund's own id.
    refund_id: String,
    /// How much, gross; left out: all that is left.
    #[serde(default)]
    amount: Option<MoneyIn>,
    /// Usually `refund`.
    #[serde(default)]
    kind: Option<RefundKind>,
    /// When it happened; left out: now.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
}

/// What a refund or correction did.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Adjusted")]
pub(super) struct AdjustedOut {
    /// The refund's or correction's own id here.
    adjustment: AdjustmentId,
    /// Whether the same came before and nothing was done.
    duplicate: bool,
    /// The conversion as it is now.
    conversion: ConversionOut,
    /// Its commissions as they are now.
    commissions: Vec<CommissionOut>,
}

impl From<Adjusted> for AdjustedOut {
    fn from(it: Adjusted) -> Self {
        Self {
            adjustment: it.adjustment,
            duplicate: it.duplicate,
            conversion: ConversionOut::from(&it.conversion),
            commissions: it.commissions.iter().map(CommissionOut::from).collect(),
        }
    }
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AdjustedOut>, Problem> {
    caller.require(Permission::Report)?;
    let mut errors = Vec::new();
    let amount = body.amount.and_then(|it| it.read("/amount", &mut errors));
    refuse_if_any(errors)?;
    let kind = match body.kind {
        Some(RefundKind::Chargeback) => AdjustmentKind::Chargeback,
        Some(RefundKind::Refund) | None => AdjustmentKind::Refund,
    };
    let input = RefundConversion {
        conversion: path.id,
        refund_id: body.refund_id,
        amount,
        kind,
        occurred_at: body.occurred_at,
    };
    let adjusted = refund_conversion(state.app(), &caller.actor, input).await?;
    Ok(Json(adjusted.into()))
}
