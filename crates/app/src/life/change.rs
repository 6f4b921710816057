use std::collections::{BTreeMap, BTreeSet};

use tributary_directory::{Actor, Permission};
use tributary_kernel::{CommissionId, ConversionId, OrganisationId, Refusal, TransferId};
use tributary_ledger::movement::Owed;
use tributary_ledger::{Reason, TransferKind};
use tributary_money::Money;
use tributary_store::decision::{self, DailyDelta, StoredCommission, StoredConversion};
use tributary_store::engine::Connection;
use tributary_store::ledger;

use super::selection::{self, Selection};
use super::{LifeStep, Part, approve, decline, reverse, status_of, unapprove};
use crate::books::{Books, lock_head};
use crate::conversion::decline_in_counters;
use crate::{App, AppError};

/// Commissions to be moved a step on.
#[derive(Debug, Clone)]
pub struct LifeChange {
    /// Whose.
    pub owner: OrganisationId,
    /// Which.
    pub selection: Selection,
    /// How many the person saw in the preview: with another number in the meantime nothing is
    /// done.
    pub expected: Option<usize>,
}

/// What became of one commission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub commission: CommissionId,
    /// As it is now, or why it is as it was: `not_found`, `wrong_state`.
    pub result: Result<StoredCommission, Refusal>,
}

/// Moves commissions a step on, those that stand where it begins.
pub(super) async fn change(
    app: &App,
    actor: &Actor,
    step: LifeStep,
    reason: Reason,
    input: &LifeChange,
) -> Result<Vec<Changed>, AppError> {
    actor.require(input.owner, Permission::Decide)?;
    crate::app::with_retries(|| change_once(app, actor, step, reason, input)).await
}

/// Why a commission stays as it is.
pub(super) fn refusal_of(step: LifeStep, found: Option<&StoredCommission>) -> Option<Refusal> {
    match found {
        None => Some(Refusal::not_found("commission")),
        Some(it) if step.admits(it) => None,
        Some(it) => {
            let rest = if it.remaining() > 0 { "" } else { ", with nothing left of it" };
            let detail = format!("This commission is {}{rest}.", it.state);
            Some(Refusal::conflict("wrong_state", detail))
        }
    }
}

async fn change_once(
    app: &App,
    actor: &Actor,
    step: LifeStep,
    reason: Reason,
    input: &LifeChange,
) -> Result<Vec<Changed>, AppError> {
    let owner = input.owner;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let selected = selection::find(&mut *tx, owner, step, &input.selection).await?;
    let admitted = selected.items.iter().filter(|(_, it)| refusal_of(step, it.as_ref()).is_none());
    let admitted = admitted.count();
    if input.expected.is_some_and(|expected| expected != admitted) {
        let detail = format!("There are {admitted} now; look at the preview again.");
        return Err(Refusal::conflict("selection_changed", detail).into());
    }
    if admitted == 0 {
        let items = selected.items.into_iter();
        return Ok(items.map(|(commission, it)| unchanged(step, commission, it)).collect());
    }
    let mut pen = Books::open(&head, app.now())?;
    let approvals = match step {
        LifeStep::Unapprove => approvals_of(&mut *tx, owner, &selected.items).await?,
        _ => BTreeMap::new(),
    };
    let mut daily = Vec::new();
    let (mut changed, mut declined) = (Vec::new(), Vec::new());
    let mut answers = Vec::with_capacity(selected.items.len());
    for (commission, found) in selected.items {
        let Some(mut it) = found.clone().filter(|it| step.admits(it)) else {
            answers.push(unchanged(step, commission, found));
            continue;
        };
        if matches!(step, LifeStep::Decline | LifeStep::Reverse) {
            declined.push(it.clone());
        }
        daily.extend(match step {
            LifeStep::Approve => approve::apply(app, &mut pen, &mut it)?,
            LifeStep::Decline => decline::apply(app, &mut pen, &mut it, reason)?,
            LifeStep::Unapprove => {
                let approval = approvals.get(&commission).copied();
                unapprove::apply(app, &mut pen, &mut it, approval, reason)?
            }
            LifeStep::Reverse => reverse::apply(app, &mut pen, &mut it, reason)?,
        });
        changed.push(it.clone());
        answers.push(Changed { commission, result: Ok(it) });
    }
    decline_in_counters(app, &mut *tx, &declined).await?;
    settle_conversions(app, &mut *tx, &mut pen, owner, &changed).await?;
    decision::put_commissions(&mut *tx, &changed).await?;
    decision::add_daily(&mut *tx, daily).await?;
    pen.write_in(&mut *tx).await?;
    let ids: Vec<CommissionId> = changed.iter().map(|it| it.id).collect();
    let detail = serde_json::json!({ "reason": reason, "commissions": ids });
    app.audit_in(&mut *tx, owner, actor, step.action(), ids[0], &detail).await?;
    tx.commit().await?;
    Ok(answers)
}

