//! Refunds and chargebacks: calls of their own, never a re-post.

use tributary_commission::{GivenBack, refund_share};
use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    AdjustmentId, CommissionId, ConversionId, FieldError, Refusal, Timestamp, TransferId, limits,
};
use tributary_ledger::Reason;
use tributary_ledger::movement::{self, Owed, ReverseFrom};
use tributary_money::{Money, Rounding};
use tributary_store::decision::{
    self, AdjustmentKind, CommissionBasis, CommissionState, ConversionStatus, StoredAdjustment,
    StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;

use super::agreement::Counted;
use super::daily::commission_delta;
use super::report::accrual_of;
use super::returned::{is_gone, return_to_counters};
use crate::books::Books;
use crate::error::refuse_if_any;
use crate::secrets::sha256;
use crate::{App, AppError, text};

/// Money given back.
#[derive(Debug, Clone)]
pub struct RefundConversion {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// The refund's own id: one fact for ever.
    pub refund_id: String,
    /// How much, gross; none: all that is left.
    pub amount: Option<Money>,
    /// [`AdjustmentKind::Refund`] or [`AdjustmentKind::Chargeback`].
    pub kind: AdjustmentKind,
    /// When it happened; none: now.
    pub occurred_at: Option<Timestamp>,
}

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

/// Gives back part or all of a conversion's amount, and of its commissions in proportion: pending
/// ones are reduced, approved ones reversed, paid ones owed back.
pub async fn refund_conversion(
    app: &App,
    actor: &Actor,
    input: RefundConversion,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| refund_once(app, actor, &input, Ends::Kept)).await
}

/// What a refund would do, without doing it: the same, and nothing of it stays.
///
/// # Errors
/// Those of [`refund_conversion`].
pub async fn preview_refund(
    app: &App,
    actor: &Actor,
    input: RefundConversion,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| refund_once(app, actor, &input, Ends::Dropped)).await
}

/// Whether what was done in a transaction stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// It is committed.
    Kept,
    /// A preview: a transaction that is not committed leaves nothing.
    Dropped,
}

async fn refund_once(
    app: &App,
    actor: &Actor,
    input: &RefundConversion,
    ends: Ends,
) -> Result<Adjusted, AppError> {
    let owner = super::report::reporter_of(actor)?;
    actor.require(owner, Permission::Report)?;
    let now = app.now();
    let mut errors = Vec::new();
    let key = text::external_id("/refund_id", &input.refund_id, &mut errors);
    if input.kind == AdjustmentKind::Correction {
        let detail = "A correction is a call of its own.";
        errors.push(FieldError::new("/kind", "not_a_refund", detail));
    }
    let occurred_at = occurred(input.occurred_at, now, &mut errors);
    refuse_if_any(errors)?;

    let mut tx = app.record.begin().await?;
    let head = lock(&mut *tx, owner).await?;
    let (mut conversion, mut commissions) = find(&mut *tx, owner, input.conversion).await?;
    let earlier = decision::adjustments(&mut *tx, owner, conversion.id).await?;
    let left = conversion.amount.minor - conversion.returned_amount;
    if let Some(known) = earlier.iter().find(|it| it.business_key == key) {
        let same =
            known.kind == input.kind && input.amount.is_none_or(|it| it.minor == known.amount);
        if !same {
            let detail = "This refund id came before with another amount or kind.";
            return Err(Refusal::conflict("refund_differs", detail).into());
        }
        let adjustment = known.id;
        return Ok(Adjusted { adjustment, duplicate: true, conversion, commissions });
    }
    let amount = input.amount.unwrap_or(Money::new(left, conversion.amount.currency));
    check_refund(&conversion, amount, left)?;

    let mut pen = Books::open(&head, now)?;
    let before = Money::new(conversion.returned_amount, conversion.amount.currency);
    let reason =
        if input.kind == AdjustmentKind::Chargeback { Reason::Chargeback } else { Reason::Refund };
    let mut daily = Vec::new();
    // Who has reached something stays the one who did: a bonus is taken back by hand only.
    let mut shared = commissions.iter_mut().filter(|it| !is_award(it));
    let mut taken = Vec::new();
    for commission in &mut shared {
        let share = share_of(commission, &conversion, before, amount)?;
        if !matches!(commission.state, CommissionState::Declined | CommissionState::Reversed) {
            taken.push((commission.id, share));
        }
        daily.extend(take_back(app, &mut pen, commission, share, reason, occurred_at)?);
    }
    let refund = Refund { conversion: &conversion, before, amount, taken: &taken };
    let counted = refund.given_back(app, &mut *tx, &commissions).await?;
    conversion.returned_amount += amount.minor;
    conversion.status = status_after(&conversion, &commissions);
    let adjustment = StoredAdjustment {
        id: AdjustmentId::new(now, &*app.entropy),
        owner,
        conversion: conversion.id,
        kind: input.kind,
        business_key: key,
        amount: amount.minor,
        reason: reason.as_str().to_owned(),
        occurred_at,
        received_at: now,
        booked_seq: pen.next_booked_seq(),
        content_hash: sha256(format!("{}:{}", input.kind, amount.minor).as_bytes()),
        counted: (!counted.is_empty())
            .then(|| serde_json::to_string(&counted).expect("our types have string keys")),
    };
    tell(app, &mut pen, &adjustment, &conversion);
    decision::insert_adjustment(&mut *tx, &adjustment).await?;
    decision::put_conversions(&mut *tx, std::slice::from_ref(&conversion)).await?;
    decision::put_commissions(&mut *tx, &commissions).await?;
    decision::add_daily(&mut *tx, daily).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "amount": amount.minor, "kind": input.kind });
    app.audit_in(&mut *tx, owner, actor, "conversion.refunded", conversion.id, &detail).await?;
    if ends == Ends::Kept {
        tx.commit().await?;
    }
    Ok(Adjusted { adjustment: adjustment.id, duplicate: false, conversion, commissions })
}

