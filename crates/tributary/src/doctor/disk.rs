//! The folder's files, its disk's room, and how fast the disk syncs.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::Duration;

use tributary_kernel::{Clock as _, Stopwatch, SystemClock};

use super::Check;
use crate::config::Config;

/// Syncs that are measured, or as many as there is time for.
const SYNCS_MAX: usize = 300;
const SYNCS_TIME: Duration = Duration::from_secs(2);
/// A write of a few clicks.
const WRITE_BYTES: usize = 4 * 1024;
/// A visitor waits for this.
const P99_MAX: Duration = Duration::from_millis(50);
/// Faster than any disk that keeps what it was given.
const P50_MIN: Duration = Duration::from_micros(8);
/// How far the wall clock may run apart from the monotonic one while the disk is measured.
const APART_US_MAX: i64 = 100_000;
const PROBE: &str = "doctor.probe";
const KEYS: [&str; 2] = ["master.key", "tree.key"];

/// The folder and the keys in it.
pub(super) fn files(config: &Config) -> Vec<Check> {
    let folder = &config.folder;
    let mut checks = vec![closed("folder", folder, "700", None)];
    let owner = fs::metadata(folder).map(|it| it.uid()).ok();
    for key in KEYS {
        let name = if key == KEYS[0] { "master_key" } else { "tree_key" };
        checks.push(closed(name, &folder.join(key), "600", owner));
    }
    checks
}

/// Whether nobody else may read it, and it belongs to whom the folder does.
fn closed(name: &'static str, path: &Path, mode: &str, owner: Option<u32>) -> Check {
    let shown = path.display();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let remedy = "Bring it back from a backup; in a new installation the first start makes \
                          it.";
            return Check::fail(name, format!("{shown} is missing"), remedy);
        }
        Err(error) => {
            let remedy = "Run this as the user that tributary runs as.";
            return Check::fail(name, format!("{shown}: {error}"), remedy);
        }
    };
    if metadata.mode() & 0o077 != 0 {
        let found = format!("{shown} is open to others (mode {:o})", metadata.mode() & 0o777);
        return Check::fail(name, found, format!("chmod {mode} {shown}"));
    }
    if owner.is_some_and(|owner| owner != metadata.uid()) {
        let found = format!("{shown} belongs to another user than its folder");
        return Check::fail(name, found, format!("chown --reference={} {shown}", parent(path)));
    }
    Check::ok(name, format!("{shown} is closed to others (mode {:o})", metadata.mode() & 0o777))
}

fn parent(path: &Path) -> String {
    path.parent().unwrap_or(path).display().to_string()
}

/// How long the folder's disk takes to sync, and whether the clock stood still meanwhile.
pub(super) fn latency(config: &Config) -> (Check, Check) {
    let path = config.folder.join(PROBE);
    let (wall, watch) = (SystemClock.now(), Stopwatch::start());
    let measured = measure(&path);
    // It may not have been made.
    let _ = fs::remove_file(&path);
    let elapsed = i64::try_from(watch.elapsed().as_micros()).unwrap_or(i64::MAX);
    let apart = SystemClock.now().microseconds_since(wall) - elapsed;
    let clock = if apart.abs() > APART_US_MAX {
        let found = format!("the clock moved by {} ms while it was watched", apart / 1_000);
        let remedy = "Let NTP slew the clock instead of stepping it (chrony, systemd-timesyncd).";
        Check::warn("clock_steady", found, remedy)
    } else {
        Check::ok("clock_steady", "the wall clock runs as the monotonic one does")
    };
    let latency = match measured {
        Ok(times) => judge(&times),
        Err(error) => {
            let found = format!("{}: {error}", path.display());
            Check::fail("disk_sync", found, "Make room, and mend the disk or its permissions.")
        }
    };
    (latency, clock)
}

fn measure(path: &Path) -> io::Result<Vec<Duration>> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let (bytes, whole) = ([7; WRITE_BYTES], Stopwatch::start());
    let mut times = Vec::new();
    while times.len() < SYNCS_MAX && (whole.elapsed() < SYNCS_TIME || times.is_empty()) {
        file.write_all(&bytes)?;
        let watch = Stopwatch::start();
        file.sync_data()?;
        times.push(watch.elapsed());
    }
    times.sort_unstable();
    Ok(times)
}

