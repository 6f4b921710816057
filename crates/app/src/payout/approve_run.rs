use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    LocalDate, OrganisationId, PayoutId, PayoutRunId, ProgramId, Refusal, TransferId,
};
use tributary_ledger::movement::{self, Owed, PayoutLine, PayoutOf};
use tributary_money::Money;
use tributary_payout::plan::PlannedPayout;
use tributary_payout::statement::{Statement, StatementTax};
use tributary_store::decision::{self, CommissionState, StoredCommission};
use tributary_store::engine::Connection;
use tributary_store::payout::{self, PayoutState, RunState, StoredPayout, StoredRun, ToldByBank};

use super::bank_file::{self, RunFile};
use super::planned::{Planned, plan_in};
use super::release_of;
use super::statement::Issuer;
use crate::books::{Books, lock_head};
use crate::invoicing::{Drawn, InvoiceOf, Writer};
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
    let mut writer = Writer::open(&mut *tx, owner, planned.zone.date(now)).await?;
    let mut payouts = Vec::with_capacity(planned.plan.payouts.len());
    for it in &planned.plan.payouts {
        let mut desk = Desk {
            app,
            pen: &mut pen,
            writer: writer.as_mut(),
            planned: &planned,
            issuer: &issuer,
        };
        payouts.push(make_payout(&mut *tx, &mut desk, &run, it).await?);
    }
    if let Some(writer) = writer {
        writer.close(&mut *tx).await?;
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

/// What the payouts of one run are made with.
struct Desk<'a> {
    app: &'a App,
    pen: &'a mut Books,
    writer: Option<&'a mut Writer>,
    planned: &'a Planned,
    issuer: &'a Issuer,
}

async fn make_payout(
    conn: &mut dyn Connection,
    desk: &mut Desk<'_>,
    run: &StoredRun,
    it: &PlannedPayout,
) -> Result<StoredPayout, AppError> {
    let (app, planned) = (desk.app, desk.planned);
    let id = PayoutId::new(app.now(), &*app.entropy);
    book(desk, run, id, it)?;
    let drawn = draw(desk, it)?;
    let tax = match planned.taxes.get(&it.partner) {
        Some(taxes) => Some(StatementTax {
            invoice: drawn.as_ref().map(|drawn| drawn.number.as_str().to_owned()),
            vat: taxes.vat,
            withheld: taxes.taken(run.currency),
            sent: planned.sent(it)?,
        }),
        None => None,
    };
    let (statement, mut commissions) =
        desk.issuer.issue(app, conn, planned, (id, tax), it.partner, desk.pen.tree()).await?;
    if statement.paid != it.total {
        return Err(AppError::Corrupt(format!(
            "{id}: {} stated, {} paid",
            statement.paid, it.total
        )));
    }
    let bytes = statement
        .to_bytes()
        .map_err(|error| AppError::Corrupt(format!("statement of {id}: {error}")))?;
    let (bank_detail, details) = &planned.details[&it.partner];
    let made = StoredPayout {
        id,
        owner: run.owner,
        run: run.id,
        program: run.program,
        partner: it.partner,
        amount: statement.sent(),
        state: PayoutState::Approved,
        bank_detail: *bank_detail,
        shown: details.account.masked(),
        statement: String::from_utf8(bytes).expect("canonical statements are UTF-8"),
        created_at: app.now(),
        paid_at: None,
        bank: ToldByBank::default(),
    };
    payout::put_payout(conn, &made).await?;
    take_commissions(conn, &made, &mut commissions).await?;
    super::withdraw::tell(app, desk.pen, "payout.approved", &made);
    if let Some(drawn) = drawn {
        write_invoice(conn, desk, run, &made, &statement, drawn).await?;
    }
    Ok(made)
}

/// Books what a payout moves: commissions with what is recovered, and the VAT on top.
fn book(
    desk: &mut Desk<'_>,
    run: &StoredRun,
    id: PayoutId,
    it: &PlannedPayout,
) -> Result<(), AppError> {
    let app = desk.app;
    let owed = &desk.planned.owed[&it.partner];
    let line = PayoutLine {
        program: run.program,
        earned: Money::new(owed.earned, run.currency),
        recovered: Money::new(owed.recovered, run.currency),
    };
    let of = PayoutOf { payout: id, partner: it.partner };
    desk.pen.book(release_of(id), app.now(), |booking| movement::release(booking, of, &[line]))?;
    let Some(taxes) = desk.planned.taxes.get(&it.partner) else { return Ok(()) };
    let owed = |amount| Owed { program: run.program, partner: it.partner, amount };
    let id = || TransferId::new(app.now(), &*app.entropy);
    if !taxes.vat.is_zero() {
        let vat = owed(taxes.vat);
        desk.pen.book(id(), app.now(), |booking| movement::add_vat(booking, of, vat))?;
    }
    if let Some(withheld) = &taxes.withheld {
        let tax = owed(withheld.amount);
        desk.pen.book(id(), app.now(), |booking| movement::withhold(booking, of, tax))?;
    }
    Ok(())
}

/// The number of the invoice of a payout that has one.
fn draw(desk: &mut Desk<'_>, it: &PlannedPayout) -> Result<Option<Drawn>, AppError> {
    let taxes = desk.planned.taxes.get(&it.partner);
    if taxes.is_none_or(|taxes| taxes.invoiced.is_none()) {
        return Ok(None);
    }
    let writer = desk.writer.as_mut();
    let writer = writer
        .ok_or_else(|| AppError::Corrupt(format!("{} is invoiced for by nobody", it.partner)))?;
    Ok(Some(writer.draw()))
}

async fn write_invoice(
    conn: &mut dyn Connection,
    desk: &mut Desk<'_>,
    run: &StoredRun,
    payout: &StoredPayout,
    statement: &Statement,
    drawn: Drawn,
) -> Result<(), AppError> {
    let planned = desk.planned;
    let nobody = || AppError::Corrupt(format!("{} is invoiced for by nobody", payout.id));
    let taxes = planned.taxes.get(&payout.partner).ok_or_else(nobody)?;
    let taxed = taxes.invoiced.as_ref().ok_or_else(nobody)?;
    let writer = desk.writer.as_deref().ok_or_else(nobody)?;
    let language = planned.partner(payout.partner)?.language.parse().unwrap_or_default();
    let of = InvoiceOf {
        payout,
        taxed,
        statement,
        program: &planned.program.terms.name,
        due_on: run.pay_on,
        withheld: taxes.withheld.as_ref(),
        language,
    };
    writer.invoice(desk.app, conn, desk.pen, drawn, &of).await
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
