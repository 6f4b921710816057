use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::inquiry::{InquiryFilter, InquiryState, list_inquiries};
use tributary_kernel::{PartnerId, ProgramId, Timestamp};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::InquiryOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_inquiries",
    tag: "inquiries",
    summary: "List inquiries",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which inquiries.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one state.
    #[serde(default)]
    state: Option<InquiryState>,
    /// Whether only those that you, or a mediator, have to act on.
    #[serde(default)]
    yours: bool,
    /// Whose deadline is before.
    #[serde(default)]
    due_before: Option<Timestamp>,
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
) -> Result<Json<Page<InquiryOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let filter = InquiryFilter {
        program: query.program,
        partner: query.partner,
        state: query.state,
        owners_turn: query.yours,
        due_before: query.due_before,
    };
    let found = list_inquiries(state.app(), &caller.actor, &filter, page).await?;
    Ok(Page::of(found, InquiryOut::from))
}
