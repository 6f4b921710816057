//! `cargo xtask bench upload`: a file of a million orders, sent to the real server on SQLite, looked
//! at and recorded, while the API is asked at a steady pace; beside the same pace alone, and orders
//! of the same form in batches over the API.

mod asking;
mod figures;
mod file;

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tributary_kernel::Stopwatch;
use tributary_testkit::HttpClient;

use crate::error::{BenchError, During};
use crate::frame::{self, Threads};
use crate::installation::{self, Installation, Serving};
use crate::wait::{self, Patience};
use crate::{load, machine};
use asking::{Asked, Asker};
use figures::Figures;
use file::Orders;

/// Orders in one batch over the API.
const BATCH: usize = 1_000;
/// How often is looked how far the file is, and when it is given up.
const PATIENCE: Patience =
    Patience { every: Duration::from_millis(100), at_most: Duration::from_secs(20 * 60) };

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rows of the file.
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// Orders that are reported in batches, beside the file.
    #[arg(long, default_value_t = 100_000)]
    batched: usize,
    /// Seconds for which the API is asked alone.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
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
    frame::run("upload", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let mut installation = Installation::set_up(program, "", "")?;
    let serving = installation.serve().await;
    installation.furnish(&serving).await?;
    let of = installation.links.first().map(|it| it.program.clone()).unwrap_or_default();
    let mut api = installation.api(&serving);
    let partners = api.get("/v1/partnerships?limit=200").await.during("partnerships")?.json();
    let codes = codes(&partners, &of);
    let orders = Orders { program: of, codes };

    let (web, key) = (serving.web, format!("Bearer {}", installation.key));
    let client = move || HttpClient::new(web).with("Authorization", &key);
    let asker = Asker::new(client, orders.program.clone());
    let alone = Duration::from_secs(options.seconds);
    let watch = Rc::new(Stopwatch::start());
    let alone = asker.ask(move || watch.elapsed() >= alone).await?;
    let batched = batched(&orders, &serving, &installation, options.batched).await?;

    let content = orders.file(options.rows);
    let megabytes = content.len() as f64 / 1e6;
    println!("a file of {} rows, {megabytes:.0} MB", options.rows);
    let done = Rc::new(Cell::new(false));
    let is_done = Rc::clone(&done);
    let going = async {
        let result = go(&installation, &serving, &orders, content).await;
        done.set(true);
        result
    };
    let (times, meanwhile) = tokio::join!(going, asker.ask(move || is_done.get()));
    let (times, meanwhile) = (times?, meanwhile?);
    check(&times.upload, options.rows)?;
    let mut serving = serving;
    serving.process.stop().await;
    let counted = installation.verify()?;
    let expected = options.rows + options.batched + asker.reported();
    if counted != expected {
        let detail = format!("{counted} conversions of {expected} reported");
        return Err(BenchError::Unfit(detail));
    }
    println!("verify: everything agrees, {counted} conversions");
    Ok(Figures {
        rows: options.rows,
        megabytes,
        received: times.received,
        checked: times.checked,
        committed: times.committed,
        batched,
        alone,
        meanwhile,
    })
}

/// Referral codes of a program's partners.
fn codes(partnerships: &Value, program: &str) -> Vec<String> {
    let all = partnerships["items"].as_array().into_iter().flatten();
    let own = all.filter(|it| it["program"] == program);
    own.filter_map(|it| Some(it["code"].as_str()?.to_owned())).collect()
}

/// How long a file took, step by step.
struct Times {
    received: Duration,
    checked: Duration,
    committed: Duration,
    /// The file at its end.
    upload: Value,
}

async fn go(
    installation: &Installation,
    serving: &Serving,
    orders: &Orders,
    content: Vec<u8>,
) -> Result<Times, BenchError> {
    let mut api = installation.api(serving);
    let uploads = format!("/v1/programs/{}/uploads", orders.program);
    let watch = Stopwatch::start();
    let request = request(serving.web, &installation.key, &uploads, content);
    let answers = load::closed_loop(serving.web, vec![request], 1).await?.answers;
    let received = watch.elapsed();
    let answer = String::from_utf8_lossy(&answers[0]).into_owned();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let upload: Value = serde_json::from_str(body).unwrap_or_default();
    let id = upload["id"].as_str().ok_or_else(|| BenchError::Unfit(answer.clone()))?;
    let one = format!("{uploads}/{id}");
    reaches(&mut api, &one, "checked").await?;
    let checked = watch.elapsed();
    let answer = api.post(&format!("{one}/commit"), None, &json!({})).await.during("commit")?;
    if answer.status != 200 {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(BenchError::Unfit(format!("commit: {}: {body}", answer.status)));
    }
    let upload = reaches(&mut api, &one, "committed").await?;
    let committed = watch.elapsed();
    let (checked, committed) = (checked - received, committed - checked);
    Ok(Times { received, checked, committed, upload })
}

fn request(web: SocketAddr, key: &str, uploads: &str, content: Vec<u8>) -> Vec<u8> {
    let length = content.len();
    let head = format!(
        "POST {uploads}?kind=conversions&name=orders.csv HTTP/1.1\r\nHost: {web}\r\n\
         Authorization: Bearer {key}\r\nContent-Type: text/csv\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    [head.into_bytes(), content].concat()
}

/// Looks again and again until the file is in a state.
async fn reaches(api: &mut HttpClient, path: &str, state: &str) -> Result<Value, BenchError> {
    wait::until(PATIENCE, async || {
        let found = api.get(path).await.during("an upload")?.json();
        let why = || format!("{} of {} rows {}", found["done"], found["rows"], found["state"]);
        Ok(if found["state"] == state { Ok(found) } else { Err(why()) })
    })
    .await
}

fn check(upload: &Value, rows: usize) -> Result<(), BenchError> {
    if upload["counts"]["outcomes"] == json!({ "applied": rows }) {
        return Ok(());
    }
    Err(BenchError::Unfit(format!("not every row was applied: {}", upload["counts"])))
}

/// Orders of the same form in batches; how many per second.
async fn batched(
    orders: &Orders,
    serving: &Serving,
    installation: &Installation,
    count: usize,
) -> Result<f64, BenchError> {
    let (web, key) = (serving.web, &installation.key);
    let request = |first: usize| {
        let until = (first + BATCH).min(count);
        let body = Value::from_iter((first..until).map(|it| orders.report(it))).to_string();
        let length = body.len();
        format!(
            "POST /v1/conversions HTTP/1.1\r\nHost: {web}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    };
    let requests: Vec<Vec<u8>> = (0..count).step_by(BATCH).map(request).collect();
    let done = load::closed_loop(web, requests, 2).await?;
    let applied: usize = done
        .answers
        .iter()
        .map(|it| String::from_utf8_lossy(it).matches("\"outcome\":\"applied\"").count())
        .sum();
    if applied != count {
        return Err(BenchError::Unfit(format!("{applied} of {count} batched orders")));
    }
    Ok(count as f64 / done.elapsed.as_secs_f64())
}

impl Asked {
    /// The time that 99 of 100 did not exceed.
    fn p99(&self) -> Duration {
        let mut sorted = self.times.clone();
        sorted.sort_unstable();
        crate::stats::percentile(&sorted, 990)
    }
}
