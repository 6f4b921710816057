//! The real program in a folder of its own, set up and furnished as a person would: by its command
//! line and its API.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use tributary_store::engine::Engine;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{HttpClient, ServerProcess};

use crate::error::{BenchError, During};
use crate::load;
use crate::machine;
use crate::process::finish;
use crate::wait;

/// Programs, partners of each, and links of each partner beside the first, which comes with it.
const PROGRAMS: usize = 3;
const PARTNERS: usize = 8;
const MORE_LINKS: usize = 4;
/// Connections that clicks are made over.
const CLICK_CONNECTIONS: usize = 64;

/// A person's browser, on a page that recommends the program.
pub(crate) const BROWSER: &[(&str, &str)] = &[
    (
        "User-Agent",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 \
         (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "da-DK,da;q=0.9"),
    ("Referer", "https://blog.example/best-crm"),
    ("Sec-Fetch-Dest", "document"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Site", "cross-site"),
];

/// See the module. Its folder is gone when dropped.
#[derive(Debug)]
pub(crate) struct Installation {
    program: PathBuf,
    folder: TempDir,
    pub(crate) key: String,
    pub(crate) links: Vec<Link>,
}

/// A partner's link.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// With the slash before it.
    pub(crate) path: String,
    /// Its program's id.
    pub(crate) program: String,
    /// As in click ids.
    pub(crate) number: u32,
}

/// A click that was answered.
#[derive(Debug, Clone)]
pub(crate) struct Click {
    pub(crate) id: String,
    pub(crate) program: String,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) process: ServerProcess,
    pub(crate) web: SocketAddr,
    pub(crate) edge: SocketAddr,
    /// Where its figures are.
    pub(crate) figures: SocketAddr,
}

/// The program to measure: the one given, or this checkout's, built with the profile of packages.
pub(crate) fn program(given: Option<&Path>) -> Result<PathBuf, BenchError> {
    if let Some(given) = given {
        return given.canonicalize().during(given.display().to_string());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = machine::root();
    let mut command = Command::new(cargo);
    command.args(["build", "--profile", "dist", "--package", "tributary"]).current_dir(&root);
    finish(&mut command)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("dist/tributary"))
}

/// A folder for databases, beside that of the throwaway server. What says `fsync` there must mean
/// it: memory is refused.
pub(crate) fn folder() -> Result<TempDir, BenchError> {
    let folder = tempfile::Builder::new().prefix("tributary-bench-").tempdir();
    let folder = folder.during("a folder for the database")?;
    let kind = finish(Command::new("stat").args(["-f", "-c", "%T"]).arg(folder.path()))?;
    if matches!(kind.trim(), "tmpfs" | "ramfs") {
        let place = folder.path().display();
        let detail = format!("{place} is in memory: set TMPDIR to a folder on a disk");
        return Err(BenchError::Unfit(detail));
    }
    Ok(folder)
}

impl Installation {
    /// Sets one up, on SQLite when `database_url` is empty. `more` is appended to its
    /// configuration.
    pub(crate) fn set_up(
        program: &Path,
        database_url: &str,
        more: &str,
    ) -> Result<Self, BenchError> {
        let folder = folder()?;
        let config = format!(
            "folder = \"{}\"\n\
             [database]\nurl = \"{database_url}\"\n\
             [web]\nlisten = \"127.0.0.1:0\"\nrequests_per_minute = 1000000000\n\
             [metrics]\nlisten = \"127.0.0.1:0\"\n\
             [log]\nformat = \"json\"\nlevel = \"warn,tributary=info\"\n\
             [edge]\nlisten = \"127.0.0.1:0\"\nthreads = 1\n{more}",
            folder.path().join("data").display(),
        );
        std::fs::write(folder.path().join("tributary.toml"), config).during("a configuration")?;
        let mut it =
            Self { program: program.to_owned(), folder, key: String::new(), links: Vec::new() };
        if !database_url.is_empty() {
            it.run(&["migrate"])?;
        }
        let said = it.run(&[
            "setup",
            "--organisation=Acme",
            "--country=DK",
            "--name=Mette",
            "--email=mette@acme.example",
        ])?;
        let key = said.lines().find_map(|line| line.strip_prefix("api key"));
        it.key = key
            .ok_or_else(|| BenchError::Unfit(format!("no key from setup: {said}")))?
            .trim()
            .to_owned();
        Ok(it)
    }

