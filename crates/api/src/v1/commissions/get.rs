use axum::Json;
use axum::extract::State;
use tributary_app::explain::explain_commission;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::CommissionPath;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::explanation::ExplainedOut;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such commission.")];

pub(super) const DOC: Doc = Doc {
    id: "get_commission",
    tag: "commissions",
    summary: "Get a commission with its explanation",
    detail: "Why it is this amount, step by step, and every movement of its money.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<CommissionPath>,
) -> Result<Json<ExplainedOut>, Problem> {
    let it = explain_commission(state.app(), &caller.actor, path.id).await?;
    Ok(Json(it.into()))
}
