use std::collections::HashMap;

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::directory::{list_policies, policy_in_force};
use tributary_app::report::{Earned, JourneyParty, JourneyReport, JourneyRequest, journeys};
use tributary_attribution::{CreditKey, Model, Policy};
use tributary_kernel::{FieldError, LocalDate, PartnershipId, Refusal};
use tributary_money::Money;
use tributary_store::organisation;
use tributary_store::partnership::by_ids;
use tributary_web::{Problem, QueryOf};

use super::Desk;
use crate::pages::{JourneysPage, PartyRow, PathRow};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable};
use crate::routes::given::put_errors;
use crate::routes::lists::stored;

/// Days that the page shows when nobody asks for others.
const DAYS: i32 = 90;

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    let today = desk.zone.date(state.app().now());
    let text = |name: &str| query.get(name).map(|text| text.trim()).filter(|it| !it.is_empty());
    let field = |name: &str, usual: String| Field::of(text(name).map_or(usual, str::to_owned));
    let mut page = JourneysPage {
        from: field("from", today.plus_days(1 - DAYS).to_string()),
        to: field("to", today.to_string()),
        model: field("model", String::new()),
        window: field("window", String::new()),
        conversions: 0,
        truncated: false,
        changed: None,
        days: None,
        lengths: Vec::new(),
        paths: Vec::new(),
        parties: Vec::new(),
    };
    match report(&desk, &page).await {
        Ok(report) => {
            fill(&desk, &mut page, report).await?;
            Ok(desk.page(page))
        }
        Err(error) => {
            let refusal = named(mendable(error)?);
            let flash = put_errors(
                &refusal,
                &mut [
                    ("from", &mut page.from),
                    ("to", &mut page.to),
                    ("model", &mut page.model),
                    ("window", &mut page.window),
                ],
            );
            Ok(desk.refused(page, flash))
        }
    }
}

/// The use case's name of the window is longer than the form's.
fn named(refusal: Refusal) -> Refusal {
    let errors = refusal.errors.into_iter().map(|error| match &*error.pointer {
        "/click_window_days" | "/coupon_window_days" => {
            FieldError { pointer: "/window".into(), ..error }
        }
        _ => error,
    });
    Refusal { errors: errors.collect(), ..refusal }
}

fn day(field: &Field, name: &'static str, errors: &mut Vec<FieldError>) -> LocalDate {
    field.value.parse().unwrap_or_else(|_| {
        errors.push(FieldError::new(format!("/{name}"), "day_malformed", "Give a day."));
        LocalDate::from_days(0)
    })
}

async fn report(desk: &Desk, page: &JourneysPage) -> Result<JourneyReport, AppError> {
    let mut errors = Vec::new();
    let from = day(&page.from, "from", &mut errors);
    let to = day(&page.to, "to", &mut errors);
    let model = (!page.model.value.is_empty()).then(|| page.model.value.parse::<Model>());
    let window = (!page.window.value.is_empty()).then(|| page.window.value.parse::<u16>());
    if matches!(model, Some(Err(_))) {
        errors.push(FieldError::new("/model", "unknown_choice", "Choose one of the list."));
    }
    if matches!(window, Some(Err(_))) {
        errors.push(FieldError::new("/window", "whole_number", "Give a number."));
    }
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors).into());
    }
    let (model, window) = (model.and_then(Result::ok), window.and_then(Result::ok));
    let app = desk.state.app();
    let what_if = if model.is_some() || window.is_some() {
        let versions = list_policies(app, &desk.actor, desk.program.id).await?;
        let own = policy_in_force(&versions, app.now()).map(|it| it.policy.clone());
        let own = own.unwrap_or_default();
        Some(Policy {
            model: model.unwrap_or(own.model),
            click_window_days: window.unwrap_or(own.click_window_days),
            coupon_window_days: window.unwrap_or(own.coupon_window_days),
            windows: if window.is_some() { Vec::new() } else { own.windows.clone() },
            ..own
        })
    } else {
        None
    };
    let (owner, program) = (desk.owner, desk.program.id);
    let request = JourneyRequest { owner, program, from, to, event: None, what_if };
    journeys(app, &desk.actor, &request).await
}

/// Names of partners and channels.
struct Names(HashMap<PartnershipId, String>);

impl Names {
    async fn of(desk: &Desk, report: &JourneyReport) -> Result<Self, Problem> {
        let steps = report.paths.iter().flat_map(|path| &path.steps);
        let keys = report.parties.iter().map(|it| &it.key).chain(steps);
        let mut ids: Vec<PartnershipId> = keys
            .filter_map(|key| match key {
                CreditKey::Partnership(id) => Some(*id),
                CreditKey::Channel(_) => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut conn = desk.read().await?;
        let partnerships = stored(by_ids(&mut *conn, &ids).await)?;
        let partners: Vec<_> = partnerships.iter().map(|it| it.partner).collect();
        let partners = stored(organisation::partners(&mut *conn, &partners).await)?;
        let partners: HashMap<_, _> = partners.into_iter().map(|it| (it.id, it.name)).collect();
        let named =
            partnerships.iter().filter_map(|it| Some((it.id, partners.get(&it.partner)?.clone())));
        Ok(Self(named.collect()))
    }

    fn get(&self, key: &CreditKey) -> String {
        match key {
            CreditKey::Partnership(id) => self.0.get(id).cloned().unwrap_or_default(),
            CreditKey::Channel(channel) => channel.as_str().replace('_', " "),
        }
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn fill(desk: &Desk, page: &mut JourneysPage, report: JourneyReport) -> Result<(), Problem> {
    let names = Names::of(desk, &report).await?;
    let currency = report.currency;
    let party = |it: &JourneyParty| PartyRow {
        name: names.get(&it.key),
        channel: matches!(it.key, CreditKey::Channel(_)),
        touched: count(it.touched),
        assists: count(it.assists),
        decided: it.decided.thousandths(),
        value: Money::new(it.decided.value, currency),
        models: JourneysPage::MODELS
            .iter()
            .map(|model| it.models.get(model).map_or(0, Earned::thousandths))
            .collect(),
        what_if: it.what_if.map(|it| it.thousandths()),
    };
    page.conversions = count(report.conversions);
    page.truncated = report.truncated;
    page.changed = (!page.model.value.is_empty() || !page.window.value.is_empty())
        .then(|| count(report.changed));
    page.days = report.days;
    page.lengths = report.lengths.iter().map(|it| count(*it)).collect();
    page.parties = report.parties.iter().map(party).collect();
    page.paths = report
        .paths
        .iter()
        .map(|it| PathRow {
            steps: it.steps.iter().map(|key| names.get(key)).collect(),
            conversions: count(it.conversions),
            value: Money::new(it.value, currency),
        })
        .collect();
    Ok(())
}
