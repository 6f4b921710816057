//! The bank files, byte for byte, and what a writer must refuse.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod support;

use std::path::PathBuf;

use proptest::prelude::*;
use support::{all, danish_domestic, party, sepa_euro, swedish_domestic};
use tributary_kernel::{PayoutId, Refusal};
use tributary_money::{Currency, Money};
use tributary_payout::BankAccount;
use tributary_payout::bank_reply::groups_of;
use tributary_payout::pain001::{
    FILE_PAYMENTS_MAX, PaymentFile, SwedishBban, end_to_end_id, message_id, write_payment_file,
};

/// The files under `tests/golden` were read by a person and checked against the schema. A wanted
/// change is taken over with `TRIBUTARY_GOLDEN=write cargo test -p tributary-payout`, and read in
/// the diff.
#[test]
fn files_are_golden() {
    for sample in all() {
        let bytes = write_payment_file(&sample.profile, &sample.file).unwrap();
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(format!("{}.xml", sample.name));
        if std::env::var("TRIBUTARY_GOLDEN").is_ok_and(|value| value == "write") {
            std::fs::write(&path, &bytes).unwrap();
        }
        let golden =
            std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let same = golden == bytes;
        assert!(
            same,
            "{} differs from what is written now:\n{}",
            path.display(),
            String::from_utf8_lossy(&bytes)
        );
    }
}

fn wrong(sample: support::Sample, edit: impl FnOnce(&mut PaymentFile)) -> Vec<String> {
    let mut file = sample.file;
    edit(&mut file);
    let refusal: Refusal = write_payment_file(&sample.profile, &file).unwrap_err();
    refusal.errors.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
}

#[test]
fn each_mistake_names_its_field() {
    let euro = |edit: fn(&mut PaymentFile)| wrong(sepa_euro(), edit);
    assert_eq!(euro(|f| f.payments.clear()), ["/payments no_payments"]);
    assert_eq!(
        euro(|f| f.payments[1].payout = f.payments[0].payout),
        ["/payments/1/payout payout_twice"]
    );
    assert_eq!(
        euro(|f| f.payments[1].amount.currency = Currency::DKK),
        ["/payments/1/amount/currency currency"]
    );
    assert_eq!(euro(|f| f.payments[1].amount.minor = 0), ["/payments/1/amount not_positive"]);
    assert_eq!(euro(|f| f.payments[1].amount.minor = -5), ["/payments/1/amount not_positive"]);
    assert_eq!(euro(|f| f.payments[2].amount.minor += 1), ["/payments/2/amount too_large"]);
    assert_eq!(
        euro(|f| f.payments[0].account = BankAccount::danish("0040", "1").unwrap()),
        ["/payments/0/account account_cannot_receive"]
    );
    assert_eq!(
        euro(|f| f.payments[0].account = BankAccount::iban("FO6264600001631634", None).unwrap()),
        ["/payments/0/account account_cannot_receive"]
    );
    assert_eq!(
        euro(|f| f.payer.account = BankAccount::bankgiro("991-2346").unwrap()),
        ["/payer/account account_cannot_pay"]
    );
    assert_eq!(
        euro(|f| f.payments[0].payee = party(" ", None, None, "小林", "de")),
        [
            "/payments/0/payee/name name_missing",
            "/payments/0/payee/town town_missing",
            "/payments/0/payee/country country_form"
        ]
    );
    assert_eq!(
        euro(|f| {
            f.payer.party.name = "Acme\u{7}".to_owned();
            f.payments[2].message = "two\nlines".to_owned();
        }),
        ["/payer/party/name control_character", "/payments/2/message control_character"]
    );
    assert_eq!(
        wrong(danish_domestic(), |f| f.payments[0].account =
            BankAccount::bankgiro("991-2346").unwrap()),
        ["/payments/0/account account_cannot_receive"]
    );
}

#[test]
fn a_file_has_a_limit() {
    let errors = wrong(swedish_domestic(), |file| {
        let one = file.payments[0].clone();
        file.payments = (0..=FILE_PAYMENTS_MAX as u128)
            .map(|n| {
                let payout = PayoutId::from_bytes(n.to_be_bytes());
                tributary_payout::pain001::Payment { payout, ..one.clone() }
            })
            .collect();
    });
    assert_eq!(errors, ["/payments too_many_payments"]);
}

