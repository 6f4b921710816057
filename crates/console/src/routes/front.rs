//! The front door: leads everybody to their own first page; and the two switches, of language and
//! of seat.

use axum::extract::State;
use http::header;
use tributary_app::access::{Seat, is_set_up};
use tributary_i18n::Language;
use tributary_web::{CheckedForm, LogInCookies, QueryOf, SeatChoice, Session};

use super::ConsoleState;
use super::answer::{Answer, local, not_found, see_other};
use super::cookies::Cookie;
use super::desk::first_page;

pub(super) async fn get(
    State(state): State<ConsoleState>,
    session: Result<Session, tributary_web::Problem>,
) -> Answer {
    match session {
        Ok(session) => Ok(see_other(home_of(session.seat.as_ref()))),
        Err(_) if !is_set_up(state.app()).await? => Ok(see_other("/setup")),
        Err(problem) => Err(problem),
    }
}

/// Where a seat's pages begin. Somebody without any gets the manager's, which says that there is
/// nothing.
const fn home_of(seat: Option<&Seat>) -> &'static str {
    match seat {
        Some(Seat::Partner { .. }) => "/my",
        Some(Seat::Member { .. }) | None => "/manage",
    }
}

/// `/manage`: the first of the programs.
pub(super) async fn manage(State(state): State<ConsoleState>, session: Session) -> Answer {
    let member = session.seats.iter().any(|seat| matches!(seat, Seat::Member { .. }));
    if !member {
        return if session.seats.is_empty() {
            Err(not_found("seat"))
        } else {
            Ok(see_other("/my"))
        };
    }
    Ok(see_other(&first_page(&state, &session).await?))
}

/// Which language, and where to go back to.
#[derive(Debug, serde::Deserialize)]
pub(super) struct LanguageQuery {
    to: String,
    #[serde(default)]
    back: String,
}

/// Remembers a language in this browser. It changes nothing else, so a link may do it.
pub(super) async fn language(
    State(state): State<ConsoleState>,
    QueryOf(query): QueryOf<LanguageQuery>,
) -> Answer {
    let Ok(language) = query.to.parse::<Language>() else { return Err(not_found("language")) };
    let mut response = see_other(local(&query.back).unwrap_or("/"));
    let cookie = Cookie::Language.set(state.web(), language.code());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Changes to another place of work.
pub(super) async fn seat(State(state): State<ConsoleState>, form: CheckedForm) -> Answer {
    let wanted = form.get("seat").and_then(SeatChoice::parse);
    let seats = &form.session.seats;
    let Some(seat) = seats.iter().find(|seat| Some(SeatChoice::of(seat)) == wanted) else {
        return Err(not_found("seat"));
    };
    let mut response = see_other(home_of(Some(seat)));
    let cookie = LogInCookies::of(state.web()).choose(SeatChoice::of(seat));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
