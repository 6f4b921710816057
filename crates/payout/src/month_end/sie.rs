//! Vouchers from booked transfers, as SIE 4 (import file, type 4I) and as CSV.
//!
//! SIE: the Swedish standard for transferring accounting data. Text in PC8 (code page 437), lines
//! ended by CR LF, amounts with a point, debit above zero, each voucher balanced.

use std::collections::BTreeMap;

use tributary_kernel::{LocalDate, TransferId};
use tributary_money::{Currency, Money, MoneyError};

tributary_kernel::text_enum! {
    /// What a side of a transfer counts: the ledger's kinds of account.
    pub enum BookedKind {
        /// What commissions cost.
        CommissionCost = "commission_cost",
        /// Owed, not yet agreed to.
        PartnerPending = "partner_pending",
        /// Agreed.
        PartnerApproved = "partner_approved",
        /// In a payout on its way.
        PartnerPayable = "partner_payable",
        /// Sent.
        PartnerPaid = "partner_paid",
        /// Owed back.
        PartnerClawback = "partner_clawback",
        /// VAT paid with payouts.
        InputVat = "input_vat",
        /// Withheld from payouts, owed to the tax office.
        WithheldTax = "withheld_tax",
    }
}

/// A transfer as book-keeping sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedTransfer {
    /// Which.
    pub transfer: TransferId,
    /// The day it is booked on, by [`super::Locked::booking_day`].
    pub on: LocalDate,
    /// What it is, for people.
    pub text: String,
    /// Its sides, debits above zero.
    pub sides: Vec<(BookedKind, Money)>,
}

/// Which account of the chart each kind is booked on. Two kinds on one account cancel out where a
/// transfer moves between them, so that a chart with one liability account sees only cost, debt and
/// payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountMap(BTreeMap<BookedKind, String>);

impl AccountMap {
    /// Takes a map. None unless each kind has an account of 1 to 10 digits.
    #[must_use]
    pub fn new(accounts: BTreeMap<BookedKind, String>) -> Option<Self> {
        let number = |text: &String| {
            (1..=10).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
        };
        let whole = BookedKind::ALL.iter().all(|kind| accounts.get(kind).is_some_and(number));
        whole.then_some(Self(accounts))
    }

    /// The account of each kind.
    #[must_use]
    pub const fn accounts(&self) -> &BTreeMap<BookedKind, String> {
        &self.0
    }

    fn account(&self, kind: BookedKind) -> &str {
        self.0.get(&kind).expect("checked when it was made")
    }
}

/// One side of a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherRow {
    /// Account of the chart.
    pub account: String,
    /// Debit above zero.
    pub amount: Money,
}

/// A day's transfers as one balanced voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Its number, from 1.
    pub number: u32,
    /// Its day.
    pub on: LocalDate,
    /// What it is.
    pub text: String,
    /// Its currency.
    pub currency: Currency,
    /// Its sides, by account.
    pub rows: Vec<VoucherRow>,
}

/// Why nothing is exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SieError {
    /// A transfer whose sides do not cancel out, or are in several currencies.
    #[error("{0} is not balanced in one currency")]
    Unbalanced(TransferId),
    /// A voucher in another currency than the file's.
    #[error("voucher {number} is in {currency}")]
    Currency {
        /// Which.
        number: u32,
        /// In which currency.
        currency: Currency,
    },
    /// A day outside of the fiscal year.
    #[error("voucher {0} is of a day outside of the fiscal year")]
    Year(u32),
    /// A sum beyond 64 bits.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// One voucher per day, currency and text, in that order; what cancels out on every account makes
/// none.
///
/// # Errors
/// [`SieError::Unbalanced`]; [`SieError::Money`].
pub fn vouchers(transfers: &[BookedTransfer], map: &AccountMap) -> Result<Vec<Voucher>, SieError> {
    type Key<'a> = (LocalDate, Currency, &'a str);
    let mut days: BTreeMap<Key<'_>, BTreeMap<&str, Money>> = BTreeMap::new();
    for it in transfers {
        let unbalanced = || SieError::Unbalanced(it.transfer);
        let currency = it.sides.first().ok_or_else(unbalanced)?.1.currency;
        let sum: i128 = it.sides.iter().map(|(_, amount)| i128::from(amount.minor)).sum();
        if sum != 0 || it.sides.iter().any(|(_, amount)| amount.currency != currency) {
            return Err(unbalanced());
        }
        let rows = days.entry((it.on, currency, &it.text)).or_default();
        for (kind, amount) in &it.sides {
            let row = rows.entry(map.account(*kind)).or_insert(Money::zero(currency));
            *row = row.checked_add(*amount)?;
        }
    }
    let mut vouchers = Vec::new();
    for ((on, currency, text), rows) in days {
        let rows: Vec<VoucherRow> = rows
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| VoucherRow { account: account.to_owned(), amount })
            .collect();
        if !rows.is_empty() {
            let number = u32::try_from(vouchers.len()).unwrap_or(u32::MAX).saturating_add(1);
            vouchers.push(Voucher { number, on, text: text.to_owned(), currency, rows });
        }
    }
    Ok(vouchers)
}

