use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{AssignConversion, assign_conversion};
use tributary_directory::Permission;
use tributary_kernel::PartnershipId;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{ConversionOut, ConversionPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such conversion, or no such partnership in its program."),
    (409, "already_credited", "It is the partner's, and was declined: give an amount instead."),
    (409, "already_returned", "Part of it was given back: give an amount instead."),
    (409, "already_left", "The customer has left: give an amount instead."),
    (409, "partnership_not_active", "The partnership cannot be credited."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "assign_conversion",
    tag: "conversions",
    summary: "Assign a conversion to a partner",
    detail: "Credits it to the partner whatever was clicked, by another decision: what others were \
             promised is taken back, what they were paid they owe back, and the plan says what \
             the partner earns.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// Whose it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssignConversion")]
pub(super) struct Body {
    /// The partnership it is credited to.
    partnership: PartnershipId,
    /// Why, in words, for the audit trail.
    reason: String,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<ConversionOut>, Problem> {
    caller.require(Permission::Decide)?;
    let input = AssignConversion {
        owner: caller.owner,
        conversion: path.id,
        partnership: body.partnership,
        reason: body.reason,
    };
    let done = assign_conversion(state.app(), &caller.actor, &input).await?;
    Ok(Json(ConversionOut::from(&done.conversion)))
}
