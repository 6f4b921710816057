//! How owners write invoices for their partners, who lets them, and what they have written.

use tributary_directory::Viewer;
use tributary_kernel::{
    LocalDate, OrganisationId, PartnerId, PartnerInvoiceId, PayoutId, ProgramId, SelfBillingId,
    TaxDocumentId, Timestamp, text_enum,
};
use tributary_money::{Currency, Money, Rate};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all, first};

/// How an owner writes invoices for its partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInvoicing {
    /// Whose.
    pub owner: OrganisationId,
    /// Its own details, sealed with the master key.
    pub sealed: Vec<u8>,
    /// The standard rate of VAT in its country.
    pub vat_rate: Rate,
    /// Before every number of the series.
    pub prefix: String,
    /// The number that comes next, from 1.
    pub next_number: i64,
    /// When it was said.
    pub updated_at: Timestamp,
}

/// Sets how an owner writes invoices, and the number that comes next. Under the owner's lock.
pub async fn put_invoicing(
    conn: &mut dyn Connection,
    it: &StoredInvoicing,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO invoicing (owner_id, sealed, vat_rate, prefix, next_number, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (owner_id) DO UPDATE SET sealed = excluded.sealed, \
         vat_rate = excluded.vat_rate, prefix = excluded.prefix, \
         next_number = excluded.next_number, updated_at = excluded.updated_at",
        vec![
            it.owner.into(),
            it.sealed.clone().into(),
            it.vat_rate.to_string().into(),
            it.prefix.as_str().into(),
            it.next_number.into(),
            it.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// How an owner writes invoices, once it was said.
pub async fn invoicing(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<StoredInvoicing>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, sealed, vat_rate, prefix, next_number, updated_at \
             FROM invoicing WHERE owner_id = $1",
            vec![owner.into()],
        )
        .await?;
    first(&rows, |row| {
        Ok(StoredInvoicing {
            owner: row.id(0)?,
            sealed: row.bytes(1)?.to_vec(),
            vat_rate: row.parse(2)?,
            prefix: row.text(3)?.to_owned(),
            next_number: row.int(4)?,
            updated_at: row.timestamp(5)?,
        })
    })
}

/// That a partner lets an owner write its invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSelfBilling {
    /// Its id.
    pub id: SelfBillingId,
    /// Who writes.
    pub owner: OrganisationId,
    /// For whom.
    pub partner: PartnerId,
    /// The day of the agreement.
    pub agreed_on: LocalDate,
    /// When it was told here.
    pub agreed_at: Timestamp,
    /// By whom (opaque).
    pub agreed_by: String,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

const AGREEMENT: &str = "SELECT id, owner_id, partner_id, agreed_on, agreed_at, agreed_by, \
     ended_at FROM self_billing";

fn read_agreement(row: &Row) -> Result<StoredSelfBilling, EngineError> {
    Ok(StoredSelfBilling {
        id: row.id(0)?,
        owner: row.id(1)?,
        partner: row.id(2)?,
        agreed_on: row.date(3)?,
        agreed_at: row.timestamp(4)?,
        agreed_by: row.text(5)?.to_owned(),
        ended_at: row.timestamp_or_null(6)?,
    })
}

/// Keeps an agreement.
pub async fn insert_self_billing(
    conn: &mut dyn Connection,
    it: &StoredSelfBilling,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO self_billing (id, owner_id, partner_id, agreed_on, agreed_at, agreed_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.partner.into(),
            it.agreed_on.into(),
            it.agreed_at.into(),
            it.agreed_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Ends an agreement.
pub async fn end_self_billing(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: SelfBillingId,
    at: Timestamp,
    by: &str,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE self_billing SET ended_at = $3, ended_by = $4 WHERE owner_id = $1 AND id = $2",
        vec![owner.into(), id.into(), at.into(), by.into()],
    )
    .await?;
    Ok(())
}

/// Agreements of a partner that are in force, with whatever owner.
pub async fn self_billing_of(
    conn: &mut dyn Connection,
    partner: PartnerId,
) -> Result<Vec<StoredSelfBilling>, EngineError> {
    let rows = Select::new(AGREEMENT)
        .and("partner_id = ?", [partner.into()])
        .and("ended_at IS NULL", [])
        .run(conn, "ORDER BY id LIMIT 1000")
        .await?;
    all(&rows, read_agreement)
}

/// Agreements of partners with an owner that are in force.
pub async fn self_billing_with(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    partners: &[PartnerId],
) -> Result<Vec<StoredSelfBilling>, EngineError> {
    static IN_FORCE: Lookup = Lookup {
        select: "id, owner_id, partner_id, agreed_on, agreed_at, agreed_by, ended_at",
        table: "self_billing",
        keys: &[("partner_id", Kind::Bytes), ("owner_id", Kind::Bytes)],
        condition: "ended_at IS NULL",
        lock: false,
    };
    let keys = partners.iter().map(|id| vec![(*id).into(), owner.into()]).collect();
    all(&conn.lookup(&IN_FORCE, keys).await?, read_agreement)
}

text_enum! {
    /// Which kind of document.
    pub enum TaxDocumentKind {
        /// Of type 389.
        Invoice = "invoice",
        /// Of type 261.
        CreditNote = "credit_note",
    }
}

/// An invoice or credit note written for a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTaxDocument {
    /// Its id.
    pub id: TaxDocumentId,
    /// Who wrote it.
    pub owner: OrganisationId,
    /// Its place in the owner's series, from 1.
    pub position: i64,
    /// Its number, as it stands on it.
    pub number: String,
    /// Which kind.
    pub kind: TaxDocumentKind,
    /// The payout it is about.
    pub payout: PayoutId,
    /// That one's program.
    pub program: ProgramId,
    /// For whom.
    pub partner: PartnerId,
    /// The invoice that a credit note takes back.
    pub corrects: Option<TaxDocumentId>,
    /// Day of issue.
    pub issued_on: LocalDate,
    /// Net of VAT.
    pub net: Money,
    /// VAT, minor units of the same currency.
    pub vat: Money,
    /// Code of UNCL 5305.
    pub category: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a document consists of.
#[derive(Clone, PartialEq, Eq)]
pub struct TaxDocumentFiles {
    /// The document as it is kept, sealed with the master key.
    pub facts: Vec<u8>,
    /// UBL.
    pub ubl: Vec<u8>,
    /// SHA-256 of it.
    pub ubl_hash: [u8; 32],
    /// PDF.
    pub pdf: Vec<u8>,
    /// SHA-256 of it.
    pub pdf_hash: [u8; 32],
}

impl std::fmt::Debug for TaxDocumentFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TaxDocumentFiles(…)")
    }
}

const DOCUMENT: &str = "SELECT id, owner_id, position, number, kind, payout_id, program_id, \
     partner_id, corrects_id, issued_on, currency, net, vat, category, created_at FROM tax_document";

fn read_document(row: &Row) -> Result<StoredTaxDocument, EngineError> {
    let currency: Currency = row.parse(10)?;
    Ok(StoredTaxDocument {
        id: row.id(0)?,
        owner: row.id(1)?,
        position: row.int(2)?,
        number: row.text(3)?.to_owned(),
        kind: row.parse(4)?,
        payout: row.id(5)?,
        program: row.id(6)?,
        partner: row.id(7)?,
        corrects: row.id_or_null(8)?,
        issued_on: row.date(9)?,
        net: Money::new(row.int(11)?, currency),
        vat: Money::new(row.int(12)?, currency),
        category: row.text(13)?.to_owned(),
        created_at: row.timestamp(14)?,
    })
}

/// Keeps a document.
pub async fn insert_tax_document(
    conn: &mut dyn Connection,
    it: &StoredTaxDocument,
    files: &TaxDocumentFiles,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO tax_document (id, owner_id, position, number, kind, payout_id, program_id, \
         partner_id, corrects_id, issued_on, currency, net, vat, category, created_at, facts, \
         ubl, ubl_hash, pdf, pdf_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.position.into(),
            it.number.as_str().into(),
            it.kind.as_str().into(),
            it.payout.into(),
            it.program.into(),
            it.partner.into(),
            it.corrects.into(),
            it.issued_on.into(),
            it.net.currency.code().into(),
            it.net.minor.into(),
            it.vat.minor.into(),
            it.category.as_str().into(),
            it.created_at.into(),
            files.facts.clone().into(),
            files.ubl.clone().into(),
            files.ubl_hash.into(),
            files.pdf.clone().into(),
            files.pdf_hash.into(),
        ],
    )
    .await?;
    Ok(())
}

