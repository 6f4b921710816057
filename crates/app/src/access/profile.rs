use tributary_directory::{Actor, User};
use tributary_kernel::{FieldError, Timestamp, UserId};
use tributary_store::engine::Connection;
use tributary_store::{member, organisation};

use super::password;
use crate::error::refuse_if_any;
use crate::secrets::sha256;
use crate::{App, AppError, text};

/// For so long after coming in somebody without a password may choose one: it takes the place of
/// the old one's proof.
const FRESH_SECONDS: i64 = 15 * 60;

/// What somebody says of themselves.
#[derive(Debug, Clone)]
pub struct ChangeProfile {
    /// What they are called.
    pub name: String,
    /// Their language on pages and in mails.
    pub language: String,
}

/// Changes one's own name and language.
pub async fn change_profile(
    app: &App,
    user: UserId,
    input: ChangeProfile,
) -> Result<User, AppError> {
    let mut errors = Vec::new();
    let name = text::name("/name", &input.name, &mut errors);
    let language = text::language("/language", &input.language, &mut errors);
    refuse_if_any(errors)?;
    let mut tx = app.record.begin().await?;
    let before = known(&mut *tx, user).await?;
    let after = User { name, language, ..before };
    organisation::update_user(&mut *tx, &after).await?;
    audit(app, &mut *tx, user, "user.profile_changed").await?;
    tx.commit().await?;
    Ok(after)
}

/// Another password, or the first.
#[derive(Debug, Clone)]
pub struct ChangePassword<'a> {
    /// The one in use; not looked at when there is none.
    pub old: &'a str,
    /// The new one.
    pub new: &'a str,
    /// The secret of the session it is changed in: the others end.
    pub session: &'a str,
    /// When that session began.
    pub session_since: Timestamp,
}

/// Changes one's own password: with the old one, or without any shortly after coming in by mail.
/// Every other session of the user ends. Callers limit how often.
pub async fn change_password(
    app: &App,
    user: UserId,
    input: ChangePassword<'_>,
) -> Result<(), AppError> {
    let mut conn = app.record.read().await?;
    let before = known(&mut *conn, user).await?;
    drop(conn);
    let mut errors = Vec::new();
    match &before.password_hash {
        Some(stored) if !password::matches(input.old, Some(stored)) => {
            let detail = "This is not your password; give the one that you log in with.";
            errors.push(FieldError::new("/old_password", "password_wrong", detail));
        }
        None if app.now().microseconds_since(input.session_since) > FRESH_SECONDS * 1_000_000 => {
            let detail = "Log out, log in by mail once more, and choose a password within a \
                          quarter of an hour.";
            errors.push(FieldError::new("/password", "log_in_again", detail));
        }
        _ => {}
    }
    password::check(input.new, &mut errors);
    refuse_if_any(errors)?;
    let hash = password::hash(input.new, &*app.entropy);
    let mut tx = app.record.begin().await?;
    let now_known = known(&mut *tx, user).await?;
    if now_known.password_hash != before.password_hash {
        let detail = "The password was changed meanwhile; give the new one as the old one.";
        return Err(FieldError::new("/old_password", "password_wrong", detail).into());
    }
    let after = User { password_hash: Some(hash), ..now_known };
    organisation::update_user(&mut *tx, &after).await?;
    let own = sha256(input.session.as_bytes());
    member::end_sessions(&mut *tx, user, Some(own), app.now()).await?;
    audit(app, &mut *tx, user, "user.password_changed").await?;
    tx.commit().await?;
    Ok(())
}

async fn known(conn: &mut dyn Connection, user: UserId) -> Result<User, AppError> {
    let found = organisation::find_user(conn, user).await?;
    found.ok_or_else(|| AppError::Corrupt(format!("a session of {user}, who is nobody")))
}

/// A line in the trail of every organisation that the person works in.
async fn audit(
    app: &App,
    conn: &mut dyn Connection,
    user: UserId,
    action: &'static str,
) -> Result<(), AppError> {
    for (place, _) in organisation::memberships(conn, user).await? {
        let actor = Actor::Member { user, owner: place.owner, role: place.role };
        app.audit_in(conn, place.owner, &actor, action, user, &serde_json::json!({})).await?;
    }
    Ok(())
}
