//! Mail: by a server (SMTP), or kept as files, which is how development sees what would be sent.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tributary_app::mail::{Mail, MailError, Mailer};

fn message(
    from: &Mailbox,
    mail: Mail,
    body: impl FnOnce(String) -> Body,
) -> Result<Message, MailError> {
    let address = mail.to.parse().map_err(|_| MailError::Address(mail.to.clone()))?;
    let builder = Message::builder();
    // The same mail sent twice has one id: whoever gets it can tell.
    let builder = match mail.id {
        Some(id) => builder.message_id(Some(format!("<{id}@{}>", from.email.domain()))),
        None => builder.message_id(None),
    };
    builder
        .from(from.clone())
        .to(Mailbox::new(Some(mail.to_name), address))
        .subject(mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(body(mail.body))
        .map_err(|error| MailError::NotTaken(error.to_string()))
}

/// For files that people open: links in them must not be cut by soft ends of lines, as an encoding
/// for servers would.
fn as_it_is(text: String) -> Body {
    let lines = text.replace('\n', "\r\n").into_bytes();
    Body::dangerous_pre_encoded(lines, ContentTransferEncoding::EightBit)
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
        let message = message(&self.from, mail, as_it_is)?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| MailError::NotTaken(error.to_string()))
    }
}

/// Seconds until a server that does not answer counts as away: somebody waits on a page.
const ANSWER_SECONDS_MAX: u64 = 10;

/// How the connection to a server is kept from others, as its address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privacy {
    /// `smtp://`: not at all.
    None,
    /// `smtp://…?tls=opportunistic`: when the server can.
    IfOffered,
    /// `smtp://…?tls=required`
    Required,
    /// `smtps://`: from the first byte.
    FromTheStart,
}

/// What of a server's address is used beside what the transport reads itself.
#[derive(Debug, Clone)]
struct ServerAddress {
    privacy: Privacy,
    host: String,
    /// With the port where one was given, for messages; never the password.
    shown: String,
    has_password: bool,
}

impl ServerAddress {
    fn read(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = authority.split('/').next()?;
        let (user, shown) = authority.rsplit_once('@').unwrap_or(("", authority));
        // The port comes last; an IPv6 address stands in brackets.
        let host = match shown.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => shown,
        };
        let asks = |value: &str| query.split('&').any(|it| it.strip_prefix("tls=") == Some(value));
        let privacy = match scheme {
            "smtps" => Privacy::FromTheStart,
            _ if asks("required") => Privacy::Required,
            _ if asks("opportunistic") => Privacy::IfOffered,
            _ => Privacy::None,
        };
        Some(Self {
            privacy,
            host: host.trim_matches(['[', ']']).to_owned(),
            shown: shown.to_owned(),
            has_password: user.contains(':'),
        })
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
    }

    /// A password goes to nobody else: not over a line that anybody reads.
    fn tells_its_password(&self) -> bool {
        let private = matches!(self.privacy, Privacy::Required | Privacy::FromTheStart);
        self.has_password && !private && !self.is_this_machine()
    }
}

/// Hands mails to a server.
#[derive(Debug)]
pub struct SmtpMailer {
    from: Mailbox,
    server: ServerAddress,
    builder: AsyncSmtpTransportBuilder,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// By a server named like `smtps://user:password@mail.example.com:465`, or
    /// `smtp://…?tls=required`. Its certificate must be of an authority that browsers trust.
    ///
    /// # Errors
    /// When `from` or the server's address cannot be read, or it would send a password over the
    /// network in the clear.
    pub fn new(from: &str, url: &str) -> Result<Self, MailError> {
        let wrong = |why: &str| MailError::NotTaken(format!("mail.url: {why}"));
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| wrong(&in_full(&error)))?
            .timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)));
        let server = ServerAddress::read(url).ok_or_else(|| wrong("not an address"))?;
        if server.tells_its_password() {
            return Err(wrong("the password would go in the clear; add ?tls=required"));
        }
        let transport = builder.clone().build();
        Ok(Self { from: sender(from)?, server, builder, transport })
    }

    /// Trusts one more authority: that of a mail server inside a company.
    ///
    /// # Errors
    /// When `authority` is not a certificate as PEM.
    pub fn trusting(mut self, authority: &[u8]) -> Result<Self, MailError> {
        let wrong = |error: &Error| MailError::NotTaken(format!("mail.url: {}", in_full(error)));
        let certificate = Certificate::from_pem(authority).map_err(|error| wrong(&error))?;
        let parameters = TlsParameters::builder(self.server.host.clone())
            .add_root_certificate(certificate)
            .build()
            .map_err(|error| wrong(&error))?;
        let tls = match self.server.privacy {
            Privacy::None => return Ok(self),
            Privacy::IfOffered => Tls::Opportunistic(parameters),
            Privacy::Required => Tls::Required(parameters),
            Privacy::FromTheStart => Tls::Wrapper(parameters),
        };
        self.transport = self.builder.clone().tls(tls).build();
        Ok(self)
    }
}

/// An error with its causes, which say what went wrong.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}

/// Answers of a server that mean: this address is nobody's (RFC 5321, 4.2.3).
fn is_nobody(error: &Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 550 | 551 | 553))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let to = mail.to.clone();
        let message = message(&self.from, mail, Body::new)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if is_nobody(&error) => {
                Err(MailError::Address(format!("{to}: {}", in_full(&error))))
            }
            Err(error) => {
                Err(MailError::NotTaken(format!("{}: {}", self.server.shown, in_full(&error))))
            }
        }
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
            expires_at: None,
            id: None,
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

    #[tokio::test]
    async fn a_password_goes_nowhere_in_the_clear() {
        for (url, good) in [
            ("smtps://u:p@mail.example.com", true),
            ("smtp://u:p@mail.example.com?tls=required", true),
            ("smtp://mail.example.com", true),
            ("smtp://u:p@localhost:2525", true),
            ("smtp://u:p@[::1]:2525", true),
            ("smtp://u:p@mail.example.com", false),
            ("smtp://u:p@mail.example.com:587?tls=opportunistic", false),
        ] {
            let made = SmtpMailer::new("a@b.example", url);
            assert_eq!(made.is_ok(), good, "{url}: {made:?}");
        }
    }
}
