//! Check digits against somebody else's: the Python package `python-stdnum`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tributary_payout::tax::{NumberKind, TaxNumber, TaxNumberError};

fn valid(kind: NumberKind, text: &str) -> bool {
    TaxNumber::parse(kind, text).is_ok()
}

#[test]
fn numbers_are_read_as_people_write_them() {
    let dk = TaxNumber::parse(NumberKind::DkCvr, "DK 13 58 56 28").unwrap();
    assert_eq!((dk.as_str(), dk.has_checked_digits()), ("13585628", true));
    let se = TaxNumber::parse(NumberKind::SeOrganisation, "556016-0680").unwrap();
    assert_eq!(se.to_string(), "5560160680");
    let vat = TaxNumber::parse(NumberKind::EuVat, "se 556016068001").unwrap();
    assert_eq!(vat.as_str(), "SE556016068001");
    let id = TaxNumber::parse(NumberKind::IdNpwp, "01.234.567.8-901.000").unwrap();
    assert!(!id.has_checked_digits(), "the form is all that is known");
    let fr = TaxNumber::parse(NumberKind::EuVat, "FR 40 303 265 045").unwrap();
    assert!(!fr.has_checked_digits());
    for (kind, text, error) in [
        (NumberKind::DkCvr, "13585627", TaxNumberError::Checksum),
        (NumberKind::DkCvr, "1358562", TaxNumberError::Form),
        (NumberKind::DkCvr, "", TaxNumberError::Form),
        (NumberKind::SeOrganisation, "556016-0681", TaxNumberError::Checksum),
        (NumberKind::NoOrganisation, "988077918", TaxNumberError::Checksum),
        (NumberKind::EuVat, "US123456789", TaxNumberError::Country),
        (NumberKind::EuVat, "D", TaxNumberError::Form),
        (NumberKind::EuVat, "DK13585627", TaxNumberError::Checksum),
        (NumberKind::EuVat, "DE13669597é", TaxNumberError::Form),
        (NumberKind::IdNpwp, "1234567890", TaxNumberError::Form),
    ] {
        assert_eq!(TaxNumber::parse(kind, text), Err(error), "{kind} {text}");
    }
}

/// Many numbers of each form, of which a tenth or so are right by chance.
#[test]
fn somebody_else_finds_the_same_numbers_good() {
    let forms = [
        ("dk.cvr", NumberKind::DkCvr, "", "dddddddd", ""),
        ("se.orgnr", NumberKind::SeOrganisation, "", "dddddddddd", ""),
        ("no.orgnr", NumberKind::NoOrganisation, "", "ddddddddd", ""),
        ("de.vat", NumberKind::EuVat, "DE", "ddddddddd", ""),
        ("fi.alv", NumberKind::EuVat, "FI", "dddddddd", ""),
        ("nl.btw", NumberKind::EuVat, "NL", "ddddddddd", "B01"),
        ("nl.btw", NumberKind::EuVat, "NL", "001234567", "Bdd"),
        ("be.vat", NumberKind::EuVat, "BE", "0ddddddddd", ""),
        ("it.iva", NumberKind::EuVat, "IT", "dddddd10010", ""),
        ("pl.nip", NumberKind::EuVat, "PL", "dddddddddd", ""),
        ("pt.nif", NumberKind::EuVat, "PT", "ddddddddd", ""),
        ("lu.tva", NumberKind::EuVat, "LU", "dddddddd", ""),
        ("ee.kmkr", NumberKind::EuVat, "EE", "ddddddddd", ""),
        ("at.uid", NumberKind::EuVat, "AT", "Udddddddd", ""),
        ("se.vat", NumberKind::EuVat, "SE", "dddddddddd", "01"),
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut digit = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + u8::try_from((state >> 33) % 10).unwrap())
    };
    let mut asked = Vec::new();
    for (module, kind, prefix, form, suffix) in forms {
        for _ in 0..1_500 {
            let text: String = format!("{form}{suffix}")
                .chars()
                .map(|it| if it == 'd' { digit() } else { it })
                .collect();
            asked.push((module, kind, format!("{prefix}{text}")));
        }
    }
    let named = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/check_numbers.py");
    let mut python = Command::new(named.unwrap_or_else(|| "python3".into()))
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String =
        asked.iter().map(|(module, _, text)| format!("{module} {text}\n")).collect();
    let mut input = python.stdin.take().unwrap();
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success(), "see tests/schema.rs for the setup");
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), asked.len());
    let mut good = std::collections::BTreeMap::new();
    for ((module, kind, text), answer) in asked.iter().zip(answers.lines()) {
        assert_eq!(valid(*kind, text), answer == "good", "{module} {text}");
        *good.entry(*module).or_insert(0) += usize::from(answer == "good");
    }
    assert!(good.values().all(|count| *count > 5), "each has good ones: {good:?}");
}
