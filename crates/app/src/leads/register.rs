//! Somebody says: this lead is mine.

use tributary_directory::{Actor, Partnership, Permission, Program};
use tributary_kernel::{
    AccountId, CustomerId, FieldError, LeadId, LocalDate, OrganisationId, PartnerId, ProgramId,
    Refusal, Timestamp, Zone,
};
use tributary_money::Money;
use tributary_sales::{Answer, Claim, Existing, Qualification, register};
use tributary_store::account;
use tributary_store::decision::counters;
use tributary_store::engine::Connection;
use tributary_store::lead::{self, LeadSource, LeadState, LeadStepKind, StoredLead};
use tributary_store::{partnership, program};

use super::advance::advance_first;
use super::contact::Contact;
use super::settings::{LeadSettings, needed_in};
use super::step::{Step, append};
use crate::books::{Books, lock_head};
use crate::conversion::company_in;
use crate::{App, AppError};

/// A lead as it is told.
#[derive(Debug, Clone, Default)]
pub struct RegisterLead {
    /// Of which program.
    pub program: Option<ProgramId>,
    /// For which partner; of a partner that tells it itself, nobody else. None: the advertiser's own.
    pub partner: Option<PartnerId>,
    /// What the company is called.
    pub company: String,
    /// Its domain.
    pub company_domain: Option<String>,
    /// Its number in a register, its country's letters first.
    pub company_number: Option<String>,
    /// The advertiser's own id of it.
    pub company_id: Option<String>,
    /// Who to talk to.
    pub contact_name: Option<String>,
    /// Where to write; a company's domain is told by it too.
    pub contact_email: Option<String>,
    /// Where to call.
    pub contact_phone: Option<String>,
    /// What else is to be said.
    pub note: Option<String>,
    /// The advertiser's own id of the customer, where it is one.
    pub customer_id: Option<String>,
    /// What it may be worth.
    pub value: Option<Money>,
    /// When it may close.
    pub expected_on: Option<LocalDate>,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The lead; of one that was the registrar's already, that one.
    pub lead: StoredLead,
    /// The answer, with its reason and date.
    pub answer: Answer,
}

/// What finds the same person or company in a program.
pub(super) struct Sought {
    owner: OrganisationId,
    program: ProgramId,
    account: Option<AccountId>,
    number: Option<String>,
    mail_key: Option<String>,
}

impl Sought {
    pub(super) fn of(it: &StoredLead) -> Self {
        let (owner, program, account) = (it.owner, it.program, it.account);
        let (number, mail_key) = (it.company_number.clone(), it.mail_key.clone());
        Self { owner, program, account, number, mail_key }
    }
}

/// Who tells, for whom.
struct Registrar {
    program: Program,
    partnership: Option<Partnership>,
    source: LeadSource,
}

