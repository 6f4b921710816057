//! The people of an organisation, and what lets them in.

use tributary_directory::Role;
use tributary_kernel::{OrganisationId, Timestamp, UserId};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{Page, PageRequest, Select, first};

/// Somebody in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMember {
    /// Who.
    pub user: UserId,
    /// Lower-case address.
    pub email: String,
    /// What they call themselves.
    pub name: String,
    /// Their language.
    pub language: String,
    /// What they are here.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// Since when they may no longer come in.
    pub disabled_at: Option<Timestamp>,
    /// What whoever invited them called them; none: they were not invited by mail.
    pub invited_as: Option<String>,
    /// When they last came in, here or elsewhere in the installation.
    pub last_log_in_at: Option<Timestamp>,
}

const MEMBER: &str = "SELECT id, email, name, language, role, created_at, disabled_at, \
     invited_as, last_log_in_at FROM (SELECT m.user_id AS id, m.owner_id, u.email, u.name, \
     u.language, m.role, m.created_at, m.disabled_at, m.invited_as, u.last_log_in_at \
     FROM membership m JOIN app_user u ON u.id = m.user_id) member";

fn read_member(row: &Row) -> Result<StoredMember, EngineError> {
    Ok(StoredMember {
        user: row.id(0)?,
        email: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        language: row.text(3)?.to_owned(),
        role: row.parse(4)?,
        created_at: row.timestamp(5)?,
        disabled_at: row.timestamp_or_null(6)?,
        invited_as: row.text_or_null(7)?.map(str::to_owned),
        last_log_in_at: row.timestamp_or_null(8)?,
    })
}

/// An organisation's people; who became known to the installation last comes first.
pub async fn list(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredMember>, EngineError> {
    Select::new(MEMBER).and("owner_id = ?", [owner.into()]).page(conn, page, read_member).await
}

/// One of an organisation's people.
pub async fn find(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    user: UserId,
) -> Result<Option<StoredMember>, EngineError> {
    let found =
        Select::new(MEMBER).and("owner_id = ?", [owner.into()]).and("id = ?", [user.into()]);
    first(&found.run(conn, "").await?, read_member)
}

/// Writes what can change of a membership: role, whether they may come in, and their invited name.
pub async fn update(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    it: &StoredMember,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE membership SET role = $3, disabled_at = $4, invited_as = $5 \
         WHERE owner_id = $1 AND user_id = $2",
        vec![
            owner.into(),
            it.user.into(),
            it.role.as_str().into(),
            it.disabled_at.into(),
            it.invited_as.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// How many administrators of an organisation may come in.
pub async fn open_administrators(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<i64, EngineError> {
    let rows = conn
        .query(
            "SELECT COUNT(*) FROM membership m JOIN app_user u ON u.id = m.user_id \
             WHERE m.owner_id = $1 AND m.role = 'administrator' AND m.disabled_at IS NULL \
             AND u.disabled_at IS NULL",
            vec![owner.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// In how many places a user may work, and in how many they no longer may.
pub async fn places(conn: &mut dyn Connection, user: UserId) -> Result<(i64, i64), EngineError> {
    let rows = conn
        .query(
            "SELECT (SELECT COUNT(*) FROM membership WHERE user_id = $1 AND disabled_at IS NULL) \
             + (SELECT COUNT(*) FROM partner_user WHERE user_id = $1), \
             (SELECT COUNT(*) FROM membership WHERE user_id = $1 AND disabled_at IS NOT NULL)",
            vec![user.into()],
        )
        .await?;
    let found = first(&rows, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(found.unwrap_or((0, 0)))
}

/// Notes that a user came in.
pub async fn note_log_in(
    conn: &mut dyn Connection,
    user: UserId,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE app_user SET last_log_in_at = $2 WHERE id = $1",
        vec![user.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// Ends a user's sessions, all but one where it is named, and the mailed log-ins under way.
pub async fn end_sessions(
    conn: &mut dyn Connection,
    user: UserId,
    but: Option<[u8; 32]>,
    at: Timestamp,
) -> Result<(), EngineError> {
    match but {
        Some(hash) => {
            conn.execute(
                "DELETE FROM session WHERE user_id = $1 AND hash <> $2",
                vec![user.into(), hash.into()],
            )
            .await?;
        }
        None => {
            conn.execute("DELETE FROM session WHERE user_id = $1", vec![user.into()]).await?;
        }
    }
    conn.execute(
        "UPDATE login_code SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL",
        vec![user.into(), at.into()],
    )
    .await?;
    Ok(())
}
