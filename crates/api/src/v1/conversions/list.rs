use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{ConversionFilter, ConversionStatus, list_conversions};
use tributary_kernel::{PartnerId, ProgramId, Timestamp};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::ConversionOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_conversions",
    tag: "conversions",
    summary: "List conversions",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which conversions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Credited to one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one status.
    #[serde(default)]
    status: Option<ConversionStatus>,
    /// Of one type.
    #[serde(default, rename = "type")]
    kind: Option<String>,
    /// With this order id.
    #[serde(default)]
    order_id: Option<String>,
    /// Occurred at or after.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Occurred before.
    #[serde(default)]
    until: Option<Timestamp>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<ConversionOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter = ConversionFilter {
        program: query.program,
        partner: query.partner,
        status: query.status,
        kind: query.kind,
        business_key: query.order_id,
        from: query.from,
        until: query.until,
    };
    let found = list_conversions(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, |it| ConversionOut::from(&it)))
}
