//! One lead: what is known of it, and what a person does with it.

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::leads::{
    AdvanceLead, ChangeLead, Ending, LeadAnswer, LeadView, Method, Qualification, QualifyLead,
    Stage, advance_lead, answer_lead, change_lead, find_lead, qualify_lead,
};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, LeadId, ProgramId, Refusal};
use tributary_money::Money;
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use crate::pages::{LeadDetail, LeadForms};
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found};
use crate::routes::given::{Given, put_errors};
use crate::routes::lead_facts::{
    actors, day_of, judged_key, money_of, note_of, stage_name, status_of, steps_of, verdict_of,
};
use crate::routes::lists::Names;
use crate::routes::words::event_name;

type Place = PathOf<(ProgramId, LeadId)>;

async fn find(desk: &Desk, id: LeadId) -> Result<LeadView, Problem> {
    let found = find_lead(desk.state.app(), &desk.actor, id).await?;
    if found.lead.program != desk.program.id {
        return Err(not_found("lead"));
    }
    Ok(found)
}

/// The fields as they are before anybody types.
fn blank(it: &LeadView) -> LeadForms {
    let lead = &it.lead;
    let value = lead.value.map(|minor| Money::new(minor, lead.currency).to_decimal_string());
    let value = Field::of(value.unwrap_or_default());
    LeadForms {
        won_value: value.clone(),
        value,
        grade: Field::of(lead.grade.clone().unwrap_or_default()),
        expected_on: Field::of(lead.expected_on.map(|day| day.to_string()).unwrap_or_default()),
        note: Field::of(lead.note.clone().unwrap_or_default()),
        customer_id: Field::of(lead.customer.clone().unwrap_or_default()),
        ..LeadForms::default()
    }
}

async fn view(desk: &Desk, it: LeadView, forms: LeadForms) -> Result<LeadDetail, Problem> {
    let app = desk.state.app();
    let frame = desk.frame();
    let status = status_of(&it.lead, &it.settings);
    let verdict = verdict_of(&it.lead, it.answer, status, (&desk.zone, app.now()));
    let names = Names::of(app, it.lead.partner.into_iter()).await?;
    let actors = actors(app, &it.steps).await?;
    let lead = it.lead;
    let here = lead.stage.as_deref();
    let choices = |ending: Ending| {
        let stages = it.settings.pipeline.stages.iter();
        let others = stages.filter(|it| it.ending == ending && Some(it.name.as_str()) != here);
        others.map(|stage| choice(desk, stage)).collect::<Vec<Choice>>()
    };
    Ok(LeadDetail {
        id: lead.id.to_string(),
        partner: lead
            .partner
            .zip(lead.partnership)
            .map(|(partner, partnership)| (names.get(partner), partnership.to_string())),
        status,
        stage: here.map(|stage| stage_name(&frame, stage)),
        at: lead.registered_at,
        source_key: match lead.source.as_str() {
            "partner" => "lead-source-partner",
            "manager" => "lead-source-manager",
            _ => "lead-source-api",
        },
        verdict,
        value: lead.value.map(|minor| Money::new(minor, lead.currency)),
        expected_on: lead.expected_on,
        judged_key: judged_key(&lead.qualification),
        steps: steps_of(&frame, &it.steps, Some(&actors))?,
        judgements: judgements(desk, &lead.qualification),
        open: choices(Ending::Open),
        won: choices(Ending::Won),
        lost: choices(Ending::Lost),
        forms,
        currency: lead.currency.code(),
        company: lead.company,
        contact_name: lead.contact_name,
        contact_email: lead.contact_email,
        company_number: lead.company_number,
        contact_phone: lead.contact_phone,
        note: lead.note,
        customer: lead.customer,
        grade: lead.grade,
    })
}

/// A stage with what it is reported as.
fn choice(desk: &Desk, stage: &Stage) -> Choice {
    let frame = desk.frame();
    let name = stage_name(&frame, &stage.name);
    let word = match &stage.event {
        Some(event) => {
            let event = event_name(&frame, event);
            frame.t2("lead-stage-reports", "stage", name, "event", event)
        }
        None => name,
    };
    Choice::new(&stage.name, word)
}

