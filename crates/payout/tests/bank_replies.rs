//! What banks send back, read; and the samples themselves accepted by somebody else's parser: the
//! Python package `pyiso20022`, classes generated from ISO's schemas, read by `xsdata`.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::path::Path;
use std::process::Command;

use tributary_kernel::PayoutId;
use tributary_money::{Currency, Money};
use tributary_payout::bank_reply::{
    Matched, Outcome, REPLY_BYTES_MAX, ReasonClass, Reply, ReplyError, SentPayment, Side, Told,
    match_statement, outcomes, read_statement, read_status_report,
};
use tributary_payout::pain001::end_to_end_id;

#[path = "support/replies.rs"]
mod replies;

fn payout(n: u8) -> PayoutId {
    PayoutId::from_bytes([n; 16])
}

fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

fn sent(n: u8, minor: i64) -> SentPayment {
    SentPayment {
        payout: payout(n),
        amount: dkk(minor),
        payee: format!("Partner {n}"),
        message: "run-1-DKK".to_owned(),
        group: Some("run-1-DKK1".to_owned()),
    }
}

fn all_sent() -> Vec<SentPayment> {
    vec![sent(1, 270_000), sent(2, 95_000), sent(3, 1), sent(4, 500)]
}

#[test]
fn a_status_report_says_of_each_payment_what_became_of_it() {
    let file = replies::pain002(&[
        (&end_to_end_id(payout(1)), "ACCP", "", "2700.00"),
        (&end_to_end_id(payout(2)), "RJCT", "AC04", "950.00"),
        (&end_to_end_id(payout(3)), "RJCT", "AM09", "0.02"),
    ]);
    let report = read_status_report(file.as_bytes()).unwrap();
    assert_eq!((report.version.as_str(), report.file.id.as_str()), ("10", "run-1-DKK"));
    assert_eq!(report.transactions[1].amount, Some(dkk(95_000)));
    let found = outcomes(&report, &all_sent());
    assert_eq!(found.len(), 4);
    assert_eq!(found[0].outcome, Outcome::Accepted);
    assert_eq!(found[0].bank_reference.as_deref(), Some("BANK-0"));
    let Outcome::Rejected(reasons) = &found[1].outcome else { panic!("{:?}", found[1]) };
    assert_eq!((reasons[0].code.as_str(), reasons[0].class()), ("AC04", ReasonClass::Account));
    assert!(reasons[0].holds_details());
    assert_eq!(reasons[0].to_string(), "AC04: Konto lukket & spærret");
    assert_eq!(found[2].outcome, Outcome::Contradiction("another amount"));
    // PART says nothing of the one that is not named.
    assert_eq!(found[3].outcome, Outcome::Unmentioned);
    let other = SentPayment { message: "run-2-DKK".to_owned(), ..sent(1, 270_000) };
    assert_eq!(outcomes(&report, &[other]), [], "the report is of another file");
}

#[test]
fn what_is_said_of_the_file_or_the_group_holds_for_its_payments() {
    let whole = replies::pain002_of_file("RJCT", "FF01");
    let report = read_status_report(whole.as_bytes()).unwrap();
    for it in outcomes(&report, &all_sent()) {
        let Outcome::Rejected(reasons) = it.outcome else { panic!("{it:?}") };
        assert_eq!(reasons[0].class(), ReasonClass::File);
    }
    let twice = replies::pain002(&[
        (&end_to_end_id(payout(1)), "ACSC", "", "2700.00"),
        (&end_to_end_id(payout(1)), "RJCT", "AC01", "2700.00"),
    ]);
    let report = read_status_report(twice.as_bytes()).unwrap();
    assert_eq!(outcomes(&report, &all_sent())[0].outcome, Outcome::Contradiction("two statuses"));
}

