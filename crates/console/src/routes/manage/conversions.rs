use std::collections::HashMap;

use axum::extract::State;
use tributary_kernel::{ConversionId, LocalDate};
use tributary_money::Money;
use tributary_store::decision::{StoredCommission, StoredConversion, commissions_of};
use tributary_store::list::Page;
use tributary_store::work::{ConversionFilter, list_conversions};
use tributary_web::{Problem, QueryOf};

use super::Desk;
use crate::pages::{ConversionRow, ConversionsList};
use crate::routes::answer::Answer;
use crate::routes::lists::{ListQuery, Names, partner_meant, stored};
use crate::routes::words::event_name;
use crate::routes::{ConsoleState, states};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let found = find(&desk, &query).await?;
    let keys: Vec<_> = found.items.iter().map(|it| (it.owner, it.id)).collect();
    let mut conn = desk.read().await?;
    let mut commissions: HashMap<ConversionId, Vec<StoredCommission>> = HashMap::new();
    for it in stored(commissions_of(&mut *conn, &keys).await)? {
        commissions.entry(it.conversion).or_default().push(it);
    }
    drop(conn);
    let partners = commissions.values().flatten().map(|it| it.partner);
    let names = Names::of(state.app(), partners).await?;
    let frame = desk.frame();
    let none = Vec::new();
    let row = |it: &StoredConversion| {
        let own = commissions.get(&it.id).unwrap_or(&none);
        let mut partners: Vec<String> =
            own.iter().filter(|it| states::worth(it) > 0).map(|it| names.get(it.partner)).collect();
        partners.dedup();
        ConversionRow {
            id: it.id.to_string(),
            at: it.occurred_at,
            kind: event_name(&frame, &it.kind),
            reference: Some(it.business_key.clone()),
            value: (!it.amount.is_zero()).then_some(it.amount),
            partners,
            state: states::state_of(it),
            commission: Money::new(
                own.iter().map(states::worth).sum(),
                desk.program.terms.currency,
            ),
        }
    };
    let view = ConversionsList {
        pager: query.pager(&desk.at("/conversions"), &found),
        rows: found.items.iter().map(row).collect(),
        search: query.q,
        state: query.state,
        from: query.from,
        until: query.until,
    };
    Ok(desk.page(view))
}

/// The conversions asked for. A search means an order first, then a partner.
async fn find(desk: &Desk, query: &ListQuery) -> Result<Page<StoredConversion>, Problem> {
    let day = |text: &str| text.parse::<LocalDate>().ok();
    let filter = ConversionFilter {
        program: Some(desk.program.id),
        status: query.state.parse().ok(),
        from: day(&query.from).map(|day| desk.zone.start_of(day)),
        until: day(&query.until).map(|day| desk.zone.start_of(day.plus_days(1))),
        ..ConversionFilter::default()
    };
    let viewer = desk.viewer();
    let Some(search) = query.search() else {
        let mut conn = desk.read().await?;
        return stored(list_conversions(&mut *conn, viewer, &filter, query.page()).await);
    };
    // People type what they read: `#1009` on our pages is `1009`, or the shop's own `#1009`.
    let plain = search.trim_start_matches('#');
    for reference in [search, plain] {
        let filter =
            ConversionFilter { business_key: Some(reference.to_owned()), ..filter.clone() };
        let mut conn = desk.read().await?;
        let found = stored(list_conversions(&mut *conn, viewer, &filter, query.page()).await)?;
        if !found.items.is_empty() {
            return Ok(found);
        }
    }
    let app = desk.state.app();
    let Some(partner) = partner_meant(app, &desk.actor, desk.program.id, search).await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let filter = ConversionFilter { partner: Some(partner), ..filter };
    let mut conn = desk.read().await?;
    stored(list_conversions(&mut *conn, viewer, &filter, query.page()).await)
}
