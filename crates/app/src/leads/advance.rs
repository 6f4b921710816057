//! How far a lead comes. A stage that names a type of conversion is reported as it, so that a plan
//! pays at it.

use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{
    ConversionId, FieldError, LeadId, OrganisationId, Refusal, Timestamp, limits,
};
use tributary_money::Money;
use tributary_sales::{Ending, Method, Move, Progress, Qualification, Stage};
use tributary_store::lead::{self, LeadState, LeadStepKind, StoredLead, StoredLeadStep};

use super::contact::value;
use super::settings::{LeadSettings, needed_in};
use crate::books::{Books, lock_head};
use crate::conversion::{
    ReportConversion, ReportOutcome, ReportedDetails, Submission, decide_group,
};
use crate::error::refuse_if_any;
use crate::{App, AppError};

const REASON_CHARACTERS_MAX: usize = 500;
const GRADE_CHARACTERS_MAX: usize = 20;

/// A step through the pipeline.
#[derive(Debug, Clone, Default)]
pub struct AdvanceLead {
    /// The stage it comes to. Open stages before it count as passed.
    pub stage: String,
    /// When; none: now.
    pub at: Option<Timestamp>,
    /// Why: needed where a deal is lost, or opened again.
    pub reason: Option<String>,
    /// What it is worth, without tax: needed where a deal is won, unless it is known.
    pub value: Option<Money>,
    /// What the customer is bound to pay in the first year, for plans that pay of that.
    pub first_year: Option<Money>,
    /// The order or invoice under which it is reported elsewhere too, so that it is paid once;
    /// none: the lead's own id.
    pub order_id: Option<String>,
    /// Its grade: a lead that nobody has judged is qualified by it, unless it is lost.
    pub grade: Option<String>,
}

/// A judgement of a lead's worth.
#[derive(Debug, Clone)]
pub struct QualifyLead {
    /// What it is.
    pub to: Qualification,
    /// Its grade; plans can pay by it.
    pub grade: Option<String>,
    /// Why, or what came of a call: needed where it is disqualified.
    pub reason: Option<String>,
    /// When; none: now.
    pub at: Option<Timestamp>,
}

/// A lead after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advanced {
    /// As it stands.
    pub lead: StoredLead,
    /// The conversions it was reported as.
    pub conversions: Vec<ConversionId>,
}

/// Moves a lead to a stage of its program's pipeline.
///
/// # Errors
/// A refusal names the fields; what the conversion is refused for; not found; a fault.
pub async fn advance_lead(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: LeadId,
    input: AdvanceLead,
) -> Result<Advanced, AppError> {
    actor.require(owner, Permission::Report)?;
    let (lead, settings) = load(app, owner, id).await?;
    let judged = graded(&lead, &settings, &input, method_of(actor))?;
    step(app, actor, lead, &settings, Acts { moved: Some(input), judged }).await
}

const fn method_of(actor: &Actor) -> Method {
    match actor {
        Actor::Member { .. } => Method::Person,
        _ => Method::Outside,
    }
}

fn judged_so_far(lead: &StoredLead) -> Result<Qualification, AppError> {
    let corrupt = |error| AppError::Corrupt(format!("qualification of {}: {error}", lead.id));
    lead.qualification.parse().map_err(corrupt)
}

/// The judgement that a step's grade is.
fn graded(
    lead: &StoredLead,
    settings: &LeadSettings,
    it: &AdvanceLead,
    by: Method,
) -> Result<Option<QualifyLead>, AppError> {
    let lost = |stage: &Stage| stage.ending == Ending::Lost;
    let grade = grade_of(it.grade.as_deref())?;
    let to = Qualification::Qualified;
    let judges = grade.is_some()
        && !settings.pipeline.stage(&it.stage).is_some_and(lost)
        && judged_so_far(lead)?.may_become(to, by);
    Ok(judges.then_some(QualifyLead { to, grade, reason: None, at: it.at }))
}

