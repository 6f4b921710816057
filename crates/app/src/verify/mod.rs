//! Everything computed again and compared with what is stored: transfers with their tree and
//! balances, commissions with plan and ledger, conversions with what was sent, the rollup with
//! what it sums, intake, plans, heads, payouts, invoices. Every difference is a finding that names what it
//! is about.
//!
//! An owner is read in one consistent view, so that verify can run beside the work. Pages of rows
//! come and go: memory grows with accounts, payouts and rows of the rollup, not with transfers or
//! conversions. For that the transfers are read twice, in the order of booking for tree and
//! balances, and by what they are about for sums and reversals. That no transfer id stands twice in
//! the whole ledger is left to the table's unique index, beside which the ids in the bytes are held.
//! What no arithmetic hangs on and no hash covers (a name, the reason of a decline) is not checked.

mod claims;
mod commissions;
mod conversions;
mod counters;
mod documents;
mod head;
mod ledger;
mod payouts;
mod rollup;
pub mod statement;
mod subjects;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tributary_commission::{CompiledPlan, PlanDocument};
use tributary_kernel::{OrganisationId, PlanId, ProgramId, Refusal, Zone};
use tributary_money::Currency;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::program::StoredPlan;
use tributary_store::recheck;
use tributary_store::{decision, organisation, program};

pub use head::{LedgerHead, SignedHeads, ledger_head, sign_head, sign_heads};

use crate::{App, AppError};

/// Findings kept; more are only counted.
pub const FINDINGS_KEPT_MAX: usize = 10_000;

/// How often a second view of the same moment is tried for.
const LANE_TRIES: u32 = 20;

/// One difference between what is stored and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort of difference: a stable name in `snake_case`.
    pub what: &'static str,
    /// The id of what it is about; of a row of the rollup, its key.
    pub subject: String,
    /// What was found and what was expected.
    pub detail: String,
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Organisations.
    pub owners: u64,
    /// Transfers replayed.
    pub transfers: u64,
    /// Accounts compared.
    pub accounts: u64,
    /// Kept nodes of the tree compared.
    pub nodes: u64,
    /// Signed heads checked.
    pub heads: u64,
    /// Payouts checked.
    pub payouts: u64,
    /// Invoices and credit notes checked.
    pub documents: u64,
    /// Plan versions read.
    pub plans: u64,
    /// Conversions checked.
    pub conversions: u64,
    /// Commissions recomputed.
    pub commissions: u64,
    /// Of these, with an amount that a recorded change of the arithmetic explains.
    pub explained_changes: u64,
    /// Rows of the rollup recounted.
    pub daily_rows: u64,
    /// Days of intake added up.
    pub intake_days: u64,
    /// The differences, at most [`FINDINGS_KEPT_MAX`].
    pub findings: Vec<Finding>,
    /// How many there were.
    pub findings_total: u64,
}

impl VerifyReport {
    /// Whether everything is as it should be.
    #[must_use]
    pub const fn is_green(&self) -> bool {
        self.findings_total == 0
    }

    /// Adds what another part of the work has found.
    fn add(&mut self, other: Self) {
        let sums = [
            (&mut self.owners, other.owners),
            (&mut self.transfers, other.transfers),
            (&mut self.accounts, other.accounts),
            (&mut self.nodes, other.nodes),
            (&mut self.heads, other.heads),
            (&mut self.payouts, other.payouts),
            (&mut self.documents, other.documents),
            (&mut self.plans, other.plans),
            (&mut self.conversions, other.conversions),
            (&mut self.commissions, other.commissions),
            (&mut self.explained_changes, other.explained_changes),
            (&mut self.daily_rows, other.daily_rows),
            (&mut self.intake_days, other.intake_days),
            (&mut self.findings_total, other.findings_total),
        ];
        sums.into_iter().for_each(|(sum, more)| *sum += more);
        let room = FINDINGS_KEPT_MAX.saturating_sub(self.findings.len());
        self.findings.extend(other.findings.into_iter().take(room));
    }

