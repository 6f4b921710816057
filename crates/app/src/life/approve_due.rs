use tributary_directory::{Actor, Mode, Program};
use tributary_kernel::CommissionId;
use tributary_store::decision::CommissionState;
use tributary_store::{program, work};

use super::approve::approve_commissions;
use super::change::LifeChange;
use super::selection::{COMMISSIONS_PER_CALL_MAX, Selection};
use crate::{App, AppError};

const PROGRAMS_PER_PAGE: u32 = 500;
/// Batches per program and run: a program that has more due goes on at the next run, so that the
/// others get their turn.
const BATCHES_PER_PROGRAM_MAX: u32 = 20;

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApproveDueReport {
    /// Commissions approved.
    pub approved: u64,
    /// Transactions.
    pub batches: u32,
    /// Whether a program has more that is due.
    pub more: bool,
}

/// Approves the commissions whose hold has ended, of live programs whose terms say that this needs
/// nobody. At most `batch` in one transaction, so that reports of conversions are not kept waiting.
///
/// # Errors
/// Faults alone.
pub async fn approve_due(app: &App, batch: u32) -> Result<ApproveDueReport, AppError> {
    let batch = batch.clamp(1, COMMISSIONS_PER_CALL_MAX as u32);
    let mut report = ApproveDueReport::default();
    let mut after = [0; 16];
    loop {
        let mut conn = app.record.read().await?;
        let page = program::scan(&mut *conn, after, PROGRAMS_PER_PAGE).await?;
        drop(conn);
        for it in &page {
            after = *it.id.as_bytes();
            if it.mode == Mode::Live && it.terms.approve_after_hold {
                approve_program(app, it, batch, &mut report).await?;
            }
        }
        if page.len() < PROGRAMS_PER_PAGE as usize {
            return Ok(report);
        }
    }
}

async fn approve_program(
    app: &App,
    it: &Program,
    batch: u32,
    report: &mut ApproveDueReport,
) -> Result<(), AppError> {
    let actor = Actor::System { job: "approve_due" };
    for _ in 0..BATCHES_PER_PROGRAM_MAX {
        let mut conn = app.record.read().await?;
        let state = CommissionState::Pending;
        let due = work::due_commissions(&mut *conn, it.owner, it.id, state, app.now(), batch);
        let ids: Vec<CommissionId> = due.await?.into_iter().map(|due| due.id).collect();
        drop(conn);
        if ids.is_empty() {
            return Ok(());
        }
        let was_full = ids.len() == batch as usize;
        let input = LifeChange { owner: it.owner, selection: Selection::Ids(ids), expected: None };
        let answers = approve_commissions(app, &actor, input).await?;
        // Whoever was declined between reading and locking answers with a refusal, and is not due
        // any more.
        report.approved += answers.iter().filter(|answer| answer.result.is_ok()).count() as u64;
        report.batches += 1;
        if !was_full {
            return Ok(());
        }
    }
    report.more = true;
    Ok(())
}
