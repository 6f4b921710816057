//! Invoices as files: accepted by the schema of UBL 2.1 and the rules of EN 16931, which packages
//! of others carry; and the PDF read as text by pypdf.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::path::Path;
use std::process::Command;

use tributary_money::{Currency, Money, Rate};
use tributary_payout::invoice::{
    DocumentKind, Invoice, InvoiceError, InvoiceLine, InvoiceParty, InvoiceSeries, InvoiceWords,
    VatCategory, write_pdf, write_ubl,
};

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

fn party(name: &str, country: &str, vat: Option<&str>) -> InvoiceParty {
    InvoiceParty {
        name: name.to_owned(),
        street: Some("Østergade 3".to_owned()),
        post_code: Some("2100".to_owned()),
        town: "København Ø".to_owned(),
        country: country.to_owned(),
        vat_number: vat.map(str::to_owned),
        company_number: Some((Some("0184".to_owned()), "13585628".to_owned())),
        identifier: None,
        endpoint: Some(("0184".to_owned(), "13585628".to_owned())),
    }
}

fn line(name: &str, minor: i64, vat: VatCategory) -> InvoiceLine {
    InvoiceLine { name: name.to_owned(), net: dkk(minor), vat }
}

fn invoice(vat: VatCategory, lines: &[i64]) -> Invoice {
    let (number, _) = InvoiceSeries::new("SB-2026-").unwrap().take();
    Invoice {
        number,
        kind: DocumentKind::Invoice,
        issued_on: "2026-03-16".parse().unwrap(),
        due_on: Some("2026-03-31".parse().unwrap()),
        period: Some(("2026-02-01".parse().unwrap(), "2026-02-28".parse().unwrap())),
        currency: Currency::DKK,
        seller: party("Anna Ågård & Søn", "DK", Some("DK13585628")),
        buyer: party("Acme A/S", "DK", Some("DK88146328")),
        buyer_reference: "pay-01kz".to_owned(),
        agreement: "Agreement of 2026-01-01".to_owned(),
        lines: lines
            .iter()
            .map(|minor| line("Provision, ordre •••1009 <æøå>", *minor, vat))
            .collect(),
        note: None,
    }
}

fn samples() -> Vec<(&'static str, Invoice)> {
    let standard = VatCategory::Standard(rate("0.25"));
    let domestic = invoice(standard, &[250_001, 20_000, -5_000]);
    let mut reverse = invoice(VatCategory::ReverseCharge, &[100_000]);
    reverse.seller = InvoiceParty {
        company_number: Some((Some("0007".to_owned()), "5560160680".to_owned())),
        endpoint: Some(("0007".to_owned(), "5560160680".to_owned())),
        ..party("Åkerlund AB", "SE", Some("SE556016068001"))
    };
    let mut outside = invoice(VatCategory::NotSubject, &[100_000, 1]);
    outside.seller = InvoiceParty {
        company_number: None,
        identifier: Some("part_01kz".to_owned()),
        endpoint: None,
        ..party("Wayan", "ID", None)
    };
    let mut credit = invoice(standard, &[12_345]);
    let (first, rest) = InvoiceSeries::new("SB-2026-").unwrap().take();
    credit.number = rest.take().0;
    credit.kind = DocumentKind::CreditNote { of: vec![(first, "2026-03-16".parse().unwrap())] };
    let mut mixed = invoice(standard, &[999]);
    mixed.lines.push(line("Another rate", 333, VatCategory::Standard(rate("0.12"))));
    vec![
        ("domestic", domestic),
        ("reverse", reverse),
        ("outside", outside),
        ("credit", credit),
        ("mixed", mixed),
    ]
}

fn words() -> InvoiceWords {
    let text = str::to_owned;
    InvoiceWords {
        invoice: text("Afregningsbilag (self-billing)"),
        credit_note: text("Kreditnota"),
        number: text("Nummer"),
        issued: text("Dato"),
        due: text("Betales"),
        period: text("Periode"),
        seller: text("Sælger"),
        buyer: text("Køber"),
        vat_number: text("Momsnr."),
        company_number: text("CVR-nr."),
        reference: text("Reference"),
        agreement: text("Aftale"),
        corrects: text("Retter"),
        description: text("Tekst"),
        amount: text("Beløb"),
        net: text("I alt uden moms"),
        vat: text("Moms"),
        total: text("I alt"),
        reverse_charge: text("Omvendt betalingspligt / Reverse charge"),
        not_subject: text("Ikke omfattet af moms"),
    }
}

fn python() -> std::ffi::OsString {
    std::env::var_os("TRIBUTARY_SEPAXML_PYTHON").unwrap_or_else(|| "python3".into())
}

