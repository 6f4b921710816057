//! How a program takes leads: the rules, and the pipeline as rows that are typed into.

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::leads::{
    Ending, LeadSettings, Pipeline, RegistrationRules, Stage, put_lead_settings,
};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, Refusal};
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use super::leads::settings;
use crate::Flash;
use crate::pages::{SettingsLeads, StageRow};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::given::{Given, is_of, put_errors};

/// Rows to type a new stage into.
const EMPTY_ROWS: usize = 4;
/// Rows that are read; more than a pipeline may have, so that it says so itself.
const ROWS_MAX: usize = 40;

fn view_of(it: &LeadSettings, taken: bool) -> SettingsLeads {
    let rules = &it.rules;
    let row = |(place, stage): (usize, &Stage)| StageRow {
        place: Field::of((place + 1).to_string()),
        name: Field::of(&stage.name),
        ending: Field::of(stage.ending.as_str()),
        event: Field::of(stage.event.clone().unwrap_or_default()),
    };
    let mut stages: Vec<StageRow> = it.pipeline.stages.iter().enumerate().map(row).collect();
    stages.resize_with(stages.len() + EMPTY_ROWS, StageRow::default);
    let lapses = rules.customer_lapses_after_days.map(|days| days.to_string());
    SettingsLeads {
        taken,
        protection_days: Field::of(rules.protection_days.to_string()),
        protected: Field::of(rules.protected.as_str()),
        customer: Field::of(rules.customer.as_str()),
        lapses: Field::of(lapses.unwrap_or_default()),
        opportunity: Field::of(rules.opportunity.as_str()),
        stages,
        pipeline: Field::default(),
    }
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let found = settings(&desk).await?;
    let taken = found.is_some();
    Ok(desk.page(view_of(&found.unwrap_or_default(), taken)))
}

/// A row that was typed into.
struct Typed {
    place: Option<u32>,
    row: StageRow,
}

/// The rows that name a stage, in the order they are to have: open ones first, each ending by the
/// numbers before them.
fn rows_of(given: &Given) -> Vec<StageRow> {
    let read = |number: usize| {
        let field = |name: &str| Field::of(given.text(&format!("{name}_{number}")).trim());
        let mut row = StageRow {
            place: field("place"),
            name: field("name"),
            ending: field("ending"),
            event: field("event"),
        };
        // As people write it, where that is clear.
        row.name.value = row.name.value.to_lowercase().replace([' ', '-'], "_");
        let place = row.place.value.parse().ok();
        if place.is_none() && !row.place.value.is_empty() {
            row.place = Field::wrong(row.place.value, "whole_number");
        }
        Typed { place, row }
    };
    let mut rows: Vec<Typed> =
        (0..ROWS_MAX).map(read).filter(|it| !it.row.name.value.is_empty()).collect();
    rows.sort_by_key(|it| {
        let ending = match it.row.ending.value.as_str() {
            "won" => 1,
            "lost" => 2,
            _ => 0,
        };
        (ending, it.place.unwrap_or(u32::MAX))
    });
    rows.into_iter().map(|it| it.row).collect()
}

