//! Leads: who is in a program's pipeline, whose they are, and what happened to them.

use tributary_directory::Viewer;
use tributary_kernel::{
    AccountId, LeadId, LocalDate, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp,
    text_enum,
};
use tributary_money::Currency;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Row, Value,
};
use crate::list::{Page, PageRequest, Select, all, first, json};

text_enum! {
    /// Who told of a lead.
    pub enum LeadSource {
        /// The partner itself.
        Partner = "partner",
        /// Somebody of the advertiser.
        Manager = "manager",
        /// Another system.
        Api = "api",
    }
}

text_enum! {
    /// Whether a lead is in the pipeline.
    pub enum LeadState {
        /// It is.
        Registered = "registered",
        /// A person decides.
        Review = "review",
        /// It was refused.
        Refused = "refused",
        /// It was won, lost or given up.
        Ended = "ended",
    }
}

/// A lead as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLead {
    /// Its id.
    pub id: LeadId,
    /// Whose program.
    pub owner: OrganisationId,
    /// Which program.
    pub program: ProgramId,
    /// Who registered it; none: the advertiser's own.
    pub partnership: Option<PartnershipId>,
    /// The partner of that partnership.
    pub partner: Option<PartnerId>,
    /// Who told of it.
    pub source: LeadSource,
    /// Whether it is in the pipeline.
    pub state: LeadState,
    /// What was answered: JSON.
    pub answer: String,
    /// What the company is called.
    pub company: String,
    /// The company's number in a register, as it was told: `DK12345678`.
    pub company_number: Option<String>,
    /// Who to talk to.
    pub contact_name: Option<String>,
    /// Where to write.
    pub contact_email: Option<String>,
    /// Where to call.
    pub contact_phone: Option<String>,
    /// What the registrar wants said.
    pub note: Option<String>,
    /// Which company it is, where something sure is known of it.
    pub account: Option<AccountId>,
    /// The keyed hash of the contact's address.
    pub mail_key: Option<String>,
    /// The advertiser's own id of the customer it became.
    pub customer: Option<String>,
    /// What it is worth, minor units of `currency`.
    pub value: Option<i64>,
    /// The program's currency.
    pub currency: Currency,
    /// When it is expected to close.
    pub expected_on: Option<LocalDate>,
    /// How far it came.
    pub stage: Option<String>,
    /// What was said of its worth.
    pub qualification: String,
    /// Its grade.
    pub grade: Option<String>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Until when others are kept out.
    pub protected_until: Option<Timestamp>,
    /// When it was won, lost or given up.
    pub ended_at: Option<Timestamp>,
    /// How many steps there are of it.
    pub steps: u32,
}

text_enum! {
    /// What a step of a lead is of.
    pub enum LeadStepKind {
        /// It came to a stage.
        Stage = "stage",
        /// Its worth was judged.
        Qualification = "qualification",
        /// Whose it is was answered.
        Answer = "answer",
        /// Something else of it changed.
        Changed = "changed",
    }
}

/// Something that happened to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLeadStep {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which lead.
    pub lead: LeadId,
    /// 0, 1, …
    pub seq: u32,
    /// What it is of.
    pub kind: LeadStepKind,
    /// The stage, the judgement, the answer, or the names of the fields.
    pub value: String,
    /// Why.
    pub reason: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// When it was told.
    pub told_at: Timestamp,
    /// Who said so.
    pub actor: String,
    /// The conversions it was reported as: ids, JSON.
    pub conversions: String,
}

macro_rules! columns {
    () => {
        "id, owner_id, program_id, partnership_id, partner_id, source, state, answer, company, \
         contact_name, contact_email, contact_phone, note, account_id, mail_key, customer, value, \
         currency, expected_on, stage, qualification, grade, registered_at, protected_until, \
         ended_at, steps, company_number"
    };
}

