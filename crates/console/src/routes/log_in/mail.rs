use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use tributary_app::access::{MailRead, MailedLogIn, finish_mailed_log_in, start_mailed_log_in};
use tributary_app::mail::Mail;
use tributary_i18n::mail::log_in_code;
use tributary_kernel::Timestamp;
use tributary_web::{Cookies, Problem, QueryOf};

use super::{come_in, count_failure, next_of, within_failures};
use crate::pages::{LogInCode, LogInMail};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, refused, see_other};
use crate::routes::cookies::Cookie;
use crate::routes::given::PublicForm;
use crate::routes::visit::{Visit, encoded};

/// As the use case keeps a code.
const MINUTES_VALID: u32 = 15;

/// Where to go after the log-in, and whose it is, when that is known.
#[derive(Debug, serde::Deserialize)]
pub(in crate::routes) struct Query {
    #[serde(default)]
    next: String,
    #[serde(default)]
    email: String,
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let next = next_of(&query.next).to_owned();
    Ok(visit.page(&state, LogInMail { email: Field::of(query.email), next }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PublicForm(given): PublicForm,
) -> Answer {
    within_failures(&state, &visit)?;
    // Every mail asked for counts: whether the address is known is not told, not even by this.
    count_failure(&state, &visit);
    let next = next_of(given.text("next")).to_owned();
    let email = given.text("email").trim().to_lowercase();
    if !email.contains('@') {
        let wrong = Field::wrong(given.text("email"), "email_malformed");
        return Ok(refused(visit.page(&state, LogInMail { email: wrong, next })));
    }
    let started = start_mailed_log_in(state.app(), &email).await?;
    let expires_at = state.app().now().plus_seconds(i64::from(MINUTES_VALID) * 60);
    let code = state.shows_codes().then(|| started.code.clone());
    let waiting = Waiting { token: started.token.clone(), expires_at, email, next, code };
    send(&state, &visit, started, &waiting.next, expires_at);
    let mut response = see_other("/login/code");
    let cookie = Cookie::Mail.set(state.web(), &waiting.to_cookie());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Mails the code, if the address is known; in the background, so that this is not told.
fn send(
    state: &ConsoleState,
    visit: &Visit,
    started: MailedLogIn,
    next: &str,
    expires_at: Timestamp,
) {
    let MailedLogIn { token, link_secret, code, to } = started;
    let Some(user) = to else { return };
    let language = visit.language(Some(&user));
    let path = format!("/login/link?token={token}&secret={link_secret}&next={}", encoded(next));
    state.mail(|postman| {
        let text = log_in_code(language, &code, &postman.address_of(&path), MINUTES_VALID);
        Mail::new(user.email, user.name, text, Some(expires_at))
    });
}

/// A mailed log-in that this browser waits for. The token in it proves nothing.
#[derive(Debug, PartialEq, Eq)]
struct Waiting {
    token: String,
    expires_at: Timestamp,
    email: String,
    next: String,
    /// On a developer's desk only.
    code: Option<String>,
}

impl Waiting {
    fn to_cookie(&self) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        let at = self.expires_at.as_microsecond();
        let text = [&self.token, &at.to_string(), &self.email, &self.next, code].join("\n");
        URL_SAFE_NO_PAD.encode(text)
    }

    fn of(state: &ConsoleState, headers: &HeaderMap) -> Option<Self> {
        let cookie = Cookies::of(headers).get(Cookie::Mail.name(state.web()))?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
        let mut lines = text.split('\n').map(str::to_owned);
        Some(Self {
            token: lines.next()?,
            expires_at: Timestamp::from_microsecond(lines.next()?.parse().ok()?),
            email: lines.next()?,
            next: lines.next()?,
            code: lines.next().filter(|code| !code.is_empty() && state.shows_codes()),
        })
    }

    fn view(self, code: Field) -> LogInCode {
        let next = next_of(&self.next).to_owned();
        let (email, expires_at) = (self.email, self.expires_at);
        LogInCode { email, code, expires_at, next, development_code: self.code }
    }
}

pub(in crate::routes) async fn get_code(
    State(state): State<ConsoleState>,
    visit: Visit,
    headers: HeaderMap,
) -> Answer {
    match Waiting::of(&state, &headers) {
        Some(waiting) => Ok(visit.page(&state, waiting.view(Field::default()))),
        None => Ok(see_other("/login/mail")),
    }
}

pub(in crate::routes) async fn post_code(
    State(state): State<ConsoleState>,
    visit: Visit,
    headers: HeaderMap,
    PublicForm(given): PublicForm,
) -> Answer {
    within_failures(&state, &visit)?;
    let Some(waiting) = Waiting::of(&state, &headers) else {
        return Ok(see_other("/login/mail"));
    };
    // People type what they read: `204 817`.
    let code: String = given.text("code").chars().filter(char::is_ascii_digit).collect();
    let read = MailRead::Code(&code);
    match finish(&state, &visit, &waiting.token, read, &waiting.next).await? {
        Some(response) => Ok(response),
        None => {
            let code = Field::wrong(given.text("code"), "code_wrong");
            Ok(refused(visit.page(&state, waiting.view(code))))
        }
    }
}

/// Finishes a mailed log-in; none when what was given does not prove that the mail was read.
pub(super) async fn finish(
    state: &ConsoleState,
    visit: &Visit,
    token: &str,
    read: MailRead<'_>,
    next: &str,
) -> Result<Option<Response>, Problem> {
    match finish_mailed_log_in(state.app(), token, read, &visit.agent).await {
        Ok(session) => {
            let mut response = come_in(state.web(), &session, next_of(next));
            let clear = Cookie::Mail.clear(state.web());
            response.headers_mut().append(header::SET_COOKIE, clear);
            Ok(Some(response))
        }
        Err(error) => {
            mendable(error)?;
            count_failure(state, visit);
            Ok(None)
        }
    }
}
