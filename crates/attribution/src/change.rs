//! Late truth: what another decision of the same conversion changes, and what may be done about
//! it. Pure: the caller books.

use std::collections::{BTreeMap, BTreeSet};

use tributary_kernel::{PartnerId, PartnershipId, text_enum};
use tributary_money::Share;

use crate::{Attribution, Journey, Policy, TouchRef};

text_enum! {
    /// Why a conversion is decided again.
    pub enum Cause {
        /// Touches are known that were not: one came late, or a person turned out to be somebody.
        TouchesAdded = "touches_added",
        /// Touches are gone: consent was taken back, or people were told apart.
        TouchesRemoved = "touches_removed",
        /// The same touches, otherwise: another time, partner, consent or proof.
        TouchesChanged = "touches_changed",
        /// The stages of lead or opportunity moved.
        StagesChanged = "stages_changed",
        /// Another model, or other weights of it.
        ModelChanged = "model_changed",
        /// Another window.
        WindowChanged = "window_changed",
        /// Another rule of precedence, de-duplication or tolerance.
        RulesChanged = "rules_changed",
    }
}

text_enum! {
    /// How far the money of one partnership's credit has come.
    pub enum Settled {
        /// Nothing is booked, or what is booked is pending.
        Pending = "pending",
        /// Approved, payable or paid.
        Approved = "approved",
    }
}

text_enum! {
    /// What may be done about a change.
    pub enum Action {
        /// Computed anew at once: the money is pending.
        Recompute = "recompute",
        /// Proposed to a person, who may confirm an adjusting transfer.
        ProposeAdjustment = "propose_adjustment",
    }
}

/// What changes for one partnership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditChange {
    /// Whose credit.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// Its share so far.
    pub before: Share,
    /// Its share by the new decision.
    pub after: Share,
    /// What may be done.
    pub action: Action,
}

/// What another decision changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateTruth {
    /// What differs between what was known then and now.
    pub causes: BTreeSet<Cause>,
    /// Partnerships whose share differs, in their order.
    pub changes: Vec<CreditChange>,
    /// Whether the conversion waits for a person now and did not, or the reverse.
    pub held_changed: bool,
}

impl LateTruth {
    /// Whether there is nothing to do.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.changes.is_empty() && !self.held_changed
    }

    /// Whether everything may be computed anew without a person.
    #[must_use]
    pub fn needs_nobody(&self) -> bool {
        self.changes.iter().all(|change| change.action == Action::Recompute)
    }
}

/// One decision: what was known, by which rules, and the answer.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The touches.
    pub journey: &'a Journey,
    /// The rules.
    pub policy: &'a Policy,
    /// The answer.
    pub attribution: &'a Attribution,
}

/// Compares two decisions of one conversion.
///
/// `settled` says how far a partnership's money has come. Where any money of the conversion is
/// approved, every change of it is proposed to a person: shares sum to one, and what one partner
/// gains another loses.
#[must_use]
pub fn compare(
    before: Decided<'_>,
    after: Decided<'_>,
    settled: impl Fn(PartnershipId) -> Settled,
) -> LateTruth {
    let (was, is) = (before.attribution.by_partnership(), after.attribution.by_partnership());
    let everybody: BTreeSet<_> = was.keys().chain(is.keys()).copied().collect();
    let some_approved = everybody.iter().any(|it| settled(*it) == Settled::Approved);
    let action = if some_approved { Action::ProposeAdjustment } else { Action::Recompute };
    let changes = everybody.into_iter().filter_map(|partnership| {
        let share = |of: &BTreeMap<_, (PartnerId, Share)>| {
            of.get(&partnership).map_or(Share::ZERO, |(_, share)| *share)
        };
        let (partner, _) = *is.get(&partnership).or_else(|| was.get(&partnership))?;
        let (before, after) = (share(&was), share(&is));
        let change = CreditChange { partnership, partner, before, after, action };
        (before != after).then_some(change)
    });
    LateTruth {
        changes: changes.collect(),
        causes: causes(before, after),
        held_changed: before.attribution.held.is_some() != after.attribution.held.is_some(),
    }
}

fn causes(before: Decided<'_>, after: Decided<'_>) -> BTreeSet<Cause> {
    let refs = |journey: &Journey| -> BTreeSet<TouchRef> {
        journey.touches().iter().map(|touch| touch.touch).collect()
    };
    let (was, is) = (refs(before.journey), refs(after.journey));
    let (old, new) = (before.policy, after.policy);
    let windows = |it: &Policy| (it.click_window_days, it.coupon_window_days, it.windows.clone());
    let model =
        |it: &Policy| (it.model, it.settings, it.table.as_ref().map(|t| t.hash().to_owned()));
    let rules = |it: &Policy| {
        let order = (it.precedence, it.customer_stays, it.registration_first);
        (order, it.against.clone(), it.skew_seconds, it.repeat_seconds)
    };
    let differs = [
        (Cause::TouchesAdded, !is.is_subset(&was)),
        (Cause::TouchesRemoved, !was.is_subset(&is)),
        (Cause::TouchesChanged, was == is && before.journey.touches() != after.journey.touches()),
        (Cause::StagesChanged, before.journey.milestones() != after.journey.milestones()),
        (Cause::ModelChanged, model(old) != model(new)),
        (Cause::WindowChanged, windows(old) != windows(new)),
        (Cause::RulesChanged, rules(old) != rules(new)),
    ];
    differs.into_iter().filter(|(_, it)| *it).map(|(cause, _)| cause).collect()
}
