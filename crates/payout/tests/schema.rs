//! Somebody else's validator accepts each file and somebody else's parser reads the same numbers
//! out of it: the schema that the Python package `sepaxml` carries, by `lxml` (libxml2) and by
//! `xmlschema`. Nothing of that package is part of this repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::all;
use tributary_money::Money;
use tributary_payout::pain001::{end_to_end_id, message_id, write_payment_file};

const HOW_TO: &str = "\
This test needs a Python with the packages sepaxml and lxml (xmlschema comes with sepaxml).
  python3 -m venv target/sepaxml && target/sepaxml/bin/pip install sepaxml lxml
  export TRIBUTARY_SEPAXML_PYTHON=$PWD/target/sepaxml/bin/python
`cargo xtask test` does both.";

/// The interpreter named in `TRIBUTARY_SEPAXML_PYTHON`, else `python3`, if it has the packages.
fn python() -> PathBuf {
    let named = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON");
    let python = named.map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let probe = Command::new(&python).args(["-c", "import sepaxml, lxml, xmlschema"]).output();
    match probe {
        Ok(output) if output.status.success() => python,
        Ok(output) => panic!(
            "{}: {}\n{HOW_TO}",
            python.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ),
        Err(error) => panic!("{}: {error}\n{HOW_TO}", python.display()),
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/read_pain001.py")
}

/// What the script prints of a valid file; an invalid one is an error with the validator's words.
fn read_back(python: &Path, bytes: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.xml");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(python).arg(script()).arg(&path).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[test]
fn the_schema_accepts_each_file_and_a_parser_reads_the_same_numbers() {
    let python = python();
    for sample in all() {
        let bytes = write_payment_file(&sample.profile, &sample.file).unwrap();
        let read =
            read_back(&python, &bytes).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        let currency = sample.profile.currency;
        let total = sample.file.payments.iter().map(|payment| payment.amount.minor).sum();
        let mut expected = vec![format!(
            "file {} {} {}",
            message_id(sample.file.run, currency),
            sample.file.payments.len(),
            Money::new(total, currency).to_decimal_string()
        )];
        let mut payments: Vec<String> = sample
            .file
            .payments
            .iter()
            .map(|payment| {
                let reference = end_to_end_id(payment.payout);
                format!("payment {reference} {} {currency}", payment.amount.to_decimal_string())
            })
            .collect();
        payments.sort();
        expected.extend(payments);
        assert_eq!(read.lines().collect::<Vec<_>>(), expected, "{}", sample.name);
    }
}

/// The validator is one that can say no.
#[test]
fn the_schema_refuses_a_broken_file() {
    let python = python();
    let sample = support::sepa_euro();
    let text =
        String::from_utf8(write_payment_file(&sample.profile, &sample.file).unwrap()).unwrap();
    for (from, to) in [
        ("<Ctry>DE</Ctry>", "<Ctry>Germany</Ctry>"),
        ("<BICFI>COBADEFFXXX</BICFI>", "<BIC>COBADEFFXXX</BIC>"),
        ("<Dt>2026-12-01</Dt>", "2026-12-01"),
        ("<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>4</NbOfTxs>"),
        (">1234.56<", ">1234.57<"),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        let error = read_back(&python, broken.as_bytes()).expect_err(to);
        assert!(!error.contains("Traceback"), "{error}");
    }
}
