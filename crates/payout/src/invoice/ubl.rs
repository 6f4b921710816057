//! UBL 2.1 in the form of Peppol BIS Self-Billing 3: the elements in the order of the schema.

use tributary_kernel::LocalDate;
use tributary_money::Money;

use super::{
    DocumentKind, Invoice, InvoiceError, InvoiceLine, InvoiceParty, InvoiceTotals, VatCategory,
};
use crate::xml::Xml;

const CUSTOMIZATION: &str =
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0";
const PROFILE: &str = "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0";
const AGGREGATE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
/// "One", of UN/ECE recommendation 20.
const UNIT: &str = "C62";

/// Writes the document. The same values give the same bytes.
///
/// # Errors
/// When the document is none, see [`Invoice::totals`].
pub fn write_ubl(invoice: &Invoice) -> Result<Vec<u8>, InvoiceError> {
    let totals = invoice.totals()?;
    let credit = matches!(invoice.kind, DocumentKind::CreditNote { .. });
    let root = if credit { "CreditNote" } else { "Invoice" };
    let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
    let mut xml = Xml::new();
    xml.root(
        root,
        &[("xmlns", &namespace), ("xmlns:cac", AGGREGATE), ("xmlns:cbc", BASIC)],
        |xml| {
            head(invoice, credit, xml);
            xml.nested(&["cac:AccountingSupplierParty", "cac:Party"], |xml| {
                party(&invoice.seller, invoice, xml)
            });
            xml.nested(&["cac:AccountingCustomerParty", "cac:Party"], |xml| {
                party(&invoice.buyer, invoice, xml)
            });
            tax(invoice, &totals, xml);
            xml.element("cac:LegalMonetaryTotal", |xml| {
                amount("cbc:LineExtensionAmount", totals.net, xml);
                amount("cbc:TaxExclusiveAmount", totals.net, xml);
                amount("cbc:TaxInclusiveAmount", totals.gross, xml);
                amount("cbc:PayableAmount", totals.gross, xml);
            });
            for (index, it) in invoice.lines.iter().enumerate() {
                line(it, index + 1, credit, xml);
            }
        },
    );
    Ok(xml.finish())
}

fn head(invoice: &Invoice, credit: bool, xml: &mut Xml) {
    xml.text("cbc:CustomizationID", CUSTOMIZATION);
    xml.text("cbc:ProfileID", PROFILE);
    xml.text("cbc:ID", invoice.number.as_str());
    xml.text("cbc:IssueDate", &invoice.issued_on.to_string());
    if let Some(due) = invoice.due_on.filter(|_| !credit) {
        xml.text("cbc:DueDate", &due.to_string());
    }
    let code = if credit { "cbc:CreditNoteTypeCode" } else { "cbc:InvoiceTypeCode" };
    xml.text(code, invoice.type_code());
    let note = match &invoice.note {
        Some(note) => format!("Self-billing. {}. {note}", invoice.agreement),
        None => format!("Self-billing. {}", invoice.agreement),
    };
    xml.text("cbc:Note", &note);
    xml.text("cbc:DocumentCurrencyCode", invoice.currency.code());
    xml.text("cbc:BuyerReference", &invoice.buyer_reference);
    if let Some((from, to)) = invoice.period {
        xml.element("cac:InvoicePeriod", |xml| {
            xml.text("cbc:StartDate", &from.to_string());
            xml.text("cbc:EndDate", &to.to_string());
        });
    }
    if let DocumentKind::CreditNote { of } = &invoice.kind {
        for (number, issued) in of {
            reference(number.as_str(), *issued, xml);
        }
    }
}

fn reference(number: &str, issued: LocalDate, xml: &mut Xml) {
    xml.nested(&["cac:BillingReference", "cac:InvoiceDocumentReference"], |xml| {
        xml.text("cbc:ID", number);
        xml.text("cbc:IssueDate", &issued.to_string());
    });
}

fn party(party: &InvoiceParty, invoice: &Invoice, xml: &mut Xml) {
    if let Some((scheme, id)) = &party.endpoint {
        xml.text_with("cbc:EndpointID", &[("schemeID", scheme)], id);
    }
    if let Some(id) = &party.identifier {
        xml.element("cac:PartyIdentification", |xml| xml.text("cbc:ID", id));
    }
    xml.element("cac:PostalAddress", |xml| {
        if let Some(street) = &party.street {
            xml.text("cbc:StreetName", street);
        }
        xml.text("cbc:CityName", &party.town);
        if let Some(post_code) = &party.post_code {
            xml.text("cbc:PostalZone", post_code);
        }
        xml.element("cac:Country", |xml| xml.text("cbc:IdentificationCode", &party.country));
    });
    // Where nothing is subject to VAT, no VAT number may stand.
    let subject = invoice.lines.iter().any(|it| it.vat != VatCategory::NotSubject);
    if let Some(number) = party.vat_number.as_ref().filter(|_| subject) {
        xml.element("cac:PartyTaxScheme", |xml| {
            xml.text("cbc:CompanyID", number);
            xml.element("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
        });
    }
    xml.element("cac:PartyLegalEntity", |xml| {
        xml.text("cbc:RegistrationName", &party.name);
        match &party.company_number {
            Some((Some(scheme), id)) => {
                xml.text_with("cbc:CompanyID", &[("schemeID", scheme)], id);
            }
            Some((None, id)) => xml.text("cbc:CompanyID", id),
            None => {}
        }
    });
}

fn tax(invoice: &Invoice, totals: &InvoiceTotals, xml: &mut Xml) {
    debug_assert!(totals.tax.currency == invoice.currency);
    xml.element("cac:TaxTotal", |xml| {
        amount("cbc:TaxAmount", totals.tax, xml);
        for it in &totals.vat {
            xml.element("cac:TaxSubtotal", |xml| {
                amount("cbc:TaxableAmount", it.net, xml);
                amount("cbc:TaxAmount", it.tax, xml);
                category("cac:TaxCategory", it.category, true, xml);
            });
        }
    });
}

fn category(name: &str, it: VatCategory, with_reason: bool, xml: &mut Xml) {
    xml.element(name, |xml| {
        xml.text("cbc:ID", it.code());
        if let Some(percent) = it.percent() {
            xml.text("cbc:Percent", &percent);
        }
        if let Some((code, reason)) = it.reason().filter(|_| with_reason) {
            xml.text("cbc:TaxExemptionReasonCode", code);
            xml.text("cbc:TaxExemptionReason", reason);
        }
        xml.element("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
    });
}

/// A price is never negative: what is taken back is minus one of a price.
fn line(it: &InvoiceLine, number: usize, credit: bool, xml: &mut Xml) {
    let (element, quantity) = match credit {
        true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    };
    let negative = it.net.is_negative();
    let price = Money::new(it.net.minor.saturating_abs(), it.net.currency);
    xml.element(element, |xml| {
        xml.text("cbc:ID", &number.to_string());
        let pieces = if negative { "-1" } else { "1" };
        xml.text_with(quantity, &[("unitCode", UNIT)], pieces);
        amount("cbc:LineExtensionAmount", it.net, xml);
        xml.element("cac:Item", |xml| {
            xml.text("cbc:Name", &it.name);
            category("cac:ClassifiedTaxCategory", it.vat, false, xml);
        });
        xml.element("cac:Price", |xml| amount("cbc:PriceAmount", price, xml));
    });
}

fn amount(name: &str, it: Money, xml: &mut Xml) {
    xml.text_with(name, &[("currencyID", it.currency.code())], &it.to_decimal_string());
}