/// What stands at the head of a SIE file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SieHead {
    /// Version of this program.
    pub version: String,
    /// Day of making.
    pub made_on: LocalDate,
    /// The company.
    pub company: String,
    /// Its organisation number, if it has one.
    pub organisation_number: Option<String>,
    /// First and last day of the fiscal year.
    pub year: (LocalDate, LocalDate),
    /// The currency of the books.
    pub currency: Currency,
    /// Series of the vouchers, like `T`.
    pub series: String,
    /// Names of accounts.
    pub accounts: BTreeMap<String, String>,
}

/// Writes the file.
///
/// # Errors
/// [`SieError::Currency`], [`SieError::Year`].
pub fn write_sie(head: &SieHead, vouchers: &[Voucher]) -> Result<Vec<u8>, SieError> {
    let mut out = Lines(Vec::new());
    let compact = |day: LocalDate| day.to_string().replace('-', "");
    out.line("#FLAGGA 0");
    out.line(&format!("#PROGRAM \"Tributary\" {}", quoted(&head.version)));
    out.line("#FORMAT PC8");
    out.line(&format!("#GEN {}", compact(head.made_on)));
    out.line("#SIETYP 4");
    if let Some(number) = &head.organisation_number {
        out.line(&format!("#ORGNR {}", quoted(number)));
    }
    out.line(&format!("#FNAMN {}", quoted(&head.company)));
    out.line(&format!("#RAR 0 {} {}", compact(head.year.0), compact(head.year.1)));
    out.line(&format!("#VALUTA {}", head.currency.code()));
    for (account, name) in &head.accounts {
        out.line(&format!("#KONTO {account} {}", quoted(name)));
    }
    for it in vouchers {
        if it.currency != head.currency {
            return Err(SieError::Currency { number: it.number, currency: it.currency });
        }
        if it.on < head.year.0 || it.on > head.year.1 {
            return Err(SieError::Year(it.number));
        }
        let (series, number) = (quoted(&head.series), it.number);
        out.line(&format!("#VER {series} {number} {} {}", compact(it.on), quoted(&it.text)));
        out.line("{");
        for row in &it.rows {
            out.line(&format!("#TRANS {} {{}} {}", row.account, row.amount.to_decimal_string()));
        }
        out.line("}");
    }
    Ok(out.0)
}

/// Vouchers as CSV: `voucher,date,account,debit,credit,currency,text`, amounts in major units.
#[must_use]
pub fn vouchers_csv(vouchers: &[Voucher]) -> Vec<u8> {
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let write = |out: &mut csv::Writer<Vec<u8>>, row: &[&str]| {
        out.write_record(row).expect("memory takes every byte");
    };
    write(&mut out, &["voucher", "date", "account", "debit", "credit", "currency", "text"]);
    for it in vouchers {
        for row in &it.rows {
            let credit = row.amount.is_negative();
            let whole = Money::new(row.amount.minor.saturating_abs(), row.amount.currency);
            let amount = whole.to_decimal_string();
            let (debit, credit) =
                if credit { ("", amount.as_str()) } else { (amount.as_str(), "") };
            let text = crate::csv::guarded(&it.text);
            let (number, on) = (it.number.to_string(), it.on.to_string());
            let code = it.currency.code();
            write(&mut out, &[&number, &on, &row.account, debit, credit, code, &text]);
        }
    }
    out.into_inner().expect("memory takes every byte")
}

struct Lines(Vec<u8>);

impl Lines {
    fn line(&mut self, text: &str) {
        self.0.extend(text.chars().map(pc8));
        self.0.extend_from_slice(b"\r\n");
    }
}

