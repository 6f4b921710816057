//! A server to measure: `redirect_server [seconds] [durable|after-write] [threads] [links] [dir]`.
//!
//! Prints its port on the first line and its counters at the end. The links are those of
//! `Snapshot::of_size`, all for any host at even numbers: `GET /partner-1/campaign-1`.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tributary_edge::{Edge, EdgeConfig, EdgeParts, Snapshot, SnapshotHandle};
use tributary_kernel::{Clock, SystemClock, SystemEntropy};
use tributary_spool::{Durability, RealIo, Spool, SpoolConfig};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let durability = match arguments.next().as_deref() {
        Some("after-write") => Durability::AfterWrite,
        _ => Durability::Durable,
    };
    let threads: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let links: u32 = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let folder = arguments.next().map(PathBuf::from);
    let temporary = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| temporary.path().to_owned());

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let config = SpoolConfig { durability, ..SpoolConfig::new(folder.join("spool"), 1) };
    let (spool, recovery) = Spool::open(config, Arc::new(RealIo), Arc::clone(&clock))?;
    let snapshot = SnapshotHandle::new(Snapshot::of_size(links), clock.now());
    let mut config = EdgeConfig::new("127.0.0.1:0".parse()?, 1, folder.join("salts"));
    config.threads = threads;
    let parts = EdgeParts {
        snapshot,
        spool: Arc::new(spool),
        last_minted: recovery.last_minted,
        clock,
        entropy: Arc::new(SystemEntropy),
    };
    let spool = Arc::clone(&parts.spool);
    let edge = Edge::start(config, parts)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", edge.local_addr().port())?;
    out.flush()?;
    let metrics = edge.metrics();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // A server for measurements must end by itself, whatever becomes of who started it.
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        edge.stop(Duration::from_secs(2)).await;
    });
    for (name, value) in metrics.values() {
        if value > 0 {
            writeln!(out, "{name} {value}")?;
        }
    }
    writeln!(
        out,
        "commit_wait {:?} sum {} us",
        metrics.commit_wait.counts(),
        metrics.commit_wait.sum_us()
    )?;
    writeln!(out, "spool {:?}", spool.stats())?;
    Ok(())
}
