//! What an operator looks at: figures, alert rules, the doctor.

use std::collections::BTreeSet;

use serde_json::Value;
use tributary_testkit::{HttpClient, ThrowawayPostgres, until};

use crate::installation::{Installation, PATIENCE, Serving, browser};

const ALERTS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/alerts.yml"));
const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operate.md"));

/// The names of ours in a text.
fn names(text: &str) -> BTreeSet<String> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let words = text.split(|it| !is_name(it));
    let own = words.filter(|it| it.starts_with("tributary_"));
    own.map(str::to_owned).collect()
}

/// The names that figures have values of.
fn exported(figures: &str) -> BTreeSet<String> {
    let values = figures.lines().filter(|line| !line.starts_with('#'));
    let name = |line: &str| line.split(['{', ' ']).next().unwrap_or("").to_owned();
    values.map(name).collect()
}

async fn figures(serving: &Serving) -> String {
    let line = serving.process.logged("tributary.serving").await.expect("it serves");
    let address = line["metrics_address"].as_str().expect("it listens").parse().unwrap();
    let answer = HttpClient::new(address).get("/metrics").await.unwrap();
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body).unwrap()
}

async fn alerts_are_of_figures_that_exist(database_url: &str) {
    let installation = Installation::with_a_link(database_url).await;
    let mut serving = installation.serve().await;
    let click = installation.click(serving.edge).await.expect("the edge serves");
    let conversion = installation.sell(serving.web, "1", click).await;
    installation.recorded(serving.web, &conversion).await;
    let text = until(PATIENCE, "a round of the jobs after the sale", async || {
        let text = figures(&serving).await;
        let booked = !text.contains("\ntributary_ledger_transfers 0\n");
        (booked && text.contains("job_runs_total{job=\"standing\"}")).then_some(text)
    })
    .await;
    let known = exported(&text);
    let asked = names(ALERTS);
    assert!(asked.len() > 15, "{asked:?}");
    let missing: Vec<_> = asked.difference(&known).collect();
    assert!(missing.is_empty(), "alert rules name what is not exported: {missing:?}\n{text}");
    let missing: Vec<_> = names(DOCUMENT)
        .into_iter()
        .filter(|name| !known.iter().any(|it| it.starts_with(name.as_str())))
        .collect();
    assert!(missing.is_empty(), "docs/operate.md names what is not exported: {missing:?}");
    let has = |start: &str| text.lines().any(|line| line.starts_with(start));
    assert!(has("tributary_http_requests_total{class=\"report\",status=\"2xx\"} "), "{text}");
    assert!(!has("tributary_http_requests_total{class=\"report\",status=\"2xx\"} 0"), "{text}");
    assert!(!has("tributary_ledger_transfers 0"), "the sale is booked: {text}");
    assert!(has("tributary_job_failures_total{job=\"sign_heads\"} 0"), "{text}");
    let web = HttpClient::new(serving.web).get("/metrics").await.unwrap();
    assert_eq!(web.status, 404, "figures are not for everybody");
    assert!(serving.process.stop().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn alert_rules_name_figures_of_sqlite() {
    alerts_are_of_figures_that_exist("").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alert_rules_name_figures_of_postgres() {
    alerts_are_of_figures_that_exist(&ThrowawayPostgres::shared().database().await).await;
}

/// The checks, by name.
fn doctor(installation: &Installation) -> (bool, Value) {
    let output = installation.run(&["doctor", "--json"]);
    let told = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.success(), told)
}

fn verdict<'a>(told: &'a Value, name: &str) -> &'a str {
    let checks = told["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["name"] == name);
    check.unwrap_or_else(|| panic!("no {name} in {told:#}"))["verdict"].as_str().expect("a verdict")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_works_beside_a_server_and_without_one() {
    let installation = Installation::with_a_link("").await;
    let (well, told) = doctor(&installation);
    assert!(well, "{told:#}");
    for name in ["folder", "master_key", "tree_key", "schema", "sqlite_record", "sqlite_touches"] {
        assert_eq!(verdict(&told, name), "ok", "{told:#}");
    }
    for name in ["clock_ledger", "clock_clicks", "spool_quarantine", "disk_inodes"] {
        assert_eq!(verdict(&told, name), "ok", "{told:#}");
    }
    assert_eq!(verdict(&told, "backup_age"), "warn", "there never was one");
    assert_eq!(verdict(&told, "mail"), "warn");

    let mut serving = installation.serve().await;
    browser(serving.edge).get(&installation.link).await.unwrap();
    let (well, told) = doctor(&installation);
    assert!(well, "{told:#}");
    assert_eq!(verdict(&told, "sqlite_record"), "ok");
    installation.succeed(&["backup", &installation.beside("backup").display().to_string()]);
    let (_, told) = doctor(&installation);
    assert_eq!(verdict(&told, "backup_age"), "ok", "{told:#}");
    assert_eq!(verdict(&told, "backup_keys"), "warn", "it was not sealed");
    assert!(serving.process.stop().await.success());
    let lines = installation.succeed(&["doctor"]);
    assert!(lines.contains("WARN mail: "), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_wrong() {
    use std::os::unix::fs::PermissionsExt as _;

    let installation = Installation::with_a_link("").await;
    let key = installation.data().join("master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let segment = std::fs::read_dir(installation.data().join("spool")).unwrap();
    let mut segments: Vec<_> = segment.map(|it| it.unwrap().path()).collect();
    segments.sort();
    let aside = segments[0].with_extension("000000000064.quarantine");
    std::fs::write(aside, b"x").unwrap();
    let (well, told) = doctor(&installation);
    assert!(!well, "{told:#}");
    assert_eq!((told["verdict"].as_str(), verdict(&told, "master_key")), (Some("fail"), "fail"));
    assert_eq!(verdict(&told, "spool_quarantine"), "warn");
    let nothing = Installation::empty("");
    let (well, told) = doctor(&nothing);
    assert!(!well && verdict(&told, "folder") == "fail", "{told:#}");
    assert!(!nothing.data().exists(), "it makes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_asks_a_server_for_its_settings() {
    let url = ThrowawayPostgres::shared().database().await;
    let installation = Installation::with_a_link(&url).await;
    let (_, told) = doctor(&installation);
    for name in
        ["postgres_version", "postgres_clock", "schema", "ingest", "postgres_full_page_writes"]
    {
        let seen = verdict(&told, name);
        assert!(seen == "ok" || name == "postgres_full_page_writes", "{told:#}");
    }
}

/// A log in a file has no colours in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_no_terminals_has_no_colours() {
    let installation = Installation::with_a_link("").await;
    let mut command = installation.command(&["serve"]);
    command.env("TRIBUTARY__LOG__FORMAT", "text");
    let mut process = tributary_testkit::ServerProcess::spawn(command);
    // A process is asked to stop in vain before it listens for that: the line is its last at start.
    let serves = |line: &Value| line.as_str().is_some_and(|it| it.contains("tributary.serving"));
    until(PATIENCE, "it to serve", async || process.log().iter().any(serves).then_some(())).await;
    let log = process.log();
    let lines: Vec<&str> = log.iter().filter_map(Value::as_str).collect();
    assert!(lines.iter().all(|line| !line.contains('\u{1b}')), "{lines:?}");
    assert!(process.stop().await.success());
}