/// Registers a lead and answers whose it is, by the program's rules.
///
/// # Errors
/// A refusal names the fields; `leads_not_taken`; a fault.
pub async fn register_lead(
    app: &App,
    actor: &Actor,
    mut input: RegisterLead,
) -> Result<Registered, AppError> {
    let trusted = !matches!(actor, Actor::Partner { .. });
    if !trusted {
        // These are the advertiser's to say.
        (input.company_id, input.customer_id, input.value) = (None, None, None);
    }
    let id = input
        .program
        .ok_or_else(|| FieldError::new("/program", "required", "Name the program, like prog_…."))?;
    let mut tx = app.record.begin().await?;
    let who = registrar(app, &mut *tx, actor, id, input.partner).await?;
    let owner = who.program.owner;
    let contact = Contact::check(app, owner, &who.program, &input)?;
    let settings = needed_in(&mut *tx, owner, id).await?;
    let head = lock_head(&mut *tx, owner).await?;
    let now = app.now();
    let places = (contact.places(owner), trusted);
    let account = company_in(app, &mut *tx, (owner, id), places).await?;
    let (number, mail_key) = (contact.number.clone(), contact.mail_key.clone());
    let sought = Sought { owner, program: id, account, number, mail_key };
    let (existing, own) = existing_in(&mut *tx, &sought).await?;
    let answer = answer_of(&who, &settings, &existing, &own, now)?;
    if let Answer::AlreadyYours { .. } = answer
        && let Some(lead) = own.into_iter().find(|it| it.partnership == who.id())
    {
        return Ok(Registered { lead, answer });
    }
    let mut lead = new_lead(app, &who, contact, (account, answer), now);
    let state = lead.state.as_str();
    let step = Step { kind: LeadStepKind::Answer, value: state, reason: None };
    append(&mut *tx, actor, &mut lead, step, now).await?;
    let mut pen = Books::open(&head, now)?;
    let data = serde_json::json!({
        "lead": lead.id, "program": id, "partnership": lead.partnership, "state": lead.state,
    });
    pen.tell("lead.registered", *lead.id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "state": lead.state, "partnership": lead.partnership });
    app.audit_in(&mut *tx, owner, actor, "lead.registered", lead.id, &detail).await?;
    tx.commit().await?;
    let lead = match lead.state {
        LeadState::Registered => advance_first(app, actor, lead, &settings).await?,
        _ => lead,
    };
    Ok(Registered { lead, answer })
}

impl Registrar {
    fn id(&self) -> Option<tributary_kernel::PartnershipId> {
        self.partnership.as_ref().map(|it| it.id)
    }
}