    pub(self) fn find(
        &mut self,
        what: &'static str,
        subject: impl std::fmt::Display,
        detail: impl Into<String>,
    ) {
        self.findings_total += 1;
        if self.findings.len() < FINDINGS_KEPT_MAX {
            let (subject, detail) = (subject.to_string(), detail.into());
            self.findings.push(Finding { what, subject, detail });
        }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Whose.
    pub owner: OrganisationId,
    /// `transfers`, `subjects`, `conversions` or `rollup`.
    pub stage: &'static str,
    /// Rows of it done.
    pub done: u64,
}

/// Told after each page.
pub type OnProgress<'a> = &'a mut (dyn FnMut(VerifyProgress) + Send);

/// Verifies one organisation, or all.
///
/// # Errors
/// A fault, or a refusal when there is no such organisation. What is wrong with the data is no
/// error but a finding, unless it cannot even be read as rows.
pub async fn verify(
    app: &App,
    owner: Option<OrganisationId>,
    progress: OnProgress<'_>,
) -> Result<VerifyReport, AppError> {
    let mut report = VerifyReport::default();
    let mut conn = app.record.read().await?;
    let owners: Vec<OrganisationId> = match owner {
        Some(owner) => match organisation::find(&mut *conn, owner).await? {
            Some(found) => vec![found.id],
            None => return Err(Refusal::not_found("organisation").into()),
        },
        None => {
            let all = organisation::all_organisations(&mut *conn).await?;
            all.into_iter().map(|it| it.id).collect()
        }
    };
    drop(conn);
    let progress = Progress(Mutex::new(progress));
    for owner in owners {
        report.add(verify_owner(app, owner, &progress).await?);
    }
    Ok(report)
}

/// Told from two lanes.
struct Progress<'a>(Mutex<OnProgress<'a>>);

impl Progress<'_> {
    fn tell(&self, owner: OrganisationId, stage: &'static str, done: u64) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told(VerifyProgress { owner, stage, done });
    }
}

/// Two lanes, each with a connection of its own, share the work: reading is most of it, and one
/// connection reads on one core.
async fn verify_owner(
    app: &App,
    owner: OrganisationId,
    progress: &Progress<'_>,
) -> Result<VerifyReport, AppError> {
    // Views of its own, so that none is held open longer than one owner takes.
    let (mut conn, mut second) = lanes(app, owner).await?;
    let conn = &mut *conn;
    let mut report = VerifyReport { owners: 1, ..VerifyReport::default() };
    let terms = Arc::new(Agreements::load(conn, owner, &mut report).await?);
    let mut claims = claims::Claims::default();
    head::claim(app, conn, owner, &mut claims, &mut report).await?;
    let payouts = payouts::claim(conn, owner, &mut claims, &mut report).await?;
    documents::check(conn, owner, &payouts, &mut report).await?;
    let pages = conversions::Pages::new(owner);
    let two = second.is_some();
    let first = async {
        let report = ledger::check(conn, owner, claims, report, progress).await?;
        let lane = conversions::Lane::new(Arc::clone(&terms));
        let lane = if two { lane.run(conn, &pages, progress).await? } else { lane };
        Ok::<_, AppError>((conn, report, lane))
    };
    let other = async {
        let Some(conn) = &mut second else { return Ok(None) };
        let found = subjects::check(&mut **conn, owner, &payouts, progress).await?;
        let lane = conversions::Lane::new(Arc::clone(&terms));
        let lane = lane.run(&mut **conn, &pages, progress).await?;
        Ok::<_, AppError>(Some((found, lane)))
    };
    let ((conn, mut report, mut lane), other) = tokio::try_join!(first, other)?;
    match other {
        Some((found, second)) => {
            report.add(found);
            lane.join(second);
        }
        None => {
            report.add(subjects::check(conn, owner, &payouts, progress).await?);
            lane = lane.run(conn, &pages, progress).await?;
        }
    }
    report.add(conversions::finish(conn, owner, lane, progress).await?);
    intake(conn, owner, report).await
}

