//! `cargo xtask bench start`: how soon the real server answers, and what memory it takes: on the
//! demo's folder, and with a million links from the snapshot it kept.

mod figures;
mod million;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Args;
use tributary_kernel::Stopwatch;
use tributary_store::engine::Engine;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{HttpClient, ServerProcess};

use crate::error::{BenchError, During};
use crate::frame::{self, Threads};
use crate::installation::{self, BROWSER};
use crate::machine;
use crate::process::{finish, free_address};
use crate::wait::{self, Patience};
use figures::Figures;

/// For a first answer; asked for often, as it is timed.
const FIRST: Patience =
    Patience { every: Duration::from_millis(1), at_most: Duration::from_secs(60) };
/// How long a server is left alone before its memory is looked at.
const IDLE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Starts on each folder.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Links of the large installation.
    #[arg(long, default_value_t = 1_000_000)]
    links: u32,
    /// A program to measure, such as an older one; left out: this checkout's, which is built.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let program = installation::program(options.program.as_deref())?;
    let provenance = machine::provenance()?;
    frame::run("start", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let mut figures = Figures::new(options.links);
    let folder = installation::folder()?;
    let demo = folder.path().join("demo");
    finish(Command::new(program).args(["demo", "--no-serve", "--folder"]).arg(&demo))?;
    println!("the demo is played");
    let stand = Stand { program, data: &demo, link: a_link(&demo).await? };
    for round in 1..=options.rounds {
        let started = stand.start().await?;
        println!("round {round}: the demo answers after {:?}", started.first_answer);
        figures.demo_starts.push(started.first_answer);
        if round == options.rounds {
            figures.idle = Memory::when_idle(&started.process).await?;
        }
        stand.stop(started).await;
    }
    let (large, link) = million::make(program, folder.path(), options.links).await?;
    let stand = Stand { program, data: &large, link };
    for round in 1..=options.rounds {
        let started = stand.start().await?;
        println!("round {round}: with many links it answers after {:?}", started.first_answer);
        figures.large_starts.push(started.first_answer);
        if round == options.rounds {
            figures.large = Memory::when_idle(&started.process).await?;
        }
        stand.stop(started).await;
    }
    Ok(figures)
}

/// The path of one of a folder's links.
async fn a_link(data: &Path) -> Result<String, BenchError> {
    let engine = SqliteEngine::open(data.join("record.db"), SqliteOptions::default())?;
    let mut reader = engine.read().await?;
    let link = tributary_store::partnership::scan_links(&mut *reader, 0, 1).await?.pop();
    drop(reader);
    engine.close().await?;
    let link = link.ok_or_else(|| BenchError::Unfit("the demo has no link".into()))?;
    Ok(format!("/{}", link.path))
}

/// A folder to start on.
struct Stand<'a> {
    program: &'a Path,
    data: &'a Path,
    link: String,
}

struct Started {
    process: ServerProcess,
    /// From the start of the process until both had answered: a page, and a redirect.
    first_answer: Duration,
}

impl Stand<'_> {
    async fn start(&self) -> Result<Started, BenchError> {
        let (web, edge) = (free_address()?, free_address()?);
        let mut command = Command::new(self.program);
        command
            .arg("serve")
            .env("TRIBUTARY__FOLDER", self.data)
            .env("TRIBUTARY__WEB__LISTEN", web.to_string())
            .env("TRIBUTARY__EDGE__LISTEN", edge.to_string())
            .env("TRIBUTARY__LOG__FORMAT", "json");
        let watch = Stopwatch::start();
        let process = ServerProcess::spawn(command);
        answered(web, "/login", 200, &process).await?;
        answered(edge, &self.link, 302, &process).await?;
        Ok(Started { process, first_answer: watch.elapsed() })
    }

    async fn stop(&self, mut started: Started) {
        started.process.stop().await;
    }
}

/// Waits until a request gets the answer it should.
async fn answered(
    address: SocketAddr,
    target: &str,
    status: u16,
    process: &ServerProcess,
) -> Result<(), BenchError> {
    let mut client = BROWSER
        .iter()
        .fold(HttpClient::new(address), |client, (name, value)| client.with(name, value));
    wait::until(FIRST, async || {
        let got = match client.get(target).await {
            Ok(answer) if answer.status == status => return Ok(Ok(())),
            Ok(answer) => format!("{answer:?}"),
            Err(error) => error.to_string(),
        };
        Ok(Err(got))
    })
    .await
    .map_err(|error| {
        let log = process.log();
        BenchError::Unfit(format!("{target} is not answered by {status}: {error}; {log:?}"))
    })
}

/// A process's memory, in MB (10^6 bytes).
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    resident: f64,
    /// The most since it started.
    peak: f64,
}

impl Memory {
    /// After the server was left alone for a while, so that what starting took is given back.
    async fn when_idle(process: &ServerProcess) -> Result<Self, BenchError> {
        tokio::time::sleep(IDLE).await;
        let path = format!("/proc/{}/status", process.id());
        let status = std::fs::read_to_string(&path).during(path)?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
            kib.and_then(|kib| kib.parse::<f64>().ok())
                .map(|kib| kib * 1_024.0 / 1e6)
                .ok_or_else(|| BenchError::Unfit(format!("no {name} in {status}")))
        };
        Ok(Self { resident: megabytes("VmRSS:")?, peak: megabytes("VmHWM:")? })
    }
}
