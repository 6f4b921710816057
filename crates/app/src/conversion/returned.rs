//! What is taken back of commissions, as the counters of their plans see it: amounts come back,
//! places do not. So a limit bounds what is paid, and not what was declined.

use std::collections::{BTreeMap, BTreeSet};

use tributary_commission::{CommissionRecord, GivenBack, Subjects, given_back};
use tributary_kernel::ConversionId;
use tributary_money::Money;
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;

use super::agreement::Counted;
use super::catalogue::kind_of;
use super::journey::{DecidedJourney, event_of};
use super::redecide::Again;
use super::totals::{self, Refunded};
use super::world::{World, programs_in};
use crate::{App, AppError};

/// Whether a person has decided that it earns nothing, or another decision has replaced it: its
/// amounts are back already.
pub(super) fn is_gone(it: &StoredCommission) -> bool {
    let refunded = matches!(it.reason.as_deref(), Some("refund" | "chargeback" | "left_early"));
    // Not by its state alone: what was paid stays so when it is reversed.
    it.state == CommissionState::Declined || (it.remaining() == 0 && !refunded)
}

/// What comes back of a commission and not of its sale: that has come back already, or stays.
pub(super) fn without_sale(commission: Money) -> GivenBack {
    let of = |minor| Money::new(minor, commission.currency);
    GivenBack { commission, sale: of(1), refunded_before: of(0), refund: of(0) }
}

/// Gives amounts of a conversion's commissions back to counters, and says what. What tiers have
/// added is given back with the commission that it adds to. `sale` is what was refunded, where that
/// is why.
pub(super) async fn return_to_counters(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredConversion,
    returned: &[(&StoredCommission, GivenBack)],
    sale: Option<Refunded>,
) -> Result<Vec<Counted>, AppError> {
    let wanted = BTreeSet::from([(it.owner, it.program)]);
    let programs = programs_in(app, conn, &wanted).await?;
    let versions = programs.get(&it.program).map_or(&[][..], |program| &program.versions);
    if !versions.iter().any(|version| version.needs.counters) {
        return Ok(Vec::new());
    }
    let company = Again::of(it)?.asked(it).company;
    let mut world = World::default();
    if let Some(refund) = sale
        && versions.iter().any(|version| version.needs.totals)
    {
        let kind = kind_of(&event_of(it)?, !it.amount.is_zero());
        let less = totals::refunded(&DecidedJourney::of(it)?, kind, refund);
        world.count(it.owner, it.program, &less);
    }
    for (commission, back) in returned {
        let version = versions.iter().find(|version| version.plan.id() == commission.plan);
        let Some(version) = version.filter(|version| version.needs.counters) else { continue };
        let whose = Subjects {
            partnership: commission.partnership,
            customer: it.customer.map(|id| *id.as_bytes()),
            company,
        };
        if version.needs.totals {
            let less = totals::earned(commission.partnership, -back.commission.minor);
            world.count(it.owner, it.program, &[(less.key, less.add)]);
        }
        if is_award(commission) {
            continue;
        }
        let corrupt = |error: String| AppError::Corrupt(format!("{}: {error}", commission.id));
        let record: CommissionRecord =
            serde_json::from_str(&commission.record).map_err(|error| corrupt(error.to_string()))?;
        let increments = given_back(&version.plan, &record, whose, *back)
            .map_err(|error| corrupt(error.to_string()))?;
        let counted: Vec<_> = increments.into_iter().map(|it| (it.key, it.add)).collect();
        world.count(it.owner, it.program, &counted);
    }
    let counted = world.take_counted();
    decision::add_plan_counters(conn, &counted).await?;
    Ok(counted.into_iter().map(|((.., key), add)| Counted { key, add }).collect())
}

/// Commissions that a person has declined or reversed, each as it was before: counters get back
/// what was left, as if the rest of the sale were refunded.
pub(crate) async fn decline_in_counters(
    app: &App,
    conn: &mut dyn Connection,
    declined: &[StoredCommission],
) -> Result<(), AppError> {
    let mut by_conversion: BTreeMap<ConversionId, Vec<&StoredCommission>> = BTreeMap::new();
    for it in declined {
        by_conversion.entry(it.conversion).or_default().push(it);
    }
    let keys: BTreeSet<_> = declined.iter().map(|it| (it.owner, it.conversion)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let mut changed = Vec::new();
    for mut conversion in decision::conversions_by_id(conn, &keys).await? {
        let own = by_conversion.remove(&conversion.id).unwrap_or_default();
        let key = [(conversion.owner, conversion.id)];
        let all = decision::commissions_of(conn, &key).await?;
        let returned: Vec<_> =
            own.iter().filter_map(|it| declined_of(it, &all, &conversion)).collect();
        let counted = return_to_counters(app, conn, &conversion, &returned, None).await?;
        if counted.is_empty() {
            continue;
        }
        let mut decided = DecidedJourney::of(&conversion)?;
        decided.counted.extend(counted);
        conversion.journey = decided.to_json();
        changed.push(conversion);
    }
    decision::put_conversions(conn, &changed).await?;
    Ok(())
}

/// Whether a step of retroactive tiers has added it to another commission.
pub(super) fn is_tier(it: &StoredCommission) -> bool {
    it.basis == Some(CommissionBasis::Tier)
}

/// Whether it was given for reaching something, of which the conversion was the last part: only
/// totals hold anything of it.
pub(super) fn is_award(it: &StoredCommission) -> bool {
    matches!(it.basis, Some(CommissionBasis::Bonus | CommissionBasis::Prize))
}

/// What a declined commission gives back, with the commission whose record says to which counters.
fn declined_of<'a>(
    it: &'a StoredCommission,
    all: &'a [StoredCommission],
    conversion: &StoredConversion,
) -> Option<(&'a StoredCommission, GivenBack)> {
    if it.is_manual() {
        return None;
    }
    let money = |minor| Money::new(minor, it.amount.currency);
    let commission = money(it.remaining());
    if is_award(it) {
        return Some((it, without_sale(commission)));
    }
    if is_tier(it) {
        let source = all.iter().find(|of| Some(of.id) == it.source)?;
        // The sale is the other commission's.
        return Some((source, without_sale(commission)));
    }
    let back = match conversion.amount.is_zero() {
        true => {
            GivenBack { commission, sale: money(1), refunded_before: money(0), refund: money(1) }
        }
        false => GivenBack {
            commission,
            sale: conversion.amount,
            refunded_before: money(conversion.returned_amount),
            refund: money(conversion.amount.minor - conversion.returned_amount),
        },
    };
    Some((it, back))
}
