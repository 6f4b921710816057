use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderName;

use crate::net::Cidr;

/// How the edge listens and behaves. Texts for people come in here, rendered by whoever knows
/// languages.
#[derive(Debug, Clone)]
pub struct EdgeConfig {
    /// Address of the listeners; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Threads, each with a runtime and a listener of its own (`SO_REUSEPORT`).
    pub threads: usize,
    /// Proxies whose `X-Forwarded-For`, `X-Forwarded-Host` and `Forwarded` are believed; nobody
    /// else's are.
    pub trusted_proxies: Vec<Cidr>,
    /// Header in which a trusted proxy gives the visitor's country (ISO 3166-1 alpha-2).
    pub country_header: Option<HeaderName>,
    /// Longest wait of a redirect for the spool; it then goes unconfirmed, and is counted.
    pub redirect_wait_ms_max: u64,
    /// Name of the cookie that holds a click id.
    pub own_cookie_name: String,
    /// The node in minted click ids, 0 to 63; one running edge per node.
    pub node: u8,
    /// Where requests go that name no link; without it they get [`EdgeConfig::not_found_page`].
    pub fallback_url: Option<String>,
    /// The page, complete HTML, for requests that name no link.
    pub not_found_page: Bytes,
    /// File of the daily salts; edges on one machine share it.
    pub salts_path: PathBuf,
    /// Connections in all; beyond them new ones are closed at once, and counted.
    pub connections_max: usize,
    /// Time that a client may take for the head of a request, idle keep-alive included.
    pub head_timeout: Duration,
    /// Time, after the spool has failed, in which redirects still go by referral code before
    /// [`SpoolFailed`](crate::SpoolFailed) is signalled.
    pub spool_failed_drain: Duration,
}

impl EdgeConfig {
    /// What an installation begins with.
    #[must_use]
    pub fn new(listen: SocketAddr, node: u8, salts_path: PathBuf) -> Self {
        Self {
            listen,
            threads: std::thread::available_parallelism().map_or(1, |n| n.get().div_ceil(2)),
            trusted_proxies: Vec::new(),
            country_header: None,
            redirect_wait_ms_max: 250,
            own_cookie_name: "_trib".to_owned(),
            node,
            fallback_url: None,
            not_found_page: Bytes::new(),
            salts_path,
            connections_max: 16_384,
            head_timeout: Duration::from_secs(30),
            spool_failed_drain: Duration::from_secs(5),
        }
    }
}
