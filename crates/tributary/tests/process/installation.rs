//! An installation in a folder of its own, with a live program and one partner's link.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tributary_click::ClickId;
use tributary_store::engine::{Engine, Row};
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{HttpAnswer, HttpClient, ServerProcess, until};

/// How long something that happens by itself may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_tributary");

/// See the module. Gone when dropped.
#[derive(Debug)]
pub(crate) struct Installation {
    /// The folder of this and of those restored from it.
    root: Arc<TempDir>,
    /// Holds the configuration and the data.
    folder: PathBuf,
    database_url: String,
    pub(crate) key: String,
    pub(crate) program: String,
    pub(crate) link: String,
}

/// A running server of it.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) process: ServerProcess,
    pub(crate) web: SocketAddr,
    pub(crate) edge: SocketAddr,
}

impl Installation {
    /// A folder with a configuration, and nothing else. An empty `database_url` is SQLite.
    pub(crate) fn empty(database_url: &str) -> Self {
        let root = Arc::new(tempfile::tempdir().unwrap());
        let folder = root.path().join("own");
        let it = Self {
            root,
            folder,
            database_url: database_url.to_owned(),
            key: String::new(),
            program: String::new(),
            link: String::new(),
        };
        it.configure();
        it
    }

    /// Another with the same program and key, whose data are still to be restored.
    pub(crate) fn restored_into(&self, name: &str) -> Self {
        self.restored_with(name, &self.database_url)
    }

    /// As [`Self::restored_into`], with a database of its own.
    pub(crate) fn restored_with(&self, name: &str, database_url: &str) -> Self {
        let it = Self {
            root: Arc::clone(&self.root),
            folder: self.beside(name),
            database_url: database_url.to_owned(),
            key: self.key.clone(),
            program: self.program.clone(),
            link: self.link.clone(),
        };
        it.configure();
        it
    }

    /// Goes on with another database.
    pub(crate) fn use_database(&mut self, url: &str) {
        url.clone_into(&mut self.database_url);
        self.configure();
    }

