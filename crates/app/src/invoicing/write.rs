use serde::{Deserialize, Serialize};
use tributary_i18n::Language;
use tributary_kernel::{LocalDate, OrganisationId, PayoutId, TaxDocumentId};
use tributary_money::Money;
use tributary_payout::invoice::{
    DocumentKind, Invoice, InvoiceLine, InvoiceNumber, InvoiceParty, InvoiceSeries, write_pdf,
    write_ubl,
};
use tributary_payout::statement::Statement;
use tributary_payout::tax::WithheldAmount;
use tributary_store::engine::Connection;
use tributary_store::invoicing::{
    self as store, StoredInvoicing, StoredTaxDocument, TaxDocumentFiles, TaxDocumentKind,
};
use tributary_store::payout::StoredPayout;

use super::taxed::Taxed;
use super::words;
use crate::books::Books;
use crate::secrets::sha256;
use crate::{App, AppError};

const PURPOSE: &str = "tax_document";
const FORMAT: u8 = 1;

/// A document as it is kept: what a credit note is written of.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    format: u8,
    language: String,
    invoice: Invoice,
}

/// A number taken from an owner's series.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) number: InvoiceNumber,
    position: i64,
}

/// The pen for an owner's series of documents, while the owner's lock is held.
#[derive(Debug)]
pub(crate) struct Writer {
    stored: StoredInvoicing,
    series: InvoiceSeries,
    today: LocalDate,
}

/// What an invoice is about.
pub(crate) struct InvoiceOf<'a> {
    pub(crate) payout: &'a StoredPayout,
    pub(crate) taxed: &'a Taxed,
    pub(crate) statement: &'a Statement,
    pub(crate) program: &'a str,
    pub(crate) due_on: LocalDate,
    pub(crate) withheld: Option<&'a WithheldAmount>,
    pub(crate) language: Language,
}

impl Writer {
    /// Takes up the pen; none where the owner writes no invoices. `today` in the program's zone.
    pub(crate) async fn open(
        conn: &mut dyn Connection,
        owner: OrganisationId,
        today: LocalDate,
    ) -> Result<Option<Self>, AppError> {
        let Some(stored) = store::invoicing(conn, owner).await? else { return Ok(None) };
        let next = u64::try_from(stored.next_number).ok();
        let series = next.and_then(|next| InvoiceSeries::restore(&stored.prefix, next));
        let series =
            series.ok_or_else(|| AppError::Corrupt(format!("series of invoices of {owner}")))?;
        Ok(Some(Self { stored, series, today }))
    }

    /// Takes the next number. Whoever takes one writes its document.
    pub(crate) fn draw(&mut self) -> Drawn {
        let position = self.series.next().cast_signed();
        let (number, series) = self.series.clone().take();
        self.series = series;
        Drawn { number, position }
    }

    /// Keeps how far the series has come.
    pub(crate) async fn close(self, conn: &mut dyn Connection) -> Result<(), AppError> {
        let next_number = self.series.next().cast_signed();
        if next_number != self.stored.next_number {
            store::put_invoicing(conn, &StoredInvoicing { next_number, ..self.stored }).await?;
        }
        Ok(())
    }

    /// Writes the invoice of a payout.
    pub(crate) async fn invoice(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        pen: &mut Books,
        drawn: Drawn,
        it: &InvoiceOf<'_>,
    ) -> Result<(), AppError> {
        let (payout, statement) = (it.payout, it.statement);
        let invoice = Invoice {
            number: drawn.number,
            kind: DocumentKind::Invoice,
            issued_on: self.today,
            due_on: Some(it.due_on.max(self.today)),
            period: Some((statement.period.from, statement.period.to)),
            currency: statement.currency,
            seller: InvoiceParty::seller(payout.partner, &it.taxed.seller),
            buyer: InvoiceParty::buyer(payout.owner, &it.taxed.buyer),
            buyer_reference: payout.id.to_string(),
            agreement: words::agreement(it.language, it.taxed.agreed_on),
            lines: lines_of(it)?,
            note: it.withheld.map(|withheld| words::withheld(it.language, withheld)),
        };
        let stored = self.stored_of(app, drawn.position, &invoice, payout, None)?;
        self.keep(app, conn, pen, stored, invoice, it.language).await
    }

    /// Writes the credit note of an invoice, of all of it.
    async fn credit(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        pen: &mut Books,
        drawn: Drawn,
        payout: &StoredPayout,
        of: &StoredTaxDocument,
    ) -> Result<(), AppError> {
        let corrupt = || AppError::Corrupt(format!("facts of {}", of.id));
        let files = store::tax_document_files(conn, of.owner, of.id).await?.ok_or_else(corrupt)?;
        let plain = app.secrets.open(PURPOSE, &files.facts)?;
        let facts: Facts = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
        let language = facts.language.parse().map_err(|_| corrupt())?;
        if facts.format != FORMAT {
            return Err(corrupt());
        }
        let invoice = Invoice {
            number: drawn.number,
            kind: DocumentKind::CreditNote {
                of: vec![(facts.invoice.number.clone(), facts.invoice.issued_on)],
            },
            issued_on: self.today,
            due_on: None,
            ..facts.invoice
        };
        let stored = self.stored_of(app, drawn.position, &invoice, payout, Some(of.id))?;
        self.keep(app, conn, pen, stored, invoice, language).await
    }

