//! Refunds and chargebacks: part or all of a conversion's amount is given back.

use tributary_commission::{GivenBack, refund_share};
use tributary_directory::Actor;
use tributary_kernel::{CommissionId, ConversionId, FieldError, Refusal, Timestamp};
use tributary_ledger::Reason;
use tributary_money::{Money, Rounding};
use tributary_store::decision::{
    AdjustmentKind, CommissionState, ConversionStatus, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;

use super::adjust::{Adjusted, Adjusting, Ends, Made, adjuster_of, occurred, take_back};
use super::agreement::Counted;
use super::returned::{is_award, is_gone, is_tier, return_to_counters, without_sale};
use super::totals::Refunded;
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

async fn refund_once(
    app: &App,
    actor: &Actor,
    input: &RefundConversion,
    ends: Ends,
) -> Result<Adjusted, AppError> {
    let (owner, now) = (adjuster_of(actor)?, app.now());
    let mut errors = Vec::new();
    let key = text::external_id("/refund_id", &input.refund_id, &mut errors);
    if !matches!(input.kind, AdjustmentKind::Refund | AdjustmentKind::Chargeback) {
        let detail = "A correction is a call of its own, and so is a departure.";
        errors.push(FieldError::new("/kind", "not_a_refund", detail));
    }
    let occurred_at = occurred("/occurred_at", input.occurred_at, now, &mut errors);
    refuse_if_any(errors)?;

    let mut it = Adjusting::begin(app, owner, now, input.conversion, &key).await?;
    if let Some(known) = it.known.take() {
        let same =
            known.kind == input.kind && input.amount.is_none_or(|it| it.minor == known.amount);
        if !same {
            let detail = "This refund id came before with another amount or kind.";
            return Err(Refusal::conflict("refund_differs", detail).into());
        }
        return Ok(it.came_before(&known));
    }
    let money = |minor| Money::new(minor, it.conversion.amount.currency);
    let before = money(it.conversion.returned_amount);
    let left = it.conversion.amount.minor - it.conversion.returned_amount;
    let amount = input.amount.unwrap_or(money(left));
    check_refund(&it, amount, left)?;

    let mut pen = Books::open(&it.head, now)?;
    let reason =
        if input.kind == AdjustmentKind::Chargeback { Reason::Chargeback } else { Reason::Refund };
    let mut daily = Vec::new();
    // Who has reached something stays the one who did: a bonus is taken back by hand only.
    let mut shared = it.commissions.iter_mut().filter(|it| !is_award(it));
    let mut taken = Vec::new();
    let refund = Refund { conversion: &it.conversion, before, amount, taken: &[] };
    for commission in &mut shared {
        let share = share_of(commission, &refund, it.departed)?;
        if !matches!(commission.state, CommissionState::Declined | CommissionState::Reversed) {
            taken.push((commission.id, share));
        }
        daily.extend(take_back(app, &mut pen, commission, share, reason, occurred_at)?);
    }
    let refund = Refund { taken: &taken, ..refund };
    let counted = refund.given_back(app, &mut *it.tx, &it.commissions).await?;
    it.conversion.returned_amount += amount.minor;
    it.conversion.status = status_after(&it.conversion, &it.commissions);
    let detail = serde_json::json!({ "amount": amount.minor, "kind": input.kind });
    let made = Made {
        kind: input.kind,
        key,
        amount: amount.minor,
        reason,
        occurred_at,
        content_hash: sha256(format!("{}:{}", input.kind, amount.minor).as_bytes()),
        counted,
        daily,
        audited: ("conversion.refunded", detail),
    };
    it.settle(app, actor, pen, made, ends).await
}

fn check_refund(it: &Adjusting, amount: Money, left: i64) -> Result<(), AppError> {
    let conversion = &it.conversion;
    if amount.currency != conversion.amount.currency {
        let detail = format!("This conversion is in {}.", conversion.amount.currency);
        return Err(FieldError::new("/amount/currency", "currency_mismatch", detail).into());
    }
    // A person may have reversed what it earned: nothing was given back by that.
    if left == 0 && amount.is_zero() && it.returned {
        let detail = "All of this conversion was given back already.";
        return Err(Refusal::conflict("already_returned", detail).into());
    }
    if amount.minor < 0 || (amount.minor == 0 && conversion.amount.minor > 0) {
        let detail = "A refund gives something back: more than zero.";
        return Err(FieldError::new("/amount", "not_positive", detail).into());
    }
    if amount.minor > left {
        let detail = format!("Only {left} minor units of this conversion are left to give back.");
        return Err(FieldError::new("/amount", "exceeds_rest", detail).into());
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
        let rules = commissions.iter().filter(|it| !is_award(it) && !is_tier(it));
        let returned: Vec<_> = rules.map(|it| (it, self.of(it, commissions))).collect();
        let (sale, before) = (self.conversion.amount.minor, self.before.minor);
        let sale = Refunded { sale, before, amount: self.amount.minor };
        return_to_counters(app, conn, self.conversion, &returned, Some(sale)).await
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
        if is_gone(it) {
            // What tiers have added stood beside it until now.
            return without_sale(money(taken));
        }
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

/// How much of a commission a refund takes back: of what it was booked with, as the refund is of the
/// sale, or, once the customer has left, of what that has left of both. Of a conversion without an
/// amount (a lead) the whole is taken back at once.
fn share_of(it: &StoredCommission, refund: &Refund<'_>, departed: bool) -> Result<i64, AppError> {
    let (sale, before) = (refund.conversion.amount, refund.before);
    if sale.is_zero() {
        return Ok(it.remaining());
    }
    let money = |minor| Money::new(minor, sale.currency);
    let (own, sale, before) = match departed {
        true => (money(it.remaining()), money(sale.minor - before.minor), money(0)),
        false => (it.amount, sale, before),
    };
    let share = refund_share(own, sale, before, refund.amount, rounding_of(it)?)
        .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.id)))?;
    // What a manager declined or reversed by hand is gone already.
    Ok(share.minor.min(it.remaining()))
}

fn rounding_of(commission: &StoredCommission) -> Result<Rounding, AppError> {
    if is_tier(commission) {
        return Ok(Rounding::HalfEven);
    }
    let record: tributary_commission::CommissionRecord =
        serde_json::from_str(&commission.record)
            .map_err(|error| AppError::Corrupt(format!("record of {}: {error}", commission.id)))?;
    Ok(record.rounding)
}

fn status_after(
    conversion: &StoredConversion,
    commissions: &[StoredCommission],
) -> ConversionStatus {
    let all_given_back = conversion.returned_amount >= conversion.amount.minor
        && commissions.iter().all(|it| it.remaining() == 0 || is_award(it));
    if all_given_back { ConversionStatus::Reversed } else { conversion.status }
}
