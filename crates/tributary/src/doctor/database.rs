//! What the databases promise, read back from the connections that write.

use std::sync::Arc;

use tributary_kernel::{Clock as _, SystemClock, Timestamp};
use tributary_store::engine::{Engine, EngineError, MigrationSet};

use super::Check;
use crate::config::Config;
use crate::open::{self, Engines, OpenError, RECORD_FILE, TOUCHES_FILE};

/// How far the server's clock may be from ours.
const CLOCKS_APART_US_MAX: i64 = 1_000_000;
/// The oldest PostgreSQL that is tested with.
const POSTGRES_MIN: i64 = 150_000;

/// Opens what is there, and makes nothing.
pub(super) async fn open(config: &Config) -> Result<Engines, OpenError> {
    if config.database.url.is_empty() {
        for name in [RECORD_FILE, TOUCHES_FILE] {
            let path = config.folder.join(name);
            std::fs::metadata(&path)
                .map_err(|error| OpenError::Folder { folder: path.display().to_string(), error })?;
        }
    }
    open::engines(config).await
}

pub(super) async fn examine(config: &Config, open: &Result<Engines, OpenError>) -> Vec<Check> {
    let engines = match open {
        Ok(engines) => engines,
        Err(error) => {
            let remedy = match config.database.url.is_empty() {
                true => {
                    "Restore it from a backup; a new installation is made by `tributary setup`."
                }
                false => "See to PostgreSQL, and to database.url.",
            };
            return vec![Check::fail("database", error.to_string(), remedy)];
        }
    };
    let mut checks = vec![schema(engines).await];
    if engines.migrates_itself {
        for (name, engine) in
            [("sqlite_record", &engines.record), ("sqlite_touches", &engines.touches)]
        {
            checks.push(or_fail(name, sqlite(name, engine).await));
        }
    } else {
        match postgres(&engines.record).await {
            Ok(found) => checks.extend(found),
            Err(error) => checks.push(or_fail("postgres", Err(error))),
        }
    }
    checks
}

fn or_fail(name: &'static str, check: Result<Check, EngineError>) -> Check {
    check.unwrap_or_else(|error| {
        let remedy = "Try again; if it stays, look after the database.";
        match error {
            EngineError::Away(_) => Check::warn(name, error.to_string(), remedy),
            _ => Check::fail(name, error.to_string(), remedy),
        }
    })
}

async fn schema(engines: &Engines) -> Check {
    let name = "schema";
    let sets = [
        ("record", &engines.record, MigrationSet::Record),
        ("touches", &engines.touches, MigrationSet::Touches),
    ];
    let mut found = Vec::new();
    for (what, engine, set) in sets {
        let version = match engine.schema_version(set).await {
            Ok(version) => version,
            Err(error) => return or_fail(name, Err(error)),
        };
        let needed = tributary_store_sqlite::newest_version(set);
        if version > needed {
            let seen = format!("{what} has version {version}, this program knows {needed}");
            return Check::fail(name, seen, "Run the newer program that was here before.");
        }
        if version < needed {
            let seen = format!("{what} has version {version}, this program needs {needed}");
            let remedy = match engines.migrates_itself {
                true => "Start `tributary serve`: it brings SQLite up to date by itself.",
                false => "tributary migrate",
            };
            return Check::fail(name, seen, remedy);
        }
        found.push(format!("{what} {version}"));
    }
    Check::ok(name, found.join(", "))
}

/// The settings of a connection that writes, made as `serve` makes its own.
async fn sqlite(name: &'static str, engine: &Arc<dyn Engine>) -> Result<Check, EngineError> {
    let mut tx = engine.begin().await?;
    let synchronous = tx.query("PRAGMA synchronous", vec![]).await?;
    let journal = tx.query("PRAGMA journal_mode", vec![]).await?;
    let synchronous = synchronous.first().map(|row| row.int(0)).transpose()?;
    let journal = journal.first().map(|row| row.text(0).map(str::to_owned)).transpose()?;
    let journal = journal.unwrap_or_default();
    let level = match synchronous {
        Some(0) => "OFF",
        Some(1) => "NORMAL",
        Some(2) => "FULL",
        Some(3) => "EXTRA",
        _ => "?",
    };
    let found = format!("synchronous={level}, journal_mode={journal}");
    if journal == "wal" && matches!(level, "FULL" | "EXTRA") {
        return Ok(Check::ok(name, found));
    }
    let remedy = "Commits are not durable: the folder's file system does not let SQLite have its \
                  log. Use a local disk.";
    Ok(Check::fail(name, found, remedy))
}

const SETTINGS: &str = "SELECT current_setting('fsync'), current_setting('synchronous_commit'), \
    current_setting('full_page_writes'), CAST(current_setting('server_version_num') AS BIGINT), \
    current_setting('server_version'), \
    CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

async fn postgres(engine: &Arc<dyn Engine>) -> Result<Vec<Check>, EngineError> {
    let mut conn = engine.read().await?;
    let before = SystemClock.now();
    let rows = conn.query(SETTINGS, vec![]).await?;
    let after = SystemClock.now();
    let row = rows.first().ok_or_else(|| EngineError::Fault("no settings".to_owned()))?;
    let mut checks = Vec::new();
    for (name, column, good) in [
        ("postgres_fsync", 0, &["on"][..]),
        ("postgres_synchronous_commit", 1, &["on", "local", "remote_write", "remote_apply"][..]),
        ("postgres_full_page_writes", 2, &["on"][..]),
    ] {
        let value = row.text(column)?;
        let setting = name.trim_start_matches("postgres_");
        let found = format!("{setting} = {value}");
        checks.push(if good.contains(&value) {
            Check::ok(name, found)
        } else {
            let remedy = format!("Set {setting} = on: what is acknowledged must outlive a crash.");
            Check::fail(name, found, remedy)
        });
    }
    let found = format!("PostgreSQL {}", row.text(4)?);
    checks.push(if row.int(3)? >= POSTGRES_MIN {
        Check::ok("postgres_version", found)
    } else {
        Check::warn("postgres_version", found, "Tested with PostgreSQL 15 and newer: upgrade.")
    });
    checks.push(clocks(before, Timestamp::from_microsecond(row.int(5)?), after));
    Ok(checks)
}

/// The server's clock lies between ours before and after, but for a second.
fn clocks(before: Timestamp, theirs: Timestamp, after: Timestamp) -> Check {
    let (early, late) = (before.microseconds_since(theirs), theirs.microseconds_since(after));
    let apart = early.max(late).max(0);
    let found = format!("its clock is {} ms from ours", apart / 1_000);
    if apart > CLOCKS_APART_US_MAX {
        return Check::warn("postgres_clock", found, "Run NTP on both machines.");
    }
    Check::ok("postgres_clock", found)
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn clocks_may_be_a_second_apart() {
        let at = Timestamp::from_microsecond;
        assert_eq!(clocks(at(10), at(15), at(20)).verdict, Verdict::Ok);
        assert_eq!(clocks(at(10), at(900_000), at(20)).verdict, Verdict::Ok);
        assert_eq!(clocks(at(10), at(1_100_000), at(20)).verdict, Verdict::Warn);
        assert_eq!(clocks(at(5_000_000), at(3_000_000), at(5_000_010)).verdict, Verdict::Warn);
    }
}
