//! Mail. Pages hand finished texts in the reader's language to the [`Outbox`], which keeps each
//! until it has left; the [`Mailer`] that carries them lives in connectors.
//!
//! **Invariant.** A mail that was handed over leaves once its server takes it, whatever stops in
//! between, unless it is of no use any more or is refused for good. Between the server's yes and
//! the record's there is a moment in which a crash has it sent twice: then with the same id.

mod link;
mod outbox;
mod send;

pub(crate) use link::MailedLink;
pub use outbox::Outbox;
pub(crate) use outbox::keep_in;
pub use send::{ATTEMPTS_MAX, MailReport, send_due};
pub use tributary_store::mail::MailStanding;

use std::sync::Arc;

use async_trait::async_trait;
use tributary_i18n::mail::MailText;
use tributary_kernel::{MailId, Timestamp};

/// One mail, plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// Their name.
    pub to_name: String,
    /// One line.
    pub subject: String,
    /// Paragraphs parted by empty lines.
    pub body: String,
    /// When it is of no use any more: it does not leave after that.
    pub expires_at: Option<Timestamp>,
    /// Stays the same however often it is sent; none: nobody keeps it.
    pub id: Option<MailId>,
}

impl Mail {
    /// A text for somebody, as it is handed over: nobody keeps it yet.
    #[must_use]
    pub fn new(
        to: impl Into<String>,
        to_name: impl Into<String>,
        text: MailText,
        expires_at: Option<Timestamp>,
    ) -> Self {
        let MailText { subject, body } = text;
        Self { to: to.into(), to_name: to_name.into(), subject, body, expires_at, id: None }
    }
}

/// Why a mail did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The address is not one.
    #[error("not a mail address: {0}")]
    Address(String),
    /// The server, or the folder, did not take it. It may take it later.
    #[error("the mail was not taken: {0}")]
    NotTaken(String),
}

/// Carries mails.
#[async_trait]
pub trait Mailer: Send + Sync + std::fmt::Debug {
    /// Hands a mail over; done when it was taken.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}

/// Who carries the mails of use cases and pages, and where their links lead. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Postman {
    mailer: Arc<dyn Mailer>,
    pages: Arc<str>,
}

impl Postman {
    /// `public_url` is how people reach the pages; a slash at its end is taken off.
    #[must_use]
    pub fn new(mailer: Arc<dyn Mailer>, public_url: &str) -> Self {
        Self { mailer, pages: public_url.trim_end_matches('/').into() }
    }

    /// The whole address of a path of the pages.
    #[must_use]
    pub fn address_of(&self, path: &str) -> String {
        format!("{}{path}", self.pages)
    }

    /// Hands a mail over; `false`, and a line in the log, when it was not taken. What was committed
    /// stands all the same: whoever asked is told, and can have it sent again.
    pub async fn send(&self, mail: Mail) -> bool {
        match self.mailer.send(mail).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "mail.not_sent");
                false
            }
        }
    }
}
