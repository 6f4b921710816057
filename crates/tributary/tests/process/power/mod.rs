//! The power fails while the program runs on SQLite: at moments all over a run and its end, with
//! every sector that was not synced kept or lost by chance. Whatever was acknowledged before is
//! there, once, and everything agrees.
//!
//! The run is one; its disk is looked at as it was at each moment. That includes the moments right
//! after an acknowledgement, with all that was not synced lost: an answer that came before its
//! sync would show there.

mod disk;
mod log;

use std::collections::{BTreeMap, HashSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tributary_kernel::SeededEntropy;
use tributary_testkit::{ServerProcess, until, within};

use crate::installation::{Installation, PATIENCE, Serving, number};
use crate::kill::{Clients, Fact, Told, chance, compare};
use disk::{Disk, Keep, files};
use log::Record;

/// Answers at least before the run ends; it also waits until the record's log was moved into the
/// database, and for as many after that.
const ANSWERS: usize = 1_000;
/// Images that are looked at side by side.
const LOOKS: usize = 3;

/// What one run left.
struct Run {
    before: Disk,
    records: Vec<Record>,
    facts: Vec<Fact>,
    /// All refunds that were asked for.
    told: Told,
}

/// Runs a server that keeps a log of its files, with clients that write into it what they are
/// told, and stops it in an orderly way.
async fn run(installation: &Arc<Installation>) -> Run {
    let tools = tempfile::tempdir().unwrap();
    let (library, path) = (log::build(tools.path()), tools.path().join("disk.log"));
    let before = Disk::of(&installation.data());
    let mut command = installation.command(&["serve"]);
    log::observe(&mut command, &library, &path, &installation.data());
    let journal = log::append_to(&path);
    let process = ServerProcess::spawn(command);
    let (web, edge) = process.addresses().await;
    let mut serving = Serving { process, web, edge };

    let facts = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&facts);
    let note = move |fact| {
        let mut facts = noted.lock().unwrap();
        log::tell(&journal, facts.len());
        facts.push(fact);
    };
    let (answers, mut count) = watch::channel(0);
    let told = Arc::new(Mutex::new(Told::default()));
    let clients = Clients {
        installation: Arc::clone(installation),
        told: Arc::clone(&told),
        answers: Arc::new(answers),
        journal: Arc::new(note),
    };
    let mut tasks = clients.run(&serving);
    let database = installation.data().join("record.db");
    let length = || std::fs::metadata(&database).unwrap().len();
    let length_before = length();
    let moved = async || (length() > length_before).then_some(());
    until(PATIENCE * 3, "the record's log to be moved into the database", moved).await;
    let enough = *count.borrow() + ANSWERS;
    let reached = count.wait_for(|count| *count >= enough);
    assert!(within(PATIENCE, "answers", reached).await.is_ok(), "the clients have left");
    tasks.shutdown().await;
    assert!(serving.process.stop().await.success());
    let told = std::mem::take(&mut *told.lock().unwrap());
    let facts = std::mem::take(&mut *facts.lock().unwrap());
    Run { before, records: log::read(&path), facts, told }
}

/// Moments to cut the power at, as counts of records, with whether anything unsynced survives.
fn moments(records: &[Record], count: u64, dice: &SeededEntropy) -> BTreeMap<usize, bool> {
    let mut database = HashSet::new();
    let (mut told, mut moved) = (Vec::new(), Vec::new());
    for (place, record) in (1..).zip(records) {
        match record {
            Record::Told { .. } => told.push(place),
            Record::Opened { file, path, .. } if path.ends_with(".db") => {
                database.insert(*file);
            }
            Record::Wrote { file, .. } if database.contains(file) => moved.push(place),
            _ => {}
        }
    }
    assert!(told.len() > ANSWERS, "{} answers", told.len());
    let last_told = *told.last().expect("there are some");
    assert!(moved.first().is_some_and(|first| *first < last_told), "no checkpoint along the way");
    let pick = |of: &[usize]| of[usize::try_from(chance(dice, of.len() as u64)).unwrap()];
    let mut moments = BTreeMap::new();
    for _ in 0..count {
        moments.insert(pick(&told), false);
        moments.insert(pick(&moved), true);
        moments.insert(usize::try_from(chance(dice, records.len() as u64)).unwrap() + 1, true);
    }
    moments.insert(records.len(), true);
    moments
}

