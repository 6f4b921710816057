//! The leads that a partner registers.

use std::collections::HashMap;

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::leads::{
    Ending, LeadFilter, LeadSettings, LeadState, LeadStepKind, LeadView, Registered, StoredLead,
    find_lead, list_leads, register_lead, withdraw_lead,
};
use tributary_directory::PartnershipStatus;
use tributary_kernel::{FieldError, LeadId, ProgramId};
use tributary_web::{CheckedForm, PathOf, QueryOf};

use super::Pocket;
use crate::pages::{
    LeadFields, PartnerLead, PartnerLeadNew, PartnerLeadRow, PartnerLeads, StagePassed,
};
use crate::parts::{Choice, Field, LeadStatus};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::Given;
use crate::routes::lead_facts::{
    answered, fields_of, put_refusal, stage_name, status_of, steps_of, told_of, verdict_of,
};
use crate::routes::lists::ListQuery;

/// The programs in which the partner can register a lead.
fn taking(pocket: &Pocket) -> Vec<(ProgramId, &LeadSettings)> {
    let active = |id: ProgramId| {
        let own = pocket.memberships.iter().find(|(_, program)| program.id == id);
        own.is_some_and(|(it, _)| it.status == PartnershipStatus::Active)
    };
    let taking = pocket.lead_programs.iter().filter(|(id, _)| active(*id));
    taking.map(|(id, settings)| (*id, settings)).collect()
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let filter = LeadFilter::default();
    let found = list_leads(state.app(), &pocket.actor, &filter, query.page()).await?;
    let frame = pocket.frame();
    let usual = LeadSettings::default();
    let row = |it: &StoredLead| {
        let own = pocket.lead_programs.iter().find(|(id, _)| *id == it.program);
        PartnerLeadRow {
            id: it.id.to_string(),
            company: it.company.clone(),
            program: pocket.program_name(it.program),
            stage: it.stage.as_deref().map(|stage| stage_name(&frame, stage)),
            status: status_of(it, own.map_or(&usual, |(_, settings)| settings)),
            at: it.registered_at,
        }
    };
    let view = PartnerLeads {
        taken: !taking(&pocket).is_empty(),
        rows: found.items.iter().map(row).collect(),
        pager: query.pager("/my/leads", &found),
    };
    Ok(pocket.page(view))
}

fn new_lead(pocket: &Pocket, program: Field, fields: LeadFields) -> PartnerLeadNew {
    let choice = |(id, settings): (ProgramId, &LeadSettings)| {
        let choice = Choice::new(id.to_string(), pocket.program_name(id));
        (choice, u32::from(settings.rules.protection_days))
    };
    PartnerLeadNew { programs: taking(pocket).into_iter().map(choice).collect(), program, fields }
}

pub(in crate::routes) async fn get_new(
    State(_): State<ConsoleState>,
    pocket: Pocket,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    let program = Field::of(query.get("program").cloned().unwrap_or_default());
    let view = new_lead(&pocket, program, LeadFields::default());
    Ok(pocket.page(view))
}

pub(in crate::routes) async fn post_new(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let refusal = match register(&pocket, &given).await {
        Ok(Registered { lead, answer }) => {
            return Ok(told(&state, &format!("/my/leads/{}", lead.id), &answered(&answer)));
        }
        Err(error) => mendable(error)?,
    };
    let mut view = new_lead(&pocket, given.field("program"), fields_of(&given));
    let PartnerLeadNew { program, fields, .. } = &mut view;
    let flash = put_refusal(&refusal, fields, vec![("program", program)]);
    Ok(pocket.refused(view, flash))
}

async fn register(pocket: &Pocket, given: &Given) -> Result<Registered, AppError> {
    let id = given.text("program").parse::<ProgramId>().ok();
    let Some((program, _)) = taking(pocket).into_iter().find(|(it, _)| Some(*it) == id) else {
        return Err(FieldError::new("/program", "required", "Choose a program.").into());
    };
    register_lead(pocket.state.app(), &pocket.actor, told_of(given, program)).await
}

pub(in crate::routes) async fn get_one(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<LeadId>,
) -> Answer {
    let found = find_lead(state.app(), &pocket.actor, id).await?;
    let frame = pocket.frame();
    let status = status_of(&found.lead, &found.settings);
    let stages = match status {
        LeadStatus::Review | LeadStatus::Refused => Vec::new(),
        _ => way_of(&pocket, &found, status),
    };
    let refused = found.steps.iter().rev().find(|it| it.kind == LeadStepKind::Answer);
    let why = refused.and_then(|it| it.reason.clone()).filter(|_| status == LeadStatus::Refused);
    let verdict = verdict_of(&found.lead, found.answer, status, (&frame.zone, frame.now));
    let steps = steps_of(&frame, &found.steps, None)?;
    let lead = found.lead;
    let view = PartnerLead {
        id: lead.id.to_string(),
        program: pocket.program_name(lead.program),
        status,
        at: lead.registered_at,
        verdict,
        why,
        stages,
        steps,
        may_withdraw: matches!(lead.state, LeadState::Registered | LeadState::Review),
        company: lead.company,
        contact_name: lead.contact_name,
        contact_email: lead.contact_email,
        company_number: lead.company_number,
        contact_phone: lead.contact_phone,
        note: lead.note,
    };
    Ok(pocket.page(view))
}

/// The open stages and what they lead to: the sale, or the loss where it was lost.
fn way_of(pocket: &Pocket, found: &LeadView, status: LeadStatus) -> Vec<StagePassed> {
    let frame = pocket.frame();
    let stages = &found.settings.pipeline.stages;
    let here = found.lead.stage.as_deref();
    let came = |name: &str| {
        let steps = found.steps.iter();
        let mut steps = steps.filter(|it| it.kind == LeadStepKind::Stage && it.value == name);
        steps.next().map(|it| it.at)
    };
    let place = stages.iter().position(|it| Some(it.name.as_str()) == here);
    let end = if status == LeadStatus::Lost { Ending::Lost } else { Ending::Won };
    let shown = |it: &tributary_app::leads::Stage| match it.ending {
        Ending::Open => true,
        ending => {
            ending == end
                && (place.is_none_or(|at| stages[at].ending != end)
                    || Some(it.name.as_str()) == here)
        }
    };
    let row = |(at, it): (usize, &tributary_app::leads::Stage)| {
        let moment = came(&it.name);
        // A lost lead has passed what it came to; any other what lies before it, too.
        let before = status != LeadStatus::Lost
            && it.ending == Ending::Open
            && place.is_some_and(|place| at < place);
        StagePassed {
            name: stage_name(&frame, &it.name),
            passed: moment.is_some() || before,
            here: Some(it.name.as_str()) == here,
            at: moment,
        }
    };
    stages.iter().enumerate().filter(|(_, it)| shown(it)).map(row).collect()
}

/// Gives a lead up.
pub(in crate::routes) async fn withdraw(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<LeadId>,
    _: CheckedForm,
) -> Answer {
    let path = format!("/my/leads/{id}");
    match withdraw_lead(state.app(), &pocket.actor, id).await {
        Ok(_) => Ok(done(&state, &path, "done-lead-withdrawn")),
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}
