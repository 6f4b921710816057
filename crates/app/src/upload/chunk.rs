//! Rows as they are kept: sealed, since they name people.

use serde::{Deserialize, Serialize};
use tributary_kernel::UploadId;
use tributary_sheet::{Row, RowProblem};
use tributary_store::upload::{StoredUpload, UploadChunk};

use crate::{App, AppError};

/// A row as it was read: line, problem, cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptRow(pub(super) u32, pub(super) Option<u8>, pub(super) Vec<String>);

impl From<Row> for KeptRow {
    fn from(it: Row) -> Self {
        let place = |problem| RowProblem::ALL.iter().position(|known| *known == problem);
        let problem = it.problem.and_then(place).and_then(|it| u8::try_from(it).ok());
        Self(it.line, problem, it.cells)
    }
}

impl KeptRow {
    pub(super) const fn line(&self) -> u32 {
        self.0
    }

    pub(super) fn problem(&self) -> Option<RowProblem> {
        RowProblem::ALL.get(usize::from(self.1?)).copied()
    }

    pub(super) fn cell(&self, place: u32) -> Option<&str> {
        self.2.get(place as usize).map(String::as_str)
    }
}

fn purpose(id: UploadId, first_row: u32) -> String {
    format!("upload/{id}/{first_row}")
}

pub(super) fn sealed(app: &App, id: UploadId, first_row: u32, rows: &[KeptRow]) -> UploadChunk {
    let plain = serde_json::to_vec(rows).expect("texts can be written");
    UploadChunk {
        first_row,
        rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        content: app.secrets.seal(&purpose(id, first_row), &plain, &*app.entropy),
        notes: None,
    }
}

pub(super) fn opened(
    app: &App,
    of: &StoredUpload,
    chunk: &UploadChunk,
) -> Result<Vec<KeptRow>, AppError> {
    let plain = app.secrets.open(&purpose(of.id, chunk.first_row), &chunk.content)?;
    serde_json::from_slice(&plain)
        .map_err(|error| AppError::Corrupt(format!("rows of {}: {error}", of.id)))
}
