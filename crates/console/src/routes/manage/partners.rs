use axum::extract::State;
use tributary_app::directory::{PartnerOfProgram, list_partnerships};
use tributary_money::Money;
use tributary_store::list::Page;
use tributary_store::partnership::{PartnershipFilter, by_partner};
use tributary_store::payout::held_bank_details;
use tributary_web::{Problem, QueryOf};

use super::Desk;
use crate::pages::{PartnerRow, PartnersList};
use crate::routes::ConsoleState;
use crate::routes::answer::Answer;
use crate::routes::lists::{ListQuery, stored};
use crate::routes::{numbers, states};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let found = if query.state == "bank_held" {
        with_held_bank_details(&desk).await?
    } else {
        let filter = PartnershipFilter {
            program: Some(desk.program.id),
            partner: None,
            status: query.state.parse().ok(),
            search: query.search().map(str::to_owned),
        };
        list_partnerships(state.app(), &desk.actor, &filter, query.page()).await?
    };
    let today = desk.zone.date(state.app().now());
    let numbers = numbers::by_partner(state.app(), &desk.actor, desk.program.id, today).await?;
    let currency = desk.program.terms.currency;
    let row = |it: &PartnerOfProgram| {
        let numbers = numbers.get(&it.partner.id).cloned().unwrap_or_default();
        PartnerRow {
            id: it.partnership.id.to_string(),
            name: it.partner.name.clone(),
            code: it.partnership.code.clone(),
            group: it.partnership.group.clone(),
            state: states::partner_state(it.partnership.status),
            clicks: numbers.clicks,
            conversions: numbers.conversions,
            commission: Money::new(numbers.commission.earned(), currency),
            trend: numbers.trend,
        }
    };
    let view = PartnersList {
        pager: query.pager(&desk.at("/partners"), &found),
        rows: found.items.iter().map(row).collect(),
        search: query.q,
        state: query.state,
    };
    Ok(desk.page(view))
}

/// Partners of this program whose bank details wait for a second look.
async fn with_held_bank_details(desk: &Desk) -> Result<Page<PartnerOfProgram>, Problem> {
    let mut conn = desk.read().await?;
    let held = stored(held_bank_details(&mut *conn, desk.owner).await)?;
    let places: Vec<_> = held.iter().map(|it| (desk.owner, desk.program.id, it.partner)).collect();
    let partnerships = stored(by_partner(&mut *conn, &places).await)?;
    let ids: Vec<_> = partnerships.iter().map(|it| it.partner).collect();
    let partners = stored(tributary_store::organisation::partners(&mut *conn, &ids).await)?;
    let items = partnerships.into_iter().filter_map(|partnership| {
        let partner = partners.iter().find(|it| it.id == partnership.partner)?.clone();
        Some(PartnerOfProgram { partner, partnership })
    });
    Ok(Page { items: items.collect(), next: None })
}
