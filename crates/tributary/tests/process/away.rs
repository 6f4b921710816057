//! The database goes away and comes back.

use std::time::Duration;

use serde_json::Value;
use tributary_click::ClickId;
use tributary_kernel::Stopwatch;
use tributary_testkit::{HttpAnswer, HttpClient, ServerOptions, ThrowawayPostgres, until};

use crate::installation::{Installation, PATIENCE, browser, click_id, rows};

/// A visitor is sent on within this time, whatever the database does. Idle it is a millisecond;
/// the rest is for a machine that builds beside the test.
const REDIRECT_MAX: Duration = Duration::from_secs(2);

/// Clicks by one visitor, each answered in time.
async fn clicks(edge: &mut HttpClient, link: &str, count: usize) -> Vec<ClickId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let watch = Stopwatch::start();
        let answer = edge.get(link).await.unwrap();
        assert!(watch.elapsed() < REDIRECT_MAX, "a visitor waited for {:?}", watch.elapsed());
        ids.push(click_id(&answer).unwrap_or_else(|| panic!("no id: {answer:?}")));
    }
    ids
}

fn is_told_to_come_again(answer: &HttpAnswer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    let seconds: u32 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=120).contains(&seconds));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}

/// Sends the same again until it is taken, as callers do that are told 503.
async fn until_taken(api: &mut HttpClient, key: &str, body: &Value) -> HttpAnswer {
    until(PATIENCE, "the report to be taken", async || {
        let answer = api.post("/v1/conversions", Some(key), body).await.ok()?;
        match answer.status {
            503 => None,
            _ => Some(answer),
        }
    })
    .await
}

/// Waits until all of these are touches, and checks that each was counted once.
async fn are_touches(installation: &Installation, ids: &[ClickId]) {
    let [_, touches] = installation.engines().await;
    until(PATIENCE, "the clicks to be taken in", async || {
        let stored = rows(&*touches, "SELECT click_id FROM touch").await;
        let stored: Vec<[u8; 16]> = stored.iter().map(|row| row.array(0).unwrap()).collect();
        ids.iter().all(|id| stored.contains(id.as_bytes())).then_some(())
    })
    .await;
    let sums = rows(
        &*touches,
        "SELECT (SELECT CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly), \
         (SELECT COUNT(*) FROM touch)",
    )
    .await;
    assert_eq!(sums[0].int(0).unwrap(), sums[0].int(1).unwrap(), "each click once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_goes_away_and_comes_back_while_serving() {
    let server = ThrowawayPostgres::start(ServerOptions::default()).unwrap();
    let installation = Installation::with_a_link(&server.database().await).await;
    let mut serving = installation.serve().await;
    let (mut edge, mut api) = (browser(serving.edge), installation.api(serving.web));
    let mut ids = clicks(&mut edge, &installation.link, 20).await;
    let before = installation.sale("before", ids[0]);
    let first = api.post("/v1/conversions", Some("before"), &before).await.unwrap();
    assert_eq!(first.status, 201);

    server.stop().unwrap();
    ids.extend(clicks(&mut edge, &installation.link, 50).await);
    let during = installation.sale("during", ids[60]);
    let answer = api.post("/v1/conversions", Some("during"), &during).await.unwrap();
    is_told_to_come_again(&answer);
    let mut operator = HttpClient::new(serving.web);
    assert_eq!(operator.get("/health").await.unwrap().status, 200, "the process lives");
    let ready = operator.get("/ready").await.unwrap();
    assert_eq!((ready.status, &ready.json()["record"]), (503, &Value::Bool(false)));
    ids.extend(clicks(&mut edge, &installation.link, 50).await);

    server.start_again().unwrap();
    let taken = until_taken(&mut api, "during", &during).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    let again = api.post("/v1/conversions", Some("before"), &before).await.unwrap();
    assert_eq!(again.json()["conversion"], first.json()["conversion"], "it was not lost");
    let conversion = taken.json()["conversion"].as_str().expect("an id").to_owned();
    installation.recorded(serving.web, &conversion).await;
    are_touches(&installation, &ids).await;
    assert!(serving.process.stop().await.success());
    installation.verify();
}

/// Restarted in order, and killed: both while the database is away.
#[tokio::test(flavor = "multi_thread")]
async fn an_edge_restarts_while_the_database_is_away() {
    let server = ThrowawayPostgres::start(ServerOptions::default()).unwrap();
    let installation = Installation::with_a_link(&server.database().await).await;
    let mut serving = installation.serve().await;
    let mut ids = clicks(&mut browser(serving.edge), &installation.link, 20).await;
    server.stop().unwrap();
    ids.extend(clicks(&mut browser(serving.edge), &installation.link, 20).await);
    assert!(serving.process.stop().await.success(), "it stops without its database");

    let mut serving = installation.serve().await;
    ids.extend(clicks(&mut browser(serving.edge), &installation.link, 20).await);
    let answer = installation.api(serving.web);
    let answer = { answer }.get("/v1/programs").await.unwrap();
    is_told_to_come_again(&answer);
    serving.process.kill();

    let mut serving = installation.serve().await;
    let mut edge = browser(serving.edge);
    ids.extend(clicks(&mut edge, &installation.link, 20).await);
    let during = installation.sale("during", *ids.last().unwrap());
    let mut api = installation.api(serving.web);
    is_told_to_come_again(&api.post("/v1/conversions", Some("during"), &during).await.unwrap());

    server.start_again().unwrap();
    let taken = until_taken(&mut api, "during", &during).await;
    assert_eq!(taken.status, 201, "a click id made meanwhile is good: {taken:?}");
    ids.extend(clicks(&mut edge, &installation.link, 5).await);
    are_touches(&installation, &ids).await;
    let distinct: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "an id was given twice");
    assert!(serving.process.stop().await.success());
    installation.verify();
}

/// Without anything to serve from, or with another schema, it does not pretend to serve.
#[tokio::test(flavor = "multi_thread")]
async fn it_refuses_to_start_with_nothing_to_serve() {
    let nowhere = tempfile::tempdir().unwrap();
    let url = format!("postgres://nobody@localhost/x?host={}", nowhere.path().display());
    let output = Installation::empty(&url).run(&["serve"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("no snapshot is kept"), "{said}");

    let url = ThrowawayPostgres::shared().database().await;
    let output = Installation::empty(&url).run(&["serve"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("tributary migrate"), "{said}");
}