/// Judges what a lead is worth: a qualified one comes to the stage that is reported as
/// `qualified_lead`, a disqualified one is lost.
///
/// # Errors
/// As [`advance_lead`]; `qualification_order`.
pub async fn qualify_lead(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: LeadId,
    input: QualifyLead,
) -> Result<Advanced, AppError> {
    actor.require(owner, Permission::Report)?;
    let (lead, settings) = load(app, owner, id).await?;
    let from = judged_so_far(&lead)?;
    if !from.may_become(input.to, method_of(actor)) {
        let detail = format!(
            "A lead that is {from} cannot become {}; what was judged, a person changes.",
            input.to
        );
        return Err(FieldError::new("/to", "qualification_order", detail).into());
    }
    let grade = grade_of(input.grade.as_deref())?;
    let said = input.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    if input.to == Qualification::Disqualified && !said {
        let detail = "Say why: the partner waits for this lead.";
        return Err(FieldError::new("/reason", "missing", detail).into());
    }
    let stages = &settings.pipeline.stages;
    let target = match input.to {
        Qualification::Qualified => {
            stages.iter().find(|stage| stage.event.as_deref() == Some("qualified_lead"))
        }
        Qualification::Disqualified => stages.iter().find(|it| it.ending == Ending::Lost),
        Qualification::New | Qualification::Contacted => None,
    };
    // Judged late, it stays where it has come to.
    let place = |name: &str| stages.iter().position(|stage| stage.name == name);
    let here = lead.stage.as_deref().and_then(place);
    let came_past = |target: &Stage| {
        here.zip(place(&target.name)).is_some_and(|(here, there)| here > there)
            && here.is_some_and(|here| stages[here].ending != Ending::Lost)
    };
    let target = target.filter(|target| !came_past(target));
    let moved = target.map(|stage| AdvanceLead {
        stage: stage.name.clone(),
        at: input.at,
        reason: input.reason.clone(),
        ..AdvanceLead::default()
    });
    let judged = Some(QualifyLead { grade, ..input });
    step(app, actor, lead, &settings, Acts { moved, judged }).await
}

/// The first stage, where a lead has just been accepted.
pub(super) async fn advance_first(
    app: &App,
    actor: &Actor,
    lead: StoredLead,
    settings: &LeadSettings,
) -> Result<StoredLead, AppError> {
    let Some(first) = settings.pipeline.stages.iter().find(|it| it.ending == Ending::Open) else {
        return Ok(lead);
    };
    let moved =
        AdvanceLead { stage: first.name.clone(), at: Some(app.now()), ..AdvanceLead::default() };
    let acts = Acts { moved: Some(moved), judged: None };
    Ok(step(app, actor, lead, settings, acts).await?.lead)
}

/// What happens to a lead in one step.
struct Acts {
    moved: Option<AdvanceLead>,
    judged: Option<QualifyLead>,
}

async fn load(
    app: &App,
    owner: OrganisationId,
    id: LeadId,
) -> Result<(StoredLead, LeadSettings), AppError> {
    let mut conn = app.record.read().await?;
    let found = lead::find(&mut *conn, Viewer::Owner(owner), id).await?;
    let lead = found.ok_or_else(|| Refusal::not_found("lead"))?;
    let settings = needed_in(&mut *conn, owner, lead.program).await?;
    if !matches!(lead.state, LeadState::Registered | LeadState::Ended) {
        let detail = "This lead is not accepted: answer it first.";
        return Err(Refusal::conflict("lead_not_registered", detail).into());
    }
    Ok((lead, settings))
}

/// Conversions are reported before the step is written: both are repeatable (a stage is one
/// conversion for ever), so that after a failure between them the same step is simply taken again.
async fn step(
    app: &App,
    actor: &Actor,
    mut lead: StoredLead,
    settings: &LeadSettings,
    acts: Acts,
) -> Result<Advanced, AppError> {
    let (owner, id, seen) = (lead.owner, lead.id, lead.steps);
    let now = app.now();
    let mut progress = {
        let mut conn = app.record.read().await?;
        progress_of(&lead::steps(&mut *conn, owner, id).await?)
    };
    let mut steps = Vec::new();
    let mut conversions = Vec::new();
    if let Some(judged) = &acts.judged {
        lead.qualification = judged.to.as_str().to_owned();
        lead.grade = judged.grade.clone().or(lead.grade);
        let reason = reason_of(judged.reason.as_deref())?;
        let at = moment(judged.at, now)?;
        steps.push((LeadStepKind::Qualification, judged.to.as_str().to_owned(), reason, at));
    }
    if let Some(moved) = &acts.moved {
        let came = take(&mut lead, &mut progress, settings, moved, now)?;
        conversions = report(app, actor, owner, came.reports).await?;
        if came.elsewhere {
            steps.push((LeadStepKind::Stage, moved.stage.clone(), came.reason, came.at));
        }
    }
    if steps.is_empty() {
        return Ok(Advanced { lead, conversions });
    }
    let told = serde_json::to_string(&conversions).expect("ids are texts");
    let steps: Vec<StoredLeadStep> = (seen..)
        .zip(steps)
        .map(|(seq, (kind, value, reason, at))| StoredLeadStep {
            owner,
            lead: id,
            seq,
            conversions: if kind == LeadStepKind::Stage { told.clone() } else { "[]".to_owned() },
            kind,
            value,
            reason,
            at,
            told_at: now,
            actor: actor.name(),
        })
        .collect();
    lead.steps += u32::try_from(steps.len()).unwrap_or(0);
    write(app, actor, (&lead, seen), &steps).await?;
    Ok(Advanced { lead, conversions })
}

