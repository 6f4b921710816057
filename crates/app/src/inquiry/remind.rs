use tributary_directory::{Actor, Viewer};
use tributary_store::decision::lock_heads_in;
use tributary_store::inquiry::{self, StoredInquiry, put_inquiry};

use super::rules::{Turn, turn_of};
use super::tell::{Notice, tell_deciders, tell_partner};
use crate::{App, AppError};

/// The first reminder comes so many days before the deadline, the second with it.
const REMIND_DAYS_BEFORE: i64 = 3;

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemindReport {
    /// Reminders of deadlines that come.
    pub reminded: u32,
    /// Deadlines that have passed.
    pub overdue: u32,
}

/// Reminds whoever has the turn, once before the deadline and once when it has passed; at most
/// `limit` inquiries in one run. Nothing is decided because a day has passed.
///
/// # Errors
/// A fault.
pub async fn remind_of_inquiries(app: &App, limit: u32) -> Result<RemindReport, AppError> {
    let now = app.now();
    let mut conn = app.record.read().await?;
    let overdue = inquiry::inquiries_due(&mut *conn, now, 2, limit).await?;
    let soon = now.plus_days(REMIND_DAYS_BEFORE);
    let coming = inquiry::inquiries_due(&mut *conn, soon, 1, limit).await?;
    drop(conn);
    let mut report = RemindReport::default();
    for it in &overdue {
        report.overdue += u32::from(remind(app, it, 2).await?);
    }
    for it in coming.iter().filter(|it| it.due_at.is_some_and(|due| due > now)) {
        report.reminded += u32::from(remind(app, it, 1).await?);
    }
    Ok(report)
}

async fn remind(app: &App, seen: &StoredInquiry, reminders: u32) -> Result<bool, AppError> {
    let mut tx = app.record.begin().await?;
    lock_heads_in(&mut *tx, &[seen.owner]).await?;
    let viewer = Viewer::Owner(seen.owner);
    let found = inquiry::find_inquiry(&mut *tx, viewer, seen.id).await?;
    // Somebody may have acted since it was looked up.
    let same = |it: &StoredInquiry| it.due_at == seen.due_at && it.reminders < reminders;
    let Some(mut it) = found.filter(same) else { return Ok(false) };
    it.reminders = reminders;
    put_inquiry(&mut *tx, &it).await?;
    let notice = if reminders == 1 { Notice::DueSoon } else { Notice::Overdue };
    match turn_of(it.state) {
        Turn::Owner | Turn::Mediator => tell_deciders(app, &mut *tx, &it, notice).await?,
        Turn::Partner => tell_partner(app, &mut *tx, &it, notice).await?,
        // A no that can still be disputed: the partner is told before that is over, not after.
        Turn::Nobody if reminders == 1 => {
            tell_partner(app, &mut *tx, &it, Notice::DisputeEnds).await?;
        }
        Turn::Nobody => {}
    }
    let actor = Actor::System { job: "inquiries" };
    let detail = serde_json::json!({ "state": it.state, "reminder": reminders });
    app.audit_in(&mut *tx, it.owner, &actor, "inquiry.reminded", it.id, &detail).await?;
    tx.commit().await?;
    Ok(true)
}
