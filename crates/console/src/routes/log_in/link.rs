//! The mailed link. Opening it changes nothing, since mail systems open links to look at them: the
//! page behind it has a button.

use axum::extract::State;
use tributary_app::access::MailRead;
use tributary_web::QueryOf;

use super::mail::finish;
use super::{next_of, within_failures};
use crate::Flash;
use crate::pages::LogInLink;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, told};
use crate::routes::given::PublicForm;
use crate::routes::visit::Visit;

/// What the mailed link carries.
#[derive(Debug, serde::Deserialize)]
pub(in crate::routes) struct Query {
    #[serde(default)]
    token: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    next: String,
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let next = next_of(&query.next).to_owned();
    Ok(visit.page(&state, LogInLink { token: query.token, secret: query.secret, next }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PublicForm(given): PublicForm,
) -> Answer {
    within_failures(&state, &visit)?;
    let read = MailRead::Link(given.text("secret"));
    let finished = finish(&state, &visit, given.text("token"), read, given.text("next")).await?;
    Ok(finished.unwrap_or_else(|| {
        let flash = Flash::bad("refusal-log-in-stale");
        told(&state, "/login/mail", &flash)
    }))
}
