//! One's own name, language and password, whatever one works as.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use tributary_app::access::{ChangePassword, ChangeProfile, change_password, change_profile};
use tributary_web::{CheckedForm, Problem, Session};

use super::ConsoleState;
use super::answer::{Answer, done, mendable, refused};
use super::given::{Given, put_errors};
use super::manage::people::languages;
use super::set_up::frame_of;
use super::visit::Visit;
use crate::pages::Profile;
use crate::parts::Field;
use crate::{Flash, Page};

fn view(session: &Session) -> Profile {
    let user = &session.user;
    Profile {
        email: user.email.clone(),
        name: Field::of(&user.name),
        language: Field::of(&user.language),
        languages: languages(),
        has_password: user.password_hash.is_some(),
        old_password: Field::default(),
        password: Field::default(),
    }
}

pub(super) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    session: Session,
) -> Answer {
    let frame = frame_of(&state, &visit, &session);
    Ok(Page::new(frame, view(&session)).into_response())
}

pub(super) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    form: CheckedForm,
) -> Answer {
    let session = form.session.clone();
    let given = Given::from(form);
    let input = ChangeProfile {
        name: given.text("name").to_owned(),
        language: given.text("language").to_owned(),
    };
    let refusal = match change_profile(state.app(), session.user.id, input).await {
        Ok(user) => {
            let mut response = done(&state, "/profile", "done-saved");
            // The language chosen by hand in this browser would hide the one just chosen.
            let cookie = super::cookies::Cookie::Language.set(state.web(), &user.language);
            response.headers_mut().append(http::header::SET_COOKIE, cookie);
            return Ok(response);
        }
        Err(error) => mendable(error)?,
    };
    let mut view = view(&session);
    view.name = given.field("name");
    view.language = given.field("language");
    let fields = &mut [("name", &mut view.name), ("language", &mut view.language)];
    let flash = put_errors(&refusal, fields);
    Ok(again(&state, &visit, &session, view, flash))
}

pub(super) async fn post_password(
    State(state): State<ConsoleState>,
    visit: Visit,
    form: CheckedForm,
) -> Answer {
    let session = form.session.clone();
    let given = Given::from(form);
    let account = tributary_app::sha256(session.user.email.as_bytes());
    let standing = state.guesses().take(account, state.app().now());
    if !standing.allowed {
        return Err(Problem::too_many(standing.retry_seconds));
    }
    let input = ChangePassword {
        old: given.text("old_password"),
        new: given.text("password"),
        session: &session.secret,
        session_since: session.since,
    };
    let refusal = match change_password(state.app(), session.user.id, input).await {
        Ok(()) => return Ok(done(&state, "/profile", "done-password")),
        Err(error) => mendable(error)?,
    };
    let mut view = view(&session);
    let fields = &mut [("old_password", &mut view.old_password), ("password", &mut view.password)];
    let flash = put_errors(&refusal, fields);
    Ok(again(&state, &visit, &session, view, flash))
}

fn again(
    state: &ConsoleState,
    visit: &Visit,
    session: &Session,
    view: Profile,
    flash: Option<Flash>,
) -> Response {
    let mut frame = frame_of(state, visit, session);
    frame.flash = flash;
    refused(Page::new(frame, view))
}
