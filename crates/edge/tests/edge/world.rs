//! An edge with some programs, a client, and the spool's other end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tributary_click::{ClickId, ClickKey, ClickRecord, ConsentRecord, Entry};
use tributary_edge::{
    Edge, EdgeConfig, EdgeHandle, EdgeMetrics, EdgeParts, KeyMaterial, LinkEntry, ProgramEntry,
    ReferralEntry, Snapshot, SnapshotData, SnapshotHandle,
};
use tributary_kernel::{Clock, ManualClock, SeededEntropy, Stopwatch, Timestamp};
use tributary_spool::{Offset, RealIo, Spool, SpoolConfig, SpoolIo, SpoolReader};

pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
pub(crate) const PERSON: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) \
    AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1";
pub(crate) const NOT_FOUND: &str = "<!doctype html><title>404</title>";
const NODE: u8 = 5;

/// What the tests serve: `acme` on consent, `shop` on another basis, `paused`, `testing`.
pub(crate) fn data() -> SnapshotData {
    let program = |number: u8, key: &str, domain: &str| ProgramEntry {
        program: [number; 16],
        owner: [100 + number; 16],
        active: true,
        consent_required: true,
        landing_url: format!("https://www.{domain}/start"),
        allowed_domains: vec![domain.to_owned()],
        public_key: key.to_owned(),
        cookie_days: 90,
        ..ProgramEntry::default()
    };
    let link = |number: u32, program: u8, path: &str| LinkEntry {
        number,
        program: [program; 16],
        path: path.to_owned(),
        referral_code: path.split('/').next().unwrap_or_default().to_owned(),
        active: true,
        ..LinkEntry::default()
    };
    let to = |entry: LinkEntry, url: &str| LinkEntry { destination: Some(url.to_owned()), ..entry };
    SnapshotData {
        cursor: 1,
        programs: vec![
            program(1, "pk_acme", "acme.dk"),
            ProgramEntry {
                consent_required: false,
                cookie_domain: Some("shop.se".to_owned()),
                ..program(2, "pk_shop", "shop.se")
            },
            ProgramEntry {
                active: false,
                fallback_url: Some("https://paused.example/".to_owned()),
                ..program(3, "pk_paused", "paused.example")
            },
            ProgramEntry { test: true, ..program(4, "pk_testing", "testing.example") },
        ],
        links: vec![
            link(1, 1, "anna"),
            to(link(2, 1, "anna/crm"), "https://www.acme.dk/crm?x=1&trib=clk_old#top"),
            LinkEntry {
                host: Some("Go.Acme.dk".to_owned()),
                ..to(link(3, 1, "anna"), "https://www.acme.dk/own-host")
            },
            LinkEntry { active: false, ..to(link(4, 1, "gone"), "https://www.acme.dk/gone") },
            link(10, 2, "bjorn"),
            link(20, 3, "old"),
            link(30, 4, "tester"),
        ],
        referrals: vec![
            ReferralEntry { program: [1; 16], code: "Anna".to_owned(), link_number: 1 },
            ReferralEntry { program: [1; 16], code: "gone".to_owned(), link_number: 4 },
        ],
        keys: KeyMaterial {
            keys: vec![ClickKey { id: 0, secret: [7; 32], verify_until: None }],
            minting: 0,
        },
    }
}