    /// A path that is not in the folder of the data.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn configure(&self) {
        let database_url = &self.database_url;
        std::fs::create_dir_all(&self.folder).unwrap();
        let config = format!(
            "folder = \"{}\"\n\
             [database]\nurl = \"{database_url}\"\n\
             [web]\nlisten = \"127.0.0.1:0\"\nrequests_per_minute = 100000000\n\
             [edge]\nlisten = \"127.0.0.1:0\"\nthreads = 1\n\
             [metrics]\nlisten = \"127.0.0.1:0\"\n\
             [jobs]\ninterval_seconds = 1\ningest_interval_milliseconds = 20\n\
             [log]\nformat = \"json\"\n",
            self.data().display(),
        );
        std::fs::write(self.folder.join("tributary.toml"), config).unwrap();
    }

    /// Set up, with a live program and a link that the edge knows; not running.
    pub(crate) async fn with_a_link(database_url: &str) -> Self {
        let mut it = Self::empty(database_url);
        if !database_url.is_empty() {
            it.succeed(&["migrate"]);
        }
        let said = it.succeed(&[
            "setup",
            "--organisation=Acme",
            "--country=DK",
            "--name=Mette",
            "--email=mette@acme.example",
        ]);
        it.key = said
            .lines()
            .find_map(|line| line.strip_prefix("api key"))
            .expect("setup prints a key")
            .trim()
            .to_owned();
        let mut serving = it.serve().await;
        it.open_program(&serving).await;
        until(PATIENCE, "the link to be known", async || it.click(serving.edge).await).await;
        assert!(serving.process.stop().await.success());
        it
    }

    async fn open_program(&mut self, serving: &Serving) {
        let mut api = self.api(serving.web);
        let mut make = async |path: &str, body: Value| {
            let answer = api.post(path, None, &body).await.unwrap();
            assert!(matches!(answer.status, 200 | 201), "{path}: {answer:?}");
            answer.json()
        };
        let program = json!({
            "name": "Acme CRM", "currency": "DKK", "time_zone": "Europe/Copenhagen",
            "landing_url": "https://www.acme.example/crm",
        });
        let made = make("/v1/programs", program).await;
        self.program = made["id"].as_str().expect("a program has an id").to_owned();
        let path = format!("/v1/programs/{}", self.program);
        let rule = json!({
            "id": "sale", "events": ["sale"], "amount": {"percent": "20", "of": "gross"},
            "recurring": {"months": 12},
        });
        let plan = json!({
            "format": 1, "name": "Partners of Acme", "rounding": "half_even", "rules": [rule],
        });
        make(&format!("{path}/plans"), json!({ "document": plan })).await;
        make(&format!("{path}/go_live"), json!({})).await;
        let partner = json!({
            "program": self.program, "name": "Anna", "email": "anna@partners.example",
            "kind": "content", "country": "DK", "active": true,
        });
        make("/v1/partnerships", partner).await;
        let links = api.get("/v1/links").await.unwrap().json();
        let path = links["items"][0]["path"].as_str().expect("the first link has a path");
        self.link = format!("/{path}");
    }

    /// `tributary` with arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.folder.join("tributary.toml")).args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `tributary` with arguments where there is nothing: an empty folder, no configuration, no
    /// environment.
    pub(crate) fn run_elsewhere(arguments: &[&str]) -> Output {
        let nowhere = tempfile::tempdir().unwrap();
        let mut command = Command::new(PROGRAM);
        let output = command.args(arguments).env_clear().current_dir(&nowhere).output().unwrap();
        assert_eq!(std::fs::read_dir(&nowhere).unwrap().count(), 0, "it left something");
        output
    }

    /// Runs a command that must succeed; what it printed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:#?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts it, and waits for nothing.
    pub(crate) fn spawn(&self) -> ServerProcess {
        ServerProcess::spawn(self.command(&["serve"]))
    }

    /// Starts it, and waits until it serves.
    pub(crate) async fn serve(&self) -> Serving {
        let process = self.spawn();
        let (web, edge) = process.addresses().await;
        Serving { process, web, edge }
    }

    /// A client of the API with the first key.
    pub(crate) fn api(&self, web: SocketAddr) -> HttpClient {
        HttpClient::new(web).with("Authorization", &format!("Bearer {}", self.key))
    }

    /// One click by a person; its id, if the edge gives one.
    pub(crate) async fn click(&self, edge: SocketAddr) -> Option<ClickId> {
        click_id(&browser(edge).get(&self.link).await.ok()?)
    }

    /// A sale after a click.
    pub(crate) fn sale(&self, order: &str, click: ClickId) -> Value {
        json!({
            "program": self.program, "type": "sale", "order_id": order,
            "amount": {"amount": 100_000, "currency": "DKK"}, "click_id": click.to_string(),
        })
    }

    /// Reports a sale that must be applied; its conversion.
    pub(crate) async fn sell(&self, web: SocketAddr, order: &str, click: ClickId) -> String {
        let answer = self.api(web).post("/v1/conversions", None, &self.sale(order, click)).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["conversion"].as_str().expect("an id").to_owned()
    }

    /// Waits until a conversion's journey has its click as recorded: ingest has taken it and
    /// everything before it, and the conversion was decided again if it came first.
    pub(crate) async fn recorded(&self, web: SocketAddr, conversion: &str) {
        let target = format!("/v1/conversions/{conversion}");
        let mut api = self.api(web);
        until(PATIENCE, "the click to be recorded", async || {
            let found = api.get(&target).await.ok()?.json();
            (found["journey"][0]["proof"] == "recorded").then_some(())
        })
        .await;
    }

    /// The folder with everything.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The databases, record and touches, opened here.
    pub(crate) async fn engines(&self) -> [Arc<dyn Engine>; 2] {
        if self.database_url.is_empty() {
            ["record.db", "touches.db"].map(|name| {
                let options = SqliteOptions::default();
                Arc::new(SqliteEngine::open(self.data().join(name), options).unwrap()) as _
            })
        } else {
            let options = PostgresOptions::default();
            let engine = PostgresEngine::connect(&self.database_url, options).await.unwrap();
            let engine = Arc::new(engine);
            [Arc::clone(&engine) as _, engine]
        }
    }

    /// Everything recounted by the program itself.
    pub(crate) fn verify(&self) {
        let said = self.succeed(&["verify"]);
        assert!(said.contains("Everything agrees."), "{said}");
    }
}

/// Rows of a query.
pub(crate) async fn rows(engine: &dyn Engine, sql: &'static str) -> Vec<Row> {
    engine.read().await.unwrap().query(sql, vec![]).await.unwrap()
}

/// The one number that a query finds.
pub(crate) async fn number(engine: &dyn Engine, sql: &'static str) -> i64 {
    rows(engine, sql).await[0].int(0).unwrap()
}

/// A client that looks like a person's browser.
pub(crate) fn browser(edge: SocketAddr) -> HttpClient {
    HttpClient::new(edge)
        .with(
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .with("Accept", "text/html,application/xhtml+xml")
        .with("Sec-Fetch-Dest", "document")
        .with("Sec-Fetch-Mode", "navigate")
}

/// The click id in the address that a visitor is sent to.
pub(crate) fn click_id(answer: &HttpAnswer) -> Option<ClickId> {
    let location = answer.header("location").filter(|_| answer.status == 302)?;
    let (_, id) = location.split_once("trib=")?;
    id.split('&').next()?.parse().ok()
}
