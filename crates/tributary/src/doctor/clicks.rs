//! The click log: what waits in it, and what was set aside.

use std::path::Path;

use tributary_click::Entry;
use tributary_kernel::{Clock as _, SystemClock};
use tributary_spool::{Offset, ReadError, SpoolReader};
use tributary_store::touches;

use super::Check;
use crate::config::Config;
use crate::open::{Engines, OpenError, SPOOL_FOLDER};

/// How old the next entry to be read may be.
const WAITS_US_WARN: i64 = 60_000_000;
const WAITS_US_FAIL: i64 = 3_600_000_000;

pub(super) async fn examine(config: &Config, open: &Result<Engines, OpenError>) -> Vec<Check> {
    let folder = config.folder.join(SPOOL_FOLDER);
    let mut checks = vec![set_aside(&folder)];
    let Ok(engines) = open else { return checks };
    let node = config.edge.node;
    let offset = match engines.touches.read().await {
        Ok(mut conn) => touches::offset(&mut *conn, node).await,
        Err(error) => Err(error),
    };
    checks.push(match offset {
        Ok(at) => {
            ingest(&SpoolReader::new(folder, node), Offset { segment: at.segment, byte: at.byte })
        }
        Err(error) => Check::warn("ingest", error.to_string(), "See the checks of the database."),
    });
    checks
}

fn set_aside(folder: &Path) -> Check {
    let names = std::fs::read_dir(folder).map(|entries| {
        let names = entries.flatten().map(|it| it.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".quarantine")).collect::<Vec<_>>()
    });
    match names {
        Ok(names) if names.is_empty() => Check::ok("spool_quarantine", "nothing was set aside"),
        Ok(names) => {
            let found = format!("{} stretches were set aside: {}", names.len(), names.join(", "));
            let remedy = "Find out what the disk did; keep the files as long as somebody may ask \
                          for a click.";
            Check::warn("spool_quarantine", found, remedy)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::ok("spool_quarantine", "there is no click log yet")
        }
        Err(error) => Check::fail("spool_quarantine", error.to_string(), "Mend the disk."),
    }
}

fn ingest(reader: &SpoolReader, from: Offset) -> Check {
    let name = "ingest";
    let damaged = "Look at it with `tributary spool quarantine`: clicks wait behind it.";
    let lag = match reader.lag(from) {
        Ok(lag) => lag,
        Err(error) => return Check::fail(name, error.to_string(), "Mend the disk."),
    };
    let first = match reader.read(from, 1) {
        Ok(batch) => batch.entries.first().map(Entry::at),
        Err(error @ ReadError::Io { .. }) => {
            return Check::fail(name, error.to_string(), "Mend the disk.");
        }
        Err(error @ ReadError::Missing { .. }) => {
            let remedy = "The click log and the database are not of one time: restore both from \
                          one backup.";
            return Check::fail(name, error.to_string(), remedy);
        }
        Err(error) => return Check::fail(name, error.to_string(), damaged),
    };
    let Some(first) = first else { return Check::ok(name, "everything in the log is taken in") };
    let waits = SystemClock.now().microseconds_since(first);
    let found = format!("{} bytes wait, the oldest since {first}", lag.bytes);
    let remedy = "Start `tributary serve`; if it runs, its log says why ingest stands still.";
    if waits <= WAITS_US_WARN {
        Check::ok(name, found)
    } else if waits <= WAITS_US_FAIL {
        Check::warn(name, found, remedy)
    } else {
        Check::fail(name, found, remedy)
    }
}