#[test]
fn a_statement_says_what_was_paid_and_what_came_back() {
    let file = replies::camt053(&[
        replies::Entry::paid(&end_to_end_id(payout(1)), "2700.00"),
        replies::Entry::returned(&end_to_end_id(payout(2)), "950.00", "AC06"),
        replies::Entry::foreign("10000.00"),
        replies::Entry::paid("NOTPROVIDED", "0.01").to("PARTNER 3"),
        replies::Entry::paid(&end_to_end_id(payout(4)), "4.99"),
    ]);
    let statements = read_statement(file.as_bytes()).unwrap();
    let it = &statements[0];
    assert_eq!((it.version.as_str(), it.account.as_str()), ("08", "DK5000400440116243"));
    assert_eq!(it.adds_up(), Some(true), "{it:?}");
    assert_eq!(it.bookings.len(), 5, "an announced entry is left out");
    assert_eq!(it.bookings[0].side, Side::Debit);
    let (found, others) = match_statement(it, &all_sent());
    assert_eq!(others, 1);
    let by: Vec<_> = found.iter().map(|it| (it.payout, &it.matched)).collect();
    assert_eq!(by.len(), 4);
    assert_eq!(by[0], (payout(1), &Matched::Paid));
    assert_eq!(found[0].booked_on.unwrap().to_string(), "2026-03-17");
    let Matched::Returned(reason) = by[1].1 else { panic!("{:?}", by[1]) };
    assert_eq!((by[1].0, reason.code.as_str()), (payout(2), "AC06"));
    assert_eq!(by[2], (payout(3), &Matched::Likely), "by amount and name");
    assert_eq!(by[3], (payout(4), &Matched::OtherAmount { booked: dkk(499) }));
    let short = file.replace(">10000.00<", ">10000.01<");
    assert_eq!(read_statement(short.as_bytes()).unwrap()[0].adds_up(), Some(false));
}

#[test]
fn a_file_booked_in_one_sum_is_all_its_payments() {
    let file = replies::camt053(&[replies::Entry::batch("run-1-DKK1", "3655.01")]);
    let statements = read_statement(file.as_bytes()).unwrap();
    let (found, others) = match_statement(&statements[0], &all_sent());
    assert_eq!((found.len(), others), (4, 0));
    assert!(found.iter().all(|it| it.matched == Matched::Paid));
    let other = replies::camt053(&[replies::Entry::batch("run-1-DKK1", "3655.02")]);
    let statements = read_statement(other.as_bytes()).unwrap();
    assert_eq!(match_statement(&statements[0], &all_sent()), (vec![], 1), "another sum");
}

#[test]
fn the_older_statement_of_many_banks_is_read_too() {
    let file = replies::camt053_version_2(&end_to_end_id(payout(1)), "2700.00");
    let statements = read_statement(file.as_bytes()).unwrap();
    let (found, _) = match_statement(&statements[0], &all_sent());
    assert_eq!((found[0].payout, &found[0].matched), (payout(1), &Matched::Paid));
    assert_eq!(statements[0].bookings[0].details[0].counterparty.as_deref(), Some("Partner 1"));
}

#[test]
fn what_attacks_or_is_something_else_is_refused() {
    let good = replies::pain002(&[(&end_to_end_id(payout(1)), "ACCP", "", "2700.00")]);
    let read = |text: &str| read_status_report(text.as_bytes());
    assert!(read(&good).is_ok());
    let doctype = good.replacen(
        "<Document",
        "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document",
        1,
    );
    assert_eq!(read(&doctype), Err(ReplyError::Declared));
    let entity = good.replacen("ACCP", "&b;", 1);
    assert_eq!(read(&entity), Err(ReplyError::Declared));
    let outside =
        good.replacen("<Document", "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><Document", 1);
    assert_eq!(read(&outside), Err(ReplyError::Declared));
    let deep = good.replacen("<GrpSts>", &"<GrpSts>".repeat(100), 1);
    assert!(matches!(read(&deep), Err(ReplyError::TooMuch | ReplyError::Xml { .. })));
    assert!(matches!(read(&" ".repeat(REPLY_BYTES_MAX + 1)), Err(ReplyError::TooLarge { .. })));
    let many = good.replacen("<GrpHdr>", &format!("<GrpHdr>{}", "<x/>".repeat(1_000_001)), 1);
    assert_eq!(read(&many), Err(ReplyError::TooMuch));
    for broken in ["", "<a>", "plain", &good[..good.len() / 2], &good.replacen("</GrpHdr>", "", 1)]
    {
        assert!(
            matches!(read(broken), Err(ReplyError::Xml { .. } | ReplyError::Kind { .. })),
            "{broken}"
        );
    }
    let camt = replies::camt053(&[]);
    assert!(matches!(read(&camt), Err(ReplyError::Kind { .. })), "a statement is no report");
    let latin1 = b"<?xml version=\"1.0\"?><Document>\xe6</Document>";
    assert!(matches!(read_status_report(latin1), Err(ReplyError::Xml { .. })));
}