fn occurred(given: Option<Timestamp>, now: Timestamp, errors: &mut Vec<FieldError>) -> Timestamp {
    let at = given.unwrap_or(now);
    if at > now.plus_seconds(limits::OCCURRED_AHEAD_SECONDS_MAX) {
        let detail = "This has not happened yet.";
        errors.push(FieldError::new("/occurred_at", "in_the_future", detail));
    }
    at
}

pub(super) async fn lock(
    conn: &mut dyn Connection,
    owner: tributary_kernel::OrganisationId,
) -> Result<decision::OwnerHead, AppError> {
    let heads = decision::lock_heads_in(conn, &[owner]).await?;
    heads.into_iter().next().ok_or_else(|| AppError::Corrupt(format!("{owner} has no head")))
}

pub(super) async fn find(
    conn: &mut dyn Connection,
    owner: tributary_kernel::OrganisationId,
    id: ConversionId,
) -> Result<(StoredConversion, Vec<StoredCommission>), AppError> {
    let found = decision::conversions_by_id(conn, &[(owner, id)]).await?.into_iter().next();
    let Some(conversion) = found else { return Err(Refusal::not_found("conversion").into()) };
    let commissions = decision::commissions_of(conn, &[(owner, id)]).await?;
    Ok((conversion, commissions))
}

fn check_refund(conversion: &StoredConversion, amount: Money, left: i64) -> Result<(), AppError> {
    if amount.currency != conversion.amount.currency {
        let detail = format!("This conversion is in {}.", conversion.amount.currency);
        return Err(FieldError::new("/amount/currency", "currency_mismatch", detail).into());
    }
    if amount.minor < 0 || (amount.minor == 0 && conversion.amount.minor > 0) {
        let detail = "A refund gives something back: more than zero.";
        return Err(FieldError::new("/amount", "not_positive", detail).into());
    }
    if amount.minor > left {
        let detail = format!("Only {left} minor units of this conversion are left to give back.");
        return Err(FieldError::new("/amount", "exceeds_rest", detail).into());
    }
    if left == 0 && conversion.status == ConversionStatus::Reversed {
        let detail = "All of this conversion was given back already.";
        return Err(Refusal::conflict("already_returned", detail).into());
    }
    Ok(())
}