/// What a step through the pipeline comes to.
pub(super) struct Came {
    at: Timestamp,
    reason: Option<String>,
    /// What it is reported as.
    reports: Vec<ReportConversion>,
    /// Whether it came to another stage than it stood at.
    elsewhere: bool,
}

/// Takes a step through the pipeline, in memory alone.
pub(super) fn take(
    lead: &mut StoredLead,
    progress: &mut Progress,
    settings: &LeadSettings,
    moved: &AdvanceLead,
    now: Timestamp,
) -> Result<Came, AppError> {
    let at = moment(moved.at, now)?;
    let reason = reason_of(moved.reason.as_deref())?;
    let step = Move { stage: moved.stage.clone(), at, reason: reason.clone() };
    let passed = progress.advance(&settings.pipeline, step)?;
    worth(lead, moved)?;
    lead.grade = grade_of(moved.grade.as_deref())?.or(lead.grade.take());
    let reports = reports_of(lead, settings, &passed, moved, at)?;
    let elsewhere = lead.stage.as_deref() != Some(&moved.stage);
    if elsewhere {
        lead.stage = Some(moved.stage.clone());
        let ending = settings.pipeline.stage(&moved.stage).map(|stage| stage.ending);
        let open = ending == Some(Ending::Open);
        lead.state = if open { LeadState::Registered } else { LeadState::Ended };
        lead.ended_at = (!open).then_some(at);
    }
    Ok(Came { at, reason, reports, elsewhere })
}

async fn write(
    app: &App,
    actor: &Actor,
    (lead, seen): (&StoredLead, u32),
    steps: &[StoredLeadStep],
) -> Result<(), AppError> {
    let owner = lead.owner;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let stands = lead::find(&mut *tx, Viewer::Owner(owner), lead.id).await?;
    if stands.is_none_or(|it| it.steps != seen) {
        let detail = "Somebody else has just changed this lead: look at it, and try again.";
        return Err(Refusal::conflict("lead_changed", detail).into());
    }
    lead::put(&mut *tx, lead).await?;
    lead::put_steps(&mut *tx, steps).await?;
    let mut pen = Books::open(&head, app.now())?;
    let data = serde_json::json!({
        "lead": lead.id, "program": lead.program, "state": lead.state, "stage": lead.stage,
        "qualification": lead.qualification,
    });
    pen.tell("lead.advanced", *lead.id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "stage": lead.stage, "qualification": lead.qualification });
    app.audit_in(&mut *tx, owner, actor, "lead.advanced", lead.id, &detail).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) fn progress_of(steps: &[StoredLeadStep]) -> Progress {
    let stages = steps.iter().filter(|it| it.kind == LeadStepKind::Stage);
    let moves =
        stages.map(|it| Move { stage: it.value.clone(), at: it.at, reason: it.reason.clone() });
    Progress::of(moves.collect())
}

pub(super) fn reason_of(text: Option<&str>) -> Result<Option<String>, FieldError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > REASON_CHARACTERS_MAX || text.contains(char::is_control) {
        let detail = format!("A reason is one line of at most {REASON_CHARACTERS_MAX} characters.");
        return Err(FieldError::new("/reason", "length", detail));
    }
    Ok(Some(text.to_owned()))
}