/// Two views of an owner's facts as they were at one moment. Every fact of an owner moves its head,
/// so views that show the same head show the same facts. Where others keep writing in between there
/// may be no second one.
async fn lanes(
    app: &App,
    owner: OrganisationId,
) -> Result<(Box<dyn Connection>, Option<Box<dyn Connection>>), AppError> {
    let mut one = app.record.read().await?;
    let mut head = decision::head(&mut *one, owner).await?;
    for _ in 0..LANE_TRIES {
        let Ok(mut other) = app.record.read().await else { break };
        let seen = decision::head(&mut *other, owner).await?;
        if seen == head {
            return Ok((one, Some(other)));
        }
        (one, head) = (other, seen);
    }
    Ok((one, None))
}

/// The programs and plans of an owner, read from what is stored and from nothing kept in memory.
#[derive(Debug, Default)]
struct Agreements {
    programs: HashMap<ProgramId, (Zone, Currency)>,
    plans: HashMap<PlanId, CompiledPlan>,
}

impl Agreements {
    async fn load(
        conn: &mut dyn Connection,
        owner: OrganisationId,
        report: &mut VerifyReport,
    ) -> Result<Self, AppError> {
        let mut it = Self::default();
        let viewer = tributary_directory::Viewer::Owner(owner);
        let mut page = PageRequest { limit: u32::MAX, after: None };
        loop {
            let found = program::list(conn, viewer, page).await?;
            for program in &found.items {
                match Zone::named(&program.terms.time_zone) {
                    Ok(zone) => {
                        it.programs.insert(program.id, (zone, program.terms.currency));
                    }
                    Err(error) => report.find("program_zone", program.id, error.to_string()),
                }
            }
            let keys: Vec<_> = found.items.iter().map(|program| (owner, program.id)).collect();
            for stored in program::plans(conn, &keys).await? {
                report.plans += 1;
                let Some((_, currency)) = it.programs.get(&stored.program) else { continue };
                match compile(&stored, *currency) {
                    Ok(plan) => {
                        it.plans.insert(plan.id(), plan);
                    }
                    Err(detail) => report.find("plan", stored.id, detail),
                }
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(it),
            }
        }
    }
}

fn compile(stored: &StoredPlan, currency: Currency) -> Result<CompiledPlan, String> {
    let first = |errors: Vec<tributary_kernel::FieldError>| {
        errors.first().map_or_else(String::new, |it| format!("{} {}", it.pointer, it.detail))
    };
    let document = PlanDocument::from_json(stored.document.as_bytes()).map_err(first)?;
    let plan = CompiledPlan::new(stored.id, document, currency).map_err(first)?;
    if plan.hash().as_bytes() == &stored.hash {
        Ok(plan)
    } else {
        Err(format!("its document has the hash {}, another is stored", plan.hash()))
    }
}

/// received = applied + duplicate + refused + quarantined + pending, of every day.
async fn intake(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    mut report: VerifyReport,
) -> Result<VerifyReport, AppError> {
    let mut days: std::collections::BTreeMap<_, (i64, i64)> = std::collections::BTreeMap::new();
    for (day, outcome, count) in recheck::intake_by_day(conn, owner).await? {
        let sums = days.entry(day).or_default();
        match outcome.as_str() {
            "received" => sums.0 += count,
            _ => sums.1 += count,
        }
    }
    for (day, (received, settled)) in days {
        report.intake_days += 1;
        if received != settled {
            let detail = format!("{received} were received, {settled} have an outcome");
            report.find("intake", format!("{owner} {day}"), detail);
        }
    }
    Ok(report)
}

/// Runs arithmetic beside the database, which reads the next page meanwhile.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AppError::Corrupt(format!("computing broke off: {error}")))
}
