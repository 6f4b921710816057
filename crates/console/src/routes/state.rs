use std::sync::Arc;

use axum::extract::FromRef;
use tributary_app::App;
use tributary_app::mail::{Mail, Postman};
use tributary_web::{Limiter, Rate, Web};

/// Guesses at one account's password, from wherever they come.
const GUESSES: Rate = Rate { burst: 10, per_minute: 4 };

/// What the pages' handlers work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ConsoleState {
    parts: Arc<Parts>,
    shows_codes: bool,
}

#[derive(Debug)]
struct Parts {
    web: Web,
    edge_url: String,
    guesses: Limiter<[u8; 32]>,
}

impl ConsoleState {
    /// Puts the parts together; the use cases' postman carries the mails of pages too. `edge_url` is
    /// how links without a host of their own begin; a slash at its end is taken off.
    #[must_use]
    pub fn new(web: Web, edge_url: &str) -> Self {
        let edge_url = edge_url.trim_end_matches('/').to_owned();
        let parts = Parts { web, edge_url, guesses: Limiter::new(GUESSES) };
        Self { parts: Arc::new(parts), shows_codes: false }
    }

    /// Shows the code of a log-in mail on the page that asks for it: only where mail is kept as
    /// files. Asked for on an installation that is reached by https it is not done, as that one is
    /// not on a developer's desk.
    #[must_use]
    pub fn showing_codes(mut self) -> Self {
        self.shows_codes = !self.parts.web.config().https;
        self
    }

    /// The use cases' state.
    #[must_use]
    pub fn app(&self) -> &App {
        self.parts.web.app()
    }

    pub(super) fn web(&self) -> &Web {
        &self.parts.web
    }

    /// Mails in the background: neither how long it takes nor whether it fails may tell a stranger
    /// anything. A mail that does not leave is in the log.
    pub(super) fn mail(&self, write: impl FnOnce(&Postman) -> Mail) {
        let Some(postman) = self.app().postman().cloned() else {
            tracing::warn!(error = "nobody carries mails here", "mail.not_sent");
            return;
        };
        let mail = write(&postman);
        tokio::spawn(async move { postman.send(mail).await });
    }

    /// The whole link of a host and path; an empty host is this installation's own.
    pub(super) fn link_url(&self, host: &str, path: &str) -> String {
        if host.is_empty() {
            format!("{}/{path}", self.parts.edge_url)
        } else {
            format!("https://{host}/{path}")
        }
    }

    /// Where links of this installation begin, without the scheme: `go.example/`.
    pub(super) fn link_host(&self) -> String {
        let url = &self.parts.edge_url;
        let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
        format!("{host}/")
    }

    pub(super) fn edge_url(&self) -> &str {
        &self.parts.edge_url
    }

    pub(super) const fn shows_codes(&self) -> bool {
        self.shows_codes
    }

    /// Buckets of accounts whose password is being guessed, by the hash of their address.
    pub(super) fn guesses(&self) -> &Limiter<[u8; 32]> {
        &self.parts.guesses
    }
}

impl FromRef<ConsoleState> for Web {
    fn from_ref(state: &ConsoleState) -> Self {
        state.parts.web.clone()
    }
}
