//! Mails handed to a real mail server, Python's `aiosmtpd`: in the clear, with STARTTLS, with TLS
//! from the first byte; with a log-in; and what is said when it does not take one.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

#[path = "../../../app/tests/common/mod.rs"]
mod common;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use common::World;
use serde_json::Value;
use tributary_app::mail::{Mail, MailError, Mailer, Outbox, send_due};
use tributary_connectors::mail::SmtpMailer;

const FROM: &str = "Tributary <no-reply@acme.example>";

/// A running server. Gone when dropped.
struct Server {
    child: Child,
    said: BufReader<ChildStdout>,
    port: u64,
    authority: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let named = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON");
        let python = named.map_or_else(|| PathBuf::from("python3"), PathBuf::from);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/server.py");
        let mut command = Command::new(&python);
        command.arg(script).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, said, port: 0, authority: String::new() };
        let Some(line) = server.next() else {
            panic!(
                "{}: no mail server. This test needs a Python with what xtask/requirements.txt \
                 names in TRIBUTARY_SEPAXML_PYTHON; `cargo xtask test` makes one.",
                python.display()
            );
        };
        server.port = line["port"].as_u64().unwrap();
        server.authority = line["authority"].as_str().unwrap().to_owned();
        server
    }

    /// The next thing it says; none when it has ended.
    fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).ok()
    }

    /// A mailer to it, by an address like `smtp://{}?tls=required`.
    fn mailer(&self, url: &str) -> SmtpMailer {
        let url = url.replace("{}", &format!("localhost:{}", self.port));
        SmtpMailer::new(FROM, &url).unwrap().trusting(self.authority.as_bytes()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn mail(to: &str) -> Mail {
    Mail {
        to: to.into(),
        to_name: "Åse Ærø".into(),
        subject: "Din næste udbetaling".into(),
        body: "Åbn linket:\n\nhttps://example.com/?a=1".into(),
        expires_at: None,
        id: None,
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    for (how, url) in [
        (&["plain"][..], "smtp://{}"),
        (&["starttls", "auth"], "smtp://tributary:p%40ss@{}?tls=required"),
        (&["tls", "auth"], "smtps://tributary:p%40ss@{}"),
    ] {
        let mut server = Server::start(how);
        let mailer = server.mailer(url);
        // Twice, over one connection or two.
        for _ in 0..2 {
            mailer.send(mail("aase@example.com")).await.unwrap_or_else(|it| panic!("{url}: {it}"));
            let taken = server.next().unwrap();
            assert_eq!(taken["sender"], "no-reply@acme.example");
            assert_eq!(taken["to"], serde_json::json!(["aase@example.com"]));
            assert_eq!(taken["encrypted"], how[0] != "plain", "{url}");
            assert_eq!(taken["authenticated"], how.contains(&"auth"), "{url}");
            let text = taken["text"].as_str().unwrap();
            assert!(text.contains("Subject: Din =?utf-8?b?bsOmc3Rl?= udbetaling"), "{text}");
            assert!(text.contains("https://example.com/?a=3D1"), "{text}");
            assert!(text.contains("=C3=85bn linket"), "{text}");
        }
    }
}

#[tokio::test]
async fn what_a_server_refuses_is_told_in_its_words() {
    let mut server = Server::start(&["plain"]);
    let mailer = server.mailer("smtp://{}");
    let nobody = mailer.send(mail("nobody@example.com")).await.unwrap_err();
    let MailError::Address(said) = &nobody else { panic!("{nobody:?}") };
    assert!(said.contains("nobody@example.com") && said.contains("nobody of that name"), "{said}");
    let later = mailer.send(mail("later@example.com")).await.unwrap_err();
    assert!(matches!(&later, MailError::NotTaken(said) if said.contains("Come back later")));
    // A refusal spoils nothing for the next one.
    mailer.send(mail("aase@example.com")).await.unwrap();
    assert_eq!(server.next().unwrap()["to"][0], "aase@example.com");
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_from_a_wrong_address() {
    let server = Server::start(&["starttls", "auth"]);
    let wrong = server.mailer("smtp://tributary:wrong@{}?tls=required");
    let refused = wrong.send(mail("aase@example.com")).await.unwrap_err();
    assert!(matches!(&refused, MailError::NotTaken(said) if said.contains("535")), "{refused:?}");
    let nameless = server.mailer("smtp://{}?tls=required");
    let refused = nameless.send(mail("aase@example.com")).await.unwrap_err();
    assert!(matches!(&refused, MailError::NotTaken(said) if said.contains("530")), "{refused:?}");
}

#[tokio::test]
async fn a_stranger_with_a_certificate_of_his_own_gets_nothing() {
    let server = Server::start(&["starttls"]);
    let url = format!("smtp://localhost:{}?tls=required", server.port);
    let mailer = SmtpMailer::new(FROM, &url).unwrap();
    let refused = mailer.send(mail("aase@example.com")).await.unwrap_err();
    assert!(matches!(&refused, MailError::NotTaken(said) if said.contains("ertificate")));
    // Nor one that speaks no TLS where TLS was asked for.
    let server = Server::start(&["plain"]);
    let mailer = server.mailer("smtp://{}?tls=required");
    assert!(matches!(mailer.send(mail("aase@example.com")).await, Err(MailError::NotTaken(_))));
}

#[tokio::test]
async fn a_server_that_is_away_is_named_and_found_again() {
    let server = Server::start(&["plain"]);
    let mailer = server.mailer("smtp://{}");
    let port = server.port;
    drop(server);
    let refused = mailer.send(mail("aase@example.com")).await.unwrap_err();
    let MailError::NotTaken(said) = &refused else { panic!("{refused:?}") };
    assert!(said.contains(&format!("localhost:{port}")), "{said}");
}

/// The outbox and a real server: refused first, taken the second time, and once in all, also for a
/// process that starts between.
#[tokio::test]
async fn a_mail_that_was_put_off_arrives_once() {
    let mut server = Server::start(&["plain"]);
    let mailer = server.mailer("smtp://{}");
    let world = World::sqlite().await;
    let outbox = Outbox::new(world.app.clone());
    outbox.send(mail("second@example.com")).await.unwrap();
    outbox.send(mail("nobody@example.com")).await.unwrap();
    let first = send_due(&world.app, &mailer, 10).await.unwrap();
    assert_eq!((first.sent, first.later, first.failed), (0, 1, 1), "{first:?}");
    world.clock.advance_seconds(10);
    // Another process on the same record, with a connection of its own to the server.
    let second = send_due(&world.app, &server.mailer("smtp://{}"), 10).await.unwrap();
    assert_eq!((second.sent, second.later), (1, 0), "{second:?}");
    let taken = server.next().unwrap();
    assert_eq!(taken["to"], serde_json::json!(["second@example.com"]));
    let text = taken["text"].as_str().unwrap();
    assert!(text.contains("Message-ID: <mail_") && text.contains("@acme.example>"), "{text}");
    world.clock.advance_seconds(86_400);
    let third = send_due(&world.app, &mailer, 10).await.unwrap();
    assert_eq!(third, tributary_app::mail::MailReport::default());
}
