//! Whose a customer is, and what it came to be.

use tributary_attribution::{Attribution, Journey, JourneyTouch, Milestones, TouchKind};
use tributary_commission::{EventKind, EventName};
use tributary_kernel::{PartnershipId, Timestamp};
use tributary_money::Share;
use tributary_store::decision::CustomerCounters;

use super::journey::leading;

/// Credits divided between partnerships, and how a customer is divided from then on.
pub(crate) fn assign(
    it: &mut CustomerCounters,
    attribution: &Attribution,
    kind: EventKind,
    occurred_at: Timestamp,
) {
    let parts: Vec<(PartnershipId, Share)> = match assigns(attribution, kind) {
        true => attribution.by_partnership().into_iter().map(|(id, (_, it))| (id, it)).collect(),
        false => Vec::new(),
    };
    it.partnership = match leading(attribution) {
        Some((id, _)) if !parts.is_empty() => Some(id),
        _ => None,
    };
    it.assigned_at = it.partnership.map(|_| occurred_at);
    // One alone needs no parts.
    it.parts = if matches!(parts[..], [(_, Share::ONE)]) { Vec::new() } else { parts };
}

/// Whether a conversion makes the customer somebody's. Where models divide, a lead is only a stage
/// of the journey: the customer belongs to whom the first payment credits.
fn assigns(attribution: &Attribution, kind: EventKind) -> bool {
    attribution.model.is_winner_takes_all() || kind == EventKind::Sale
}

/// Whose customer it is.
#[derive(Debug, Clone)]
pub(crate) struct Assigned {
    pub(crate) at: Timestamp,
    /// Who, and which part where it is not the whole.
    pub(crate) whose: Vec<(PartnershipId, Option<Share>)>,
}

impl Assigned {
    /// What is stored of a customer.
    pub(crate) fn of(it: &CustomerCounters) -> Option<Self> {
        let (first, at) = (it.partnership?, it.assigned_at?);
        let parts = it.parts.iter().map(|(id, part)| (*id, Some(*part)));
        let whose: Vec<_> = parts.collect();
        Some(Self { at, whose: if whose.is_empty() { vec![(first, None)] } else { whose } })
    }

    /// What a journey says: the latest assignment in it.
    pub(crate) fn in_journey(journey: &Journey) -> Option<Self> {
        let assigned = |touch: &&JourneyTouch| touch.touch.kind() == TouchKind::Assignment;
        let at = journey.touches().iter().rev().find(assigned)?.at;
        let same = journey.touches().iter().filter(assigned).filter(|touch| touch.at == at);
        let whose = same.filter_map(|it| Some((it.promoter.as_ref()?.partnership, it.part)));
        Some(Self { at, whose: whose.collect() })
    }
}

/// Events that make an opportunity of a customer.
const OPPORTUNITIES: &[&str] = &["qualified_lead", "demo", "meeting", "opportunity"];

/// What a customer came to be, with a conversion.
pub(crate) fn stages_with(
    before: Option<&CustomerCounters>,
    event: &EventName,
    kind: EventKind,
    occurred_at: Timestamp,
) -> Milestones {
    let with = |known: Option<Timestamp>, now: bool| match now {
        true => Some(known.map_or(occurred_at, |known| known.min(occurred_at))),
        false => known,
    };
    let opportunity = OPPORTUNITIES.contains(&event.as_str());
    Milestones {
        lead_at: with(before.and_then(|it| it.lead_at), kind == EventKind::Lead || opportunity),
        opportunity_at: with(before.and_then(|it| it.opportunity_at), opportunity),
    }
}
