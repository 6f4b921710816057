//! Self-billing invoices and credit notes: the owner writes, for the partner and by prior agreement
//! with it, the invoice that the partner would otherwise send. The *seller* is the partner, the
//! *buyer* the owner.
//!
//! Amounts: each line is a net amount in whole minor units. VAT is computed once per category and
//! rate on the sum of its lines and rounded half away from zero, as EN 16931 asks (BT-117 is
//! BT-116 times the rate); lines carry no VAT of their own, so there is nothing that could differ
//! from the total.

mod number;
mod party;
mod pdf;
mod ubl;
mod vat;

pub use number::{InvoiceNumber, InvoiceSeries};
pub use pdf::{InvoiceWords, write_pdf};
pub use ubl::write_ubl;
pub use vat::{TaxBlock, Trader, VatCategory, VatTotal, decide_vat, is_eu, vat_between};

use serde::{Deserialize, Serialize};
use tributary_kernel::LocalDate;
use tributary_money::{Currency, Money, MoneyError};

/// Lines of one document.
pub const INVOICE_LINES_MAX: usize = 10_000;

/// Seller or buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceParty {
    /// Registered name.
    pub name: String,
    /// Street with number.
    pub street: Option<String>,
    /// Post code.
    pub post_code: Option<String>,
    /// Town.
    pub town: String,
    /// ISO 3166 code, two upper-case letters.
    pub country: String,
    /// VAT number with its country prefix; none when not registered.
    pub vat_number: Option<String>,
    /// Number in the register of companies, with the code of the register when it has one in the
    /// ICD list (`0184` for Danish CVR numbers, `0007` for Swedish organisation numbers).
    pub company_number: Option<(Option<String>, String)>,
    /// What the other side knows it by: the partner's id. Who has neither VAT nor company number
    /// needs it.
    pub identifier: Option<String>,
    /// Where the document is delivered on the Peppol network: scheme and id.
    pub endpoint: Option<(String, String)>,
}

/// What is invoiced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// One line of text, in the seller's language.
    pub name: String,
    /// Net; below zero for what is taken back within the period.
    pub net: Money,
    /// Under which VAT.
    pub vat: VatCategory,
}

/// Which kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentKind {
    /// Type 389.
    Invoice,
    /// Type 261; its amounts are what is given back, above zero.
    CreditNote {
        /// The invoice that it corrects, and when that was issued.
        of: Vec<(InvoiceNumber, LocalDate)>,
    },
}

/// A document to be written. This type is the form in which it is kept, so that a credit note can be
/// written of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its number.
    pub number: InvoiceNumber,
    /// Invoice or credit note.
    pub kind: DocumentKind,
    /// Day of issue.
    pub issued_on: LocalDate,
    /// When it is paid; an invoice has one.
    pub due_on: Option<LocalDate>,
    /// First and last day of what it covers.
    pub period: Option<(LocalDate, LocalDate)>,
    /// Of all amounts.
    pub currency: Currency,
    /// The partner.
    pub seller: InvoiceParty,
    /// The owner.
    pub buyer: InvoiceParty,
    /// What the buyer knows it by: the payout's or statement's reference.
    pub buyer_reference: String,
    /// The self-billing agreement: its reference or date.
    pub agreement: String,
    /// What it consists of.
    pub lines: Vec<InvoiceLine>,
    /// Words that the law asks for, besides those of the VAT: one paragraph.
    pub note: Option<String>,
}

/// Sums of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceTotals {
    /// By VAT category and rate.
    pub vat: Vec<VatTotal>,
    /// Sum of the lines.
    pub net: Money,
    /// Sum of the VAT.
    pub tax: Money,
    /// What is paid.
    pub gross: Money,
}

/// Why a document is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvoiceError {
    /// Without lines, or with more than [`INVOICE_LINES_MAX`].
    #[error("{0} lines; a document has 1 to {INVOICE_LINES_MAX}")]
    Lines(usize),
    /// A line in another currency.
    #[error("line {0} is in another currency")]
    Currency(usize),
    /// A total below zero: that is a credit note.
    #[error("the total is below zero; write a credit note of the opposite amounts")]
    Negative,
    /// What a category of VAT asks for and the parties do not have.
    #[error("line {line}: {detail}")]
    Vat {
        /// Which line.
        line: usize,
        /// What is missing.
        detail: &'static str,
    },
    /// Something without which it is no invoice.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A sum beyond 64 bits.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Invoice {
    /// Checks the document and sums it up.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn totals(&self) -> Result<InvoiceTotals, InvoiceError> {
        if self.lines.is_empty() || self.lines.len() > INVOICE_LINES_MAX {
            return Err(InvoiceError::Lines(self.lines.len()));
        }
        self.check_head()?;
        for (index, line) in self.lines.iter().enumerate() {
            if line.net.currency != self.currency {
                return Err(InvoiceError::Currency(index + 1));
            }
            let detail = line.vat.lacks(&self.seller, &self.buyer);
            if let Some(detail) = detail {
                return Err(InvoiceError::Vat { line: index + 1, detail });
            }
        }
        let vat = vat::totals(&self.lines, self.currency)?;
        let (mut net, mut tax) = (Money::zero(self.currency), Money::zero(self.currency));
        for it in &vat {
            net = net.checked_add(it.net)?;
            tax = tax.checked_add(it.tax)?;
        }
        let gross = net.checked_add(tax)?;
        if gross.is_negative() {
            return Err(InvoiceError::Negative);
        }
        Ok(InvoiceTotals { vat, net, tax, gross })
    }

    fn check_head(&self) -> Result<(), InvoiceError> {
        let credit = matches!(&self.kind, DocumentKind::CreditNote { of } if of.is_empty());
        let blank = |text: &str| text.trim().is_empty();
        let missing = [
            ("the invoice that is corrected", credit),
            ("the due date", self.kind == DocumentKind::Invoice && self.due_on.is_none()),
            ("the seller's name", blank(&self.seller.name)),
            ("the buyer's name", blank(&self.buyer.name)),
            ("the seller's country", self.seller.country.len() != 2),
            ("the buyer's country", self.buyer.country.len() != 2),
            ("a number or identifier of the seller", {
                self.seller.identifier.is_none() && self.seller.company_number.is_none()
            }),
            ("the buyer's reference", blank(&self.buyer_reference)),
            ("the self-billing agreement", blank(&self.agreement)),
        ];
        match missing.into_iter().find(|(_, missing)| *missing) {
            Some((what, _)) => Err(InvoiceError::Missing(what)),
            None => Ok(()),
        }
    }

    /// Type code of UNTDID 1001.
    #[must_use]
    pub const fn type_code(&self) -> &'static str {
        match self.kind {
            DocumentKind::Invoice => "389",
            DocumentKind::CreditNote { .. } => "261",
        }
    }
}
