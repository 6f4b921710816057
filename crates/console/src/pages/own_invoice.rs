use tributary_money::Money;

use super::sample::dkk;
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::Field;

/// An invoice that a partner wrote itself, to be matched with a payout.
#[derive(Debug, Clone)]
pub struct PartnerOwnInvoice {
    /// The statement's place in paths.
    pub statement: String,
    /// What the payout pays, net of VAT.
    pub paid: Money,
    /// The organisation has written the invoice: there is nothing to give.
    pub written: bool,
    /// The partner's number.
    pub number: Field,
    /// Day of issue.
    pub issued_on: Field,
    /// Net of VAT.
    pub net: Field,
    /// VAT on it.
    pub vat: Field,
    /// In which currency amounts are typed.
    pub currency: &'static str,
}

impl PartnerOwnInvoice {
    fn sample_views() -> Vec<Self> {
        let some = Self {
            statement: "pay_1".to_owned(),
            paid: dkk(1_250_000),
            written: false,
            number: Field::of("2026-17"),
            issued_on: Field::of("2026-11-16"),
            net: Field::of("12500.00"),
            vat: Field::of("3125.00"),
            currency: "DKK",
        };
        let wrong = Self {
            number: Field::wrong("2026-16", "invoice_number_used"),
            issued_on: Field::wrong("", "required"),
            net: Field::wrong("12000.00", "invoice_amount"),
            vat: Field::wrong("3125.00", "vat_not_registered"),
            ..some.clone()
        };
        let written = Self { written: true, ..some.clone() };
        vec![some, wrong, written]
    }
}

view!(PartnerOwnInvoice, "own-invoice", PartnerAccess, "pages/own_invoice.html", section: PartnerSection::Payouts);
