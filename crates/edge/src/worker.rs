//! What the threads of an edge share, what each has of its own, and which address is whose.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::body::Incoming;
use tributary_click::{AddressPrefix, ClickId, ClickMinter, Entry};
use tributary_kernel::{Clock, Timestamp};
use tributary_spool::{AppendError, Lane, LaneDriver, Receipt, Spool, SpoolState};

use crate::agents::Agents;
use crate::answer::{self, Answer};
use crate::commit::{CommitQueue, Committed, Waiting};
use crate::config::EdgeConfig;
use crate::decision::Spooling;
use crate::metrics::EdgeMetrics;
use crate::net;
use crate::request::{Heads, TARGET_BYTES_MAX, normal_host, text};
use crate::salts::SaltStore;
use crate::script::Script;
use crate::service::Started;
use crate::snapshot::{Snapshot, SnapshotHandle};

/// Forged ids from one network within a minute before its calls are refused.
const FORGED_PER_MINUTE_MAX: u64 = 60;
const LIMITER_SLOTS: usize = 1_024;

/// What all threads of an edge share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: EdgeConfig,
    pub(crate) fallback: Option<String>,
    pub(crate) snapshot: SnapshotHandle,
    pub(crate) spool: Arc<Spool>,
    pub(crate) minter: ClickMinter,
    pub(crate) salts: SaltStore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<EdgeMetrics>,
    pub(crate) script: Script,
    pub(crate) forgeries: ForgeryLimiter,
    /// Answers close their connections.
    pub(crate) draining: AtomicBool,
}

impl Shared {
    pub(crate) fn spooling(&self) -> Spooling {
        match self.spool.state() {
            SpoolState::Accepting => Spooling::Accepting,
            SpoolState::Full => Spooling::Full,
            SpoolState::Failed => Spooling::Failed,
        }
    }

    /// Believes an id when its MAC is ours; counts it otherwise.
    pub(crate) fn believed(
        &self,
        id: &str,
        snapshot: &Snapshot,
        now: Timestamp,
        client: IpAddr,
    ) -> Option<ClickId> {
        let parsed = id.parse::<ClickId>().ok();
        let ring = snapshot.keyring();
        let good = parsed.filter(|id| ring.is_some_and(|ring| ring.verify(id, now).is_ok()));
        if good.is_none() {
            self.metrics.ids_forged.one();
            self.forgeries.count(client, now);
        }
        good
    }
}

/// What one thread has: the shared state and its own queue of waiting answers.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    lane: Lane,
    /// Where entries are encoded; only this thread takes it.
    scratch: Mutex<Vec<u8>>,
    pub(crate) agents: Agents,
    pub(crate) queue: Arc<CommitQueue<Receipt, AppendError>>,
}

/// Which part of the edge a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Script,
    Landing,
    Consent,
    Live,
    Ready,
    /// Browsers and crawlers ask for these on every host; they are no links.
    Nothing,
    Link,
}

fn route(path: &str) -> Route {
    match path {
        "/_trib/t.js" | "/t.js" => Route::Script,
        "/_trib/landing" => Route::Landing,
        "/_trib/consent" => Route::Consent,
        "/_trib/health" => Route::Live,
        "/_trib/ready" => Route::Ready,
        "/favicon.ico" | "/robots.txt" => Route::Nothing,
        _ if path.starts_with("/_trib/") || path.starts_with("/.well-known/") => Route::Nothing,
        _ => Route::Link,
    }
}

/// Who asks, and under which of our names.
#[derive(Debug)]
pub(crate) struct Visitor<'a> {
    pub(crate) address: IpAddr,
    /// Normalised; empty when the request names none.
    pub(crate) host: std::borrow::Cow<'a, str>,
    pub(crate) country: Option<[u8; 2]>,
}

impl Worker {
    /// A worker, and what has to run on its thread for its lane of the spool.
    pub(crate) fn new(shared: Arc<Shared>) -> (Self, LaneDriver) {
        let wait = std::time::Duration::from_millis(shared.config.redirect_wait_ms_max);
        let (lane, driver) = shared.spool.lane();
        let queue = CommitQueue::new(wait);
        let (scratch, agents) = (Mutex::default(), Agents::default());
        (Self { shared, lane, scratch, agents, queue }, driver)
    }

