//! The first run, and a first program for an organisation that has none.

use axum::extract::State;
use axum::response::Response;
use tributary_app::access::{Seat, SetUp as Input, is_set_up, log_in_by_password, set_up};
use tributary_app::directory::{create_program, list_programs};
use tributary_directory::{Actor, Permission, ProgramTerms, Role};
use tributary_kernel::{FieldError, Refusal};
use tributary_money::Currency;
use tributary_store::list::PageRequest;
use tributary_web::{CheckedForm, Problem, Session};

use super::ConsoleState;
use super::answer::{Answer, mendable, not_found, refused, see_other, told};
use super::given::{Given, PublicForm, put_errors};
use super::log_in::come_in;
use super::visit::Visit;
use crate::pages::{ProgramNew, SetUp};
use crate::parts::{Choice, Field};
use crate::{CsrfToken, Flash, Frame, Page, SignedIn};

/// Offered first, in this order; all others follow by code.
const FIRST: [Currency; 6] =
    [Currency::DKK, Currency::SEK, Currency::NOK, Currency::EUR, Currency::IDR, Currency::USD];

fn currencies() -> Vec<Choice> {
    let mut others: Vec<Currency> = Currency::all().to_vec();
    others.retain(|currency| !FIRST.contains(currency));
    FIRST.iter().chain(&others).map(|it| Choice::new(it.code(), it.code())).collect()
}

/// A country's usual currency and zone, where the pages have a language of it.
fn usual(region: Option<&str>) -> (&'static str, &'static str) {
    match region {
        Some("DK") => ("DKK", "Europe/Copenhagen"),
        Some("SE") => ("SEK", "Europe/Stockholm"),
        Some("NO") => ("NOK", "Europe/Oslo"),
        Some("ID") => ("IDR", "Asia/Jakarta"),
        Some("GB") => ("GBP", "Europe/London"),
        Some("US") => ("USD", ""),
        _ => ("EUR", ""),
    }
}

pub(super) async fn get(State(state): State<ConsoleState>, visit: Visit) -> Answer {
    if is_set_up(state.app()).await? {
        return Ok(see_other("/login"));
    }
    let region = visit.region.as_deref();
    let (currency, time_zone) = usual(region);
    let view = SetUp {
        organisation: Field::default(),
        country: Field::of(region.unwrap_or_default()),
        person: Field::default(),
        email: Field::default(),
        password: Field::default(),
        program: Field::default(),
        currency: Field::of(currency),
        currencies: currencies(),
        time_zone: Field::of(time_zone),
        landing_url: Field::default(),
    };
    Ok(visit.page(&state, view))
}

pub(super) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PublicForm(given): PublicForm,
) -> Answer {
    if is_set_up(state.app()).await? {
        return Ok(see_other("/login"));
    }
    // Looked at first: once the organisation is there, this page is gone.
    let terms = match terms_of(&given) {
        Ok(terms) => terms,
        Err(refusal) => return Ok(set_up_again(&state, &visit, &given, &refusal)),
    };
    let (email, password) = (given.text("email"), given.text("password"));
    let input = Input {
        organisation: given.text("organisation").to_owned(),
        country: given.text("country").to_owned(),
        name: given.text("person").to_owned(),
        email: email.to_owned(),
        password: Some(password.to_owned()),
        language: visit.language(None).code().to_owned(),
    };
    let made = match set_up(state.app(), None, input).await {
        Ok(made) => made,
        Err(error) => return Ok(set_up_again(&state, &visit, &given, &mendable(error)?)),
    };
    let actor =
        Actor::Member { user: made.administrator, owner: made.owner, role: Role::Administrator };
    let program = create_program(state.app(), &actor, made.owner, terms).await?;
    let session = log_in_by_password(state.app(), email, password, &visit.agent).await?;
    Ok(come_in(state.web(), &session, &format!("/manage/{}", program.id)))
}

/// The program that a form describes, checked.
fn terms_of(given: &Given) -> Result<ProgramTerms, Refusal> {
    let mut errors = Vec::new();
    let currency = Currency::from_code(given.text("currency"));
    if currency.is_none() {
        errors.push(FieldError::new("/currency", "unknown_currency", "Choose a currency."));
    }
    let terms = ProgramTerms::usual(
        given.text("program"),
        currency.unwrap_or(Currency::EUR),
        given.text("time_zone").trim(),
        given.text("landing_url"),
    );
    let checked = terms.check().map_err(|mut found| {
        // On these pages `name` is somebody else's.
        for error in &mut found {
            if error.pointer == "/name" {
                error.pointer = "/program".into();
            }
        }
        found
    });
    match checked {
        Ok(terms) if errors.is_empty() => Ok(terms),
        Ok(_) => Err(Refusal::invalid(errors)),
        Err(found) => {
            errors.extend(found);
            Err(Refusal::invalid(errors))
        }
    }
}

