use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use tributary_app::payout::fetch_bank_files;
use tributary_kernel::Refusal;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::RunPath;
use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::download;

const ERRORS: &[(u16, &str, &str)] =
    &[(404, "not_found", "You have no such run, or it is paid by hand: see its table.")];

const DOC: Doc = Doc {
    id: "get_bank_file",
    tag: "payouts",
    summary: "Get the bank file of a run",
    detail: "pain.001, to be handed to the bank. It was made once, at approval: every call gets \
             the same bytes and stands in the audit trail.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(DOC.apply()(operation), "application/xml", "The file.")
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<RunPath>,
) -> Result<Response, Problem> {
    let files = fetch_bank_files(state.app(), &caller.actor, caller.owner, path.id).await?;
    // One run is of one currency and leaves by one file, or by none.
    let file = files.into_iter().next().ok_or_else(|| Refusal::not_found("bank file"))?;
    Ok(download("application/xml", &file.name, file.content))
}
