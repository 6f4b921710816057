use std::collections::HashMap;

use axum::extract::State;
use tributary_app::life::{
    Changed, LifeChange, LifeStep, Selection, approve_commissions, decline_commissions,
    reverse_commissions, unapprove_commissions,
};
use tributary_app::report::{Measure, ReportRequest, run_report};
use tributary_directory::Permission;
use tributary_kernel::{CommissionId, ConversionId, PartnershipId};
use tributary_ledger::Reason;
use tributary_money::Money;
use tributary_store::decision::commissions_by_id;
use tributary_store::decision::{CommissionState as StoredState, StoredCommission};
use tributary_store::list::Page;
use tributary_store::payout::conversion_references;
use tributary_store::work::{
    CommissionFilter, ConversionFilter, count_in_state, list_commissions, list_conversions,
    sum_in_state,
};
use tributary_web::{CheckedForm, Problem, QueryOf};

use super::Desk;
use crate::Flash;
use crate::pages::{
    CommissionRow, CommissionsConfirm, CommissionsList, Decision, DecisionLine, DeclineReason,
};
use crate::parts::Field;
use crate::routes::answer::{Answer, mendable, refusal_flash, told};
use crate::routes::given::Given;
use crate::routes::lists::{ListQuery, Names, partner_meant, stored};
use crate::routes::numbers::DAYS;
use crate::routes::words::event_name;
use crate::routes::{ConsoleState, states};

/// Commissions as rows, with whose they are and what for.
pub(super) async fn rows_of(
    desk: &Desk,
    items: &[StoredCommission],
) -> Result<Vec<CommissionRow>, Problem> {
    let names = Names::of(desk.state.app(), items.iter().map(|it| it.partner)).await?;
    let ids: Vec<ConversionId> = items.iter().map(|it| it.conversion).collect();
    let mut conn = desk.read().await?;
    let references = stored(conversion_references(&mut *conn, desk.owner, &ids).await)?;
    let references: HashMap<_, _> = references.into_iter().collect();
    let frame = desk.frame();
    let row = |it: &StoredCommission| {
        let event = event_name(&frame, &it.event);
        let reference = references.get(&it.conversion).filter(|_| !it.is_manual());
        let what = match reference {
            Some(reference) => format!("{event} {reference}"),
            None => event,
        };
        let pending = it.state == StoredState::Pending;
        let worth =
            if it.state == StoredState::Declined { it.amount.minor } else { it.remaining() };
        CommissionRow {
            id: it.id.to_string(),
            conversion: it.conversion.to_string(),
            what,
            partner: names.get(it.partner),
            at: it.occurred_at,
            // The hold ends with the last moment of a day.
            hold_until: pending.then(|| desk.zone.date(it.due_at.plus_seconds(-1))),
            state: states::commission_state(it),
            amount: Money::new(worth, it.amount.currency),
        }
    };
    Ok(items.iter().map(row).collect())
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let found = find(&desk, &query).await?;
    let (pending, approved, declined) = sums(&desk, &state).await?;
    let view = CommissionsList {
        pager: query.pager(&desk.at("/commissions"), &found),
        rows: rows_of(&desk, &found.items).await?,
        pending,
        approved,
        declined,
        search: query.q,
        state: query.state,
    };
    Ok(desk.page(view))
}

type Sum = (i64, Money);

/// What waits, what is approved, and what was declined of the last days' conversions.
async fn sums(desk: &Desk, state: &ConsoleState) -> Result<(Sum, Sum, Sum), Problem> {
    let app = state.app();
    let currency = desk.program.terms.currency;
    let today = desk.zone.date(app.now());
    let mut request =
        ReportRequest::of(today.plus_days(1 - tributary_app::report::REPORT_DAYS_MAX), today);
    request.measures = vec![Measure::Commission];
    request.filter.program = Some(desk.program.id);
    let ever = run_report(app, &desk.actor, &request).await?;
    let ever = ever.totals.iter().find(|row| row.currency == currency);
    let ever = ever.map(|row| row.figures.commission).unwrap_or_default();
    let (viewer, program) = (desk.viewer(), Some(desk.program.id));
    let mut conn = desk.read().await?;
    let pending = stored(count_in_state(&mut *conn, viewer, program, StoredState::Pending).await)?;
    let approved =
        stored(count_in_state(&mut *conn, viewer, program, StoredState::Approved).await)?;
    let since = app.now().plus_days(i64::from(-DAYS));
    let declined = StoredState::Declined;
    let found = sum_in_state(&mut *conn, viewer, desk.program.id, declined, since).await;
    let (declined, declined_sum) = stored(found)?;
    let money = |minor| Money::new(minor, currency);
    Ok((
        (pending, money(ever.pending)),
        (approved, money(ever.approved)),
        (declined, money(declined_sum)),
    ))
}

