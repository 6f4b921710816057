//! Files as people have them: each way in which a table can be written is a row of a table here.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

use std::io::Write;

use proptest::prelude::*;
use tributary_sheet::{
    Encoding, Format, Head, NUMBER_MARK, Row, RowProblem, SheetError, Take, Told, fuzz, plain, read,
};

#[derive(Default)]
struct Kept {
    head: Option<Head>,
    rows: Vec<Row>,
    most: Option<usize>,
}

impl Take for Kept {
    fn head(&mut self, head: Head) -> bool {
        self.head = Some(head);
        true
    }

    fn row(&mut self, row: Row) -> bool {
        self.rows.push(row);
        self.most.is_none_or(|most| self.rows.len() < most)
    }
}

fn kept(bytes: &[u8]) -> Kept {
    let mut kept = Kept::default();
    read(bytes, &Told::default(), &mut kept).unwrap();
    kept
}

/// Header, then rows with their lines, in one text.
fn shown(kept: &Kept) -> String {
    let header = kept.head.as_ref().unwrap().header.join("|");
    let rows = kept.rows.iter().map(|it| {
        let problem = it.problem.map(|it| format!(" !{}", it.code())).unwrap_or_default();
        let cells: Vec<&str> = it.cells.iter().map(|it| plain(it)).collect();
        format!("{}: {}{problem}", it.line, cells.join("|"))
    });
    std::iter::once(header).chain(rows).collect::<Vec<_>>().join(" / ")
}

fn separator(kept: &Kept) -> char {
    match kept.head.as_ref().unwrap().format {
        Format::Delimited { separator, .. } => separator,
        Format::Workbook { .. } => panic!("a text"),
    }
}

#[test]
fn any_sign_between_cells_is_found() {
    for sign in [',', ';', '\t', '|', ':', '^', '~', '#'] {
        let text = format!("order{sign}amount\n1009{sign}1250\n1010{sign}80\n");
        let kept = kept(text.as_bytes());
        assert_eq!(separator(&kept), sign);
        assert_eq!(shown(&kept), "order|amount / 2: 1009|1250 / 3: 1010|80");
    }
    let decimal_comma = kept(b"ordre;bel\xc3\xb8b\n1009;12,50\n1010;8,00\n");
    assert_eq!(shown(&decimal_comma), "ordre|bel\u{f8}b / 2: 1009|12,50 / 3: 1010|8,00");
    let quoted = kept(b"order,amount\n1009,\"1,250.00\"\n1010,\"80,50\"\n");
    assert_eq!(shown(&quoted), "order|amount / 2: 1009|1,250.00 / 3: 1010|80,50");
    let said = kept(b"sep=;\r\norder;amount\r\n1;2\r\n");
    assert_eq!(shown(&said), "order|amount / 3: 1|2");
    let told = Told { separator: Some('!'), sheet: None };
    let mut own = Kept::default();
    read(b"order!amount,x\n1!2,3\n", &told, &mut own).unwrap();
    assert_eq!(shown(&own), "order|amount,x / 2: 1|2,3");
    for wrong in ['"', 'a', '7', '\n', 'ø'] {
        let told = Told { separator: Some(wrong), sheet: None };
        let refused = read(b"a,b\n1,2\n", &told, &mut Kept::default());
        assert_eq!(refused, Err(SheetError::Separator(wrong)));
    }
}

#[test]
fn letters_are_read_as_they_were_written() {
    let text = "ordre;kunde\n1009;Søren Åkesson\n";
    let utf16 = |little: bool| -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let latin: Vec<u8> = text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    let table: Vec<(Vec<u8>, Encoding)> = vec![
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
        ([b"\xff\xfe".as_slice(), &utf16(true)].concat(), Encoding::Utf16),
        ([b"\xfe\xff".as_slice(), &utf16(false)].concat(), Encoding::Utf16),
        (utf16(true), Encoding::Utf16),
        (utf16(false), Encoding::Utf16),
        (latin, Encoding::Windows1252),
    ];
    for (bytes, encoding) in table {
        let kept = kept(&bytes);
        assert_eq!(shown(&kept), "ordre|kunde / 2: 1009|Søren Åkesson", "{encoding:?}");
        let Format::Delimited { encoding: found, .. } = kept.head.unwrap().format else { panic!() };
        assert_eq!(found, encoding);
    }
    let euro = kept(b"a;b\n1;\x80 5\n");
    assert_eq!(shown(&euro), "a|b / 2: 1|€ 5", "Windows' letters beyond Latin-1");
}

#[test]
fn rows_of_any_shape_are_read_and_named() {
    let table: &[(&str, &str)] = &[
        ("a,b\r\n1,2\r\n\r\n3,4", "a|b / 2: 1|2 / 4: 3|4"),
        ("a,b\r1,2\r3,4\r", "a|b / 2: 1|2 / 3: 3|4"),
        ("a,b,c\n1,2\n1,2,3,\n1,2,3,4\n", "a|b|c / 2: 1|2| / 3: 1|2|3 / 4: 1|2|3 !extra_cells"),
        ("a,b\n,,\n , \n5,6\n", "a|b / 4: 5|6"),
        ("Sales of November\n\norder,amount\n1,2\n", "order|amount / 4: 1|2"),
        ("order\n1009\n1010\n", "order / 2: 1009 / 3: 1010"),
        ("a,b\n\"x\ny\",2\n3,4\n", "a|b / 2: x\ny|2 / 4: 3|4"),
        ("a,b\n\"x \"\"y\"\"\",2\n", "a|b / 2: x \"y\"|2"),
        ("a,b\n5\" disk,2\n3,4\n", "a|b / 2: 5\" disk|2 / 3: 3|4"),
        ("a,b\n\"open,2\n3,4\n5,6\n", "a|b / 2: \"open|2 !quote_open / 3: 3|4 / 4: 5|6"),
        ("a,b\n=\"00123\",2\n", "a|b / 2: 00123|2"),
        ("a,b\n  x  ,\u{a0}2\u{a0}\n", "a|b / 2: x|2"),
        ("a,b,,\n1,2,,\n", "a|b / 2: 1|2"),
    ];
    for (given, expected) in table {
        assert_eq!(shown(&kept(given.as_bytes())), *expected, "{given:?}");
    }
}