fn unchanged(step: LifeStep, commission: CommissionId, it: Option<StoredCommission>) -> Changed {
    // Whoever comes here was not admitted; the fallback keeps this free of panics.
    let refusal = refusal_of(step, it.as_ref()).unwrap_or_else(|| Refusal::not_found("commission"));
    Changed { commission, result: Err(refusal) }
}

/// The newest approval of each commission: the one that holds.
async fn approvals_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    items: &[(CommissionId, Option<StoredCommission>)],
) -> Result<BTreeMap<CommissionId, TransferId>, AppError> {
    let subjects: Vec<[u8; 16]> = items.iter().map(|(id, _)| *id.as_bytes()).collect();
    let mut newest: BTreeMap<CommissionId, (i64, TransferId)> = BTreeMap::new();
    for it in ledger::transfers_about(conn, owner, &subjects).await? {
        if it.kind == TransferKind::Approve.as_str() {
            let known = newest.entry(CommissionId::from_bytes(it.subject)).or_insert((-1, it.id));
            *known = (*known).max((it.seq, it.id));
        }
    }
    Ok(newest.into_iter().map(|(commission, (_, id))| (commission, id)).collect())
}

/// Brings the status of the conversions concerned to where their commissions are now.
async fn settle_conversions(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    owner: OrganisationId,
    changed: &[StoredCommission],
) -> Result<(), AppError> {
    let ids: BTreeSet<ConversionId> = changed.iter().map(|it| it.conversion).collect();
    let keys: Vec<_> = ids.into_iter().map(|id| (owner, id)).collect();
    let by_id: BTreeMap<CommissionId, &StoredCommission> =
        changed.iter().map(|it| (it.id, it)).collect();
    let mut parts: BTreeMap<ConversionId, Vec<Part>> = BTreeMap::new();
    for it in decision::commissions_of(conn, &keys).await? {
        let now = by_id.get(&it.id).copied().unwrap_or(&it);
        parts.entry(it.conversion).or_default().push(Part::from(now));
    }
    let mut moved: Vec<StoredConversion> = Vec::new();
    for mut it in decision::conversions_by_id(conn, &keys).await? {
        let was = it.status;
        it.status = status_of(was, parts.get(&it.id).map_or(&[], Vec::as_slice));
        if it.status != was {
            let data = serde_json::json!({
                "conversion": it.id, "program": it.program, "was": was, "status": it.status,
                "test": it.test,
            });
            pen.tell("conversion.status_changed", *it.id.as_bytes(), &data, &*app.entropy);
            moved.push(it);
        }
    }
    decision::put_conversions(conn, &moved).await?;
    Ok(())
}

/// All that is left of a commission, as the ledger takes it.
pub(super) fn owed(it: &StoredCommission) -> Owed {
    let amount = Money::new(it.remaining(), it.amount.currency);
    Owed { program: it.program, partner: it.partner, amount }
}

/// The rollup's row of a commission moved from how it was to how it is.
pub(crate) fn moved(was: &StoredCommission, is: &StoredCommission) -> Vec<DailyDelta> {
    use crate::conversion::commission_delta;
    let gone = commission_delta(was, was.state, -1);
    let come = commission_delta(is, is.state, 1);
    gone.into_iter().chain(come).collect()
}

/// Tells of a commission's step.
pub(super) fn tell(app: &App, pen: &mut Books, kind: &'static str, it: &StoredCommission) {
    let data = serde_json::json!({
        "commission": it.id, "conversion": it.conversion, "program": it.program,
        "partner": it.partner, "state": it.state, "remaining": it.remaining(),
        "currency": it.amount.currency, "reason": it.reason, "payout": it.payout, "test": it.test,
    });
    pen.tell(kind, *it.id.as_bytes(), &data, &*app.entropy);
}
