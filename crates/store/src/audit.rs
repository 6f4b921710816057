//! The audit trail: who did what to which thing, without personal data.

use tributary_directory::Viewer;
use tributary_kernel::{OrganisationId, Timestamp};

use crate::engine::{Connection, EngineError};
use crate::list::{Page, PageRequest, Select};

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Whose trail.
    pub owner: OrganisationId,
    /// When.
    pub at: Timestamp,
    /// `user`, `key` or `system`.
    pub actor_kind: &'static str,
    /// Opaque id, or the job's name.
    pub actor: String,
    /// What was done, `noun.past_verb`.
    pub action: &'static str,
    /// To what, as an id.
    pub subject: String,
    /// JSON of what a reader needs to know; no personal data.
    pub detail: String,
}

/// Adds lines to the audit trail.
pub async fn insert_audit(
    conn: &mut dyn Connection,
    ids: &[tributary_kernel::AuditId],
    rows: &[AuditRow],
) -> Result<(), EngineError> {
    use crate::engine::{
        Insert,
        Kind::{Bytes, Int, Text},
    };
    static AUDIT: Insert = Insert {
        table: "audit",
        columns: &[
            ("owner_id", Bytes),
            ("id", Bytes),
            ("at", Int),
            ("actor_kind", Text),
            ("actor", Text),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
        ],
        conflict: "",
    };
    let values = ids
        .iter()
        .zip(rows)
        .map(|(id, it)| {
            vec![
                it.owner.into(),
                (*id).into(),
                it.at.into(),
                it.actor_kind.into(),
                it.actor.as_str().into(),
                it.action.into(),
                it.subject.as_str().into(),
                it.detail.as_str().into(),
            ]
        })
        .collect();
    conn.insert(&AUDIT, values).await?;
    Ok(())
}

/// A line of the audit trail as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// `user`, `key` or `system`.
    pub actor_kind: String,
    /// Opaque id, or the job's name.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// JSON.
    pub detail: String,
}

/// An owner's trail, newest first.
pub async fn list_audit(
    conn: &mut dyn Connection,
    viewer: Viewer,
    page: PageRequest,
) -> Result<Page<AuditEntry>, EngineError> {
    let select =
        Select::new("SELECT id, at, actor_kind, actor, action, subject, detail FROM audit");
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        // A partner sees nobody's trail.
        Viewer::Partner(_) => select.and("1 = 0", []),
    };
    select
        .page(conn, page, |row| {
            Ok(AuditEntry {
                at: row.timestamp(1)?,
                actor_kind: row.text(2)?.to_owned(),
                actor: row.text(3)?.to_owned(),
                action: row.text(4)?.to_owned(),
                subject: row.text(5)?.to_owned(),
                detail: row.text(6)?.to_owned(),
            })
        })
        .await
}
