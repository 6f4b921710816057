//! What became of rows: of each, and in numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tributary_kernel::{FieldError, Refusal, text_enum};
use tributary_sheet::CellError;
use tributary_store::upload::StoredUpload;

use super::Field;
use crate::AppError;

text_enum! {
    /// What becomes, or became, of a row.
    pub enum RowOutcome {
        /// Looked at: nothing stands against it.
        Ready = "ready",
        /// It is a fact now.
        Applied = "applied",
        /// It was one already.
        Duplicate = "duplicate",
        /// It contradicts what is recorded: a person decides.
        Conflict = "conflict",
        /// It waits for a person for another reason.
        Quarantined = "quarantined",
        /// It is wrong.
        Refused = "refused",
        /// The database could not take it.
        Failed = "failed",
    }
}

/// Rows in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// By outcome.
    pub outcomes: BTreeMap<RowOutcome, u32>,
    /// What is wrong, by the code of it.
    pub problems: BTreeMap<String, u32>,
    /// Rows whose customer was found by mail address or earlier order.
    pub matched: u32,
}

impl Counts {
    pub(super) fn of(stored: &StoredUpload) -> Result<Self, AppError> {
        parsed(&stored.counts, stored)
    }

    pub(super) fn of_preview(stored: &StoredUpload) -> Result<Option<Self>, AppError> {
        stored.preview.as_deref().map(|text| parsed(text, stored)).transpose()
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("our types have string keys")
    }

    pub(super) fn add(&mut self, note: &Note) {
        *self.outcomes.entry(note.outcome).or_default() += 1;
        for issue in &note.issues {
            *self.problems.entry(issue.code.clone()).or_default() += 1;
        }
    }

    /// Rows with an outcome.
    #[must_use]
    pub fn count(&self, outcome: RowOutcome) -> u32 {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }
}

fn parsed(text: &str, stored: &StoredUpload) -> Result<Counts, AppError> {
    serde_json::from_str(text)
        .map_err(|error| AppError::Corrupt(format!("counts of {}: {error}", stored.id)))
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Issue {
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<Field>,
    #[serde(rename = "c")]
    pub(super) code: String,
    #[serde(rename = "d")]
    pub(super) detail: String,
}

impl Issue {
    pub(super) fn new(field: Option<Field>, code: &str, detail: impl Into<String>) -> Self {
        Self { field, code: code.to_owned(), detail: detail.into() }
    }

    pub(super) fn of_cell(field: Field, error: CellError) -> Self {
        Self::new(Some(field), error.code, error.detail)
    }

    pub(super) fn of_field(error: &FieldError) -> Self {
        Self::new(Field::of_pointer(&error.pointer), error.code, error.detail.clone())
    }

    pub(super) fn all_of(refusal: &Refusal) -> Vec<Self> {
        if refusal.errors.is_empty() {
            return vec![Self::new(None, refusal.code, refusal.detail.clone())];
        }
        refusal.errors.iter().map(Self::of_field).collect()
    }
}

/// What there is to say of a row, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// Its place in the file; that of the first is 0.
    #[serde(rename = "r")]
    pub(super) row: u32,
    #[serde(rename = "n")]
    pub(super) line: u32,
    #[serde(rename = "o")]
    pub(super) outcome: RowOutcome,
    /// The order id.
    #[serde(rename = "k", default, skip_serializing_if = "String::is_empty")]
    pub(super) order: String,
    /// What it is or waits as.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) issues: Vec<Issue>,
}

pub(super) fn notes_of(text: &str, stored: &StoredUpload) -> Result<Vec<Note>, AppError> {
    serde_json::from_str(text)
        .map_err(|error| AppError::Corrupt(format!("notes of {}: {error}", stored.id)))
}

pub(super) fn notes_text(notes: &[Note]) -> String {
    serde_json::to_string(notes).expect("our types have string keys")
}

/// The outcomes among some notes, each once.
pub(super) fn outcomes_in(notes: &[Note]) -> Vec<&'static str> {
    let all: std::collections::BTreeSet<RowOutcome> = notes.iter().map(|it| it.outcome).collect();
    all.into_iter().map(RowOutcome::as_str).collect()
}
