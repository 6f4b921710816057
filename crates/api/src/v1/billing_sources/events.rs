use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::billing::{BillingState, StoredBillingEvent, list_billing_events};
use tributary_kernel::Timestamp;
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::SourcePath;
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such billing source.")];

pub(super) const DOC: Doc = Doc {
    id: "list_billing_events",
    tag: "billing_sources",
    summary: "List a billing system's events",
    detail: "The newest 200 in one state, without what they hold. `waiting` ones wait for another \
             event; `left` ones can only be dealt with by a person; `reason` says why.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// Where an event stands.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "BillingEventState")]
enum StateWire {
    /// Waits for another event.
    Waiting,
    /// Dealt with.
    Settled,
    /// For a person.
    #[default]
    Left,
}

/// Which events.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// In which state; left out: `left`.
    #[serde(default)]
    state: StateWire,
}

/// An event.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BillingEvent")]
pub(super) struct EventOut {
    /// The system's own id.
    id: String,
    /// What the system calls it.
    kind: String,
    /// When it happened there.
    occurred_at: Timestamp,
    /// When it came here first.
    received_at: Timestamp,
    /// `waiting`, `settled`, `left`.
    state: String,
    /// Code of what it waits for, why it moved nothing, or why it was left.
    reason: Option<String>,
    /// How often it was tried.
    attempts: u32,
}

impl From<StoredBillingEvent> for EventOut {
    fn from(it: StoredBillingEvent) -> Self {
        Self {
            id: it.event_id,
            kind: it.kind,
            occurred_at: it.occurred_at,
            received_at: it.received_at,
            state: it.state,
            reason: it.reason,
            attempts: it.attempts,
        }
    }
}

/// Events.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BillingEvents")]
pub(super) struct EventsOut {
    /// Newest first.
    items: Vec<EventOut>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<SourcePath>,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<EventsOut>, Problem> {
    let of = match query.state {
        StateWire::Waiting => BillingState::Waiting,
        StateWire::Settled => BillingState::Settled,
        StateWire::Left => BillingState::Left,
    };
    let found = list_billing_events(state.app(), &caller.actor, caller.owner, path.id, of).await?;
    Ok(Json(EventsOut { items: found.into_iter().map(EventOut::from).collect() }))
}
