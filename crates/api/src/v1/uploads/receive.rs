use aide::openapi::{MediaType, ReferenceOr, RequestBody};
use aide::transform::TransformOperation;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::upload::{ReceiveUpload, UploadKind, receive_upload};
use tributary_directory::Permission;
use tributary_kernel::FieldError;
use tributary_web::{Caller, FileBytes, PathOf, Problem, QueryOf};

use super::wire::UploadOut;
use crate::Once;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;
use crate::wire::Created;

const DOC: Doc = Doc {
    id: "receive_upload",
    tag: "conversions",
    summary: "Send a file with rows",
    detail: "The body is the file itself: text with any sign between cells, in UTF-8, UTF-16 or \
             Windows-1252, or XLSX; at most 128 MiB and 1,100,000 rows. Its rows are kept and \
             looked at, and nothing is recorded: get it until it is `checked`, then commit it. \
             Rows that nobody commits are forgotten after 14 days. The same file again is the \
             same upload.",
    scope: Some("report"),
    errors: &[
        (404, "not_found", "You have no such program."),
        (409, "upload_in_progress", "The same file is just being read."),
        (413, "too_large", "The file is too large; divide it."),
        (422, "invalid", "The file cannot be read; `errors` says why."),
        (429, "too_many_uploads", "Many files wait; commit or cancel some."),
    ],
};

/// What the file is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// What its rows are.
    kind: UploadKind,
    /// What you call it.
    #[serde(default)]
    name: String,
    /// The sign between cells, one ASCII character or `tab`; left out: it is found out.
    #[serde(default)]
    separator: Option<String>,
    /// The sheet of a workbook; left out: the first.
    #[serde(default)]
    sheet: Option<String>,
}

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let mut operation = DOC.apply()(operation).input::<FileBytes>();
    let mut body = RequestBody { required: true, ..RequestBody::default() };
    for content_type in
        ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
    {
        body.content.insert(content_type.to_owned(), MediaType::default());
    }
    operation.inner_mut().request_body = Some(ReferenceOr::Item(body));
    operation
}

fn separator(text: Option<String>) -> Result<Option<char>, Problem> {
    let Some(text) = text.filter(|it| !it.is_empty()) else { return Ok(None) };
    let mut letters = text.chars();
    match (text.as_str(), letters.next(), letters.next()) {
        ("tab", ..) => Ok(Some('\t')),
        (_, Some(sign), None) => Ok(Some(sign)),
        _ => {
            let detail = "Send one character, or tab.";
            Err(FieldError::new("/separator", "separator_unknown", detail).into())
        }
    }
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    QueryOf(query): QueryOf<Query>,
    FileBytes(content): FileBytes,
) -> Result<Created<UploadOut>, Problem> {
    caller.require(Permission::Report)?;
    let input = ReceiveUpload {
        owner: caller.owner,
        program: path.id,
        kind: query.kind,
        name: query.name,
        content: content.into(),
        separator: separator(query.separator)?,
        sheet: query.sheet.filter(|it| !it.is_empty()),
    };
    let it = receive_upload(state.app(), &caller.actor, input).await?;
    Ok(Created(it.into()))
}
