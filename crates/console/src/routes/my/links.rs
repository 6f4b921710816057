use std::collections::HashMap;

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::directory::{CreateLink, create_link, disable_link, list_coupons, list_links};
use tributary_app::report::{Dimension, ReportRequest, run_report};
use tributary_directory::{Link, LinkStatus, PartnershipStatus};
use tributary_kernel::{FieldError, LinkId, ProgramId, limits};
use tributary_store::list::PageRequest;
use tributary_store::partnership::{PartnershipFilter, find_link};
use tributary_web::{CheckedForm, PathOf, Problem, QueryOf};

use super::Pocket;
use crate::pages::{PartnerLinkDetail, PartnerLinkRow, PartnerLinks};
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::stored;
use crate::routes::numbers::DAYS;
use crate::routes::visit::encoded;

/// Clicks and conversions of each link in the last days.
async fn numbers(pocket: &Pocket) -> Result<HashMap<LinkId, (i64, i64)>, Problem> {
    let app = pocket.state.app();
    let today = pocket.frame().zone.date(app.now());
    let mut request = ReportRequest::of(today.plus_days(1 - DAYS), today);
    request.dimensions = vec![Dimension::Link];
    let report = run_report(app, &pocket.actor, &request).await?;
    let mut found: HashMap<LinkId, (i64, i64)> = HashMap::new();
    for row in &report.rows {
        let Some(link) = row.link else { continue };
        let numbers = found.entry(link).or_default();
        numbers.0 += row.figures.clicks;
        numbers.1 += row.figures.conversions;
    }
    Ok(found)
}

async fn view(pocket: &Pocket, fields: [Field; 3]) -> Result<PartnerLinks, Problem> {
    let app = pocket.state.app();
    let filter = PartnershipFilter::default();
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let links = list_links(app, &pocket.actor, &filter, page).await?;
    let coupons = list_coupons(app, &pocket.actor, &filter, page).await?;
    let numbers = numbers(pocket).await?;
    let row = |link: &Link| {
        let (clicks, conversions) = numbers.get(&link.id).copied().unwrap_or_default();
        PartnerLinkRow {
            id: link.id.to_string(),
            url: pocket.state.link_url(&link.host, &link.path),
            destination: link.destination.clone(),
            program: pocket.program_name(link.program),
            clicks,
            conversions,
            off: link.status == LinkStatus::Disabled,
        }
    };
    let mut rows: Vec<PartnerLinkRow> = links.items.iter().map(row).collect();
    rows.sort_by_key(|row| (row.off, std::cmp::Reverse(row.clicks)));
    let active = pocket.memberships.iter().filter(|(it, _)| it.status == PartnershipStatus::Active);
    let programs: Vec<Choice> =
        active.map(|(_, it)| Choice::new(it.id.to_string(), &it.terms.name)).collect();
    let now = app.now();
    let codes = coupons.items.into_iter().filter(|it| it.is_valid(now));
    let codes = codes.map(|it| (it.code, pocket.program_name(it.program))).collect();
    let [program, destination, path] = fields;
    Ok(PartnerLinks { rows, programs, program, destination, path, codes })
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, pocket: Pocket) -> Answer {
    let view = view(&pocket, Default::default()).await?;
    Ok(pocket.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let refusal = match make(&pocket, &given).await {
        Ok(link) => return Ok(done(&state, &format!("/my/links/{}", link.id), "done-link-made")),
        Err(error) => mendable(error)?,
    };
    let fields = ["program", "destination", "path"].map(|name| given.field(name));
    let mut view = view(&pocket, fields).await?;
    let flash = put_errors(
        &refusal,
        &mut [
            ("program", &mut view.program),
            ("destination", &mut view.destination),
            ("path", &mut view.path),
        ],
    );
    Ok(pocket.refused(view, flash))
}

/// Makes a link. What is typed stands after the partner's own name, so that `anna` and `crm` make
/// `anna/crm` and nobody takes another's name.
async fn make(pocket: &Pocket, given: &Given) -> Result<Link, AppError> {
    let id = given.text("program").parse::<ProgramId>().ok();
    let found = pocket.memberships.iter().find(|(_, program)| Some(program.id) == id);
    let Some((partnership, _)) = found else {
        return Err(FieldError::new("/program", "required", "Choose a program.").into());
    };
    let ending = given.filled("path").map(|path| path.trim_matches('/'));
    let input = CreateLink {
        partnership: partnership.id,
        path: ending.map(|ending| format!("{}/{ending}", partnership.code)),
        host: None,
        destination: given.filled("destination").map(str::to_owned),
        campaign: None,
        method: None,
    };
    create_link(pocket.state.app(), &pocket.actor, input).await
}

pub(in crate::routes) async fn get_one(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<LinkId>,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    let mut conn = pocket.read().await?;
    let link = stored(find_link(&mut *conn, pocket.viewer(), id).await)?;
    drop(conn);
    let link = link.ok_or_else(|| not_found("link"))?;
    let program = pocket.memberships.iter().find(|(_, it)| it.id == link.program);
    let landing = program.map(|(_, it)| it.terms.landing_url.clone()).unwrap_or_default();
    let (clicks, conversions) = numbers(&pocket).await?.get(&id).copied().unwrap_or_default();
    let url = state.link_url(&link.host, &link.path);
    let names = ["sub1", "sub2", "sub3", "sub4", "sub5"];
    let sub_ids = names.map(|name| sub_id(query.get(name).map_or("", |text| text.trim())));
    let good = names
        .iter()
        .zip(&sub_ids)
        .filter(|(_, field)| !field.value.is_empty() && field.error.is_none());
    let pairs: Vec<String> =
        good.map(|(name, field)| format!("{name}={}", encoded(&field.value))).collect();
    let view = PartnerLinkDetail {
        id: link.id.to_string(),
        tagged_url: (!pairs.is_empty()).then(|| format!("{url}?{}", pairs.join("&"))),
        url,
        off: link.status == LinkStatus::Disabled,
        destination: link.destination.unwrap_or(landing),
        program: pocket.program_name(link.program),
        label: None,
        sub_ids,
        clicks,
        conversions,
    };
    Ok(pocket.page(view))
}

/// Switches the partner's own link off.
pub(in crate::routes) async fn post_off(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<LinkId>,
    _: CheckedForm,
) -> Answer {
    disable_link(state.app(), &pocket.actor, id).await?;
    Ok(done(&state, &format!("/my/links/{id}"), "done-link-off"))
}

/// A sub-id as the edge takes it, and no address of a person.
fn sub_id(text: &str) -> Field {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if text.contains('@') {
        Field::wrong(text, "personal_data")
    } else if !plain || text.len() > limits::SUB_ID_BYTES_MAX {
        Field::wrong(text, "sub_id")
    } else {
        Field::of(text)
    }
}
