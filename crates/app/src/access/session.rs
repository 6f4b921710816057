use tributary_directory::{Actor, Role, User};
use tributary_kernel::{OrganisationId, PartnerId, Refusal, RefusalKind, Timestamp, UserId};
use tributary_store::access::{self, Session};
use tributary_store::{member, organisation};

use crate::secrets::{random_base62, sha256};
use crate::{App, AppError};

const IDLE_DAYS_MAX: i64 = 14;
const ABSOLUTE_DAYS_MAX: i64 = 60;
const SECRET_CHARACTERS: usize = 43;
const LAST_SEEN_MICROSECONDS: i64 = 60 * 1_000_000;

/// A session that was just opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The cookie's value. It is not kept.
    pub secret: String,
    /// Who.
    pub user: UserId,
}

/// Opens a session for a user who has proved who they are. `agent` names the browser. Somebody to
/// whom every place of work was closed does not come in.
pub async fn open_session(app: &App, user: UserId, agent: &str) -> Result<NewSession, AppError> {
    let now = app.now();
    let secret = random_base62(SECRET_CHARACTERS, &*app.entropy);
    let session = Session {
        hash: sha256(secret.as_bytes()),
        user,
        csrf: random_base62(SECRET_CHARACTERS, &*app.entropy),
        agent: agent.chars().filter(|c| !c.is_control()).take(120).collect(),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus_days(ABSOLUTE_DAYS_MAX),
    };
    let mut tx = app.record.begin().await?;
    let (open, closed) = member::places(&mut *tx, user).await?;
    if open == 0 && closed > 0 {
        let detail = "You may not come in any more; ask an administrator of your organisation.";
        let errors = Vec::new();
        let kind = RefusalKind::Invalid;
        return Err(Refusal { kind, code: "shut_out", detail: detail.into(), errors }.into());
    }
    access::insert_session(&mut *tx, &session).await?;
    member::note_log_in(&mut *tx, user, now).await?;
    tx.commit().await?;
    Ok(NewSession { secret, user })
}

/// A session in use.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Who.
    pub user: User,
    /// Token that every form must carry.
    pub csrf: String,
    /// When it began.
    pub since: Timestamp,
}

/// The session of a cookie; none when it is unknown, idle too long, over, or its user disabled.
pub async fn find_session(app: &App, secret: &str) -> Result<Option<SessionInfo>, AppError> {
    if secret.len() != SECRET_CHARACTERS {
        return Ok(None);
    }
    let hash = sha256(secret.as_bytes());
    let now = app.now();
    let mut conn = app.record.read().await?;
    let Some(session) = access::find_session(&mut *conn, hash).await? else { return Ok(None) };
    if session.expires_at <= now || session.last_seen_at.plus_days(IDLE_DAYS_MAX) <= now {
        return Ok(None);
    }
    let Some(user) = organisation::find_user(&mut *conn, session.user).await? else {
        return Ok(None);
    };
    drop(conn);
    if user.disabled_at.is_some() {
        return Ok(None);
    }
    if now.microseconds_since(session.last_seen_at) >= LAST_SEEN_MICROSECONDS {
        let mut tx = app.record.begin().await?;
        access::touch_session(&mut *tx, hash, now).await?;
        tx.commit().await?;
    }
    Ok(Some(SessionInfo { user, csrf: session.csrf, since: session.created_at }))
}

/// Ends the session of a cookie.
pub async fn end_session(app: &App, secret: &str) -> Result<(), AppError> {
    let mut tx = app.record.begin().await?;
    access::delete_session(&mut *tx, sha256(secret.as_bytes())).await?;
    tx.commit().await?;
    Ok(())
}

/// A place where a user works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seat {
    /// In an organisation.
    Member {
        /// Which.
        owner: OrganisationId,
        /// Its name.
        name: String,
        /// As what.
        role: Role,
    },
    /// For a partner.
    Partner {
        /// Which.
        partner: PartnerId,
        /// Its name.
        name: String,
    },
}

impl Seat {
    /// The actor a user is in this seat.
    #[must_use]
    pub const fn actor(&self, user: UserId) -> Actor {
        match self {
            Self::Member { owner, role, .. } => Actor::Member { user, owner: *owner, role: *role },
            Self::Partner { partner, .. } => Actor::Partner { user, partner: *partner },
        }
    }
}

/// All the places where a user works: organisations first.
pub async fn seats(app: &App, user: UserId) -> Result<Vec<Seat>, AppError> {
    let mut conn = app.record.read().await?;
    let members = organisation::memberships(&mut *conn, user).await?;
    let partners = organisation::partners_of_user(&mut *conn, user).await?;
    let members = members.into_iter().map(|(membership, name)| Seat::Member {
        owner: membership.owner,
        name,
        role: membership.role,
    });
    let partners = partners
        .into_iter()
        .map(|partner| Seat::Partner { partner: partner.id, name: partner.name });
    Ok(members.chain(partners).collect())
}
