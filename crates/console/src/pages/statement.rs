use tributary_kernel::LocalDate;
use tributary_money::Money;

use super::manager_bank_reply::BankWhy;
use super::sample::{AWKWARD, day, dkk};
use crate::SignedIn;
use crate::page::view;
use crate::parts::PayoutState;

/// A line of a statement.
#[derive(Debug, Clone)]
pub struct StatementLine {
    /// Day of the conversion.
    pub day: LocalDate,
    /// What it is for.
    pub what: String,
    /// Rule and plan version, in words.
    pub rule: String,
    /// Path of its explanation.
    pub explained_at: String,
    /// How much.
    pub amount: Money,
}

/// VAT on a payout, and what is withheld from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementTaxRows {
    /// Sum of the lines.
    pub net: Money,
    /// VAT.
    pub vat: Money,
    /// Withheld.
    pub withheld: Money,
}

/// An invoice or credit note about a payout.
#[derive(Debug, Clone)]
pub struct StatementDocument {
    /// Its number.
    pub number: String,
    /// Whether it takes an invoice back.
    pub credit: bool,
    /// Where its files are, without their form.
    pub at: String,
}

/// The document that explains a payout: the same for both sides, made to be printed.
#[derive(Debug, Clone)]
pub struct StatementPage {
    /// Its number.
    pub number: String,
    /// The advertiser.
    pub payer: String,
    /// The partner.
    pub payee: String,
    /// The program.
    pub program: String,
    /// Pay day.
    pub day: LocalDate,
    /// The account, masked but for its end.
    pub account: String,
    /// What the bank shows.
    pub reference: String,
    /// One per commission.
    pub lines: Vec<StatementLine>,
    /// What was owed back from before, and is taken off here.
    pub recovered: Money,
    /// VAT on them and what is withheld, when there is any; then the lines' own sum comes first.
    pub tax: Option<StatementTaxRows>,
    /// What the bank sends.
    pub total: Money,
    /// Invoices and credit notes about it.
    pub documents: Vec<StatementDocument>,
    /// The invoice that the partner wrote itself: number, day, VAT that is not in the payout.
    pub own: Option<(String, LocalDate, Money)>,
    /// Where the partner gives its own; none: nothing can be given.
    pub own_at: Option<String>,
    /// Root of the ledger's tree that this statement can be checked against.
    pub tree_head: String,
    /// The money came back, or was never sent.
    pub returned: Option<PayoutState>,
    /// Why the bank sent it back, if it said so.
    pub why: Option<BankWhy>,
    /// Path of its proof file.
    pub proof: String,
    /// Where 'back' leads.
    pub back: String,
}

impl StatementPage {
    fn sample_views() -> Vec<Self> {
        let line = |date: &str, what: &str, minor| StatementLine {
            day: day(date),
            what: what.to_owned(),
            rule: "Salg, de første 12 betalinger · v3".to_owned(),
            explained_at: "/my/earnings/com_1".to_owned(),
            amount: dkk(minor),
        };
        let statement = Self {
            number: "2026-0412".to_owned(),
            payer: "Nordlys ApS".to_owned(),
            payee: "Anna Holm".to_owned(),
            program: "Nordlys CRM".to_owned(),
            day: day("2026-11-15"),
            account: "•••• •••• •• 0917".to_owned(),
            reference: "TRIB 2026-0412".to_owned(),
            lines: vec![
                line("2026-10-03", "Salg #0981", 450_000),
                line("2026-10-11", "Salg #0990", 818_000),
                line("2026-10-19", "Salg #0990, retur", -18_000),
            ],
            recovered: dkk(18_000),
            tax: None,
            total: dkk(1_250_000),
            documents: Vec::new(),
            own: Some(("2026-17".to_owned(), day("2026-11-16"), dkk(312_500))),
            own_at: Some("/my/statements/pay_1/invoice".to_owned()),
            tree_head: "b81e 4c02 7d90 1fa3 66e5".to_owned(),
            returned: None,
            why: None,
            proof: "/my/statements/pay_1/proof".to_owned(),
            back: "/my/payouts".to_owned(),
        };
        let document = |number: &str, credit| StatementDocument {
            number: number.to_owned(),
            credit,
            at: "/my/documents/doc_1".to_owned(),
        };
        let awkward = Self {
            payee: AWKWARD.to_owned(),
            tax: Some(StatementTaxRows {
                net: dkk(1_000_000),
                vat: dkk(250_000),
                withheld: dkk(20_000),
            }),
            total: dkk(1_230_000),
            own: None,
            own_at: None,
            documents: vec![document("SB-000041", false), document("SB-000052", true)],
            returned: Some(PayoutState::Returned),
            why: Some(BankWhy {
                class: tributary_payout::bank_reply::ReasonClass::Account,
                words: "AC04: Konto lukket".to_owned(),
            }),
            ..statement.clone()
        };
        vec![statement, awkward]
    }
}

view!(StatementPage, "statement", SignedIn, "pages/statement.html");
