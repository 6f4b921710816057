//! A thread that owns a session and does one job after the other.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::InterruptHandle;
use tokio::sync::oneshot;
use tributary_store::engine::EngineError;

use crate::session::Session;

const STACK_BYTES: usize = 2 * 1_024 * 1_024;

enum Job {
    Run(Box<dyn FnOnce(&mut Session) + Send>),
    Stop,
}

pub(crate) struct Worker {
    jobs: Sender<Job>,
    interrupt: Arc<Mutex<InterruptHandle>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

impl Worker {
    /// Starts the thread. It ends when told to, or when the worker is dropped.
    pub(crate) fn start(name: String, mut session: Session) -> Result<Self, EngineError> {
        let (jobs, todo) = channel();
        let interrupt = Arc::new(Mutex::new(session.connection.get_interrupt_handle()));
        let current = Arc::clone(&interrupt);
        let work = move || {
            while let Ok(Job::Run(job)) = todo.recv() {
                job(&mut session);
                // A job may have replaced the connection.
                *lock(&current) = session.connection.get_interrupt_handle();
            }
            session.end();
        };
        let thread = std::thread::Builder::new()
            .name(name)
            .stack_size(STACK_BYTES)
            .spawn(work)
            .map_err(|error| EngineError::Fault(format!("cannot start a thread: {error}")))?;
        Ok(Self { jobs, interrupt, thread: Mutex::new(Some(thread)) })
    }

    /// Does a job and waits for its answer; after `limit` the statement is interrupted and the
    /// answer is `Away`. Not done at all if the caller has gone before its turn.
    pub(crate) async fn call<T, F>(&self, limit: Option<Duration>, job: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T, EngineError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.post(move |session| {
            if !answer.is_closed() {
                let _ = answer.send(job(session));
            }
        });
        let answered = match limit {
            None => answered.await,
            Some(limit) => match tokio::time::timeout(limit, answered).await {
                Ok(answered) => answered,
                Err(_) => {
                    self.interrupt();
                    let ms = limit.as_millis();
                    return Err(EngineError::Away(format!("no answer within {ms} ms")));
                }
            },
        };
        answered.unwrap_or_else(|_| Err(EngineError::Away("the database is closed".to_owned())))
    }

    /// Has a job done in its turn, whether or not anybody waits for it.
    pub(crate) fn post(&self, job: impl FnOnce(&mut Session) + Send + 'static) {
        // Fails only after the thread has ended, and then its connection is closed and has rolled
        // back what was open; a waiting caller sees its answer's channel closed.
        let _ = self.jobs.send(Job::Run(Box::new(job)));
    }

    /// Interrupts the statement that is running, if any.
    pub(crate) fn interrupt(&self) {
        lock(&self.interrupt).interrupt();
    }

    /// Ends the thread after the jobs before, and waits until its connection is closed. Blocks.
    pub(crate) fn stop(&self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = lock(&self.thread).take()
            && thread.join().is_err()
        {
            tracing::error!("sqlite.thread_panicked");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