/// Puts an image into a folder of its own, for somebody with the same key, program and link.
fn put(installation: &Installation, image: &BTreeMap<String, Vec<u8>>) -> Installation {
    let mut place = Installation::empty("");
    place.key.clone_from(&installation.key);
    place.program.clone_from(&installation.program);
    place.link.clone_from(&installation.link);
    std::fs::create_dir(place.data()).unwrap();
    for (path, bytes) in image {
        let path = place.data().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).unwrap();
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path);
        file.as_mut().unwrap().write_all(bytes).unwrap();
    }
    place
}

/// What was told in the first `facts`.
fn told_of(run: &Run, facts: usize) -> Told {
    let mut told = Told::default();
    told.refunds.clone_from(&run.told.refunds);
    for fact in &run.facts[..facts] {
        match fact.clone() {
            Fact::Click(id) => told.acknowledged.push(id),
            Fact::Sold(order, id) => {
                told.sold.insert(order, id);
            }
            Fact::Refunded(conversion, id) => {
                told.refunded.insert(conversion, id);
            }
        }
    }
    told
}

/// Waits until ingest has taken a new click, and so everything before it: a sale finds the click
/// recorded when it is decided.
async fn caught_up(installation: &Installation, serving: &Serving) {
    let click = installation.click(serving.edge).await.expect("the edge serves");
    let mut api = installation.api(serving.web);
    let sales = AtomicUsize::new(0);
    until(PATIENCE, "a click to be taken in", async || {
        let order = format!("fresh/{}", sales.fetch_add(1, Ordering::Relaxed));
        let conversion = installation.sell(serving.web, &order, click).await;
        let found = api.get(&format!("/v1/conversions/{conversion}")).await.ok()?.json();
        (found["journey"][0]["proof"] == "recorded").then_some(())
    })
    .await;
}

/// Starts the program on what is left, lets it take in what stands in the click log, and holds
/// everything against what was told.
async fn look(installation: Installation, told: Told) {
    let mut serving = installation.serve().await;
    caught_up(&installation, &serving).await;
    assert!(serving.process.stop().await.success());
    compare(&installation, &told).await;
    installation.verify();
}

/// The log must tell all that was done, or images of it prove nothing.
fn tells_all(run: &Run, after: &BTreeMap<String, Vec<u8>>) {
    let mut whole = run.before.clone();
    run.records.iter().for_each(|record| whole.apply(record));
    let live = whole.live();
    assert!(live.keys().eq(after.keys()), "{:?} {:?}", live.keys(), after.keys());
    for (path, bytes) in &live {
        let is = &after[path];
        let differs = bytes.iter().zip(is).position(|(told, is)| told != is);
        assert!(
            bytes == is,
            "the log does not tell all about {path}: {} bytes for {}, and {differs:?} is another",
            bytes.len(),
            is.len(),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_the_power() {
    let count = if std::env::var_os("TRIBUTARY_SOAK").is_some() { 200 } else { 8 };
    let installation = Arc::new(Installation::with_a_link("").await);
    let run = run(&installation).await;
    let after = files(&installation.data());
    assert!(!after.keys().any(|path| path.ends_with("-wal")), "it ended without closing");
    tells_all(&run, &after);
    let dice = SeededEntropy::new(23);
    let moments = moments(&run.records, count, &dice);

    let (mut disk, mut done, mut facts) = (run.before.clone(), 0, 0);
    let mut looks = JoinSet::new();
    for (moment, keep_some) in &moments {
        for record in &run.records[done..*moment] {
            disk.apply(record);
            facts += usize::from(matches!(record, Record::Told { .. }));
        }
        done = *moment;
        let keep = if *keep_some { Keep::Some(&dice) } else { Keep::Nothing };
        let image = put(&installation, &disk.after_power_cut(keep));
        if looks.len() == LOOKS {
            looks.join_next().await.expect("there is one").expect("everything agrees");
        }
        eprintln!("power cut after record {moment} of {}: {facts} answers", run.records.len());
        let (told, runtime) = (told_of(&run, facts), Handle::current());
        looks.spawn_blocking(move || runtime.block_on(look(image, told)));
    }
    while let Some(look) = looks.join_next().await {
        look.expect("everything agrees");
    }
    // On a disk that does not mean its syncs, all of it is lost: this test can tell.
    let mut deaf = run.before.clone();
    deaf.deaf = true;
    run.records.iter().for_each(|record| deaf.apply(record));
    let image = put(&installation, &deaf.after_power_cut(Keep::Nothing));
    let [record, _] = image.engines().await;
    assert_eq!(number(&*record, "SELECT COUNT(*) FROM conversion").await, 0);
    eprintln!(
        "soak: the power failed at {} moments of {} changes and {facts} answers",
        moments.len(),
        run.records.len()
    );
}