    /// `tributary` with this configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(self.folder.path().join("tributary.toml")).args(arguments);
        command
    }

    /// Runs a command to its end; what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, BenchError> {
        finish(&mut self.command(arguments))
    }

    /// Starts it, and waits until it serves.
    pub(crate) async fn serve(&self) -> Serving {
        let process = ServerProcess::spawn(self.command(&["serve"]));
        let (web, edge) = process.addresses().await;
        let line = process.logged("tributary.serving").await.unwrap_or_default();
        let figures = line["metrics_address"].as_str().and_then(|text| text.parse().ok());
        let figures = figures.expect("it has a port for its figures");
        Serving { process, web, edge, figures }
    }

    /// A client of the API with the key.
    pub(crate) fn api(&self, serving: &Serving) -> HttpClient {
        HttpClient::new(serving.web).with("Authorization", &format!("Bearer {}", self.key))
    }

    /// Programs with a plan of three rules, live, and partners with links.
    pub(crate) async fn furnish(&mut self, serving: &Serving) -> Result<(), BenchError> {
        let mut api = self.api(serving);
        for number in 0..PROGRAMS {
            let body = json!({
                "name": format!("Program {number}"), "currency": "DKK",
                "time_zone": "Europe/Copenhagen", "landing_url": "https://www.acme.example/crm",
            });
            let program = text(&post(&mut api, "/v1/programs", &body).await?["id"]);
            let path = format!("/v1/programs/{program}");
            post(&mut api, &format!("{path}/plans"), &json!({ "document": plan() })).await?;
            post(&mut api, &format!("{path}/go_live"), &json!({})).await?;
            for partner in 0..PARTNERS {
                let body = json!({
                    "program": program, "name": format!("Partner {number} {partner}"),
                    "email": format!("p{number}-{partner}@partners.example"), "kind": "content",
                    "country": "DK", "active": true,
                });
                let partnership = text(&post(&mut api, "/v1/partnerships", &body).await?["id"]);
                for _ in 0..MORE_LINKS {
                    let body = json!({ "partnership": partnership });
                    post(&mut api, "/v1/links", &body).await?;
                }
            }
        }
        let links = api.get("/v1/links?limit=200").await.during("links")?.json();
        for link in links["items"].as_array().into_iter().flatten() {
            let path = format!("/{}", text(&link["path"]));
            let number = link["number"].as_u64().and_then(|it| u32::try_from(it).ok());
            let number = number.ok_or_else(|| BenchError::Unfit(format!("no number: {link}")))?;
            self.links.push(Link { path, program: text(&link["program"]), number });
        }
        if self.links.len() != PROGRAMS * PARTNERS * (1 + MORE_LINKS) {
            return Err(BenchError::Unfit(format!("{} links", self.links.len())));
        }
        self.until_known(serving).await
    }

    /// Waits until the edge has heard of the newest link.
    async fn until_known(&self, serving: &Serving) -> Result<(), BenchError> {
        let mut browser = BROWSER
            .iter()
            .fold(HttpClient::new(serving.edge), |client, (name, value)| client.with(name, value));
        for link in [self.links.first(), self.links.last()].into_iter().flatten() {
            wait::until(wait::USUAL, async || {
                let answer = browser.get(&link.path).await.during("a click")?;
                let why = || format!("the edge answers {} to {}", answer.status, link.path);
                Ok(if answer.status == 302 { Ok(()) } else { Err(why()) })
            })
            .await?;
        }
        Ok(())
    }

    /// Clicks by people on all links by turns, and waits until all of them are touches.
    pub(crate) async fn click(
        &self,
        serving: &Serving,
        count: usize,
    ) -> Result<Vec<Click>, BenchError> {
        let before = load::metric(serving.figures, "tributary_spool_entries_total").await?;
        let headers: String =
            BROWSER.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let links: Vec<&Link> = self.links.iter().cycle().take(count).collect();
        let requests = links
            .iter()
            .map(|link| {
                let (path, host) = (&link.path, serving.edge);
                format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").into_bytes()
            })
            .collect();
        let answers = load::closed_loop(serving.edge, requests, CLICK_CONNECTIONS).await?.answers;
        let clicks = answers.iter().zip(&links).map(|(answer, link)| {
            let answer = String::from_utf8_lossy(answer);
            let id = answer.split_once("trib=").map(|(_, rest)| {
                rest.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect()
            });
            id.map(|id| Click { id, program: link.program.clone() })
                .ok_or_else(|| BenchError::Unfit(format!("no click id: {answer}")))
        });
        let clicks = clicks.collect::<Result<Vec<Click>, _>>()?;
        let all = before + count as f64;
        load::reaches(serving.figures, "tributary_ingest_entries_total", all).await?;
        Ok(clicks)
    }

    /// The folder of the click log.
    pub(crate) fn spool(&self) -> PathBuf {
        self.data().join("spool")
    }

    /// Makes ingest begin at the first segment again, for a click log that was put in place of the
    /// one it has read. The server must not run.
    pub(crate) async fn forget_place(&self) -> Result<(), BenchError> {
        let path = self.data().join("touches.db");
        let engine = SqliteEngine::open(path, SqliteOptions::default())?;
        let mut tx = engine.begin().await?;
        tx.execute("DELETE FROM spool_offset", vec![]).await?;
        tx.commit().await?;
        Ok(engine.close().await?)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Recounts everything with the program's own `verify`; the conversions that it recounted.
    pub(crate) fn verify(&self) -> Result<usize, BenchError> {
        let said = self.run(&["verify"])?;
        let count = said.split_once(" conversions and ").and_then(|(before, _)| {
            before.rsplit_once(' ').and_then(|(_, count)| count.parse().ok())
        });
        match count {
            Some(count) if said.contains("Everything agrees.") => Ok(count),
            _ => Err(BenchError::Unfit(format!("verify: {said}"))),
        }
    }
}

/// Three rules: a share of sales for a year, a lead, a sign-up.
fn plan() -> Value {
    let fixed = |amount: &str| json!({ "fixed": { "amount": amount, "currency": "DKK" } });
    json!({
        "format": 1, "name": "Partners of Acme", "rounding": "half_even",
        "rules": [
            {
                "id": "sale", "events": ["sale"], "recurring": { "months": 12 },
                "amount": { "percent": "17.5", "of": "gross" },
            },
            { "id": "lead", "events": ["lead"], "amount": fixed("250.00"), "hold_days": 7 },
            { "id": "signup", "events": ["signup"], "amount": fixed("50.00"), "hold_days": 7 },
        ],
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn post(api: &mut HttpClient, path: &str, body: &Value) -> Result<Value, BenchError> {
    let answer = api.post(path, None, body).await.during(path)?;
    if matches!(answer.status, 200 | 201) {
        return Ok(answer.json());
    }
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    Err(BenchError::Unfit(format!("{path}: {}: {body}", answer.status)))
}
