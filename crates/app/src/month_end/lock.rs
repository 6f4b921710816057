use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, LocalDate, OrganisationId, PeriodLockId, Refusal};
use tributary_payout::month_end::Locked;
use tributary_store::list::{Page, PageRequest};
use tributary_store::month_end::{self, StoredLock};

use super::books::Calendar;
use crate::books::lock_head;
use crate::{App, AppError};

/// A period to be closed.
#[derive(Debug, Clone, Copy)]
pub struct LockPeriod {
    /// Whose.
    pub owner: OrganisationId,
    /// The last day of it.
    pub through: LocalDate,
}

/// Closes an owner's books up to a day, for good: what is booked from now on stands on a later day.
/// Closing the same day again is the same lock.
///
/// # Errors
/// Without the right to pay; `range` at `/through` for a day that is not over in each program;
/// `period_locked` when a later day is closed already.
pub async fn lock_period(
    app: &App,
    actor: &Actor,
    input: LockPeriod,
) -> Result<StoredLock, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    crate::app::with_retries(|| lock_once(app, actor, input)).await
}

async fn lock_once(app: &App, actor: &Actor, input: LockPeriod) -> Result<StoredLock, AppError> {
    let LockPeriod { owner, through } = input;
    let mut tx = app.record.begin().await?;
    // Under the head no transfer is being booked, so that each stands before the lock or after it.
    let head = lock_head(&mut *tx, owner).await?;
    let locks = month_end::locks(&mut *tx, owner).await?;
    if let Some(same) = locks.iter().find(|it| it.through == through) {
        return Ok(same.clone());
    }
    let calendar = Calendar::load(&mut *tx, owner).await?;
    if through >= calendar.earliest_today(app.now()) {
        let detail = "Give a day that is over in each of your programs.";
        return Err(FieldError::new("/through", "range", detail).into());
    }
    let locked = locks.last().map_or(Locked::NOTHING, |it| Locked::through(it.through));
    if locked.extend(through).is_none() {
        let detail = "A later day is closed already, and what is closed stays closed.";
        return Err(Refusal::conflict("period_locked", detail).into());
    }
    let lock = StoredLock {
        id: PeriodLockId::new(app.now(), &*app.entropy),
        owner,
        through,
        transfer_seq: head.transfer_seq,
        locked_at: app.now(),
        locked_by: actor.name(),
    };
    month_end::insert_lock(&mut *tx, &lock).await?;
    let detail = serde_json::json!({ "through": through, "transfers": head.transfer_seq });
    app.audit_in(&mut *tx, owner, actor, "period.locked", lock.id, &detail).await?;
    tx.commit().await?;
    Ok(lock)
}

/// An owner's closed periods, newest first.
///
/// # Errors
/// Without the right to read.
pub async fn list_period_locks(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredLock>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    Ok(month_end::list_locks(&mut *conn, owner, page).await?)
}
