//! The mails Tributary sends, as subject and plain text in the reader's language.

use tributary_kernel::LocalDate;
use tributary_money::Money;

use crate::{Arg, AsArg, Language, Texts};

/// A mail's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    /// Plain text; paragraphs are parted by an empty line.
    pub body: String,
}

fn mail(language: Language, keys: [&str; 2], args: &[(&str, Arg<'_>)]) -> MailText {
    let [subject, body] = keys.map(|key| Texts::get(language, key, args));
    MailText { subject, body }
}

/// The log-in mail: a 6-digit code to type, and a link that does the same.
#[must_use]
pub fn log_in_code(language: Language, code: &str, link: &str, minutes: u32) -> MailText {
    let args = [("code", code.as_arg()), ("link", link.as_arg()), ("minutes", minutes.as_arg())];
    mail(language, ["mail-log-in-subject", "mail-log-in-body"], &args)
}

/// Asks somebody to become a partner of a program.
#[must_use]
pub fn invitation(
    language: Language,
    program: &str,
    manager: &str,
    personal_words: &str,
    link: &str,
) -> MailText {
    let args = [
        ("program", program.as_arg()),
        ("manager", manager.as_arg()),
        ("words", personal_words.as_arg()),
        ("link", link.as_arg()),
    ];
    let body =
        if personal_words.is_empty() { "mail-invite-body" } else { "mail-invite-body-personal" };
    mail(language, ["mail-invite-subject", body], &args)
}

/// Asks somebody to work in an organisation. `role` is the role's stable name.
#[must_use]
pub fn member_invitation(
    language: Language,
    organisation: &str,
    role: &str,
    link: &str,
    days: u32,
) -> MailText {
    let may = match role {
        "administrator" => "role-administrator-may",
        "manager" => "role-manager-may",
        "finance" => "role-finance-may",
        _ => "role-viewer-may",
    };
    let may = Texts::get(language, may, &[]);
    let args = [
        ("organisation", organisation.as_arg()),
        ("may", may.as_arg()),
        ("link", link.as_arg()),
        ("days", days.as_arg()),
    ];
    mail(language, ["mail-join-subject", "mail-join-body"], &args)
}

/// Asks whoever reads a new address to confirm it.
#[must_use]
pub fn confirm_address(language: Language, partner: &str, link: &str) -> MailText {
    let args = [("partner", partner.as_arg()), ("link", link.as_arg())];
    mail(language, ["mail-address-subject", "mail-address-body"], &args)
}

/// Tells the address before that another has taken its place.
#[must_use]
pub fn address_moved(language: Language, partner: &str, to: &str) -> MailText {
    let args = [("partner", partner.as_arg()), ("to", to.as_arg())];
    mail(language, ["mail-address-moved-subject", "mail-address-moved-body"], &args)
}

/// Tells a partner that a payout is on its way.
#[must_use]
pub fn payout_sent(
    language: Language,
    program: &str,
    amount: Money,
    arrives: LocalDate,
    link: &str,
) -> MailText {
    let args = [
        ("program", program.as_arg()),
        ("amount", amount.as_arg()),
        ("date", Arg::Text(language.date_long(arrives).into())),
        ("link", link.as_arg()),
    ];
    mail(language, ["mail-payout-subject", "mail-payout-body"], &args)
}

/// Tells a partner that bank details were changed, so that a thief's change does not pass unseen.
#[must_use]
pub fn bank_details_changed(language: Language, account_ending: &str, link: &str) -> MailText {
    let args = [("ending", account_ending.as_arg()), ("link", link.as_arg())];
    mail(language, ["mail-bank-subject", "mail-bank-body"], &args)
}

/// Tells of a step of an inquiry. `key` is that of its line, which is the subject; `by` the last day
/// to act.
#[must_use]
pub fn inquiry_notice(
    language: Language,
    key: &str,
    program: &str,
    by: Option<LocalDate>,
    link: &str,
) -> MailText {
    let subject = Texts::get(language, key, &[("program", program.as_arg())]);
    let day = by.map(|day| language.date_long(day)).unwrap_or_default();
    let args = [
        ("line", subject.as_str().as_arg()),
        ("date", Arg::Text(day.into())),
        ("link", link.as_arg()),
    ];
    let body = if by.is_some() { "mail-notice-body-by" } else { "mail-notice-body" };
    let body = Texts::get(language, body, &args);
    MailText { subject, body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MISSING_MARK;
    use tributary_money::Currency;

    #[test]
    fn every_mail_is_whole_in_every_language() {
        for language in Language::ALL {
            let amount = Money::new(1_250_000, Currency::DKK);
            let day = "2026-11-28".parse().unwrap();
            let mails = [
                log_in_code(language, "204817", "https://x.example/l/1", 10),
                invitation(language, "Acme CRM", "Mette", "", "https://x.example/i/1"),
                invitation(language, "Acme CRM", "Mette", "Hej", "https://x.example/i/1"),
                confirm_address(language, "Anna", "https://x.example/login/address/1"),
                member_invitation(language, "Acme", "finance", "https://x.example/login/join/1", 7),
                payout_sent(language, "Acme CRM", amount, day, "https://x.example/my/payouts"),
                bank_details_changed(language, "4821", "https://x.example/my/bank"),
                inquiry_notice(
                    language,
                    "mail-inquiry-asked",
                    "Acme CRM",
                    Some(day),
                    "https://x.example/my/inquiries/1",
                ),
                inquiry_notice(
                    language,
                    "mail-inquiry-refused",
                    "Acme CRM",
                    None,
                    "https://x.example/my/inquiries/1",
                ),
            ];
            for mail in mails {
                assert!(!mail.subject.contains(['\n', MISSING_MARK]), "{mail:?}");
                assert!(mail.body.contains("https://x.example/"), "{mail:?}");
                assert!(!mail.body.contains(MISSING_MARK), "{mail:?}");
            }
        }
        let mail = log_in_code(Language::Da, "204817", "https://x.example/l/1", 10);
        assert!(mail.subject.contains("204817"), "readable from the notification: {mail:?}");
    }
}
