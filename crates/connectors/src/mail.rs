//! Mail: by a server (SMTP), or kept as files, which is how development sees what would be sent.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tributary_app::mail::{Mail, MailError, Mailer};

fn message(from: &Mailbox, mail: Mail) -> Result<Message, MailError> {
    let address = mail.to.parse().map_err(|_| MailError::Address(mail.to.clone()))?;
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(mail.to_name), address))
        .subject(mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body)
        .map_err(|error| MailError::NotTaken(error.to_string()))
}

fn sender(from: &str) -> Result<Mailbox, MailError> {
    from.parse().map_err(|_| MailError::Address(from.to_owned()))
}

/// Keeps mails as files `{id}.eml` in a folder.
#[derive(Debug)]
pub struct FileMailer {
    from: Mailbox,
    transport: AsyncFileTransport<Tokio1Executor>,
    folder: PathBuf,
}

impl FileMailer {
    /// Into a folder that exists.
    ///
    /// # Errors
    /// When `from` is not an address, or `Name <address>`.
    pub fn new(from: &str, folder: &Path) -> Result<Self, MailError> {
        let transport = AsyncFileTransport::new(folder);
        Ok(Self { from: sender(from)?, transport, folder: folder.to_owned() })
    }

    /// Where they are kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = message(&self.from, mail)?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| MailError::NotTaken(error.to_string()))
    }
}

/// Hands mails to a server.
#[derive(Debug)]
pub struct SmtpMailer {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// By a server named like `smtps://user:password@mail.example.com:465`, or
    /// `smtp://…?tls=required`.
    ///
    /// # Errors
    /// When `from` or the server's address cannot be read.
    pub fn new(from: &str, url: &str) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| MailError::NotTaken(format!("mail.url: {error}")))?
            .build();
        Ok(Self { from: sender(from)?, transport })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = message(&self.from, mail)?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| MailError::NotTaken(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str) -> Mail {
        Mail {
            to: to.into(),
            to_name: "Åse Ærø".into(),
            subject: "123456 er din kode".into(),
            body: "Åbn linket:\n\nhttps://example.com/?a=1".into(),
        }
    }

    #[tokio::test]
    async fn a_kept_mail_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new("Tributary <no-reply@example.com>", folder.path()).unwrap();
        mailer.send(mail("aase@example.com")).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(mailer.folder()).unwrap().collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
        assert!(text.contains("To: =?utf-8?"), "{text}");
        assert!(text.contains("Subject: 123456 er din kode"));
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new("no-reply@example.com", folder.path()).unwrap();
        let refused = mailer.send(mail("nobody")).await;
        assert_eq!(refused, Err(MailError::Address("nobody".into())));
        let header = mailer.send(mail("a@b.example\r\nBcc: c@d.example")).await;
        assert!(matches!(header, Err(MailError::Address(_))), "no header comes in by an address");
        assert!(FileMailer::new("nobody", folder.path()).is_err());
        assert!(SmtpMailer::new("a@b.example", "gopher://x").is_err());
    }
}