async fn registrar(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    id: ProgramId,
    partner: Option<PartnerId>,
) -> Result<Registrar, AppError> {
    let viewer = match actor {
        Actor::Partner { partner, .. } => tributary_directory::Viewer::Partner(*partner),
        _ => {
            let owner = actor.owner().ok_or_else(|| Refusal::not_found("program"))?;
            actor.require(owner, Permission::Report)?;
            tributary_directory::Viewer::Owner(owner)
        }
    };
    let Some(program) = program::find(conn, viewer, id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let (source, whose) = match actor {
        Actor::Partner { partner, .. } => (LeadSource::Partner, Some(*partner)),
        Actor::Member { .. } => (LeadSource::Manager, partner),
        _ => (LeadSource::Api, partner),
    };
    let Some(partner) = whose else {
        return Ok(Registrar { program, partnership: None, source });
    };
    let found = partnership::by_partner(conn, &[(program.owner, id, partner)]).await?;
    let found = found.into_iter().find(|it| it.earned_at(app.now()));
    let Some(partnership) = found else {
        let detail = "This partner is not active in the program: invite it, or let it go on.";
        return Err(FieldError::new("/partner", "partner_unknown", detail).into());
    };
    Ok(Registrar { program, partnership: Some(partnership), source })
}

/// What is known of the same person or company in the program, and the leads among it that stand.
async fn existing_in(
    conn: &mut dyn Connection,
    sought: &Sought,
) -> Result<(Vec<Existing>, Vec<StoredLead>), AppError> {
    let leads = leads_in(conn, sought).await?;
    let mut existing: Vec<Existing> = leads.iter().filter_map(existing_of).collect();
    let keys: Vec<_> = people_in(conn, sought)
        .await?
        .into_iter()
        .map(|customer| (sought.owner, sought.program, customer))
        .collect();
    if !keys.is_empty() {
        let paid = counters(conn, &keys).await?;
        let since = paid.into_iter().filter_map(|it| it.first_payment_at);
        existing.extend(since.map(|since| Existing::Customer { since, until: None }));
    }
    let stands = |it: &StoredLead| it.state == LeadState::Registered;
    Ok((existing, leads.into_iter().filter(stands).collect()))
}

/// The leads of the same person or company in the program.
async fn leads_in(conn: &mut dyn Connection, sought: &Sought) -> Result<Vec<StoredLead>, AppError> {
    let mut leads = Vec::new();
    if let Some(account) = sought.account {
        leads.extend(lead::of_accounts(conn, &[(sought.owner, account)]).await?);
    }
    if let Some(number) = &sought.number {
        leads.extend(lead::of_numbers(conn, &[(sought.owner, number.clone())]).await?);
    }
    if let Some(mail) = &sought.mail_key {
        leads.extend(lead::of_mails(conn, &[(sought.owner, mail.clone())]).await?);
    }
    leads.retain(|it| it.program == sought.program);
    leads.sort_by_key(|it| it.id);
    leads.dedup_by_key(|it| it.id);
    Ok(leads)
}

/// The customers who are the same person or buy for the same company.
pub(super) async fn people_in(
    conn: &mut dyn Connection,
    sought: &Sought,
) -> Result<std::collections::BTreeSet<CustomerId>, AppError> {
    let mut customers = std::collections::BTreeSet::new();
    if let Some(account) = sought.account {
        let members = account::members_of(conn, &[(sought.owner, account)]).await?;
        customers.extend(members.into_iter().map(|it| it.customer));
    }
    if let Some(mail) = &sought.mail_key {
        let mails = account::customers_of_mails(conn, &[(sought.owner, mail.clone())]).await?;
        customers.extend(mails.into_iter().map(|it| it.customer));
    }
    Ok(customers)
}

fn existing_of(it: &StoredLead) -> Option<Existing> {
    let accepted = matches!(it.state, LeadState::Registered | LeadState::Ended);
    accepted.then_some(match it.partnership {
        Some(partnership) => {
            Existing::Registration { partnership, at: it.registered_at, ended_at: it.ended_at }
        }
        None => Existing::Opportunity { opened_at: it.registered_at, closed_at: it.ended_at },
    })
}

/// By the rules; the advertiser's own leads stand in nobody's way but by them.
fn answer_of(
    who: &Registrar,
    settings: &LeadSettings,
    existing: &[Existing],
    own: &[StoredLead],
    now: Timestamp,
) -> Result<Answer, AppError> {
    let zone = Zone::named(&who.program.terms.time_zone)
        .map_err(|error| AppError::Corrupt(format!("{}: {error}", who.program.id)))?;
    let Some(partnership) = who.id() else {
        if let Some(lead) = own.first() {
            let protected_until = lead.protected_until.unwrap_or(lead.registered_at);
            return Ok(Answer::AlreadyYours { since: lead.registered_at, protected_until });
        }
        return Ok(Answer::Registered { protected_until: now });
    };
    Ok(register(&settings.rules, Claim { partnership, at: now }, existing, &zone))
}

fn new_lead(
    app: &App,
    who: &Registrar,
    contact: Contact,
    (account, answer): (Option<AccountId>, Answer),
    now: Timestamp,
) -> StoredLead {
    let state = match answer {
        Answer::Registered { .. } | Answer::AlreadyYours { .. } => LeadState::Registered,
        Answer::Review { .. } => LeadState::Review,
        Answer::Refused { .. } => LeadState::Refused,
    };
    let protected_until = match answer {
        Answer::Registered { protected_until } => who.id().map(|_| protected_until),
        _ => None,
    };
    StoredLead {
        id: LeadId::new(now, &*app.entropy),
        owner: who.program.owner,
        program: who.program.id,
        partnership: who.id(),
        partner: who.partnership.as_ref().map(|it| it.partner),
        source: who.source,
        state,
        answer: serde_json::to_string(&answer).expect("our types have string keys"),
        company: contact.company,
        company_number: contact.number,
        contact_name: contact.name,
        contact_email: contact.email,
        contact_phone: contact.phone,
        note: contact.note,
        account,
        mail_key: contact.mail_key,
        customer: contact.customer,
        value: contact.value,
        currency: who.program.terms.currency,
        expected_on: contact.expected_on,
        stage: None,
        qualification: Qualification::New.as_str().to_owned(),
        grade: None,
        registered_at: now,
        protected_until,
        ended_at: None,
        steps: 0,
    }
}
