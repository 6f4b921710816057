use tributary_directory::{Actor, Mode, Permission, Program, Viewer};
use tributary_kernel::{OrganisationId, ProgramId, Refusal};
use tributary_store::{install, program, test_mode};

use crate::{App, AppError};

/// Ends a program's test mode: everything reported in it is wiped, and from now on money is real.
/// There is no way back.
pub async fn go_live(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ProgramId,
) -> Result<Program, AppError> {
    actor.require(owner, Permission::Manage)?;
    let now = app.now();
    let mut tx = app.record.begin().await?;
    tributary_store::decision::lock_heads_in(&mut *tx, &[owner]).await?;
    let Some(mut program) = program::find(&mut *tx, Viewer::Owner(owner), id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    if program.mode == Mode::Live {
        return Err(Refusal::conflict("already_live", "This program is live already.").into());
    }
    if program::plans(&mut *tx, &[(owner, id)]).await?.is_empty() {
        let detail = "Publish a plan first: without one nothing is paid.";
        return Err(Refusal::conflict("no_plan", detail).into());
    }
    let wiped = test_mode::wipe(&mut *tx, owner, id).await?;
    program.mode = Mode::Live;
    program.live_at = Some(now);
    program::put(&mut *tx, &program).await?;
    install::note_change(&mut *tx, "program", program.id, now).await?;
    let detail = serde_json::json!({ "test_conversions_wiped": wiped });
    app.audit_in(&mut *tx, owner, actor, "program.went_live", program.id, &detail).await?;
    tx.commit().await?;
    Ok(program)
}
