use crate::Public;
use crate::page::view;

/// Behind the mailed link: one button, since opening a link must change nothing.
#[derive(Debug, Clone)]
pub struct LogInLink {
    /// Names the log-in.
    pub token: String,
    /// Proves that the mail was read.
    pub secret: String,
    /// Where to go afterwards.
    pub next: String,
}

impl LogInLink {
    fn sample_views() -> Vec<Self> {
        vec![Self {
            token: "sample-token".to_owned(),
            secret: "sample-secret".to_owned(),
            next: "/my".to_owned(),
        }]
    }
}

view!(LogInLink, "log-in-link", Public, "pages/log_in_link.html");
