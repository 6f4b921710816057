use std::collections::BTreeMap;

use axum::extract::State;
use tributary_app::payout::{list_payouts, pay_days, statement_of};
use tributary_kernel::{LocalDate, limits};
use tributary_money::{Currency, Money};
use tributary_store::list::PageRequest;
use tributary_store::payout::{PayoutFilter, PayoutState, StoredPayout};
use tributary_web::Problem;

use super::Pocket;
use crate::pages::{PartnerPayoutRow, PartnerPayouts};
use crate::routes::ConsoleState;
use crate::routes::answer::Answer;
use crate::routes::manage::payouts::payout_state;

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, pocket: Pocket) -> Answer {
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let filter = PayoutFilter::default();
    let found = list_payouts(state.app(), &pocket.actor, &filter, page).await?;
    let frame = pocket.frame();
    let year = frame.zone.date(frame.now).civil().year();
    let mut this_year: BTreeMap<Currency, i64> = BTreeMap::new();
    for it in &found.items {
        let day = it.paid_at.map(|at| frame.zone.date(at));
        if it.state == PayoutState::Paid && day.is_some_and(|day| day.civil().year() == year) {
            *this_year.entry(it.amount.currency).or_insert(0) += it.amount.minor;
        }
    }
    let days = pay_days(state.app(), &found.items).await?;
    let mut rows = Vec::with_capacity(found.items.len());
    for it in &found.items {
        rows.push(row(&pocket, it, days.get(&it.run).copied()).await?);
    }
    let view = PartnerPayouts {
        this_year: this_year.into_iter().map(|(c, minor)| Money::new(minor, c)).collect(),
        rows,
    };
    Ok(pocket.page(view))
}

async fn row(
    pocket: &Pocket,
    it: &StoredPayout,
    pay_on: Option<LocalDate>,
) -> Result<PartnerPayoutRow, Problem> {
    let statement = statement_of(pocket.state.app(), &pocket.actor, it.id).await?;
    Ok(PartnerPayoutRow {
        statement: it.id.to_string(),
        day: pay_on.unwrap_or_else(|| pocket.frame().zone.date(it.created_at)),
        program: pocket.program_name(it.program),
        commissions: i64::try_from(statement.lines.len()).unwrap_or(i64::MAX),
        state: payout_state(it.state),
        amount: it.amount,
    })
}
