//! Tables written as CSV.

/// One row of CSV with its end. A text that a spreadsheet would take for a formula gets an apostrophe
/// in front.
#[must_use]
pub fn csv_row(cells: &[&str]) -> String {
    let mut row = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if risky || cell.contains([',', '"', '\n', '\r']) {
            row.push('"');
            if risky {
                row.push('\'');
            }
            row.push_str(&cell.replace('"', "\"\""));
            row.push('"');
        } else {
            row.push_str(cell);
        }
    }
    row.push_str("\r\n");
    row
}
