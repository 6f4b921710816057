//! What refunds, corrections and departures share. All are calls of their own, never a re-post.

use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    AdjustmentId, ConversionId, FieldError, OrganisationId, Refusal, Timestamp, TransferId, limits,
};
use tributary_ledger::Reason;
use tributary_ledger::movement::{self, Owed, ReverseFrom};
use tributary_money::Money;
use tributary_store::decision::{
    self, AdjustmentKind, CommissionState, DailyDelta, OwnerHead, StoredAdjustment,
    StoredCommission, StoredConversion,
};
use tributary_store::engine::{Connection, Transaction};

use super::agreement::Counted;
use super::daily::commission_delta;
use super::report::{accrual_of, reporter_of};
use crate::books::{Books, lock_head};
use crate::{App, AppError};

/// What a refund or correction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    /// The adjustment; the first one's, when the same came before.
    pub adjustment: AdjustmentId,
    /// Whether the same came before and nothing was done.
    pub duplicate: bool,
    /// The conversion as it is now.
    pub conversion: StoredConversion,
    /// Its commissions as they are now.
    pub commissions: Vec<StoredCommission>,
}

/// Whether what was done in a transaction stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// It is committed.
    Kept,
    /// A preview: a transaction that is not committed leaves nothing.
    Dropped,
}

/// For whom an actor adjusts.
pub(super) fn adjuster_of(actor: &Actor) -> Result<OrganisationId, Refusal> {
    let owner = reporter_of(actor)?;
    actor.require(owner, Permission::Report)?;
    Ok(owner)
}

/// A conversion that is adjusted, under its owner's lock.
pub(super) struct Adjusting {
    pub(super) tx: Box<dyn Transaction>,
    pub(super) head: OwnerHead,
    now: Timestamp,
    pub(super) conversion: StoredConversion,
    pub(super) commissions: Vec<StoredCommission>,
    /// The adjustment of the same id that came before.
    pub(super) known: Option<StoredAdjustment>,
    /// Whether some or all of it was given back before.
    pub(super) returned: bool,
    /// Whether its customer has left.
    pub(super) departed: bool,
}

/// What an adjustment is, and what it changes besides the conversion and its commissions.
pub(super) struct Made {
    pub(super) kind: AdjustmentKind,
    /// The reporter's own id of it.
    pub(super) key: String,
    /// In minor units of the conversion's currency.
    pub(super) amount: i64,
    pub(super) reason: Reason,
    pub(super) occurred_at: Timestamp,
    pub(super) content_hash: [u8; 32],
    /// What it gave back to counters.
    pub(super) counted: Vec<Counted>,
    pub(super) daily: Vec<DailyDelta>,
    /// Action and detail of its line in the audit trail.
    pub(super) audited: (&'static str, serde_json::Value),
}

impl Adjusting {
    /// Locks and reads what is adjusted. `key` is the adjustment's own id.
    pub(super) async fn begin(
        app: &App,
        owner: OrganisationId,
        now: Timestamp,
        id: ConversionId,
        key: &str,
    ) -> Result<Self, AppError> {
        let mut tx = app.record.begin().await?;
        let head = lock_head(&mut *tx, owner).await?;
        let (conversion, commissions) = find(&mut *tx, owner, id).await?;
        if conversion.is_manual() {
            let detail = "This is an amount that a person gave: decline or reverse it, or take it \
                          back by another amount.";
            return Err(Refusal::conflict("given_by_hand", detail).into());
        }
        let earlier = decision::adjustments(&mut *tx, owner, id).await?;
        let is_refund = |it: &StoredAdjustment| {
            matches!(it.kind, AdjustmentKind::Refund | AdjustmentKind::Chargeback)
        };
        let returned = earlier.iter().any(is_refund);
        let departed = earlier.iter().any(|it| it.kind == AdjustmentKind::Departure);
        let known = earlier.into_iter().find(|it| it.business_key == key);
        Ok(Self { tx, head, now, conversion, commissions, known, returned, departed })
    }

    /// The answer when the same came before: nothing is done.
    pub(super) fn came_before(self, known: &StoredAdjustment) -> Adjusted {
        let Self { conversion, commissions, .. } = self;
        Adjusted { adjustment: known.id, duplicate: true, conversion, commissions }
    }

