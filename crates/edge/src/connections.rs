//! The connections of one thread: which are open, which have been silent for too long, and how
//! they are told to end.
//!
//! hyper's own time limit for the head of a request makes and drops a timer per request. Here a
//! connection notes the tick at which it became idle, and one task per thread looks at all of
//! them once per tick.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::time::Duration;

/// Ticks within the time that a client may be silent: it is cut at most an eighth too late.
const TICKS_PER_PATIENCE: u32 = 8;

const ORDER_NONE: u8 = 0;
/// End after the answer under way.
const ORDER_FINISH: u8 = 1;
/// End now.
const ORDER_CUT: u8 = 2;

/// The connections of one thread.
#[derive(Debug)]
pub(crate) struct Connections {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
    tick: AtomicU64,
    finishing: AtomicBool,
    patience: Duration,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Connection {
    /// A request is being answered.
    busy: AtomicBool,
    /// Tick at which it was last made or idle.
    idle_since: AtomicU64,
    order: AtomicU8,
    task: Mutex<Option<Waker>>,
}

impl Connections {
    pub(crate) fn new(patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            open: Mutex::default(),
            next: AtomicU64::new(0),
            tick: AtomicU64::new(0),
            finishing: AtomicBool::new(false),
            patience,
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.open.lock().expect("nothing panics while it holds the connections")
    }

    /// Adds one; it is taken out when the guard goes.
    pub(crate) fn add(self: &Arc<Self>) -> (Arc<Connection>, OpenGuard) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let finishing = self.finishing.load(Ordering::Relaxed);
        let connection = Arc::new(Connection {
            busy: AtomicBool::new(false),
            idle_since: AtomicU64::new(self.tick.load(Ordering::Relaxed)),
            order: AtomicU8::new(if finishing { ORDER_FINISH } else { ORDER_NONE }),
            task: Mutex::default(),
        });
        self.open().insert(number, Arc::clone(&connection));
        (connection, OpenGuard { number, connections: Arc::clone(self) })
    }

    /// Cuts the silent ones, for ever.
    pub(crate) async fn sweep(self: Arc<Self>) {
        loop {
            // A coarse clock for all connections: a timer of each would cost every request.
            tokio::time::sleep(self.patience / TICKS_PER_PATIENCE).await;
            let tick = self.tick.fetch_add(1, Ordering::Relaxed) + 1;
            for connection in self.open().values() {
                let since = connection.idle_since.load(Ordering::Relaxed);
                let silent = tick.saturating_sub(since) > u64::from(TICKS_PER_PATIENCE);
                if silent && !connection.busy.load(Ordering::Relaxed) {
                    connection.give(ORDER_CUT);
                }
            }
        }
    }

    /// Lets all of them, and those to come, end after the answer under way.
    pub(crate) fn finish(&self) {
        self.finishing.store(true, Ordering::Relaxed);
        self.open().values().for_each(|connection| connection.give(ORDER_FINISH));
    }
}

impl Connection {
    /// A request has come; the connection is not silent until it is answered.
    pub(crate) fn busy(&self) {
        self.busy.store(true, Ordering::Relaxed);
    }

    /// It is answered.
    pub(crate) fn idle(&self, connections: &Connections) {
        self.idle_since.store(connections.tick.load(Ordering::Relaxed), Ordering::Relaxed);
        self.busy.store(false, Ordering::Relaxed);
    }

    fn give(&self, order: u8) {
        self.order.fetch_max(order, Ordering::Relaxed);
        let task = self.task.lock().expect("nothing panics while it holds the waker").clone();
        if let Some(task) = task {
            task.wake();
        }
    }

    /// Drives `served` until it ends or is cut; `finish` is called once when it is to end after
    /// its answer.
    pub(crate) async fn drive<F: Future>(
        &self,
        mut served: Pin<&mut F>,
        finish: impl Fn(Pin<&mut F>),
    ) {
        let (mut known, mut finished) = (false, false);
        poll_fn(|context| {
            if !known {
                // A task keeps its waker for life.
                let mut task = self.task.lock().expect("nothing panics while it holds the waker");
                *task = Some(context.waker().clone());
                known = true;
            }
            match self.order.load(Ordering::Relaxed) {
                ORDER_CUT => return Poll::Ready(()),
                ORDER_FINISH if !finished => {
                    finished = true;
                    finish(served.as_mut());
                }
                _ => {}
            }
            served.as_mut().poll(context).map(drop)
        })
        .await;
    }
}

/// Takes a connection out of its thread's list.
#[derive(Debug)]
pub(crate) struct OpenGuard {
    number: u64,
    connections: Arc<Connections>,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.connections.open().remove(&self.number);
    }
}
