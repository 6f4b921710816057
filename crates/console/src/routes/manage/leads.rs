use axum::extract::State;
use tributary_app::AppError;
use tributary_app::directory::list_partnerships;
use tributary_app::leads::{
    LeadFilter, LeadSettings, LeadState, Registered, StoredLead, lead_settings, list_leads,
    register_lead,
};
use tributary_directory::{PartnershipStatus, Permission};
use tributary_kernel::{FieldError, PartnerId, limits};
use tributary_money::Money;
use tributary_store::list::PageRequest;
use tributary_store::partnership::PartnershipFilter;
use tributary_web::{CheckedForm, Problem, QueryOf};

use super::Desk;
use crate::pages::{LeadFields, LeadNew, LeadRow, LeadsList};
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, told};
use crate::routes::given::Given;
use crate::routes::lead_facts::{
    answered, day_of, fields_of, money_of, put_refusal, stage_name, status_of, told_of,
};
use crate::routes::lists::{ListQuery, Names};

/// Leads that wait for a person, shown above the list.
const WAITING_SHOWN: u32 = 50;

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let app = state.app();
    let settings = lead_settings(app, &desk.actor, desk.program.id).await?;
    let taken = settings.is_some();
    let settings = settings.unwrap_or_default();
    let filter = LeadFilter { program: Some(desk.program.id), ..LeadFilter::default() };
    let chosen = LeadFilter {
        state: query.state.parse().ok(),
        stage: Some(query.stage.clone()).filter(|stage| !stage.is_empty()),
        ..filter.clone()
    };
    let found = list_leads(app, &desk.actor, &chosen, query.page()).await?;
    let whole = chosen.state.is_none() && chosen.stage.is_none() && query.is_first();
    let waiting = if whole {
        let page = PageRequest { limit: WAITING_SHOWN, after: None };
        let filter = LeadFilter { state: Some(LeadState::Review), ..filter };
        list_leads(app, &desk.actor, &filter, page).await?.items
    } else {
        Vec::new()
    };
    let partners = found.items.iter().chain(&waiting).filter_map(|it| it.partner);
    let names = Names::of(app, partners).await?;
    let frame = desk.frame();
    let row = |it: &StoredLead| LeadRow {
        id: it.id.to_string(),
        company: it.company.clone(),
        partner: it.partner.map(|partner| names.get(partner)),
        stage: it.stage.as_deref().map(|stage| stage_name(&frame, stage)),
        status: status_of(it, &settings),
        value: it.value.map(|minor| Money::new(minor, it.currency)),
        at: it.registered_at,
    };
    let stages = settings.pipeline.stages.iter();
    let view = LeadsList {
        taken,
        stages: stages.map(|it| Choice::new(&it.name, stage_name(&frame, &it.name))).collect(),
        waiting: waiting.iter().map(row).collect(),
        rows: found.items.iter().map(row).collect(),
        pager: query.pager(&desk.at("/leads"), &found),
        state: query.state,
        stage: query.stage,
    };
    Ok(desk.page(view))
}

pub(in crate::routes) async fn get_new(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    desk.require(Permission::Report)?;
    let view = new_lead(&desk, LeadFields::default(), Default::default()).await?;
    Ok(desk.page(view))
}

async fn new_lead(
    desk: &Desk,
    fields: LeadFields,
    [partner, value, expected_on]: [Field; 3],
) -> Result<LeadNew, Problem> {
    let filter = PartnershipFilter {
        program: Some(desk.program.id),
        status: Some(PartnershipStatus::Active),
        ..PartnershipFilter::default()
    };
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let found = list_partnerships(desk.state.app(), &desk.actor, &filter, page).await?;
    let found = found.items.into_iter();
    let mut partners: Vec<Choice> =
        found.map(|it| Choice::new(it.partner.id.to_string(), it.partner.name)).collect();
    partners.sort_by_key(|it| it.word.to_lowercase());
    partners.insert(0, Choice::new("", desk.frame().t("lead-ours")));
    let currency = desk.program.terms.currency.code();
    Ok(LeadNew { partner, partners, fields, value, expected_on, currency })
}

pub(in crate::routes) async fn post_new(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Report)?;
    let given = Given::from(form);
    let refusal = match register(&desk, &given).await {
        Ok(Registered { lead, answer }) => {
            let path = desk.at(&format!("/leads/{}", lead.id));
            return Ok(told(&state, &path, &answered(&answer)));
        }
        Err(error) => mendable(error)?,
    };
    let more = ["partner", "value", "expected_on"].map(|name| given.field(name));
    let mut view = new_lead(&desk, fields_of(&given), more).await?;
    let LeadNew { partner, value, expected_on, fields, .. } = &mut view;
    let more = vec![("partner", partner), ("value", value), ("expected_on", expected_on)];
    let flash = put_refusal(&refusal, fields, more);
    Ok(desk.refused(view, flash))
}

async fn register(desk: &Desk, given: &Given) -> Result<Registered, AppError> {
    let partner = given.filled("partner").map(str::parse::<PartnerId>).transpose();
    let partner = partner
        .map_err(|_| FieldError::new("/partner", "unknown_choice", "Choose one of the list."))?;
    let mut input = told_of(given, desk.program.id);
    input.partner = partner;
    input.value = money_of(given, "value", desk.program.terms.currency)?;
    input.expected_on = day_of(given, "expected_on")?;
    register_lead(desk.state.app(), &desk.actor, input).await
}

/// How the program takes leads, or would by default.
pub(super) async fn settings(desk: &Desk) -> Result<Option<LeadSettings>, Problem> {
    Ok(lead_settings(desk.state.app(), &desk.actor, desk.program.id).await?)
}
