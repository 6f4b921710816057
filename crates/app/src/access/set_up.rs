use tributary_directory::{Actor, Membership, Organisation, Permission, Role, User};
use tributary_kernel::{OrganisationId, Refusal, UserId};
use tributary_store::{install, organisation};

use super::password;
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// The first organisation and its administrator.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The organisation's name.
    pub organisation: String,
    /// Its country.
    pub country: String,
    /// The administrator's name.
    pub name: String,
    /// The administrator's address.
    pub email: String,
    /// The administrator's password; none: mailed log-ins only.
    pub password: Option<String>,
    /// The administrator's language.
    pub language: String,
}

/// What set-up made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUpDone {
    /// The organisation.
    pub owner: OrganisationId,
    /// Its administrator.
    pub administrator: UserId,
}

const SET_UP: &str = "set_up";

/// Whether the installation has its first organisation.
pub async fn is_set_up(app: &App) -> Result<bool, AppError> {
    let mut conn = app.record.read().await?;
    Ok(install::setting(&mut *conn, SET_UP).await?.is_some())
}

/// Adds an organisation with its administrator. The first may be added by anybody who reaches the
/// set-up page of an empty installation, further ones by the system alone.
pub async fn set_up(app: &App, actor: Option<&Actor>, input: SetUp) -> Result<SetUpDone, AppError> {
    let mut errors = Vec::new();
    let organisation_name = text::name("/organisation", &input.organisation, &mut errors);
    let country = text::country("/country", &input.country, &mut errors);
    let user = new_user(
        app,
        &input.name,
        &input.email,
        input.password.as_deref(),
        &input.language,
        &mut errors,
    );
    refuse_if_any(errors)?;

    let now = app.now();
    let owner = OrganisationId::new(now, &*app.entropy);
    let mut tx = app.record.begin().await?;
    let first = install::setting(&mut *tx, SET_UP).await?.is_none();
    if !first && !matches!(actor, Some(Actor::System { .. })) {
        let detail = "This installation has been set up; log in instead.";
        return Err(Refusal::conflict("already_set_up", detail).into());
    }
    let organisation =
        Organisation { id: owner, name: organisation_name, country, created_at: now };
    organisation::insert(&mut *tx, &organisation).await?;
    let administrator = match organisation::find_user_by_email(&mut *tx, &user.email).await? {
        Some(known) => known.id,
        None => {
            organisation::insert_user(&mut *tx, &user).await?;
            user.id
        }
    };
    let membership =
        Membership { owner, user: administrator, role: Role::Administrator, created_at: now };
    organisation::put_membership(&mut *tx, &membership).await?;
    install::put_setting(&mut *tx, SET_UP, &now.to_string()).await?;
    let actor = actor.cloned().unwrap_or(Actor::Member {
        user: administrator,
        owner,
        role: Role::Administrator,
    });
    let detail = serde_json::json!({ "administrator": administrator });
    app.audit_in(&mut *tx, owner, &actor, "organisation.set_up", owner, &detail).await?;
    tx.commit().await?;
    Ok(SetUpDone { owner, administrator })
}

/// Checks a user's fields and makes the row; the password is hashed only when all is well.
pub(super) fn new_user(
    app: &App,
    name: &str,
    email: &str,
    given_password: Option<&str>,
    language: &str,
    errors: &mut Vec<tributary_kernel::FieldError>,
) -> User {
    let now = app.now();
    let name = text::name("/name", name, errors);
    let email = text::email("/email", email, errors);
    let language = text::language("/language", language, errors);
    if let Some(given) = given_password {
        password::check(given, errors);
    }
    let password_hash = match given_password {
        Some(given) if errors.is_empty() => Some(password::hash(given, &*app.entropy)),
        _ => None,
    };
    let id = UserId::new(now, &*app.entropy);
    User { id, email, name, language, password_hash, created_at: now, disabled_at: None }
}

/// A user of an organisation.
#[derive(Debug, Clone)]
pub struct AddUser {
    /// In which organisation.
    pub owner: OrganisationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password; none: mailed log-ins only.
    pub password: Option<String>,
    /// Their language.
    pub language: String,
    /// What they may do.
    pub role: Role,
}

/// Gives somebody a role in an organisation; a known address keeps its user.
pub async fn add_user(app: &App, actor: &Actor, input: AddUser) -> Result<UserId, AppError> {
    actor.require(input.owner, Permission::Administer)?;
    let mut errors = Vec::new();
    let user = new_user(
        app,
        &input.name,
        &input.email,
        input.password.as_deref(),
        &input.language,
        &mut errors,
    );
    refuse_if_any(errors)?;
    let mut tx = app.record.begin().await?;
    let id = match organisation::find_user_by_email(&mut *tx, &user.email).await? {
        Some(known) => known.id,
        None => {
            organisation::insert_user(&mut *tx, &user).await?;
            user.id
        }
    };
    let membership =
        Membership { owner: input.owner, user: id, role: input.role, created_at: app.now() };
    organisation::put_membership(&mut *tx, &membership).await?;
    let detail = serde_json::json!({ "role": input.role });
    app.audit_in(&mut *tx, input.owner, actor, "user.added", id, &detail).await?;
    tx.commit().await?;
    Ok(id)
}
