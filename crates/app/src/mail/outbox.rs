use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tributary_kernel::MailId;
use tributary_store::engine::Connection;
use tributary_store::mail::{self, OutgoingMail};

use super::{Mail, MailError, Mailer};
use crate::{App, AppError};

/// What the seals of mails are for.
const PURPOSE: &str = "outgoing_mail";

/// Keeps mails until they leave. As a [`Mailer`], it takes a mail when it is written down.
#[derive(Debug, Clone)]
pub struct Outbox {
    app: App,
    came: Arc<Notify>,
}

impl Outbox {
    /// Of an installation.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, came: Arc::new(Notify::new()) }
    }

    /// Waits until a mail was handed over here since the last time this was asked.
    pub async fn came(&self) {
        self.came.notified().await;
    }

    /// Writes a mail down.
    async fn keep(&self, mail: &Mail) -> Result<(), AppError> {
        let mut tx = self.app.record.begin().await?;
        keep_in(&self.app, &mut *tx, mail).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes a mail down in the transaction of what it tells of; it leaves with the next round.
pub(crate) async fn keep_in(
    app: &App,
    conn: &mut dyn Connection,
    mail: &Mail,
) -> Result<(), AppError> {
    let now = app.now();
    let kept = OutgoingMail {
        id: MailId::new(now, &*app.entropy),
        sealed: seal(app, mail),
        failed: false,
        attempts: 0,
        next_at: now,
        expires_at: mail.expires_at,
        reason: None,
        created_at: now,
    };
    mail::insert(conn, &kept).await?;
    Ok(())
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if !mail.to.contains('@') || mail.to.chars().any(char::is_control) {
            return Err(MailError::Address(mail.to));
        }
        self.keep(&mail).await.map_err(|error| MailError::NotTaken(error.to_string()))?;
        self.came.notify_one();
        Ok(())
    }
}

/// A mail's words as they are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    to: String,
    to_name: String,
    subject: String,
    body: String,
}

fn seal(app: &App, mail: &Mail) -> Vec<u8> {
    let kept = Kept {
        to: mail.to.clone(),
        to_name: mail.to_name.clone(),
        subject: mail.subject.clone(),
        body: mail.body.clone(),
    };
    let text = serde_json::to_vec(&kept).expect("texts are JSON");
    app.secrets.seal(PURPOSE, &text, &*app.entropy)
}

/// The mail of a row.
pub(super) fn open(app: &App, it: &OutgoingMail) -> Result<Mail, AppError> {
    let text = app.secrets.open(PURPOSE, &it.sealed)?;
    let kept: Kept = serde_json::from_slice(&text)
        .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.id)))?;
    let Kept { to, to_name, subject, body } = kept;
    Ok(Mail { to, to_name, subject, body, expires_at: it.expires_at, id: Some(it.id) })
}
