use std::collections::HashMap;

use axum::extract::State;
use tributary_app::directory::{PublishPlan, compile, list_plans, publish_plan};
use tributary_directory::{Mode, Permission};
use tributary_kernel::{FieldError, LocalDate, Timestamp};
use tributary_store::program::StoredPlan;
use tributary_web::{CheckedForm, Problem, QueryOf};

use super::Desk;
use super::plan_form::draft;
use crate::Flash;
use crate::pages::{PlanForm, SettingsPlan};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, refusal_flash, told};
use crate::routes::given::{Given, is_of};
use crate::routes::words::rules_of;

/// What the editor begins with when there is no plan: a part of each sale.
pub(super) fn first_document(desk: &Desk) -> String {
    let name = serde_json::Value::from(desk.program.terms.name.as_str());
    format!(
        "{{\n  \"format\": 1,\n  \"name\": {name},\n  \"rules\": [\n    {{\n      \"id\": \"sale\",\n      \
         \"events\": [\"sale\"],\n      \"amount\": {{\"percent\": \"10\", \"of\": \"gross\"}}\n    }}\n  ]\n}}\n"
    )
}

/// Stored documents are canonical: on one line. People read them over several.
pub(super) fn written(document: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(document);
    parsed
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| document.to_owned())
}

/// The page with the version in force, and a document in the editor.
async fn view(desk: &Desk, document: Option<Field>, from: Field) -> Result<SettingsPlan, Problem> {
    let app = desk.state.app();
    let plans = list_plans(app, &desk.actor, desk.program.id).await?;
    let now = app.now();
    let in_force = plans.iter().rev().find(|plan| plan.effective_from <= now);
    let rules = match in_force {
        Some(plan) => rules_of(&desk.frame(), &compile(plan, &desk.program)?),
        None => Vec::new(),
    };
    // The first version holds from the beginning; it is told from the day it was written.
    let since = |plan: &StoredPlan| desk.zone.date(plan.effective_from.max(plan.created_at));
    let newest = plans.last();
    let document = document.unwrap_or_else(|| {
        Field::of(newest.map_or_else(|| first_document(desk), |plan| written(&plan.document)))
    });
    Ok(SettingsPlan {
        version: in_force.map_or(0, |plan| plan.version),
        since: in_force.map_or_else(|| desk.zone.date(now), since),
        rules,
        form: PlanForm::default(),
        draft: Vec::new(),
        currency: desk.program.terms.currency.code(),
        document,
        from,
        errors: Vec::new(),
        unusual: false,
    })
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    let today = desk.zone.date(state.app().now());
    let mut view = view(&desk, None, Field::of(today.to_string())).await?;
    if let Some(draft) = draft(&desk, &query) {
        view.form = draft.form;
        view.draft = draft.rules;
        view.errors = draft.errors;
        if let Some(document) = draft.document {
            view.document = Field::of(document);
        }
    }
    Ok(desk.page(view))
}

/// From when a version holds: from now on when the day is today, else from that day's beginning.
pub(super) fn effective_from(desk: &Desk, text: &str) -> Result<Option<Timestamp>, FieldError> {
    let today = desk.zone.date(desk.state.app().now());
    match text.trim().parse::<LocalDate>() {
        Ok(day) if day == today => Ok(None),
        Ok(day) => Ok(Some(desk.zone.start_of(day))),
        Err(_) if text.trim().is_empty() => Ok(None),
        Err(_) => Err(FieldError::new("/effective_from", "day_malformed", "Give a day.")),
    }
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Manage)?;
    let published = match effective_from(&desk, given.text("from")) {
        Ok(effective_from) => {
            let input = PublishPlan {
                owner: desk.owner,
                program: desk.program.id,
                document: given.text("document").as_bytes().to_vec(),
                effective_from,
                confirmed: given.text("confirmed") == "yes",
            };
            publish_plan(state.app(), &desk.actor, input).await
        }
        Err(error) => Err(error.into()),
    };
    let refusal = match published {
        Ok(_) => {
            let flash = Flash::good("done-plan");
            let flash = match desk.program.mode {
                Mode::Test => flash.then("step-go-live", desk.at("/settings/live")),
                Mode::Live => flash,
            };
            return Ok(told(&state, &desk.at("/settings/plan"), &flash));
        }
        Err(error) => mendable(error)?,
    };
    let mut view = view(&desk, Some(given.field("document")), given.field("from")).await?;
    view.unusual = refusal.code == "needs_confirmation";
    let mut flash: Option<Flash> = refusal.errors.is_empty().then(|| refusal_flash(refusal.code));
    for mut error in refusal.errors {
        if is_of(&error, "effective_from") {
            view.from.error = Some(error);
        } else if is_of(&error, "document") {
            let inside = error.pointer.trim_start_matches("/document").to_owned();
            error.pointer = inside.into();
            view.errors.push(error);
        } else {
            flash = Some(refusal_flash(error.code));
        }
    }
    if !view.errors.is_empty() && !view.unusual {
        view.document.error = Some(FieldError::new("", "plan_invalid", ""));
    }
    Ok(desk.refused(view, flash))
}
