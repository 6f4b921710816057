//! The document of a payout, line by line from what is stored.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tributary_commission::{CommissionRecord, CompiledPlan, percentage};
use tributary_kernel::{
    CommissionId, ConversionId, LocalDate, OrganisationId, PartnerId, PayoutId, PlanId, StatementId,
};
use tributary_ledger::merkle::Frontier;
use tributary_ledger::{AccountKind, Transfer, TransferKind, parse_canonical};
use tributary_money::{Money, Rate};
use tributary_payout::statement::{
    LedgerHead, Period, RootHash, Statement, StatementAdjustment, StatementLine, StatementPayee,
    StatementPayer, StatementTax, Totals, masked_reference,
};
use tributary_store::decision::{self, CommissionBasis, StoredCommission};
use tributary_store::engine::Connection;
use tributary_store::{ledger, payout, program};

use super::form::Details;
use super::owed::OwedLine;
use super::planned::Planned;
use super::release_of;
use crate::conversion::accrual_of;
use crate::{App, AppError};

/// Commissions whose rows are read at once.
const BATCH: usize = 1_000;

/// What all statements of a run share.
pub(super) struct Issuer {
    payer: StatementPayer,
    plans: HashMap<PlanId, Arc<CompiledPlan>>,
}

impl Issuer {
    pub(super) async fn load(
        app: &App,
        conn: &mut dyn Connection,
        planned: &Planned,
    ) -> Result<Self, AppError> {
        let owner = planned.program.owner;
        let organisation = tributary_store::organisation::find(conn, owner).await?;
        let organisation =
            organisation.ok_or_else(|| AppError::Corrupt(format!("{owner} is missing")))?;
        let mut plans = HashMap::new();
        for stored in program::plans(conn, &[(owner, planned.program.id)]).await? {
            plans.insert(stored.id, app.compiled(&stored, planned.currency())?);
        }
        let address = planned.payer.as_ref().map(Details::address).unwrap_or_default();
        let payer = StatementPayer { organisation: owner, name: organisation.name, address };
        Ok(Self { payer, plans })
    }

    /// The statement of one payout, which `tree` ends with, and the commissions it settles.
    pub(super) async fn issue(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        planned: &Planned,
        (payout, tax): (PayoutId, Option<StatementTax>),
        partner: PartnerId,
        tree: &Frontier,
    ) -> Result<(Statement, Vec<StoredCommission>), AppError> {
        let owed = &planned.owed[&partner].lines;
        let commissions = commissions_in(conn, planned.program.owner, owed).await?;
        let period = period_of(app, conn, planned, partner, &commissions).await?;
        let lines = self.lines(conn, planned, owed, &commissions, period.from).await?;
        let currency = planned.currency();
        let totals = Totals::of(&lines, currency, true)
            .map_err(|error| AppError::Corrupt(format!("statement of {payout}: {error}")))?;
        let (_, details) = &planned.details[&partner];
        let statement = Statement {
            statement: StatementId::new(app.now(), &*app.entropy),
            payout: Some(payout),
            issued_at: app.now(),
            payer: self.payer.clone(),
            payee: StatementPayee {
                partner,
                name: planned.partner(partner)?.name.clone(),
                address: details.address(),
                account: Some(details.account.masked()),
            },
            period,
            currency,
            opening: totals.opening,
            earned: totals.earned,
            paid: totals.paid,
            closing: totals.closing,
            lines,
            ledger: LedgerHead { size: tree.size(), root: RootHash(*tree.root().as_bytes()) },
            tax,
        };
        Ok((statement, commissions))
    }

    async fn lines(
        &self,
        conn: &mut dyn Connection,
        planned: &Planned,
        owed: &BTreeMap<CommissionId, OwedLine>,
        commissions: &[StoredCommission],
        from: LocalDate,
    ) -> Result<Vec<StatementLine>, AppError> {
        let owner = planned.program.owner;
        let mut references = HashMap::new();
        for batch in commissions.chunks(BATCH) {
            let ids: Vec<ConversionId> = batch.iter().map(|it| it.conversion).collect();
            references.extend(payout::conversion_references(conn, owner, &ids).await?);
        }
        let mut taken_back = taken_back_in(conn, owner, commissions).await?;
        let mut lines = Vec::with_capacity(commissions.len());
        for it in commissions {
            let line = owed
                .get(&it.id)
                .ok_or_else(|| AppError::Corrupt(format!("{} is owed nothing", it.id)))?;
            let mut adjustments = taken_back.remove(&it.id).unwrap_or_default();
            adjustments.extend(line.settled.iter().map(|(payout, amount)| StatementAdjustment {
                adjustment: None,
                reason: "settled_before".to_owned(),
                amount: Money::new(-amount, it.amount.currency),
                transfer: release_of(*payout),
            }));
            let (base, rate) = self.base_and_rate(it)?;
            let reference = references.get(&it.conversion).map_or("", String::as_str);
            lines.push(StatementLine {
                commission: it.id,
                conversion: masked_reference(reference),
                date: it.local_day,
                program: planned.program.id,
                program_name: planned.program.terms.name.clone(),
                rule: it.rule.clone(),
                base,
                rate,
                earned: it.amount,
                booked: vec![accrual_of(it.id)],
                adjustments,
                amount: Money::new(line.amount, it.amount.currency),
                carried_in: it.local_day < from,
            });
        }
        Ok(lines)
    }

