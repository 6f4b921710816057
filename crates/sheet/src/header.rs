//! Which row names the columns: files of reports often have a title above it.

use crate::{
    CELL_BYTES_MAX, COLUMNS_MAX, Format, Head, ROWS_MAX, Row, RowProblem, SheetError, Take,
};

/// Rows looked at for a header.
const TITLE_ROWS_MAX: usize = 10;

/// Cells as they were read, before it is known how many columns there are.
pub(crate) struct Raw {
    pub(crate) line: u32,
    pub(crate) cells: Vec<String>,
    pub(crate) problem: Option<RowProblem>,
}

impl Raw {
    fn filled(&self) -> usize {
        self.cells.iter().filter(|it| !it.is_empty()).count()
    }
}

/// Hands rows on once the header is known: the first row with two cells or more; where there is no
/// such among the first ten, the first row.
pub(crate) struct HeaderFinder<'a> {
    take: &'a mut dyn Take,
    format: Format,
    waiting: Vec<Raw>,
    columns: Option<usize>,
    rows: u32,
}

impl<'a> HeaderFinder<'a> {
    pub(crate) fn new(format: Format, take: &'a mut dyn Take) -> Self {
        Self { take, format, waiting: Vec::new(), columns: None, rows: 0 }
    }

    /// Takes a row; false: no more are wanted.
    pub(crate) fn push(&mut self, raw: Raw) -> Result<bool, SheetError> {
        if raw.filled() == 0 && raw.problem.is_none() {
            return Ok(true);
        }
        if self.columns.is_some() {
            return self.hand_on(raw);
        }
        let is_header = raw.filled() > 1;
        self.waiting.push(raw);
        if is_header {
            let header = self.waiting.pop();
            self.waiting.clear();
            return self.begin(header);
        }
        if self.waiting.len() == TITLE_ROWS_MAX { self.settle() } else { Ok(true) }
    }

    /// The file has ended.
    pub(crate) fn end(&mut self) -> Result<(), SheetError> {
        if self.columns.is_none() {
            self.settle()?;
        }
        Ok(())
    }

    /// No row has two cells: the first is the header.
    fn settle(&mut self) -> Result<bool, SheetError> {
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        let mut on = self.begin(waiting.next())?;
        for raw in waiting {
            on = on && self.hand_on(raw)?;
        }
        Ok(on)
    }

    fn begin(&mut self, header: Option<Raw>) -> Result<bool, SheetError> {
        let mut header = header.ok_or(SheetError::Empty)?.cells;
        while header.last().is_some_and(String::is_empty) {
            header.pop();
        }
        if header.len() > COLUMNS_MAX {
            return Err(SheetError::TooManyColumns);
        }
        for name in &mut header {
            *name = crate::plain(name).replace(char::is_control, " ");
            shorten(name);
        }
        if header.is_empty() {
            return Err(SheetError::Empty);
        }
        self.columns = Some(header.len());
        Ok(self.take.head(Head { format: self.format.clone(), header }))
    }

    fn hand_on(&mut self, raw: Raw) -> Result<bool, SheetError> {
        if self.rows == ROWS_MAX {
            return Err(SheetError::TooManyRows);
        }
        self.rows += 1;
        let columns = self.columns.unwrap_or_default();
        let Raw { line, mut cells, mut problem } = raw;
        let mut extra = cells.iter().skip(columns);
        if problem.is_none() && extra.any(|it| !it.is_empty()) {
            problem = Some(RowProblem::ExtraCells);
        }
        cells.resize(columns, String::new());
        for cell in &mut cells {
            if shorten(cell) {
                problem = problem.or(Some(RowProblem::TooLong));
            }
        }
        Ok(self.take.row(Row { line, cells, problem }))
    }
}

/// Cuts a cell to what is kept of it, and says whether that was needed.
fn shorten(cell: &mut String) -> bool {
    if cell.len() <= CELL_BYTES_MAX {
        return false;
    }
    let end = (0..=CELL_BYTES_MAX).rev().find(|at| cell.is_char_boundary(*at)).unwrap_or(0);
    cell.truncate(end);
    true
}
