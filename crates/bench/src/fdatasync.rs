//! The disk's own share: append and `fdatasync`, with nothing else.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use tributary_kernel::Stopwatch;

use crate::error::{BenchError, During};

/// About what one group commit of the spool writes under load.
const APPEND_BYTES: usize = 4096;

/// Times of single `fdatasync` calls, each after an append, for `duration`.
pub(crate) fn times(folder: &Path, duration: Duration) -> Result<Vec<Duration>, BenchError> {
    let mut file = File::create(folder.join("fdatasync")).during("a file to sync")?;
    let block = [0x5a; APPEND_BYTES];
    let mut times = Vec::new();
    let whole = Stopwatch::start();
    while whole.elapsed() < duration || times.is_empty() {
        file.write_all(&block).during("append")?;
        let one = Stopwatch::start();
        file.sync_data().during("fdatasync")?;
        times.push(one.elapsed());
    }
    Ok(times)
}
