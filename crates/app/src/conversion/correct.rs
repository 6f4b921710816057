//! Corrections of a conversion's amount.

use std::sync::Arc;

use tributary_commission::{CompiledPlan, Crossed};
use tributary_directory::Actor;
use tributary_kernel::{ConversionId, FieldError, LocalDate, Refusal};
use tributary_ledger::Reason;
use tributary_money::Money;
use tributary_store::decision::{
    self, AdjustmentKind, ConversionStatus, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;

use super::adjust::{Adjusted, Adjusting, Ends, Made, adjuster_of, take_back};
use super::agreement::Counted;
use super::daily::{commission_delta, conversion_deltas};
use super::journey::DecidedJourney;
use super::price::price;
use super::reached::raise_again;
use super::redecide::Again;
use super::report::FreshIds;
use super::totals::counted_by;
use super::world::World;
use crate::books::Books;
use crate::error::refuse_if_any;
use crate::secrets::sha256;
use crate::{App, AppError, text};

/// The right amount of a conversion that was reported wrongly.
#[derive(Debug, Clone)]
pub struct CorrectConversion {
    /// Which conversion.
    pub conversion: ConversionId,
    /// The correction's own id: one fact for ever.
    pub correction_id: String,
    /// The right gross amount.
    pub amount: Money,
    /// The right net amount, when told.
    pub net_amount: Option<Money>,
}

/// Puts an amount right: what was booked is taken back with reason `correction`, and what the
/// right amount earns under the same plan, credits and counters is booked anew.
pub async fn correct_conversion(
    app: &App,
    actor: &Actor,
    input: CorrectConversion,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| correct_once(app, actor, &input, Ends::Kept)).await
}

/// What a correction would do, without doing it: the same, and nothing of it stays.
///
/// # Errors
/// Those of [`correct_conversion`].
pub async fn preview_correction(
    app: &App,
    actor: &Actor,
    input: CorrectConversion,
) -> Result<Adjusted, AppError> {
    crate::app::with_retries(|| correct_once(app, actor, &input, Ends::Dropped)).await
}

async fn correct_once(
    app: &App,
    actor: &Actor,
    input: &CorrectConversion,
    ends: Ends,
) -> Result<Adjusted, AppError> {
    let (owner, now) = (adjuster_of(actor)?, app.now());
    let key = checked(input)?;
    let mut it = Adjusting::begin(app, owner, now, input.conversion, &key).await?;
    let content_hash = sha256(
        serde_json::json!({ "amount": input.amount, "net_amount": input.net_amount })
            .to_string()
            .as_bytes(),
    );
    if let Some(known) = it.known.take() {
        if known.content_hash != content_hash || known.kind != AdjustmentKind::Correction {
            let detail = "This correction id came before with another content.";
            return Err(Refusal::conflict("correction_differs", detail).into());
        }
        return Ok(it.came_before(&known));
    }
    check_correction(&it, input.amount)?;
    let mut pen = Books::open(&it.head, now)?;
    let (was_booked, were) = (it.conversion.clone(), it.commissions.clone());
    let mut daily = Vec::new();
    for commission in &mut it.commissions {
        let (rest, at) = (commission.remaining(), it.conversion.occurred_at);
        daily.extend(take_back(app, &mut pen, commission, rest, Reason::Correction, at)?);
    }
    it.conversion.amount = input.amount;
    it.conversion.net_amount = input.net_amount.map(|net| net.minor);
    let before = DecidedJourney::of(&it.conversion)?;
    let (tx, of) = (&mut *it.tx, &it.conversion);
    let mut priced = price_corrected(app, tx, of, (&was_booked, &were)).await?;
    let day = priced.day;
    daily.extend(conversion_deltas(&was_booked, &before, day, -1));
    daily.extend(conversion_deltas(&it.conversion, &priced.decided, day, 1));
    it.conversion.journey = priced.decided.to_json();
    let mut again = priced.commissions;
    for commission in &mut again {
        commission.booked_seq = it.conversion.booked_seq;
        super::report::book_commission(app, &mut pen, commission)?;
        daily.extend(commission_delta(commission, commission.state, 1));
    }
    it.commissions.extend(again);
    if let Some((plan, crossed)) = &priced.crossed {
        let (world, of, tx) = (&mut priced.world, (plan, &crossed[..]), &mut *it.tx);
        let (own, known) = (&it.conversion, &it.commissions[..]);
        let raised = raise_again(app, tx, world, &mut pen, own, of, known).await?;
        priced.decided.counted.extend(Counted::all(&raised.counted));
        it.conversion.journey = priced.decided.to_json();
        daily.extend(raised.commissions.iter().filter_map(|it| commission_delta(it, it.state, 1)));
        decision::put_commissions(&mut *it.tx, &raised.commissions).await?;
    }
    decision::add_plan_counters(&mut *it.tx, &priced.world.take_counted()).await?;
    it.conversion.status = priced.status;
    let made = Made {
        kind: AdjustmentKind::Correction,
        key,
        amount: input.amount.minor,
        reason: Reason::Correction,
        occurred_at: now,
        content_hash,
        counted: Vec::new(),
        daily,
        audited: (
            "conversion.corrected",
            serde_json::json!({ "was": was_booked.amount.minor, "is": input.amount.minor }),
        ),
    };
    it.settle(app, actor, pen, made, ends).await
}

