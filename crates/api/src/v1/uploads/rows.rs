use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::upload::{Field, RowIssue, RowOutcome, UploadRow, upload_rows};
use tributary_kernel::{FieldError, limits};
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use super::wire::{NOT_FOUND, UploadPath};
use crate::ApiState;
use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "list_upload_rows",
    tag: "conversions",
    summary: "List a file's rows",
    detail: "In the order of the file. Before the commit: what would become of each, as far as \
             they were looked at; from then on what became of each that was recorded.",
    scope: Some("read"),
    errors: &[NOT_FOUND],
};

/// Which rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one outcome.
    #[serde(default)]
    outcome: Option<RowOutcome>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

/// A page of rows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadRows")]
pub(super) struct PageOut {
    /// The rows.
    items: Vec<RowOut>,
    /// Send this as `cursor` for the next page; null: this was the last.
    next_cursor: Option<String>,
}

/// A row of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadRow")]
struct RowOut {
    /// Its line in the file, or row in the sheet; the first is 1.
    line: u32,
    /// What would become, or became, of it.
    outcome: RowOutcome,
    /// The order id.
    order_id: String,
    /// The conversion it is or is about, or the entry of the quarantine.
    subject: Option<String>,
    /// What is wrong.
    errors: Vec<IssueOut>,
    /// Its cells, while rows are kept.
    cells: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadRowError")]
struct IssueOut {
    /// As what the cell was read; null: the row as a whole.
    field: Option<Field>,
    /// The name of its column.
    column: Option<String>,
    /// What stands there, while rows are kept.
    value: Option<String>,
    /// Stable name of the mistake.
    code: String,
    /// What is wrong and how to mend it.
    detail: String,
}

impl From<RowIssue> for IssueOut {
    fn from(it: RowIssue) -> Self {
        let RowIssue { field, column, value, code, detail } = it;
        Self { field, column, value, code, detail }
    }
}

impl From<UploadRow> for RowOut {
    fn from(it: UploadRow) -> Self {
        Self {
            line: it.line,
            outcome: it.outcome,
            order_id: it.order,
            subject: it.subject,
            errors: it.issues.into_iter().map(IssueOut::from).collect(),
            cells: it.cells,
        }
    }
}

fn place_of(query: &Query) -> Result<(u32, u32), Problem> {
    let from = match &query.cursor {
        None => 0,
        Some(text) => text.parse().map_err(|_| {
            let detail = "Send a cursor as it came in next_cursor.";
            FieldError::new("/cursor", "cursor_malformed", detail)
        })?,
    };
    let limit = query.limit.unwrap_or(limits::PAGE_ROWS_DEFAULT);
    if !(1..=limits::PAGE_ROWS_MAX).contains(&limit) {
        let detail = format!("Give 1 to {} rows.", limits::PAGE_ROWS_MAX);
        return Err(FieldError::new("/limit", "range", detail).into());
    }
    Ok((from, limit))
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<UploadPath>,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<PageOut>, Problem> {
    let at = place_of(&query)?;
    let place = (caller.owner, path.id, path.upload);
    let page = upload_rows(state.app(), &caller.actor, place, query.outcome, at).await?;
    Ok(Json(PageOut {
        items: page.rows.into_iter().map(RowOut::from).collect(),
        next_cursor: page.next.map(|it| it.to_string()),
    }))
}
