use tributary_directory::{Actor, Permission};
use tributary_kernel::{LocalDate, OrganisationId};
use tributary_store::decision;

use crate::{App, AppError};

/// What became of everything that came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Intake {
    /// All that came and could be read.
    pub received: i64,
    /// Recorded as the fact.
    pub applied: i64,
    /// Known already.
    pub duplicate: i64,
    /// The caller's mistake; nothing was kept.
    pub refused: i64,
    /// Put aside for a person.
    pub quarantined: i64,
    /// Received and not yet decided: the rest.
    pub pending: i64,
}

/// What came in since a day, in UTC.
pub async fn intake_since(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    since: LocalDate,
) -> Result<Intake, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let mut it = Intake::default();
    for (outcome, count) in decision::intake(&mut *conn, owner, since).await? {
        match outcome.as_str() {
            "received" => it.received = count,
            "applied" => it.applied = count,
            "duplicate" => it.duplicate = count,
            "refused" => it.refused = count,
            "quarantined" => it.quarantined = count,
            _ => {}
        }
    }
    it.pending = it.received - it.applied - it.duplicate - it.refused - it.quarantined;
    Ok(it)
}
