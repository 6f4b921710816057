//! A period's conversions under another plan. Nothing is saved.

use axum::extract::State;
use tributary_app::conversion::{Compared, OtherPlan, Simulate, Simulation, simulate};
use tributary_app::directory::list_plans;
use tributary_kernel::{ConversionId, FieldError, LocalDate, Refusal};
use tributary_money::Money;
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use super::plan::{first_document, written};
use crate::Flash;
use crate::pages::{PlanWhatIf, WhatIf, WhatIfCompared, WhatIfPartner};
use crate::parts::{Arithmetic, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, refusal_flash};
use crate::routes::explained::{self, Known};
use crate::routes::given::{Given, is_of};

/// More are not replayed while somebody waits.
const CONVERSIONS_MAX: u64 = 200_000;
/// Days that are looked at if no others are asked for.
const USUAL_DAYS: i32 = 90;
/// Partners that are named.
const PARTNERS_MAX: usize = 50;

fn blank(desk: &Desk, document: Field) -> PlanWhatIf {
    let today = desk.zone.date(desk.state.app().now());
    PlanWhatIf {
        document,
        from: Field::of(today.plus_days(-USUAL_DAYS).to_string()),
        until: Field::of(today.to_string()),
        conversion: Field::default(),
        errors: Vec::new(),
        found: None,
    }
}

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, desk: Desk) -> Answer {
    let plans = list_plans(state.app(), &desk.actor, desk.program.id).await?;
    let newest = plans.last().map(|plan| written(&plan.document));
    let document = newest.unwrap_or_else(|| first_document(&desk));
    let view = blank(&desk, Field::of(document));
    Ok(desk.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let mut view = blank(&desk, given.field("document"));
    for (field, name) in [
        (&mut view.from, "what_if_from"),
        (&mut view.until, "what_if_until"),
        (&mut view.conversion, "conversion"),
    ] {
        if given.filled(name).is_some() {
            *field = given.field(name);
        }
    }
    let asked = match asked(&desk, &view) {
        Ok(asked) => asked,
        Err(error) => return Ok(refused(&desk, view, error.into())),
    };
    match simulate(state.app(), &desk.actor, asked).await {
        Ok(found) => {
            view.found = Some(told(&desk, found).await?);
            Ok(desk.page_of_form(view, desk.at("/settings/plan/what-if")))
        }
        Err(error) => Ok(refused(&desk, view, mendable(error)?)),
    }
}

fn asked(desk: &Desk, view: &PlanWhatIf) -> Result<Simulate, FieldError> {
    let day = |field: &Field, pointer: &'static str| {
        let parsed = field.value.trim().parse::<LocalDate>();
        parsed.map_err(|_| FieldError::new(pointer, "day_malformed", "Give a day."))
    };
    let explain = match view.conversion.value.trim() {
        "" => None,
        id => Some(id.parse::<ConversionId>().map_err(|_| {
            FieldError::new("/conversion", "not_in_period", "This is no id of a conversion.")
        })?),
    };
    Ok(Simulate {
        owner: desk.owner,
        program: desk.program.id,
        plan: OtherPlan::Document(view.document.value.as_bytes().to_vec()),
        from: day(&view.from, "/from")?,
        until: day(&view.until, "/until")?,
        explain,
        conversions_max: Some(CONVERSIONS_MAX),
    })
}

/// The page again, each mistake at its field.
fn refused(desk: &Desk, mut view: PlanWhatIf, refusal: Refusal) -> axum::response::Response {
    let mut flash: Option<Flash> = refusal.errors.is_empty().then(|| refusal_flash(refusal.code));
    for mut error in refusal.errors {
        if is_of(&error, "from") {
            view.from.error = Some(error);
        } else if is_of(&error, "until") {
            view.until.error = Some(error);
        } else if is_of(&error, "conversion") {
            view.conversion.error = Some(error);
        } else if is_of(&error, "document") {
            error.pointer = error.pointer.trim_start_matches("/document").to_owned().into();
            view.errors.push(error);
        } else {
            flash = Some(refusal_flash(error.code));
        }
    }
    if !view.errors.is_empty() {
        view.document.error = Some(FieldError::new("", "plan_invalid", ""));
    }
    desk.refused(view, flash)
}

async fn told(desk: &Desk, it: Simulation) -> Result<WhatIf, Problem> {
    let money = |minor| Money::new(minor, it.currency);
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let left_out = it.left_out.held + it.left_out.unpriced.iter().map(|it| it.count).sum::<u64>();
    let size = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let partner = |it: &tributary_app::conversion::PartnerChange| WhatIfPartner {
        id: it.partnership.to_string(),
        name: it.name.clone(),
        now: money(it.now),
        then: money(it.then),
        change: money(it.change()),
    };
    let compared = match &it.compared {
        Some(compared) => Some(both(desk, compared).await?),
        None => None,
    };
    Ok(WhatIf {
        from: it.from,
        until: it.until,
        conversions: count(it.conversions),
        cost: (money(it.now), money(it.then)),
        change: money(it.then - it.now),
        paid: (count(it.paid_now), count(it.paid_then)),
        customers: count(it.customers),
        per_customer: it.per_customer().map(|(now, then)| (money(now), money(then))),
        winners: size(it.winners().count()),
        losers: size(it.losers().count()),
        partners: it.partners.iter().take(PARTNERS_MAX).map(partner).collect(),
        left_out: count(left_out),
        compared,
    })
}

/// One conversion as it is explained now, and as the other plan would be.
async fn both(desk: &Desk, it: &Compared) -> Result<WhatIfCompared, Problem> {
    let Some(now) = &it.now else {
        let (now, then) = (Vec::new(), Vec::new());
        return Ok(WhatIfCompared { id: it.conversion.to_string(), now, then });
    };
    let commissions: Vec<_> = now.commissions.iter().collect();
    let known = Known::of(desk.state.app(), &now.credit, &commissions).await?;
    let shown = now.commissions.iter().filter(|it| super::conversion::shown(it));
    let line = |it: &tributary_app::explain::ExplainedCommission| {
        (known.partner(it.commission.partnership), explained::arithmetic(it, &known))
    };
    let then = it.then.iter().map(|line| {
        let steps = match &line.explanation {
            Some(explanation) => explained::steps(explanation, known.next_version()),
            None => Vec::new(),
        };
        let result = Money::new(line.amount.minor + line.raised, line.amount.currency);
        (known.partner(line.partnership), Arithmetic { steps, result })
    });
    Ok(WhatIfCompared {
        id: it.conversion.to_string(),
        now: shown.map(line).collect(),
        then: then.collect(),
    })
}