/// What the script says of a file: nothing when it holds.
fn validated(kind: &str, bytes: &[u8]) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/check_ubl.py");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("invoice.xml");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(python()).arg(&script).arg(kind).arg(&path).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[test]
fn schema_and_rules_of_others_accept_the_files() {
    for (name, invoice) in samples() {
        let bytes = write_ubl(&invoice).unwrap();
        assert_eq!(bytes, write_ubl(&invoice).unwrap(), "the same values, the same bytes");
        let kind = if invoice.type_code() == "261" { "CreditNote" } else { "Invoice" };
        let found = validated(kind, &bytes);
        let said = found.unwrap_or_else(|error| {
            panic!(
                "{name}: {error}\n{}\nsee tests/schema.rs for the setup",
                String::from_utf8_lossy(&bytes)
            )
        });
        let totals = invoice.totals().unwrap();
        let expected = format!(
            "{} {} {}",
            invoice.type_code(),
            totals.tax.to_decimal_string(),
            totals.gross.to_decimal_string()
        );
        assert_eq!(said.trim(), expected, "{name}");
    }
}

/// The validators are ones that can say no.
#[test]
fn schema_and_rules_refuse_broken_files() {
    let (_, invoice) = samples().remove(0);
    let text = String::from_utf8(write_ubl(&invoice).unwrap()).unwrap();
    for (from, to, says) in [
        ("<cbc:BuyerReference>pay-01kz</cbc:BuyerReference>", "<cbc:Buyer>x</cbc:Buyer>", "Buyer"),
        ("<cbc:IssueDate>2026-03-16</cbc:IssueDate>", "", "IssueDate"),
        (">662.50<", ">662.51<", "BR-"),
        ("<cbc:ID>S</cbc:ID>", "<cbc:ID>Q</cbc:ID>", "BR-"),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        let error = validated("Invoice", text.replacen(from, to, 1).as_bytes()).expect_err(to);
        assert!(error.contains(says) && !error.contains("Traceback"), "{error}");
    }
}

#[test]
fn vat_is_computed_once_per_rate_on_the_sum() {
    let standard = VatCategory::Standard(rate("0.25"));
    // Line by line each øre and half would be rounded up: 3 x 1 = 3 instead of 2.
    let totals = invoice(standard, &[2, 2, 2]).totals().unwrap();
    assert_eq!((totals.net, totals.tax, totals.gross), (dkk(6), dkk(2), dkk(8)));
    let (_, mixed) = samples().pop().unwrap();
    let by_rate: Vec<_> = mixed.totals().unwrap().vat.iter().map(|it| it.tax.minor).collect();
    assert_eq!(by_rate, [40, 250], "333 at 12 %, 999 at 25 %");
}

#[test]
fn what_is_no_invoice_is_refused() {
    let standard = VatCategory::Standard(rate("0.25"));
    let good = || invoice(standard, &[100]);
    assert_eq!(invoice(standard, &[]).totals(), Err(InvoiceError::Lines(0)));
    assert_eq!(invoice(standard, &[100, -200]).totals(), Err(InvoiceError::Negative));
    let mut unregistered = good();
    unregistered.seller.vat_number = None;
    assert!(matches!(unregistered.totals(), Err(InvoiceError::Vat { line: 1, .. })));
    let mut reverse = invoice(VatCategory::ReverseCharge, &[100]);
    reverse.buyer.vat_number = None;
    assert!(matches!(write_ubl(&reverse), Err(InvoiceError::Vat { .. })));
    let mut foreign = good();
    foreign.lines[0].net = Money::new(1, Currency::SEK);
    assert_eq!(foreign.totals(), Err(InvoiceError::Currency(1)));
    let mut endless = good();
    endless.due_on = None;
    assert_eq!(endless.totals(), Err(InvoiceError::Missing("the due date")));
    let mut alone = good();
    alone.kind = DocumentKind::CreditNote { of: vec![] };
    assert_eq!(alone.totals(), Err(InvoiceError::Missing("the invoice that is corrected")));
}

#[test]
fn the_pdf_can_be_read_as_text() {
    for (name, mut invoice) in samples() {
        if name == "domestic" {
            let more = invoice.lines[0].clone();
            invoice.lines.extend(std::iter::repeat_n(more, 120));
        }
        let bytes = write_pdf(&invoice, &words()).unwrap();
        assert_eq!(bytes, write_pdf(&invoice, &words()).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("invoice.pdf");
        std::fs::write(&path, &bytes).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/read_pdf.py");
        let output = Command::new(python()).arg(&script).arg(&path).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && errors.is_empty(), "{name}: {errors}");
        let text = String::from_utf8(output.stdout).unwrap();
        let totals = invoice.totals().unwrap();
        let gross = format!("{} DKK", totals.gross.to_decimal_string());
        for part in [
            invoice.number.as_str(),
            &invoice.seller.name,
            &invoice.buyer.name,
            "København Ø",
            "Sælger",
            "Provision, ordre •••1009 <æøå>",
            &gross,
        ] {
            assert!(text.contains(part), "{name}: {part} in\n{text}");
        }
        let pages = text.matches('\u{c}').count();
        assert_eq!(pages > 1, name == "domestic", "{name} has {pages} pages");
        let reverse = text.contains("Omvendt betalingspligt");
        assert_eq!(reverse, name == "reverse", "{text}");
    }
}
