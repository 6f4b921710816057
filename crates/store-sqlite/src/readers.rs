use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tributary_store::engine::EngineError;

use crate::options::SqliteOptions;
use crate::session::{Role, Session};
use crate::worker::Worker;

/// The readers that nobody uses at the moment; the one used last is taken first, its cache is warm.
#[derive(Debug)]
pub(crate) struct Readers {
    all: Vec<Arc<Worker>>,
    idle: Mutex<Vec<Arc<Worker>>>,
    free: Arc<Semaphore>,
}

/// A reader taken from the pool.
#[derive(Debug)]
pub(crate) struct Lease {
    worker: Option<Arc<Worker>>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    pub(crate) fn open(path: &Path, options: &SqliteOptions) -> Result<Self, EngineError> {
        let all = (0..options.readers.max(1))
            .map(|number| {
                let session = Session::open(path, Role::Reader, options)?;
                Worker::start(format!("sqlite-reader-{number}"), session).map(Arc::new)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let free = Arc::new(Semaphore::new(all.len()));
        Ok(Self { idle: Mutex::new(all.clone()), all, free })
    }

    pub(crate) async fn lease(
        self: &Arc<Self>,
        options: &SqliteOptions,
    ) -> Result<Lease, EngineError> {
        let permit = Arc::clone(&self.free).acquire_owned();
        let Ok(permit) = tokio::time::timeout(options.wait, permit).await else {
            let ms = options.wait.as_millis();
            return Err(EngineError::Away(format!("no reader was free within {ms} ms")));
        };
        let permit = permit.map_err(|_| EngineError::Away("the database is closed".to_owned()))?;
        let worker = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lease { worker, readers: Arc::clone(self), _permit: permit })
    }

    /// Ends all threads. Blocks. Whoever still holds a lease gets `Away` from now on.
    pub(crate) fn stop(&self) {
        self.free.close();
        for worker in &self.all {
            worker.stop();
        }
    }
}

impl Lease {
    pub(crate) fn worker(&self) -> &Worker {
        self.worker.as_ref().expect("there are as many idle readers as permits")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(self.worker.take());
    }
}
