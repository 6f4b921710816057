use std::time::Duration;

/// How a database file is used. The default suits one machine with a few gigabytes of memory.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Reader connections, each with a thread. At least one.
    pub readers: usize,
    /// How long `begin` and `read` wait for their turn before they say `Away`.
    pub wait: Duration,
    /// How long one statement, look-up or bulk insert may take before it is interrupted and the
    /// call says `Away`. Commits, migrations and backups are not interrupted.
    pub statement: Duration,
    /// How long SQLite itself waits for a lock that another process holds on the file.
    pub busy: Duration,
    /// The writer's page cache, at most, in KiB.
    pub writer_cache_kib: u32,
    /// Each reader's page cache, at most, in KiB.
    pub reader_cache_kib: u32,
    /// Pages (of 4 KiB) by which the write-ahead log grows before a checkpoint is made. More is
    /// faster; the log's file is at least this long, and is read again after a crash.
    pub checkpoint_pages: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            wait: Duration::from_secs(10),
            statement: Duration::from_secs(30),
            busy: Duration::from_secs(5),
            writer_cache_kib: 16 * 1_024,
            reader_cache_kib: 4 * 1_024,
            checkpoint_pages: 8_192,
        }
    }
}
