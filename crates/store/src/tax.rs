//! What partners are for tax, and what registers of VAT numbers answered.

use tributary_kernel::{
    LocalDate, OrganisationId, PartnerId, TaxProfileId, Timestamp, VatAnswerId,
};

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all};

/// A partner's tax profile, one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTaxProfile {
    /// Its id.
    pub id: TaxProfileId,
    /// Whose.
    pub partner: PartnerId,
    /// The profile, sealed with the master key.
    pub sealed: Vec<u8>,
    /// When it was given.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

fn read_profile(row: &Row) -> Result<StoredTaxProfile, EngineError> {
    Ok(StoredTaxProfile {
        id: row.id(0)?,
        partner: row.id(1)?,
        sealed: row.bytes(2)?.to_vec(),
        created_at: row.timestamp(3)?,
        created_by: row.text(4)?.to_owned(),
    })
}

/// Puts a version in the place of the one in use.
pub async fn put_tax_profile(
    conn: &mut dyn Connection,
    it: &StoredTaxProfile,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE tax_profile SET replaced_at = $2 WHERE partner_id = $1 AND replaced_at IS NULL",
        vec![it.partner.into(), it.created_at.into()],
    )
    .await?;
    conn.execute(
        "INSERT INTO tax_profile (id, partner_id, sealed, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5)",
        vec![
            it.id.into(),
            it.partner.into(),
            it.sealed.clone().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The versions in use, of partners that have given one.
pub async fn tax_profiles(
    conn: &mut dyn Connection,
    partners: &[PartnerId],
) -> Result<Vec<StoredTaxProfile>, EngineError> {
    static IN_USE: Lookup = Lookup {
        select: "id, partner_id, sealed, created_at, created_by",
        table: "tax_profile",
        keys: &[("partner_id", Kind::Bytes)],
        condition: "replaced_at IS NULL",
        lock: false,
    };
    let keys = partners.iter().map(|id| vec![(*id).into()]).collect();
    all(&conn.lookup(&IN_USE, keys).await?, read_profile)
}

/// What a register answered about a VAT number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVatAnswer {
    /// Its id.
    pub id: VatAnswerId,
    /// Who asked.
    pub owner: OrganisationId,
    /// Whose number.
    pub partner: PartnerId,
    /// Which number, without blanks and in capitals.
    pub number: String,
    /// Whether it is valid.
    pub valid: bool,
    /// The name that it is registered to, where the register tells one.
    pub registered_name: Option<String>,
    /// The register's reference of the question.
    pub reference: Option<String>,
    /// The day it was asked.
    pub asked_on: LocalDate,
    /// When it was kept.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

const ANSWER: &str = "SELECT id, owner_id, partner_id, number, valid, registered_name, reference, \
     asked_on, created_at, created_by FROM vat_answer";

fn read_answer(row: &Row) -> Result<StoredVatAnswer, EngineError> {
    Ok(StoredVatAnswer {
        id: row.id(0)?,
        owner: row.id(1)?,
        partner: row.id(2)?,
        number: row.text(3)?.to_owned(),
        valid: row.bool(4)?,
        registered_name: row.text_or_null(5)?.map(str::to_owned),
        reference: row.text_or_null(6)?.map(str::to_owned),
        asked_on: row.date(7)?,
        created_at: row.timestamp(8)?,
        created_by: row.text(9)?.to_owned(),
    })
}

/// Keeps an answer.
pub async fn insert_vat_answer(
    conn: &mut dyn Connection,
    it: &StoredVatAnswer,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO vat_answer (id, owner_id, partner_id, number, valid, registered_name, \
         reference, asked_on, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.partner.into(),
            it.number.as_str().into(),
            it.valid.into(),
            it.registered_name.as_deref().into(),
            it.reference.as_deref().into(),
            it.asked_on.into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// What an owner was answered about a partner, newest first.
pub async fn list_vat_answers(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    partner: PartnerId,
    page: PageRequest,
) -> Result<Page<StoredVatAnswer>, EngineError> {
    Select::new(ANSWER)
        .and("owner_id = ?", [owner.into()])
        .and("partner_id = ?", [partner.into()])
        .page(conn, page, read_answer)
        .await
}