    fn stored_of(
        &self,
        app: &App,
        position: i64,
        invoice: &Invoice,
        payout: &StoredPayout,
        corrects: Option<TaxDocumentId>,
    ) -> Result<StoredTaxDocument, AppError> {
        let totals = invoice.totals().map_err(|error| refused(payout.id, &error))?;
        let category = totals.vat.first().map_or("", |it| it.category.code());
        Ok(StoredTaxDocument {
            id: TaxDocumentId::new(app.now(), &*app.entropy),
            owner: payout.owner,
            position,
            number: invoice.number.as_str().to_owned(),
            kind: match invoice.kind {
                DocumentKind::Invoice => TaxDocumentKind::Invoice,
                DocumentKind::CreditNote { .. } => TaxDocumentKind::CreditNote,
            },
            payout: payout.id,
            program: payout.program,
            partner: payout.partner,
            corrects,
            issued_on: invoice.issued_on,
            net: totals.net,
            vat: totals.tax,
            category: category.to_owned(),
            created_at: app.now(),
        })
    }

    async fn keep(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        pen: &mut Books,
        stored: StoredTaxDocument,
        invoice: Invoice,
        language: Language,
    ) -> Result<(), AppError> {
        let wrong = |error| refused(stored.payout, &error);
        let ubl = write_ubl(&invoice).map_err(wrong)?;
        let pdf = write_pdf(&invoice, &words::words(language)).map_err(wrong)?;
        let facts = Facts { format: FORMAT, language: language.to_string(), invoice };
        let plain = serde_json::to_vec(&facts)
            .map_err(|error| AppError::Corrupt(format!("facts of {}: {error}", stored.id)))?;
        let files = TaxDocumentFiles {
            facts: app.secrets.seal(PURPOSE, &plain, &*app.entropy),
            ubl_hash: sha256(&ubl),
            ubl,
            pdf_hash: sha256(&pdf),
            pdf,
        };
        store::insert_tax_document(conn, &stored, &files).await?;
        let data = serde_json::json!({
            "document": stored.id, "number": stored.number, "kind": stored.kind,
            "payout": stored.payout, "partner": stored.partner, "net": stored.net,
            "vat": stored.vat,
        });
        pen.tell("tax_document.issued", *stored.id.as_bytes(), &data, &*app.entropy);
        Ok(())
    }
}

fn refused(payout: PayoutId, error: &tributary_payout::invoice::InvoiceError) -> AppError {
    AppError::Corrupt(format!("invoice of {payout}: {error}"))
}

/// What was earned, and what is taken off again, as one line each: the statement, which is named,
/// has every commission.
fn lines_of(it: &InvoiceOf<'_>) -> Result<Vec<InvoiceLine>, AppError> {
    let statement = it.statement;
    let (mut earned, mut back) = (0i64, 0i64);
    for line in &statement.lines {
        let sum = if line.amount.is_negative() { &mut back } else { &mut earned };
        *sum = sum
            .checked_add(line.amount.minor)
            .ok_or_else(|| AppError::Corrupt(format!("lines of {}", statement.statement)))?;
    }
    let number = statement.statement.to_string();
    let of = words::LineOf {
        program: it.program,
        period: (statement.period.from, statement.period.to),
        statement: &number,
    };
    let line = |name: String, minor| InvoiceLine {
        name,
        net: Money::new(minor, statement.currency),
        vat: it.taxed.category,
    };
    let lines = [
        (earned != 0).then(|| line(words::earned(it.language, &of), earned)),
        (back != 0).then(|| line(words::taken_back(it.language, &of), back)),
    ];
    Ok(lines.into_iter().flatten().collect())
}

/// Takes back the invoice of a payout that is not sent after all, if it has one.
pub(crate) async fn credit_in(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    payout: &StoredPayout,
    today: LocalDate,
) -> Result<(), AppError> {
    let documents = store::documents_of_payout(conn, payout.owner, payout.id).await?;
    let open = documents.iter().find(|it| {
        it.kind == TaxDocumentKind::Invoice
            && !documents.iter().any(|other| other.corrects == Some(it.id))
    });
    let Some(open) = open else { return Ok(()) };
    let Some(mut writer) = Writer::open(conn, payout.owner, today).await? else {
        return Err(AppError::Corrupt(format!("{} has an invoice of no series", payout.id)));
    };
    let drawn = writer.draw();
    writer.credit(app, conn, pen, drawn, payout, open).await?;
    writer.close(conn).await
}