#[test]
fn limits_hold() {
    let refused = |bytes: &[u8]| read(bytes, &Told::default(), &mut Kept::default()).unwrap_err();
    assert_eq!(refused(b""), SheetError::Empty);
    assert_eq!(refused(b"\n \n,,\n"), SheetError::Empty);
    let wide = vec!["x"; 201].join(",");
    assert_eq!(refused(wide.as_bytes()), SheetError::TooManyColumns);
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), SheetError::OldForm);
    assert!(matches!(refused(b"PK\x03\x04..."), SheetError::Workbook(_)));
    let long = format!("a,b\n{},2\n3,4\n", "x".repeat(5_000));
    let long = kept(long.as_bytes());
    assert_eq!(long.rows[0].problem, Some(RowProblem::TooLong));
    assert_eq!(long.rows[1].cells, ["3", "4"]);
    let endless = format!("a,b\n1,\"{}\n3,4\n", "x\n".repeat(40_000));
    let endless = kept(endless.as_bytes());
    assert_eq!(endless.rows[0].problem, Some(RowProblem::QuoteOpen));
    assert_eq!(endless.rows.last().unwrap().cells, ["3", "4"], "what follows is read");
    let mut few = Kept { most: Some(1), ..Kept::default() };
    tributary_sheet::read(b"a,b\n1,2\n3,4\n", &Told::default(), &mut few).unwrap();
    assert_eq!(few.rows.len(), 1, "whoever takes may stop");
}

/// The parts of a workbook, with a sheet of the given cells.
fn workbook(rows: &str, shared: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r1\" \
                 Type=\"{RELATED}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATED}\"><sheets>\
                 <sheet name=\"Orders\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\">\
                 <Relationship Id=\"r1\" Type=\"{RELATED}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"{RELATED}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
                 <Relationship Id=\"r3\" Type=\"{RELATED}/styles\" Target=\"styles.xml\"/>\
                 </Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/>\
                 <xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\">{shared}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_is_read_cell_by_cell() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>\
                <c r=\"C1\" t=\"inlineStr\"><is><t>date</t></is></c></row>\
                <row r=\"3\"><c r=\"A3\"><v>1009</v></c><c r=\"B3\"><v>1250.1000000000001</v></c>\
                <c r=\"C3\" s=\"1\"><v>46347</v></c></row>\
                <row r=\"4\"><c r=\"A4\" t=\"str\"><v>A-7</v></c>\
                <c r=\"C4\" s=\"1\"><v>46347.5</v></c></row>\
                <row r=\"5\"><c r=\"B5\" t=\"e\"><v>#N/A</v></c></row>";
    let book = workbook(rows, "<si><t>order</t></si><si><t>amount</t></si>");
    let kept = kept(&book);
    let expected = "order|amount|date / 3: 1009|1250.1|2026-11-21 / 4: A-7||2026-11-21 12:00:00";
    assert_eq!(shown(&kept), expected);
    assert_eq!(kept.rows[0].cells[1], format!("{NUMBER_MARK}1250.1"), "numbers are marked");
    let format = kept.head.unwrap().format;
    let sheets = vec!["Orders".to_owned()];
    assert_eq!(format, Format::Workbook { sheet: "Orders".into(), sheets });
    let told = Told { separator: None, sheet: Some("Nothing".into()) };
    let missing = read(&book, &told, &mut Kept::default());
    assert_eq!(missing, Err(SheetError::NoSheet("Nothing".into())));
    fuzz::reads(&book);
}

/// Two gigabytes of the same letter pack into two megabytes.
#[test]
fn a_workbook_that_unpacks_without_end_is_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1 << 20];
    for name in ["xl/workbook.xml", "xl/sharedStrings.xml"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..600 {
            zip.write_all(&zeros).unwrap();
        }
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    let refused = read(&bomb, &Told::default(), &mut Kept::default());
    assert_eq!(refused, Err(SheetError::Bomb));
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]{1,8}",
        "[a-zæøå ,;|\t\"'.:-]{0,12}".prop_map(|it| it.trim().to_owned()),
        Just("line one\nline two".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is written as CSV, with any sign between cells, reads back.
    #[test]
    fn what_is_written_reads_back(
        sign in prop::sample::select(b",;\t|^~#!".to_vec()),
        crlf in any::<bool>(),
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..20),
    ) {
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().delimiter(sign).terminator(end).from_writer(vec![]);
        writer.write_record(["order", "amount", "note"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let told = Told { separator: Some(char::from(sign)), sheet: None };
        let mut kept = Kept::default();
        read(&bytes, &told, &mut kept).unwrap();
        let tidy = |cell: &String| cell.trim().replace('\t', "");
        let expected: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(tidy).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|it| !it.is_empty()))
            .collect();
        let found: Vec<Vec<String>> = kept.rows.iter().map(|it| it.cells.clone()).collect();
        prop_assert_eq!(found, expected);
        prop_assert!(kept.rows.iter().all(|it| it.problem.is_none()));
    }

    /// No bytes make it panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        fuzz::reads(&bytes);
    }

    /// Nor texts made of what tables are made of.
    #[test]
    fn any_table_is_read_or_refused(text in "[ab1,;\"\n\r\t =.]{0,200}") {
        fuzz::reads(text.as_bytes());
    }
}
