//! The rows of a file with what would become, or became, of each: in pages, and as CSV.

use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, ProgramId, UploadId, limits};
use tributary_sheet::{csv_row, plain};
use tributary_store::upload::{self, StoredUpload, UploadState};

use super::chunk::{KeptRow, opened};
use super::counts::{Issue, Note, RowOutcome, notes_of};
use super::field::naming_fields;
use super::read::{found, header_of, mapping_of};
use super::{Field, Mapping};
use crate::{App, AppError};

/// Rows in a CSV.
const CSV_ROWS_MAX: usize = 100_000;

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Its place among the rows; that of the first is 0.
    pub row: u32,
    /// Its line in the file.
    pub line: u32,
    /// What would become, or became, of it.
    pub outcome: RowOutcome,
    /// The order id.
    pub order: String,
    /// The conversion that it is or is about, or the entry of the quarantine.
    pub subject: Option<String>,
    /// What is wrong.
    pub issues: Vec<RowIssue>,
    /// Its cells, while they are kept.
    pub cells: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowIssue {
    /// As what the cell was read; none: the row as a whole.
    pub field: Option<Field>,
    /// The name of its column.
    pub column: Option<String>,
    /// What stands there, while it is kept.
    pub value: Option<String>,
    /// Stable name of the mistake.
    pub code: String,
    /// What is wrong and how to mend it, in English.
    pub detail: String,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPage {
    /// The rows, in the order of the file.
    pub rows: Vec<UploadRow>,
    /// The next page begins with this row; none: this was the last.
    pub next: Option<u32>,
}

/// Rows of a file from `from` on, those of one outcome or all: before it is recorded those that
/// were looked at, from then on those that were recorded.
///
/// # Errors
/// Without the right to read; not found.
pub async fn upload_rows(
    app: &App,
    actor: &Actor,
    (owner, program, id): (OrganisationId, ProgramId, UploadId),
    outcome: Option<RowOutcome>,
    (from, limit): (u32, u32),
) -> Result<RowPage, AppError> {
    actor.require(owner, Permission::Read)?;
    let stored = found(app, owner, program, id).await?;
    let wanted = match limit {
        0 => limits::PAGE_ROWS_DEFAULT,
        limit => limit.min(limits::PAGE_ROWS_MAX),
    };
    page(app, &stored, outcome, from, wanted as usize).await
}

async fn page(
    app: &App,
    stored: &StoredUpload,
    outcome: Option<RowOutcome>,
    from: u32,
    wanted: usize,
) -> Result<RowPage, AppError> {
    let reader =
        Reader { app, stored, outcome, header: header_of(stored)?, mapping: mapping_of(stored)? };
    let mut rows: Vec<UploadRow> = Vec::new();
    let mut at = from;
    while rows.len() <= wanted {
        let Some((more, next)) = reader.piece(at).await? else { break };
        rows.extend(more);
        at = next;
    }
    let next = rows.get(wanted).map(|it| it.row);
    rows.truncate(wanted);
    Ok(RowPage { rows, next })
}

struct Reader<'a> {
    app: &'a App,
    stored: &'a StoredUpload,
    outcome: Option<RowOutcome>,
    header: Vec<String>,
    mapping: Option<Mapping>,
}

