//! Files as they are shown.

use serde::{Deserialize, Serialize};
use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, ProgramId, Refusal, Timestamp, UploadId};
use tributary_sheet::plain;
use tributary_store::list::{Page, PageRequest};
use tributary_store::upload::{self, StoredUpload, UploadKind, UploadState};

use super::chunk::opened;
use super::{Counts, Mapping};
use crate::{App, AppError};

/// Rows shown as samples.
const SAMPLE_ROWS: usize = 5;

/// What a file was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UploadFormat {
    /// Text.
    Delimited {
        /// The sign between cells.
        separator: char,
        /// `UTF-8`, `UTF-16` or `Windows-1252`.
        encoding: String,
    },
    /// XLSX.
    Workbook {
        /// The sheet that was read.
        sheet: String,
        /// Those that could be.
        sheets: Vec<String>,
    },
}

/// One of the first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its line in the file.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A file as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program its rows are.
    pub program: ProgramId,
    /// What its rows are.
    pub kind: UploadKind,
    /// What the person's machine called it.
    pub name: String,
    /// How large it was.
    pub bytes: i64,
    /// How far it has come.
    pub state: UploadState,
    /// What it was found to be; none while it is read.
    pub format: Option<UploadFormat>,
    /// The names of its columns.
    pub header: Vec<String>,
    /// What its columns are taken for; none while it is read.
    pub mapping: Option<Mapping>,
    /// How often that was said.
    pub version: u32,
    /// Its first rows, while its rows are kept.
    pub samples: Vec<Sample>,
    /// Its rows.
    pub rows: u32,
    /// Of these, those that were looked at or recorded.
    pub done: u32,
    /// What was found of those, or became of them.
    pub counts: Counts,
    /// What the look had found, once rows are being recorded.
    pub preview: Option<Counts>,
    /// When it came.
    pub created_at: Timestamp,
    /// When a person said that it is to be recorded.
    pub committed_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// Whether its rows are not kept any more.
    pub rows_gone: bool,
}

/// One file.
///
/// # Errors
/// Without the right to read; not found.
pub async fn find_upload(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: ProgramId,
    id: UploadId,
) -> Result<Upload, AppError> {
    actor.require(owner, Permission::Read)?;
    shown(app, found(app, owner, program, id).await?).await
}

/// A program's files, newest first, without samples.
///
/// # Errors
/// Without the right to read; not found.
pub async fn list_uploads(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: ProgramId,
    page: PageRequest,
) -> Result<Page<Upload>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let viewer = tributary_directory::Viewer::Owner(owner);
    let known = tributary_store::program::find(&mut *conn, viewer, program).await?;
    known.ok_or_else(|| Refusal::not_found("program"))?;
    let page = upload::list_uploads(&mut *conn, owner, program, page).await?;
    let items: Result<Vec<Upload>, AppError> =
        page.items.into_iter().map(without_samples).collect();
    Ok(Page { items: items?, next: page.next })
}

pub(super) async fn found(
    app: &App,
    owner: OrganisationId,
    program: ProgramId,
    id: UploadId,
) -> Result<StoredUpload, AppError> {
    let mut conn = app.record.read().await?;
    let found = upload::find_upload(&mut *conn, owner, program, id).await?;
    found.ok_or_else(|| Refusal::not_found("upload").into())
}

pub(super) async fn shown(app: &App, stored: StoredUpload) -> Result<Upload, AppError> {
    let samples = samples(app, &stored).await?;
    Ok(Upload { samples, ..without_samples(stored)? })
}

async fn samples(app: &App, stored: &StoredUpload) -> Result<Vec<Sample>, AppError> {
    if stored.rows_gone || stored.state == UploadState::Receiving {
        return Ok(Vec::new());
    }
    let mut conn = app.record.read().await?;
    let Some(chunk) = upload::chunk_from(&mut *conn, stored, 0, None).await? else {
        return Ok(Vec::new());
    };
    let rows = opened(app, stored, &chunk)?;
    let sample = |row: super::chunk::KeptRow| Sample {
        line: row.line(),
        cells: row.2.iter().map(|it| plain(it).to_owned()).collect(),
    };
    Ok(rows.into_iter().take(SAMPLE_ROWS).map(sample).collect())
}

pub(super) fn header_of(stored: &StoredUpload) -> Result<Vec<String>, AppError> {
    serde_json::from_str(&stored.header)
        .map_err(|error| AppError::Corrupt(format!("header of {}: {error}", stored.id)))
}

pub(super) fn mapping_of(stored: &StoredUpload) -> Result<Option<Mapping>, AppError> {
    serde_json::from_str(&stored.mapping)
        .map_err(|error| AppError::Corrupt(format!("mapping of {}: {error}", stored.id)))
}

fn without_samples(stored: StoredUpload) -> Result<Upload, AppError> {
    let format = serde_json::from_str(&stored.format)
        .map_err(|error| AppError::Corrupt(format!("format of {}: {error}", stored.id)))?;
    Ok(Upload {
        id: stored.id,
        owner: stored.owner,
        program: stored.program,
        kind: stored.kind,
        state: stored.state,
        format,
        header: header_of(&stored)?,
        mapping: mapping_of(&stored)?,
        version: stored.version,
        samples: Vec::new(),
        rows: stored.rows,
        done: stored.done,
        counts: Counts::of(&stored)?,
        preview: Counts::of_preview(&stored)?,
        bytes: stored.bytes,
        created_at: stored.created_at,
        committed_at: stored.committed_at,
        finished_at: stored.finished_at,
        rows_gone: stored.rows_gone,
        name: stored.name,
    })
}
