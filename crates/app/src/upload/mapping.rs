//! What the columns of a file are, and how they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tributary_commission::EventName;
use tributary_kernel::{FieldError, text_enum};
use tributary_sheet::{DateOrder, Decimal, guess_decimal, guess_order};
use tributary_store::upload::UploadKind;

use super::chunk::KeptRow;
use super::{Field, fields_of, finding_fields, guess_columns, required_fields};
use crate::secrets::sha256;

text_enum! {
    /// The sign before an amount's fraction.
    pub enum DecimalSign {
        /// `1.250,00`.
        Comma = "comma",
        /// `1,250.00`.
        Point = "point",
    }
}

text_enum! {
    /// How days are written where the year is not first.
    pub enum DateStyle {
        /// `21.11.2026`.
        DayFirst = "day_first",
        /// `11/21/2026`.
        MonthFirst = "month_first",
    }
}

impl DecimalSign {
    pub(super) const fn read(self) -> Decimal {
        match self {
            Self::Comma => Decimal::Comma,
            Self::Point => Decimal::Point,
        }
    }
}

impl DateStyle {
    pub(super) const fn read(self) -> DateOrder {
        match self {
            Self::DayFirst => DateOrder::DayFirst,
            Self::MonthFirst => DateOrder::MonthFirst,
        }
    }
}

/// What a file's columns are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// By field the place of its column; the first is 0.
    pub columns: BTreeMap<Field, u32>,
    /// The type of rows without one.
    pub event: String,
    /// How amounts are written.
    pub decimal: DecimalSign,
    /// How days are written.
    pub dates: DateStyle,
}

/// The type of a conversion, where a file does not say.
const EVENT: &str = "sale";

impl Mapping {
    /// What names and first rows tell.
    pub(super) fn guessed(
        kind: UploadKind,
        header: &[String],
        rows: &[KeptRow],
        comma_likely: bool,
    ) -> Self {
        let columns = guess_columns(kind, header);
        let cells = |field: Field| {
            let place = columns.get(&field).copied();
            rows.iter().filter_map(move |row| row.cell(place?))
        };
        let amounts = cells(Field::Amount).chain(cells(Field::NetAmount));
        let usual = if comma_likely { Decimal::Comma } else { Decimal::Point };
        let decimal = match guess_decimal(amounts).unwrap_or(usual) {
            Decimal::Comma => DecimalSign::Comma,
            Decimal::Point => DecimalSign::Point,
        };
        let days = cells(Field::OccurredAt).chain(cells(Field::LeftAt));
        let dates = match guess_order(days).unwrap_or(DateOrder::DayFirst) {
            DateOrder::DayFirst => DateStyle::DayFirst,
            DateOrder::MonthFirst => DateStyle::MonthFirst,
        };
        Self { columns, event: EVENT.to_owned(), decimal, dates }
    }

    /// What is wrong with it for a file with so many columns.
    pub(super) fn errors(&self, kind: UploadKind, columns: usize) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (field, place) in &self.columns {
            let pointer = format!("/columns/{field}");
            if !fields_of(kind).contains(field) {
                let detail = format!("Rows of {kind} have no {field}: leave it out.");
                errors.push(FieldError::new(pointer, "field_unknown", detail));
            } else if *place as usize >= columns {
                let detail =
                    format!("The file has the columns 0 to {}.", columns.saturating_sub(1));
                errors.push(FieldError::new(pointer, "column_unknown", detail));
            }
        }
        for field in required_fields(kind) {
            if !self.columns.contains_key(field) {
                let detail = format!("Say which column is the {field}.");
                let pointer = format!("/columns/{field}");
                errors.push(FieldError::new(pointer, "column_required", detail));
            }
        }
        let finding = finding_fields(kind);
        if !finding.is_empty() && !finding.iter().any(|it| self.columns.contains_key(it)) {
            let detail = "Say which column tells the lead: its id, or the company's number or \
                          domain, or the contact's mail address.";
            errors.push(FieldError::new("/columns/lead_id", "column_required", detail));
        }
        match self.event.parse::<EventName>() {
            Ok(event) if event.is_refund() || event.is_click() => {
                let detail = "Name what the rows are, like sale or lead.";
                errors.push(FieldError::new("/type", "event_name", detail));
            }
            Ok(_) => {}
            Err(error) => errors.push(FieldError::new("/type", "event_name", error.to_string())),
        }
        errors
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("our types have string keys")
    }
}

/// Files with the same names in the same order are read alike.
pub(super) fn header_hash(header: &[String]) -> [u8; 32] {
    sha256(serde_json::to_string(header).expect("texts can be written").as_bytes())
}
