use proptest::prelude::*;

use super::*;

fn id<K: tributary_kernel::RowId>(n: u8) -> tributary_kernel::Id<K> {
    tributary_kernel::Id::from_bytes([n; 16])
}

fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

fn line(n: u8, earned: i64, adjustments: &[i64], carried_in: bool) -> StatementLine {
    StatementLine {
        commission: id(n),
        conversion: masked_reference("order-10094711"),
        date: "2026-11-02".parse().unwrap(),
        program: id(2),
        program_name: "Søs & Co \"CRM\"".to_owned(),
        rule: "sale_percent".to_owned(),
        base: Some(Money::new(1_250_000, Currency::EUR)),
        rate: Some("0.15".parse().unwrap()),
        earned: dkk(earned),
        booked: vec![id(100 + n)],
        adjustments: adjustments
            .iter()
            .map(|minor| StatementAdjustment {
                adjustment: Some(id(50)),
                reason: "refund".to_owned(),
                amount: dkk(*minor),
                transfer: id(200),
            })
            .collect(),
        amount: dkk(earned + adjustments.iter().sum::<i64>()),
        carried_in,
    }
}

fn statement(lines: Vec<StatementLine>, payout: bool) -> Statement {
    let totals = Totals::of(&lines, Currency::DKK, payout).unwrap();
    Statement {
        statement: id(1),
        payout: payout.then(|| id(9)),
        issued_at: "2026-12-01T08:00:00Z".parse().unwrap(),
        payer: StatementPayer {
            organisation: id(3),
            name: "Acme CRM A/S".to_owned(),
            address: vec!["Vestergade 1".to_owned(), "1456 København".to_owned()],
        },
        payee: StatementPayee {
            partner: id(4),
            name: "Anna Berg".to_owned(),
            address: vec![],
            account: payout.then(|| "0040 •••• 6243".to_owned()),
        },
        period: Period {
            from: "2026-11-01".parse().unwrap(),
            to: "2026-11-30".parse().unwrap(),
            zone: "Europe/Copenhagen".to_owned(),
        },
        currency: Currency::DKK,
        opening: totals.opening,
        earned: totals.earned,
        paid: totals.paid,
        closing: totals.closing,
        lines,
        ledger: LedgerHead { size: 4711, root: RootHash([0xab; 32]) },
        tax: None,
    }
}

fn sample() -> Statement {
    statement(vec![line(1, 187_500, &[-20_000, 500], false), line(2, -30_000, &[], true)], true)
}

#[test]
fn canonical_bytes_are_golden() {
    let bytes = sample().to_bytes().unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes.clone()).unwrap());
    assert_eq!(Statement::from_bytes(&bytes), Ok(sample()));
}

#[test]
fn lines_as_csv() {
    let csv = crate::csv::statement_csv(&sample());
    insta::assert_snapshot!(String::from_utf8(csv).unwrap());
}

#[test]
fn totals_with_and_without_a_payout() {
    let lines =
        || vec![line(1, 100, &[], false), line(2, -30, &[], true), line(3, 5, &[-5], false)];
    let paid = statement(lines(), true);
    assert_eq!(
        [paid.opening, paid.earned, paid.paid, paid.closing].map(|m| m.minor),
        [-30, 100, 70, 0]
    );
    let carried = statement(lines(), false);
    assert_eq!(
        [carried.opening, carried.earned, carried.paid, carried.closing].map(|m| m.minor),
        [-30, 100, 0, 70]
    );
    assert_eq!(carried.check(), Ok(()));
}

/// Each edit breaks exactly one thing, and that one is named.
#[test]
fn a_changed_document_is_found() {
    use StatementError::{CommissionTwice, Line, Payout, Totals};
    let commission = sample().lines[0].commission;
    type Edit = fn(&mut Statement);
    let cases: Vec<(Edit, StatementError)> = vec![
        (|s| s.paid = dkk(s.paid.minor + 1), Totals),
        (|s| s.closing = dkk(1), Totals),
        (|s| s.payout = None, Totals),
        (|s| s.lines[0].carried_in = true, Totals),
        (|s| drop(s.lines.pop()), Totals),
        (|s| s.lines[0].amount = dkk(1), Line { commission }),
        (|s| s.lines[0].adjustments[1].amount = dkk(501), Line { commission }),
        (|s| s.lines[0].earned.currency = Currency::SEK, StatementError::Currency { commission }),
        (|s| s.lines[1].commission = s.lines[0].commission, CommissionTwice { commission }),
    ];
    for (index, (edit, expected)) in cases.into_iter().enumerate() {
        let mut changed = sample();
        edit(&mut changed);
        assert_eq!(changed.check(), Err(expected.clone()), "case {index}");
        assert_eq!(changed.to_bytes(), Err(expected), "case {index}");
    }
    assert_eq!(statement(vec![line(1, -5, &[], false)], true).check(), Err(Payout));
}

