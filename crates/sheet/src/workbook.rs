//! Workbooks (XLSX): unpacked once to count how large they are, then read cell by cell.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::delimited::tidy;
use crate::header::Raw;
use crate::{
    COLUMNS_MAX, Format, HeaderFinder, NUMBER_MARK, ROW_BYTES_MAX, RowProblem, SheetError, Take,
    Told, UNPACKED_BYTES_MAX,
};

/// Files within a workbook.
const PARTS_MAX: usize = 2_000;
/// Digits that Excel keeps of a number.
const DIGITS: usize = 15;

pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// XLS, or a workbook under a password: both are compound files.
pub(crate) fn is_old_form(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Unpacks everything to nowhere: what sizes a file states of itself proves nothing.
fn check_size(bytes: &[u8]) -> Result<(), SheetError> {
    let unreadable = |error: &dyn std::fmt::Display| SheetError::Workbook(error.to_string());
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    if archive.len() > PARTS_MAX {
        return Err(SheetError::Bomb);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|error| unreadable(&error))?;
        let mut part = part.take(left + 1);
        let size = io::copy(&mut part, &mut io::sink()).map_err(|error| unreadable(&error))?;
        left = left.checked_sub(size).ok_or(SheetError::Bomb)?;
    }
    Ok(())
}

pub(crate) fn read(bytes: &[u8], told: &Told, take: &mut dyn Take) -> Result<(), SheetError> {
    check_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(of)?;
    let visible = |it: &&calamine::Sheet| {
        it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible
    };
    let sheets: Vec<String> =
        book.sheets_metadata().iter().filter(visible).map(|it| it.name.clone()).collect();
    let sheet = match &told.sheet {
        Some(name) => sheets.iter().find(|it| *it == name).cloned(),
        None => sheets.first().cloned(),
    };
    let missing = || SheetError::NoSheet(told.sheet.clone().unwrap_or_default());
    let sheet = sheet.ok_or_else(missing)?;
    let format = Format::Workbook { sheet: sheet.clone(), sheets };
    let mut finder = HeaderFinder::new(format, take);
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(of)?;
    let mut row = Open::default();
    while let Some(cell) = cells.next_cell().map_err(of)? {
        let (number, column) = cell.get_position();
        if row.is_before(number) {
            let full = std::mem::take(&mut row);
            if !finder.push(full.raw())? {
                return Ok(());
            }
        }
        row.put(number, column as usize, cell.get_value())?;
    }
    if row.number.is_some() && !finder.push(row.raw())? {
        return Ok(());
    }
    finder.end()
}

/// A row that cells are still coming for.
#[derive(Default)]
struct Open {
    number: Option<u32>,
    cells: Vec<String>,
    bytes: usize,
    too_long: bool,
}

impl Open {
    fn is_before(&self, number: u32) -> bool {
        self.number.is_some_and(|own| own != number)
    }

    fn put(&mut self, number: u32, column: usize, value: &DataRef<'_>) -> Result<(), SheetError> {
        if self.number.is_some_and(|own| number < own) {
            return Err(SheetError::Workbook("its rows are out of order".to_owned()));
        }
        self.number = Some(number);
        let text = text_of(value);
        if text.is_empty() {
            return Ok(());
        }
        // Cells far to the right are in no column that anybody named; one is kept to tell.
        let column = column.min(COLUMNS_MAX);
        self.bytes += text.len();
        if self.bytes > ROW_BYTES_MAX {
            self.too_long = true;
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    fn raw(self) -> Raw {
        let problem = self.too_long.then_some(RowProblem::TooLong);
        Raw { line: self.number.unwrap_or(0).saturating_add(1), cells: self.cells, problem }
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => format!("{NUMBER_MARK}{number}"),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => tidy(text),
        DataRef::SharedString(text) => tidy(text),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => date_text(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => tidy(text),
        // What a formula could not compute has no value.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// The digits that Excel shows: what binary fractions add behind them is none of the number.
fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let rounded = format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number);
    format!("{NUMBER_MARK}{rounded}")
}

fn date_text(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return number_text(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn of(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::OldForm,
        error => SheetError::Workbook(error.to_string()),
    }
}
