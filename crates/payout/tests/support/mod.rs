//! Three files that between them use every element the writer knows.

use tributary_kernel::{PayoutId, PayoutRunId};
use tributary_money::{Currency, Money};
use tributary_payout::BankAccount;
use tributary_payout::account::Bic;
use tributary_payout::pain001::{
    BankProfile, DANISH_DOMESTIC, Party, Payer, Payment, PaymentFile, SEPA_EURO, SWEDISH_DOMESTIC,
};

pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) profile: BankProfile,
    pub(crate) file: PaymentFile,
}

pub(crate) fn party(
    name: &str,
    street: Option<&str>,
    post_code: Option<&str>,
    town: &str,
    country: &str,
) -> Party {
    Party {
        name: name.to_owned(),
        street: street.map(str::to_owned),
        post_code: post_code.map(str::to_owned),
        town: town.to_owned(),
        country: country.to_owned(),
    }
}

pub(crate) fn payment(
    n: u8,
    minor: i64,
    currency: Currency,
    account: BankAccount,
    payee: Party,
) -> Payment {
    Payment {
        payout: PayoutId::from_bytes([n; 16]),
        amount: Money::new(minor, currency),
        account,
        payee,
        message: format!("Provision november 2026 – Tribüne & Cø, statement {n}"),
    }
}

fn file(payer: Payer, payments: Vec<Payment>) -> PaymentFile {
    PaymentFile {
        run: PayoutRunId::from_bytes([0x5a; 16]),
        created_at: "2026-11-27T14:03:59.999999Z".parse().unwrap(),
        execution_date: "2026-12-01".parse().unwrap(),
        payer,
        payments,
    }
}

fn iban(text: &str, bic: Option<&str>) -> BankAccount {
    BankAccount::iban(text, bic).unwrap()
}

pub(crate) fn sepa_euro() -> Sample {
    let payer = Payer {
        party: party("Acme CRM A/S", Some("Vestergade 1"), Some("1456"), "København K", "DK"),
        account: iban("DK50 0040 0440 1162 43", None),
        bic: None,
        number_at_bank: None,
    };
    let eur = Currency::EUR;
    let payments = vec![
        payment(
            1,
            123_456,
            eur,
            iban("DE89 3704 0044 0532 0130 00", Some("COBADEFFXXX")),
            party("Müller & Söhne GmbH", Some("Straße 5"), Some("50667"), "Köln", "DE"),
        ),
        payment(
            2,
            1,
            eur,
            iban("FR14 2004 1010 0505 0001 3M02 606", None),
            party("Zoë « L'Été » Créations", None, None, "Saint-Étienne", "FR"),
        ),
        payment(
            3,
            99_999_999_999,
            eur,
            iban("BG80 BNBG 9661 1020 3456 78", None),
            party("Щерю Ъгълов <ООД>", None, Some("1000"), "София", "BG"),
        ),
    ];
    Sample { name: "sepa_euro", profile: SEPA_EURO, file: file(payer, payments) }
}

pub(crate) fn danish_domestic() -> Sample {
    let payer = Payer {
        party: party("Acme CRM A/S", Some("Vestergade 1"), Some("1456"), "København K", "DK"),
        account: BankAccount::danish("0040", "440116243").unwrap(),
        bic: Some(Bic::parse("NDEADKKK").unwrap()),
        number_at_bank: Some("12345678".to_owned()),
    };
    let dkk = Currency::DKK;
    let payments = vec![
        payment(
            1,
            1_250_000,
            dkk,
            BankAccount::danish("3000", "1234567").unwrap(),
            party("Søren Ærø", Some("Åboulevarden 22, 3. tv."), Some("8000"), "Aarhus C", "DK"),
        ),
        payment(
            2,
            7_500,
            dkk,
            iban("DK50 0040 0440 1162 43", None),
            party("Bureau Nord ApS", None, None, "Hjørring", "DK"),
        ),
        payment(
            3,
            99,
            dkk,
            BankAccount::danish("0400", "4025368").unwrap(),
            party("Anna \"Crm-Anna\" Berg", None, None, "Ribe", "DK"),
        ),
    ];
    Sample { name: "danish_domestic", profile: DANISH_DOMESTIC, file: file(payer, payments) }
}

pub(crate) fn swedish_domestic() -> Sample {
    let payer = Payer {
        party: party("Ängsbutiken AB", Some("Storgatan 7"), Some("411 24"), "Göteborg", "SE"),
        account: iban("SE45 5000 0000 0583 9825 7466", Some("ESSESESS")),
        bic: None,
        number_at_bank: Some("5566778899".to_owned()),
    };
    let sek = Currency::SEK;
    let payments = vec![
        payment(
            1,
            50_000,
            sek,
            BankAccount::bankgiro("5050-1055").unwrap(),
            party("Creator Kollektivet HB", None, None, "Malmö", "SE"),
        ),
        payment(
            2,
            120_050,
            sek,
            BankAccount::swedish("8327-9", "123 456 789").unwrap(),
            party("Åsa Öberg", None, None, "Luleå", "SE"),
        ),
        payment(
            3,
            10_001,
            sek,
            BankAccount::swedish("6000", "123456789").unwrap(),
            party("Björn Lindström", None, Some("753 20"), "Uppsala", "SE"),
        ),
        payment(
            4,
            250_000,
            sek,
            iban("SE45 5000 0000 0583 9825 7466", None),
            party("Recension & Test AB", None, None, "Umeå", "SE"),
        ),
        payment(
            5,
            333,
            sek,
            BankAccount::bankgiro("991-2346").unwrap(),
            party("Lilla Bloggen", None, None, "Visby", "SE"),
        ),
    ];
    Sample { name: "swedish_domestic", profile: SWEDISH_DOMESTIC, file: file(payer, payments) }
}

pub(crate) fn all() -> Vec<Sample> {
    vec![sepa_euro(), danish_domestic(), swedish_domestic()]
}
