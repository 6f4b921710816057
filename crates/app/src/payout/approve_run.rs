use tributary_directory::{Actor, Permission};
use tributary_kernel::{LocalDate, OrganisationId, PayoutId, PayoutRunId, ProgramId, Refusal};
use tributary_ledger::movement::{self, PayoutLine, PayoutOf};
use tributary_money::Money;
use tributary_payout::plan::PlannedPayout;
use tributary_store::decision::{self, CommissionState, StoredCommission};
use tributary_store::engine::Connection;
use tributary_store::payout::{self, PayoutState, RunState, StoredPayout, StoredRun, ToldByBank};

use super::bank_file::{self, RunFile};
use super::planned::{Planned, plan_in};
use super::release_of;
use super::statement::Issuer;
use crate::books::{Books, lock_head};
use crate::life::moved;
use crate::{App, AppError};

/// A run to be approved.
#[derive(Debug, Clone)]
pub struct ApproveRun {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// The day asked for in the preview; none: the next pay day.
    pub pay_on: Option<LocalDate>,
    /// [`PreviewedRun::seen`](super::PreviewedRun::seen) of the preview the person looked at.
    pub seen: String,
}

/// What was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedRun {
    /// The run.
    pub run: StoredRun,
    /// Its payouts, by partner id.
    pub payouts: Vec<StoredPayout>,
    /// How the money leaves.
    pub file: RunFile,
}

/// Makes the payouts of a run that a person has seen: commissions become payable, what partners owe
/// back is settled, each payout gets its statement, and the bank its file.
///
/// # Errors
/// Without the right to pay; `run_changed` when the run would be another one now than was seen;
/// `nothing_to_pay`; `payer_account_missing` at `/payer_account`; `bank_file_refused`.
pub async fn approve_run(
    app: &App,
    actor: &Actor,
    input: ApproveRun,
) -> Result<ApprovedRun, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    crate::app::with_retries(|| approve_once(app, actor, &input)).await
}

async fn approve_once(
    app: &App,
    actor: &Actor,
    input: &ApproveRun,
) -> Result<ApprovedRun, AppError> {
    let owner = input.owner;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let planned = plan_in(app, &mut *tx, owner, input.program, input.pay_on).await?;
    check(&planned, input)?;
    let now = app.now();
    let run = StoredRun {
        id: PayoutRunId::new(now, &*app.entropy),
        owner,
        program: input.program,
        currency: planned.currency(),
        state: RunState::Approved,
        pay_on: planned.pay_on,
        created_at: now,
        created_by: actor.name(),
    };
    payout::put_run(&mut *tx, &run).await?;
    let mut pen = Books::open(&head, now)?;
    let issuer = Issuer::load(app, &mut *tx, &planned).await?;
    let mut payouts = Vec::with_capacity(planned.plan.payouts.len());
    for it in &planned.plan.payouts {
        payouts.push(make_payout(app, &mut *tx, &mut pen, &planned, &issuer, &run, it).await?);
    }
    let file = match bank_file::write(&planned, &run, &payouts)? {
        Some(file) => {
            payout::insert_bank_file(&mut *tx, &file).await?;
            RunFile::Made { name: file.name, profile: file.profile, hash: file.hash }
        }
        None => RunFile::ByHand { currency: run.currency },
    };
    let total = planned.total()?;
    let data = serde_json::json!({
        "run": run.id, "program": run.program, "pay_on": run.pay_on, "total": total,
        "payouts": payouts.len(),
    });
    pen.tell("payout_run.approved", *run.id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    app.audit_in(&mut *tx, owner, actor, "payout_run.approved", run.id, &data).await?;
    tx.commit().await?;
    Ok(ApprovedRun { run, payouts, file })
}

fn check(planned: &Planned, input: &ApproveRun) -> Result<(), AppError> {
    if planned.seen != input.seen {
        let detail = "Something changed since you looked: look at the run again.";
        return Err(Refusal::conflict("run_changed", detail).into());
    }
    if planned.plan.payouts.is_empty() {
        let detail = "Nobody would be paid; the preview says why.";
        return Err(Refusal::conflict("nothing_to_pay", detail).into());
    }
    Ok(())
}

async fn make_payout(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    planned: &Planned,
    issuer: &Issuer,
    run: &StoredRun,
    it: &PlannedPayout,
) -> Result<StoredPayout, AppError> {
    let id = PayoutId::new(app.now(), &*app.entropy);
    let owed = &planned.owed[&it.partner];
    let line = PayoutLine {
        program: run.program,
        earned: Money::new(owed.earned, run.currency),
        recovered: Money::new(owed.recovered, run.currency),
    };
    let of = PayoutOf { payout: id, partner: it.partner };
    pen.book(release_of(id), app.now(), |booking| movement::release(booking, of, &[line]))?;
    let (statement, mut commissions) =
        issuer.issue(app, conn, planned, id, it.partner, pen.tree()).await?;
    if statement.paid != it.total {
        return Err(AppError::Corrupt(format!(
            "{id}: {} stated, {} paid",
            statement.paid, it.total
        )));
    }
    let statement = statement
        .to_bytes()
        .map_err(|error| AppError::Corrupt(format!("statement of {id}: {error}")))?;
    let statement = String::from_utf8(statement).expect("canonical statements are UTF-8");
    let (bank_detail, details) = &planned.details[&it.partner];
    let made = StoredPayout {
        id,
        owner: run.owner,
        run: run.id,
        program: run.program,
        partner: it.partner,
        amount: it.total,
        state: PayoutState::Approved,
        bank_detail: *bank_detail,
        shown: details.account.masked(),
        statement,
        created_at: app.now(),
        paid_at: None,
        bank: ToldByBank::default(),
    };
    payout::put_payout(conn, &made).await?;
    take_commissions(conn, &made, &mut commissions).await?;
    super::withdraw::tell(app, pen, "payout.approved", &made);
    Ok(made)
}

/// Approved commissions go into the payout. Those paid before, which are settled only, stay where
/// they are.
async fn take_commissions(
    conn: &mut dyn Connection,
    payout: &StoredPayout,
    commissions: &mut Vec<StoredCommission>,
) -> Result<(), AppError> {
    commissions.retain(|it| it.state == CommissionState::Approved);
    let mut daily = Vec::new();
    for it in &mut *commissions {
        let was = it.clone();
        it.state = CommissionState::Payable;
        it.payout = Some(payout.id);
        daily.extend(moved(&was, it));
    }
    decision::put_commissions(conn, commissions).await?;
    decision::add_daily(conn, daily).await?;
    Ok(())
}
