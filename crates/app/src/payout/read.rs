use std::collections::HashMap;

use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{
    LocalDate, OrganisationId, PartnerId, PayoutId, PayoutRunId, ProgramId, Refusal, StatementId,
    UserId,
};
use tributary_money::Money;
use tributary_payout::bank_reply::Reason;
use tributary_payout::statement::{Statement, StatementTax};
use tributary_store::list::{Page, PageRequest};
use tributary_store::organisation;
use tributary_store::payout::{self, PayoutFilter, RunTotal, StoredPayout, StoredRun};

use super::bank_file::RunFile;
use crate::directory::viewer_of;
use crate::{App, AppError};

/// A run with what its payouts come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunWithTotal {
    /// The run.
    pub run: StoredRun,
    /// Sum of its payouts, also of those that were cancelled or came back.
    pub total: Money,
    /// Payouts in it.
    pub payouts: i64,
    /// Of these, executed by the bank.
    pub paid: i64,
    /// And returned by it.
    pub returned: i64,
}

impl RunWithTotal {
    fn of(run: StoredRun, total: Option<&RunTotal>) -> Self {
        let sum = |pick: fn(&RunTotal) -> i64| total.map_or(0, pick);
        Self {
            total: Money::new(sum(|it| it.amount), run.currency),
            payouts: sum(|it| it.payouts),
            paid: sum(|it| it.paid),
            returned: sum(|it| it.returned),
            run,
        }
    }
}

/// An owner's runs, newest first.
///
/// # Errors
/// Without the right to read.
pub async fn list_runs(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: Option<ProgramId>,
    page: PageRequest,
) -> Result<Page<RunWithTotal>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let page = payout::list_runs(&mut *conn, owner, program, page).await?;
    let (Some(newest), Some(oldest)) = (page.items.first(), page.items.last()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    // A page is a range of ids; runs of other programs in between are simply not looked up.
    let totals = payout::run_totals(&mut *conn, owner, oldest.id, newest.id).await?;
    let mut totals: HashMap<_, _> = totals.into_iter().map(|it| (it.run, it)).collect();
    for run in &page.items {
        if !totals.contains_key(&run.id) {
            let own = payout::run_totals(&mut *conn, owner, run.id, run.id).await?;
            totals.extend(own.into_iter().map(|it| (it.run, it)));
        }
    }
    Ok(page.map(|run| {
        let total = totals.get(&run.id);
        RunWithTotal::of(run, total)
    }))
}

/// A run with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct RunDetail {
    /// The run with its sums.
    pub run: RunWithTotal,
    /// Its payouts, oldest id first.
    pub payouts: Vec<PayoutOfRun>,
    /// How the money leaves.
    pub file: RunFile,
    /// Name of who approved it, when that was a user.
    pub approved_by: Option<String>,
}

/// A payout in a run.
#[derive(Debug, Clone)]
pub struct PayoutOfRun {
    /// The payout.
    pub payout: StoredPayout,
    /// The partner's name.
    pub name: String,
    /// Id of its statement.
    pub statement: StatementId,
    /// Commissions that it settles.
    pub commissions: usize,
    /// What it carries besides them.
    pub tax: Option<StatementTax>,
}

/// One run of an owner.
///
/// # Errors
/// Without the right to read; not found.
pub async fn find_run(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<RunDetail, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let Some(run) = payout::find_run(&mut *conn, owner, id).await? else {
        return Err(Refusal::not_found("payout run").into());
    };
    let found = payout::payouts_of_run(&mut *conn, owner, id).await?;
    let ids: Vec<PartnerId> = found.iter().map(|it| it.partner).collect();
    let partners = organisation::partners(&mut *conn, &ids).await?;
    let names: HashMap<PartnerId, String> =
        partners.into_iter().map(|it| (it.id, it.name)).collect();
    let mut payouts = Vec::with_capacity(found.len());
    for payout in found {
        let statement = parsed(&payout)?;
        payouts.push(PayoutOfRun {
            name: names.get(&payout.partner).cloned().unwrap_or_default(),
            statement: statement.statement,
            commissions: statement.lines.len(),
            tax: statement.tax,
            payout,
        });
    }
    let file = payout::bank_files(&mut *conn, owner, id).await?.into_iter().next();
    let file = match file {
        Some(it) => RunFile::Made { name: it.name, profile: it.profile, hash: it.hash },
        None => RunFile::ByHand { currency: run.currency },
    };
    let approved_by = match run.created_by.parse::<UserId>() {
        Ok(user) => organisation::find_user(&mut *conn, user).await?.map(|user| user.name),
        Err(_) => None,
    };
    let totals = payout::run_totals(&mut *conn, owner, id, id).await?;
    Ok(RunDetail { run: RunWithTotal::of(run, totals.first()), payouts, file, approved_by })
}

/// Payouts that an actor may see, newest first; partners see all but cancelled ones.
///
/// # Errors
/// Without the right to read.
pub async fn list_payouts(
    app: &App,
    actor: &Actor,
    filter: &PayoutFilter,
    page: PageRequest,
) -> Result<Page<StoredPayout>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(payout::list_payouts(&mut *conn, viewer, filter, page).await?)
}

/// The pay days of payouts that were read for an actor, by run.
///
/// # Errors
/// When the database is away.
pub async fn pay_days(
    app: &App,
    payouts: &[StoredPayout],
) -> Result<HashMap<PayoutRunId, LocalDate>, AppError> {
    let mut runs: Vec<_> = payouts.iter().map(|it| (it.owner, it.run)).collect();
    runs.sort_unstable();
    runs.dedup();
    let mut conn = app.record.read().await?;
    Ok(payout::pay_days(&mut *conn, &runs).await?)
}

/// Why the bank refused a payout or sent it back, once it told so.
#[must_use]
pub fn bank_reason(it: &StoredPayout) -> Option<Reason> {
    let code = it.bank.code.clone()?;
    Some(Reason { code, text: it.bank.text.iter().cloned().collect() })
}

/// One payout that an actor may see.
///
/// # Errors
/// Without the right to read; not found.
pub async fn find_payout(app: &App, actor: &Actor, id: PayoutId) -> Result<StoredPayout, AppError> {
    let viewer: Viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = payout::find_payout(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("payout").into())
}

/// The statement of a payout that an actor may see. Its canonical bytes are the stored text.
///
/// # Errors
/// Without the right to read; not found.
pub async fn statement_of(app: &App, actor: &Actor, id: PayoutId) -> Result<Statement, AppError> {
    parsed(&find_payout(app, actor, id).await?)
}

pub(super) fn parsed(it: &StoredPayout) -> Result<Statement, AppError> {
    Statement::from_bytes(it.statement.as_bytes())
        .map_err(|error| AppError::Corrupt(format!("statement of {}: {error}", it.id)))
}
