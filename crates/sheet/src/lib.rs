//! Tables that people keep in files: CSV in any dress, XLSX; bytes to rows of text, and cells to
//! amounts and moments.
//!
//! **Invariant.** Values in, values out: nothing here opens a file, and no bytes make it panic, read
//! for ever or take more memory than its limits allow. Whatever a row looks like, the rows after it
//! are read.
//!
//! **Mechanism.** [`read`] finds out what the bytes are, and hands row after row to its caller, who
//! may stop. A number of a workbook is handed on as [`NUMBER_MARK`] and its decimal digits, so that
//! it is not mistaken for a text written with a comma; [`plain`] takes the mark off.
//!
//! **Limit.** Of a workbook one sheet is read, its values and not its formulas.

mod amount;
mod delimited;
mod encoding;
mod header;
mod moment;
mod workbook;
mod written;

pub use amount::{Decimal, amount, guess_decimal, whole};
pub use encoding::Encoding;
pub use moment::{DateOrder, Moment, guess_order, moment};

pub use written::csv_row;

use header::HeaderFinder;

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = tributary_kernel::limits::ROWS_FILE_BYTES_MAX;
/// Bytes of a workbook once unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Rows of a file, besides its header.
pub const ROWS_MAX: u32 = 1_100_000;
/// Columns of a file.
pub const COLUMNS_MAX: usize = 200;
/// Bytes of a cell.
pub const CELL_BYTES_MAX: usize = 4_000;
/// Bytes of a row.
pub const ROW_BYTES_MAX: usize = 64 * 1024;
/// Rows whose quotes never end, before the file is given up.
pub const BROKEN_ROWS_MAX: u32 = 1_000;

/// In front of a cell that is a number of a workbook: `1250.5`, never with thousands signs.
pub const NUMBER_MARK: char = '\u{1}';

/// A cell as people see it.
#[must_use]
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix(NUMBER_MARK).unwrap_or(cell)
}

/// What a file was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Text with a sign between cells.
    Delimited {
        /// The sign.
        separator: char,
        /// How its letters are written.
        encoding: Encoding,
    },
    /// XLSX.
    Workbook {
        /// The sheet that was read.
        sheet: String,
        /// The sheets that could be.
        sheets: Vec<String>,
    },
}

/// What the sender says of a file; what is left out is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The sign between cells: any ASCII character but a quote, a letter, a digit or a line's end.
    pub separator: Option<char>,
    /// The sheet of a workbook, by name.
    pub sheet: Option<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins: the line of a text, the row of a sheet; the first is 1.
    pub line: u32,
    /// As many as the header has. Without blanks at their ends.
    pub cells: Vec<String>,
    /// Why it cannot be relied on.
    pub problem: Option<RowProblem>,
}

/// What is wrong with a row as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowProblem {
    /// A quotation mark was opened and not closed.
    QuoteOpen,
    /// It has cells beyond the header's last one.
    ExtraCells,
    /// A cell or the whole row is too long.
    TooLong,
}

impl RowProblem {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::QuoteOpen, Self::ExtraCells, Self::TooLong];

    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuoteOpen => "quote_open",
            Self::ExtraCells => "extra_cells",
            Self::TooLong => "row_too_long",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::QuoteOpen => {
                "A quotation mark is opened here and never closed: close or double it."
            }
            Self::ExtraCells => {
                "This row has more cells than the header: put texts with the separator in quotes."
            }
            Self::TooLong => "This row or one of its cells is too long: shorten it.",
        }
    }
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Nothing in it.
    #[error("the file has no rows")]
    Empty,
    /// See [`FILE_BYTES_MAX`].
    #[error("a file has at most {FILE_BYTES_MAX} bytes; divide it")]
    TooLarge,
    /// See [`UNPACKED_BYTES_MAX`].
    #[error("this workbook is too large once unpacked; divide it, or save it as CSV")]
    Bomb,
    /// See [`ROWS_MAX`].
    #[error("a file has at most {ROWS_MAX} rows; divide it")]
    TooManyRows,
    /// See [`COLUMNS_MAX`].
    #[error("a file has at most {COLUMNS_MAX} columns; leave out what is not needed")]
    TooManyColumns,
    /// See [`BROKEN_ROWS_MAX`].
    #[error("too many quotation marks are never closed; save the file again as CSV")]
    Broken,
    /// A sign that cannot stand between cells.
    #[error("`{0}` cannot stand between cells; give one ASCII sign like ; or a tab")]
    Separator(char),
    /// No sheet of that name.
    #[error("the workbook has no sheet `{0}`")]
    NoSheet(String),
    /// Another program's form.
    #[error("this is a file of an older or protected form; save it as .xlsx or as CSV")]
    OldForm,
    /// It begins as a workbook does.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
}

impl SheetError {
    /// Its stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge => "file_too_large",
            Self::Bomb => "workbook_too_large",
            Self::TooManyRows => "too_many_rows",
            Self::TooManyColumns => "too_many_columns",
            Self::Broken => "quotes_broken",
            Self::Separator(_) => "separator_unknown",
            Self::NoSheet(_) => "sheet_unknown",
            Self::OldForm => "file_old_form",
            Self::Workbook(_) => "workbook_unreadable",
        }
    }
}

/// What a file begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is.
    pub format: Format,
    /// The names of its columns, as they stand there; an empty one where none stands.
    pub header: Vec<String>,
}

/// Who takes what is read.
pub trait Take {
    /// The header: once, before all rows. False: read no further.
    fn head(&mut self, head: Head) -> bool;
    /// A row that is not empty. False: read no further.
    fn row(&mut self, row: Row) -> bool;
}

/// Reads a file from its first to its last row, as far as its taker wants.
///
/// # Errors
/// When it cannot be read at all; see [`SheetError`]. What was taken before stays taken.
pub fn read(bytes: &[u8], told: &Told, take: &mut dyn Take) -> Result<(), SheetError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SheetError::TooLarge);
    }
    if workbook::is_workbook(bytes) {
        return workbook::read(bytes, told, take);
    }
    if workbook::is_old_form(bytes) {
        return Err(SheetError::OldForm);
    }
    delimited::read(bytes, told, take)
}

/// A cell that cannot be what its column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// Stable name.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub detail: String,
}

impl CellError {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// What must hold for whatever bytes: called by tests and fuzz targets.
pub mod fuzz {
    use super::{CELL_BYTES_MAX, COLUMNS_MAX, Head, Row, Take, Told};

    struct Checks {
        columns: Option<usize>,
        line: u32,
    }

    impl Take for Checks {
        fn head(&mut self, head: Head) -> bool {
            assert!(self.columns.is_none(), "one header");
            assert!(!head.header.is_empty() && head.header.len() <= COLUMNS_MAX, "bounded");
            self.columns = Some(head.header.len());
            true
        }

        fn row(&mut self, row: Row) -> bool {
            assert_eq!(Some(row.cells.len()), self.columns, "as many cells as the header has");
            assert!(row.cells.iter().all(|it| it.len() <= CELL_BYTES_MAX), "bounded");
            assert!(row.line > self.line, "rows come in order");
            self.line = row.line;
            true
        }
    }

    /// Any bytes are read to their end or refused.
    pub fn reads(bytes: &[u8]) {
        let mut checks = Checks { columns: None, line: 0 };
        let read = super::read(bytes, &Told::default(), &mut checks);
        assert!(read.is_err() || checks.columns.is_some(), "what is read has a header");
    }
}