/// The commissions asked for. A search means an order first, then a partner.
async fn find(desk: &Desk, query: &ListQuery) -> Result<Page<StoredCommission>, Problem> {
    let mut filter = CommissionFilter {
        program: Some(desk.program.id),
        state: query.state.parse().ok(),
        ..CommissionFilter::default()
    };
    let viewer = desk.viewer();
    if let Ok(id) = query.partner.parse::<PartnershipId>() {
        let found = tributary_app::directory::find_partnership(desk.state.app(), &desk.actor, id);
        filter.partner = Some(found.await?.partner.id);
    }
    if let Some(search) = query.search() {
        let orders = ConversionFilter {
            program: Some(desk.program.id),
            business_key: Some(search.trim_start_matches('#').to_owned()),
            ..ConversionFilter::default()
        };
        let mut conn = desk.read().await?;
        let found = stored(list_conversions(&mut *conn, viewer, &orders, query.page()).await)?;
        if !found.items.is_empty() {
            let keys: Vec<_> = found.items.iter().map(|it| (it.owner, it.id)).collect();
            let all = tributary_store::decision::commissions_of(&mut *conn, &keys).await;
            let mut items = stored(all)?;
            items.retain(|it| filter.state.is_none_or(|state| it.state == state));
            return Ok(Page { items, next: None });
        }
        drop(conn);
        let app = desk.state.app();
        let meant = partner_meant(app, &desk.actor, desk.program.id, search).await?;
        let Some(partner) = meant else { return Ok(Page { items: Vec::new(), next: None }) };
        filter.partner = Some(partner);
    }
    let mut conn = desk.read().await?;
    stored(list_commissions(&mut *conn, viewer, &filter, query.page()).await)
}

/// What a person wants done.
fn decision_of(text: &str) -> Option<Decision> {
    match text {
        "approve" => Some(Decision::Approve),
        "decline" => Some(Decision::Decline),
        "take_back" => Some(Decision::TakeBack),
        "reverse" => Some(Decision::Reverse),
        _ => None,
    }
}

const fn step_of(decision: Decision) -> LifeStep {
    match decision {
        Decision::Approve => LifeStep::Approve,
        Decision::Decline => LifeStep::Decline,
        Decision::TakeBack => LifeStep::Unapprove,
        Decision::Reverse => LifeStep::Reverse,
    }
}

fn ids_of(given: &Given) -> Vec<CommissionId> {
    given.all("id").filter_map(|text| text.parse().ok()).collect()
}

/// Says in numbers what a decision will do.
pub(in crate::routes) async fn confirm(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let list = desk.at("/commissions");
    desk.require(Permission::Decide)?;
    let Some(decision) = decision_of(given.text("decision")) else {
        return Ok(told(&state, &list, &refusal_flash("invalid")));
    };
    let ids = ids_of(&given);
    if ids.is_empty() {
        return Ok(told(&state, &list, &refusal_flash("nothing_chosen")));
    }
    let back = back_of(&desk, &given);
    let mut view = confirmation(&desk, decision, &ids, Field::default()).await?;
    if view.ids.is_empty() {
        return Ok(told(&state, &back, &refusal_flash("already_settled")));
    }
    view.conversion = conversion_of(&given).map(|id| id.to_string());
    Ok(desk.page_of_form(view, back))
}

/// The conversion from whose page a decision was asked for.
fn conversion_of(given: &Given) -> Option<ConversionId> {
    given.text("conversion").parse().ok()
}

/// Where a decision leads back to: the page it was asked for on.
fn back_of(desk: &Desk, given: &Given) -> String {
    match conversion_of(given) {
        Some(id) => desk.at(&format!("/conversions/{id}")),
        None => desk.at("/commissions"),
    }
}

