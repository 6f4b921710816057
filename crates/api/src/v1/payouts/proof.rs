use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use tributary_app::payout::statement_proof;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::PayoutPath;
use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::download;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such payout.")];

const DOC: Doc = Doc {
    id: "get_statement_proof",
    tag: "payouts",
    summary: "Get the proof file of a statement",
    detail: "The signed statement with its transfers and the proofs that they are in the ledger. \
             `tributary verify-statement FILE` checks it on any machine, without this server. \
             Every call gets the same bytes.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(DOC.apply()(operation), "application/json", "The file.")
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
) -> Result<Response, Problem> {
    let file = statement_proof(state.app(), &caller.actor, path.id).await?;
    Ok(download("application/json", &format!("{}-proof.json", path.id), file))
}