/// The correction's own id, when what was sent can be true.
fn checked(input: &CorrectConversion) -> Result<String, AppError> {
    let mut errors = Vec::new();
    let key = text::external_id("/correction_id", &input.correction_id, &mut errors);
    if input.amount.minor < 0 {
        let detail = "An amount is zero or more.";
        errors.push(FieldError::new("/amount", "negative", detail));
    }
    if input.net_amount.is_some_and(|net| {
        net.currency != input.amount.currency || net.minor < 0 || net.minor > input.amount.minor
    }) {
        let detail = "The net amount is between zero and the gross amount, in its currency.";
        errors.push(FieldError::new("/net_amount", "range", detail));
    }
    refuse_if_any(errors)?;
    Ok(key)
}

fn check_correction(it: &Adjusting, amount: Money) -> Result<(), AppError> {
    let currency = it.conversion.amount.currency;
    if amount.currency != currency {
        let detail = format!("This conversion is in {currency}.");
        return Err(FieldError::new("/amount/currency", "currency_mismatch", detail).into());
    }
    if it.departed {
        let detail = "The customer has left; the amount can no longer change.";
        return Err(Refusal::conflict("already_left", detail).into());
    }
    if it.returned {
        let detail = "Part of this conversion was given back; its amount can no longer change.";
        return Err(Refusal::conflict("already_returned", detail).into());
    }
    Ok(())
}

/// What the right amount earns.
struct Priced {
    day: LocalDate,
    decided: DecidedJourney,
    commissions: Vec<StoredCommission>,
    status: ConversionStatus,
    /// With what is to be added to counters.
    world: World,
    /// Steps of retroactive tiers that were reached.
    crossed: Option<(Arc<CompiledPlan>, Vec<Crossed>)>,
}

/// Prices a conversion anew with the credits of its decision and the customer as they were then.
/// Counters of the plan are as they are now, without what this conversion has added to them, so
/// that no cap is passed.
async fn price_corrected(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredConversion,
    (was, were): (&StoredConversion, &[StoredCommission]),
) -> Result<Priced, AppError> {
    let decided = DecidedJourney::of(it)?;
    let credited: Vec<_> =
        decided.attribution.credits.iter().map(|credit| credit.partnership).collect();
    let again = Again::of(it)?;
    let mut world = again.world(app, conn, it, &credited).await?;
    let program = world
        .programs
        .get(&it.program)
        .ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.program)))?;
    let shape = again.shape(it, program, Some(it.amount), decided.before);
    let without = counted_by(was, &decided, were, world.keeps_totals(it.program))?;
    let verdict = price(&world, &shape, decided, &without)?;
    let now = app.now();
    let commissions = verdict.commissions(it, program, now, &FreshIds { app, now });
    let status = verdict.status();
    let day = program.zone.date(it.occurred_at);
    let crossed = verdict.crossed(program, it.occurred_at);
    world.uncount(it.owner, it.program, &without);
    world.count(it.owner, it.program, &verdict.counted);
    // From here on, what stands includes what is counted anew and not what was before.
    world.settle(it.program, &without);
    Ok(Priced { day, decided: verdict.decided, commissions, status, world, crossed })
}