pub(crate) struct World {
    pub(crate) edge: EdgeHandle,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) snapshot: SnapshotHandle,
    spool: Arc<Spool>,
    reader: SpoolReader,
    address: SocketAddr,
    _folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(configure: impl FnOnce(&mut EdgeConfig)) -> Self {
        Self::on(Arc::new(RealIo), configure)
    }

    pub(crate) fn on(io: Arc<dyn SpoolIo>, configure: impl FnOnce(&mut EdgeConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(now));
        let dir = folder.path().join("spool");
        let spool_config = SpoolConfig::new(dir.clone(), NODE);
        let shared_clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let (spool, recovery) =
            Spool::open(spool_config, Arc::clone(&io), Arc::clone(&shared_clock)).unwrap();
        let spool = Arc::new(spool);
        let reader = SpoolReader::with_io(io, dir, NODE).following(spool.committed());
        let snapshot = SnapshotHandle::new(Snapshot::from(data()), now);
        let listen = "127.0.0.1:0".parse().unwrap();
        let mut config = EdgeConfig::new(listen, NODE, folder.path().join("salts"));
        config.threads = 2;
        config.not_found_page = NOT_FOUND.into();
        config.redirect_wait_ms_max = 20_000;
        configure(&mut config);
        let parts = EdgeParts {
            snapshot: snapshot.clone(),
            spool: Arc::clone(&spool),
            last_minted: recovery.last_minted,
            clock: shared_clock,
            entropy: Arc::new(SeededEntropy::new(4)),
        };
        let edge = Edge::start(config, parts).unwrap();
        let address = edge.local_addr();
        Self { edge, clock, snapshot, spool, reader, address, _folder: folder }
    }

    pub(crate) fn metrics(&self) -> Arc<EdgeMetrics> {
        self.edge.metrics()
    }

    /// A request of a person's browser.
    pub(crate) fn get(&self, target: &str) -> Request {
        self.request("GET", target).header("User-Agent", PERSON)
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        let head = format!("{method} {target} HTTP/1.1\r\n");
        Request { address: self.address, method: method.to_owned(), head, host: None, body: None }
    }

    pub(crate) fn connect(&self) -> Client {
        Client::new(self.address)
    }

    /// All entries, once there are at least `count`.
    pub(crate) fn entries(&self, count: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        wait_for(&format!("{count} entries"), || {
            entries = self.reader.read(Offset::START, 100_000).unwrap().entries;
            entries.len() >= count
        });
        entries
    }

    pub(crate) fn only_click(&self) -> ClickRecord {
        let mut entries = self.entries(1);
        assert_eq!(entries.len(), 1, "{entries:?}");
        match entries.pop() {
            Some(Entry::Click(click)) => click,
            other => panic!("not a click: {other:?}"),
        }
    }

    /// The consents on record, once there are at least `count` entries of all kinds.
    pub(crate) fn consents(&self, count: usize) -> Vec<ConsentRecord> {
        let consents = self.entries(count).into_iter().filter_map(|entry| match entry {
            Entry::Consent(consent) => Some(consent),
            _ => None,
        });
        consents.collect()
    }

    pub(crate) fn believes(&self, id: &str) -> bool {
        let id: ClickId = id.parse().unwrap();
        let snapshot = self.snapshot.load();
        snapshot.keyring().unwrap().verify(&id, self.clock.now()).is_ok()
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.spool
    }
}

/// Waits until `holds`, and says what did not come true when it does not.
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let watch = Stopwatch::start();
    while !holds() {
        assert!(watch.elapsed() < DEADLINE, "no {what} within {DEADLINE:?}");
        std::thread::yield_now();
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(DEADLINE, future).await.expect("in time") })
}

/// A request being put together.
pub(crate) struct Request {
    address: SocketAddr,
    method: String,
    head: String,
    host: Option<String>,
    body: Option<String>,
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub(crate) fn headers(self, headers: &[(&str, &str)]) -> Self {
        headers.iter().fold(self, |request, (name, value)| request.header(name, value))
    }

    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    pub(crate) fn send(self) -> Reply {
        let mut client = Client::new(self.address);
        client.write(self.text().as_bytes());
        client.reply(self.method == "HEAD")
    }

    pub(crate) fn text(&self) -> String {
        let host = self.host.as_deref().unwrap_or("trib.example");
        let mut text = format!("{}Host: {host}\r\n", self.head);
        if let Some(body) = &self.body {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(self.body.as_deref().unwrap_or_default());
        text
    }
}

/// A connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    fn fill(&mut self) -> bool {
        let mut chunk = [0; 16 * 1024];
        let read = self.stream.read(&mut chunk).unwrap_or(0);
        self.buffer.extend_from_slice(&chunk[..read]);
        read > 0
    }

    /// Whether the other side closes without another byte.
    pub(crate) fn is_closed(&mut self) -> bool {
        !self.fill() && self.buffer.is_empty()
    }

    /// Bytes of one answer.
    pub(crate) fn reply(&mut self, without_body: bool) -> Reply {
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            assert!(self.fill(), "closed before an answer: {:?}", self.buffer);
        };
        let head = String::from_utf8(self.buffer.drain(..end + 4).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_ascii_lowercase(), value.to_owned())
            })
            .collect();
        let mut reply = Reply { status, headers, body: String::new() };
        let length = reply.header("content-length").map_or(0, |text| text.parse().unwrap());
        if !without_body {
            while self.buffer.len() < length {
                assert!(self.fill(), "closed within a body");
            }
            let body = self.buffer.drain(..length).collect();
            reply.body = String::from_utf8(body).unwrap();
        }
        reply
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 302, "{self:?}");
        self.header("location").unwrap()
    }

    /// The click id in the `Location`.
    pub(crate) fn id(&self) -> Option<String> {
        let query = self.location().split_once('?')?.1;
        let value = query.split(['&', '#']).find_map(|pair| pair.strip_prefix("trib="))?;
        Some(value.to_owned())
    }

    /// The `Location` with the id replaced by `ID`, for comparing.
    pub(crate) fn shape(&self) -> String {
        match self.id() {
            Some(id) => self.location().replace(&id, "ID"),
            None => self.location().to_owned(),
        }
    }

    /// The id in the JSON of a landing.
    pub(crate) fn json_id(&self) -> Option<String> {
        assert_eq!(self.status, 200, "{self:?}");
        let json: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        json["id"].as_str().map(str::to_owned)
    }
}

impl World {
    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }
}
