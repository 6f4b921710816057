use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::directory::list_policies;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::AttributionOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such program.")];

pub(super) const DOC: Doc = Doc {
    id: "list_attribution",
    tag: "attribution",
    summary: "List how a program gives credit, now and before",
    detail: "Oldest first. A conversion is decided by the highest version whose `effective_from` \
             is not after it; a decision keeps the settings that it was made by. Version 0 stands \
             alone while nobody has set anything: the program's own window and precedence.",
    scope: Some("read"),
    errors: ERRORS,
};

/// All versions.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AttributionList {
    /// The versions, oldest first.
    items: Vec<AttributionOut>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
) -> Result<Json<AttributionList>, Problem> {
    let found = list_policies(state.app(), &caller.actor, path.id).await?;
    Ok(Json(AttributionList { items: found.into_iter().map(Into::into).collect() }))
}
