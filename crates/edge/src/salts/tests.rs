use tempfile::TempDir;
use tributary_kernel::{ManualClock, SeededEntropy};

use super::*;

fn start() -> Timestamp {
    "2026-03-01T23:59:00Z".parse().unwrap()
}

fn store(folder: &TempDir, clock: &Arc<ManualClock>, seed: u64) -> SaltStore {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    SaltStore::open(folder.path().join("salts"), clock, Arc::new(SeededEntropy::new(seed)))
}

fn prefix(address: &str) -> AddressPrefix {
    AddressPrefix::of(address.parse().unwrap())
}

fn key(store: &SaltStore, at: Timestamp) -> [u8; 16] {
    store.visitor_key(at, &[1; 16], prefix("192.0.2.7"), &AgentDigest::of("agent")).unwrap()
}

#[test]
fn keys_are_those_of_the_one_definition() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(start()));
    let edge = store(&folder, &clock, 1);
    let kept = decode(&fs::read(folder.path().join("salts")).unwrap()).unwrap();
    for (address, agent) in [("192.0.2.7", "agent"), ("2001:db8:7::1", ""), ("::1", "å")] {
        let (prefix, agent) = (prefix(address), AgentDigest::of(agent));
        let key = edge.visitor_key(start(), &[1; 16], prefix, &agent);
        assert_eq!(key, Some(VisitorKeys::new(&kept[0].salt).key(&[1; 16], prefix, &agent)));
    }
}

#[test]
fn two_edges_share_salts_and_a_restart_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(start()));
    let one = store(&folder, &clock, 1);
    let two = store(&folder, &clock, 2);
    assert_eq!(key(&one, clock.now()), key(&two, clock.now()));
    clock.advance_seconds(120);
    two.refresh();
    one.refresh();
    assert_eq!(key(&one, clock.now()), key(&two, clock.now()));
    assert_ne!(key(&one, clock.now()), key(&one, start()), "another day, another salt");
    let again = store(&folder, &clock, 3);
    assert_eq!(key(&again, clock.now()), key(&one, clock.now()));
    assert_eq!(key(&again, start()), key(&one, start()));
}

#[test]
fn salts_are_gone_after_48_hours_from_memory_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(start()));
    let path = folder.path().join("salts");
    let edge = store(&folder, &clock, 1);
    let first = key(&edge, start());
    let first_salt = decode(&fs::read(&path).unwrap()).unwrap()[0].salt;
    // Whoever held the old file open must not find it there either.
    let mut held = File::open(&path).unwrap();
    clock.advance_seconds(2 * 86_400);
    edge.refresh();
    assert_ne!(key(&edge, start()), first, "the newest stands in for a day that is gone");
    let kept = fs::read(&path).unwrap();
    assert!(!kept.windows(32).any(|window| window == first_salt));
    let mut old = Vec::new();
    held.read_to_end(&mut old).unwrap();
    assert!(!old.is_empty() && old.iter().all(|byte| *byte == 0), "{old:?}");
}

#[test]
fn a_damaged_file_is_replaced_and_a_missing_folder_survived() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(start()));
    let path = folder.path().join("salts");
    fs::write(&path, b"nonsense").unwrap();
    let _edge = store(&folder, &clock, 1);
    let kept = decode(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].day.to_string(), "2026-03-01");
    let clock: Arc<dyn Clock> = clock;
    let nowhere = folder.path().join("none/salts");
    let edge = SaltStore::open(nowhere, clock, Arc::new(SeededEntropy::new(1)));
    assert!(
        edge.visitor_key(start(), &[1; 16], prefix("::"), &AgentDigest::of("")).is_some(),
        "in memory alone"
    );
}

#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(start()));
    let _edge = store(&folder, &clock, 1);
    let mode = fs::metadata(folder.path().join("salts")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

proptest::proptest! {
    #[test]
    fn any_bytes_decode_or_do_not(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}
