use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::month_end::{LockPeriod, StoredLock, list_period_locks, lock_period};
use tributary_kernel::{LocalDate, PeriodLockId, Timestamp};
use tributary_web::{Caller, JsonBody, Problem, QueryOf};

use crate::doc::Doc;
use crate::wire::{Created, ListQuery, Page};
use crate::{ApiState, Once};

const ERRORS: &[(u16, &str, &str)] = &[
    (409, "period_locked", "A later day is closed already."),
    (422, "invalid", "The day is not over in each of your programs."),
];

pub(super) const LIST: Doc = Doc {
    id: "list_period_locks",
    tag: "finance",
    summary: "List closed periods",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const POST: Doc = Doc {
    id: "lock_period",
    tag: "finance",
    summary: "Close your books up to a day",
    detail: "For good: whatever is booked from now on stands on a later day, however early it \
             happened.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// A closed period.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PeriodLock")]
pub(super) struct Out {
    /// Its id.
    id: PeriodLockId,
    /// The last closed day.
    through: LocalDate,
    /// Transfers of the ledger that were booked before it.
    transfers: i64,
    /// When it was closed.
    locked_at: Timestamp,
    /// By whom: a user's or key's id.
    locked_by: String,
}

impl From<StoredLock> for Out {
    fn from(it: StoredLock) -> Self {
        Self {
            id: it.id,
            through: it.through,
            transfers: it.transfer_seq,
            locked_at: it.locked_at,
            locked_by: it.locked_by,
        }
    }
}

/// A period to be closed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LockPeriod")]
pub(super) struct Body {
    /// The last day of it.
    through: LocalDate,
}

pub(super) async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<Out>>, Problem> {
    let page = query.page()?;
    let found = list_period_locks(state.app(), &caller.actor, caller.owner, page).await?;
    Ok(Page::of(found, Out::from))
}

pub(super) async fn post(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Out>, Problem> {
    let input = LockPeriod { owner: caller.owner, through: body.through };
    let it = lock_period(state.app(), &caller.actor, input).await?;
    Ok(Created(it.into()))
}
