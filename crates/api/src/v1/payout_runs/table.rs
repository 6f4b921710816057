use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use tributary_app::payout::payouts_table;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::RunPath;
use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::download;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such run.")];

const DOC: Doc = Doc {
    id: "get_payout_table",
    tag: "payouts",
    summary: "Get the payouts of a run as CSV",
    detail: "With whole account numbers: for currencies without a bank file, and for books. Every \
             call stands in the audit trail.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(DOC.apply()(operation), "text/csv", "The table.")
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<RunPath>,
) -> Result<Response, Problem> {
    let table = payouts_table(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(download("text/csv; charset=utf-8", &format!("{}.csv", path.id), table))
}
