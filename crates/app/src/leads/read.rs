use tributary_directory::{Actor, Viewer};
use tributary_kernel::{ConversionId, LeadId, ProgramId, Refusal};
use tributary_sales::Answer;
use tributary_store::lead::{self, LeadFilter, LeadStepKind, StoredLead, StoredLeadStep};
use tributary_store::list::{Page, PageRequest};

use super::settings::{LeadSettings, settings_in};
use crate::directory::viewer_of;
use crate::{App, AppError};

/// A lead with its history, as a viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadView {
    /// The lead; to a partner without what is confidential.
    pub lead: StoredLead,
    /// What was answered.
    pub answer: Answer,
    /// What happened, oldest first. To a partner without reasons but of its own and of answers.
    pub steps: Vec<StoredLeadStep>,
    /// How far a deal can come.
    pub settings: LeadSettings,
}

/// To a partner: what it told itself, and how far the lead has come; no value that the advertiser
/// gave, no id of a customer.
fn for_partner(it: &mut StoredLead) {
    it.value = None;
    it.expected_on = None;
    it.customer = None;
    it.account = None;
    it.mail_key = None;
}

/// Leads that an actor may see, newest first.
///
/// # Errors
/// Not found; a fault.
pub async fn list_leads(
    app: &App,
    actor: &Actor,
    filter: &LeadFilter,
    page: PageRequest,
) -> Result<Page<StoredLead>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let mut found = lead::list(&mut *conn, viewer, filter, page).await?;
    if matches!(viewer, Viewer::Partner(_)) {
        found.items.iter_mut().for_each(for_partner);
    }
    Ok(found)
}

/// One lead that an actor may see.
///
/// # Errors
/// Not found; a fault.
pub async fn find_lead(app: &App, actor: &Actor, id: LeadId) -> Result<LeadView, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let Some(mut lead) = lead::find(&mut *conn, viewer, id).await? else {
        return Err(Refusal::not_found("lead").into());
    };
    let answer = serde_json::from_str(&lead.answer)
        .map_err(|error| AppError::Corrupt(format!("answer of {id}: {error}")))?;
    let mut steps = lead::steps(&mut *conn, lead.owner, id).await?;
    let settings = settings_in(&mut *conn, lead.owner, lead.program).await?.unwrap_or_default();
    if matches!(viewer, Viewer::Partner(_)) {
        for_partner(&mut lead);
        steps.retain(|it| it.kind != LeadStepKind::Changed);
        for step in &mut steps {
            let is_answer = step.kind == LeadStepKind::Answer;
            step.reason = step.reason.take().filter(|_| is_answer);
            step.conversions = "[]".to_owned();
            step.actor.clear();
        }
    }
    Ok(LeadView { lead, answer, steps, settings })
}

/// The conversions that a step was reported as.
pub fn conversions_of(it: &StoredLeadStep) -> Result<Vec<ConversionId>, AppError> {
    serde_json::from_str(&it.conversions)
        .map_err(|error| AppError::Corrupt(format!("step {} of {}: {error}", it.seq, it.lead)))
}

/// The programs of a partner that take leads, with how.
///
/// # Errors
/// Not found; a fault.
pub async fn lead_settings_of_partner(
    app: &App,
    actor: &Actor,
) -> Result<Vec<(ProgramId, LeadSettings)>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let page = PageRequest { limit: 200, after: None };
    let programs = tributary_store::program::list(&mut *conn, viewer, page).await?;
    let keys: Vec<_> = programs.items.iter().map(|it| (it.owner, it.id)).collect();
    Ok(lead::settings(&mut *conn, &keys).await?)
}
