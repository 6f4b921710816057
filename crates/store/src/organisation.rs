//! Organisations, users, memberships, partners: who there is. Installation-wide.

use tributary_directory::{Membership, Organisation, Partner, User};
use tributary_kernel::{OrganisationId, PartnerId, Timestamp, UserId};

use crate::engine::{Connection, EngineError, Row, Value};
use crate::list::{all, first};

/// Adds an organisation with its empty heads.
pub async fn insert(conn: &mut dyn Connection, it: &Organisation) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO organisation (id, name, country, created_at) VALUES ($1, $2, $3, $4)",
        vec![
            it.id.into(),
            it.name.as_str().into(),
            it.country.as_str().into(),
            it.created_at.into(),
        ],
    )
    .await?;
    conn.execute(
        "INSERT INTO owner_head (owner_id, booked_seq, transfer_seq, outbox_seq, frontier) \
         VALUES ($1, 0, 0, 0, $2)",
        vec![it.id.into(), Vec::new().into()],
    )
    .await?;
    Ok(())
}

fn read_organisation(row: &Row) -> Result<Organisation, EngineError> {
    Ok(Organisation {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        country: row.text(2)?.to_owned(),
        created_at: row.timestamp(3)?,
    })
}

/// An organisation by id.
pub async fn find(
    conn: &mut dyn Connection,
    id: OrganisationId,
) -> Result<Option<Organisation>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, name, country, created_at FROM organisation WHERE id = $1",
            vec![id.into()],
        )
        .await?;
    first(&rows, read_organisation)
}

/// All organisations, oldest first; at most 10,000.
pub async fn all_organisations(
    conn: &mut dyn Connection,
) -> Result<Vec<Organisation>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, name, country, created_at FROM organisation ORDER BY id LIMIT 10000",
            vec![],
        )
        .await?;
    all(&rows, read_organisation)
}

const USER: &str = "SELECT id, email, name, language, password_hash, created_at, disabled_at \
     FROM app_user WHERE id = $1";
const USER_BY_EMAIL: &str = "SELECT id, email, name, language, password_hash, created_at, \
     disabled_at FROM app_user WHERE email = $1";

fn read_user(row: &Row) -> Result<User, EngineError> {
    Ok(User {
        id: row.id(0)?,
        email: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        language: row.text(3)?.to_owned(),
        password_hash: row.text_or_null(4)?.map(str::to_owned),
        created_at: row.timestamp(5)?,
        disabled_at: row.timestamp_or_null(6)?,
    })
}

