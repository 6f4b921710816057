use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, ProgramId};
use tributary_store::decision::{CommissionState, StoredCommission};
use tributary_store::list::{Page, PageRequest};
use tributary_store::work::{self, CommissionFilter};

use super::COMMISSIONS_PER_CALL_MAX;
use crate::directory::viewer_of;
use crate::{App, AppError};

/// Commissions that an actor may see, newest first.
pub async fn list_commissions(
    app: &App,
    actor: &Actor,
    filter: &CommissionFilter,
    page: PageRequest,
) -> Result<Page<StoredCommission>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(work::list_commissions(&mut *conn, viewer, filter, page).await?)
}

/// Pending commissions of a program whose hold is over: those that wait longest first, at most as
/// many as one call decides about.
pub async fn list_due(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<Vec<StoredCommission>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let (state, limit) = (CommissionState::Pending, COMMISSIONS_PER_CALL_MAX as u32);
    Ok(work::due_commissions(&mut *conn, owner, program, state, app.now(), limit).await?)
}
