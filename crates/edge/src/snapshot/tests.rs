use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use proptest::prelude::*;
use tokio::sync::watch;
use tributary_click::ClickKey;
use tributary_kernel::{Clock, ManualClock, Stopwatch};

use super::*;

const NOW: Timestamp = Timestamp::from_microsecond(1_790_000_000_000_000);

fn program(number: u8) -> ProgramEntry {
    ProgramEntry {
        program: [number; 16],
        active: true,
        landing_url: format!("https://p{number}.example/"),
        allowed_domains: vec![format!("p{number}.example")],
        public_key: format!("pk_{number}"),
        ..ProgramEntry::default()
    }
}

fn link(number: u32, host: Option<&str>, path: &str) -> LinkEntry {
    LinkEntry {
        number,
        program: [1; 16],
        host: host.map(str::to_owned),
        path: path.to_owned(),
        referral_code: format!("code-{number}"),
        active: true,
        ..LinkEntry::default()
    }
}

fn data() -> SnapshotData {
    SnapshotData {
        cursor: 7,
        programs: vec![program(1), program(2)],
        links: vec![
            link(1, None, "anna"),
            link(2, Some("Go.Example."), "anna"),
            link(3, None, "b/c"),
        ],
        referrals: vec![ReferralEntry { program: [1; 16], code: "ANNA".into(), link_number: 1 }],
        keys: KeyMaterial {
            keys: vec![ClickKey { id: 2, secret: [3; 32], verify_until: Some(NOW) }],
            minting: 2,
        },
    }
}

fn number(snapshot: &Snapshot, host: &str, path: &str) -> Option<u32> {
    snapshot.link(host, path).map(|link| link.number)
}

#[test]
fn a_link_of_the_host_comes_before_one_of_any_host() {
    let snapshot = Snapshot::from(data());
    assert_eq!(number(&snapshot, "go.example", "anna"), Some(2));
    assert_eq!(number(&snapshot, "else.example", "anna"), Some(1));
    assert_eq!(number(&snapshot, "", "ANNA"), Some(1));
    assert_eq!(number(&snapshot, "go.example", "b/C"), Some(3));
    assert_eq!(number(&snapshot, "go.example", "b"), None);
    assert_eq!(number(&snapshot, "go.example", &"x".repeat(5_000)), None);
    let program = snapshot.program_by_key("pk_1").unwrap();
    assert_eq!(snapshot.referral(program, "aNNa").unwrap().number, 1);
    assert!(snapshot.referral(program, "bjorn").is_none());
    let other = snapshot.program_by_key("pk_2").unwrap();
    assert!(snapshot.referral(other, "anna").is_none(), "codes are the program's own");
    assert_eq!(snapshot.links(), 3);
}

#[test]
fn entries_that_cannot_be_used_are_left_out_and_counted() {
    let mut builder = SnapshotBuilder::default();
    builder.push_program(program(1));
    let good = link(1, None, "anna");
    builder.push_link(&good);
    let refused = [
        LinkEntry { program: [9; 16], ..good.clone() },
        LinkEntry { path: String::new(), ..good.clone() },
        LinkEntry { path: "/anna".into(), ..good.clone() },
        LinkEntry { path: "a/b/c".into(), ..good.clone() },
        LinkEntry { path: "x".repeat(200), ..good.clone() },
        LinkEntry { number: 1 << 28, ..good.clone() },
        LinkEntry { host: Some("no host".into()), ..good.clone() },
        LinkEntry { destination: Some("javascript:alert(1)".into()), ..good.clone() },
        LinkEntry { referral_code: "a&b".into(), ..good },
    ];
    refused.iter().for_each(|entry| builder.push_link(entry));
    builder.push_referral(&ReferralEntry { program: [9; 16], code: "a".into(), link_number: 1 });
    assert_eq!(builder.refused(), refused.len() as u64 + 1);
    assert_eq!(builder.finish().links(), 1);
}