fn seen_by(viewer: Viewer) -> Select {
    match viewer {
        Viewer::Owner(owner) => Select::new(DOCUMENT).and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => Select::new(DOCUMENT).and("partner_id = ?", [partner.into()]),
    }
}

/// Which documents to list.
#[derive(Debug, Clone, Default)]
pub struct TaxDocumentFilter {
    /// About one payout.
    pub payout: Option<PayoutId>,
    /// Of one program.
    pub program: Option<ProgramId>,
    /// For one partner.
    pub partner: Option<PartnerId>,
}

/// Documents a viewer may see, newest first.
pub async fn list_tax_documents(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &TaxDocumentFilter,
    page: PageRequest,
) -> Result<Page<StoredTaxDocument>, EngineError> {
    seen_by(viewer)
        .and_if("payout_id = ?", filter.payout)
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .page(conn, page, read_document)
        .await
}

/// One document a viewer may see.
pub async fn find_tax_document(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: TaxDocumentId,
) -> Result<Option<StoredTaxDocument>, EngineError> {
    let rows = seen_by(viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read_document)
}

/// What a document consists of.
pub async fn tax_document_files(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: TaxDocumentId,
) -> Result<Option<TaxDocumentFiles>, EngineError> {
    let rows = conn
        .query(
            "SELECT facts, ubl, ubl_hash, pdf, pdf_hash FROM tax_document \
             WHERE owner_id = $1 AND id = $2",
            vec![owner.into(), id.into()],
        )
        .await?;
    first(&rows, |row| {
        Ok(TaxDocumentFiles {
            facts: row.bytes(0)?.to_vec(),
            ubl: row.bytes(1)?.to_vec(),
            ubl_hash: row.array(2)?,
            pdf: row.bytes(3)?.to_vec(),
            pdf_hash: row.array(4)?,
        })
    })
}

