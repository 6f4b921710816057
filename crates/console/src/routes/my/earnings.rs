use std::collections::BTreeMap;

use axum::extract::State;
use tributary_app::explain::{ExplainedCommission, explain_commission, explain_conversion};
use tributary_app::report::overview;
use tributary_kernel::{CommissionId, LocalDate};
use tributary_money::{Currency, Money};
use tributary_store::decision::{CommissionState as StoredState, StoredCommission};
use tributary_store::work::{CommissionFilter, list_commissions};
use tributary_web::{PathOf, QueryOf};

use super::Pocket;
use crate::pages::{DeclineReason, EarningDetail, EarningRow, EarningsList};
use crate::parts::{CommissionState, WaitsFor};
use crate::routes::answer::Answer;
use crate::routes::explained::{self, Known};
use crate::routes::lists::{ListQuery, stored};
use crate::routes::words::event_name;
use crate::routes::{ConsoleState, states};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let wanted = match query.state.as_str() {
        "waiting" => Some(StoredState::Pending),
        "approved" => Some(StoredState::Approved),
        "paid" => Some(StoredState::Paid),
        "declined" => Some(StoredState::Declined),
        _ => None,
    };
    let filter = CommissionFilter { state: wanted, ..CommissionFilter::default() };
    let mut conn = pocket.read().await?;
    let found = list_commissions(&mut *conn, pocket.viewer(), &filter, query.page()).await;
    let found = stored(found)?;
    drop(conn);
    let numbers = overview(state.app(), &pocket.actor, None, 1).await?;
    let mut sums: [BTreeMap<Currency, i64>; 3] = Default::default();
    for it in &numbers.currencies {
        let layers = [it.pending.minor, it.approved.minor + it.payable.minor, it.paid.minor];
        for (sum, minor) in sums.iter_mut().zip(layers) {
            *sum.entry(it.currency).or_insert(0) += minor;
        }
    }
    let [waiting, approved, paid] = sums.map(|sum| {
        let filled = sum.into_iter().filter(|(_, minor)| *minor != 0);
        filled.map(|(currency, minor)| Money::new(minor, currency)).collect::<Vec<_>>()
    });
    let frame = pocket.frame();
    let row = |it: &StoredCommission| EarningRow {
        id: it.id.to_string(),
        what: event_name(&frame, &it.event),
        program: pocket.program_name(it.program),
        at: it.occurred_at,
        state: states::commission_state(it),
        amount: shown_amount(it),
    };
    let view = EarningsList {
        pager: query.pager("/my/earnings", &found),
        rows: found.items.iter().map(row).collect(),
        state: query.state,
        waiting,
        approved,
        paid,
    };
    Ok(pocket.page(view))
}

/// What is left of a commission; of a declined one, what it would have been.
fn shown_amount(it: &StoredCommission) -> Money {
    let minor = match it.state {
        StoredState::Declined | StoredState::Reversed => it.amount.minor,
        _ => it.remaining(),
    };
    Money::new(minor, it.amount.currency)
}

pub(in crate::routes) async fn get_one(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<CommissionId>,
) -> Answer {
    let app = state.app();
    let it = explain_commission(app, &pocket.actor, id).await?;
    let whole = explain_conversion(app, &pocket.actor, it.commission.conversion).await?;
    let known = Known::of(app, &whole.credit, &[&it]).await?;
    let frame = pocket.frame();
    let program =
        pocket.memberships.iter().find(|(_, program)| program.id == it.commission.program);
    let what = event_name(&frame, &it.commission.event);
    let own =
        tributary_app::explain::ExplainedConversion { commissions: vec![it.clone()], ..whole };
    let streams = explained::streams(&own, &known);
    let not_paid = explained::not_paid(&own.credit, None, &what, &known);
    let settled = matches!(it.commission.state, StoredState::Declined | StoredState::Reversed);
    let declined = settled.then(|| {
        let code = it.commission.reason.as_deref().unwrap_or_default();
        (DeclineReason::of(code), String::new())
    });
    let view = EarningDetail {
        id: it.commission.id.to_string(),
        what: match it.commission.is_manual() {
            true => what,
            false => format!("{what} {}", it.conversion.reference),
        },
        program: pocket.program_name(it.commission.program),
        at: it.commission.occurred_at,
        state: states::commission_state(&it.commission),
        arithmetic: explained::arithmetic(&it, &known),
        streams: streams.filter(|figure| figure.streams.len() > 1),
        journey: explained::journey(&own.credit, &known),
        window_days: program.map_or(0, |(_, program)| program.terms.window_days),
        model: explained::model(&own.credit),
        waits_for: waits_for(&pocket, &it),
        paid: paid(&it),
        declined,
        not_paid,
    };
    Ok(pocket.page(view))
}

fn waits_for(pocket: &Pocket, it: &ExplainedCommission) -> Option<WaitsFor> {
    let frame = pocket.frame();
    match states::commission_state(&it.commission) {
        CommissionState::Pending if it.commission.due_at > frame.now => {
            let until = frame.zone.date(it.commission.due_at.plus_seconds(-1));
            Some(WaitsFor::Hold { until })
        }
        CommissionState::Pending => Some(WaitsFor::Review),
        CommissionState::Payable => Some(WaitsFor::Bank),
        _ => None,
    }
}

/// The pay day once it was paid, and the payout whose statement shows it.
fn paid(it: &ExplainedCommission) -> Option<(LocalDate, String)> {
    let payout = it.payout.as_ref()?;
    payout.paid_at?;
    Some((payout.pay_on, payout.id.to_string()))
}
