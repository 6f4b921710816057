use axum::extract::State;
use tributary_app::access::{is_set_up, log_in_by_password};
use tributary_app::sha256;
use tributary_web::{Problem, QueryOf};

use super::{come_in, count_failure, next_of, within_failures};
use crate::pages::LogIn;
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, refused, see_other};
use crate::routes::given::PublicForm;
use crate::routes::visit::Visit;

/// Where to go after the log-in.
#[derive(Debug, serde::Deserialize)]
pub(in crate::routes) struct Query {
    #[serde(default)]
    next: String,
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    if !is_set_up(state.app()).await? {
        return Ok(see_other("/setup"));
    }
    let next = next_of(&query.next).to_owned();
    Ok(visit.page(&state, LogIn { email: Field::default(), next, refused: false }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PublicForm(given): PublicForm,
) -> Answer {
    within_failures(&state, &visit)?;
    let email = given.text("email");
    // Counted before the work is done, so that many at once do not all pass; success gives no
    // token back, which a person at a keyboard does not notice.
    let account = sha256(email.trim().to_lowercase().as_bytes());
    let standing = state.guesses().take(account, state.app().now());
    if !standing.allowed {
        return Err(Problem::too_many(standing.retry_seconds));
    }
    let next = next_of(given.text("next"));
    let agent = &visit.agent;
    match log_in_by_password(state.app(), email, given.text("password"), agent).await {
        Ok(session) => Ok(come_in(state.web(), &session, next)),
        Err(error) => {
            mendable(error)?;
            count_failure(&state, &visit);
            let view = LogIn { email: given.field("email"), next: next.to_owned(), refused: true };
            Ok(refused(visit.page(&state, view)))
        }
    }
}