/// The documents about a payout, in the order of their numbers.
pub async fn documents_of_payout(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payout: PayoutId,
) -> Result<Vec<StoredTaxDocument>, EngineError> {
    let rows = Select::new(DOCUMENT)
        .and("owner_id = ?", [owner.into()])
        .and("payout_id = ?", [payout.into()])
        .run(conn, "ORDER BY position LIMIT 100")
        .await?;
    all(&rows, read_document)
}

/// An owner's documents after a place in its series, in order.
pub async fn documents_after(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    position: i64,
    limit: u32,
) -> Result<Vec<StoredTaxDocument>, EngineError> {
    let rows = Select::new(DOCUMENT)
        .and("owner_id = ?", [owner.into()])
        .and("position > ?", [position.into()])
        .run_limited(conn, "ORDER BY position", limit)
        .await?;
    all(&rows, read_document)
}

/// An invoice that a partner wrote itself for a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPartnerInvoice {
    /// Its id.
    pub id: PartnerInvoiceId,
    /// Who owes it.
    pub owner: OrganisationId,
    /// The payout that pays it.
    pub payout: PayoutId,
    /// Who wrote it.
    pub partner: PartnerId,
    /// The partner's number of it.
    pub number: String,
    /// Day of issue.
    pub issued_on: LocalDate,
    /// Net of VAT.
    pub net: Money,
    /// VAT, in the same currency.
    pub vat: Money,
    /// When it was given.
    pub given_at: Timestamp,
    /// By whom (opaque).
    pub given_by: String,
}

const OWN: &str = "SELECT id, owner_id, payout_id, partner_id, number, issued_on, currency, net, \
     vat, given_at, given_by FROM partner_invoice";

fn read_own(row: &Row) -> Result<StoredPartnerInvoice, EngineError> {
    let currency: Currency = row.parse(6)?;
    Ok(StoredPartnerInvoice {
        id: row.id(0)?,
        owner: row.id(1)?,
        payout: row.id(2)?,
        partner: row.id(3)?,
        number: row.text(4)?.to_owned(),
        issued_on: row.date(5)?,
        net: Money::new(row.int(7)?, currency),
        vat: Money::new(row.int(8)?, currency),
        given_at: row.timestamp(9)?,
        given_by: row.text(10)?.to_owned(),
    })
}

/// Puts an invoice in the place of the one given for the same payout before.
pub async fn put_partner_invoice(
    conn: &mut dyn Connection,
    it: &StoredPartnerInvoice,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE partner_invoice SET replaced_at = $3 \
         WHERE owner_id = $1 AND payout_id = $2 AND replaced_at IS NULL",
        vec![it.owner.into(), it.payout.into(), it.given_at.into()],
    )
    .await?;
    conn.execute(
        "INSERT INTO partner_invoice (id, owner_id, payout_id, partner_id, number, issued_on, \
         currency, net, vat, given_at, given_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.payout.into(),
            it.partner.into(),
            it.number.as_str().into(),
            it.issued_on.into(),
            it.net.currency.code().into(),
            it.net.minor.into(),
            it.vat.minor.into(),
            it.given_at.into(),
            it.given_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The invoice that counts for a payout.
pub async fn partner_invoice(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payout: PayoutId,
) -> Result<Option<StoredPartnerInvoice>, EngineError> {
    let select = Select::new(OWN)
        .and("owner_id = ?", [owner.into()])
        .and("payout_id = ?", [payout.into()])
        .and("replaced_at IS NULL", []);
    first(&select.run(conn, "").await?, read_own)
}

/// The payout that a partner's invoice of a number counts for, with an owner.
pub async fn payout_of_number(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    partner: PartnerId,
    number: &str,
) -> Result<Option<PayoutId>, EngineError> {
    let rows = conn
        .query(
            "SELECT payout_id FROM partner_invoice WHERE partner_id = $1 AND owner_id = $2 \
             AND number = $3 AND replaced_at IS NULL LIMIT 1",
            vec![partner.into(), owner.into(), number.into()],
        )
        .await?;
    first(&rows, |row| row.id(0))
}
