use axum::Json;
use axum::extract::State;
use tributary_app::leads::find_lead;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{LeadPath, LeadViewOut};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such lead.")];

pub(super) const DOC: Doc = Doc {
    id: "get_lead",
    tag: "leads",
    summary: "Get a lead with its history",
    detail: "What was answered when it was registered, and every step since.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<LeadPath>,
) -> Result<Json<LeadViewOut>, Problem> {
    let found = find_lead(state.app(), &caller.actor, path.id).await?;
    Ok(Json(LeadViewOut::try_from(found)?))
}