#[test]
fn other_bytes_are_refused() {
    let text = String::from_utf8(sample().to_bytes().unwrap()).unwrap();
    let read = |text: &str| Statement::from_bytes(text.as_bytes());
    assert_eq!(read(&text.replace(",", ", ")), Err(StatementError::NotCanonical));
    assert_eq!(read(&format!("{text}\n")), Err(StatementError::NotCanonical));
    assert_eq!(
        read(&text.replace("\"amount\":187500", "\"amount\":\"1875.00\"")),
        Err(StatementError::NotCanonical)
    );
    assert_eq!(
        read(&text.replace("\"format\":1", "\"format\":2")),
        Err(StatementError::Format { found: "2".to_owned() })
    );
    for (from, to) in [
        ("\"format\":1", "\"formats\":1"),
        ("\"format\":1", "\"format\":1,\"note\":\"x\""),
        ("\"size\":4711", "\"size\":4711.5"),
        ("abab", "xbab"),
    ] {
        let found = read(&text.replacen(from, to, 1));
        assert!(matches!(found, Err(StatementError::Shape { .. })), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn references_are_masked() {
    for (reference, masked) in [
        ("", "•••"),
        ("7", "•••"),
        ("1009", "•••09"),
        ("order-10094711", "•••4711"),
        ("åäöü", "•••öü"),
    ] {
        assert_eq!(masked_reference(reference), masked);
    }
}

proptest! {
    #[test]
    fn any_statement_round_trips(
        amounts in prop::collection::vec((-1_000_000i64..1_000_000, any::<bool>()), 0..20),
        name in any::<String>(),
        payout in any::<bool>(),
    ) {
        let numbered = amounts.iter().zip(1u8..);
        let lines = numbered.map(|((minor, carried), n)| line(n, *minor, &[7], *carried)).collect();
        let mut statement = statement(lines, payout);
        statement.payee.name = name;
        match statement.to_bytes() {
            Ok(bytes) => prop_assert_eq!(Statement::from_bytes(&bytes), Ok(statement)),
            Err(error) => prop_assert!(error == StatementError::Payout && statement.paid.minor <= 0),
        }
    }

    /// One flipped bit anywhere is refused, or changes a value that the hash covers.
    #[test]
    fn a_flipped_bit_never_reads_as_the_same(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = sample().to_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_ne!(Statement::from_bytes(&bytes), Ok(sample()));
    }
}

#[test]
fn vat_and_withheld_tax_add_up_and_make_another_format() {
    let mut it = statement(vec![line(1, 20_000, &[], false)], true);
    let plain = it.to_bytes().unwrap();
    assert!(
        plain.starts_with(b"{\"closing\"") && !String::from_utf8_lossy(&plain).contains("\"tax\"")
    );
    it.tax = Some(StatementTax {
        invoice: Some("SB-000001".to_owned()),
        vat: dkk(5_000),
        withheld: dkk(6_000),
        sent: dkk(19_000),
    });
    let bytes = it.to_bytes().unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("\"format\":2"), "{text}");
    assert_eq!(Statement::from_bytes(&bytes).as_ref(), Ok(&it));
    assert_eq!(it.sent(), dkk(19_000));
    let older = text.replace("\"format\":2", "\"format\":1");
    assert_eq!(
        Statement::from_bytes(older.as_bytes()),
        Err(StatementError::Format { found: "1".to_owned() })
    );
    let wrong = |change: fn(&mut StatementTax)| {
        let mut it = it.clone();
        it.tax.as_mut().map(change);
        it.check()
    };
    assert_eq!(wrong(|tax| tax.sent = dkk(19_001)), Err(StatementError::Tax));
    assert_eq!(wrong(|tax| tax.vat = dkk(-5_000)), Err(StatementError::Tax));
    assert_eq!(wrong(|tax| tax.invoice = None), Err(StatementError::Tax), "VAT without an invoice");
}
