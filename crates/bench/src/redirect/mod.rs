//! `cargo xtask bench redirect`: the edge beside nginx's `return 302`, by turns, each alone on one
//! core with the load generator on another. nginx writes the same header fields and a buffered
//! access log: a yardstick, for its log is not durable.

pub(crate) mod edge;
mod figures;
mod nginx;

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::error::BenchError;
use crate::frame::{self, Threads};
use crate::http_probe::{self, Answer};
use crate::open_loop::{self, Plan};
use crate::process::Server;
use crate::wrk::{self, Load};
use crate::{fdatasync, machine, process};
use figures::Figures;

pub(crate) const SERVER_CORE: usize = 0;
pub(crate) const LOAD_CORE: usize = 1;
pub(crate) const CONNECTIONS: usize = 256;
/// Requests per second of the open loop.
const OPEN_LOOP_RATE: u32 = 20_000;
pub(crate) const WARM_UP: Duration = Duration::from_secs(2);
/// What a server is given beyond the load, to start and to be connected to.
pub(crate) const SLACK: Duration = Duration::from_secs(2);
/// Each round's share of the disk's own measurement.
const FDATASYNC: Duration = Duration::from_secs(1);

/// Where the code is that a bench of redirects runs.
pub(crate) const FOLDERS: &[&str] =
    &["crates/kernel", "crates/click", "crates/spool", "crates/edge", "crates/bench/src/redirect"];

/// A phone's request for a partner's link as a browser sends it, so that the edge does for it all
/// that it does for a click that counts.
pub(crate) const HEADERS: &[(&str, &str)] = &[
    ("Host", edge::HOST),
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

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds; in each, all three servers take their turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each measured run.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Who takes a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contestant {
    Nginx,
    Durable,
    AfterWrite,
}

const CONTESTANTS: [Contestant; 3] =
    [Contestant::Nginx, Contestant::Durable, Contestant::AfterWrite];

impl Contestant {
    const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Durable => "durable",
            Self::AfterWrite => "after-write",
        }
    }
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    if machine::cores() <= LOAD_CORE {
        return Err(BenchError::Unfit("server and load need a core each".into()));
    }
    process::require(&["nginx", "wrk", "taskset"])?;
    let program = edge::build()?;
    let provenance = machine::provenance_of(FOLDERS)?;
    process::pin_self(LOAD_CORE)?;
    frame::run("redirect", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let work = machine::working_folder()?;
    let stand = Stand::set_up(options, program, work.path()).await?;
    let mut figures = Figures::default();
    for round in 1..=options.rounds {
        for contestant in CONTESTANTS {
            let rate = stand.closed_loop(contestant).await?;
            println!("round {round}: {} {rate:.0} requests/s", contestant.name());
            figures.rates(contestant).push(rate);
        }
        figures.fdatasync.extend(fdatasync::times(work.path(), FDATASYNC)?);
        for contestant in CONTESTANTS {
            let report = stand.open_loop(contestant).await?;
            println!(
                "round {round}: {} at {OPEN_LOOP_RATE}/s: p50 {:?}, p99 {:?}, p99.9 {:?} \
                 (sender late by at most {:?})",
                contestant.name(),
                report.percentile(500),
                report.percentile(990),
                report.percentile(999),
                report.sender_late_max,
            );
            figures.p99s(contestant).push(report.percentile(990));
        }
    }
    Ok(figures)
}

/// Everything a run stands on.
struct Stand<'a> {
    seconds: Duration,
    program: &'a Path,
    work: &'a Path,
    /// What the edge answers; nginx is told to answer the same.
    answer: Answer,
    request: Vec<u8>,
}

impl<'a> Stand<'a> {
    async fn set_up(
        options: &Options,
        program: &'a Path,
        work: &'a Path,
    ) -> Result<Self, BenchError> {
        let request = http_probe::request(edge::PATH, HEADERS);
        let server = edge::start(program, Contestant::Durable, work, SLACK).await?;
        let answer = http_probe::ask(server.address, &request).await?;
        edge::end(server, work).await?;
        if answer.status != 302 || answer.field("location").is_none() {
            return Err(BenchError::Unfit(format!("the edge does not redirect: {answer:?}")));
        }
        let stand =
            Self { seconds: Duration::from_secs(options.seconds), program, work, answer, request };
        stand.check_nginx().await?;
        Ok(stand)
    }

    /// The yardstick must send what the edge sends, or the comparison is of something else.
    async fn check_nginx(&self) -> Result<(), BenchError> {
        let server = self.start(Contestant::Nginx).await?;
        let answer = http_probe::ask(server.address, &self.request).await?;
        server.stop().await?;
        let missing = nginx::shared_fields(&self.answer)
            .find(|(name, value)| answer.field(name) != Some(value.as_str()));
        match missing {
            None if answer.status == 302 => Ok(()),
            _ => Err(BenchError::Unfit(format!("nginx answers otherwise: {answer:?}"))),
        }
    }

    /// A fresh server for one run of load, on a disk that has done what earlier runs left it to
    /// do: nginx's log of one run alone is some 300 MB that the kernel would write in another's.
    async fn start(&self, contestant: Contestant) -> Result<Server, BenchError> {
        for folder in [nginx::folder(self.work), edge::folder(self.work)] {
            process::remove_folder(&folder)?;
        }
        process::settle_disk()?;
        match contestant {
            Contestant::Nginx => nginx::start(&self.answer, self.work).await,
            edge => {
                edge::start(self.program, edge, self.work, WARM_UP + self.seconds + SLACK).await
            }
        }
    }

    async fn end(&self, contestant: Contestant, server: Server) -> Result<(), BenchError> {
        match contestant {
            Contestant::Nginx => server.stop().await,
            _ => edge::end(server, self.work).await,
        }
    }

    /// Requests per second of a fresh server, after a warm-up.
    async fn closed_loop(&self, contestant: Contestant) -> Result<f64, BenchError> {
        let server = self.start(contestant).await?;
        let load = |duration| Load {
            address: server.address,
            path: edge::PATH,
            headers: HEADERS,
            connections: CONNECTIONS,
            duration,
            core: LOAD_CORE,
        };
        wrk::requests_per_second(&load(WARM_UP))?;
        let rate = wrk::requests_per_second(&load(self.seconds))?;
        self.end(contestant, server).await?;
        Ok(rate)
    }

    async fn open_loop(&self, contestant: Contestant) -> Result<open_loop::Report, BenchError> {
        let server = self.start(contestant).await?;
        let report = open_loop::run(Plan {
            address: server.address,
            request: self.request.clone(),
            answer_start: b"HTTP/1.1 302 ",
            rate: OPEN_LOOP_RATE,
            connections: CONNECTIONS,
            warm_up: WARM_UP,
            duration: self.seconds,
        })
        .await?;
        self.end(contestant, server).await?;
        Ok(report)
    }
}