/// What a form says; the rows as they were read.
fn settings_of(given: &Given, rows: &[StageRow]) -> Result<LeadSettings, Refusal> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: String, code: &'static str, detail: &'static str| {
        errors.push(FieldError::new(pointer, code, detail));
    };
    let mut number = |name: &str| -> Option<u16> {
        let text = given.filled(name)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let is_number = text.bytes().all(|b| b.is_ascii_digit());
            let code = if is_number { "out_of_range" } else { "whole_number" };
            wrong(format!("/{name}"), code, "Give a number of days.");
        }
        parsed
    };
    let (protection, lapses) = (number("protection_days"), number("lapses"));
    let needed = given.filled("protection_days").is_none();
    if needed {
        wrong("/protection_days".to_owned(), "required", "Give a number of days.");
    }
    let mut choose = |name: &'static str| {
        let parsed = given.text(name).parse().ok();
        if parsed.is_none() {
            wrong(format!("/{name}"), "unknown_choice", "Choose one of the list.");
        }
        parsed.unwrap_or(tributary_app::leads::Treatment::Refuse)
    };
    let rules = RegistrationRules {
        protection_days: protection.unwrap_or(0),
        protected: choose("protected"),
        customer: choose("customer"),
        customer_lapses_after_days: lapses,
        opportunity: choose("opportunity"),
    };
    let mut stages = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let ending = row.ending.value.parse::<Ending>();
        if ending.is_err() {
            let pointer = format!("/pipeline/stages/{index}/ending");
            wrong(pointer, "unknown_choice", "Choose one of the list.");
        }
        if row.place.error.is_some() {
            wrong(format!("/pipeline/stages/{index}/place"), "whole_number", "Give a number.");
        }
        let event = Some(row.event.value.clone()).filter(|event| !event.is_empty());
        let name = row.name.value.clone();
        stages.push(Stage { name, ending: ending.unwrap_or(Ending::Open), event });
    }
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors));
    }
    Ok(LeadSettings { rules, pipeline: Pipeline { stages } })
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Manage)?;
    let rows = rows_of(&given);
    match save(&desk, &given, &rows).await {
        Ok(()) => Ok(done(&state, &desk.at("/settings/leads"), "done-saved")),
        Err(error) => {
            let refusal = mendable(error)?;
            let (view, flash) = again(&desk, &given, rows, &refusal).await?;
            Ok(desk.refused(view, flash))
        }
    }
}

async fn save(desk: &Desk, given: &Given, rows: &[StageRow]) -> Result<(), AppError> {
    let settings = settings_of(given, rows)?;
    let (app, actor) = (desk.state.app(), &desk.actor);
    put_lead_settings(app, actor, desk.owner, desk.program.id, settings).await.map(|_| ())
}

async fn again(
    desk: &Desk,
    given: &Given,
    mut rows: Vec<StageRow>,
    refusal: &Refusal,
) -> Result<(SettingsLeads, Option<Flash>), Problem> {
    let mut left = Vec::new();
    for error in &refusal.errors {
        let found = rows.iter_mut().enumerate().find_map(|(index, row)| {
            let of = |name: &str| is_of(error, &format!("pipeline/stages/{index}/{name}"));
            [
                ("place", &mut row.place),
                ("name", &mut row.name),
                ("ending", &mut row.ending),
                ("event", &mut row.event),
            ]
            .into_iter()
            .find_map(|(name, field)| of(name).then_some(field))
        });
        match found {
            Some(field) => {
                field.error.get_or_insert_with(|| error.clone());
            }
            None => left.push(FieldError {
                // What is missing is no field but a kind of stage.
                code: match error.code {
                    "missing" => "stage_missing",
                    code => code,
                },
                pointer: error
                    .pointer
                    .strip_prefix("/rules")
                    .map_or_else(|| error.pointer.clone(), |rest| rest.to_owned().into()),
                ..error.clone()
            }),
        }
    }
    rows.resize_with(rows.len() + EMPTY_ROWS, StageRow::default);
    let mut view = SettingsLeads {
        taken: settings(desk).await?.is_some(),
        protection_days: given.field("protection_days"),
        protected: given.field("protected"),
        customer: given.field("customer"),
        lapses: given.field("lapses"),
        opportunity: given.field("opportunity"),
        stages: rows,
        pipeline: Field::default(),
    };
    // A mistake that a row has taken is said there and nowhere else.
    if left.is_empty() && !refusal.errors.is_empty() {
        return Ok((view, None));
    }
    let flash = put_errors(
        &Refusal { errors: left, ..refusal.clone() },
        &mut [
            ("protection_days", &mut view.protection_days),
            ("protected", &mut view.protected),
            ("customer", &mut view.customer),
            ("lapses", &mut view.lapses),
            ("opportunity", &mut view.opportunity),
            ("pipeline", &mut view.pipeline),
        ],
    );
    Ok((view, flash))
}
