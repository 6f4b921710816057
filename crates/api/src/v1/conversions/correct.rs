use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{CorrectConversion, correct_conversion};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::refund::AdjustedOut;
use super::wire::ConversionPath;
use crate::Once;
use crate::doc::Doc;
use crate::wire::{MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such conversion."),
    (409, "correction_differs", "This correction id came before with another content."),
    (409, "already_returned", "Part of it was given back; its amount can no longer change."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "correct_conversion",
    tag: "conversions",
    summary: "Put an amount right",
    detail: "What was booked is taken back, and what the right amount earns under the same plan, \
             credits and counters is booked anew. `correction_id` is one fact for ever.",
    scope: Some("report"),
    errors: ERRORS,
};

/// The right amounts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CorrectionInput")]
pub(super) struct Body {
    /// The correction's own id.
    correction_id: String,
    /// The right gross amount.
    amount: MoneyIn,
    /// The right net amount.
    #[serde(default)]
    net_amount: Option<MoneyIn>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AdjustedOut>, Problem> {
    caller.require(Permission::Report)?;
    let mut errors = Vec::new();
    let amount = body.amount.read("/amount", &mut errors);
    let net_amount = body.net_amount.and_then(|it| it.read("/net_amount", &mut errors));
    refuse_if_any(errors)?;
    let Some(amount) = amount else { unreachable!("an amount that is not read is a mistake") };
    let input = CorrectConversion {
        conversion: path.id,
        correction_id: body.correction_id,
        amount,
        net_amount,
    };
    let adjusted = correct_conversion(state.app(), &caller.actor, input).await?;
    Ok(Json(adjusted.into()))
}
