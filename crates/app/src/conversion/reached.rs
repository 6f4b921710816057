//! Steps of retroactive tiers that were reached: what earlier conversions of the period earned is
//! raised, each by a commission of its own beside the one it adds to. Nothing that was approved or
//! paid is changed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tributary_commission::{
    AdjustmentRecord, Beside, CommissionRecord, CompiledPlan, CounterKey, CounterOf, Crossed,
    Earlier, Subjects, left_early, retroactive,
};
use tributary_kernel::{CommissionId, ConversionId, OrganisationId, ProgramId, Timestamp};
use tributary_money::Money;
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, StoredCommission, StoredConversion, UnderRule,
};
use tributary_store::engine::Connection;

use super::agreement::{Standing, keys_of, read_counters};
use super::redecide::Again;
use super::report::book_commission;
use super::returned::{is_gone, is_tier};
use super::totals;
use super::world::World;
use crate::books::Books;
use crate::{App, AppError};

/// A step that a conversion has reached.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) owner: OrganisationId,
    pub(crate) program: ProgramId,
    pub(crate) plan: Arc<CompiledPlan>,
    pub(crate) crossed: Crossed,
    /// The conversion's place in the order of booking.
    pub(crate) seq: i64,
    /// What was booked before this place is raised: of a conversion that is decided once more, all
    /// that was booked meanwhile.
    pub(crate) before: i64,
}

/// What follows from it.
#[derive(Debug, Default)]
pub(crate) struct Raised {
    /// Booked already, to be written.
    pub(crate) commissions: Vec<StoredCommission>,
    /// What was added to counters of caps.
    pub(crate) counted: Vec<(CounterKey, i64)>,
}

/// An earlier commission with what it stands at.
struct Found {
    commission: StoredCommission,
    conversion: StoredConversion,
    record: CommissionRecord,
    whose: Subjects,
    booked: i64,
    step: Option<u16>,
    beside: Beside,
}

/// Raises what was earned before. `recent` are conversions and commissions that are decided but not
/// written yet.
pub(crate) async fn raise(
    app: &App,
    conn: &mut dyn Connection,
    world: &mut World,
    pen: &mut Books,
    it: &Reached,
    recent: (&[&StoredConversion], &[&StoredCommission]),
) -> Result<Raised, AppError> {
    let found = earlier(conn, world, it, recent).await?;
    if found.is_empty() {
        return Ok(Raised::default());
    }
    load_caps(conn, world, it, &found).await?;
    let standing = Standing::of(world, it.program, &[]);
    let currency = it.plan.currency();
    let earlier: Vec<Earlier<'_>> = found
        .iter()
        .map(|found| {
            let back = Money::new(found.conversion.returned_amount, currency);
            let refunded = (!back.is_zero()).then_some((back, found.conversion.amount));
            let booked = Money::new(found.booked, currency);
            let (record, whose, step) = (&found.record, found.whose, found.step);
            Earlier { record, whose, booked, step, refunded, beside: found.beside }
        })
        .collect();
    let (adjustments, increments) = retroactive(&it.plan, &it.crossed, &earlier, &standing)
        .map_err(|error| AppError::Corrupt(format!("tier of {}: {error}", it.plan.id())))?;
    let mut raised = Raised::default();
    for adjustment in adjustments {
        if adjustment.amount.minor <= 0 {
            // Such plans are refused: steps rise.
            return Err(AppError::Corrupt(format!("a tier of {} lowers", it.plan.id())));
        }
        let of = &found[adjustment.place].commission;
        let commission = StoredCommission {
            id: CommissionId::new(app.now(), &*app.entropy),
            state: CommissionState::Pending,
            amount: adjustment.amount,
            reversed_amount: 0,
            booked_seq: it.seq,
            created_at: app.now(),
            record: serde_json::to_string(&adjustment.record).expect("our types have string keys"),
            reason: None,
            payout: None,
            basis: Some(CommissionBasis::Tier),
            source: Some(of.id),
            ..of.clone()
        };
        book_commission(app, pen, &commission)?;
        raised.commissions.push(commission);
    }
    raised.counted = increments.into_iter().map(|it| (it.key, it.add)).collect();
    if world.keeps_totals(it.program) {
        let of = |it: &StoredCommission| totals::earned(it.partnership, it.amount.minor);
        let totals = raised.commissions.iter().map(of);
        raised.counted.extend(totals.map(|it| (it.key, it.add)));
    }
    world.count(it.owner, it.program, &raised.counted);
    Ok(raised)
}