/// A text field: quotes are escaped, control characters are blanks.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Code page 437, its letters; others stand without their accent or as `?`.
const fn pc8(letter: char) -> u8 {
    match letter {
        '\0'..='\u{7f}' => letter as u8,
        'Ç' => 0x80,
        'ü' => 0x81,
        'é' => 0x82,
        'â' => 0x83,
        'ä' => 0x84,
        'à' => 0x85,
        'å' => 0x86,
        'ç' => 0x87,
        'ê' => 0x88,
        'ë' => 0x89,
        'è' => 0x8a,
        'ï' => 0x8b,
        'î' => 0x8c,
        'ì' => 0x8d,
        'Ä' => 0x8e,
        'Å' => 0x8f,
        'É' => 0x90,
        'æ' => 0x91,
        'Æ' => 0x92,
        'ô' => 0x93,
        'ö' => 0x94,
        'ò' => 0x95,
        'û' => 0x96,
        'ù' => 0x97,
        'ÿ' => 0x98,
        'Ö' => 0x99,
        'Ü' => 0x9a,
        'á' => 0xa0,
        'í' => 0xa1,
        'ó' => 0xa2,
        'ú' => 0xa3,
        'ñ' => 0xa4,
        'Ñ' => 0xa5,
        'ß' => 0xe1,
        'ø' => b'o',
        'Ø' => b'O',
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> AccountMap {
        let accounts = BookedKind::ALL.iter().map(|kind| {
            let account = match kind {
                BookedKind::CommissionCost => "5990",
                BookedKind::PartnerPaid => "1930",
                _ => "2890",
            };
            (*kind, account.to_owned())
        });
        AccountMap::new(accounts.collect()).unwrap()
    }

    fn transfer(n: u8, on: &str, text: &str, sides: &[(BookedKind, i64)]) -> BookedTransfer {
        let money = |minor| Money::new(minor, Currency::SEK);
        BookedTransfer {
            transfer: TransferId::from_bytes([n; 16]),
            on: on.parse().unwrap(),
            text: text.to_owned(),
            sides: sides.iter().map(|(kind, minor)| (*kind, money(*minor))).collect(),
        }
    }

    fn books() -> Vec<BookedTransfer> {
        use BookedKind::{
            CommissionCost, PartnerApproved, PartnerPaid, PartnerPayable, PartnerPending,
        };
        vec![
            transfer(
                1,
                "2026-03-02",
                "Provisioner",
                &[(CommissionCost, 20_050), (PartnerPending, -20_050)],
            ),
            transfer(
                2,
                "2026-03-02",
                "Provisioner",
                &[(CommissionCost, 100), (PartnerPending, -100)],
            ),
            transfer(
                3,
                "2026-03-03",
                "Godkända",
                &[(PartnerPending, 20_050), (PartnerApproved, -20_050)],
            ),
            transfer(
                4,
                "2026-03-31",
                "Utbetalning \"mars\"",
                &[(PartnerPayable, 20_050), (PartnerPaid, -20_050)],
            ),
        ]
    }

    #[test]
    fn the_file_is_balanced_and_in_code_page_437() {
        let vouchers = vouchers(&books(), &map()).unwrap();
        assert_eq!(vouchers.len(), 2, "what moves within one account makes no voucher");
        for it in &vouchers {
            assert_eq!(it.rows.iter().map(|row| row.amount.minor).sum::<i64>(), 0);
        }
        let head = SieHead {
            version: "0.1.0".to_owned(),
            made_on: "2026-04-01".parse().unwrap(),
            company: "Åkerö Ægir & Ørn".to_owned(),
            organisation_number: Some("556016-0680".to_owned()),
            year: ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap()),
            currency: Currency::SEK,
            series: "T".to_owned(),
            accounts: BTreeMap::from([("5990".to_owned(), "Försäljningsprovision".to_owned())]),
        };
        let bytes = write_sie(&head, &vouchers).unwrap();
        let expected = "#FLAGGA 0\r\n#PROGRAM \"Tributary\" \"0.1.0\"\r\n#FORMAT PC8\r\n#GEN 20260401\r\n\
            #SIETYP 4\r\n#ORGNR \"556016-0680\"\r\n#FNAMN \"\u{8f}ker\u{94} \u{92}gir & Orn\"\r\n\
            #RAR 0 20260101 20261231\r\n#VALUTA SEK\r\n#KONTO 5990 \"F\u{94}rs\u{84}ljningsprovision\"\r\n\
            #VER \"T\" 1 20260302 \"Provisioner\"\r\n{\r\n#TRANS 2890 {} -201.50\r\n#TRANS 5990 {} 201.50\r\n}\r\n\
            #VER \"T\" 2 20260331 \"Utbetalning \\\"mars\\\"\"\r\n{\r\n#TRANS 1930 {} -200.50\r\n#TRANS 2890 {} 200.50\r\n}\r\n";
        let expected: Vec<u8> =
            expected.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
        assert_eq!(bytes, expected, "{}", String::from_utf8_lossy(&bytes));
        let csv = String::from_utf8(vouchers_csv(&vouchers)).unwrap();
        assert!(csv.contains("1,2026-03-02,5990,201.50,,SEK,Provisioner\r\n"), "{csv}");
        assert!(csv.contains("1,2026-03-02,2890,,201.50,SEK,Provisioner\r\n"));
        let other = SieHead {
            year: ("2025-01-01".parse().unwrap(), "2025-12-31".parse().unwrap()),
            ..head.clone()
        };
        assert_eq!(write_sie(&other, &vouchers), Err(SieError::Year(1)));
        let other = SieHead { currency: Currency::EUR, ..head };
        assert!(matches!(write_sie(&other, &vouchers), Err(SieError::Currency { number: 1, .. })));
    }

    #[test]
    fn what_is_not_balanced_is_not_exported() {
        let one = transfer(
            9,
            "2026-03-02",
            "x",
            &[(BookedKind::CommissionCost, 5), (BookedKind::PartnerPending, -4)],
        );
        assert_eq!(
            vouchers(std::slice::from_ref(&one), &map()),
            Err(SieError::Unbalanced(one.transfer))
        );
        assert_eq!(AccountMap::new(BTreeMap::new()), None);
    }
}
