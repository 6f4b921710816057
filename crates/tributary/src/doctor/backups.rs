//! When the last backup was taken, where it lies, and who can read it.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tributary_kernel::{Clock as _, SystemClock, Timestamp};

use super::Check;
use crate::backup::manifest::LastBackup;
use crate::backup::seal::{Identity, Recipient};
use crate::config::Config;

/// A day, and half of one for a night that was missed.
const AGE_US_MAX: i64 = 36 * 3_600_000_000;
/// A key file is shorter.
const KEY_FILE_BYTES_MAX: u64 = 4 * 1024;

pub(super) fn examine(config: &Config) -> Vec<Check> {
    let last = LastBackup::read(&config.folder);
    let mut checks = vec![age(last.as_ref(), SystemClock.now())];
    checks.extend(last.as_ref().and_then(|last| place(&config.folder, last)));
    checks.push(keys(config, last.as_ref()));
    checks
}

fn age(last: Option<&LastBackup>, now: Timestamp) -> Check {
    let name = "backup_age";
    let remedy = "Run `tributary backup` every night, by a timer.";
    let Some(last) = last else { return Check::warn(name, "there never was a backup", remedy) };
    let hours = now.microseconds_since(last.at) / 3_600_000_000;
    let found = format!("the last backup is {hours} h old, {} bytes, in {}", last.bytes, last.to);
    if now.microseconds_since(last.at) > AGE_US_MAX {
        return Check::warn(name, found, remedy);
    }
    Check::ok(name, found)
}

/// One disk fails as one. A backup that was moved away is where it should be.
fn place(folder: &Path, last: &LastBackup) -> Option<Check> {
    let (here, there) = (fs::metadata(folder).ok()?, fs::metadata(&last.to).ok()?);
    let name = "backup_place";
    if here.dev() == there.dev() {
        let found = format!("{} is on the disk of the installation", last.to);
        return Some(Check::warn(name, found, "Take backups to another machine."));
    }
    Some(Check::ok(name, format!("{} is on another disk", last.to)))
}

/// The backup holds the master key, and so whoever reads it holds everything; unless it is sealed,
/// and the key that opens it is elsewhere.
fn keys(config: &Config, last: Option<&LastBackup>) -> Check {
    let name = "backup_keys";
    let text = &config.backup.recipient;
    if let Some(path) = identity_in(&config.folder) {
        let found = format!("{path} opens the backups and lies beside what they guard");
        return Check::fail(name, found, "Take it away from this machine; keep it in two places.");
    }
    if text.is_empty() {
        let remedy = "Make a key with `tributary keys backup FILE` and put the two lines it prints \
                      into the configuration. Until then guard backups as you do master.key.";
        return Check::warn(name, "backups are not sealed and hold master.key", remedy);
    }
    if let Err(error) = text.parse::<Recipient>() {
        let found = format!("backup.recipient: {error}");
        return Check::fail(
            name,
            found,
            "Copy the line again that `tributary keys backup` printed.",
        );
    }
    if last.is_some_and(|last| !last.sealed) {
        let remedy = "Take a new one, and guard or destroy the old ones.";
        return Check::warn(name, "the last backup was not sealed", remedy);
    }
    Check::ok(name, "backups are sealed; their key is not in the folder")
}

fn identity_in(folder: &Path) -> Option<String> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let small = entry.metadata().is_ok_and(|it| it.is_file() && it.len() <= KEY_FILE_BYTES_MAX);
        let path = entry.path();
        let is_one = |text: String| text.lines().any(|line| line.parse::<Identity>().is_ok());
        if small && fs::read_to_string(&path).is_ok_and(is_one) {
            return Some(path.display().to_string());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SeededEntropy;

    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_backup_is_to_be_of_last_night() {
        let now = SystemClock.now();
        let taken = |hours: i64| LastBackup {
            at: now.plus_seconds(-hours * 3_600),
            to: "b".to_owned(),
            bytes: 1,
            sealed: false,
        };
        assert_eq!(age(None, now).verdict, Verdict::Warn);
        assert_eq!(age(Some(&taken(20)), now).verdict, Verdict::Ok);
        assert_eq!(age(Some(&taken(40)), now).verdict, Verdict::Warn);
    }

    #[test]
    fn the_key_of_backups_is_kept_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::new(&SeededEntropy::new(1));
        let mut config = crate::config::load(None, std::iter::empty()).unwrap();
        config.folder = folder.path().to_owned();
        assert_eq!(keys(&config, None).verdict, Verdict::Warn, "not sealed");
        config.backup.recipient = "trib_backup_to_00".to_owned();
        assert_eq!(keys(&config, None).verdict, Verdict::Fail, "mistyped");
        config.backup.recipient = identity.recipient().to_string();
        assert_eq!(keys(&config, None).verdict, Verdict::Ok);
        let file = folder.path().join("key.txt");
        fs::write(&file, format!("# a key\n{}\n", identity.to_text())).unwrap();
        assert_eq!(keys(&config, None).verdict, Verdict::Fail, "beside what it guards");
    }
}
