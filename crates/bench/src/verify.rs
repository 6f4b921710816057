//! `verify` over a ledger of many transfers on SQLite, beside the least that any such check must
//! do: reading the same rows once and hashing the transfers.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tributary_app::payout::inclusion_of;
use tributary_app::verify::{VerifyProgress, verify};
use tributary_kernel::Stopwatch;
use tributary_ledger::merkle::{Frontier, leaf_hash};
use tributary_store::ledger as stored;
use tributary_store::recheck;

use crate::error::BenchError;
use crate::frame::{self, Findings, Threads};
use crate::ledger::{Ledger, Options, fault};
use crate::machine;
use crate::process::settle_disk;
use crate::stats::{median, milliseconds, percentile};

/// What must be reached, of a million transfers.
const SECONDS_MAX: f64 = 10.0;
const TRANSFERS_MIN: u64 = 1_000_000;
const PROOF_MAX: Duration = Duration::from_millis(1);
const PROOFS: usize = 2_000;
const PAGE: u32 = 4_096;

/// What was measured.
#[derive(Debug)]
struct Figures {
    transfers: u64,
    commissions: u64,
    /// Of each round.
    seconds: Vec<f64>,
    floors: Vec<f64>,
    peak_mib: u64,
    /// Sorted.
    proofs: Vec<Duration>,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let provenance = machine::provenance()?;
    frame::run("verify", options.record, &provenance, Threads::All, measure(options))
}

async fn measure(options: &Options) -> Result<Figures, BenchError> {
    let ledger = Ledger::open(options).await?;
    // Making it may have left work to the disk.
    settle_disk()?;
    machine::quiet(options.record).await?;
    let (mut seconds, mut floors) = (Vec::new(), Vec::new());
    let (mut transfers, mut commissions) = (0, 0);
    for round in 1..=options.rounds.max(1) {
        let watch = Stopwatch::start();
        let read = floor(&ledger).await?;
        let floor = watch.elapsed().as_secs_f64();
        let watch = Stopwatch::start();
        let mut stages = Vec::new();
        let mut progress = |it: VerifyProgress| {
            if !stages.contains(&it.stage) {
                println!("  {} from {:.1} s", it.stage, watch.elapsed().as_secs_f64());
                stages.push(it.stage);
            }
        };
        let report = verify(&ledger.app, None, &mut progress).await.map_err(fault)?;
        let took = watch.elapsed().as_secs_f64();
        if !report.is_green() || report.transfers != read {
            let found = report.findings.first();
            return Err(BenchError::Unfit(format!("{read} transfers, and it finds {found:?}")));
        }
        (transfers, commissions) = (report.transfers, report.commissions);
        println!(
            "round {round}: {transfers} transfers verified in {took:.2} s, read and hashed in {floor:.2} s"
        );
        seconds.push(took);
        floors.push(floor);
    }
    let proofs = proofs(&ledger, transfers).await?;
    Ok(Figures { transfers, commissions, seconds, floors, peak_mib: peak_mib(), proofs })
}

impl Findings for Figures {
    fn text(&self, provenance: &str) -> String {
        let proof = |per_mille| milliseconds(percentile(&self.proofs, per_mille));
        format!(
            "| {} transfers, as many conversions, {} commissions | seconds | must be |\n\
             |---|---:|---:|\n\
             | `tributary verify` | {:.2} | <= {SECONDS_MAX}: {} |\n\
             | the same rows read once, transfers hashed | {:.2} | |\n\n\
             Peak memory {} MiB. SQLite, median of {} rounds by turns. One inclusion proof from the \
             store, checked: {:.3} ms in the median of {PROOFS}, {:.3} ms for 99 of 100 (must be at \
             most {} ms: {}). {provenance}.",
            self.transfers,
            self.commissions,
            median(&self.seconds),
            word(median(&self.seconds) <= SECONDS_MAX),
            median(&self.floors),
            self.peak_mib,
            self.seconds.len(),
            proof(500),
            proof(990),
            PROOF_MAX.as_millis(),
            word(percentile(&self.proofs, 990) <= PROOF_MAX),
        )
    }

    fn reached(&self) -> bool {
        let fast = median(&self.seconds) <= SECONDS_MAX;
        let small = self.transfers < TRANSFERS_MIN;
        (small || fast) && percentile(&self.proofs, 990) <= PROOF_MAX
    }
}

const fn word(reached: bool) -> &'static str {
    if reached { "reached" } else { "**missed**" }
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
