//! `verify` over a ledger of many transfers on SQLite, beside the least that any such check must
//! do: reading the same rows once and hashing the transfers.

pub(crate) mod ledger;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use sha2::{Digest, Sha256};
use tributary_app::payout::inclusion_of;
use tributary_app::verify::verify;
use tributary_kernel::Stopwatch;
use tributary_ledger::merkle::{Frontier, leaf_hash};
use tributary_store::ledger as stored;
use tributary_store::recheck;

use crate::error::{BenchError, During};
use crate::machine::{provenance, quiet, root};
use crate::record;
use crate::stats::{median, milliseconds, percentile};
use ledger::{Ledger, fault};

/// What the issue asks for, of a million transfers.
const LIMIT: Duration = Duration::from_secs(10);
const LIMIT_TRANSFERS: u64 = 1_000_000;
const PROOF_LIMIT: Duration = Duration::from_millis(1);
const PROOFS: usize = 2_000;
const PAGE: u32 = 4_096;

/// Options of `cargo xtask bench verify`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Sales, and so commissions and transfers.
    #[arg(long, default_value_t = 1_000_000)]
    sales: usize,
    /// Rounds, of which the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Where the ledger is kept for the next run; it is made when it is not there.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Writes the figures into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Whether a million transfers are verified within the limit.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.during("the executor")?.block_on(measure(options))
}

async fn measure(options: &Options) -> Result<bool, BenchError> {
    let usual = || root().join(format!("target/bench/verify-{}", options.sales));
    let folder = options.folder.clone().unwrap_or_else(usual);
    let ledger = Ledger::open(&folder, options.sales).await?;
    quiet(options.record).await?;
    let (mut seconds, mut floors) = (Vec::new(), Vec::new());
    let mut transfers = 0;
    for round in 1..=options.rounds.max(1) {
        let watch = Stopwatch::start();
        let read = floor(&ledger).await?;
        floors.push(watch.elapsed().as_secs_f64());
        let watch = Stopwatch::start();
        let mut stages = Vec::new();
        let mut progress = |it: tributary_app::verify::VerifyProgress| {
            if !stages.contains(&it.stage) {
                println!("  {} from {:.1} s", it.stage, watch.elapsed().as_secs_f64());
                stages.push(it.stage);
            }
        };
        let report = verify(&ledger.app, None, &mut progress).await.map_err(fault)?;
        seconds.push(watch.elapsed().as_secs_f64());
        if !report.is_green() || report.transfers != read {
            let found = report.findings.first();
            return Err(BenchError::Unfit(format!("{read} transfers, and it finds {found:?}")));
        }
        transfers = report.transfers;
        println!(
            "round {round}: {transfers} transfers and {} commissions verified in {:.2} s, read and \
             hashed in {:.2} s",
            report.commissions,
            seconds[round - 1],
            floors[round - 1]
        );
    }
    let proofs = proofs(&ledger, transfers).await?;
    let (middle, floor) = (median(&seconds), median(&floors));
    let peak = peak_mib();
    println!("median {middle:.2} s, beside {floor:.2} s; at most {peak} MiB of memory");
    println!(
        "one inclusion proof: {:.3} ms in the median of {PROOFS}, {:.3} ms for 99 of 100",
        milliseconds(percentile(&proofs, 500)),
        milliseconds(percentile(&proofs, 990))
    );
    if options.record {
        let body = format!(
            "| {transfers} transfers, as many commissions and conversions | seconds |\n|---|---|\n\
             | `tributary verify` | {middle:.2} |\n| the same rows read once, transfers hashed | \
             {floor:.2} |\n\nPeak memory {peak} MiB. SQLite, median of {}. One inclusion proof from the \
             store, checked: {:.3} ms in the median of {PROOFS}, {:.3} ms for 99 of 100. {}.",
            options.rounds,
            milliseconds(percentile(&proofs, 500)),
            milliseconds(percentile(&proofs, 990)),
            provenance()?
        );
        record::replace("verify", &body)?;
    }
    let fast = percentile(&proofs, 990) <= PROOF_LIMIT;
    Ok(transfers < LIMIT_TRANSFERS || (middle <= LIMIT.as_secs_f64() && fast))
}

/// How long each of many inclusion proofs takes, from the store to the check, sorted.
async fn proofs(ledger: &Ledger, size: u64) -> Result<Vec<Duration>, BenchError> {
    let mut conn = ledger.app.record.read().await.map_err(fault)?;
    let found = tributary_store::decision::head(&mut *conn, ledger.owner).await.map_err(fault)?;
    let head = found.ok_or_else(|| fault("the ledger has no head"))?;
    let root = Frontier::from_bytes(&head.frontier).map_err(fault)?.root();
    let mut taken = Vec::with_capacity(PROOFS);
    for n in 0..PROOFS as u64 {
        let place = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size.max(1);
        let row = stored::transfers_from(&mut *conn, ledger.owner, place.cast_signed(), 1).await;
        let row = row.map_err(fault)?;
        let leaf = leaf_hash(&row.first().ok_or_else(|| fault("a transfer is missing"))?.canonical);
        let watch = Stopwatch::start();
        let proof = inclusion_of(&mut *conn, ledger.owner, place, size).await.map_err(fault)?;
        proof.verify(leaf, root).map_err(fault)?;
        taken.push(watch.elapsed());
    }
    taken.sort_unstable();
    Ok(taken)
}

/// Reads conversions, commissions and transfers once, hashes the transfers, and counts these.
async fn floor(ledger: &Ledger) -> Result<u64, BenchError> {
    let owner = ledger.owner;
    let mut conn = ledger.app.record.read().await.map_err(fault)?;
    let mut count = 0u64;
    let mut hash = Sha256::new();
    loop {
        let from = count.cast_signed();
        let page = stored::transfers_from(&mut *conn, owner, from, PAGE).await.map_err(fault)?;
        page.iter().for_each(|it| hash.update(&it.canonical));
        count += page.len() as u64;
        if page.len() < PAGE as usize {
            break;
        }
    }
    println!("  leaves hash to {:02x?}…", &hash.finalize()[..4]);
    let mut after = [0; 16];
    loop {
        let page =
            recheck::scan_conversions(&mut *conn, owner, after, PAGE).await.map_err(fault)?;
        let Some(last) = page.last() else { break };
        after = *last.id.as_bytes();
    }
    let mut after = [0; 16];
    loop {
        let page =
            recheck::scan_commissions(&mut *conn, owner, after, PAGE).await.map_err(fault)?;
        let Some(last) = page.last() else { break };
        after = *last.id.as_bytes();
    }
    Ok(count)
}

/// The most memory this process has had, as the kernel counts it.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
