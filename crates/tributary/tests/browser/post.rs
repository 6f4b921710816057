//! The mails that an installation without a mail server keeps as files, read as a person would.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use tributary_testkit::until;

const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of kept mails, and which of them were read.
#[derive(Debug)]
pub(crate) struct Post {
    folder: PathBuf,
    read: BTreeSet<PathBuf>,
}

/// A mail.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl Post {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder, read: BTreeSet::new() }
    }

    /// The next mail to somebody whose subject holds these words.
    pub(crate) async fn letter(&mut self, to: &str, words: &str) -> Letter {
        until(PATIENCE, &format!("a mail to {to}: {words}"), async || self.look(to, words)).await
    }

    fn look(&mut self, to: &str, words: &str) -> Option<Letter> {
        for entry in std::fs::read_dir(&self.folder).ok()?.flatten() {
            let path = entry.path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            // One that is just being written has no end of its head yet.
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let head = head.replace("\r\n ", " ");
            let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
            let subject = field("Subject: ").unwrap_or_default().to_owned();
            let is_for = field("To: ").is_some_and(|line| line.contains(to));
            if !is_for || !subject.contains(words) || !self.read.insert(path) {
                continue;
            }
            let quoted = field("Content-Transfer-Encoding: ") == Some("quoted-printable");
            let body = if quoted { unquoted(body) } else { body.to_owned() };
            return Some(Letter { subject, body });
        }
        None
    }
}

/// Quoted-printable of ASCII: soft ends of lines, and `=3D` for what is quoted.
fn unquoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(2);
        text.push(char::from(u8::from_str_radix(code, 16).unwrap()));
        text += rest;
    }
    text
}

impl Letter {
    /// The first address in it.
    pub(crate) fn link(&self) -> &str {
        let start = self.body.find("http").expect("a mail with a link");
        self.body[start..].split_whitespace().next().unwrap()
    }

    /// The six digits of its subject.
    pub(crate) fn code(&self) -> String {
        self.subject.chars().filter(char::is_ascii_digit).collect()
    }
}
