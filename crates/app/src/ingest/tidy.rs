use tributary_kernel::Zone;
use tributary_store::{told_consent, touches};

use crate::{App, AppError};

/// Rows deleted in one transaction, so that ingest never waits long for its turn.
const ROWS_PER_TURN: u32 = 5_000;
/// Transactions in one run of the job; the next run goes on.
const TURNS_MAX: u32 = 200;

/// What a run of the job deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TidyReport {
    /// Touches whose time was over.
    pub touches: u64,
    /// Visitors of days whose 48 hours are over.
    pub visits: u64,
    /// Withdrawals that no id can meet any more, and consents whose click never came.
    pub consents: u64,
    /// Whether there is more to delete.
    pub more: bool,
}

/// Deletes touches that have expired and forgets visitors after 48 hours, as their salts are
/// destroyed then.
pub async fn tidy_touches(app: &App) -> Result<TidyReport, AppError> {
    let now = app.now();
    // A day's 48 hours are counted from its beginning, in UTC as the salts are.
    let kept_from = Zone::utc().date(now).plus_days(-1);
    let mut report = TidyReport { more: true, ..TidyReport::default() };
    for _ in 0..TURNS_MAX {
        let mut tx = app.touches.begin().await?;
        let expired = touches::expire(&mut *tx, now, ROWS_PER_TURN).await?;
        let forgotten = touches::forget_visits(&mut *tx, kept_from, ROWS_PER_TURN).await?;
        let over = told_consent::forget(&mut *tx, now, ROWS_PER_TURN).await?;
        tx.commit().await?;
        report.touches += expired;
        report.visits += forgotten;
        report.consents += over;
        if expired.max(forgotten).max(over) < u64::from(ROWS_PER_TURN) {
            report.more = false;
            break;
        }
    }
    Ok(report)
}
