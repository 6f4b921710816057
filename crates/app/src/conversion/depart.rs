//! A customer has left: what plans take back of its commissions then (`clawback`). Nothing of the
//! conversion's amount is given back.

use std::collections::BTreeSet;

use tributary_commission::{CommissionRecord, clawback};
use tributary_directory::Actor;
use tributary_kernel::{ConversionId, FieldError, Refusal, Timestamp};
use tributary_ledger::Reason;
use tributary_money::Money;
use tributary_store::decision::{AdjustmentKind, ConversionStatus, StoredCommission};

use super::adjust::{Adjusted, Adjusting, Ends, Made, adjuster_of, occurred, take_back};
use super::returned::{is_award, is_tier, return_to_counters, without_sale};
use super::world::{ProgramWorld, programs_in};
use crate::books::Books;
use crate::error::refuse_if_any;
use crate::life::{Part, status_of};
use crate::secrets::sha256;
use crate::{App, AppError, text};

/// The customer of a conversion has left.
#[derive(Debug, Clone)]
pub struct DepartCustomer {
    /// What the customer had bought.
    pub conversion: ConversionId,
    /// The departure's own id: one fact for ever.
    pub departure_id: String,
    /// When; none: now.
    pub left_at: Option<Timestamp>,
}

/// Takes back what the plan takes back when a customer leaves early, of each commission as much as
/// is left of it.
///
/// # Errors
/// What is wrong with a field; not found; `already_left`; `departure_differs`; `still_held`.
pub async fn depart_customer(
    app: &App,
    actor: &Actor,
    input: DepartCustomer,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| depart_once(app, actor, &input, Ends::Kept)).await
}

/// What [`depart_customer`] would do; nothing is kept.
pub async fn preview_departure(
    app: &App,
    actor: &Actor,
    input: DepartCustomer,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| depart_once(app, actor, &input, Ends::Dropped)).await
}

async fn depart_once(
    app: &App,
    actor: &Actor,
    input: &DepartCustomer,
    ends: Ends,
) -> Result<Adjusted, AppError> {
    let (owner, now) = (adjuster_of(actor)?, app.now());
    let mut errors = Vec::new();
    let key = text::external_id("/departure_id", &input.departure_id, &mut errors);
    let left_at = occurred("/left_at", input.left_at, now, &mut errors);
    refuse_if_any(errors)?;

    let mut it = Adjusting::begin(app, owner, now, input.conversion, &key).await?;
    if let Some(known) = it.known.take() {
        let same = known.kind == AdjustmentKind::Departure
            && input.left_at.is_none_or(|at| at == known.occurred_at);
        if !same {
            let detail = "This departure id came before with another moment, or for a refund or \
                          correction.";
            return Err(Refusal::conflict("departure_differs", detail).into());
        }
        return Ok(it.came_before(&known));
    }
    if it.departed {
        let detail = "This customer has left already; what was taken back stays so.";
        return Err(Refusal::conflict("already_left", detail).into());
    }
    if it.conversion.status == ConversionStatus::Held {
        let detail = "This conversion waits for a person to say whether its click counts: settle \
                      that first.";
        return Err(Refusal::conflict("still_held", detail).into());
    }
    if left_at < it.conversion.occurred_at {
        let detail = "A customer leaves after buying.";
        return Err(FieldError::new("/left_at", "before_conversion", detail).into());
    }
    let wanted = BTreeSet::from([(owner, it.conversion.program)]);
    let programs = programs_in(app, &mut *it.tx, &wanted).await?;
    let program = programs.get(&it.conversion.program);
    let program = program
        .ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.conversion.program)))?;
    let shares = shares(program, &it.commissions, left_at)?;
    let mut pen = Books::open(&it.head, now)?;
    let mut daily = Vec::new();
    for (commission, share) in it.commissions.iter_mut().zip(&shares) {
        let reason = Reason::LeftEarly;
        daily.extend(take_back(app, &mut pen, commission, *share, reason, left_at)?);
    }
    let mut returned = Vec::new();
    for (commission, share) in it.commissions.iter().zip(&shares).filter(|(_, it)| **it != 0) {
        let taken = Money::new(*share, commission.amount.currency);
        returned.push((source_of(commission, &it.commissions)?, without_sale(taken)));
    }
    let counted = return_to_counters(app, &mut *it.tx, &it.conversion, &returned, None).await?;
    let taken: i64 = shares.iter().sum();
    let parts: Vec<Part> = it.commissions.iter().map(Part::from).collect();
    it.conversion.status = status_of(it.conversion.status, &parts);
    let made = Made {
        kind: AdjustmentKind::Departure,
        key,
        amount: 0,
        reason: Reason::LeftEarly,
        occurred_at: left_at,
        content_hash: sha256(left_at.to_string().as_bytes()),
        counted,
        daily,
        audited: (
            "conversion.customer_left",
            serde_json::json!({ "left_at": left_at, "taken_back": taken }),
        ),
    };
    it.settle(app, actor, pen, made, ends).await
}

/// What is taken of each commission, in their order.
fn shares(
    program: &ProgramWorld,
    commissions: &[StoredCommission],
    left_at: Timestamp,
) -> Result<Vec<i64>, AppError> {
    let left_on = program.zone.date(left_at);
    let one = |it: &StoredCommission| -> Result<i64, AppError> {
        if it.is_closed() || is_award(it) || it.remaining() <= 0 {
            return Ok(0);
        }
        let corrupt = |error: String| AppError::Corrupt(format!("{}: {error}", it.id));
        let version = program.versions.iter().find(|version| version.plan.id() == it.plan);
        let version = version.ok_or_else(|| corrupt(format!("{} is missing", it.plan)))?;
        let source = source_of(it, commissions)?;
        let record: CommissionRecord =
            serde_json::from_str(&source.record).map_err(|error| corrupt(error.to_string()))?;
        // Of what was refunded nothing is left to take.
        let rest = Money::new(it.remaining(), it.amount.currency);
        let facts = clawback(&version.plan, &record, rest, left_on)
            .map_err(|error| corrupt(error.to_string()))?;
        Ok(facts.map_or(0, |facts| facts.amount.minor))
    };
    commissions.iter().map(one).collect()
}

/// The commission whose record says why: of what a step has added, the one that it was added to.
fn source_of<'a>(
    it: &'a StoredCommission,
    commissions: &'a [StoredCommission],
) -> Result<&'a StoredCommission, AppError> {
    if !is_tier(it) {
        return Ok(it);
    }
    let source = commissions.iter().find(|of| Some(of.id) == it.source);
    source.ok_or_else(|| AppError::Corrupt(format!("{} adds to nothing", it.id)))
}
