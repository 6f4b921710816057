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
    pub(crate) body: String,
}

impl Post {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder, read: BTreeSet::new() }
    }

    /// The next mail to somebody that was not read yet.
    pub(crate) async fn letter(&mut self, to: &str) -> Letter {
        until(PATIENCE, &format!("a mail to {to}"), async || self.look(to)).await
    }

    fn look(&mut self, to: &str) -> Option<Letter> {
        for entry in std::fs::read_dir(&self.folder).ok()?.flatten() {
            let path = entry.path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            // One that is just being written has no end of its head yet.
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let head = head.replace("\r\n ", " ");
            let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
            let is_for = field("To: ").is_some_and(|line| line.contains(to));
            if !is_for || !self.read.insert(path) {
                continue;
            }
            // As it is: whoever opens the file must be able to follow its links.
            let encoding = field("Content-Transfer-Encoding: ");
            assert!(matches!(encoding, Some("7bit" | "8bit")), "{encoding:?}");
            let body = body.to_owned();
            return Some(Letter { body });
        }
        None
    }
}

impl Letter {
    /// The first address in it.
    pub(crate) fn link(&self) -> &str {
        let start = self.body.find("http").expect("a mail with a link");
        self.body[start..].split_whitespace().next().unwrap()
    }

    /// The first six digits that stand together in it.
    pub(crate) fn code(&self) -> String {
        let mut words = self.body.split(|it: char| !it.is_ascii_alphanumeric());
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
        words.find(is_code).expect("a mail with a code").to_owned()
    }
}
