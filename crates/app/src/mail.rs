//! The port through which mail leaves. What carries it lives in connectors; use cases and pages
//! hand it finished texts in the reader's language.

use async_trait::async_trait;

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
