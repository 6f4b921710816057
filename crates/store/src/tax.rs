//! What partners are for tax, and what registers of VAT numbers answered.

use tributary_kernel::{
    LocalDate, OrganisationId, PartnerId, TaxProfileId, Timestamp, VatAnswerId, WithholdingRuleId,
};
use tributary_money::Rate;

use crate::engine::{Connection, EngineError, Kind, Lookup, Row};
use crate::list::{Page, PageRequest, Select, all, first};

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

/// What an owner was answered about partners, in no order.
pub async fn vat_answers_about(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    partners: &[PartnerId],
) -> Result<Vec<StoredVatAnswer>, EngineError> {
    static ABOUT: Lookup = Lookup {
        select: "id, owner_id, partner_id, number, valid, registered_name, reference, asked_on, \
                 created_at, created_by",
        table: "vat_answer",
        keys: &[("owner_id", Kind::Bytes), ("partner_id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = partners.iter().map(|id| vec![owner.into(), (*id).into()]).collect();
    all(&conn.lookup(&ABOUT, keys).await?, read_answer)
}

/// A rule of what is withheld from payouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWithholdingRule {
    /// Its id.
    pub id: WithholdingRuleId,
    /// Whose.
    pub owner: OrganisationId,
    /// Name for people.
    pub name: String,
    /// Of those liable in which country.
    pub country: String,
    /// JSON: of which kinds of person; empty: all.
    pub persons: String,
    /// Only of those who have or lack a number of a kind.
    pub number: Option<(String, bool)>,
    /// Only of those who do or do not pay their own tax.
    pub pays_own_tax: Option<bool>,
    /// Part of the amount net of VAT.
    pub rate: Rate,
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub until: Option<LocalDate>,
    /// Where the rule stands.
    pub source: String,
    /// When it was entered.
    pub created_at: Timestamp,
    /// By whom (opaque).
    pub created_by: String,
}

const RULE: &str = "SELECT id, owner_id, name, country, persons, number_kind, has_number, \
     pays_own_tax, rate, from_day, until_day, source, created_at, created_by FROM withholding_rule";

fn read_rule(row: &Row) -> Result<StoredWithholdingRule, EngineError> {
    let flag = |column| Ok::<_, EngineError>(row.int_or_null(column)?.map(|it| it != 0));
    let (kind, has) = (row.text_or_null(5)?, flag(6)?);
    let until = row.int_or_null(10)?.map(|_| row.date(10)).transpose()?;
    Ok(StoredWithholdingRule {
        id: row.id(0)?,
        owner: row.id(1)?,
        name: row.text(2)?.to_owned(),
        country: row.text(3)?.to_owned(),
        persons: row.text(4)?.to_owned(),
        number: kind.map(str::to_owned).zip(has),
        pays_own_tax: flag(7)?,
        rate: row.parse(8)?,
        from: row.date(9)?,
        until,
        source: row.text(11)?.to_owned(),
        created_at: row.timestamp(12)?,
        created_by: row.text(13)?.to_owned(),
    })
}

/// Adds a rule, or changes its last day.
pub async fn put_withholding_rule(
    conn: &mut dyn Connection,
    it: &StoredWithholdingRule,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO withholding_rule (id, owner_id, name, country, persons, number_kind, \
         has_number, pays_own_tax, rate, from_day, until_day, source, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         ON CONFLICT (owner_id, id) DO UPDATE SET until_day = excluded.until_day",
        vec![
            it.id.into(),
            it.owner.into(),
            it.name.as_str().into(),
            it.country.as_str().into(),
            it.persons.as_str().into(),
            it.number.as_ref().map(|(kind, _)| kind.as_str()).into(),
            it.number.as_ref().map(|(_, has)| i64::from(*has)).into(),
            it.pays_own_tax.map(i64::from).into(),
            it.rate.to_string().into(),
            it.from.into(),
            it.until.into(),
            it.source.as_str().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// An owner's rules, newest first.
pub async fn list_withholding_rules(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredWithholdingRule>, EngineError> {
    Select::new(RULE).and("owner_id = ?", [owner.into()]).page(conn, page, read_rule).await
}

/// All of them; an owner has at most [`WITHHOLDING_RULES_MAX`].
pub async fn withholding_rules(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<StoredWithholdingRule>, EngineError> {
    let select = Select::new(RULE).and("owner_id = ?", [owner.into()]);
    all(&select.run(conn, "ORDER BY id LIMIT 1000").await?, read_rule)
}

/// One of an owner's rules.
pub async fn find_withholding_rule(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: WithholdingRuleId,
) -> Result<Option<StoredWithholdingRule>, EngineError> {
    let select = Select::new(RULE).and("owner_id = ?", [owner.into()]).and("id = ?", [id.into()]);
    first(&select.run(conn, "").await?, read_rule)
}

/// Rules of one owner.
pub const WITHHOLDING_RULES_MAX: usize = 1_000;
