use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::upload::{DateStyle, DecimalSign, Field, Mapping, map_upload};
use tributary_kernel::FieldError;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{NOT_FOUND, UploadOut, UploadPath};
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::refuse_if_any;

pub(super) const DOC: Doc = Doc {
    id: "map_upload",
    tag: "conversions",
    summary: "Say what a file's columns are",
    detail: "Its rows are looked at again. Your next file of the program with the same header is \
             read in the same way.\n\nColumns can be, of conversions: `order_id` (always), `type`, \
             `occurred_at`, `amount`, `net_amount`, `currency`, `quantity`, `customer_id`, `email` \
             (kept as a keyed hash only), `lead_order_id` (the order or lead id under which the \
             same customer was reported before), `lead_id`, `click_id`, `code`, `via`, \
             `partner`, `company_id`, `company_number` (digits alone are of your own country), \
             `company_domain`, `grade`, `customer_country`, `customer_source`. Of refunds: `order_id`, \
             `type`, `refund_id`, `refund_kind`, `occurred_at`, `amount`, `currency`. Of \
             corrections: `order_id`, `amount` (both always), `type`, `correction_id`, \
             `net_amount`, `currency`. Of departures: `order_id`, `type`, `departure_id`, \
             `left_at`. Of stages: `stage` (always), one or more of `lead_id`, `email`, \
             `company_id`, `company_number` and `company_domain`, which find the lead, and \
             `occurred_at`, `amount` (its value without tax), `currency`, `reason`, `grade`, \
             `order_id` (of a won one, where it is reported by other ways too). Without an id of its own a refund, correction or departure has that of \
             its order: one for each order.",
    scope: Some("report"),
    errors: &[
        NOT_FOUND,
        (409, "upload_settled", "It is recorded or cancelled already."),
        (422, "invalid", "A field or column is not there; `errors` names each."),
    ],
};

/// What the columns are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "UploadMappingInput")]
pub(super) struct Body {
    /// By field the place of its column; the first is 0.
    columns: BTreeMap<String, u32>,
    /// The type of rows without one; usually `sale`.
    #[serde(default, rename = "type")]
    event: Option<String>,
    /// The sign before an amount's fraction.
    decimal: DecimalSign,
    /// How days are written where the year is not first.
    dates: DateStyle,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<UploadOut>, Problem> {
    let mut errors = Vec::new();
    let mut columns = BTreeMap::new();
    for (name, place) in body.columns {
        match name.parse::<Field>() {
            Ok(field) => {
                columns.insert(field, place);
            }
            Err(_) => {
                let detail = "Rows have no such field; see the description of this operation.";
                errors.push(FieldError::new(format!("/columns/{name}"), "field_unknown", detail));
            }
        }
    }
    refuse_if_any(errors)?;
    let event = body.event.unwrap_or_else(|| "sale".to_owned());
    let mapping = Mapping { columns, event, decimal: body.decimal, dates: body.dates };
    let place = (caller.owner, path.id, path.upload);
    let it = map_upload(state.app(), &caller.actor, place, mapping).await?;
    Ok(Json(it.into()))
}