fn set_up_again(state: &ConsoleState, visit: &Visit, given: &Given, refusal: &Refusal) -> Response {
    let mut view = SetUp {
        organisation: given.field("organisation"),
        country: given.field("country"),
        person: given.field("person"),
        email: given.field("email"),
        password: Field::default(),
        program: given.field("program"),
        currency: given.field("currency"),
        currencies: currencies(),
        time_zone: given.field("time_zone"),
        landing_url: given.field("landing_url"),
    };
    let flash = put_errors(
        refusal,
        &mut [
            ("organisation", &mut view.organisation),
            ("country", &mut view.country),
            ("name", &mut view.person),
            ("email", &mut view.email),
            ("password", &mut view.password),
            ("program", &mut view.program),
            ("currency", &mut view.currency),
            ("time_zone", &mut view.time_zone),
            ("landing_url", &mut view.landing_url),
        ],
    );
    let mut frame = visit.frame(state);
    frame.flash = flash;
    refused(Page::new(frame, view))
}

/// The organisation in which somebody may make a program: that of the chosen seat, else the first.
fn maker(session: &Session) -> Result<Actor, Problem> {
    let may = |seat: &&Seat| match seat {
        Seat::Member { role, .. } => role.may(Permission::Manage),
        Seat::Partner { .. } => false,
    };
    let chosen = session.seat.as_ref().filter(may);
    let seat = chosen.or_else(|| session.seats.iter().find(may));
    seat.map(|seat| seat.actor(session.user.id)).ok_or_else(|| not_found("organisation"))
}

/// The frame of a page for anybody who is logged in.
pub(super) fn frame_of(state: &ConsoleState, visit: &Visit, session: &Session) -> Frame<SignedIn> {
    let public = visit.frame(state);
    Frame {
        language: visit.language(Some(&session.user)),
        zone: public.zone,
        now: public.now,
        csrf: CsrfToken::new(session.csrf.clone()),
        flash: public.flash,
        here: public.here,
        seats: Vec::new(),
        access: SignedIn { person: session.user.name.clone(), home: "/" },
    }
}

/// `/manage/new`
pub(super) async fn get_program(
    State(state): State<ConsoleState>,
    visit: Visit,
    session: Session,
) -> Answer {
    let actor = maker(&session)?;
    let (currency, time_zone) = usual(visit.region.as_deref());
    // As in the newest program, of which most of another is alike.
    let page = PageRequest { limit: 1, after: None };
    let newest = list_programs(state.app(), &actor, page).await?.items.pop().map(|it| it.terms);
    let currency = newest.as_ref().map_or(currency, |it| it.currency.code());
    let time_zone = newest.as_ref().map_or(time_zone, |it| &it.time_zone);
    let view = ProgramNew {
        program: Field::default(),
        currency: Field::of(currency),
        currencies: currencies(),
        time_zone: Field::of(time_zone),
        landing_url: Field::default(),
    };
    Ok(axum::response::IntoResponse::into_response(Page::new(
        frame_of(&state, &visit, &session),
        view,
    )))
}

pub(super) async fn post_program(
    State(state): State<ConsoleState>,
    visit: Visit,
    form: CheckedForm,
) -> Answer {
    let session = form.session.clone();
    let given = Given::from(form);
    let actor = maker(&session)?;
    let owner = actor.owner().ok_or_else(|| not_found("organisation"))?;
    let refusal = match terms_of(&given) {
        Ok(terms) => match create_program(state.app(), &actor, owner, terms).await {
            Ok(program) => {
                let path = format!("/manage/{}", program.id);
                let plan = format!("{path}/settings/plan");
                let flash = Flash::good("done-program-made").then("step-write-plan", plan);
                return Ok(told(&state, &path, &flash));
            }
            Err(error) => mendable(error)?,
        },
        Err(refusal) => refusal,
    };
    let mut view = ProgramNew {
        program: given.field("program"),
        currency: given.field("currency"),
        currencies: currencies(),
        time_zone: given.field("time_zone"),
        landing_url: given.field("landing_url"),
    };
    let flash = put_errors(
        &refusal,
        &mut [
            ("program", &mut view.program),
            ("currency", &mut view.currency),
            ("time_zone", &mut view.time_zone),
            ("landing_url", &mut view.landing_url),
        ],
    );
    let mut frame = frame_of(&state, &visit, &session);
    frame.flash = flash;
    Ok(refused(Page::new(frame, view)))
}
