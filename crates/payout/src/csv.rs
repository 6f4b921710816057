//! Tables for people who pay by hand or keep books: CSV by RFC 4180 (comma, CRLF, quotes where
//! needed), UTF-8 without a byte order mark, first line the column names, dates as `2026-11-21`,
//! amounts in major units with a point (`12500.00`).
//!
//! Text that came from outside and begins with a sign that spreadsheets take for a formula gets an
//! apostrophe before it; readers that are not spreadsheets see that apostrophe. Amounts are ours
//! and are not touched, so that negative ones stay numbers.

use std::borrow::Cow;

use tributary_kernel::{LocalDate, PartnerId, PayoutId, PayoutRunId};
use tributary_money::Money;

use crate::BankAccount;
use crate::pain001::end_to_end_id;
use crate::statement::Statement;

/// Columns of [`payouts_csv`], in order.
///
/// `run` and `payout` are ids; `reference` is what stands on the bank's statement; `partner` is an
/// id and `payee` a name; `account` is the whole number as people write it, `account_kind` one of
/// `iban dk se bankgiro`; `lines` counts the commissions settled.
pub const PAYOUT_COLUMNS: [&str; 11] = [
    "run",
    "payout",
    "reference",
    "execution_date",
    "partner",
    "payee",
    "account_kind",
    "account",
    "currency",
    "amount",
    "lines",
];

/// One payout of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutRow {
    /// The run.
    pub run: PayoutRunId,
    /// The payout.
    pub payout: PayoutId,
    /// When the bank is asked to execute it.
    pub execution_date: LocalDate,
    /// Who is paid.
    pub partner: PartnerId,
    /// Their name on the account.
    pub payee: String,
    /// Where to.
    pub account: BankAccount,
    /// How much.
    pub amount: Money,
    /// How many commissions it settles.
    pub lines: usize,
}

/// The payouts of a run as CSV with [`PAYOUT_COLUMNS`]. It holds account numbers: for who pays
/// only.
#[must_use]
pub fn payouts_csv(rows: &[PayoutRow]) -> Vec<u8> {
    let mut table = Table::new(&PAYOUT_COLUMNS);
    for row in rows {
        table.row([
            row.run.to_string().into(),
            row.payout.to_string().into(),
            end_to_end_id(row.payout).into(),
            row.execution_date.to_string().into(),
            row.partner.to_string().into(),
            guarded(&row.payee),
            row.account.kind().as_str().into(),
            guarded(&row.account.written()).into_owned().into(),
            row.amount.currency.code().into(),
            row.amount.to_decimal_string().into(),
            row.lines.to_string().into(),
        ]);
    }
    table.into_bytes()
}

/// Columns of [`statement_csv`], in order.
///
/// `statement`, `payout`, `commission` and `program` are ids (`payout` empty when nothing was
/// paid); `conversion` is the masked reference; `date` the local day of the conversion; `base` and
/// `base_currency` what the rate was applied to, empty for fixed amounts, as is `rate` (a decimal:
/// `0.15` is 15 %); `earned` the commission as first booked, `adjusted` the sum of later changes,
/// `amount` their sum; `carried_in` is `yes` for lines of an earlier period; `transfers` are the
/// ledger transfers, separated by spaces.
pub const STATEMENT_COLUMNS: [&str; 17] = [
    "statement",
    "payout",
    "commission",
    "conversion",
    "date",
    "program",
    "program_name",
    "rule",
    "base",
    "base_currency",
    "rate",
    "earned",
    "adjusted",
    "amount",
    "currency",
    "carried_in",
    "transfers",
];

/// The lines of a statement as CSV with [`STATEMENT_COLUMNS`].
#[must_use]
pub fn statement_csv(statement: &Statement) -> Vec<u8> {
    let mut table = Table::new(&STATEMENT_COLUMNS);
    let payout = statement.payout.map(|id| id.to_string()).unwrap_or_default();
    for line in &statement.lines {
        // The difference of two amounts of a checked statement; wide, as it may pass 64 bits.
        let adjusted = i128::from(line.amount.minor) - i128::from(line.earned.minor);
        let adjusted = i64::try_from(adjusted)
            .map(|minor| Money::new(minor, line.amount.currency).to_decimal_string());
        let transfers: Vec<String> = line.transfers().map(|id| id.to_string()).collect();
        table.row([
            statement.statement.to_string().into(),
            payout.as_str().into(),
            line.commission.to_string().into(),
            guarded(&line.conversion),
            line.date.to_string().into(),
            line.program.to_string().into(),
            guarded(&line.program_name),
            guarded(&line.rule),
            line.base.map(Money::to_decimal_string).unwrap_or_default().into(),
            line.base.map_or("", |base| base.currency.code()).into(),
            line.rate.map(|rate| rate.to_string()).unwrap_or_default().into(),
            line.earned.to_decimal_string().into(),
            adjusted.unwrap_or_default().into(),
            line.amount.to_decimal_string().into(),
            line.amount.currency.code().into(),
            if line.carried_in { "yes" } else { "no" }.into(),
            transfers.join(" ").into(),
        ]);
    }
    table.into_bytes()
}

/// Disarms what a spreadsheet would compute: first sign `=`, `+`, `-`, `@`, their full-width
/// forms, tab or line break, also after spaces.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    let begins = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    };
    if begins(text) || begins(text.trim_start()) { format!("'{text}").into() } else { text.into() }
}

struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(columns: &[&str]) -> Self {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .quote_style(csv::QuoteStyle::Necessary)
            .from_writer(Vec::new());
        writer.write_record(columns).expect("memory takes every byte");
        Self(writer)
    }

    fn row<const N: usize>(&mut self, cells: [Cow<'_, str>; N]) {
        let cells = cells.iter().map(|cell| cell.as_bytes());
        self.0.write_record(cells).expect("as many cells as columns, and memory takes every byte");
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("memory takes every byte")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tributary_money::Currency;

    fn row(payee: &str) -> PayoutRow {
        PayoutRow {
            run: PayoutRunId::from_bytes([1; 16]),
            payout: PayoutId::from_bytes([2; 16]),
            execution_date: "2026-12-01".parse().unwrap(),
            partner: PartnerId::from_bytes([3; 16]),
            payee: payee.to_owned(),
            account: BankAccount::danish("0040", "440116243").unwrap(),
            amount: Money::new(1_250_000, Currency::DKK),
            lines: 12,
        }
    }

    #[test]
    fn a_table_of_payouts() {
        let rows = [row("Søren, \"Bureau\" ApS"), row("=HYPERLINK(\"http://x\")"), row("Anna")];
        insta::assert_snapshot!(String::from_utf8(payouts_csv(&rows)).unwrap());
    }

    #[test]
    fn formulas_are_disarmed() {
        for text in ["=1", "+1", "-1", "@a", "\t=1", "  =1", "＝1", "\n", "\r=1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "Anna", "a=1", "'=1"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        /// What was written is read back, cell by cell, and no cell of outside text can be a
        /// formula.
        #[test]
        fn any_name_reads_back(payees in prop::collection::vec(any::<String>(), 1..5)) {
            let rows: Vec<_> = payees.iter().map(|payee| row(payee)).collect();
            let bytes = payouts_csv(&rows);
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), PAYOUT_COLUMNS);
            let read: Vec<_> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), payees.len());
            for (record, payee) in read.iter().zip(&payees) {
                prop_assert_eq!(&record[5], guarded(payee).into_owned());
                prop_assert!(!record[5].trim_start().starts_with(['=', '+', '-', '@']));
            }
        }
    }
}
