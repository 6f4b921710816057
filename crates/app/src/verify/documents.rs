//! Invoices and credit notes against their series, their payouts and their hashes.

use std::collections::HashMap;

use tributary_kernel::{OrganisationId, PayoutId, TaxDocumentId};
use tributary_store::engine::Connection;
use tributary_store::invoicing::{self as store, StoredTaxDocument, TaxDocumentKind};
use tributary_store::payout::PayoutState;

use super::VerifyReport;
use super::payouts::Expected;
use crate::AppError;
use crate::secrets::sha256;

const PAGE_ROWS: u32 = 1_000;

/// What has been found of one payout.
#[derive(Default)]
struct Found {
    invoice: Option<(TaxDocumentId, String)>,
    credited: bool,
}

/// Every number from 1 to the last one given, once; the files are those that were hashed; a payout
/// with VAT has one invoice of its amounts, and one credit note if it was not sent after all.
pub(super) async fn check(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payouts: &[Expected],
    report: &mut VerifyReport,
) -> Result<(), AppError> {
    let settings = store::invoicing(conn, owner).await?;
    let by_id: HashMap<PayoutId, &Expected> = payouts.iter().map(|it| (it.id, it)).collect();
    let mut found: HashMap<PayoutId, Found> = HashMap::new();
    let mut position = 0;
    loop {
        let page = store::documents_after(conn, owner, position, PAGE_ROWS).await?;
        for it in &page {
            report.documents += 1;
            position += 1;
            if it.position != position {
                let detail = format!("number {position} of the series is missing");
                report.find("tax_document", it.id, detail);
                position = it.position;
            }
            files(conn, it, report).await?;
            let expected = by_id.get(&it.payout).copied();
            take(it, expected, found.entry(it.payout).or_default(), report);
        }
        if page.len() < PAGE_ROWS as usize {
            break;
        }
    }
    let given = settings.as_ref().map_or(0, |it| it.next_number - 1);
    if given != position {
        let detail = format!("{given} numbers were given, the last document has {position}");
        report.find("invoice_series", owner, detail);
    }
    for it in payouts {
        let of = found.remove(&it.id).unwrap_or_default();
        if let Some(detail) = lacks(it, &of) {
            report.find("tax_document", it.id, detail);
        }
    }
    Ok(())
}

async fn files(
    conn: &mut dyn Connection,
    it: &StoredTaxDocument,
    report: &mut VerifyReport,
) -> Result<(), AppError> {
    let files = store::tax_document_files(conn, it.owner, it.id).await?;
    let same = files.is_some_and(|files| {
        sha256(&files.ubl) == files.ubl_hash && sha256(&files.pdf) == files.pdf_hash
    });
    if !same {
        report.find("tax_document", it.id, "its files do not have their hashes");
    }
    Ok(())
}

fn take(
    it: &StoredTaxDocument,
    payout: Option<&Expected>,
    found: &mut Found,
    report: &mut VerifyReport,
) {
    let Some(payout) = payout else {
        return report.find("tax_document", it.id, "it is of no payout");
    };
    let vat = payout.tax.as_ref().map_or(0, |tax| tax.vat.minor);
    if (it.net.minor, it.vat.minor) != (payout.net, vat) {
        let detail = format!(
            "it is of {} and {} of VAT, its payout of {} and {vat}",
            it.net.minor, it.vat.minor, payout.net
        );
        report.find("tax_document", it.id, detail);
    }
    match it.kind {
        TaxDocumentKind::Invoice if found.invoice.is_none() => {
            found.invoice = Some((it.id, it.number.clone()));
        }
        TaxDocumentKind::CreditNote
            if !found.credited
                && found.invoice.as_ref().is_some_and(|(id, _)| it.corrects == Some(*id)) =>
        {
            found.credited = true;
        }
        _ => report.find(
            "tax_document",
            it.id,
            "its payout has another one like it, or none to correct",
        ),
    }
}

/// What a payout should have, and has not.
fn lacks(payout: &Expected, found: &Found) -> Option<String> {
    let number = found.invoice.as_ref().map(|(_, number)| number.as_str());
    let stated = payout.tax.as_ref().and_then(|tax| tax.invoice.as_deref());
    if number != stated {
        return Some(format!("its statement names invoice {stated:?}, there is {number:?}"));
    }
    let gone = matches!(payout.state, PayoutState::Returned | PayoutState::Cancelled);
    if found.invoice.is_some() && found.credited != gone {
        return Some(format!(
            "it is {}, and its invoice credited: {}",
            payout.state, found.credited
        ));
    }
    None
}
