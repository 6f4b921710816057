//! What a program owes each partner, commission by commission.
//!
//! # Invariant
//! A commission that was agreed to adds to its partner's balance what is left of it, less what
//! payouts that hold have settled of it already. The sum over a partner's commissions is what the
//! ledger says: approved less clawback. A run that would pay anything else stops.
//!
//! # Mechanism
//! Mostly only approved commissions count, each with what is left of it. Where the ledger says
//! otherwise (something paid was taken back, or a payout came back after a later one had recovered
//! a part of it), the statements of the payouts that hold tell what was settled. A release takes
//! all of approved and all of clawback, so nothing but those statements has to be looked at.

use std::collections::BTreeMap;

use serde::Deserialize;
use tributary_directory::Program;
use tributary_kernel::{CommissionId, PartnerId, PayoutId, Refusal};
use tributary_money::Money;
use tributary_payout::plan::RUN_LINES_MAX;
use tributary_store::engine::Connection;
use tributary_store::payout::{self, AmountLeft, PartnerOwed};

use crate::AppError;

/// Rows read at once where a partner's history is gone through.
const PAGE_ROWS: u32 = 1_000;
/// Statements read at once; each may be long.
const STATEMENTS_PER_PAGE: u32 = 10;

/// What one partner is owed.
#[derive(Debug)]
pub(super) struct Owed {
    /// Balance of approved: what a release takes.
    pub(super) earned: i64,
    /// Balance of clawback: what a release settles.
    pub(super) recovered: i64,
    /// By commission; none is zero.
    pub(super) lines: BTreeMap<CommissionId, OwedLine>,
}

/// What one commission adds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OwedLine {
    /// Negative when more was settled than is left.
    pub(super) amount: i64,
    /// What earlier payouts that hold settled, in their order.
    pub(super) settled: Vec<(PayoutId, i64)>,
}

/// Everything a program owes now, by partner.
pub(super) async fn owed_in(
    conn: &mut dyn Connection,
    program: &Program,
) -> Result<BTreeMap<PartnerId, Owed>, AppError> {
    let (owner, id, currency) = (program.owner, program.id, program.terms.currency);
    let limit = u32::try_from(RUN_LINES_MAX).unwrap_or(u32::MAX);
    let approved = payout::approved_amounts(conn, owner, id, currency, limit + 1).await?;
    if approved.len() > RUN_LINES_MAX {
        let detail = format!("More than {RUN_LINES_MAX} commissions are approved in one program.");
        return Err(Refusal::conflict("too_many_commissions", detail).into());
    }
    let mut by_partner: BTreeMap<PartnerId, Vec<AmountLeft>> = BTreeMap::new();
    for it in approved {
        by_partner.entry(it.partner).or_default().push(it);
    }
    let mut all = BTreeMap::new();
    for balance in payout::partners_owed(conn, owner, id, currency).await? {
        let approved = by_partner.remove(&balance.partner).unwrap_or_default();
        let lines = lines_of(conn, program, balance, approved).await?;
        let total: i128 = lines.values().map(|line| i128::from(line.amount)).sum();
        let told = i128::from(balance.approved) - i128::from(balance.clawback);
        if total != told {
            let partner = balance.partner;
            let detail = format!("{partner} in {id}: commissions {total}, ledger {told}");
            return Err(AppError::Corrupt(detail));
        }
        let (earned, recovered) = (balance.approved, balance.clawback);
        all.insert(balance.partner, Owed { earned, recovered, lines });
    }
    if let Some((partner, rest)) = by_partner.into_iter().find(|(_, rest)| !rest.is_empty()) {
        let detail = format!("{partner} in {id}: {} approved, ledger nothing", rest.len());
        return Err(AppError::Corrupt(detail));
    }
    Ok(all)
}

async fn lines_of(
    conn: &mut dyn Connection,
    program: &Program,
    balance: PartnerOwed,
    approved: Vec<AmountLeft>,
) -> Result<BTreeMap<CommissionId, OwedLine>, AppError> {
    let sum: i128 = approved.iter().map(|it| i128::from(it.remaining)).sum();
    let simple = balance.clawback == 0 && sum == i128::from(balance.approved);
    let mut left: BTreeMap<CommissionId, i64> =
        approved.iter().map(|it| (it.commission, it.remaining)).collect();
    let mut settled = BTreeMap::new();
    if !simple {
        reversed_in(conn, program, balance.partner, &mut left).await?;
        settled = settled_in(conn, program, balance.partner, &left).await?;
    }
    let mut lines = BTreeMap::new();
    for (commission, remaining) in left {
        let settled: Vec<(PayoutId, i64)> = settled.remove(&commission).unwrap_or_default();
        let before: i64 = settled.iter().map(|(_, amount)| amount).sum();
        let amount = remaining - before;
        if amount != 0 {
            lines.insert(commission, OwedLine { amount, settled });
        }
    }
    Ok(lines)
}

/// Adds the commissions of which something was taken back.
async fn reversed_in(
    conn: &mut dyn Connection,
    program: &Program,
    partner: PartnerId,
    left: &mut BTreeMap<CommissionId, i64>,
) -> Result<(), AppError> {
    let (owner, id, currency) = (program.owner, program.id, program.terms.currency);
    let mut after = [0; 16];
    loop {
        let page =
            payout::reversed_amounts(conn, owner, id, partner, currency, after, PAGE_ROWS).await?;
        for it in &page {
            left.insert(it.commission, it.remaining);
            after = *it.commission.as_bytes();
        }
        if page.len() < PAGE_ROWS as usize {
            return Ok(());
        }
    }
}

/// The parts of a statement that tell what was settled.
#[derive(Deserialize)]
struct SettledLines {
    lines: Vec<SettledLine>,
}

#[derive(Deserialize)]
struct SettledLine {
    commission: CommissionId,
    amount: Money,
}

/// What payouts that hold have settled of these commissions.
async fn settled_in(
    conn: &mut dyn Connection,
    program: &Program,
    partner: PartnerId,
    wanted: &BTreeMap<CommissionId, i64>,
) -> Result<BTreeMap<CommissionId, Vec<(PayoutId, i64)>>, AppError> {
    let mut settled: BTreeMap<CommissionId, Vec<(PayoutId, i64)>> = BTreeMap::new();
    let mut after = [0; 16];
    loop {
        let limit = STATEMENTS_PER_PAGE;
        let page =
            payout::live_payouts_of(conn, program.owner, program.id, partner, after, limit).await?;
        for it in &page {
            after = *it.id.as_bytes();
            let statement: SettledLines = serde_json::from_str(&it.statement)
                .map_err(|error| AppError::Corrupt(format!("statement of {}: {error}", it.id)))?;
            for line in statement.lines {
                if wanted.contains_key(&line.commission) {
                    settled.entry(line.commission).or_default().push((it.id, line.amount.minor));
                }
            }
        }
        if page.len() < limit as usize {
            return Ok(settled);
        }
    }
}
