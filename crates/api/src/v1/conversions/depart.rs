use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{DepartCustomer, depart_customer};
use tributary_directory::Permission;
use tributary_kernel::Timestamp;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::refund::AdjustedOut;
use super::wire::ConversionPath;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such conversion."),
    (409, "departure_differs", "This departure id came before with another moment."),
    (409, "already_left", "This customer has left already."),
    (409, "still_held", "A person has to say first whether its click counts."),
    (422, "invalid", "A field is wrong; `errors` names it."),
];

pub(super) const DOC: Doc = Doc {
    id: "depart_customer",
    tag: "conversions",
    summary: "Say that the customer has left",
    detail: "Where the plan takes commission back when a customer leaves early (`clawback`), each \
             commission of this conversion is taken back in part or whole: pending ones are \
             reduced, approved ones reversed, paid ones owed back. Nothing of the conversion's \
             amount is given back. `departure_id` is one fact for ever: sent again, it gets the \
             first answer with `duplicate`.",
    scope: Some("report"),
    errors: ERRORS,
};

/// The customer of a conversion has left.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DepartureInput")]
pub(super) struct Body {
    /// The departure's own id: of the cancellation, for instance.
    departure_id: String,
    /// When the customer left; left out: now.
    #[serde(default)]
    left_at: Option<Timestamp>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AdjustedOut>, Problem> {
    caller.require(Permission::Report)?;
    let input = DepartCustomer {
        conversion: path.id,
        departure_id: body.departure_id,
        left_at: body.left_at,
    };
    let adjusted = depart_customer(state.app(), &caller.actor, input).await?;
    Ok(Json(adjusted.into()))
}
