use axum::extract::State;
use tributary_app::conversion::{
    ReportOutcome, dismiss_quarantined, list_quarantined, replay_quarantined,
};
use tributary_directory::Permission;
use tributary_kernel::{LocalDate, ProgramId, QuarantineId, Timestamp};
use tributary_store::decision::QuarantineRow;
use tributary_web::{CheckedForm, PathOf, QueryOf};

use super::Desk;
use crate::pages::{Quarantine, QuarantinedFact};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::Given;
use crate::routes::lists::ListQuery;

/// The page of a list over all programs may show fewer of this one than it has room for.
pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let page = query.page();
    let found = list_quarantined(state.app(), &desk.actor, desk.owner, true, page).await?;
    let fact = |it: &QuarantineRow| QuarantinedFact {
        id: it.id.to_string(),
        at: it.received_at,
        why_key: why_key(&it.reason),
        given: written(&it.given),
        may_replay: it.reason != "conflict",
    };
    let view = Quarantine {
        pager: query.pager(&desk.at("/quarantine"), &found),
        facts: found.items.iter().filter(|it| it.program == desk.program.id).map(fact).collect(),
    };
    Ok(desk.page(view))
}

fn why_key(reason: &str) -> &'static str {
    match reason {
        "conflict" => "quarantine-conflict",
        "occurred_in_the_future" => "quarantine-future",
        "occurred_too_long_ago" => "quarantine-old",
        _ => "quarantine-other",
    }
}

/// What was sent, over several lines.
fn written(given: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(given);
    parsed
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| given.to_owned())
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, QuarantineId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Decide)?;
    let path = desk.at("/quarantine");
    let (app, actor, owner) = (state.app(), &desk.actor, desk.owner);
    let result = match given.text("answer") {
        "dismiss" => dismiss_quarantined(app, actor, owner, id).await.map(|()| "done-dismissed"),
        "replay" => {
            let day = given.text("day").trim();
            let at = if day.is_empty() {
                None
            } else {
                match day.parse::<LocalDate>() {
                    Ok(day) => Some(noon(&desk, day)),
                    Err(_) => {
                        return Ok(told(&state, &path, &refusal_flash("day_malformed")));
                    }
                }
            };
            match replay_quarantined(app, actor, owner, id, at).await {
                Ok(ReportOutcome::Applied(_)) => Ok("done-replayed"),
                Ok(ReportOutcome::Duplicate(_)) => Ok("done-duplicate"),
                Ok(_) => return Ok(told(&state, &path, &refusal_flash("still_unusable"))),
                Err(error) => Err(error),
            }
        }
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    match result {
        Ok(key) => Ok(done(&state, &path, key)),
        Err(error) => {
            let refusal = mendable(error)?;
            Ok(told(&state, &path, &refusal_flash(refusal.first_code())))
        }
    }
}

/// A day as a moment of it, not later than now.
fn noon(desk: &Desk, day: LocalDate) -> Timestamp {
    let noon = desk.zone.start_of(day).plus_seconds(12 * 3_600);
    noon.min(desk.state.app().now())
}