#[test]
fn the_groups_of_a_file_are_read_back_from_it() {
    for sample in all() {
        let bytes = write_payment_file(&sample.profile, &sample.file).unwrap();
        let mut found = groups_of(&bytes).unwrap();
        found.sort();
        let mut expected: Vec<PayoutId> = sample.file.payments.iter().map(|it| it.payout).collect();
        expected.sort();
        let payouts: Vec<PayoutId> = found.iter().map(|(payout, _)| *payout).collect();
        assert_eq!(payouts, expected, "{}", sample.name);
        let message = message_id(sample.file.run, sample.profile.currency);
        for (payout, group) in found {
            let digit = group.strip_prefix(&message).unwrap();
            assert!(digit.len() == 1 && digit.parse::<u8>().is_ok(), "{payout} in {group}");
        }
    }
}

#[test]
fn a_bank_that_wants_the_account_alone_gets_it() {
    let mut sample = swedish_domestic();
    sample.profile.swedish_bban = SwedishBban::AccountOnly;
    let text =
        String::from_utf8(write_payment_file(&sample.profile, &sample.file).unwrap()).unwrap();
    for part in
        ["<Id>9123456789</Id>", "<MmbId>8327</MmbId>", "<Id>123456789</Id>", "<MmbId>6000</MmbId>"]
    {
        assert!(text.contains(part), "{part}");
    }
}

proptest! {
    /// Whatever a name or message holds, the file is refused or holds only what banks take, with
    /// every payout once.
    #[test]
    fn any_text_gives_a_clean_file(name in any::<String>(), message in any::<String>(), street in any::<String>()) {
        let mut sample = danish_domestic();
        sample.file.payments[1].payee.name = name;
        sample.file.payments[1].payee.street = Some(street);
        sample.file.payments[1].message = message;
        if let Ok(bytes) = write_payment_file(&sample.profile, &sample.file) {
            prop_assert!(bytes.is_ascii());
            let text = String::from_utf8(bytes).unwrap();
            let mut reader = quick_xml::Reader::from_str(&text);
            let mut names = 0;
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Start(start) if start.name().as_ref() == "Nm" => names += 1,
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            prop_assert_eq!(names, 6, "initiating party, payer of two groups, three payees");
            for payment in &sample.file.payments {
                prop_assert_eq!(text.matches(&format!("<EndToEndId>{}</EndToEndId>", end_to_end_id(payment.payout))).count(), 1);
            }
        }
    }

    /// The header's sum is that of the payments, whatever they are.
    #[test]
    fn control_sums(amounts in prop::collection::vec(1i64..99_999_999_999, 1..30)) {
        let mut sample = swedish_domestic();
        let accounts: Vec<_> = sample.file.payments.iter().map(|p| p.account.clone()).collect();
        let one = sample.file.payments[0].clone();
        sample.file.payments = amounts
            .iter()
            .enumerate()
            .map(|(index, minor)| tributary_payout::pain001::Payment {
                payout: PayoutId::from_bytes((index as u128).to_be_bytes()),
                amount: Money::new(*minor, Currency::SEK),
                account: accounts[index % accounts.len()].clone(),
                ..one.clone()
            })
            .collect();
        let text = String::from_utf8(write_payment_file(&sample.profile, &sample.file).unwrap()).unwrap();
        let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        let parts = |open: &str| -> Vec<i64> {
            text.split(open).skip(1).map(|rest| cents(rest.split('<').next().unwrap())).collect()
        };
        let sums = parts("<CtrlSum>");
        let total: i64 = amounts.iter().sum();
        prop_assert_eq!(sums[0], total);
        prop_assert_eq!(sums[1..].iter().sum::<i64>(), total);
        prop_assert_eq!(parts("<InstdAmt Ccy=\"SEK\">").iter().sum::<i64>(), total);
        prop_assert!(sums.len() <= 4, "at most one group per kind of account");
    }
}