/// `times` ascending.
fn judge(times: &[Duration]) -> Check {
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let (p50, p99) = (at(50), at(99));
    let found = format!(
        "a sync takes {:.2} ms (p50), {:.2} ms (p99), over {} syncs",
        p50.as_secs_f64() * 1e3,
        p99.as_secs_f64() * 1e3,
        times.len()
    );
    if p99 > P99_MAX {
        let remedy = "Visitors wait for it: put the folder on a faster disk, or see who else uses \
                      this one.";
        return Check::warn("disk_sync", found, remedy);
    }
    if p50 < P50_MIN {
        let remedy = "No disk is that fast: this one is memory, or says yes before it has written. \
                      A power cut then loses what was acknowledged.";
        return Check::warn("disk_sync", found, remedy);
    }
    Check::ok("disk_sync", found)
}

/// Free room in bytes and files.
pub(super) fn space(config: &Config) -> Vec<Check> {
    let found = match rustix::fs::statvfs(&config.folder) {
        Ok(found) => found,
        Err(error) => {
            let found = format!("{}: {error}", config.folder.display());
            return vec![Check::fail("disk_space", found, "Mend the disk.")];
        }
    };
    let free_mib = found.f_bavail.saturating_mul(found.f_frsize) >> 20;
    let mut checks =
        vec![room("disk_space", "MiB", free_mib, percent(found.f_bavail, found.f_blocks), 1_024)];
    // Some file systems have no such limit and say 0.
    if found.f_files > 0 {
        let percent = percent(found.f_favail, found.f_files);
        checks.push(room("disk_inodes", "inodes", found.f_favail, percent, 1_000));
    }
    checks
}

fn percent(free: u64, all: u64) -> u64 {
    free.saturating_mul(100) / all.max(1)
}

fn room(name: &'static str, unit: &str, free: u64, percent: u64, free_min: u64) -> Check {
    let found = format!("{free} {unit} are free ({percent} %)");
    let remedy = "Make room: without it clicks are not recorded and the API answers 503.";
    if free < free_min {
        return Check::fail(name, found, remedy);
    }
    if percent < 10 && free < free_min * 20 {
        return Check::warn(name, found, remedy);
    }
    Check::ok(name, found)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::Verdict;
    use super::*;

    #[test]
    fn disks_are_judged_by_their_syncs() {
        let all = |us: u64| vec![Duration::from_micros(us); 100];
        assert_eq!(judge(&all(1_500)).verdict, Verdict::Ok);
        assert_eq!(judge(&all(80_000)).verdict, Verdict::Warn, "slow");
        assert_eq!(judge(&all(1)).verdict, Verdict::Warn, "too good to be true");
        assert_eq!(judge(&[Duration::from_millis(1)]).verdict, Verdict::Ok, "a single one");
    }

    #[test]
    fn room_is_judged_by_share_and_amount() {
        assert_eq!(room("a", "MiB", 50_000, 50, 1_024).verdict, Verdict::Ok);
        assert_eq!(room("a", "MiB", 50_000, 5, 1_024).verdict, Verdict::Ok, "a large disk");
        assert_eq!(room("a", "MiB", 5_000, 5, 1_024).verdict, Verdict::Warn);
        assert_eq!(room("a", "MiB", 500, 90, 1_024).verdict, Verdict::Fail, "a small disk");
    }

    #[test]
    fn a_key_that_others_may_read_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert_eq!(closed("k", &path, "600", None).verdict, Verdict::Fail, "missing");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let check = closed("k", &path, "600", None);
        assert_eq!(check.verdict, Verdict::Fail);
        assert!(check.remedy.unwrap().starts_with("chmod 600 "));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let owner = fs::metadata(&path).unwrap().uid();
        assert_eq!(closed("k", &path, "600", Some(owner)).verdict, Verdict::Ok);
        assert_eq!(closed("k", &path, "600", Some(owner + 1)).verdict, Verdict::Fail);
    }

    #[test]
    fn the_disk_under_the_tests_can_be_measured() {
        let folder = tempfile::tempdir().unwrap();
        let times = measure(&folder.path().join(PROBE)).unwrap();
        assert!(!times.is_empty() && times.is_sorted());
    }
}