#[test]
fn somebody_elses_parser_accepts_the_samples_and_reads_the_same() {
    let reference = end_to_end_id(payout(1));
    let samples = [
        (
            "pain_002_001_10",
            replies::pain002(&[(&reference, "RJCT", "AC04", "2700.00")]),
            format!("{reference} RJCT AC04 2700.00"),
        ),
        (
            "camt_053_001_08",
            replies::camt053(&[
                replies::Entry::paid(&reference, "2700.00"),
                replies::Entry::returned(&reference, "2700.00", "AC06"),
                replies::Entry::batch("run-1-DKK1", "3655.01"),
            ]),
            format!("2700.00 DBIT {reference}\n2700.00 CRDT {reference} AC06\n3655.01 DBIT"),
        ),
        (
            "camt_053_001_02",
            replies::camt053_version_2(&reference, "2700.00"),
            format!("2700.00 DBIT {reference}"),
        ),
    ];
    let named = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON");
    let python = named.unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/read_reply.py");
    for (version, text, expected) in samples {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reply.xml");
        std::fs::write(&path, text).unwrap();
        let output = Command::new(&python).arg(&script).arg(version).arg(&path).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{version}: {errors}\nsee tests/schema.rs for the setup");
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), expected, "{version}");
    }
}

#[test]
fn both_kinds_are_read_as_one_and_foreign_references_are_listed() {
    let stranger = end_to_end_id(payout(9));
    let known = std::collections::BTreeSet::from([payout(1)]);
    let report = replies::pain002(&[
        (&end_to_end_id(payout(1)), "ACSC", "", "2700.00"),
        (&stranger, "RJCT", "AC04", "950.00"),
        ("INV-77", "RJCT", "AC04", "950.00"),
    ]);
    let report = Reply::read(report.as_bytes()).unwrap();
    assert_eq!((report.id(), report.named().len()), ("REP-1", 2));
    assert_eq!(report.unknown(&known), ["INV-77".to_owned(), stranger.clone()]);
    let (told, others) = report.held_against(&all_sent());
    assert_eq!((told.len(), &told[0].told, others), (1, &Told::Paid, 0));

    let statement = replies::camt053(&[
        replies::Entry::paid(&end_to_end_id(payout(1)), "2700.00"),
        replies::Entry::returned(&stranger, "950.00", "AC06"),
        replies::Entry::foreign("10000.00"),
    ]);
    let statement = Reply::read(statement.as_bytes()).unwrap();
    assert_eq!(statement.id(), "2026-54");
    assert_eq!(statement.unknown(&known), [stranger], "what is not ours in form is not listed");
    let (told, others) = statement.held_against(&all_sent());
    assert_eq!((told.len(), &told[0].told, others), (1, &Told::Paid, 2));
    let neither = Reply::read(b"<Document xmlns=\"urn:x\"/>").unwrap_err();
    assert!(matches!(neither, ReplyError::Kind { .. }), "{neither}");
    assert!(neither.to_string().contains("pain.002.001 or camt.053.001"), "{neither}");
}
