use std::collections::HashMap;

use axum::extract::State;
use tributary_app::directory::{
    CreateLink, create_link, disable_link, enable_link, find_link, list_links, list_partnerships,
};
use tributary_directory::{PartnershipStatus, Permission};
use tributary_kernel::{FieldError, LinkId, PartnershipId, ProgramId, limits};
use tributary_store::list::PageRequest;
use tributary_store::partnership::PartnershipFilter;
use tributary_web::{CheckedForm, PathOf, Problem, QueryOf};

use super::Desk;
use crate::Flash;
use crate::pages::{LinkNew, LinkRow, LinksList};
use crate::parts::{Choice, Field};
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::{ListQuery, Names, partner_meant};
use crate::routes::visit::encoded;
use crate::routes::{ConsoleState, numbers, states};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let app = state.app();
    let own = PartnershipFilter {
        program: Some(desk.program.id),
        search: query.search().map(str::to_owned),
        ..PartnershipFilter::default()
    };
    let mut found = list_links(app, &desk.actor, &own, query.page()).await?;
    if found.items.is_empty()
        && let Some(search) = query.search()
        && let Some(partner) = partner_meant(app, &desk.actor, desk.program.id, search).await?
    {
        // No link is called so, but a partner is.
        let by_partner = PartnershipFilter { partner: Some(partner), search: None, ..own };
        found = list_links(app, &desk.actor, &by_partner, query.page()).await?;
    }
    let today = desk.zone.date(app.now());
    let numbers = numbers::by_link(app, &desk.actor, desk.program.id, today).await?;
    let names = Names::of(app, found.items.iter().map(|link| link.partner)).await?;
    let row = |link: &tributary_directory::Link| {
        let numbers = numbers.get(&link.id).cloned().unwrap_or_default();
        LinkRow {
            id: link.id.to_string(),
            url: state.link_url(&link.host, &link.path),
            destination: link.destination.clone(),
            partner: names.get(link.partner),
            partnership: link.partnership.to_string(),
            state: states::link_state(link.status),
            clicks: numbers.clicks,
            unique: numbers.unique,
            conversions: numbers.conversions,
        }
    };
    let view = LinksList {
        pager: query.pager(&desk.at("/links"), &found),
        rows: found.items.iter().map(row).collect(),
        search: query.q,
    };
    Ok(desk.page(view))
}

/// Switches a link off or on.
pub(in crate::routes) async fn post_status(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, LinkId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let app = state.app();
    if find_link(app, &desk.actor, id).await?.program != desk.program.id {
        return Err(not_found("link"));
    }
    let list = match given.filled("q") {
        Some(search) => desk.at(&format!("/links?q={}", encoded(search))),
        None => desk.at("/links"),
    };
    let (result, key, opposite) = match given.text("move") {
        "off" => (disable_link(app, &desk.actor, id).await, "done-link-off", "on"),
        "on" => (enable_link(app, &desk.actor, id).await, "done-link-on", "off"),
        _ => {
            desk.require(Permission::Manage)?;
            return Ok(told(&state, &list, &refusal_flash("invalid")));
        }
    };
    match result {
        Ok(_) => {
            let mut back = vec![("move", opposite.to_owned())];
            back.extend(given.filled("q").map(|search| ("q", search.to_owned())));
            let flash = Flash::good(key).undone_by(desk.at(&format!("/links/{id}/status")), back);
            Ok(told(&state, &list, &flash))
        }
        Err(error) => Ok(told(&state, &list, &refusal_flash(mendable(error)?.code))),
    }
}

pub(in crate::routes) async fn get_new(
    State(_): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    desk.require(Permission::Manage)?;
    let chosen = query.get("partner").cloned().unwrap_or_default();
    let view = new_link(&desk, Field::of(chosen), Field::default(), Field::default()).await?;
    Ok(desk.page(view))
}

async fn new_link(
    desk: &Desk,
    partnership: Field,
    path: Field,
    destination: Field,
) -> Result<LinkNew, Problem> {
    let filter = PartnershipFilter {
        program: Some(desk.program.id),
        status: Some(PartnershipStatus::Active),
        ..PartnershipFilter::default()
    };
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let found = list_partnerships(desk.state.app(), &desk.actor, &filter, page).await?;
    let mut partners: Vec<Choice> = found
        .items
        .into_iter()
        .map(|it| Choice::new(it.partnership.id.to_string(), it.partner.name))
        .collect();
    partners.sort_by_key(|it| it.word.to_lowercase());
    Ok(LinkNew {
        partnership,
        partners,
        path,
        destination,
        domains: desk.program.terms.allowed_domains.clone(),
        host: desk.state.link_host(),
    })
}

pub(in crate::routes) async fn post_new(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let refusal = match make(&desk, &given).await {
        Ok(()) => return Ok(done(&state, &desk.at("/links"), "done-link-made")),
        Err(error) => mendable(error)?,
    };
    let fields = ["partnership", "path", "destination"].map(|name| given.field(name));
    let [partnership, path, destination] = fields;
    let mut view = new_link(&desk, partnership, path, destination).await?;
    let flash = put_errors(
        &refusal,
        &mut [
            ("partnership", &mut view.partnership),
            ("path", &mut view.path),
            ("destination", &mut view.destination),
        ],
    );
    Ok(desk.refused(view, flash))
}

async fn make(desk: &Desk, given: &Given) -> Result<(), tributary_app::AppError> {
    let unknown = || FieldError::new("/partnership", "required", "Choose a partner.");
    let partnership: PartnershipId = given.text("partnership").parse().map_err(|_| unknown())?;
    let app = desk.state.app();
    let found = tributary_app::directory::find_partnership(app, &desk.actor, partnership).await?;
    // The page is of one program: a partnership of another one is not among its choices.
    if found.partnership.program != desk.program.id {
        return Err(unknown().into());
    }
    let input = CreateLink {
        partnership,
        path: given.filled("path").map(str::to_owned),
        host: None,
        destination: given.filled("destination").map(str::to_owned),
        campaign: None,
        method: None,
    };
    create_link(app, &desk.actor, input).await?;
    Ok(())
}