#[test]
fn programs_change_and_go() {
    let snapshot = Snapshot::from(data());
    let paused = ProgramEntry { active: false, public_key: "pk_new".into(), ..program(1) };
    let changes =
        SnapshotChanges { cursor: 8, programs: vec![paused], ..SnapshotChanges::default() };
    let next = snapshot.with_changes(&changes);
    assert!(!next.link("", "anna").unwrap().program.is_active());
    assert!(next.program_by_key("pk_1").is_none());
    assert!(next.program_by_key("pk_new").is_some());
    assert!(snapshot.link("", "anna").unwrap().program.is_active(), "the old one stays as it was");
    let changes = SnapshotChanges {
        cursor: 9,
        programs_removed: vec![[1; 16]],
        ..SnapshotChanges::default()
    };
    let gone = next.with_changes(&changes);
    assert!(gone.link("", "anna").is_none());
    assert!(gone.program_by_key("pk_new").is_none());
}

#[derive(Debug, Clone)]
enum Change {
    Put(u32, u8, u8),
    Remove(u32),
    PutCode(u8, u32),
    RemoveCode(u8),
    Merge,
    Keep,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0u32..12, 0u8..6, 0u8..3).prop_map(|(n, p, h)| Change::Put(n, p, h)),
        2 => (0u32..12).prop_map(Change::Remove),
        2 => (0u8..6, 0u32..12).prop_map(|(c, n)| Change::PutCode(c, n)),
        1 => (0u8..6).prop_map(Change::RemoveCode),
        1 => Just(Change::Merge),
        1 => Just(Change::Keep),
    ]
}

