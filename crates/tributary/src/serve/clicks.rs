//! Ingest: the spool of this machine becomes touches.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tributary_app::App;
use tributary_app::ingest::{
    ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError, Ingest, IngestError,
    ingest_batch,
};
use tributary_spool::{Offset, ReadError, SpoolReader};

use super::metrics::Metrics;
use super::pause;
use crate::backup::hold::Gate;
use crate::config::Config;

/// Entries made into touches in one transaction.
const ENTRIES_PER_BATCH: usize = 10_000;
/// Pause after a fault, so that a database that is away is not asked without end.
const FAULT_PAUSE: Duration = Duration::from_secs(2);

/// A spool in a folder of this machine.
#[derive(Debug)]
pub(crate) struct FolderSource {
    reader: SpoolReader,
    node: u8,
    gate: Arc<Gate>,
}

const fn offset(place: ClickPlace) -> Offset {
    Offset { segment: place.segment, byte: place.byte }
}

fn source_error(error: &ReadError) -> ClickSourceError {
    match error {
        ReadError::Io { .. } => ClickSourceError::Away(error.to_string()),
        _ => ClickSourceError::Damaged(error.to_string()),
    }
}

#[async_trait]
impl ClickSource for FolderSource {
    fn node(&self) -> u8 {
        self.node
    }

    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError> {
        let (reader, gate) = (self.reader.clone(), Arc::clone(&self.gate));
        // What stands before `from` is in touches: its segments can go, unless a backup is taken.
        let read = tokio::task::spawn_blocking(move || {
            gate.pass(|| reader.release(offset(from))).transpose()?;
            reader.read(offset(from), entries_max)
        });
        let batch = read
            .await
            .map_err(|error| ClickSourceError::Away(error.to_string()))?
            .map_err(|error| source_error(&error))?;
        let next = ClickPlace { segment: batch.next.segment, byte: batch.next.byte };
        Ok(ClickBatch { entries: batch.entries, next })
    }

    async fn lag(&mut self, from: ClickPlace) -> Result<ClickLag, ClickSourceError> {
        let reader = self.reader.clone();
        let lag = tokio::task::spawn_blocking(move || reader.lag(offset(from)))
            .await
            .map_err(|error| ClickSourceError::Away(error.to_string()))?
            .map_err(|error| source_error(&error))?;
        Ok(ClickLag { segments: lag.segments, bytes: lag.bytes })
    }
}

/// Reads the spool until it is time to stop.
pub(crate) fn ingest(
    app: App,
    reader: SpoolReader,
    config: &Config,
    metrics: Arc<Metrics>,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<impl Future<Output = ()> + Send + use<>> {
    let idle = Duration::from_millis(config.jobs.ingest_interval_milliseconds);
    let gate = Arc::new(Gate::new(&config.folder)?);
    let mut source = FolderSource { reader, node: config.edge.node, gate };
    Ok(async move {
        let mut ingest = Ingest::new();
        let mut failing = false;
        loop {
            let length = match ingest_batch(&app, &mut ingest, &mut source, ENTRIES_PER_BATCH).await
            {
                Ok(report) => {
                    failing = false;
                    metrics.ingested(&report);
                    if report.entries > 0 { Duration::ZERO } else { idle }
                }
                Err(error) => {
                    metrics.ingest_failed();
                    // Once per outage; damage is told each time, since a person must act.
                    let damaged =
                        matches!(error, IngestError::Source(ClickSourceError::Damaged(_)));
                    if damaged {
                        tracing::error!(%error, "ingest.spool_damaged");
                    } else if !failing {
                        tracing::error!(%error, "ingest.failed");
                    }
                    failing = true;
                    FAULT_PAUSE
                }
            };
            if pause(&mut stopping, length).await {
                return;
            }
        }
    })
}
