//! The same document for people: A4, in the standard font every reader has.
//!
//! Limit: that font writes the letters of Windows-1252 (western and northern Europe, Indonesia). A
//! letter beyond them stands as `?` here; the UBL file has it right. Numbers with a fraction below
//! are places on the paper, never amounts.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{DocumentKind, Invoice, InvoiceError, InvoiceParty, InvoiceTotals, VatCategory};

const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 50.0;
const SIZE: f32 = 9.5;
const STEP: f32 = 14.0;
/// Lines end above this.
const FOOT: f32 = 80.0;

/// The fixed words of the document in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceWords {
    /// Title of an invoice, with the word the law asks for: "Self-billing invoice".
    pub invoice: String,
    /// Title of a credit note.
    pub credit_note: String,
    /// Label of the number.
    pub number: String,
    /// Label of the day of issue.
    pub issued: String,
    /// Label of the due date.
    pub due: String,
    /// Label of the period.
    pub period: String,
    /// Label of the seller.
    pub seller: String,
    /// Label of the buyer.
    pub buyer: String,
    /// Label of the VAT number.
    pub vat_number: String,
    /// Label of the number in the register of companies.
    pub company_number: String,
    /// Label of the buyer's reference.
    pub reference: String,
    /// Label of the self-billing agreement.
    pub agreement: String,
    /// Label of the invoices a credit note corrects.
    pub corrects: String,
    /// Heading of the lines.
    pub description: String,
    /// Heading of the amounts.
    pub amount: String,
    /// Label of the sum of the lines.
    pub net: String,
    /// "VAT" before its rate.
    pub vat: String,
    /// Label of the sum to be paid.
    pub total: String,
    /// The words for reverse charge.
    pub reverse_charge: String,
    /// The words for what is not subject to VAT.
    pub not_subject: String,
}

/// Writes the document. The same values give the same bytes.
///
/// # Errors
/// When the document is none, see [`Invoice::totals`].
pub fn write_pdf(invoice: &Invoice, words: &InvoiceWords) -> Result<Vec<u8>, InvoiceError> {
    let totals = invoice.totals()?;
    let mut sheet = Sheet::default();
    let title = match invoice.kind {
        DocumentKind::Invoice => &words.invoice,
        DocumentKind::CreditNote { .. } => &words.credit_note,
    };
    sheet.large(title);
    head(invoice, words, &mut sheet);
    sheet.gap();
    party(&words.seller, &invoice.seller, words, &mut sheet);
    sheet.gap();
    party(&words.buyer, &invoice.buyer, words, &mut sheet);
    sheet.gap();
    body(invoice, words, &totals, &mut sheet);
    Ok(sheet.finish(&format!("{title} {}", invoice.number)))
}

fn head(invoice: &Invoice, words: &InvoiceWords, sheet: &mut Sheet) {
    sheet.pair(&words.number, invoice.number.as_str());
    sheet.pair(&words.issued, &invoice.issued_on.to_string());
    if let Some(due) = invoice.due_on {
        sheet.pair(&words.due, &due.to_string());
    }
    if let Some((from, to)) = invoice.period {
        sheet.pair(&words.period, &format!("{from} - {to}"));
    }
    if let DocumentKind::CreditNote { of } = &invoice.kind {
        let numbers: Vec<&str> = of.iter().map(|(number, _)| number.as_str()).collect();
        sheet.pair(&words.corrects, &numbers.join(", "));
    }
    sheet.pair(&words.reference, &invoice.buyer_reference);
    sheet.pair(&words.agreement, &invoice.agreement);
}

fn party(label: &str, party: &InvoiceParty, words: &InvoiceWords, sheet: &mut Sheet) {
    sheet.bold(label);
    sheet.line(&party.name);
    if let Some(street) = &party.street {
        sheet.line(street);
    }
    let town = [party.post_code.as_deref(), Some(&party.town), Some(&party.country)];
    sheet.line(&town.into_iter().flatten().collect::<Vec<_>>().join(" "));
    if let Some(number) = &party.vat_number {
        sheet.pair(&words.vat_number, number);
    }
    if let Some((_, number)) = &party.company_number {
        sheet.pair(&words.company_number, number);
    }
}

fn body(invoice: &Invoice, words: &InvoiceWords, totals: &InvoiceTotals, sheet: &mut Sheet) {
    let currency = invoice.currency;
    sheet.columns(&words.description, &format!("{} {currency}", words.amount), true);
    sheet.rule();
    for it in &invoice.lines {
        sheet.columns(&it.name, &it.net.to_decimal_string(), false);
    }
    sheet.rule();
    sheet.columns(&words.net, &totals.net.to_decimal_string(), false);
    for it in &totals.vat {
        if let VatCategory::Standard(rate) = it.category {
            let label = format!(
                "{} {} % ({})",
                words.vat,
                rate.to_percent_string(),
                it.net.to_decimal_string()
            );
            sheet.columns(&label, &it.tax.to_decimal_string(), false);
        }
    }
    sheet.columns(&words.total, &format!("{} {currency}", totals.gross.to_decimal_string()), true);
    sheet.gap();
    let has = |category| totals.vat.iter().any(|it| it.category == category);
    if has(VatCategory::ReverseCharge) {
        sheet.line(&words.reverse_charge);
    }
    if has(VatCategory::NotSubject) {
        sheet.line(&words.not_subject);
    }
    if let Some(note) = &invoice.note {
        sheet.line(note);
    }
}

/// Text from top to bottom over as many pages as it takes.
#[derive(Default)]
struct Sheet {
    full: Vec<Vec<u8>>,
    page: Option<(Content, f32)>,
}