    /// Writes what was made, and keeps it unless it is a preview.
    pub(super) async fn settle(
        self,
        app: &App,
        actor: &Actor,
        mut pen: Books,
        made: Made,
        ends: Ends,
    ) -> Result<Adjusted, AppError> {
        let Self { mut tx, now, conversion, commissions, .. } = self;
        let owner = conversion.owner;
        let counted = (!made.counted.is_empty())
            .then(|| serde_json::to_string(&made.counted).expect("our types have string keys"));
        let adjustment = StoredAdjustment {
            id: AdjustmentId::new(now, &*app.entropy),
            owner,
            conversion: conversion.id,
            kind: made.kind,
            business_key: made.key,
            amount: made.amount,
            reason: made.reason.as_str().to_owned(),
            occurred_at: made.occurred_at,
            received_at: now,
            booked_seq: pen.next_booked_seq(),
            content_hash: made.content_hash,
            counted,
        };
        tell(app, &mut pen, &adjustment, &conversion);
        decision::insert_adjustment(&mut *tx, &adjustment).await?;
        decision::put_conversions(&mut *tx, std::slice::from_ref(&conversion)).await?;
        decision::put_commissions(&mut *tx, &commissions).await?;
        decision::add_daily(&mut *tx, made.daily).await?;
        pen.write_in(&mut *tx).await?;
        let (action, detail) = made.audited;
        app.audit_in(&mut *tx, owner, actor, action, conversion.id, &detail).await?;
        if ends == Ends::Kept {
            tx.commit().await?;
        }
        Ok(Adjusted { adjustment: adjustment.id, duplicate: false, conversion, commissions })
    }
}

/// When something happened, as far as it is said; not in the future.
pub(super) fn occurred(
    pointer: &'static str,
    given: Option<Timestamp>,
    now: Timestamp,
    errors: &mut Vec<FieldError>,
) -> Timestamp {
    let at = given.unwrap_or(now);
    if at > now.plus_seconds(limits::OCCURRED_AHEAD_SECONDS_MAX) {
        let detail = "This has not happened yet.";
        errors.push(FieldError::new(pointer, "in_the_future", detail));
    }
    at
}

async fn find(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: ConversionId,
) -> Result<(StoredConversion, Vec<StoredCommission>), AppError> {
    let found = decision::conversions_by_id(conn, &[(owner, id)]).await?.into_iter().next();
    let Some(conversion) = found else { return Err(Refusal::not_found("conversion").into()) };
    let commissions = decision::commissions_of(conn, &[(owner, id)]).await?;
    Ok((conversion, commissions))
}

/// Takes an amount of a commission back, from wherever its money has got to. Returns what that
/// changes in the rollup. A commission in a payout on its way counts as paid: the payout stays as
/// it was approved, and the partner owes the amount back.
pub(crate) fn take_back(
    app: &App,
    pen: &mut Books,
    it: &mut StoredCommission,
    amount: i64,
    reason: Reason,
    occurred_at: Timestamp,
) -> Result<Vec<DailyDelta>, AppError> {
    let open = !matches!(it.state, CommissionState::Declined | CommissionState::Reversed);
    if amount == 0 || !open {
        return Ok(Vec::new());
    }
    let mut deltas: Vec<_> = commission_delta(it, it.state, -1).into_iter().collect();
    if !it.test {
        let owed = Owed {
            program: it.program,
            partner: it.partner,
            amount: Money::new(amount, it.amount.currency),
        };
        let id = TransferId::new(app.now(), &*app.entropy);
        let accrual = accrual_of(it.id);
        let commission = it.id;
        match it.state {
            CommissionState::Pending => pen.book(id, occurred_at, |booking| {
                movement::decline(booking, commission, owed, accrual, reason)
            })?,
            CommissionState::Approved => pen.book(id, occurred_at, |booking| {
                let from = ReverseFrom::Approved;
                movement::reverse(booking, commission, owed, accrual, from, reason)
            })?,
            _ => pen.book(id, occurred_at, |booking| {
                let from = ReverseFrom::Paid;
                movement::reverse(booking, commission, owed, accrual, from, reason)
            })?,
        }
    }
    it.reversed_amount += amount;
    it.reason = Some(reason.as_str().to_owned());
    if it.remaining() == 0 && it.payout.is_none() {
        it.state = CommissionState::Reversed;
    }
    deltas.extend(commission_delta(it, it.state, 1));
    let data = serde_json::json!({
        "commission": it.id, "conversion": it.conversion, "partner": it.partner,
        "taken_back": amount, "remaining": it.remaining(), "currency": it.amount.currency,
        "reason": reason, "state": it.state,
    });
    pen.tell("commission.reversed", *it.id.as_bytes(), &data, &*app.entropy);
    Ok(deltas)
}

fn tell(app: &App, pen: &mut Books, it: &StoredAdjustment, conversion: &StoredConversion) {
    let data = serde_json::json!({
        "conversion": it.conversion, "adjustment": it.id, "kind": it.kind, "amount": it.amount,
        "currency": conversion.amount.currency, "status": conversion.status,
    });
    pen.tell("conversion.adjusted", *it.conversion.as_bytes(), &data, &*app.entropy);
}