type Key = (Option<&'static str>, String);

proptest! {
    /// A snapshot that went through any changes, merges and files answers like a plain map. Two
    /// links on one path, which a source does not send, are avoided by moving the older away.
    #[test]
    fn changes_are_what_a_map_would_make_of_them(
        steps in prop::collection::vec(prop::collection::vec(change(), 1..6), 1..8),
    ) {
        let hosts = [None, Some("one.example"), Some("two.example")];
        let mut links: BTreeMap<Key, u32> = BTreeMap::new();
        let mut codes: BTreeMap<String, u32> = BTreeMap::new();
        let mut snapshot = Snapshot::from(SnapshotData {
            programs: vec![program(1)],
            ..SnapshotData::default()
        });
        for step in steps {
            let mut changes = SnapshotChanges::default();
            let mut touched = HashSet::new();
            for change in step {
                match change {
                    Change::Put(n, path, host) => {
                        let key = (hosts[usize::from(host)], format!("path-{path}"));
                        if !touched.insert(n) || links.contains_key(&key) {
                            continue;
                        }
                        links.retain(|_, number| *number != n);
                        changes.links.push(link(n, key.0, &key.1));
                        links.insert(key, n);
                    }
                    Change::Remove(n) => {
                        if touched.insert(n) {
                            links.retain(|_, number| *number != n);
                            changes.links_removed.push(n);
                        }
                    }
                    Change::PutCode(c, n) => {
                        let code = format!("code-{c}");
                        if touched.insert(1_000 + u32::from(c)) {
                            let entry = ReferralEntry {
                                program: [1; 16],
                                code: code.clone(),
                                link_number: n,
                            };
                            changes.referrals.push(entry);
                            codes.insert(code, n);
                        }
                    }
                    Change::RemoveCode(c) => {
                        if touched.insert(1_000 + u32::from(c)) {
                            codes.remove(&format!("code-{c}"));
                            changes.referrals_removed.push(([1; 16], format!("code-{c}")));
                        }
                    }
                    Change::Merge => snapshot = snapshot.merged(),
                    Change::Keep => snapshot = kept_and_read(&snapshot),
                }
            }
            snapshot = snapshot.with_changes(&changes);
            prop_assert_eq!(snapshot.links(), links.len());
            for path in 0..6 {
                for host in hosts {
                    let path = format!("path-{path}");
                    let expected = links.get(&(host, path.clone())).or(links.get(&(None, path.clone())));
                    let found = number(&snapshot, host.unwrap_or("else.example"), &path);
                    prop_assert_eq!(found, expected.copied());
                }
            }
            let numbers: HashSet<u32> = links.values().copied().collect();
            for n in 0..12 {
                let found = snapshot.link_numbered(n).map(|link| link.number);
                prop_assert_eq!(found, numbers.contains(&n).then_some(n));
            }
            let program = snapshot.program_by_key("pk_1").unwrap();
            for c in 0..6 {
                let code = format!("code-{c}");
                let expected = codes.get(&code).copied().filter(|n| numbers.contains(n));
                prop_assert_eq!(snapshot.referral(program, &code).map(|l| l.number), expected);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, at in 0usize..400, bits: u8) {
        let file = SnapshotFile::new("/nowhere".into(), Arc::new(PlainKeys));
        prop_assert!(file.read_from(bytes.as_slice()).is_err());
        let mut kept = kept_bytes(&Snapshot::from(data()));
        let at = at % kept.len();
        kept[at] ^= bits;
        prop_assert_eq!(file.read_from(kept.as_slice()).is_ok(), bits == 0, "byte {} turned", at);
        prop_assert!(file.read_from(&kept[..at]).is_err(), "cut at {}", at);
    }
}

fn kept_bytes(snapshot: &Snapshot) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot.bin");
    SnapshotFile::new(path.clone(), Arc::new(PlainKeys)).write(snapshot, NOW).unwrap();
    std::fs::read(path).unwrap()
}

fn kept_and_read(snapshot: &Snapshot) -> Snapshot {
    let file = SnapshotFile::new("/nowhere".into(), Arc::new(PlainKeys));
    file.read_from(kept_bytes(snapshot).as_slice()).unwrap().0
}

#[test]
fn the_file_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = SnapshotFile::new(folder.path().join("snapshot.bin"), Arc::new(PlainKeys));
    assert!(file.read().unwrap().is_none());
    let snapshot = Snapshot::from(data());
    file.write(&snapshot, NOW).unwrap();
    let (read, at) = file.read().unwrap().unwrap();
    assert_eq!((read.cursor(), at), (7, NOW));
    assert_eq!(read.keys, snapshot.keys);
    assert!(read.keyring().is_some());
    assert_eq!(number(&read, "go.example", "anna"), Some(2));
    assert_eq!(read.programs.list, snapshot.programs.list);
    let program = read.program_by_key("pk_1").unwrap();
    assert_eq!(read.referral(program, "anna").unwrap().referral_code, "code-1");
}

#[derive(Debug)]
struct Shift;

impl KeySeal for Shift {
    fn seal(&self, plain: &[u8]) -> Vec<u8> {
        plain.iter().map(|byte| byte.wrapping_add(1)).collect()
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        Some(sealed.iter().map(|byte| byte.wrapping_sub(1)).collect())
    }
}

#[test]
fn keys_are_sealed_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot.bin");
    let file = SnapshotFile::new(path.clone(), Arc::new(Shift));
    let snapshot = Snapshot::from(data());
    file.write(&snapshot, NOW).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(32).any(|window| window == [3; 32]));
    assert_eq!(file.read().unwrap().unwrap().0.keys, snapshot.keys);
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn many_links_take_little_memory_and_time() {
    let links = 100_000;
    let snapshot = Snapshot::of_size(links);
    assert_eq!(snapshot.links(), links as usize);
    let per_link = snapshot.bytes() / links as usize;
    // A tenth of a million: 400 MB for a million would be 400 bytes each, and reading the file
    // holds them once.
    assert!(per_link < 220, "{per_link} bytes per link");
    let folder = tempfile::tempdir().unwrap();
    let file = SnapshotFile::new(folder.path().join("snapshot.bin"), Arc::new(PlainKeys));
    file.write(&snapshot, NOW).unwrap();
    let watch = Stopwatch::start();
    let (read, _) = file.read().unwrap().unwrap();
    let took = watch.elapsed();
    assert!(took.as_secs() < 2, "{took:?} without optimisation, for a tenth of a million");
    assert_eq!(number(&read, "go.example.com", "partner-31000/campaign-57"), Some(31_000));
    let one = SnapshotChanges { links_removed: vec![31_000], ..SnapshotChanges::default() };
    let watch = Stopwatch::start();
    let changed = read.with_changes(&one);
    let took = watch.elapsed();
    assert!(took.as_millis() < 200, "one change took {took:?}");
    assert!(Arc::ptr_eq(&changed.base, &read.base), "the base is shared, not copied");
    assert_eq!(number(&changed, "go.example.com", "partner-31000/campaign-57"), None);
}

