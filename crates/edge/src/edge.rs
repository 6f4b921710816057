//! Starting and stopping: threads, listeners, connections.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tributary_click::{ClickMinter, LastMinted, MintError};
use tributary_kernel::{Clock, Entropy};
use tributary_spool::Spool;

use crate::config::EdgeConfig;
use crate::connections::Connections;
use crate::decision::Spooling;
use crate::destination::normal_destination;
use crate::metrics::EdgeMetrics;
use crate::request::HEAD_BYTES_MAX;
use crate::salts::SaltStore;
use crate::script::Script;
use crate::service::{ConnectionService, Served};
use crate::snapshot::SnapshotHandle;
use crate::worker::{ForgeryLimiter, Shared, Worker};

/// Connections that wait to be accepted, per listener.
const BACKLOG: i32 = 4_096;
/// How often the edge looks after its salts and its spool.
const TICK: Duration = Duration::from_millis(250);
/// Tasks that a runtime runs before it asks the system for news: with more of them per turn more
/// clicks share a wake-up of the committer and an answer of `epoll`.
const TASKS_PER_TURN: u32 = 256;
/// Pause after the system refused a connection (no file descriptors left, most likely).
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// What an edge is made of besides its configuration.
#[derive(Debug)]
pub struct EdgeParts {
    /// Links and programs; kept up to date by a [`SnapshotFeed`](crate::SnapshotFeed).
    pub snapshot: SnapshotHandle,
    /// Where clicks are recorded. The edge is its only writer.
    pub spool: Arc<Spool>,
    /// The last id found when the spool was opened.
    pub last_minted: Option<LastMinted>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for salts.
    pub entropy: Arc<dyn Entropy>,
}

/// Why an edge did not start.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// The address could not be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// A thread or its runtime could not be made.
    #[error("cannot start a thread of the edge: {0}")]
    Thread(io::Error),
    /// No threads asked for.
    #[error("an edge needs at least one thread")]
    NoThreads,
    /// The node is out of range.
    #[error(transparent)]
    Node(#[from] MintError),
    /// The fallback is not an address.
    #[error("the fallback address of the installation is not an absolute http or https address")]
    Fallback,
}

/// The spool has failed and redirects have drained: the process is to end with its own exit code
/// and be started again, into recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpoolFailed;

/// What the threads are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serve,
    /// Accept no more; end connections after their answer.
    Stop,
}

/// Starts edges.
#[derive(Debug)]
pub struct Edge;

impl Edge {
    /// Listens and serves until [`EdgeHandle::stop`].
    ///
    /// # Errors
    /// When the configuration cannot be met; nothing is left running.
    pub fn start(config: EdgeConfig, parts: EdgeParts) -> Result<EdgeHandle, EdgeError> {
        if config.threads == 0 {
            return Err(EdgeError::NoThreads);
        }
        let fallback = match &config.fallback_url {
            Some(text) => Some(normal_destination(text).ok_or(EdgeError::Fallback)?),
            None => None,
        };
        let minter = ClickMinter::new(config.node, parts.last_minted)?;
        let listeners = listeners(&config)?;
        let address = listeners[0].local_addr().map_err(EdgeError::Thread)?;
        let salts =
            SaltStore::open(config.salts_path.clone(), Arc::clone(&parts.clock), parts.entropy);
        let (phase, phases) = watch::channel(Phase::Serve);
        let (failed, failures) = watch::channel(None);
        let (alive, ended) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            config,
            fallback,
            snapshot: parts.snapshot,
            spool: parts.spool,
            minter,
            salts,
            clock: parts.clock,
            metrics: Arc::default(),
            script: Script::new(),
            forgeries: ForgeryLimiter::default(),
            draining: AtomicBool::new(false),
        });
        let mut handle = EdgeHandle {
            shared: Arc::clone(&shared),
            address,
            phase,
            failures,
            ended,
            threads: Vec::new(),
        };
        for (number, listener) in listeners.into_iter().enumerate() {
            let (worker, driver) = Worker::new(Arc::clone(&shared));
            let worker = Arc::new(worker);
            let (phases, alive) = (phases.clone(), alive.clone());
            let thread = spawn(format!("edge-{number}"), async move {
                let driver = tokio::spawn(driver);
                serve(worker, listener, phases).await;
                driver.abort();
                drop(alive);
            })?;
            handle.threads.push(thread);
        }
        let watched = watch_over(Arc::clone(&shared), phases, failed);
        handle.threads.push(spawn("edge-watch".to_owned(), watched)?);
        Ok(handle)
    }
}

