use tributary_directory::Actor;
use tributary_kernel::Timestamp;
use tributary_store::engine::Connection;
use tributary_store::lead::{self, LeadStepKind, StoredLead, StoredLeadStep};

use crate::AppError;

/// Something that happens to a lead now, and is reported as nothing.
pub(super) struct Step<'a> {
    pub(super) kind: LeadStepKind,
    pub(super) value: &'a str,
    pub(super) reason: Option<String>,
}

/// Writes a lead as it is after a step, and the step.
pub(super) async fn append(
    conn: &mut dyn Connection,
    actor: &Actor,
    it: &mut StoredLead,
    step: Step<'_>,
    now: Timestamp,
) -> Result<(), AppError> {
    let step = StoredLeadStep {
        owner: it.owner,
        lead: it.id,
        seq: it.steps,
        kind: step.kind,
        value: step.value.to_owned(),
        reason: step.reason,
        at: now,
        told_at: now,
        actor: actor.name(),
        conversions: "[]".to_owned(),
    };
    it.steps += 1;
    lead::put(conn, it).await?;
    lead::put_steps(conn, &[step]).await?;
    Ok(())
}