#[test]
fn what_is_recent_is_merged_when_it_has_grown() {
    let snapshot = Snapshot::of_size(100);
    let entry =
        |number: u32| LinkEntry { program: [1; 16], ..link(number, None, &format!("n/{number}")) };
    let changes =
        SnapshotChanges { links: (50..10_000).map(entry).collect(), ..Default::default() };
    let next = snapshot.with_changes(&changes);
    assert!(next.is_merged());
    assert_eq!(next.links(), 9_999);
    assert_eq!(number(&next, "", "n/60"), Some(60));
    assert_eq!(number(&next, "go.example.com", "partner-60/campaign-60"), None);
    assert_eq!(number(&next, "", "partner-1/campaign-1"), Some(1));
}

/// A source whose answers a test decides.
#[derive(Debug, Default)]
struct Source {
    away: AtomicBool,
    reload: AtomicBool,
    data: Mutex<SnapshotData>,
    changes: Mutex<Vec<SnapshotChanges>>,
}

#[async_trait]
impl SnapshotSource for Source {
    async fn load(&self, into: &mut SnapshotBuilder) -> Result<(), SourceError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(SourceError::new("away"));
        }
        into.extend(self.data.lock().unwrap().clone());
        Ok(())
    }

    async fn changes(&self, cursor: u64) -> Result<SnapshotChanges, SourceError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(SourceError::new("away"));
        }
        if self.reload.swap(false, Ordering::SeqCst) {
            return Ok(SnapshotChanges { reload: true, ..Default::default() });
        }
        let next = self.changes.lock().unwrap().iter().find(|c| c.cursor > cursor).cloned();
        Ok(next.unwrap_or(SnapshotChanges { cursor, ..Default::default() }))
    }
}

#[tokio::test]
async fn the_feed_follows_its_source_and_survives_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = SnapshotFile::new(folder.path().join("snapshot.bin"), Arc::new(PlainKeys));
    let clock = Arc::new(ManualClock::new(NOW));
    let source = Arc::new(Source::default());
    *source.data.lock().unwrap() = data();
    let open = || {
        let source = Arc::clone(&source) as Arc<dyn SnapshotSource>;
        let clock = Arc::clone(&clock) as Arc<dyn Clock>;
        SnapshotFeed::open(source, file.clone(), clock, FeedConfig::default())
    };
    let mut feed = open();
    let handle = feed.handle();
    assert_eq!(handle.age_us(NOW), None);
    feed.poll_once().await.unwrap();
    assert_eq!(number(&handle.load(), "", "anna"), Some(1));

    let changes =
        SnapshotChanges { cursor: 9, links: vec![link(9, None, "new")], ..Default::default() };
    source.changes.lock().unwrap().push(changes);
    clock.advance_seconds(1);
    feed.poll_once().await.unwrap();
    assert_eq!(number(&handle.load(), "", "new"), Some(9));
    assert_eq!((handle.load().cursor(), handle.age_us(clock.now())), (9, Some(0)));

    source.away.store(true, Ordering::SeqCst);
    clock.advance_seconds(10);
    assert!(feed.poll_once().await.is_err());
    assert_eq!(handle.age_us(clock.now()), Some(10_000_000));
    assert_eq!(number(&handle.load(), "", "new"), Some(9));

    // A start while the source is away serves what was kept: here, the state of the load.
    let again = open();
    assert_eq!(number(&again.handle().load(), "", "anna"), Some(1));
    assert_eq!(again.handle().current_at(), Some(NOW));

    // Running until stopped, it counts errors, comes back by itself and keeps what is new.
    let (stop, stopped) = watch::channel(false);
    let handle = again.handle();
    let running = tokio::spawn(again.run(stopped));
    while handle.source_errors() == 0 {
        tokio::task::yield_now().await;
    }
    source.away.store(false, Ordering::SeqCst);
    while handle.load().cursor() != 9 {
        tokio::task::yield_now().await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(file.read().unwrap().unwrap().0.cursor(), 9);

    source.reload.store(true, Ordering::SeqCst);
    source.data.lock().unwrap().links.truncate(1);
    feed.poll_once().await.unwrap();
    assert_eq!(feed.handle().load().links(), 1);
}
