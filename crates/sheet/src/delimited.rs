//! Text with a sign between cells.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::encoding::decoded;
use crate::header::Raw;
use crate::{
    BROKEN_ROWS_MAX, COLUMNS_MAX, Format, HeaderFinder, ROW_BYTES_MAX, RowProblem, SheetError,
    Take, Told,
};

/// Signs that are looked for, the usual first.
const SIGNS: &[u8] = b",;\t|:^~#*&/";
/// Lines that are looked at to find the sign.
const PROBE_LINES: usize = 30;
/// Cells of a row that are read: some more than there may be columns, to tell that there are more.
const CELLS_MAX: usize = COLUMNS_MAX + 20;

pub(crate) fn read(bytes: &[u8], told: &Told, take: &mut dyn Take) -> Result<(), SheetError> {
    let (text, encoding) = decoded(bytes);
    let (text, lines, written) = separator_line(&text);
    let separator = match told.separator {
        Some(sign) => allowed(sign)?,
        None => written.unwrap_or_else(|| likely_separator(text)),
    };
    let format = Format::Delimited { separator: char::from(separator), encoding };
    let mut rows = Rows::new(text.as_bytes(), separator, lines);
    let mut finder = HeaderFinder::new(format, take);
    while let Some(raw) = rows.next()? {
        if !finder.push(raw)? {
            return Ok(());
        }
    }
    finder.end()
}

fn allowed(sign: char) -> Result<u8, SheetError> {
    let good = sign == '\t' || (sign.is_ascii_graphic() && !sign.is_ascii_alphanumeric());
    match u8::try_from(sign) {
        Ok(byte) if (good || sign == ' ') && sign != '"' => Ok(byte),
        _ => Err(SheetError::Separator(sign)),
    }
}

/// Excel's own first line, `sep=;`: what is after it, the lines it takes, and what it says.
fn separator_line(text: &str) -> (&str, u32, Option<u8>) {
    let first = text.lines().next().unwrap_or_default();
    let said = first.trim_end().trim_matches('"').strip_prefix("sep=").and_then(|rest| {
        let mut chars = rest.chars();
        let sign = chars.next().or(first.ends_with('\t').then_some('\t'))?;
        chars.next().is_none().then(|| allowed(sign).ok())?
    });
    match said {
        Some(sign) => {
            let rest = text[first.len()..].trim_start_matches(['\r', '\n']);
            (rest, 1, Some(sign))
        }
        None => (text, 0, None),
    }
}

/// The sign that divides the first lines into the same number of cells most often; the more cells
/// the better.
fn likely_separator(text: &str) -> u8 {
    let lines: Vec<&str> =
        text.lines().filter(|it| !it.trim().is_empty()).take(PROBE_LINES).collect();
    let score = |sign: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| count(line, sign)).collect();
        let most = counts
            .iter()
            .copied()
            .filter(|it| *it > 0)
            .max_by_key(|wanted| (counts.iter().filter(|it| *it == wanted).count(), *wanted));
        let same = most.map_or(0, |it| counts.iter().filter(|count| **count == it).count());
        // The header says what there is: a comma within amounts is not in it.
        let in_first = counts.iter().take(3).any(|it| Some(*it) == most);
        if in_first { (same, most.unwrap_or(0)) } else { (0, 0) }
    };
    let mut best = (b',', (0, 0));
    for sign in SIGNS {
        let found = score(*sign);
        if found > best.1 {
            best = (*sign, found);
        }
    }
    best.0
}

/// How often a sign stands in a line outside of quotes.
fn count(line: &str, sign: u8) -> usize {
    let mut quoted = false;
    let mut found = 0;
    for byte in line.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            byte if byte == sign && !quoted => found += 1,
            _ => {}
        }
    }
    found
}

/// The records of a text, one after the other.
struct Rows<'a> {
    text: &'a [u8],
    offset: usize,
    line: u32,
    separator: u8,
    core: Reader,
    out: Vec<u8>,
    ends: Vec<usize>,
    broken: u32,
}

enum Record {
    /// So many bytes of text and cells were read.
    Read {
        bytes: usize,
        cells: usize,
    },
    /// It does not end within what a row may have.
    Endless,
    End,
}

impl<'a> Rows<'a> {
    fn new(text: &'a [u8], separator: u8, lines: u32) -> Self {
        Self {
            text,
            offset: 0,
            line: 1 + lines,
            separator,
            core: ReaderBuilder::new().delimiter(separator).build(),
            out: vec![0; ROW_BYTES_MAX + 16],
            ends: vec![0; CELLS_MAX],
            broken: 0,
        }
    }

