use axum::extract::State;
use axum::response::Response;
use tributary_app::AppError;
use tributary_app::directory::{go_live, update_program};
use tributary_directory::{ConsentMode, Mode, Permission, ProgramStatus, ProgramTerms};
use tributary_kernel::{FieldError, Refusal};
use tributary_money::Money;
use tributary_web::CheckedForm;

use super::Desk;
use crate::Flash;
use crate::pages::{Confirm, SettingsProgram};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, put_errors};

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let terms = &desk.program.terms;
    let tick = |on: bool| if on { Field::of("on") } else { Field::default() };
    let view = SettingsProgram {
        name: Field::of(&terms.name),
        landing_url: Field::of(&terms.landing_url),
        fallback_url: Field::of(terms.fallback_url.clone().unwrap_or_default()),
        allowed_domains: Field::of(terms.allowed_domains.join("\n")),
        paused: tick(terms.status == ProgramStatus::Paused),
        time_zone: Field::of(&terms.time_zone),
        window_days: Field::of(terms.window_days.to_string()),
        hold_days: Field::of(terms.hold_days.to_string()),
        approve_after_hold: tick(terms.approve_after_hold),
        coupon_over_click: tick(terms.coupon_over_click),
        payout_minimum: Field::of(
            Money::new(terms.payout_minimum, terms.currency).to_decimal_string(),
        ),
        payout_day: Field::of(terms.payout_day.to_string()),
        consent_mode: Field::of(terms.consent_mode.as_str()),
        consent_basis: Field::of(terms.consent_basis.clone().unwrap_or_default()),
        currency: terms.currency.code(),
    };
    Ok(desk.page(view))
}

/// The terms with what a form changes of them; numbers that are none are told together.
fn terms_of(given: &Given, old: &ProgramTerms) -> Result<ProgramTerms, Refusal> {
    let mut errors = Vec::new();
    let mut number = |name: &'static str| {
        given.text(name).trim().parse::<u32>().unwrap_or_else(|_| {
            errors.push(FieldError::new(format!("/{name}"), "whole_number", "Give a number."));
            1
        })
    };
    let window_days = number("window_days");
    let hold_days = number("hold_days");
    let payout_day = number("payout_day");
    let least = Money::parse_decimal(given.text("payout_minimum").trim(), old.currency);
    let payout_minimum = least.map(|money| money.minor).unwrap_or_else(|_| {
        errors.push(FieldError::new("/payout_minimum", "amount_malformed", "Give an amount."));
        0
    });
    let status = match (given.ticked("paused"), old.status) {
        (_, ProgramStatus::Closed) => ProgramStatus::Closed,
        (true, _) => ProgramStatus::Paused,
        (false, _) => ProgramStatus::Active,
    };
    let terms = ProgramTerms {
        name: given.text("name").to_owned(),
        landing_url: given.text("landing_url").to_owned(),
        fallback_url: given.filled("fallback_url").map(str::to_owned),
        allowed_domains: given
            .text("allowed_domains")
            .split(['\n', ',', ' '])
            .map(str::trim)
            .filter(|domain| !domain.is_empty())
            .map(str::to_owned)
            .collect(),
        status,
        time_zone: given.text("time_zone").trim().to_owned(),
        window_days,
        hold_days,
        payout_day,
        payout_minimum,
        approve_after_hold: given.ticked("approve_after_hold"),
        coupon_over_click: given.ticked("coupon_over_click"),
        consent_mode: given.text("consent_mode").parse().unwrap_or(ConsentMode::Required),
        consent_basis: given.filled("consent_basis").map(str::to_owned),
        ..old.clone()
    };
    match terms.check() {
        Ok(terms) if errors.is_empty() => Ok(terms),
        Ok(_) => Err(Refusal::invalid(errors)),
        Err(found) => {
            errors.extend(found);
            Err(Refusal::invalid(errors))
        }
    }
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Manage)?;
    let saved = match terms_of(&given, &desk.program.terms) {
        Ok(terms) => {
            let (owner, id) = (desk.owner, desk.program.id);
            update_program(state.app(), &desk.actor, owner, id, terms).await
        }
        Err(refusal) => Err(AppError::Refused(refusal)),
    };
    match saved {
        Ok(_) => Ok(done(&state, &desk.at("/settings"), "done-saved")),
        Err(error) => Ok(again(&desk, &given, &mendable(error)?)),
    }
}

fn again(desk: &Desk, given: &Given, refusal: &Refusal) -> Response {
    let field = |name: &str| given.field(name);
    let mut view = SettingsProgram {
        name: field("name"),
        landing_url: field("landing_url"),
        fallback_url: field("fallback_url"),
        allowed_domains: field("allowed_domains"),
        paused: field("paused"),
        time_zone: field("time_zone"),
        window_days: field("window_days"),
        hold_days: field("hold_days"),
        approve_after_hold: field("approve_after_hold"),
        coupon_over_click: field("coupon_over_click"),
        payout_minimum: field("payout_minimum"),
        payout_day: field("payout_day"),
        consent_mode: field("consent_mode"),
        consent_basis: field("consent_basis"),
        currency: desk.program.terms.currency.code(),
    };
    let flash = put_errors(
        refusal,
        &mut [
            ("name", &mut view.name),
            ("landing_url", &mut view.landing_url),
            ("fallback_url", &mut view.fallback_url),
            ("allowed_domains", &mut view.allowed_domains),
            ("time_zone", &mut view.time_zone),
            ("window_days", &mut view.window_days),
            ("hold_days", &mut view.hold_days),
            ("payout_minimum", &mut view.payout_minimum),
            ("payout_day", &mut view.payout_day),
            ("consent_mode", &mut view.consent_mode),
            ("consent_basis", &mut view.consent_basis),
        ],
    );
    desk.refused(view, flash)
}

fn live_question(desk: &Desk) -> Confirm {
    Confirm {
        act_key: "go-live",
        effect_key: "go-live-effect",
        thing: desk.program.terms.name.clone(),
        action: desk.at("/settings/live"),
        fields: Vec::new(),
        back: desk.at("/settings"),
    }
}

/// Says what going live does.
pub(in crate::routes) async fn get_live(State(state): State<ConsoleState>, desk: Desk) -> Answer {
    desk.require(Permission::Manage)?;
    if desk.program.mode == Mode::Live {
        return Ok(told(&state, &desk.at("/settings"), &refusal_flash("already_live")));
    }
    Ok(desk.page(live_question(&desk)))
}

/// Ends test mode.
pub(in crate::routes) async fn post_live(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Manage)?;
    if !Given::from(form).is_sure() {
        return Ok(desk.page(live_question(&desk)));
    }
    match go_live(state.app(), &desk.actor, desk.owner, desk.program.id).await {
        Ok(_) => {
            let invite = desk.at("/partners/invite");
            let flash = Flash::good("done-live").then("step-invite", invite);
            Ok(told(&state, &desk.at(""), &flash))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            let path = if refusal.code == "no_plan" { "/settings/plan" } else { "/settings" };
            Ok(told(&state, &desk.at(path), &refusal_flash(refusal.code)))
        }
    }
}
