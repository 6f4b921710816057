//! Mails that did not leave.

use tributary_app::mail::MailStanding;
use tributary_store::mail::standing;

use super::Check;
use crate::open::{Engines, OpenError};

/// How it stands with mail; nothing where the record cannot be read, which is told elsewhere.
pub(super) async fn examine(open: &Result<Engines, OpenError>) -> Option<Check> {
    let engines = open.as_ref().ok()?;
    let mut conn = engines.record.read().await.ok()?;
    Some(check(&standing(&mut *conn).await.ok()?))
}

fn check(it: &MailStanding) -> Check {
    let name = "mail_delivery";
    let remedy = "See to mail.url and mail.from; the log says `mail.not_sent` with each reason.";
    if it.failed > 0 {
        let why = it.reason.as_deref().unwrap_or("for no reason that was kept");
        let found = format!("{} mails were given up in 7 days, the newest: {why}", it.failed);
        return Check::warn(name, found, remedy);
    }
    if it.retried > 0 {
        let found = format!("{} mails were not taken yet and are tried again", it.retried);
        return Check::warn(name, found, remedy);
    }
    Check::ok(name, format!("{} mails wait to leave", it.waiting))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn mails_that_do_not_leave_are_told() {
        let table =
            [((0, 0, 0), Verdict::Ok), ((3, 1, 0), Verdict::Warn), ((0, 0, 2), Verdict::Warn)];
        for ((waiting, retried, failed), verdict) in table {
            let it = MailStanding { waiting, retried, failed, reason: None };
            assert_eq!(check(&it).verdict, verdict, "{it:?}");
        }
    }
}
