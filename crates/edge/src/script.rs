//! `/_trib/t.js` and `/t.js`: the script of the landing page.
//!
//! ```html
//! <script async src="https://go.acme.dk/_trib/t.js" data-program="pk_acme" data-host="/_trib"
//!         data-consent="required" data-params="via,ref,aff"></script>
//! ```
//! Attributes: `data-program` (public key); `data-host` (path or address under which the
//! advertiser's own host passes `/_trib/` on to the edge; without it the cookie is set by script);
//! `data-consent` (`required`, the default, or `granted`); `data-params`; `data-click` (default
//! `trib`); `data-cookie` (`_trib`), `data-days` (90) and `data-domain` for cookies set by script.
//!
//! Calls: `tributary('consent', true | false)`, `tributary('id')`, `tributary('fill', form)` (all
//! forms when none is named). Calls before it has loaded are kept by
//! `window.tributary = window.tributary || function () {
//! (tributary.q = tributary.q || []).push(arguments); }`. Event on `window`: `tributary`, with
//! `detail.id` and `detail.consent` (true, false, or null while nobody has said).
//!
//! Nothing is stored before a yes. How it behaves is shown by
//! `assets/t.test.js`, which `tests/script.rs` runs.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::request::text;

const SOURCE: &str = include_str!("../assets/t.js");
/// An hour, then asked again by etag, and used for a day while that is not possible.
const CACHING: HeaderValue =
    HeaderValue::from_static("public, max-age=3600, stale-while-revalidate=86400");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The script and its etag.
#[derive(Debug)]
pub(crate) struct Script {
    etag: HeaderValue,
}

impl Script {
    pub(crate) fn new() -> Self {
        let digest = Sha256::digest(SOURCE.as_bytes());
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("\"{hex}\"")).expect("hexadecimal digits");
        Self { etag }
    }

    pub(crate) fn answer(&self, parts: &Parts) -> Answer {
        let known = text(&parts.headers, &IF_NONE_MATCH).is_some_and(|list| self.is_in(list));
        let mut answer = if known {
            let mut answer = Response::new(Full::default());
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            answer
        } else {
            Response::new(Full::new(Bytes::from_static(SOURCE.as_bytes())))
        };
        let headers = answer.headers_mut();
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, CACHING);
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
        if !known {
            let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
            headers.insert(CONTENT_TYPE, kind);
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        }
        answer
    }

    /// Weak comparison, as `If-None-Match` asks for.
    fn is_in(&self, list: &str) -> bool {
        list.split(',').map(str::trim).any(|tag| {
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == self.etag.as_bytes()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::SOURCE;

    #[test]
    fn it_is_under_two_kilobytes_on_the_wire() {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(SOURCE.as_bytes()).unwrap();
        let bytes = out.finish().unwrap().len();
        assert!(bytes <= 2_048, "{bytes} bytes compressed");
    }

    #[test]
    fn it_is_written_for_old_browsers_and_writes_nothing_into_the_page() {
        for new in ["=>", "let ", "const ", "`", "async ", "await ", "class ", "..."] {
            assert!(!SOURCE.contains(new), "{new:?} is not ES5");
        }
        for dangerous in ["innerHTML", "eval(", "document.write", "localStorage", "sessionStorage"]
        {
            assert!(!SOURCE.contains(dangerous), "{dangerous}");
        }
        assert!(SOURCE.is_ascii());
    }
}