/// The same for a conversion that is decided once more, with its commissions as they are now.
/// Returns what was raised, and what it has counted beside its own decision.
pub(crate) async fn raise_again(
    app: &App,
    conn: &mut dyn Connection,
    world: &mut World,
    pen: &mut Books,
    conversion: &StoredConversion,
    (plan, crossed): (&Arc<CompiledPlan>, &[Crossed]),
    commissions: &[StoredCommission],
) -> Result<Raised, AppError> {
    let mut all = Raised::default();
    for crossed in crossed {
        let reached = Reached {
            owner: conversion.owner,
            program: conversion.program,
            plan: Arc::clone(plan),
            crossed: crossed.clone(),
            seq: conversion.booked_seq,
            before: i64::MAX,
        };
        let raised = {
            let fresh: Vec<_> = commissions.iter().chain(&all.commissions).collect();
            raise(app, conn, world, pen, &reached, (&[conversion], &fresh)).await?
        };
        all.commissions.extend(raised.commissions);
        all.counted.extend(raised.counted);
    }
    Ok(all)
}

/// The rule's commissions of the period that were booked before.
async fn earlier(
    conn: &mut dyn Connection,
    world: &World,
    it: &Reached,
    (conversions, commissions): (&[&StoredConversion], &[&StoredCommission]),
) -> Result<Vec<Found>, AppError> {
    let rule = it.plan.rules()[usize::from(it.crossed.rule)].id.as_str();
    let since = it.crossed.key.since;
    let partnership = match it.crossed.key.of {
        CounterOf::Partnership(id) => Some(id),
        _ => None,
    };
    let zone = world.programs.get(&it.program).map(|program| &program.zone);
    let begin = since.zip(zone).map(|(day, zone)| zone.start_of(day));
    let wanted = UnderRule {
        owner: it.owner,
        plan: it.plan.id(),
        rule,
        partnership,
        since,
        from_id: begin.map_or([0; 16], first_id_after),
    };
    let mut found = decision::commissions_under(conn, wanted).await?;
    let mut known: BTreeSet<CommissionId> = found.iter().map(|it| it.id).collect();
    let fresh = commissions.iter().filter(|of| {
        of.basis.is_none()
            && (of.owner, of.plan, of.rule.as_str()) == (it.owner, it.plan.id(), rule)
            && partnership.is_none_or(|id| id == of.partnership)
            && since.is_none_or(|day| of.local_day >= day)
            && !matches!(of.state, CommissionState::Declined | CommissionState::Reversed)
    });
    // What is decided and not written yet is newer than what is stored.
    found.retain(|of| commissions.iter().all(|it| it.id != of.id));
    known.retain(|id| commissions.iter().all(|it| it.id != *id));
    found.extend(fresh.filter(|it| known.insert(it.id)).map(|it| (*it).clone()));
    // A late report reaches the step of its own period, not of those after it.
    found.retain(|of| of.booked_seq < it.before && it.crossed.covers(&it.plan, of.local_day));
    // What was paid stays so when all of it is taken back, by a person or with a refund: nothing is
    // left to raise.
    found.retain(|of| of.remaining() > 0);
    found.sort_by_key(|it| (it.booked_seq, it.id));
    let mut by_id: HashMap<ConversionId, StoredConversion> = HashMap::new();
    let mut all: Vec<StoredCommission> = commissions.iter().map(|it| (*it).clone()).collect();
    let keys: BTreeSet<_> = found.iter().map(|of| (it.owner, of.conversion)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    for conversion in decision::conversions_by_id(conn, &keys).await? {
        by_id.insert(conversion.id, conversion);
    }
    for conversion in conversions {
        by_id.insert(conversion.id, (*conversion).clone());
    }
    let stored = decision::commissions_of(conn, &keys).await?;
    let fresh: BTreeSet<CommissionId> = all.iter().map(|it| it.id).collect();
    all.extend(stored.into_iter().filter(|it| !fresh.contains(&it.id)));
    let departed = decision::departures_of(conn, &keys).await?;
    let one = |commission: StoredCommission| found_of(commission, &by_id, &all);
    let mut found = found.into_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    // Whose customer has left too early is not raised: the departure was settled before.
    found.retain(|of| {
        let left = departed.iter().find(|(id, _)| *id == of.conversion.id);
        let on = left.zip(zone).map(|((_, at), zone)| zone.date(*at));
        on.is_none_or(|on| left_early(&it.plan, &of.record, on).is_none())
    });
    Ok(found)
}

fn found_of(
    commission: StoredCommission,
    conversions: &HashMap<ConversionId, StoredConversion>,
    all: &[StoredCommission],
) -> Result<Found, AppError> {
    let corrupt = |detail: String| AppError::Corrupt(format!("{}: {detail}", commission.id));
    let conversion = conversions.get(&commission.conversion);
    let conversion = conversion.ok_or_else(|| corrupt("its conversion is missing".to_owned()))?;
    let record =
        serde_json::from_str(&commission.record).map_err(|error| corrupt(error.to_string()))?;
    let mut booked = commission.amount.minor;
    let mut step = None;
    let raises = all.iter().filter(|it| is_tier(it) && it.source == Some(commission.id));
    let mut own: Vec<_> = raises.collect();
    own.sort_by_key(|it| (it.booked_seq, it.id));
    for it in own {
        let adjustment: AdjustmentRecord =
            serde_json::from_str(&it.record).map_err(|error| corrupt(error.to_string()))?;
        booked += it.amount.minor;
        step = Some(adjustment.to);
    }
    let whose = Subjects {
        partnership: commission.partnership,
        customer: conversion.customer.map(|id| *id.as_bytes()),
        company: Again::of(conversion)?.asked(conversion).company,
    };
    let beside = beside(&commission, all);
    Ok(Found { conversion: conversion.clone(), record, whose, booked, step, beside, commission })
}

/// What else of the conversion stands, by its rules and the steps of their tiers.
fn beside(it: &StoredCommission, all: &[StoredCommission]) -> Beside {
    let others = all.iter().filter(|of| {
        of.conversion == it.conversion
            && of.id != it.id
            && of.source != Some(it.id)
            && (of.basis.is_none() || is_tier(of))
            && !is_gone(of)
    });
    let mut beside = Beside { conversion: *it.conversion.as_bytes(), rule: 0, all: 0 };
    for of in others {
        beside.all += of.amount.minor;
        if of.rule == it.rule {
            beside.rule += of.amount.minor;
        }
    }
    beside
}

/// Reads the counters of caps that the raised commissions are bounded by.
async fn load_caps(
    conn: &mut dyn Connection,
    world: &mut World,
    it: &Reached,
    found: &[Found],
) -> Result<(), AppError> {
    let rule = &it.plan.rules()[usize::from(it.crossed.rule)];
    if rule.caps.is_empty() && it.plan.document().caps.is_empty() {
        return Ok(());
    }
    let Some(program) = world.programs.get(&it.program) else { return Ok(()) };
    let mut wanted = HashMap::new();
    for found in found {
        let asked = Again::of(&found.conversion)?.asked(&found.conversion);
        for key in keys_of(&it.plan, &program.zone, &asked, &[found.whose.partnership]) {
            wanted.insert((it.owner, it.program, key.to_string()), key);
        }
    }
    read_counters(world, conn, wanted).await
}

/// No id that was made at a moment or later is below this.
pub(super) fn first_id_after(at: Timestamp) -> [u8; 16] {
    // Ids begin with the millisecond at which the row was made; nothing is reported before it
    // happened, but for clocks that differ.
    let earliest = at.plus_days(-1).as_millisecond();
    let mut id = [0; 16];
    id[..6].copy_from_slice(&u64::try_from(earliest).unwrap_or(0).to_be_bytes()[2..]);
    id
}
