use subtle::ConstantTimeEq;
use tributary_directory::User;
use tributary_kernel::{Refusal, RefusalKind};
use tributary_store::access::{self, LoginCode};
use tributary_store::organisation;

use super::session::{NewSession, open_session};
use crate::secrets::{random_base62, sha256};
use crate::{App, AppError};

const MINUTES_VALID: i64 = 15;
const ATTEMPTS_MAX: u32 = 5;
const MAILS_PER_HOUR_MAX: i64 = 6;
const TOKEN_CHARACTERS: usize = 43;

/// What is mailed, and what the browser keeps while it waits.
#[derive(Debug, Clone)]
pub struct MailedLogIn {
    /// Names this log-in in the form that takes the code. Proves nothing by itself.
    pub token: String,
    /// What the mailed link carries beside the token. Mailed only.
    pub link_secret: String,
    /// Six digits, for in-app browsers that the link does not reach. Mailed only.
    pub code: String,
    /// To whom to mail it; none when the address is unknown or was mailed too often. The page
    /// answers the same.
    pub to: Option<User>,
}

/// What shows that the mail was read.
#[derive(Debug, Clone, Copy)]
pub enum MailRead<'a> {
    /// The link's secret.
    Link(&'a str),
    /// The six digits.
    Code(&'a str),
}

/// Begins a log-in by mail. The caller mails `code` and a link with `token` and `link_secret` to `to`.
pub async fn start_mailed_log_in(app: &App, email: &str) -> Result<MailedLogIn, AppError> {
    let email = email.trim().to_lowercase();
    let now = app.now();
    let token = random_base62(TOKEN_CHARACTERS, &*app.entropy);
    let link_secret = app.secrets.derive("mailed_log_in", &token);
    let code = six_digits(app);
    let mut tx = app.record.begin().await?;
    let user = organisation::find_user_by_email(&mut *tx, &email).await?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
        return Ok(MailedLogIn { token, link_secret, code, to: None });
    };
    let recent = access::login_codes_since(&mut *tx, user.id, now.plus_seconds(-3_600)).await?;
    if recent >= MAILS_PER_HOUR_MAX {
        return Ok(MailedLogIn { token, link_secret, code, to: None });
    }
    let row = LoginCode {
        hash: sha256(token.as_bytes()),
        user: user.id,
        code_hash: code_hash(&token, &code),
        created_at: now,
        expires_at: now.plus_seconds(MINUTES_VALID * 60),
        attempts: 0,
        used_at: None,
    };
    access::insert_login_code(&mut *tx, &row).await?;
    tx.commit().await?;
    Ok(MailedLogIn { token, link_secret, code, to: Some(user) })
}

fn six_digits(app: &App) -> String {
    loop {
        let mut bytes = [0u8; 4];
        app.entropy.fill(&mut bytes);
        let value = u32::from_be_bytes(bytes);
        // Of 2^32 the first 4,294 million share out evenly over a million codes.
        if value < 4_294_000_000 {
            return format!("{:06}", value % 1_000_000);
        }
    }
}

fn code_hash(token: &str, code: &str) -> [u8; 32] {
    sha256(format!("{token}:{code}").as_bytes())
}

/// Finishes a log-in by mail.
pub async fn finish_mailed_log_in(
    app: &App,
    token: &str,
    read: MailRead<'_>,
    agent: &str,
) -> Result<NewSession, AppError> {
    let hash = sha256(token.as_bytes());
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let Some(row) = access::find_login_code(&mut *tx, hash).await? else {
        return Err(stale().into());
    };
    if row.used_at.is_some() || row.expires_at <= now || row.attempts >= ATTEMPTS_MAX {
        return Err(stale().into());
    }
    let proved = match read {
        MailRead::Link(secret) => {
            let expected = app.secrets.derive("mailed_log_in", token);
            bool::from(expected.as_bytes().ct_eq(secret.as_bytes()))
        }
        MailRead::Code(code) => bool::from(code_hash(token, code.trim()).ct_eq(&row.code_hash)),
    };
    if !proved {
        access::count_login_attempt(&mut *tx, hash).await?;
        tx.commit().await?;
        return Err(refusal("wrong_code", "The code is not right; look at the newest mail.").into());
    }
    if !access::use_login_code(&mut *tx, hash, now).await? {
        return Err(stale().into());
    }
    tx.commit().await?;
    open_session(app, row.user, agent).await
}

fn stale() -> Refusal {
    refusal("log_in_stale", "This log-in has been used or is over; ask for a new mail.")
}

fn refusal(code: &'static str, detail: &'static str) -> Refusal {
    Refusal { kind: RefusalKind::Invalid, code, detail: detail.into(), errors: Vec::new() }
}