/// Adds a user.
pub async fn insert_user(conn: &mut dyn Connection, it: &User) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO app_user (id, email, name, language, password_hash, created_at, disabled_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            it.id.into(),
            it.email.as_str().into(),
            it.name.as_str().into(),
            it.language.as_str().into(),
            it.password_hash.as_deref().into(),
            it.created_at.into(),
            it.disabled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A user by id.
pub async fn find_user(conn: &mut dyn Connection, id: UserId) -> Result<Option<User>, EngineError> {
    first(&conn.query(USER, vec![id.into()]).await?, read_user)
}

/// A user by lower-case address.
pub async fn find_user_by_email(
    conn: &mut dyn Connection,
    email: &str,
) -> Result<Option<User>, EngineError> {
    first(&conn.query(USER_BY_EMAIL, vec![email.into()]).await?, read_user)
}

/// Changes a user's name, language and password.
pub async fn update_user(conn: &mut dyn Connection, it: &User) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE app_user SET name = $2, language = $3, password_hash = $4, disabled_at = $5 \
         WHERE id = $1",
        vec![
            it.id.into(),
            it.name.as_str().into(),
            it.language.as_str().into(),
            it.password_hash.as_deref().into(),
            it.disabled_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Gives a user a role, or changes it.
pub async fn put_membership(conn: &mut dyn Connection, it: &Membership) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO membership (owner_id, user_id, role, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (owner_id, user_id) DO UPDATE SET role = excluded.role",
        vec![it.owner.into(), it.user.into(), it.role.as_str().into(), it.created_at.into()],
    )
    .await?;
    Ok(())
}

/// The organisations a user may work in, oldest first.
pub async fn memberships(
    conn: &mut dyn Connection,
    user: UserId,
) -> Result<Vec<(Membership, String)>, EngineError> {
    let rows = conn
        .query(
            "SELECT m.owner_id, m.user_id, m.role, m.created_at, o.name FROM membership m \
             JOIN organisation o ON o.id = m.owner_id \
             WHERE m.user_id = $1 AND m.disabled_at IS NULL \
             ORDER BY m.owner_id LIMIT 1000",
            vec![user.into()],
        )
        .await?;
    all(&rows, |row| {
        let membership = Membership {
            owner: row.id(0)?,
            user: row.id(1)?,
            role: row.parse(2)?,
            created_at: row.timestamp(3)?,
        };
        Ok((membership, row.text(4)?.to_owned()))
    })
}

const PARTNER_COLUMNS: &str = "id, name, kind, email, country, language, website, created_at";

fn read_partner(row: &Row) -> Result<Partner, EngineError> {
    Ok(Partner {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        kind: row.parse(2)?,
        email: row.text(3)?.to_owned(),
        country: row.text(4)?.to_owned(),
        language: row.text(5)?.to_owned(),
        website: row.text_or_null(6)?.map(str::to_owned),
        created_at: row.timestamp(7)?,
    })
}

/// Adds a partner profile.
pub async fn insert_partner(conn: &mut dyn Connection, it: &Partner) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO partner (id, name, kind, email, country, language, website, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            it.id.into(),
            it.name.as_str().into(),
            it.kind.as_str().into(),
            it.email.as_str().into(),
            it.country.as_str().into(),
            it.language.as_str().into(),
            it.website.as_deref().into(),
            it.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Changes a partner profile, but for its address, which [`move_partner`] does.
pub async fn update_partner(conn: &mut dyn Connection, it: &Partner) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE partner SET name = $2, kind = $3, country = $4, language = $5, website = $6 \
         WHERE id = $1",
        vec![
            it.id.into(),
            it.name.as_str().into(),
            it.kind.as_str().into(),
            it.country.as_str().into(),
            it.language.as_str().into(),
            it.website.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Gives a partner another address, and its users who log in with the one before; `false` when that
/// was not its address any more.
pub async fn move_partner(
    conn: &mut dyn Connection,
    partner: PartnerId,
    from: &str,
    to: &str,
) -> Result<bool, EngineError> {
    let moved = conn
        .execute(
            "UPDATE partner SET email = $3 WHERE id = $1 AND email = $2",
            vec![partner.into(), from.into(), to.into()],
        )
        .await?;
    if moved == 0 {
        return Ok(false);
    }
    conn.execute(
        "UPDATE app_user SET email = $3 WHERE email = $2 \
         AND id IN (SELECT user_id FROM partner_user WHERE partner_id = $1)",
        vec![partner.into(), from.into(), to.into()],
    )
    .await?;
    Ok(true)
}

/// The organisations in whose programs a partner is, in any status; at most 1,000.
pub async fn owners_of_partner(
    conn: &mut dyn Connection,
    partner: PartnerId,
) -> Result<Vec<OrganisationId>, EngineError> {
    let rows = conn
        .query(
            "SELECT DISTINCT owner_id FROM partnership WHERE partner_id = $1 \
             ORDER BY owner_id LIMIT 1000",
            vec![partner.into()],
        )
        .await?;
    all(&rows, |row| row.id(0))
}

/// Partner profiles by id, in the order of the ids given; unknown ones are left out.
pub async fn partners(
    conn: &mut dyn Connection,
    ids: &[PartnerId],
) -> Result<Vec<Partner>, EngineError> {
    use crate::engine::{Kind, Lookup};
    static BY_ID: Lookup = Lookup {
        select: PARTNER_COLUMNS,
        table: "partner",
        keys: &[("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|id| vec![Value::from(*id)]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_partner)
}

/// Lets a user work for a partner.
pub async fn put_partner_user(
    conn: &mut dyn Connection,
    partner: PartnerId,
    user: UserId,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO partner_user (partner_id, user_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (partner_id, user_id) DO NOTHING",
        vec![partner.into(), user.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// The partners a user works for, oldest first.
pub async fn partners_of_user(
    conn: &mut dyn Connection,
    user: UserId,
) -> Result<Vec<Partner>, EngineError> {
    let rows = conn
        .query(
            "SELECT p.id, p.name, p.kind, p.email, p.country, p.language, p.website, p.created_at \
             FROM partner_user u JOIN partner p ON p.id = u.partner_id WHERE u.user_id = $1 \
             ORDER BY p.id LIMIT 100",
            vec![user.into()],
        )
        .await?;
    all(&rows, read_partner)
}