    /// Begins the answer to one request. Never fails: what is wrong with a request is its answer.
    pub(crate) fn start(self: &Arc<Self>, request: Request<Incoming>, peer: IpAddr) -> Started {
        self.shared.metrics.requests.one();
        let (parts, body) = request.into_parts();
        if target_length(&parts.uri) > TARGET_BYTES_MAX {
            return Started::Done(Some(answer::empty(StatusCode::URI_TOO_LONG)));
        }
        let worker = || Arc::clone(self);
        Started::Done(Some(match route(parts.uri.path()) {
            Route::Link if is_read(&parts.method) => return self.redirect(parts, peer),
            Route::Script if is_read(&parts.method) => self.shared.script.answer(&parts),
            Route::Landing => {
                let worker = worker();
                let answer = async move { worker.landing(&parts, peer).await };
                return Started::Slow(Box::pin(answer));
            }
            Route::Consent => {
                let worker = worker();
                let answer = async move { worker.consent(&parts, body, peer).await };
                return Started::Slow(Box::pin(answer));
            }
            Route::Live => answer::json(StatusCode::OK, r#"{"status":"live"}"#),
            Route::Ready => self.ready(),
            Route::Nothing => answer::not_found(&Bytes::new()),
            Route::Link | Route::Script => answer::not_allowed("GET, HEAD"),
        }))
    }

    fn ready(&self) -> Answer {
        let loaded = self.shared.snapshot.current_at().is_some();
        let draining = self.shared.draining.load(Ordering::Relaxed);
        let (status, body) = match self.shared.spooling() {
            _ if draining => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"stopping"}"#),
            _ if !loaded => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"no_snapshot"}"#),
            Spooling::Accepting => (StatusCode::OK, r#"{"status":"ready"}"#),
            // Redirects go on, but another edge would lose no clicks.
            Spooling::Full => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"spool_full"}"#),
            Spooling::Failed => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"spool_failed"}"#),
        };
        answer::json(status, body)
    }

    /// Hands an entry to the spool.
    pub(crate) fn append(&self, entry: &Entry) -> Receipt {
        let mut bytes = self.scratch.lock().expect("encoding does not panic");
        bytes.clear();
        entry.encode(&mut bytes);
        self.lane.append(&bytes)
    }

    /// Stands in line until the entry is safe.
    pub(crate) fn wait(&self, receipt: Receipt) -> Waiting<Receipt, AppendError> {
        self.queue.wait(receipt)
    }

    /// Appends and waits: an error when the entry is known to be lost.
    pub(crate) async fn append_and_wait(&self, entry: &Entry) -> Result<(), AppendError> {
        let receipt = self.append(entry);
        match self.wait(receipt).await {
            Committed::Yes => {}
            Committed::Unconfirmed => self.shared.metrics.unconfirmed.one(),
            Committed::No(error) => return Err(error),
        }
        Ok(())
    }

    pub(crate) fn visitor<'a>(
        &self,
        headers: &'a HeaderMap,
        heads: &Heads<'a>,
        uri: &'a http::Uri,
        peer: IpAddr,
    ) -> Visitor<'a> {
        let config = &self.shared.config;
        let authority = uri.authority().map(http::uri::Authority::as_str);
        let asked = || {
            let host = authority.or_else(|| heads.host());
            host.and_then(normal_host).unwrap_or_default()
        };
        if !net::is_trusted(&config.trusted_proxies, peer) {
            return Visitor { address: peer, host: asked(), country: None };
        }
        let address = net::client_address(headers, peer, &config.trusted_proxies);
        let host = net::forwarded_host(headers).unwrap_or_else(asked);
        let country = config.country_header.as_ref().and_then(|name| country(headers, name));
        Visitor { address, host, country }
    }
}

fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

fn target_length(uri: &http::Uri) -> usize {
    uri.path().len() + uri.query().map_or(0, str::len)
}

fn country(headers: &HeaderMap, name: &HeaderName) -> Option<[u8; 2]> {
    match text(headers, name)?.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
        }
        _ => None,
    }
}

/// Counts forged ids per network (the prefix that visitor keys use) and minute, in a fixed number
/// of slots; networks that share one share its limit.
#[derive(Debug)]
pub(crate) struct ForgeryLimiter {
    /// Minute in the upper 40 bits, count in the lower 24.
    slots: Box<[AtomicU64]>,
    hasher: std::hash::RandomState,
}

const COUNT_BITS: u32 = 24;

impl Default for ForgeryLimiter {
    fn default() -> Self {
        let slots = (0..LIMITER_SLOTS).map(|_| AtomicU64::new(0)).collect();
        Self { slots, hasher: std::hash::RandomState::new() }
    }
}

impl ForgeryLimiter {
    fn slot(&self, client: IpAddr) -> &AtomicU64 {
        use std::hash::BuildHasher;
        let hash = self.hasher.hash_one(AddressPrefix::of(client));
        let place = usize::try_from(hash % LIMITER_SLOTS as u64).expect("less than the slots");
        &self.slots[place]
    }

    fn minute(now: Timestamp) -> u64 {
        u64::try_from(now.as_second() / 60).unwrap_or(0)
    }

    fn count(&self, client: IpAddr, now: Timestamp) {
        let minute = Self::minute(now);
        let slot = self.slot(client);
        let seen = slot.load(Ordering::Relaxed);
        let count = if seen >> COUNT_BITS == minute { seen & ((1 << COUNT_BITS) - 1) } else { 0 };
        let count = (count + 1).min((1 << COUNT_BITS) - 1);
        // Two at once may count as one; the limit is a rough one.
        slot.store(minute << COUNT_BITS | count, Ordering::Relaxed);
    }

    /// Whether calls of this network are refused for the rest of the minute.
    pub(crate) fn refuses(&self, client: IpAddr, now: Timestamp) -> bool {
        let seen = self.slot(client).load(Ordering::Relaxed);
        let count = seen & ((1 << COUNT_BITS) - 1);
        seen >> COUNT_BITS == Self::minute(now) && count >= FORGED_PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forged_ids_close_the_door_for_their_network_until_the_minute_is_over() {
        let limiter = ForgeryLimiter::default();
        let now = Timestamp::from_microsecond(1_790_000_000_000_000);
        let liar: IpAddr = "192.0.2.7".parse().unwrap();
        for _ in 0..FORGED_PER_MINUTE_MAX {
            assert!(!limiter.refuses(liar, now));
            limiter.count(liar, now);
        }
        assert!(limiter.refuses(liar, now));
        assert!(limiter.refuses("192.0.2.9".parse().unwrap(), now), "the same network");
        assert!(!limiter.refuses(liar, now.plus_seconds(60)));
    }

    #[test]
    fn paths_belong_to_parts() {
        for (path, expected) in [
            ("/anna", Route::Link),
            ("/anna/crm", Route::Link),
            ("/", Route::Link),
            ("/t.js", Route::Script),
            ("/_trib/t.js", Route::Script),
            ("/_trib/consent", Route::Consent),
            ("/_trib/else", Route::Nothing),
            ("/_tribute", Route::Link),
            ("/.well-known/security.txt", Route::Nothing),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