impl Sheet {
    fn at(&mut self, step: f32) -> (&mut Content, f32) {
        if self.page.as_ref().is_some_and(|(_, y)| *y < FOOT)
            && let Some((content, _)) = self.page.take()
        {
            self.full.push(content.finish().into_vec());
        }
        let (content, y) = self.page.get_or_insert_with(|| (Content::new(), PAGE.1 - MARGIN));
        *y -= step;
        (content, *y)
    }

    fn large(&mut self, text: &str) {
        let (content, y) = self.at(STEP * 1.5);
        show(content, true, 16.0, MARGIN, y, text);
    }

    fn bold(&mut self, text: &str) {
        let (content, y) = self.at(STEP);
        show(content, true, SIZE, MARGIN, y, text);
    }

    /// Wrapped where it is too long.
    fn line(&mut self, text: &str) {
        for part in wrapped(text, PAGE.0 - 2.0 * MARGIN) {
            let (content, y) = self.at(STEP);
            show(content, false, SIZE, MARGIN, y, &part);
        }
    }

    fn pair(&mut self, label: &str, value: &str) {
        self.line(&format!("{label}: {value}"));
    }

    fn gap(&mut self) {
        self.at(STEP / 2.0);
    }

    /// Left and right on one line; a long text on the left goes on below.
    fn columns(&mut self, left: &str, right: &str, bold: bool) {
        let mut parts = wrapped(left, PAGE.0 - 2.0 * MARGIN - 110.0).into_iter();
        let first = parts.next().unwrap_or_default();
        let (content, y) = self.at(STEP);
        show(content, bold, SIZE, MARGIN, y, &first);
        let end = PAGE.0 - MARGIN - width(right);
        show(content, bold, SIZE, end, y, right);
        for part in parts {
            let (content, y) = self.at(STEP);
            show(content, bold, SIZE, MARGIN, y, &part);
        }
    }

    fn rule(&mut self) {
        let (content, y) = self.at(STEP / 3.0);
        content.set_line_width(0.5);
        content.move_to(MARGIN, y).line_to(PAGE.0 - MARGIN, y).stroke();
    }

    fn finish(mut self, title: &str) -> Vec<u8> {
        if let Some((content, _)) = self.page.take() {
            self.full.push(content.finish().into_vec());
        }
        let (catalog, pages, plain, bold, info) =
            (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4), Ref::new(5));
        let count = i32::try_from(self.full.len()).unwrap_or(i32::MAX);
        let of_page = |index: i32| (Ref::new(6 + 2 * index), Ref::new(7 + 2 * index));
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(pages);
        pdf.document_info(info).title(TextStr(title));
        pdf.pages(pages).kids((0..count).map(|index| of_page(index).0)).count(count);
        for (id, name) in [(plain, "Helvetica"), (bold, "Helvetica-Bold")] {
            let mut font = pdf.type1_font(id);
            font.base_font(Name(name.as_bytes()));
            font.encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        for (index, content) in (0..count).zip(self.full) {
            let (page_id, content_id) = of_page(index);
            let mut page = pdf.page(page_id);
            page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(pages);
            page.contents(content_id);
            page.resources().fonts().pair(Name(b"F1"), plain).pair(Name(b"F2"), bold);
            page.finish();
            pdf.stream(content_id, &content);
        }
        pdf.finish()
    }
}

fn show(content: &mut Content, bold: bool, size: f32, x: f32, y: f32, text: &str) {
    let font: &[u8] = if bold { b"F2" } else { b"F1" };
    content.begin_text();
    content.set_font(Name(font), size);
    content.next_line(x, y);
    content.show(Str(&encoded(text)));
    content.end_text();
}

/// Windows-1252, which the font writes.
fn encoded(text: &str) -> Vec<u8> {
    text.chars().map(byte_of).collect()
}

fn byte_of(letter: char) -> u8 {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        '€' => 0x80,
        'Š' => 0x8a,
        'š' => 0x9a,
        'Ž' => 0x8e,
        'ž' => 0x9e,
        'Œ' => 0x8c,
        'œ' => 0x9c,
        'Ÿ' => 0x9f,
        '‘' | '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '…' => 0x85,
        '−' => b'-',
        '\u{202f}' | '\u{2009}' => b' ',
        _ => b'?',
    }
}

/// Words packed into lines; a word that is too long alone is cut.
fn wrapped(text: &str, room: f32) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&joined) <= room {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if width(&line) > room {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    lines.push(line);
    lines
}

/// In points at [`SIZE`], after the font's published widths; letters with accents as without.
fn width(text: &str) -> f32 {
    let units: u32 = text.chars().map(|letter| u32::from(units_of(letter))).sum();
    f32::from(u16::try_from(units).unwrap_or(u16::MAX)) * SIZE / 1000.0
}

const fn units_of(letter: char) -> u16 {
    match letter {
        'i' | 'j' | 'l' | '\'' => 222,
        ' ' | '!' | ',' | '.' | '/' | ':' | ';' | 'f' | 't' | 'I' | '[' | ']' => 278,
        'r' | '(' | ')' | '-' | '`' => 333,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500,
        '+' | '<' | '=' | '>' | '~' => 584,
        'F' | 'T' | 'Z' | 'ß' | 'ø' => 611,
        '&' | 'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | 'Å' | 'Ä' => 667,
        'C' | 'D' | 'H' | 'N' | 'R' | 'U' | 'w' | 'Ü' => 722,
        'G' | 'O' | 'Q' | 'Ø' | 'Ö' => 778,
        'M' | 'm' => 833,
        '%' | 'æ' => 889,
        'W' => 944,
        '@' | 'Æ' | '—' => 1015,
        _ => 556,
    }
}
