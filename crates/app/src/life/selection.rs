use std::collections::{BTreeMap, BTreeSet};

use tributary_directory::Viewer;
use tributary_kernel::{CommissionId, FieldError, OrganisationId, limits::PAGE_ROWS_MAX};
use tributary_store::decision::{self, StoredCommission};
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::work::{self, CommissionFilter};

use super::LifeStep;
use crate::AppError;

/// Commissions in one call; more are changed by further calls.
pub const COMMISSIONS_PER_CALL_MAX: usize = 1_000;

/// Which commissions a step is for.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These, each with an answer of its own.
    Ids(Vec<CommissionId>),
    /// Those that match and are in the state in which the step begins, newest first, as many as one
    /// call takes. A reversal must name the state itself.
    Matching(CommissionFilter),
}

/// What a selection comes to.
#[derive(Debug)]
pub(super) struct Selected {
    /// In the order given, each id once; none: there is no such commission here.
    pub(super) items: Vec<(CommissionId, Option<StoredCommission>)>,
    /// Whether a filter matches more than one call takes.
    pub(super) more: bool,
}

/// Reads what is selected.
pub(super) async fn find(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    step: LifeStep,
    selection: &Selection,
) -> Result<Selected, AppError> {
    match selection {
        Selection::Ids(ids) => by_ids(conn, owner, ids).await,
        Selection::Matching(filter) => matching(conn, owner, step, filter).await,
    }
}

async fn by_ids(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    ids: &[CommissionId],
) -> Result<Selected, AppError> {
    if ids.is_empty() || ids.len() > COMMISSIONS_PER_CALL_MAX {
        let detail = format!("Name 1 to {COMMISSIONS_PER_CALL_MAX} commissions in one call.");
        return Err(FieldError::new("/commissions", "batch_size", detail).into());
    }
    let mut seen = BTreeSet::new();
    let ids: Vec<CommissionId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    let keys: Vec<_> = ids.iter().map(|id| (owner, *id)).collect();
    let found = decision::commissions_by_id(conn, &keys).await?;
    let mut found: BTreeMap<_, _> = found.into_iter().map(|it| (it.id, it)).collect();
    let items = ids.into_iter().map(|id| (id, found.remove(&id))).collect();
    Ok(Selected { items, more: false })
}

async fn matching(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    step: LifeStep,
    filter: &CommissionFilter,
) -> Result<Selected, AppError> {
    let state = step.usual_state().or(filter.state);
    if state.is_none() {
        let detail = "Name the state of the commissions to be reversed.";
        return Err(FieldError::new("/filter/state", "required", detail).into());
    }
    let filter = CommissionFilter { state, ..filter.clone() };
    let viewer = Viewer::Owner(owner);
    let mut items = Vec::new();
    let mut page = PageRequest { limit: PAGE_ROWS_MAX, after: None };
    loop {
        let found = work::list_commissions(conn, viewer, &filter, page).await?;
        for it in found.items {
            if items.len() == COMMISSIONS_PER_CALL_MAX {
                return Ok(Selected { items, more: true });
            }
            items.push((it.id, Some(it)));
        }
        if found.next.is_none() {
            return Ok(Selected { items, more: false });
        }
        page.after = found.next;
    }
}