    /// What a percentage was taken of, and the percentage; nothing where it is not that simple.
    fn base_and_rate(
        &self,
        it: &StoredCommission,
    ) -> Result<(Option<Money>, Option<Rate>), AppError> {
        // A bonus, or what a tier adds to an earlier commission, is no percentage of its sale.
        if matches!(it.basis, Some(basis) if basis != CommissionBasis::Recruiting) {
            return Ok((None, None));
        }
        let record: CommissionRecord = serde_json::from_str(&it.record)
            .map_err(|error| AppError::Corrupt(format!("record of {}: {error}", it.id)))?;
        let plan = self.plans.get(&it.plan);
        let plan = plan.ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.plan)))?;
        let found = percentage(plan, &record)
            .map_err(|error| AppError::Corrupt(format!("record of {}: {error}", it.id)))?;
        Ok(found.map_or((None, None), |(base, rate)| (Some(base), Some(rate))))
    }
}

/// In the order in which conversions occurred and were booked.
async fn commissions_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    owed: &BTreeMap<CommissionId, OwedLine>,
) -> Result<Vec<StoredCommission>, AppError> {
    let keys: Vec<_> = owed.keys().map(|id| (owner, *id)).collect();
    let mut found = Vec::with_capacity(keys.len());
    for batch in keys.chunks(BATCH) {
        found.extend(decision::commissions_by_id(conn, batch).await?);
    }
    if found.len() != keys.len() {
        return Err(AppError::Corrupt(format!("{} of {} lines", found.len(), keys.len())));
    }
    found.sort_by_key(|it| (it.local_day, it.booked_seq, it.id));
    Ok(found)
}

/// From the day after the last payout that holds, or from the first line's day; to today.
async fn period_of(
    app: &App,
    conn: &mut dyn Connection,
    planned: &Planned,
    partner: PartnerId,
    commissions: &[StoredCommission],
) -> Result<Period, AppError> {
    let (owner, program) = (planned.program.owner, planned.program.id);
    let today = planned.zone.date(app.now());
    let before = payout::last_live_payout_at(conn, owner, program, partner).await?;
    let before = before.map(|at| planned.zone.date(at));
    let first = commissions.iter().map(|it| it.local_day).min().unwrap_or(today);
    let from = before.map_or(first, |day| day.plus_days(1)).min(today);
    Ok(Period { from, to: today, zone: planned.zone.name().to_owned() })
}

/// What was taken back of commissions, in the order of booking, with the reports it came from.
async fn taken_back_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    commissions: &[StoredCommission],
) -> Result<HashMap<CommissionId, Vec<StatementAdjustment>>, AppError> {
    let mut all = HashMap::new();
    let touched: Vec<&StoredCommission> =
        commissions.iter().filter(|it| it.reversed_amount != 0).collect();
    for batch in touched.chunks(BATCH) {
        let subjects: Vec<[u8; 16]> = batch.iter().map(|it| *it.id.as_bytes()).collect();
        let mut by_commission: HashMap<[u8; 16], Vec<Transfer>> = HashMap::new();
        for row in ledger::transfers_about(conn, owner, &subjects).await? {
            let transfer = parse_canonical(&row.canonical)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", row.id)))?;
            if is_taking_back(transfer.kind) {
                by_commission.entry(row.subject).or_default().push(transfer);
            }
        }
        for it in batch {
            let mut transfers = by_commission.remove(it.id.as_bytes()).unwrap_or_default();
            transfers.sort_by_key(|transfer| transfer.seq);
            let reports = decision::adjustments(conn, owner, it.conversion).await?;
            let lines = transfers.iter().map(|transfer| {
                // The report and its transfers were written in one transaction, at one moment.
                let report = reports.iter().find(|report| {
                    report.received_at == transfer.booked_at
                        && report.reason == transfer.reason.as_str()
                });
                StatementAdjustment {
                    adjustment: report.map(|report| report.id),
                    reason: transfer.reason.as_str().to_owned(),
                    amount: Money::new(cost_side(transfer), it.amount.currency),
                    transfer: transfer.id,
                }
            });
            all.insert(it.id, lines.collect());
        }
    }
    Ok(all)
}

const fn is_taking_back(kind: TransferKind) -> bool {
    matches!(
        kind,
        TransferKind::Decline
            | TransferKind::ReverseApproved
            | TransferKind::ReversePayable
            | TransferKind::ClawBack
    )
}

/// What a transfer that takes back does to cost: a credit, so negative.
fn cost_side(transfer: &Transfer) -> i64 {
    let cost = transfer.postings.iter().find(|it| it.account.kind == AccountKind::CommissionCost);
    cost.map_or(0, |it| it.amount)
}