impl Reader<'_> {
    /// The wanted rows of the next piece, and where the one after it begins.
    async fn piece(&self, from: u32) -> Result<Option<(Vec<UploadRow>, u32)>, AppError> {
        let stored = self.stored;
        let outcome = self.outcome.map(RowOutcome::as_str);
        let mut conn = self.app.record.read().await?;
        if stored.committed_at.is_some() {
            let found = upload::result_from(&mut *conn, stored, from, outcome).await?;
            let Some(piece) = found else { return Ok(None) };
            let notes = notes_of(&piece.notes, stored)?.into_iter();
            let wanted = notes.filter(|it| it.row >= from && self.wants(it.outcome));
            let rows = wanted.map(|note| self.row(note, None)).collect();
            return Ok(Some((rows, piece.first_row + piece.rows)));
        }
        let looked_at = matches!(stored.state, UploadState::Checking | UploadState::Checked);
        if !looked_at || from >= stored.done {
            return Ok(None);
        }
        let Some(chunk) = upload::chunk_from(&mut *conn, stored, from, outcome).await? else {
            return Ok(None);
        };
        let Some(notes) = &chunk.notes else { return Ok(None) };
        if chunk.first_row >= stored.done {
            return Ok(None);
        }
        let mut notes = notes_of(notes, stored)?.into_iter().peekable();
        let mut rows = Vec::new();
        for (kept, row) in opened(self.app, stored, &chunk)?.iter().zip(chunk.first_row..) {
            let note = notes.next_if(|it| it.row == row).unwrap_or_else(|| self.ready(kept, row));
            if row >= from && self.wants(note.outcome) {
                rows.push(self.row(note, Some(kept)));
            }
        }
        Ok(Some((rows, chunk.first_row + chunk.rows)))
    }

    fn wants(&self, outcome: RowOutcome) -> bool {
        self.outcome.is_none_or(|it| it == outcome)
    }

    /// Of rows that are ready nothing is noted.
    fn ready(&self, kept: &KeptRow, row: u32) -> Note {
        let cell = |field: &Field| kept.cell(self.place(*field)?).filter(|it| !it.is_empty());
        let order = naming_fields(self.stored.kind).iter().find_map(cell);
        let order = order.map(|it| plain(it).to_owned());
        Note {
            row,
            line: kept.line(),
            outcome: RowOutcome::Ready,
            order: order.unwrap_or_default(),
            subject: None,
            issues: Vec::new(),
        }
    }

    fn place(&self, field: Field) -> Option<u32> {
        self.mapping.as_ref()?.columns.get(&field).copied()
    }

    fn row(&self, note: Note, kept: Option<&KeptRow>) -> UploadRow {
        let Note { row, line, outcome, order, subject, issues } = note;
        let cells = kept.map(|it| it.2.iter().map(|cell| plain(cell).to_owned()).collect());
        let issues = issues.into_iter().map(|it| self.issue(it, kept)).collect();
        UploadRow { row, line, outcome, order, subject, issues, cells: cells.unwrap_or_default() }
    }

    fn issue(&self, it: Issue, kept: Option<&KeptRow>) -> RowIssue {
        let place = it.field.and_then(|field| self.place(field));
        let column = place.and_then(|place| self.header.get(place as usize)).cloned();
        let value = place.and_then(|place| kept?.cell(place)).map(|it| plain(it).to_owned());
        RowIssue { field: it.field, column, value, code: it.code, detail: it.detail }
    }
}

/// Rows of one outcome, or of all that are not as they should be, as CSV: a line for each thing that
/// is wrong. At most 100,000 rows.
///
/// # Errors
/// Without the right to read; not found.
pub async fn upload_rows_csv(
    app: &App,
    actor: &Actor,
    (owner, program, id): (OrganisationId, ProgramId, UploadId),
    outcome: RowOutcome,
) -> Result<String, AppError> {
    actor.require(owner, Permission::Read)?;
    let stored = found(app, owner, program, id).await?;
    let names =
        ["line", "outcome", "order_id", "subject", "field", "column", "value", "code", "remedy"];
    let mut csv = csv_row(&names);
    for row in page(app, &stored, Some(outcome), 0, CSV_ROWS_MAX).await?.rows {
        let line = row.line.to_string();
        let subject = row.subject.as_deref().unwrap_or_default();
        let own = [&line, row.outcome.as_str(), &row.order, subject];
        if row.issues.is_empty() {
            csv.push_str(&csv_row(&[own[0], own[1], own[2], own[3], "", "", "", "", ""]));
        }
        for it in &row.issues {
            let field = it.field.map_or("", Field::as_str);
            let (column, value) = (it.column.as_deref(), it.value.as_deref());
            let (column, value) = (column.unwrap_or_default(), value.unwrap_or_default());
            csv.push_str(&csv_row(&[
                own[0], own[1], own[2], own[3], field, column, value, &it.code, &it.detail,
            ]));
        }
    }
    Ok(csv)
}
