//! Backups taken under load, damaged, sealed, restored and served from.

use std::collections::HashSet;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tokio::task::JoinSet;
use tributary_click::ClickId;
use tributary_testkit::{HttpClient, ServerOptions, ThrowawayPostgres, until};

use crate::installation::{Installation, PATIENCE, browser, click_id, number, rows};

/// What a client was told before the backup began, and all that it was told.
#[derive(Debug, Default)]
struct Told {
    clicks: Vec<ClickId>,
    orders: Vec<String>,
}

/// Clicks and sells until the server is gone, or `most` times.
async fn customer(
    installation: &Installation,
    edge: &mut HttpClient,
    api: &mut HttpClient,
    told: &mut Told,
    most: usize,
) {
    for _ in 0..most {
        let Ok(answer) = edge.get(&installation.link).await else { return };
        let Some(click) = click_id(&answer) else { panic!("no id: {answer:?}") };
        told.clicks.push(click);
        if told.clicks.len().is_multiple_of(3) {
            let order = format!("order/{}", told.clicks.len());
            let body = installation.sale(&order, click);
            let Ok(answer) = api.post("/v1/conversions", None, &body).await else { return };
            assert_eq!(answer.status, 201, "{answer:?}");
            told.orders.push(order);
        }
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Takes a backup while customers go on. What was told before it began, and all.
async fn backup_under_load(installation: &Installation, arguments: &[&str]) -> (Told, Told) {
    let mut serving = installation.serve().await;
    let (mut edge, mut api) = (browser(serving.edge), installation.api(serving.web));
    let mut before = Told::default();
    customer(installation, &mut edge, &mut api, &mut before, 60).await;
    let mut command = installation.command(arguments);
    let backup = tokio::task::spawn_blocking(move || command.output());
    let mut all = Told { clicks: before.clicks.clone(), orders: before.orders.clone() };
    let taken = {
        let goes_on = customer(installation, &mut edge, &mut api, &mut all, usize::MAX);
        tokio::select! {
            output = backup => output.unwrap().unwrap(),
            () = goes_on => panic!("the server left"),
        }
    };
    assert!(taken.status.success(), "{}", said(&taken));
    assert!(all.clicks.len() > before.clicks.len(), "nothing happened meanwhile");
    serving.process.kill();
    (before, all)
}

/// Serves what was restored, and holds it against what was told.
async fn holds(restored: &Installation, before: &Told, all: &Told) {
    let mut serving = restored.serve().await;
    let new = restored.click(serving.edge).await.expect("the edge serves");
    assert!(!all.clicks.contains(&new), "an id was given twice");
    let conversion = restored.sell(serving.web, "after", new).await;
    restored.recorded(serving.web, &conversion).await;
    let again = restored.sale(&before.orders[0], before.clicks[2]);
    let answer = restored.api(serving.web).post("/v1/conversions", None, &again).await.unwrap();
    assert_eq!(answer.json()["outcome"], "duplicate", "it is known: {answer:?}");
    assert!(serving.process.stop().await.success());

    let [record, touches] = restored.engines().await;
    let stored: HashSet<[u8; 16]> = rows(&*touches, "SELECT click_id FROM touch")
        .await
        .iter()
        .map(|row| row.array(0).unwrap())
        .collect();
    let lost: Vec<_> = before.clicks.iter().filter(|it| !stored.contains(it.as_bytes())).collect();
    assert!(lost.is_empty(), "{} clicks are lost: {lost:?}", lost.len());
    let counted = number(&*touches, "SELECT CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly").await;
    assert_eq!(counted, i64::try_from(stored.len()).unwrap(), "each click once");
    let orders: Vec<String> = rows(&*record, "SELECT business_key FROM conversion")
        .await
        .iter()
        .map(|row| row.text(0).unwrap().to_owned())
        .collect();
    for order in &before.orders {
        assert_eq!(orders.iter().filter(|it| *it == order).count(), 1, "{order}");
    }
    restored.verify();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_acknowledged_before_a_backup_is_in_it() {
    let installation = Installation::with_a_link("").await;
    let to = installation.beside("backup");
    let (before, all) = backup_under_load(&installation, &["backup", &text(&to)]).await;
    let restored = installation.restored_into("restored");
    let output = installation.run(&["restore", &text(&to), &text(&restored.data())]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("Everything agrees."), "{}", said(&output));
    holds(&restored, &before, &all).await;
    let again = installation.run(&["restore", &text(&to), &text(&restored.data())]);
    assert!(!again.status.success() && said(&again).contains("not empty"), "{}", said(&again));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_backup_opens_for_its_identity_alone() {
    let installation = Installation::with_a_link("").await;
    let (to, key) = (installation.beside("backup"), installation.beside("key.txt"));
    let printed = installation.succeed(&["keys", "backup", &text(&key)]);
    let recipient = printed.split('"').nth(1).expect("it prints the recipient").to_owned();
    let arguments = ["backup", &text(&to), "--recipient", &recipient];
    let (before, all) = backup_under_load(&installation, &arguments).await;
    let master = std::fs::read(installation.data().join("master.key")).unwrap();
    for file in std::fs::read_dir(&to).unwrap().map(|it| it.unwrap().path()) {
        let bytes = if file.is_file() { std::fs::read(&file).unwrap() } else { Vec::new() };
        let is_open = bytes.windows(master.len()).any(|it| it == master);
        assert!(!is_open, "{} holds the master key", file.display());
    }
    assert!(!installation.data().join("backup.staging").exists(), "plain copies were left");

    let restored = installation.restored_into("restored");
    let into = text(&restored.data());
    let none = installation.run(&["restore", &text(&to), &into]);
    assert!(!none.status.success() && said(&none).contains("--identity"), "{}", said(&none));
    let other = installation.beside("other.txt");
    installation.succeed(&["keys", "backup", &text(&other)]);
    let wrong = installation.run(&["restore", &text(&to), &into, "--identity", &text(&other)]);
    assert!(!wrong.status.success(), "{}", said(&wrong));
    assert!(said(&wrong).contains(&recipient), "{}", said(&wrong));
    let right = installation.run(&["restore", &text(&to), &into, "--identity", &text(&key)]);
    assert!(right.status.success(), "{}", said(&right));
    holds(&restored, &before, &all).await;
}

/// Turns a byte over in every file of a backup, one at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_by_the_files_name() {
    let installation = Installation::with_a_link("").await;
    let to = installation.beside("backup");
    installation.succeed(&["backup", &text(&to)]);
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(to.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().expect("files").iter();
    let mut names: Vec<String> =
        files.map(|it| it["stored"].as_str().expect("a name").to_owned()).collect();
    assert!(
        names.iter().any(|name| name == "record.db") && names.iter().any(|it| it == "tree.key")
    );
    names.push("manifest.json".to_owned());
    let restored = installation.restored_into("restored");
    for name in names {
        let path = to.join(&name);
        let whole = std::fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        let place = bytes.len() / 2;
        bytes[place] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let output = installation.run(&["restore", &text(&to), &text(&restored.data())]);
        assert!(!output.status.success(), "{name}: {}", said(&output));
        assert!(said(&output).contains(&name), "{name}: {}", said(&output));
        assert!(!restored.data().exists(), "{name}: something was made");
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let output = installation.run(&["restore", &text(&to), &text(&restored.data())]);
        assert!(said(&output).contains(&name), "{name}, cut: {}", said(&output));
        std::fs::write(&path, &whole).unwrap();
    }
    installation.succeed(&["restore", &text(&to), &text(&restored.data())]);
}

/// Files are the owner's alone; a second backup of the same name, or inside the folder, is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_closed_to_others_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let installation = Installation::with_a_link("").await;
    let to = installation.beside("backup");
    let first = installation.run(&["backup", &text(&to)]);
    assert!(said(&first).contains("Not sealed"), "it warns: {}", said(&first));
    let mut open = vec![to.clone()];
    while let Some(path) = open.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        }
    }
    let second = installation.run(&["backup", &text(&to)]);
    assert!(said(&second).contains("there already"), "{}", said(&second));
    let inside = installation.run(&["backup", &text(&installation.data().join("b"))]);
    assert!(said(&inside).contains("inside"), "{}", said(&inside));
}

/// The real tools: `pg_dump` while it serves, `pg_restore` into an empty database.
#[tokio::test(flavor = "multi_thread")]
async fn a_servers_database_goes_through_dump_and_restore() {
    let server = ThrowawayPostgres::start(ServerOptions::default()).unwrap();
    let url = server.database().await;
    let installation = Installation::with_a_link(&url).await;
    let mut serving = installation.serve().await;
    let click = installation.click(serving.edge).await.expect("the edge serves");
    let sold = installation.sell(serving.web, "1", click).await;
    let older = server.database().await;
    let empty = server.database().await;
    copy(&server, &url, &older);
    let click = installation.click(serving.edge).await.expect("the edge serves");
    // Paid for by now: the copy's ledger is shorter than the one in the backup.
    let paid = installation.sell(serving.web, "2", click).await;
    installation.recorded(serving.web, &paid).await;
    let to = installation.beside("backup");
    let format = ["--format=custom", "--no-owner"];
    let tool = text(Path::new(server.tool("pg_dump").get_program()));
    installation.succeed(&["backup", &text(&to), "--", &tool, format[0], format[1], &url]);
    installation.sell(serving.web, "3", click).await;
    assert!(serving.process.stop().await.success());

    let mut restored = installation.restored_with("restored", &empty);
    let said = restored.succeed(&["restore", &text(&to), &text(&restored.data())]);
    assert!(said.contains("tributary verify"), "{said}");
    let dump = std::fs::File::open(restored.data().join("database.dump")).unwrap();
    restore_into(&server, &empty, dump);
    restored.verify();
    let mut serving = restored.serve().await;
    restored.recorded(serving.web, &sold).await;
    let order = installation.sale("2", click);
    let again = restored.api(serving.web).post("/v1/conversions", None, &order).await.unwrap();
    assert_eq!(again.status, 200, "{again:?}");
    let order = installation.sale("3", click);
    let lost = restored.api(serving.web).post("/v1/conversions", None, &order).await.unwrap();
    assert_eq!(lost.status, 201, "it came after the backup: {lost:?}");
    assert!(serving.process.stop().await.success());
    restored.verify();

    // Another state of the same database does not belong to this folder.
    restored.use_database(&older);
    let output = restored.run(&["verify"]);
    let told = self::said(&output);
    assert!(!output.status.success() && told.contains("restored_database: the ledger"), "{told}");
}

fn restore_into(server: &ThrowawayPostgres, url: &str, dump: std::fs::File) {
    let mut tool = server.tool("pg_restore");
    let done = tool.args(["--no-owner", "--exit-on-error", "--dbname", url]).stdin(dump).status();
    assert!(done.unwrap().success(), "pg_restore");
}

/// Copies a database as it is now.
fn copy(server: &ThrowawayPostgres, from: &str, to: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump");
    let out = std::fs::File::create(&path).unwrap();
    let mut tool = server.tool("pg_dump");
    let done = tool.args(["--format=custom", "--no-owner", from]).stdout(out).status();
    assert!(done.unwrap().success(), "pg_dump");
    restore_into(server, to, std::fs::File::open(&path).unwrap());
}

/// With PostgreSQL the operator's command copies the database while the click log is held.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_server_takes_the_commands_output_in() {
    let server = ThrowawayPostgres::start(ServerOptions::default()).unwrap();
    let url = server.database().await;
    let installation = Installation::with_a_link(&url).await;
    let to = installation.beside("backup");
    let mut serving = installation.serve().await;
    let mut told = JoinSet::new();
    let (mut edge, link) = (browser(serving.edge), installation.link.clone());
    told.spawn(async move {
        for _ in 0..50 {
            edge.get(&link).await.unwrap();
        }
    });
    told.join_all().await;
    let output = installation.run(&["backup", &text(&to), "--", "printf", "the database"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(std::fs::read(to.join("database.dump")).unwrap(), b"the database");
    let failed = installation.beside("failed");
    let output = installation.run(&["backup", &text(&failed), "--", "false"]);
    assert!(!output.status.success() && said(&output).contains("false"), "{}", said(&output));
    assert!(!failed.exists() && !installation.beside("failed.partial").exists());
    assert!(serving.process.stop().await.success());

    let restored = installation.restored_into("restored");
    let said = restored.succeed(&["restore", &text(&to), &text(&restored.data())]);
    assert!(said.contains("tributary verify"), "{said}");
    // Its database is still there: the folder goes with it.
    let mut serving = restored.serve().await;
    until(PATIENCE, "the restored edge to serve", async || restored.click(serving.edge).await)
        .await;
    assert!(serving.process.stop().await.success());
    restored.verify();
}