/// A running edge. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct EdgeHandle {
    shared: Arc<Shared>,
    address: SocketAddr,
    phase: watch::Sender<Phase>,
    failures: watch::Receiver<Option<SpoolFailed>>,
    /// Ends when the last serving thread has.
    ended: mpsc::Receiver<()>,
    threads: Vec<JoinHandle<()>>,
}

impl EdgeHandle {
    /// Where it listens, with the port that was taken.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Its counters.
    #[must_use]
    pub fn metrics(&self) -> Arc<EdgeMetrics> {
        Arc::clone(&self.shared.metrics)
    }

    /// Microseconds since the source of the snapshot was last heard; `None` before the first.
    #[must_use]
    pub fn snapshot_age_us(&self) -> Option<i64> {
        self.shared.snapshot.age_us(self.shared.clock.now())
    }

    /// Resolves when the spool has failed and the drain is over; never otherwise.
    pub fn spool_failed(&self) -> impl Future<Output = SpoolFailed> + Send + use<> {
        let mut failures = self.failures.clone();
        async move {
            loop {
                let failed = *failures.borrow_and_update();
                if let Some(failed) = failed {
                    return failed;
                }
                if failures.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }

    /// Stops: no new connections, answers under way are finished and end theirs. Connections
    /// that have not ended within `patience` are cut. Records already handed to the spool are
    /// the spool's to finish.
    pub async fn stop(mut self, patience: Duration) {
        self.shared.draining.store(true, Ordering::Relaxed);
        self.phase.send_replace(Phase::Stop);
        let all_ended = tokio::time::timeout(patience, self.ended.recv()).await.is_ok();
        if !all_ended {
            tracing::warn!("edge.stop.connections_cut");
        }
        // The threads end when the sender does.
        let Self { threads, phase, .. } = self;
        drop(phase);
        let joined = tokio::task::spawn_blocking(move || {
            threads.into_iter().map(JoinHandle::join).filter(Result::is_err).count()
        });
        if joined.await.is_ok_and(|panicked| panicked > 0) {
            tracing::error!("edge.stop.thread_panicked");
        }
    }
}

/// One listener per thread on one port; the kernel spreads connections over them.
fn listeners(config: &EdgeConfig) -> Result<Vec<std::net::TcpListener>, EdgeError> {
    let mut address = config.listen;
    let mut listeners = Vec::with_capacity(config.threads);
    for _ in 0..config.threads {
        let listener = listen(address).map_err(|error| EdgeError::Listen { address, error })?;
        // A free port is taken once and then shared.
        address = listener.local_addr().map_err(EdgeError::Thread)?;
        listeners.push(listener);
    }
    Ok(listeners)
}

fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    // Inherited by accepted connections: an answer is one write and must not wait for more.
    socket.set_tcp_nodelay(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn spawn(
    name: String,
    work: impl Future<Output = ()> + Send + 'static,
) -> Result<JoinHandle<()>, EdgeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_PER_TURN)
        .build()
        .map_err(EdgeError::Thread)?;
    std::thread::Builder::new()
        .name(name)
        .spawn(move || runtime.block_on(work))
        .map_err(EdgeError::Thread)
}

/// The life of one thread.
async fn serve(
    worker: Arc<Worker>,
    listener: std::net::TcpListener,
    mut phases: watch::Receiver<Phase>,
) {
    let metrics = Arc::clone(&worker.shared.metrics);
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(error = %error, "edge.listener"),
    };
    let pump = tokio::spawn(Arc::clone(&worker.queue).pump(metrics));
    let (open, mut all_closed) = mpsc::channel::<()>(1);
    let connections = Connections::new(worker.shared.config.head_timeout);
    let sweep = tokio::spawn(Arc::clone(&connections).sweep());
    let server = Server { builder: http(), worker, connections, open };
    loop {
        tokio::select! {
            biased;
            accepted = listener.accept() => server.accepted(accepted).await,
            stopped = phases.changed() => {
                if stopped.is_err() || *phases.borrow() == Phase::Stop {
                    break;
                }
            }
        }
    }
    // Connections that the kernel has already made for this listener would be reset with it.
    while let Some(accepted) = at_once(listener.accept()).await {
        server.accepted(accepted).await;
    }
    drop(listener);
    let Server { worker, open, connections, .. } = server;
    connections.finish();
    drop(open);
    // Until all connections have ended, or the handle has lost its patience.
    tokio::select! {
        _ = all_closed.recv() => {
            worker.queue.close();
            let _ = pump.await;
        }
        () = gone(&mut phases) => {}
    }
    sweep.abort();
}

