use http::StatusCode;

use crate::Public;
use crate::page::view;

/// The page of a refusal or a fault. Anybody may see it: it tells nothing about what is there.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// 403, 404 or 500; anything else is told as 500.
    pub status: StatusCode,
    /// What to quote when asking for help; shown for faults.
    pub reference: Option<String>,
}

impl ErrorPage {
    const fn title_key(&self) -> &'static str {
        match self.status {
            StatusCode::NOT_FOUND => "error-not-found-title",
            StatusCode::FORBIDDEN => "error-forbidden-title",
            _ => "error-fault-title",
        }
    }

    const fn body_key(&self) -> &'static str {
        match self.status {
            StatusCode::NOT_FOUND => "error-not-found-body",
            StatusCode::FORBIDDEN => "error-forbidden-body",
            _ => "error-fault-body",
        }
    }

    fn sample_views() -> Vec<Self> {
        let page = |status, reference: Option<&str>| Self {
            status,
            reference: reference.map(str::to_owned),
        };
        vec![
            page(StatusCode::NOT_FOUND, None),
            page(StatusCode::FORBIDDEN, None),
            page(StatusCode::INTERNAL_SERVER_ERROR, Some("req-7f3a90c2")),
        ]
    }
}

view!(ErrorPage, "error", Public, "pages/error.html", status: |view| view.status);