/// A refund, as counters see it.
struct Refund<'a> {
    conversion: &'a StoredConversion,
    /// What was refunded earlier.
    before: Money,
    amount: Money,
    /// What is taken back of each commission.
    taken: &'a [(CommissionId, i64)],
}

impl Refund<'_> {
    /// Gives amounts back to the plan's counters, and says what.
    async fn given_back(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        commissions: &[StoredCommission],
    ) -> Result<Vec<Counted>, AppError> {
        let open = commissions.iter().filter(|it| !is_award(it) && !is_tier(it) && !is_gone(it));
        let returned: Vec<_> = open.map(|it| (it, self.of(it, commissions))).collect();
        return_to_counters(app, conn, self.conversion, &returned).await
    }

    /// What is given back of a commission, with what tiers have added to it.
    fn of(&self, it: &StoredCommission, commissions: &[StoredCommission]) -> GivenBack {
        let own = |id: CommissionId| {
            id == it.id
                || commissions
                    .iter()
                    .any(|of| of.id == id && is_tier(of) && of.source == Some(it.id))
        };
        let taken = self.taken.iter().filter(|(id, _)| own(*id)).map(|(_, taken)| taken).sum();
        let money = |minor| Money::new(minor, it.amount.currency);
        if self.conversion.amount.is_zero() {
            // A lead is given back as a whole; it has brought no revenue.
            let (sale, refund) = (money(1), money(1));
            return GivenBack { commission: money(taken), sale, refunded_before: money(0), refund };
        }
        GivenBack {
            commission: money(taken),
            sale: self.conversion.amount,
            refunded_before: self.before,
            refund: self.amount,
        }
    }
}

/// Whether a step of retroactive tiers has added it to another commission.
fn is_tier(it: &StoredCommission) -> bool {
    it.basis == Some(CommissionBasis::Tier)
}

/// Whether it was given for reaching something, of which the conversion was the last part.
fn is_award(it: &StoredCommission) -> bool {
    matches!(it.basis, Some(CommissionBasis::Bonus | CommissionBasis::Prize))
}

/// How much of a commission a refund takes back. Of a conversion without an amount (a lead) the
/// whole is taken back at once.
fn share_of(
    commission: &StoredCommission,
    conversion: &StoredConversion,
    before: Money,
    refund: Money,
) -> Result<i64, AppError> {
    if conversion.amount.is_zero() {
        return Ok(commission.remaining());
    }
    let share = refund_share(
        commission.amount,
        conversion.amount,
        before,
        refund,
        rounding_of(commission)?,
    )
    .map_err(|error| AppError::Corrupt(format!("{}: {error}", commission.id)))?;
    // What a manager declined or reversed by hand is gone already.
    Ok(share.minor.min(commission.remaining()))
}

fn rounding_of(commission: &StoredCommission) -> Result<Rounding, AppError> {
    if commission.basis == Some(CommissionBasis::Tier) {
        return Ok(Rounding::HalfEven);
    }
    let record: tributary_commission::CommissionRecord =
        serde_json::from_str(&commission.record)
            .map_err(|error| AppError::Corrupt(format!("record of {}: {error}", commission.id)))?;
    Ok(record.rounding)
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
) -> Result<Vec<decision::DailyDelta>, AppError> {
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

fn status_after(
    conversion: &StoredConversion,
    commissions: &[StoredCommission],
) -> ConversionStatus {
    let all_given_back = conversion.returned_amount >= conversion.amount.minor
        && commissions.iter().all(|it| it.remaining() == 0 || is_award(it));
    if all_given_back { ConversionStatus::Reversed } else { conversion.status }
}

pub(super) fn tell(
    app: &App,
    pen: &mut Books,
    it: &StoredAdjustment,
    conversion: &StoredConversion,
) {
    let data = serde_json::json!({
        "conversion": it.conversion, "adjustment": it.id, "kind": it.kind, "amount": it.amount,
        "currency": conversion.amount.currency, "status": conversion.status,
    });
    pen.tell("conversion.adjusted", *it.conversion.as_bytes(), &data, &*app.entropy);
}
