//! Our clock against what was written by it: nothing on record may lie in the future.

use std::path::Path;

use tributary_click::{ClickId, Entry, LEAD_MS_MAX};
use tributary_kernel::{Clock as _, SystemClock, Timestamp};
use tributary_spool::{Offset, ReadError, RealIo, SpoolReader, segments};
use tributary_store::operate::newest_transfer;

use super::Check;
use crate::config::Config;
use crate::open::{Engines, OpenError, SPOOL_FOLDER};

/// Clocks of several machines differ by less.
const AHEAD_US_MAX: i64 = 2_000_000;
const ENTRIES_PER_READ: usize = 10_000;
const REMEDY: &str = "Set the clock right (NTP). If it is right now and was wrong before, wait until \
                      it has passed that time.";

pub(super) async fn examine(config: &Config, open: &Result<Engines, OpenError>) -> Vec<Check> {
    let now = SystemClock.now();
    let newest = newest_click(&config.folder.join(SPOOL_FOLDER), config.edge.node);
    let mut checks = vec![match newest {
        Ok(newest) => clicks(newest, now),
        Err(error) => Check::warn("clock_clicks", error.to_string(), "See the check `ingest`."),
    }];
    if let Ok(engines) = open {
        let newest = match engines.record.read().await {
            Ok(mut conn) => newest_transfer(&mut *conn).await,
            Err(error) => Err(error),
        };
        checks.push(match newest {
            Ok(newest) => ledger(newest, now),
            Err(error) => {
                Check::warn("clock_ledger", error.to_string(), "See the checks of the database.")
            }
        });
    }
    checks
}

/// The newest id in the last segment; the ones before it are older.
fn newest_click(folder: &Path, node: u8) -> Result<Option<Timestamp>, ReadError> {
    let failed = |source| ReadError::Io { path: folder.to_owned(), source };
    let found = match folder.is_dir() {
        true => segments(&RealIo, folder, node).map_err(failed)?,
        false => Vec::new(),
    };
    let Some(last) = found.last() else { return Ok(None) };
    let reader = SpoolReader::new(folder.to_owned(), node);
    let (mut place, mut newest) = (Offset { segment: *last, byte: 0 }, None);
    loop {
        let batch = reader.read(place, ENTRIES_PER_READ)?;
        let ids = batch.entries.iter().filter_map(|entry| match entry {
            Entry::Click(click) => click.click_id.as_ref().map(ClickId::at),
            _ => None,
        });
        newest = newest.max(ids.max());
        if batch.entries.is_empty() && batch.next == place {
            return Ok(newest);
        }
        place = batch.next;
    }
}

fn clicks(newest: Option<Timestamp>, now: Timestamp) -> Check {
    let name = "clock_clicks";
    let Some(newest) = newest else { return Check::ok(name, "no click id is on record yet") };
    let ahead = newest.microseconds_since(now);
    let found = format!("the newest click id on record was made at {newest}");
    // Ids never step back: after a clock that was ahead, they are made ahead of it, so far.
    if ahead > i64::try_from(LEAD_MS_MAX).unwrap_or(i64::MAX).saturating_mul(1_000) {
        let found = format!("{found}, {} s in the future: no ids are made", ahead / 1_000_000);
        return Check::fail(name, found, REMEDY);
    }
    if ahead > AHEAD_US_MAX {
        return Check::warn(name, format!("{found}, in the future"), REMEDY);
    }
    Check::ok(name, found)
}

fn ledger(newest: Option<Timestamp>, now: Timestamp) -> Check {
    let name = "clock_ledger";
    let Some(newest) = newest else { return Check::ok(name, "nothing is booked yet") };
    let found = format!("the newest transfer was booked at {newest}");
    if newest.microseconds_since(now) > AHEAD_US_MAX {
        return Check::fail(name, format!("{found}, in the future"), REMEDY);
    }
    Check::ok(name, found)
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn nothing_on_record_may_lie_in_the_future() {
        let now = SystemClock.now();
        let at = |seconds| Some(now.plus_seconds(seconds));
        assert_eq!(clicks(None, now).verdict, Verdict::Ok);
        assert_eq!(clicks(at(1), now).verdict, Verdict::Ok);
        assert_eq!(clicks(at(5), now).verdict, Verdict::Warn);
        assert_eq!(clicks(at(60), now).verdict, Verdict::Fail);
        assert_eq!(ledger(None, now).verdict, Verdict::Ok);
        assert_eq!(ledger(at(-5), now).verdict, Verdict::Ok);
        assert_eq!(ledger(at(60), now).verdict, Verdict::Fail);
    }
}