    fn next(&mut self) -> Result<Option<Raw>, SheetError> {
        self.skip_line_ends();
        if self.offset >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        match self.record() {
            Record::End => Ok(None),
            Record::Endless => self.broken_row(),
            Record::Read { bytes, cells } => {
                let raw = &self.text[self.offset..self.offset + bytes];
                let lines = line_ends(raw);
                let quotes = raw.iter().filter(|it| **it == b'"').count();
                if lines > 1 && quotes % 2 == 1 {
                    return self.broken_row();
                }
                let cells = self.cells(cells);
                self.offset += bytes;
                self.line += lines.max(1);
                Ok(Some(Raw { line, cells, problem: None }))
            }
        }
    }

    fn skip_line_ends(&mut self) {
        while let Some(byte @ (b'\n' | b'\r')) = self.text.get(self.offset) {
            let pair = *byte == b'\r' && self.text.get(self.offset + 1) == Some(&b'\n');
            self.offset += if pair { 2 } else { 1 };
            self.line += 1;
        }
    }

    /// Reads one record from where it begins; nothing is consumed yet.
    fn record(&mut self) -> Record {
        self.core.reset();
        let end = self.text.len().min(self.offset + ROW_BYTES_MAX);
        let input = &self.text[self.offset..end];
        let (mut result, bytes, wrote, mut cells) =
            self.core.read_record(input, &mut self.out, &mut self.ends);
        if matches!(result, ReadRecordResult::InputEmpty) && end == self.text.len() {
            let (last, _, _, more) =
                self.core.read_record(&[], &mut self.out[wrote..], &mut self.ends[cells..]);
            (result, cells) = (last, cells + more);
        }
        match result {
            ReadRecordResult::Record => Record::Read { bytes: self.with_line_end(bytes), cells },
            ReadRecordResult::OutputEndsFull => self.to_line_end(cells),
            ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull => Record::Endless,
            ReadRecordResult::End => Record::End,
        }
    }

    /// The reader takes the first sign of a line's end; the second belongs to it.
    fn with_line_end(&self, bytes: usize) -> usize {
        let at = self.offset + bytes;
        let pair = bytes > 0 && self.text[at - 1] == b'\r' && self.text.get(at) == Some(&b'\n');
        if pair { bytes + 1 } else { bytes }
    }

    /// More cells than are read: the rest of the line is left out.
    fn to_line_end(&self, cells: usize) -> Record {
        let rest = &self.text[self.offset..];
        let end = rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |at| at + 1);
        Record::Read { bytes: end, cells }
    }

    fn cells(&self, count: usize) -> Vec<String> {
        let mut from = 0;
        let mut cells = Vec::with_capacity(count);
        for end in &self.ends[..count] {
            let end = (*end).clamp(from, self.out.len());
            cells.push(tidy(&String::from_utf8_lossy(&self.out[from..end])));
            from = end;
        }
        cells
    }

    /// A row whose quotation mark is not closed, or that does not end: its first line alone, and
    /// what follows is read again from the next one.
    fn broken_row(&mut self) -> Result<Option<Raw>, SheetError> {
        self.broken += 1;
        if self.broken > BROKEN_ROWS_MAX {
            return Err(SheetError::Broken);
        }
        let rest = &self.text[self.offset..];
        let end = rest.iter().position(|it| matches!(it, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = &rest[..end];
        let quoted = line.contains(&b'"');
        let problem = if quoted { RowProblem::QuoteOpen } else { RowProblem::TooLong };
        let kept = &line[..end.min(ROW_BYTES_MAX)];
        let cells = kept.split(|it| *it == self.separator).take(CELLS_MAX);
        let cells = cells.map(|it| tidy(&String::from_utf8_lossy(it))).collect();
        let raw = Raw { line: self.line, cells, problem: Some(problem) };
        self.offset += end;
        Ok(Some(raw))
    }
}

/// Lines that a record takes.
fn line_ends(raw: &[u8]) -> u32 {
    let mut lines: u32 = 0;
    for (at, byte) in raw.iter().enumerate() {
        let pair = *byte == b'\n' && at > 0 && raw[at - 1] == b'\r';
        if matches!(byte, b'\n' | b'\r') && !pair {
            lines += 1;
        }
    }
    let ended = raw.last().is_some_and(|it| matches!(it, b'\n' | b'\r'));
    lines + u32::from(!ended)
}

/// A cell without blanks at its ends and without signs that mean nothing in a table.
pub(crate) fn tidy(cell: &str) -> String {
    let cell = cell.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
    // Written so that a spreadsheet takes digits for a text: ="00123".
    let cell = cell.strip_prefix("=\"").and_then(|it| it.strip_suffix('"')).unwrap_or(cell);
    if cell.contains(|it: char| it.is_control() && it != '\n') {
        return cell.replace(|it: char| it.is_control() && it != '\n', "");
    }
    cell.to_owned()
}
