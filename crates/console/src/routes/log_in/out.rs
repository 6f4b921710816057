use axum::extract::State;
use http::header;
use tributary_app::access::end_session;
use tributary_web::{CheckedForm, LogInCookies};

use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, see_other};

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    form: CheckedForm,
) -> Answer {
    end_session(state.app(), &form.session.secret).await?;
    let mut response = see_other("/login");
    let end = LogInCookies::of(state.web()).end();
    response.headers_mut().append(header::SET_COOKIE, end);
    Ok(response)
}