fn read(row: &Row) -> Result<StoredLead, EngineError> {
    let text = |at| Ok::<_, EngineError>(row.text_or_null(at)?.map(str::to_owned));
    let day = |days: i64| LocalDate::from_days(i32::try_from(days).unwrap_or(i32::MAX));
    Ok(StoredLead {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        partnership: row.id_or_null(3)?,
        partner: row.id_or_null(4)?,
        source: row.parse(5)?,
        state: row.parse(6)?,
        answer: row.text(7)?.to_owned(),
        company: row.text(8)?.to_owned(),
        contact_name: text(9)?,
        contact_email: text(10)?,
        contact_phone: text(11)?,
        note: text(12)?,
        account: row.id_or_null(13)?,
        mail_key: text(14)?,
        customer: text(15)?,
        value: row.int_or_null(16)?,
        currency: row.parse(17)?,
        expected_on: row.int_or_null(18)?.map(day),
        stage: text(19)?,
        qualification: row.text(20)?.to_owned(),
        grade: text(21)?,
        registered_at: row.timestamp(22)?,
        protected_until: row.timestamp_or_null(23)?,
        ended_at: row.timestamp_or_null(24)?,
        steps: row.u32(25)?,
        company_number: text(26)?,
    })
}

/// Writes a lead as it is now.
pub async fn put(conn: &mut dyn Connection, it: &StoredLead) -> Result<(), EngineError> {
    let day = it.expected_on.map(|day| i64::from(day.as_days()));
    conn.execute(
        concat!(
            "INSERT INTO lead (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) ON CONFLICT (owner_id, id) DO UPDATE SET \
             state = excluded.state, answer = excluded.answer, company = excluded.company, \
             contact_name = excluded.contact_name, contact_email = excluded.contact_email, \
             contact_phone = excluded.contact_phone, note = excluded.note, \
             account_id = excluded.account_id, mail_key = excluded.mail_key, \
             customer = excluded.customer, value = excluded.value, \
             expected_on = excluded.expected_on, stage = excluded.stage, \
             qualification = excluded.qualification, grade = excluded.grade, \
             protected_until = excluded.protected_until, ended_at = excluded.ended_at, \
             steps = excluded.steps, company_number = excluded.company_number"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.partnership.into(),
            it.partner.into(),
            it.source.as_str().into(),
            it.state.as_str().into(),
            it.answer.as_str().into(),
            it.company.as_str().into(),
            it.contact_name.as_deref().into(),
            it.contact_email.as_deref().into(),
            it.contact_phone.as_deref().into(),
            it.note.as_deref().into(),
            it.account.into(),
            it.mail_key.as_deref().into(),
            it.customer.as_deref().into(),
            it.value.into(),
            it.currency.code().into(),
            day.into(),
            it.stage.as_deref().into(),
            it.qualification.as_str().into(),
            it.grade.as_deref().into(),
            it.registered_at.into(),
            it.protected_until.into(),
            it.ended_at.into(),
            it.steps.into(),
            it.company_number.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

fn seen_by(viewer: Viewer) -> Select {
    let select = Select::new(concat!("SELECT ", columns!(), " FROM lead"));
    match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    }
}

/// One lead that a viewer may see: a partner sees what it registered.
pub async fn find(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: LeadId,
) -> Result<Option<StoredLead>, EngineError> {
    let rows = seen_by(viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read)
}

/// Which leads to list.
#[derive(Debug, Clone, Default)]
pub struct LeadFilter {
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Of one partner.
    pub partner: Option<PartnerId>,
    /// In one state.
    pub state: Option<LeadState>,
    /// At one stage.
    pub stage: Option<String>,
}

/// Leads that a viewer may see, newest first.
pub async fn list(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &LeadFilter,
    page: PageRequest,
) -> Result<Page<StoredLead>, EngineError> {
    seen_by(viewer)
        .and_if("program_id = ?", filter.program)
        .and_if("partner_id = ?", filter.partner)
        .and_if("state = ?", filter.state.map(LeadState::as_str))
        .and_if("stage = ?", filter.stage.as_deref())
        .page(conn, page, read)
        .await
}

/// The leads of companies.
pub async fn of_accounts(
    conn: &mut dyn Connection,
    accounts: &[(OrganisationId, AccountId)],
) -> Result<Vec<StoredLead>, EngineError> {
    static BY_ACCOUNT: Lookup = Lookup {
        select: columns!(),
        table: "lead",
        keys: &[("owner_id", Bytes), ("account_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = accounts.iter().map(|(o, a)| vec![(*o).into(), (*a).into()]).collect();
    all(&conn.lookup(&BY_ACCOUNT, keys).await?, read)
}

/// The leads of mail addresses.
pub async fn of_mails(
    conn: &mut dyn Connection,
    mails: &[(OrganisationId, String)],
) -> Result<Vec<StoredLead>, EngineError> {
    static BY_MAIL: Lookup = Lookup {
        select: columns!(),
        table: "lead",
        keys: &[("owner_id", Bytes), ("mail_key", Text)],
        condition: "",
        lock: false,
    };
    let keys = mails.iter().map(|(o, m)| vec![(*o).into(), m.as_str().into()]).collect();
    all(&conn.lookup(&BY_MAIL, keys).await?, read)
}

/// The leads of companies that were told by these numbers.
pub async fn of_numbers(
    conn: &mut dyn Connection,
    numbers: &[(OrganisationId, String)],
) -> Result<Vec<StoredLead>, EngineError> {
    static BY_NUMBER: Lookup = Lookup {
        select: columns!(),
        table: "lead",
        keys: &[("owner_id", Bytes), ("company_number", Text)],
        condition: "",
        lock: false,
    };
    let keys = numbers.iter().map(|(o, n)| vec![(*o).into(), n.as_str().into()]).collect();
    all(&conn.lookup(&BY_NUMBER, keys).await?, read)
}

/// Leads by their ids.
pub async fn by_ids(
    conn: &mut dyn Connection,
    ids: &[(OrganisationId, LeadId)],
) -> Result<Vec<StoredLead>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: columns!(),
        table: "lead",
        keys: &[("owner_id", Bytes), ("id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read)
}

/// Appends steps.
pub async fn put_steps(
    conn: &mut dyn Connection,
    items: &[StoredLeadStep],
) -> Result<(), EngineError> {
    static STEP: Insert = Insert {
        table: "lead_step",
        columns: &[
            ("owner_id", Bytes),
            ("lead_id", Bytes),
            ("seq", Int),
            ("kind", Text),
            ("value", Text),
            ("reason", Text),
            ("at", Int),
            ("told_at", Int),
            ("actor", Text),
            ("conversions", Text),
        ],
        conflict: "",
    };
    let row = |it: &StoredLeadStep| {
        vec![
            it.owner.into(),
            it.lead.into(),
            it.seq.into(),
            it.kind.as_str().into(),
            it.value.as_str().into(),
            it.reason.as_deref().into(),
            it.at.into(),
            it.told_at.into(),
            it.actor.as_str().into(),
            it.conversions.as_str().into(),
        ]
    };
    conn.insert(&STEP, items.iter().map(row).collect()).await?;
    Ok(())
}

/// What happened to a lead, in order.
pub async fn steps(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    lead: LeadId,
) -> Result<Vec<StoredLeadStep>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, lead_id, seq, kind, value, reason, at, told_at, actor, conversions \
             FROM lead_step WHERE owner_id = $1 AND lead_id = $2 ORDER BY seq",
            vec![owner.into(), lead.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(StoredLeadStep {
            owner: row.id(0)?,
            lead: row.id(1)?,
            seq: row.u32(2)?,
            kind: row.parse(3)?,
            value: row.text(4)?.to_owned(),
            reason: row.text_or_null(5)?.map(str::to_owned),
            at: row.timestamp(6)?,
            told_at: row.timestamp(7)?,
            actor: row.text(8)?.to_owned(),
            conversions: row.text(9)?.to_owned(),
        })
    })
}

/// How programs take leads, as JSON; those that take none are left out.
pub async fn settings<T: serde::de::DeserializeOwned>(
    conn: &mut dyn Connection,
    programs: &[(OrganisationId, ProgramId)],
) -> Result<Vec<(ProgramId, T)>, EngineError> {
    static SETTINGS: Lookup = Lookup {
        select: "program_id, settings",
        table: "lead_settings",
        keys: &[("owner_id", Bytes), ("program_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = programs.iter().map(|(o, p)| vec![(*o).into(), (*p).into()]).collect();
    all(&conn.lookup(&SETTINGS, keys).await?, |row| Ok((row.id(0)?, json(row, 1)?)))
}

/// Sets how a program takes leads.
pub async fn put_settings(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    settings: Value,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO lead_settings (owner_id, program_id, settings, updated_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (owner_id, program_id) DO UPDATE SET \
         settings = excluded.settings, updated_at = excluded.updated_at",
        vec![owner.into(), program.into(), settings, at.into()],
    )
    .await?;
    Ok(())
}
