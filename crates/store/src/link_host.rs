//! Whose links a host may carry.

use tributary_kernel::{OrganisationId, Timestamp};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{all, first};

/// A host, and who may have links on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHost {
    /// In lower case, without a port.
    pub host: String,
    /// Whose.
    pub owner: OrganisationId,
    /// Since when.
    pub granted_at: Timestamp,
}

fn read(row: &Row) -> Result<LinkHost, EngineError> {
    let (owner, granted_at) = (row.id(1)?, row.timestamp(2)?);
    Ok(LinkHost { host: row.text(0)?.to_owned(), owner, granted_at })
}

/// Adds a host; false when it is somebody's already.
pub async fn add(conn: &mut dyn Connection, it: &LinkHost) -> Result<bool, EngineError> {
    let added = conn
        .execute(
            "INSERT INTO link_host (host, owner_id, granted_at) VALUES ($1, $2, $3) \
             ON CONFLICT (host) DO NOTHING",
            vec![it.host.as_str().into(), it.owner.into(), it.granted_at.into()],
        )
        .await?;
    Ok(added == 1)
}

/// Takes a host away; false when it was nobody's.
pub async fn remove(conn: &mut dyn Connection, host: &str) -> Result<bool, EngineError> {
    let gone = conn.execute("DELETE FROM link_host WHERE host = $1", vec![host.into()]).await?;
    Ok(gone == 1)
}

/// A host, if it is somebody's.
pub async fn find(conn: &mut dyn Connection, host: &str) -> Result<Option<LinkHost>, EngineError> {
    let select = "SELECT host, owner_id, granted_at FROM link_host WHERE host = $1";
    first(&conn.query(select, vec![host.into()]).await?, read)
}

/// All of them, by name.
pub async fn list(conn: &mut dyn Connection) -> Result<Vec<LinkHost>, EngineError> {
    let select = "SELECT host, owner_id, granted_at FROM link_host ORDER BY host";
    all(&conn.query(select, Vec::new()).await?, read)
}