/// Resolves when the handle is gone.
async fn gone(phases: &mut watch::Receiver<Phase>) {
    while phases.changed().await.is_ok() {}
}

async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

/// How requests are read. Silent connections are [`Connections`]' affair, not hyper's. An answer is
/// one short buffer, for which a plain write is cheaper than a vectored one.
fn http() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .header_read_timeout(None)
        .max_header_size(HEAD_BYTES_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .writev(false)
        .half_close(false)
        .keep_alive(true);
    builder
}

/// What one thread needs to take a connection.
struct Server {
    builder: http1::Builder,
    worker: Arc<Worker>,
    connections: Arc<Connections>,
    /// Held by every connection: when all are gone, so are they.
    open: mpsc::Sender<()>,
}

impl Server {
    async fn accepted(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        let shared = &self.worker.shared;
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(error = %error, "edge.accept");
                // To try again at once would only take the core from those who are served.
                return tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        };
        let open = shared.metrics.connections_open.get();
        if open >= shared.config.connections_max as u64 {
            shared.metrics.connections_refused.one();
            return;
        }
        let counted = OpenConnection::new(Arc::clone(shared));
        let (state, guard) = self.connections.add();
        let service = ConnectionService(Arc::new(Served {
            worker: Arc::clone(&self.worker),
            connections: Arc::clone(&self.connections),
            connection: Arc::clone(&state),
            peer: peer.ip().to_canonical(),
        }));
        let served = self.builder.serve_connection(TokioIo::new(stream), service);
        let open = self.open.clone();
        tokio::spawn(async move {
            // What goes wrong on a connection is the client's affair: nothing to log per
            // connection that a scanner could not fill the disk with.
            state.drive(pin!(served), |served| served.graceful_shutdown()).await;
            drop((guard, counted, open));
        });
    }
}

/// Counts a connection while it lives.
struct OpenConnection(Arc<Shared>);

impl OpenConnection {
    fn new(shared: Arc<Shared>) -> Self {
        shared.metrics.connections.one();
        shared.metrics.connections_open.one();
        Self(shared)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.metrics.connections_open.less_one();
    }
}

/// Looks after salts and spool on a thread of its own, so that their files never hold up a
/// redirect.
async fn watch_over(
    shared: Arc<Shared>,
    mut phases: watch::Receiver<Phase>,
    failed: watch::Sender<Option<SpoolFailed>>,
) {
    loop {
        shared.salts.refresh();
        if shared.spooling() == Spooling::Failed {
            break;
        }
        tokio::select! {
            () = gone(&mut phases) => return,
            // Midnight and a failed spool have no event to wait for.
            () = tokio::time::sleep(TICK) => {}
        }
    }
    tracing::error!(drain_ms = shared.config.spool_failed_drain.as_millis(), "edge.spool_failed");
    // Keep-alive clients and load balancers go elsewhere while redirects still work.
    shared.draining.store(true, Ordering::Relaxed);
    tokio::select! {
        () = gone(&mut phases) => return,
        () = tokio::time::sleep(shared.config.spool_failed_drain) => {}
    }
    failed.send_replace(Some(SpoolFailed));
    gone(&mut phases).await;
}