/// What a person can judge it as.
fn judgements(desk: &Desk, from: &str) -> Vec<Choice> {
    let Ok(from) = from.parse::<Qualification>() else { return Vec::new() };
    let frame = desk.frame();
    let may = Qualification::ALL.iter().filter(|to| from.may_become(**to, Method::Person));
    may.map(|to| Choice::new(to.as_str(), frame.t(judged_key(to.as_str())))).collect()
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find(&desk, id).await?;
    let forms = blank(&found);
    Ok(desk.page(view(&desk, found, forms).await?))
}

/// Back to the page with what was done, or the page again with what was wrong.
async fn end<T>(
    desk: &Desk,
    found: LeadView,
    (result, word): (Result<T, AppError>, &'static str),
    put: impl FnOnce(&mut LeadForms, &Refusal) -> Option<crate::Flash>,
) -> Answer {
    match result {
        Ok(_) => Ok(done(&desk.state, &desk.at(&format!("/leads/{}", found.lead.id)), word)),
        Err(error) => {
            let refusal = mendable(error)?;
            let mut forms = blank(&found);
            let flash = put(&mut forms, &refusal);
            let here = desk.at(&format!("/leads/{}", found.lead.id));
            Ok(desk.refused_at(view(desk, found, forms).await?, flash, here))
        }
    }
}

pub(in crate::routes) async fn post_answer(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    desk.require(Permission::Decide)?;
    let reason = given.filled("answer_reason").map(str::to_owned);
    let (result, word) = match given.text("answer").parse::<LeadAnswer>() {
        Ok(answer) => {
            let word = match answer {
                LeadAnswer::Accept => "done-lead-accepted",
                LeadAnswer::Refuse => "done-lead-refused",
            };
            let said = (answer, reason.filter(|_| answer == LeadAnswer::Refuse));
            (answer_lead(state.app(), &desk.actor, desk.owner, id, said).await, word)
        }
        Err(_) => (Err(unknown("/answer").into()), ""),
    };
    end(&desk, found, (result, word), |forms, refusal| {
        forms.answer_reason = given.field("answer_reason");
        put_errors(refusal, &mut [("reason", &mut forms.answer_reason)])
    })
    .await
}

const fn unknown(pointer: &'static str) -> FieldError {
    FieldError {
        pointer: std::borrow::Cow::Borrowed(pointer),
        code: "unknown_choice",
        detail: std::borrow::Cow::Borrowed("Choose one of the list."),
    }
}

pub(in crate::routes) async fn post_qualify(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    desk.require(Permission::Report)?;
    let result = match given.text("to").parse::<Qualification>() {
        Ok(to) => {
            let input = QualifyLead {
                to,
                grade: given.filled("grade").map(str::to_owned),
                reason: given.filled("judged_reason").map(str::to_owned),
                at: None,
            };
            qualify_lead(state.app(), &desk.actor, desk.owner, id, input).await
        }
        Err(_) => Err(unknown("/to").into()),
    };
    end(&desk, found, (result, "done-lead-judged"), |forms, refusal| {
        forms.to = given.field("to");
        forms.grade = given.field("grade");
        forms.judged_reason = given.field("judged_reason");
        let fields = &mut [
            ("to", &mut forms.to),
            ("grade", &mut forms.grade),
            ("reason", &mut forms.judged_reason),
        ];
        put_errors(refusal, fields)
    })
    .await
}

/// Moves it: the three forms of open, won and lost stages have names of their own.
pub(in crate::routes) async fn post_move(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    desk.require(Permission::Report)?;
    let input = step_of(&desk, &given);
    let result = match input {
        Ok(input) => advance_lead(state.app(), &desk.actor, desk.owner, id, input).await,
        Err(error) => Err(error.into()),
    };
    end(&desk, found, (result, "done-lead-moved"), |forms, refusal| {
        put_step(&given, forms, refusal)
    })
    .await
}

fn step_of(desk: &Desk, given: &Given) -> Result<AdvanceLead, FieldError> {
    let text = |name: &str| given.filled(name).map(str::to_owned);
    Ok(match given.text("act") {
        "won" => AdvanceLead {
            stage: given.text("won").to_owned(),
            value: money_of(given, "won_value", desk.program.terms.currency)?,
            order_id: text("order_id"),
            reason: text("won_reason"),
            ..AdvanceLead::default()
        },
        "lost" => AdvanceLead {
            stage: given.text("lost").to_owned(),
            reason: text("lost_reason"),
            ..AdvanceLead::default()
        },
        _ => AdvanceLead {
            stage: given.text("stage").to_owned(),
            reason: text("moved_reason"),
            ..AdvanceLead::default()
        },
    })
}

fn put_step(given: &Given, forms: &mut LeadForms, refusal: &Refusal) -> Option<crate::Flash> {
    match given.text("act") {
        "won" => {
            forms.won = given.field("won");
            forms.won_value = given.field("won_value");
            forms.order_id = given.field("order_id");
            forms.won_reason = given.field("won_reason");
            // The first of a name takes the mistake: the form's own, then the use case's.
            let refusal = renamed(refusal, "/value", "/won_value");
            let fields = &mut [
                ("stage", &mut forms.won),
                ("won_value", &mut forms.won_value),
                ("order_id", &mut forms.order_id),
                ("reason", &mut forms.won_reason),
            ];
            put_errors(&refusal, fields)
        }
        "lost" => {
            forms.lost = given.field("lost");
            forms.lost_reason = given.field("lost_reason");
            let fields = &mut [("stage", &mut forms.lost), ("reason", &mut forms.lost_reason)];
            put_errors(refusal, fields)
        }
        _ => {
            forms.stage = given.field("stage");
            forms.moved_reason = given.field("moved_reason");
            let fields = &mut [("stage", &mut forms.stage), ("reason", &mut forms.moved_reason)];
            put_errors(refusal, fields)
        }
    }
}

/// A refusal that names a field as the form does.
fn renamed(refusal: &Refusal, from: &str, to: &'static str) -> Refusal {
    let mut refusal = refusal.clone();
    for error in refusal.errors.iter_mut().filter(|error| error.pointer == from) {
        error.pointer = to.into();
    }
    refusal
}

pub(in crate::routes) async fn post_change(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    desk.require(Permission::Report)?;
    let result = match change_of(&found, &given) {
        Ok(change) => change_lead(state.app(), &desk.actor, desk.owner, id, change).await,
        Err(error) => Err(error.into()),
    };
    end(&desk, found, (result, "done-saved"), |forms, refusal| {
        forms.value = given.field("value");
        forms.expected_on = given.field("expected_on");
        forms.note = given.field("note");
        forms.customer_id = given.field("customer_id");
        let fields = &mut [
            ("value", &mut forms.value),
            ("expected_on", &mut forms.expected_on),
            ("note", &mut forms.note),
            ("customer_id", &mut forms.customer_id),
        ];
        put_errors(refusal, fields)
    })
    .await
}

/// What differs from what is known, so that history names nothing else.
fn change_of(found: &LeadView, given: &Given) -> Result<ChangeLead, FieldError> {
    let lead = &found.lead;
    let value = money_of(given, "value", lead.currency)?;
    let customer = Some(given.text("customer_id").trim().to_owned());
    Ok(ChangeLead {
        value: value.filter(|value| Some(value.minor) != lead.value),
        expected_on: day_of(given, "expected_on")?.filter(|day| Some(*day) != lead.expected_on),
        note: note_of(given).filter(|note| *note != lead.note.clone().unwrap_or_default()),
        customer_id: customer
            .filter(|customer| *customer != lead.customer.clone().unwrap_or_default()),
    })
}
