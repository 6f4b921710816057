//! The end of a program's test mode.

use tributary_kernel::{OrganisationId, ProgramId};

use crate::engine::{Connection, EngineError};

/// Deletes everything a program got in test mode; returns how many conversions went.
pub async fn wipe(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<u64, EngineError> {
    let key = || vec![owner.into(), program.into()];
    conn.execute(
        "DELETE FROM adjustment WHERE owner_id = $1 AND conversion_id IN (SELECT c.id FROM \
         conversion c WHERE c.owner_id = $1 AND c.program_id = $2 AND c.test = 1)",
        key(),
    )
    .await?;
    conn.execute(
        "DELETE FROM delivery WHERE owner_id = $1 AND subject_id IN (SELECT c.id FROM \
         conversion c WHERE c.owner_id = $1 AND c.program_id = $2 AND c.test = 1)",
        key(),
    )
    .await?;
    conn.execute(
        "DELETE FROM commission WHERE owner_id = $1 AND program_id = $2 AND test = 1",
        key(),
    )
    .await?;
    conn.execute(
        "DELETE FROM redecision WHERE owner_id = $1 AND conversion_id IN (SELECT c.id FROM \
         conversion c WHERE c.owner_id = $1 AND c.program_id = $2 AND c.test = 1)",
        key(),
    )
    .await?;
    // Of what waited: the same key with the same content may come again.
    conn.execute(
        "DELETE FROM delivery WHERE owner_id = $1 AND subject_id IN (SELECT q.id FROM quarantine q \
         WHERE q.owner_id = $1 AND q.program_id = $2)",
        key(),
    )
    .await?;
    conn.execute("DELETE FROM credit_change WHERE owner_id = $1 AND program_id = $2", key())
        .await?;
    conn.execute("DELETE FROM quarantine WHERE owner_id = $1 AND program_id = $2", key()).await?;
    conn.execute("DELETE FROM counter WHERE owner_id = $1 AND program_id = $2", key()).await?;
    conn.execute("DELETE FROM customer_program WHERE owner_id = $1 AND program_id = $2", key())
        .await?;
    conn.execute(
        "DELETE FROM conversion WHERE owner_id = $1 AND program_id = $2 AND test = 1",
        key(),
    )
    .await
}
