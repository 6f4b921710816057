use tributary_directory::User;
use tributary_kernel::{Refusal, RefusalKind};
use tributary_store::organisation;

use super::password;
use super::session::{NewSession, open_session};
use crate::{App, AppError};

/// Opens a session for an address and its password. The refusal does not tell whether the address
/// is known. Callers limit how often one address and one host may try.
pub async fn log_in_by_password(
    app: &App,
    email: &str,
    given: &str,
    agent: &str,
) -> Result<NewSession, AppError> {
    let email = email.trim().to_lowercase();
    let mut conn = app.record.read().await?;
    let user = organisation::find_user_by_email(&mut *conn, &email).await?;
    drop(conn);
    let user = user.filter(|user| user.disabled_at.is_none());
    let stored = user.as_ref().and_then(|user| user.password_hash.as_deref());
    match user.as_ref() {
        Some(user) if password::matches(given, stored) => open_session(app, user.id, agent).await,
        Some(_) => Err(wrong().into()),
        None => {
            password::matches(given, None);
            Err(wrong().into())
        }
    }
}

/// Whether a password is this user's: asked again of somebody who is logged in, before something
/// that a thief of the session would like to do. Callers limit how often. A user without a password
/// has none that is right.
#[must_use]
pub fn knows_password(user: &User, given: &str) -> bool {
    password::matches(given, user.password_hash.as_deref())
}

fn wrong() -> Refusal {
    Refusal {
        kind: RefusalKind::Invalid,
        code: "wrong_credentials",
        detail: "The address or the password is not right.".into(),
        errors: Vec::new(),
    }
}
