use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::upload::{RowOutcome, upload_rows_csv};
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::{NOT_FOUND, UploadPath};
use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::download;

const DOC: Doc = Doc {
    id: "get_upload_table",
    tag: "conversions",
    summary: "Get a file's rows of one outcome as CSV",
    detail: "A line for each thing that is wrong with a row: line, outcome, order, column, value, \
             code and what to do. At most 100,000 rows.",
    scope: Some("read"),
    errors: &[NOT_FOUND],
};

/// Which rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of this outcome; left out: those that are wrong.
    #[serde(default)]
    outcome: Option<RowOutcome>,
}

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(DOC.apply()(operation), "text/csv", "The rows.")
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
    QueryOf(query): QueryOf<Query>,
) -> Result<Response, Problem> {
    let place = (caller.owner, path.id, path.upload);
    let outcome = query.outcome.unwrap_or(RowOutcome::Refused);
    let csv = upload_rows_csv(state.app(), &caller.actor, place, outcome).await?;
    let name = format!("{}-{outcome}.csv", path.upload);
    Ok(download("text/csv; charset=utf-8", &name, csv.into_bytes()))
}
