use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::directory::list_plans;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::PlanOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such program.")];

pub(super) const DOC: Doc = Doc {
    id: "list_plans",
    tag: "plans",
    summary: "List the versions of a plan",
    detail: "Oldest first.",
    scope: Some("read"),
    errors: ERRORS,
};

/// All versions of a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlanList {
    /// The versions, oldest first.
    items: Vec<PlanOut>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
) -> Result<Json<PlanList>, Problem> {
    let found = list_plans(state.app(), &caller.actor, path.id).await?;
    let items = found.into_iter().map(PlanOut::of).collect::<Result<_, _>>()?;
    Ok(Json(PlanList { items }))
}
