use tributary_kernel::Timestamp;
use tributary_store::mail::{self, OutgoingMail};

use super::outbox::open;
use super::{MailError, Mailer};
use crate::{App, AppError};

/// Seconds to the next try, by how often it was tried: a server that is restarted is found at once,
/// one that is away for the night the next morning.
const WAIT_SECONDS: [i64; 9] = [10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];
/// A mail that was tried so often is not tried again.
pub const ATTEMPTS_MAX: i64 = WAIT_SECONDS.len() as i64 + 1;
/// How long one try may take; a sender that takes longer counts as gone, and another tries.
const TRY_SECONDS_MAX: i64 = 120;
/// Days for which failed mails are kept, to be looked at.
const FAILED_DAYS: i64 = 7;
/// The longest reason that is kept.
const REASON_CHARACTERS_MAX: usize = 300;

/// What became of the mails that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailReport {
    /// Their server took them.
    pub sent: u32,
    /// They were not taken, and are tried again.
    pub later: u32,
    /// They were refused for good, or tried too often.
    pub failed: u32,
    /// They were of no use any more.
    pub expired: u32,
}

/// Hands over mails whose time has come, and after those forgets failed ones whose time is over, at
/// most `limit` in all. Nothing is written when there are none. Any number of senders may run: each mail
/// is tried by one of them at a time.
///
/// # Errors
/// A fault of the database. What was sent until then is noted.
pub async fn send_due(app: &App, by: &dyn Mailer, limit: u32) -> Result<MailReport, AppError> {
    let mut report = MailReport::default();
    // Read only: a transaction that writes, every few seconds and mostly for nothing, would keep
    // others of the embedded engine waiting.
    let mut conn = app.record.read().await?;
    let due = mail::due(&mut *conn, app.now(), limit).await?;
    drop(conn);
    for it in due {
        if it.failed {
            forget(app, &it).await?;
            continue;
        }
        if it.expires_at.is_some_and(|at| at <= app.now()) {
            forget(app, &it).await?;
            report.expired += 1;
            continue;
        }
        let Some(taken) = take(app, &it).await? else { continue };
        let handed_over = match open(app, &taken) {
            Ok(mail) => by.send(mail).await,
            // One that cannot be read must not stop those after it.
            Err(error) => Err(MailError::Address(error.to_string())),
        };
        match handed_over {
            Ok(()) => {
                forget(app, &taken).await?;
                report.sent += 1;
            }
            Err(error) => {
                let next = after_failure(&taken, &error, app.now());
                tracing::warn!(
                    mail = %taken.id, attempts = taken.attempts, failed = next.failed, %error,
                    "mail.not_sent"
                );
                if next.failed {
                    report.failed += 1;
                } else {
                    report.later += 1;
                }
                let mut tx = app.record.begin().await?;
                mail::move_on(&mut *tx, &taken, &next).await?;
                tx.commit().await?;
            }
        }
    }
    Ok(report)
}

/// Takes a mail for this sender alone; none when another was quicker.
async fn take(app: &App, it: &OutgoingMail) -> Result<Option<OutgoingMail>, AppError> {
    let taken = OutgoingMail {
        attempts: it.attempts + 1,
        next_at: app.now().plus_seconds(TRY_SECONDS_MAX),
        ..it.clone()
    };
    let mut tx = app.record.begin().await?;
    let own = mail::move_on(&mut *tx, it, &taken).await?;
    tx.commit().await?;
    Ok(own.then_some(taken))
}

async fn forget(app: &App, it: &OutgoingMail) -> Result<(), AppError> {
    let mut tx = app.record.begin().await?;
    mail::delete(&mut *tx, it.id).await?;
    tx.commit().await?;
    Ok(())
}

/// A mail after a try that came to nothing.
fn after_failure(it: &OutgoingMail, error: &MailError, now: Timestamp) -> OutgoingMail {
    let tried = usize::try_from(it.attempts - 1).unwrap_or(usize::MAX);
    let wait = match error {
        // Nobody is at that address: asking again changes nothing.
        MailError::Address(_) => None,
        MailError::NotTaken(_) => WAIT_SECONDS.get(tried),
    };
    let next_at = match wait {
        Some(seconds) => now.plus_seconds(*seconds),
        None => now.plus_days(FAILED_DAYS),
    };
    let reason: String = error.to_string().chars().take(REASON_CHARACTERS_MAX).collect();
    OutgoingMail { failed: wait.is_none(), next_at, reason: Some(reason), ..it.clone() }
}
