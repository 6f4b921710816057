use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::billing::list_billing_sources;
use tributary_web::{Caller, Problem};

use super::wire::SourceOut;
use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "list_billing_sources",
    tag: "billing_sources",
    summary: "List billing systems",
    detail: "Oldest first, all of them: there are at most 50.",
    scope: Some("administer"),
    errors: &[],
};

/// Billing systems.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BillingSources")]
pub(super) struct SourcesOut {
    /// Each of them.
    items: Vec<SourceOut>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<SourcesOut>, Problem> {
    let found = list_billing_sources(state.app(), &caller.actor, caller.owner).await?;
    Ok(Json(SourcesOut { items: found.into_iter().map(SourceOut::from).collect() }))
}