fn grade_of(text: Option<&str>) -> Result<Option<String>, FieldError> {
    let grade = text.map(str::trim).filter(|grade| !grade.is_empty());
    if grade.is_some_and(|grade| grade.chars().count() > GRADE_CHARACTERS_MAX) {
        let detail = format!("A grade has at most {GRADE_CHARACTERS_MAX} characters, like A.");
        return Err(FieldError::new("/grade", "length", detail));
    }
    Ok(grade.map(str::to_owned))
}

fn moment(at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, FieldError> {
    let at = at.unwrap_or(now);
    let ahead = at > now.plus_seconds(limits::OCCURRED_AHEAD_SECONDS_MAX);
    if ahead || at < now.plus_days(-limits::OCCURRED_BACK_DAYS_MAX) {
        let days = limits::OCCURRED_BACK_DAYS_MAX;
        let detail = format!("Give a moment that has come, at most {days} days ago.");
        return Err(FieldError::new("/at", "out_of_range", detail));
    }
    Ok(at)
}

/// Checks what a step says of amounts, and keeps the value.
fn worth(lead: &mut StoredLead, moved: &AdvanceLead) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let told = value("/value", moved.value, lead.currency, &mut errors);
    value("/first_year", moved.first_year, lead.currency, &mut errors);
    refuse_if_any(errors)?;
    lead.value = told.or(lead.value);
    Ok(())
}

/// What the stages that a lead passes are reported as.
fn reports_of(
    lead: &StoredLead,
    settings: &LeadSettings,
    passed: &[String],
    moved: &AdvanceLead,
    at: Timestamp,
) -> Result<Vec<ReportConversion>, FieldError> {
    let stages = passed.iter().filter_map(|name| settings.pipeline.stage(name));
    let mut reports = Vec::new();
    for stage in stages {
        let Some(event) = &stage.event else { continue };
        reports.push(report_of(lead, stage, event, moved, at)?);
    }
    Ok(reports)
}

fn report_of(
    lead: &StoredLead,
    stage: &Stage,
    event: &str,
    moved: &AdvanceLead,
    at: Timestamp,
) -> Result<ReportConversion, FieldError> {
    let won = stage.ending == Ending::Won;
    if won && lead.value.is_none() {
        let detail = "Say what the deal is worth, without tax: partners are paid of it.";
        return Err(FieldError::new("/value", "required", detail));
    }
    let amount = lead.value.filter(|_| won).map(|minor| Money::new(minor, lead.currency));
    let own = lead.id.to_string();
    let order = moved.order_id.as_deref().map(str::trim).filter(|it| !it.is_empty() && won);
    let details = ReportedDetails {
        grade: lead.grade.clone(),
        first_year: moved.first_year.filter(|_| won),
        ..ReportedDetails::default()
    };
    Ok(ReportConversion {
        program: Some(lead.program),
        kind: event.to_owned(),
        order_id: order.unwrap_or(&own).to_owned(),
        occurred_at: Some(at),
        amount,
        // A deal's value is without tax.
        net_amount: amount,
        customer_id: Some(lead.customer.clone().unwrap_or(own)),
        mail_key: lead.mail_key.clone(),
        lead: Some(lead.id),
        details: Some(Box::new(details)),
        ..ReportConversion::default()
    })
}

async fn report(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    reports: Vec<ReportConversion>,
) -> Result<Vec<ConversionId>, AppError> {
    let group: Vec<_> = reports
        .into_iter()
        .map(|report| Submission { actor: actor.clone(), owner, report })
        .collect();
    if group.is_empty() {
        return Ok(Vec::new());
    }
    let mut conversions = Vec::new();
    for outcome in decide_group(app, group).await {
        match outcome? {
            ReportOutcome::Applied(id) | ReportOutcome::Duplicate(id) => conversions.push(id),
            ReportOutcome::Quarantined { reason, .. } => {
                let detail = format!(
                    "The conversion of this stage waits in quarantine ({reason}): settle it there, \
                     then move the lead."
                );
                return Err(Refusal::conflict("stage_waits", detail).into());
            }
            ReportOutcome::Refused(refusal) => return Err(refusal.into()),
            ReportOutcome::Failed(fault) => return Err(fault),
        }
    }
    Ok(conversions)
}
