//! Requests of pages and API, by what they are for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::FORWARDED;
use tributary_kernel::Stopwatch;
use tributary_web::Cidr;

use super::text::{Durations, Page};

/// What requests are for. Few, because each is a series.
const CLASSES: [&str; 5] = ["report", "api", "page", "asset", "operator"];
/// The first digit of a status.
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Place in [`CLASSES`].
fn class_of(path: &str) -> usize {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
    match first {
        "postback" | "p.gif" => 0,
        "v1" if path.starts_with("/v1/conversions") => 0,
        "v1" | "docs" | "openapi.json" => 1,
        "assets" => 3,
        "health" | "ready" => 4,
        _ => 2,
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Requests {
    answered: [[AtomicU64; STATUSES.len()]; CLASSES.len()],
    took: [Durations; CLASSES.len()],
    trusted: Vec<Cidr>,
    forwarded_believed: AtomicU64,
    forwarded_ignored: AtomicU64,
}

impl Requests {
    pub(crate) fn new(trusted: Vec<Cidr>) -> Self {
        Self {
            answered: Default::default(),
            took: Default::default(),
            trusted,
            forwarded_believed: AtomicU64::new(0),
            forwarded_ignored: AtomicU64::new(0),
        }
    }

    /// Whether a proxy stands in front that the configuration does not know of.
    fn saw_headers(&self, headers: &HeaderMap, peer: IpAddr) {
        if !headers.contains_key("x-forwarded-for") && !headers.contains_key(FORWARDED) {
            return;
        }
        let trusted = self.trusted.iter().any(|block| block.contains(peer));
        let counter = if trusted { &self.forwarded_believed } else { &self.forwarded_ignored };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn write(&self, page: &mut Page) {
        let name = "http_requests_total";
        page.family(name, "counter");
        for (class, answered) in CLASSES.iter().zip(&self.answered) {
            for (status, count) in STATUSES.iter().zip(answered).skip(1) {
                let labels = format!("class=\"{class}\",status=\"{status}\"");
                page.value(name, &labels, count.load(Ordering::Relaxed));
            }
        }
        let name = "http_request_seconds";
        page.family(name, "histogram");
        for (class, took) in CLASSES.iter().zip(&self.took) {
            took.write(page, name, &format!("class=\"{class}\""));
        }
        let believed = self.forwarded_believed.load(Ordering::Relaxed);
        page.counter("http_forwarded_believed", believed);
        page.counter("http_forwarded_ignored", self.forwarded_ignored.load(Ordering::Relaxed));
    }
}

/// The outermost layer: counts and times everything.
pub(crate) async fn measured(
    State(requests): State<Arc<Requests>>,
    request: Request,
    next: Next,
) -> Response {
    let watch = Stopwatch::start();
    let class = class_of(request.uri().path());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    requests.saw_headers(request.headers(), peer);
    let response = next.run(request).await;
    let status = usize::from(response.status().as_u16() / 100).clamp(1, STATUSES.len()) - 1;
    requests.answered[class][status].fetch_add(1, Ordering::Relaxed);
    requests.took[class].saw(watch.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_classed_by_their_address() {
        for (path, class) in [
            ("/v1/conversions", "report"),
            ("/v1/conversions/conv_1/refunds", "report"),
            ("/postback", "report"),
            ("/p.gif", "report"),
            ("/v1/links", "api"),
            ("/docs", "api"),
            ("/assets/app.css", "asset"),
            ("/ready", "operator"),
            ("/", "page"),
            ("/payouts/1", "page"),
            ("/v1conversions", "page"),
        ] {
            assert_eq!(CLASSES[class_of(path)], class, "{path}");
        }
    }

    #[test]
    fn a_proxy_that_nobody_named_is_counted() {
        let requests = Requests::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        let (known, stranger) = ("10.1.2.3".parse().unwrap(), "192.0.2.1".parse().unwrap());
        requests.saw_headers(&headers, stranger);
        headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        requests.saw_headers(&headers, known);
        requests.saw_headers(&headers, stranger);
        requests.saw_headers(&headers, stranger);
        let mut page = Page::default();
        requests.write(&mut page);
        let text = page.into_text();
        assert!(text.contains("tributary_http_forwarded_believed_total 1\n"), "{text}");
        assert!(text.contains("tributary_http_forwarded_ignored_total 2\n"), "{text}");
    }
}
