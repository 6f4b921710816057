//! The page behind an invitation into an organisation. Opening it changes nothing, since mail
//! systems open links to look at them.

use axum::extract::State;
use axum::response::Response;
use tributary_app::access::{accept_member_invitation, find_member_invitation};
use tributary_web::PathOf;

use super::ConsoleState;
use super::answer::{Answer, see_other, told};
use super::given::PublicForm;
use super::log_in::come_in;
use super::visit::{Visit, encoded};
use crate::pages::Join;
use crate::{Flash, Page};

pub(super) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    PathOf(token): PathOf<String>,
) -> Answer {
    let Some(found) = find_member_invitation(state.app(), &token).await? else {
        return Ok(over(&state));
    };
    let mut frame = visit.frame(&state);
    frame.language = visit.language(Some(&found.user));
    let view = Join {
        token,
        organisation: found.organisation,
        role: found.role.as_str(),
        name: found.user.name,
        email: found.user.email,
    };
    Ok(axum::response::IntoResponse::into_response(Page::new(frame, view)))
}

/// An invitation that was used is an ordinary thing to come back to.
fn over(state: &ConsoleState) -> Response {
    let flash = Flash::bad("refusal-not-an-invitation");
    told(state, "/login", &flash)
}

pub(super) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PathOf(token): PathOf<String>,
    PublicForm(_): PublicForm,
) -> Answer {
    let Some(found) = find_member_invitation(state.app(), &token).await? else {
        return Ok(over(&state));
    };
    match accept_member_invitation(state.app(), &token, &visit.agent).await? {
        Some(session) => Ok(come_in(state.web(), &session, "/manage")),
        None => {
            let email = encoded(&found.user.email);
            Ok(see_other(&format!("/login/mail?next=/manage&email={email}")))
        }
    }
}
