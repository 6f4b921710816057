use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::AppError;
use tributary_app::conversion::QuarantineRow;
use tributary_app::conversion::list_quarantined;
use tributary_kernel::{ConversionId, ProgramId, QuarantineId, Timestamp};
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_quarantine",
    tag: "quarantine",
    summary: "List quarantined facts",
    detail: "What was well-formed but implausible or in conflict, raw, with the reason. Newest \
             first.",
    scope: Some("read"),
    errors: &[],
};

/// Which quarantined facts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Whether only those that still wait.
    #[serde(default)]
    waiting: bool,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

/// A quarantined fact in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct QuarantinePath {
    /// Its id.
    pub(super) id: QuarantineId,
}

/// A fact that waits, or waited, for a person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuarantinedFact")]
pub(super) struct FactOut {
    /// Its id.
    id: QuarantineId,
    /// For which program.
    program: ProgramId,
    /// When it came.
    received_at: Timestamp,
    /// Why it waits: `conflict`, `occurred_in_the_future`, `occurred_too_long_ago`.
    reason: String,
    /// `waiting`, `replayed` or `dismissed`.
    status: String,
    /// The conversion it contradicts or became.
    conversion: Option<ConversionId>,
    /// The fields that were sent.
    given: serde_json::Value,
}

fn fact(it: QuarantineRow) -> Result<FactOut, AppError> {
    let given = serde_json::from_str(&it.given)
        .map_err(|error| AppError::Corrupt(format!("given of {}: {error}", it.id)))?;
    Ok(FactOut {
        id: it.id,
        program: it.program,
        received_at: it.received_at,
        reason: it.reason,
        status: it.status,
        conversion: it.conversion,
        given,
    })
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<FactOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let (app, actor) = (state.app(), &caller.actor);
    let found = list_quarantined(app, actor, caller.owner, query.waiting, page).await?;
    let next = found.next;
    let items = found.items.into_iter().map(fact).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(tributary_app::list::Page { items, next }, |it| it))
}