async fn confirmation(
    desk: &Desk,
    decision: Decision,
    ids: &[CommissionId],
    reason: Field,
) -> Result<CommissionsConfirm, Problem> {
    let step = step_of(decision);
    let keys: Vec<_> = ids.iter().map(|id| (desk.owner, *id)).collect();
    let mut conn = desk.read().await?;
    let found = stored(commissions_by_id(&mut *conn, &keys).await)?;
    drop(conn);
    let mut chosen = found;
    chosen.retain(|it| it.program == desk.program.id && step.admits(it));
    let names = Names::of(desk.state.app(), chosen.iter().map(|it| it.partner)).await?;
    let currency = desk.program.terms.currency;
    let mut lines: Vec<DecisionLine> = Vec::new();
    let (mut total, mut in_payout) = (0, 0);
    for it in &chosen {
        let partner = names.get(it.partner);
        total += it.remaining();
        if it.payout.is_some() {
            in_payout += it.remaining();
        }
        match lines.iter_mut().find(|line| line.partner == partner) {
            Some(line) => {
                line.count += 1;
                line.amount.minor += it.remaining();
            }
            None => {
                let amount = Money::new(it.remaining(), currency);
                lines.push(DecisionLine { partner, count: 1, amount });
            }
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.amount.minor));
    let now = desk.state.app().now();
    let held = || chosen.iter().filter(|it| decision == Decision::Approve && it.due_at > now);
    // The last moment of the hold is the end of the day before.
    let last_day = held().map(|it| desk.zone.date(it.due_at.plus_seconds(-1))).max();
    let in_hold = last_day.map(|day| (i64::try_from(held().count()).unwrap_or(i64::MAX), day));
    let program = Some(desk.program.id);
    let pays = if decision == Decision::Approve {
        tributary_app::report::overview(desk.state.app(), &desk.actor, program, 1)
            .await?
            .next_pay_day
    } else {
        None
    };
    Ok(CommissionsConfirm {
        decision,
        ids: chosen.iter().map(|it| it.id.to_string()).collect(),
        lines,
        total: Money::new(total, currency),
        skipped: i64::try_from(ids.len().saturating_sub(chosen.len())).unwrap_or(0),
        pay_day: pays,
        in_hold,
        in_payout: Money::new(in_payout, currency),
        conversion: None,
        reason,
    })
}

/// Decides.
pub(in crate::routes) async fn decide(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let (list, back) = (desk.at("/commissions"), back_of(&desk, &given));
    let ids = ids_of(&given);
    let Some(decision) = decision_of(given.text("decision")).filter(|_| !ids.is_empty()) else {
        return Ok(told(&state, &list, &refusal_flash("invalid")));
    };
    desk.require(Permission::Decide)?;
    let reason = DeclineReason::CHOICES.iter().find(|it| it.code() == given.text("reason"));
    if matches!(decision, Decision::Decline | Decision::Reverse) && reason.is_none() {
        let wrong = Field::wrong(given.text("reason"), "required");
        let mut view = confirmation(&desk, decision, &ids, wrong).await?;
        view.conversion = conversion_of(&given).map(|id| id.to_string());
        return Ok(crate::routes::answer::refused(desk.page_of_form(view, back)));
    }
    // The page named commissions of this program alone; what was slipped in is not decided.
    let own = confirmation(&desk, decision, &ids, Field::default()).await?;
    let ids: Vec<CommissionId> = own.ids.iter().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(told(&state, &back, &refusal_flash("already_settled")));
    }
    let change =
        LifeChange { owner: desk.owner, expected: Some(ids.len()), selection: Selection::Ids(ids) };
    let (app, actor) = (state.app(), &desk.actor);
    let reason = reason.map_or(Reason::Other, |it| reason_of(*it));
    let (result, key) = match decision {
        Decision::Approve => (approve_commissions(app, actor, change).await, "done-approved"),
        Decision::Decline => {
            (decline_commissions(app, actor, change, reason).await, "done-declined")
        }
        Decision::Reverse => {
            (reverse_commissions(app, actor, change, reason).await, "done-reversed")
        }
        Decision::TakeBack => (unapprove_commissions(app, actor, change).await, "done-taken-back"),
    };
    match result {
        Ok(changed) => {
            let good = changed.iter().filter(|it: &&Changed| it.result.is_ok());
            let ids: Vec<CommissionId> = good.map(|it| it.commission).collect();
            let flash = Flash::good(key).counting(ids.len());
            let flash = match opposite(decision) {
                Some(opposite) => {
                    let mut fields = vec![("decision", opposite.to_owned())];
                    fields.extend(ids.iter().map(|id| ("id", id.to_string())));
                    flash.undone_by(desk.at("/commissions/decide"), fields)
                }
                None => flash,
            };
            Ok(told(&state, &back, &flash))
        }
        Err(error) => Ok(told(&state, &back, &refusal_flash(mendable(error)?.code))),
    }
}

/// The decision that takes another back; a no with its reason stands.
const fn opposite(decision: Decision) -> Option<&'static str> {
    match decision {
        Decision::Approve => Some("take_back"),
        Decision::TakeBack => Some("approve"),
        Decision::Decline | Decision::Reverse => None,
    }
}

fn reason_of(reason: DeclineReason) -> Reason {
    reason.code().parse().unwrap_or(Reason::Other)
}
