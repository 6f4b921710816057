use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::upload::{
    Counts, DateStyle, DecimalSign, Mapping, Upload, UploadFormat, UploadKind, UploadState,
};
use tributary_kernel::{ProgramId, Timestamp, UploadId};

/// A file in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct UploadPath {
    /// The program's id.
    pub(super) id: ProgramId,
    /// The file's id.
    pub(super) upload: UploadId,
}

/// No such file.
pub(super) const NOT_FOUND: (u16, &str, &str) =
    (404, "not_found", "You have no such file in this program.");

/// A file with rows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Upload")]
pub(super) struct UploadOut {
    /// Its id.
    id: UploadId,
    /// Of which program its rows are.
    program: ProgramId,
    /// What its rows are.
    kind: UploadKind,
    /// What you called the file.
    name: String,
    /// How large it was.
    bytes: i64,
    /// How far it has come: `receiving`, `mapping` (say what its columns are), `checking`,
    /// `checked` (look at `counts`, then commit), `committing`, `committed`, `cancelled`.
    state: UploadState,
    /// What it was found to be.
    format: Option<FormatOut>,
    /// The names of its columns.
    header: Vec<String>,
    /// What its columns are taken for: remembered from your last file with the same header, else
    /// guessed.
    mapping: Option<MappingOut>,
    /// The number of the mapping: send it with the commit of what you have looked at.
    version: u32,
    /// The first rows, while rows are kept.
    samples: Vec<SampleOut>,
    /// How many rows it has.
    rows: u32,
    /// How many of them were looked at or, from the commit on, recorded.
    done: u32,
    /// What would become of those, or became of them.
    counts: CountsOut,
    /// What `counts` were before the commit.
    preview: Option<CountsOut>,
    /// When it came.
    created_at: Timestamp,
    /// When it was committed.
    committed_at: Option<Timestamp>,
    /// When it came to its end.
    finished_at: Option<Timestamp>,
}

/// What a file was found to be.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadFormat")]
struct FormatOut {
    /// The sign between cells; null for a workbook.
    separator: Option<char>,
    /// `UTF-8`, `UTF-16` or `Windows-1252`; null for a workbook.
    encoding: Option<String>,
    /// The sheet that was read; null for a text.
    sheet: Option<String>,
    /// The sheets that can be read.
    sheets: Vec<String>,
}

/// What the columns of a file are.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadMapping")]
struct MappingOut {
    /// By field the place of its column; the first is 0.
    columns: BTreeMap<&'static str, u32>,
    /// The type of rows without one.
    #[serde(rename = "type")]
    event: String,
    /// The sign before an amount's fraction.
    decimal: DecimalSign,
    /// How days are written where the year is not first.
    dates: DateStyle,
}

/// One of the first rows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadSample")]
struct SampleOut {
    /// Its line in the file.
    line: u32,
    /// Its cells.
    cells: Vec<String>,
}

/// Rows in numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UploadCounts")]
struct CountsOut {
    /// By outcome: `ready` before the commit; then `applied`; `duplicate` (recorded already),
    /// `conflict` and `quarantined` (a person decides), `refused` (wrong), `failed` (could not be
    /// stored).
    outcomes: BTreeMap<&'static str, u32>,
    /// What is wrong, by code.
    problems: BTreeMap<String, u32>,
    /// Rows whose customer was found by mail address or earlier order.
    matched: u32,
}

impl From<Counts> for CountsOut {
    fn from(it: Counts) -> Self {
        let outcomes = it.outcomes.into_iter().map(|(it, count)| (it.as_str(), count)).collect();
        Self { outcomes, problems: it.problems, matched: it.matched }
    }
}

impl From<UploadFormat> for FormatOut {
    fn from(it: UploadFormat) -> Self {
        match it {
            UploadFormat::Delimited { separator, encoding } => Self {
                separator: Some(separator),
                encoding: Some(encoding),
                sheet: None,
                sheets: Vec::new(),
            },
            UploadFormat::Workbook { sheet, sheets } => {
                Self { separator: None, encoding: None, sheet: Some(sheet), sheets }
            }
        }
    }
}

impl From<Mapping> for MappingOut {
    fn from(it: Mapping) -> Self {
        let columns = it.columns.into_iter().map(|(it, place)| (it.as_str(), place)).collect();
        Self { columns, event: it.event, decimal: it.decimal, dates: it.dates }
    }
}

impl From<Upload> for UploadOut {
    fn from(it: Upload) -> Self {
        let samples = it.samples.into_iter();
        Self {
            id: it.id,
            program: it.program,
            kind: it.kind,
            name: it.name,
            bytes: it.bytes,
            state: it.state,
            format: it.format.map(FormatOut::from),
            header: it.header,
            mapping: it.mapping.map(MappingOut::from),
            version: it.version,
            samples: samples.map(|it| SampleOut { line: it.line, cells: it.cells }).collect(),
            rows: it.rows,
            done: it.done,
            counts: it.counts.into(),
            preview: it.preview.map(CountsOut::from),
            created_at: it.created_at,
            committed_at: it.committed_at,
            finished_at: it.finished_at,
        }
    }
}
