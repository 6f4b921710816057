//! Bytes of the click log that do not read as they were written.

use std::path::PathBuf;

use tributary_click::ClickId;
use tributary_testkit::until;

use crate::installation::{Installation, PATIENCE, browser, click_id, number, rows};

async fn clicks(
    installation: &Installation,
    edge: std::net::SocketAddr,
    count: usize,
) -> Vec<ClickId> {
    let mut browser = browser(edge);
    let mut ids = Vec::new();
    for _ in 0..count {
        let answer = browser.get(&installation.link).await.unwrap();
        ids.push(click_id(&answer).unwrap_or_else(|| panic!("no id: {answer:?}")));
    }
    ids
}

/// The largest segment: the one with the clicks.
fn segment(installation: &Installation) -> PathBuf {
    let files = std::fs::read_dir(installation.data().join("spool")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let used = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.iter().filter(|byte| **byte != 0).count()
    };
    files.max_by_key(used).expect("there are segments")
}

/// Turns a bit over within the record of a click.
fn damage(path: &PathBuf, click: ClickId) {
    let mut bytes = std::fs::read(path).unwrap();
    let place = bytes.windows(16).position(|window| window == click.as_bytes());
    bytes[place.expect("the click is in the segment") + 3] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// The arguments of the command that the program says to run.
fn advice(said: &str) -> Vec<String> {
    let line = said.lines().find_map(|line| line.strip_prefix("tributary "));
    line.expect("it says what to run").split(' ').map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_stops_ingest_until_it_is_set_aside() {
    let installation = Installation::with_a_link("").await;
    let mut serving = installation.serve().await;
    // Ingest cannot write as long as somebody else does, so these clicks stay in the log.
    let [_, touches] = installation.engines().await;
    let writing = touches.begin().await.unwrap();
    let mut ids = clicks(&installation, serving.edge, 50).await;
    assert!(serving.process.stop().await.success());
    drop(writing);
    let damaged = ids[25];
    damage(&segment(&installation), damaged);

    let mut serving = installation.serve().await;
    let alarm = serving.process.logged("ingest.spool_damaged").await;
    assert!(alarm.is_some_and(|line| line["level"] == "ERROR"), "{:#?}", serving.process.log());
    ids.extend(clicks(&installation, serving.edge, 20).await);

    // First it says where, then it is done; the server runs on.
    let found = installation.run(&["spool", "quarantine"]);
    assert!(!found.status.success());
    let command = advice(&String::from_utf8(found.stdout).unwrap());
    let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    let said = installation.succeed(&arguments);
    assert!(said.contains("set aside"), "{said}");
    let (_, kept) = said.trim_end().trim_end_matches('.').rsplit_once(' ').expect("it says where");
    assert!(std::path::Path::new(kept).exists(), "{kept}");
    let clean = installation.succeed(&["spool", "quarantine"]);
    assert!(clean.contains("reads to its end"), "{clean}");

    let last = *ids.last().unwrap();
    let conversion = installation.sell(serving.web, "1", last).await;
    installation.recorded(serving.web, &conversion).await;
    assert!(serving.process.stop().await.success());
    let stored = rows(&*touches, "SELECT click_id FROM touch").await;
    let stored: Vec<[u8; 16]> = stored.iter().map(|row| row.array(0).unwrap()).collect();
    let missing: Vec<_> = ids.iter().filter(|id| !stored.contains(id.as_bytes())).collect();
    assert_eq!(missing, [&damaged], "all but the one are there");
    let counted = number(&*touches, "SELECT CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly").await;
    assert_eq!(counted, i64::try_from(stored.len()).unwrap(), "each once");
    installation.verify();
}

/// What a crash tore off the end was never acknowledged: it is cut, and nobody is called.
#[tokio::test(flavor = "multi_thread")]
async fn a_torn_end_is_cut() {
    let installation = Installation::with_a_link("").await;
    let mut serving = installation.serve().await;
    let ids = clicks(&installation, serving.edge, 10).await;
    serving.process.kill();
    let path = segment(&installation);
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).expect("something was written") + 1;
    // Half a record, as the beginning of a write that a crash tore.
    let torn: Vec<u8> = bytes[64..64 + 40].iter().map(|byte| byte ^ 0x5a).collect();
    bytes.truncate(end);
    bytes.extend(torn);
    std::fs::write(&path, bytes).unwrap();

    let mut serving = installation.serve().await;
    let cut = serving.process.log().iter().any(|line| line["message"] == "spool.torn_end_cut");
    assert!(cut, "{:#?}", serving.process.log());
    let [_, touches] = installation.engines().await;
    until(PATIENCE, "the clicks to be taken in", async || {
        let stored = rows(&*touches, "SELECT click_id FROM touch").await;
        let stored: Vec<[u8; 16]> = stored.iter().map(|row| row.array(0).unwrap()).collect();
        ids.iter().all(|id| stored.contains(id.as_bytes())).then_some(())
    })
    .await;
    let alarms = serving.process.log();
    assert!(alarms.iter().all(|line| line["level"] != "ERROR"), "{alarms:#?}");
    assert!(serving.process.stop().await.success());
}
