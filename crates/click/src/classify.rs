use crate::agents;

tributary_kernel::text_enum! {
    /// What a request of a link was. Every one is recorded; only `Countable` counts.
    pub enum Class {
        /// A person following a link, as far as a request can tell.
        Countable = "countable",
        /// A crawler, link preview, monitor or HTTP library, by its own account.
        Bot = "bot",
        /// Asked for the headers only.
        Head = "head",
        /// The browser fetched ahead; perhaps nobody ever looks.
        Prefetch = "prefetch",
        /// Loaded by a page as frame, image, script or other part, not followed by a person.
        Hidden = "hidden",
    }
}

impl Class {
    /// Whether it can become a touch.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Countable)
    }
}

/// What classification looks at: the method and headers as sent, `None` where absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestFacts<'a> {
    /// `GET`, `HEAD`, ...
    pub method: &'a str,
    /// `User-Agent`; empty when absent.
    pub user_agent: &'a str,
    /// `Sec-Fetch-Dest`
    pub sec_fetch_dest: Option<&'a str>,
    /// `Sec-Fetch-Mode`
    pub sec_fetch_mode: Option<&'a str>,
    /// `Sec-Fetch-Site`; recorded facts have no use for it yet, fraud rules will.
    pub sec_fetch_site: Option<&'a str>,
    /// `Sec-Purpose` (Chromium: `prefetch`, `prefetch;prerender`)
    pub sec_purpose: Option<&'a str>,
    /// `Purpose`, or the older `X-Purpose` (Safari: `preview`)
    pub purpose: Option<&'a str>,
    /// `X-Moz` (Firefox: `prefetch`)
    pub x_moz: Option<&'a str>,
    /// `Accept`
    pub accept: Option<&'a str>,
}

/// The class of a request. The first that applies: head, bot, prefetch, hidden, countable.
///
/// Page script cannot set `Sec-Fetch-*`, so where a browser sends them a real click is
/// `navigate` + `document`. Older browsers and many in-app browsers send none: absence is no
/// sign of anything.
#[must_use]
pub fn classify(facts: &RequestFacts<'_>) -> Class {
    if facts.method.eq_ignore_ascii_case("HEAD") {
        Class::Head
    } else if agents::is_machine(facts.user_agent) {
        Class::Bot
    } else if is_prefetch(facts) {
        Class::Prefetch
    } else if is_hidden(facts) {
        Class::Hidden
    } else {
        Class::Countable
    }
}

fn is_prefetch(facts: &RequestFacts<'_>) -> bool {
    [facts.sec_purpose, facts.purpose, facts.x_moz].into_iter().flatten().any(|value| {
        value.split([';', ',', ' ']).any(|word| {
            ["prefetch", "prerender", "preview"].iter().any(|p| word.eq_ignore_ascii_case(p))
        })
    })
}

fn is_hidden(facts: &RequestFacts<'_>) -> bool {
    let differs = |header: Option<&str>, real: &str| {
        header.is_some_and(|value| !value.trim().eq_ignore_ascii_case(real))
    };
    differs(facts.sec_fetch_dest, "document")
        || differs(facts.sec_fetch_mode, "navigate")
        || facts.accept.is_some_and(wants_no_page)
}

/// Browsers ask for a page with `text/html` or `*/*` among what they accept; an image or style
/// sheet loaded by one that sends no `Sec-Fetch-*` names its own kinds first.
fn wants_no_page(accept: &str) -> bool {
    let first = accept.trim_start().get(..6).unwrap_or_default();
    first.eq_ignore_ascii_case("image/") && !accept.contains("text/html")
}
