//! What a large installation holds: `snapshot_size write FILE LINKS` makes a kept snapshot,
//! `snapshot_size read FILE` reads it and says how long that took and how much memory it holds.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use tributary_edge::{PlainKeys, Snapshot, SnapshotFile};
use tributary_kernel::{Clock, Stopwatch, SystemClock};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let path = PathBuf::from(arguments.next().ok_or("which file?")?);
    let file = SnapshotFile::new(path, Arc::new(PlainKeys));
    let mut out = std::io::stdout();
    match command.as_str() {
        "write" => {
            let links = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
            let snapshot = Snapshot::of_size(links);
            let watch = Stopwatch::start();
            file.write(&snapshot, SystemClock.now())?;
            writeln!(out, "write_ms {}", watch.elapsed().as_millis())?;
        }
        "read" => {
            let watch = Stopwatch::start();
            let (snapshot, _) = file.read()?.ok_or("no such file")?;
            writeln!(out, "read_ms {}", watch.elapsed().as_millis())?;
            writeln!(out, "links {}", snapshot.links())?;
            writeln!(out, "table_bytes {}", snapshot.bytes())?;
            let status = std::fs::read_to_string("/proc/self/status")?;
            for line in status.lines().filter(|line| line.starts_with("Vm")) {
                if line.starts_with("VmHWM") || line.starts_with("VmRSS") {
                    writeln!(out, "{line}")?;
                }
            }
        }
        _ => return Err("write or read?".into()),
    }
    Ok(())
}
