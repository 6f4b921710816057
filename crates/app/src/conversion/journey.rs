//! From what is known to a journey, and from a journey to credits.

use std::collections::{BTreeMap, BTreeSet};

use tributary_attribution::{
    Attribution, Cause, Channel, ClickRef, Consent, CreditChange, Decided, Journey, JourneyTouch,
    LateTruth, Milestones, Model, Noted, Policy, Precedence, Promoter, Proof, Settled, Standing,
    TouchRef, compare,
};
use tributary_commission::{
    Award, AwardRecord, ConversionFacts, CustomerBefore, EventName, NotPaid, Reward,
    SubscriptionBefore, Unpaid,
};
use tributary_directory::{Mode, Partnership, Program};
use tributary_kernel::{
    CustomerId, LeadId, LinkId, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp,
};
use tributary_money::{Money, Share, allocate};
use tributary_store::decision::{CustomerCounters, StoredConversion};
use tributary_store::touches::StoredTouch;

use super::agreement::Counted;
use super::context::{Context, ContextFor};
use super::customer::Assigned;
use super::details::ReportedSubscription;
use super::redecide::Vouch;
use super::world::World;
use crate::AppError;

/// A journey with what became of each touch, as it is stored with the conversion. Explain, replay
/// and verify read this copy and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DecidedJourney {
    /// The touches.
    pub journey: Journey,
    /// The verdicts and credits.
    pub attribution: Attribution,
    /// The policy that was applied.
    pub policy: Policy,
    /// The customer's counters before; none if no customer is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// Why nothing was paid, when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_paid: Option<NothingPaid>,
    /// What is known of the touch that the largest share was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Where several partnerships are credited: the same for each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<ContextFor>,
    /// What it added to the plan's counters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<Counted>,
    /// What of it was not paid to whom, and why, where something was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpaid: Vec<NothingPaidTo>,
    /// Credits and gifts that were reached; money is a commission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Rewarded>,
    /// What decisions before this one were replaced by, oldest first: the last ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replaced>,
}

/// A decision that another has replaced.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Replaced {
    /// When it was replaced.
    pub at: Timestamp,
    /// By which model it was made.
    pub model: Model,
    /// Why the other differs.
    pub causes: BTreeSet<Cause>,
    /// Whose share changed, from what to what.
    pub changes: Vec<CreditChange>,
}

/// Replaced decisions that are remembered with a conversion.
const REPLACED_MAX: usize = 10;

/// Why a partnership is paid nothing, or nothing by a rule, where another is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NothingPaidTo {
    /// Whose.
    pub partnership: PartnershipId,
    /// What the choice of the rule hung on.
    pub facts: ConversionFacts,
    /// Why.
    pub reason: NotPaid,
}

/// Credits or a gift that a partner reached.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rewarded {
    /// Whose.
    pub partnership: PartnershipId,
    /// What is given, as often as the record says.
    pub reward: Reward,
    /// What it rests on.
    pub record: AwardRecord,
}

/// A customer's counters before a conversion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Before {
    /// When the customer first paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_payment_at: Option<Timestamp>,
    /// Payments before.
    pub payments: u32,
    /// Leads before.
    pub leads: u32,
    /// What was reported of the subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<ReportedSubscription>,
}

impl From<&CustomerCounters> for Before {
    fn from(it: &CustomerCounters) -> Self {
        Self {
            first_payment_at: it.first_payment_at,
            payments: it.payments,
            leads: it.leads,
            subscription: None,
        }
    }
}

impl Before {
    /// As the commission crate takes it.
    pub(crate) fn customer(&self) -> CustomerBefore {
        let subscription = self.subscription.unwrap_or_default();
        CustomerBefore {
            first_payment_at: self.first_payment_at,
            payments: self.payments,
            leads: self.leads,
            subscription: SubscriptionBefore {
                paused_days: subscription.paused_days,
                resumed_at: subscription.resumed_at,
                payments_since: subscription.payments_since,
            },
        }
    }
}

impl DecidedJourney {
    /// The journey stored with a conversion.
    pub fn of(it: &StoredConversion) -> Result<Self, AppError> {
        serde_json::from_str(&it.journey)
            .map_err(|error| AppError::Corrupt(format!("journey of {}: {error}", it.id)))
    }

    /// A decision that credits nobody and has asked no plan.
    pub(super) const fn of_nobody(
        journey: Journey,
        attribution: Attribution,
        policy: Policy,
    ) -> Self {
        Self {
            journey,
            attribution,
            policy,
            before: None,
            not_paid: None,
            context: None,
            contexts: Vec::new(),
            counted: Vec::new(),
            unpaid: Vec::new(),
            rewards: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// Remembers what another decision of the same conversion said.
    pub(crate) fn replace(&mut self, old: &Self, at: Timestamp) {
        let change = self.change_from(old, |_| Settled::Pending);
        self.replaced.clone_from(&old.replaced);
        if change.is_nothing() {
            return;
        }
        let LateTruth { causes, changes, .. } = change;
        self.replaced.push(Replaced { at, model: old.attribution.model, causes, changes });
        let excess = self.replaced.len().saturating_sub(REPLACED_MAX);
        self.replaced.drain(..excess);
    }

    /// What this decision changes of another of the same conversion.
    pub(crate) fn change_from(
        &self,
        old: &Self,
        settled: impl Fn(PartnershipId) -> Settled,
    ) -> LateTruth {
        compare(old.judged(), self.judged(), settled)
    }

    const fn judged(&self) -> Decided<'_> {
        let (journey, policy, attribution) = (&self.journey, &self.policy, &self.attribution);
        Decided { journey, policy, attribution }
    }

    /// As it is stored.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("our types have string keys")
    }

    /// The partner and link that the rollup counts the conversion for.
    #[must_use]
    pub fn counted_for(&self) -> (Option<PartnerId>, Option<LinkId>) {
        match leading(&self.attribution) {
            Some((partnership, partner)) => (Some(partner), self.link_of(partnership)),
            None => (None, None),
        }
    }

    /// The touch that the largest share was given for.
    pub(crate) fn leading_touch(&self) -> Option<&JourneyTouch> {
        let (partnership, _) = leading(&self.attribution)?;
        touch_of(&self.journey, &self.attribution, partnership)
    }

    /// An amount as it was credited: the part of each partnership in the order of their ids, and
    /// what is nobody's. The parts sum to the amount.
    pub(crate) fn parts_of(&self, amount: i64) -> Vec<(Option<(PartnershipId, PartnerId)>, i64)> {
        let sums = self.attribution.by_partnership();
        let whose = sums.iter().map(|(id, (partner, share))| (Some((*id, *partner)), *share));
        let given: u32 = sums.values().map(|(_, share)| share.get()).sum();
        let rest = (None, Share::new(Share::PARTS - given.min(Share::PARTS)).unwrap_or_default());
        let all: Vec<_> = whose.chain([rest]).collect();
        let weights: Vec<u64> = all.iter().map(|(_, share)| u64::from(share.get())).collect();
        let parts = allocate(amount, &weights);
        all.into_iter().map(|(whose, _)| whose).zip(parts).collect()
    }

    /// The link of the touch that a partnership is credited for.
    pub(crate) fn link_of(&self, partnership: PartnershipId) -> Option<LinkId> {
        touch_of(&self.journey, &self.attribution, partnership)?.link
    }
}

/// Who has the largest share of a conversion; of equal ones the partnership with the lower id. The
/// conversion itself is counted for it.
pub(super) fn leading(attribution: &Attribution) -> Option<(PartnershipId, PartnerId)> {
    let sums = attribution.by_partnership();
    // Of equal ones `max_by_key` takes the last.
    let most = sums.iter().rev().max_by_key(|(_, (_, share))| *share);
    most.map(|(partnership, (partner, _))| (*partnership, *partner))
}

/// The touch for which a partnership is credited: of several the one with the largest share, of
/// equal ones the last.
pub(super) fn touch_of<'a>(
    journey: &'a Journey,
    attribution: &Attribution,
    partnership: PartnershipId,
) -> Option<&'a JourneyTouch> {
    let own = attribution.credits.iter().filter(|it| it.partnership == partnership);
    let most = own.max_by_key(|it| (it.share, it.touch))?;
    journey.touches().get(usize::from(most.touch))
}

/// The event of a stored conversion.
pub(crate) fn event_of(it: &StoredConversion) -> Result<EventName, AppError> {
    it.kind.parse().map_err(|error| AppError::Corrupt(format!("type of {}: {error}", it.id)))
}

/// The gross amount as it was reported: none where none was.
pub(crate) fn amount_reported(it: &StoredConversion) -> Option<Money> {
    let told = it.amount.minor != 0
        || serde_json::from_str::<serde_json::Value>(&it.given)
            .is_ok_and(|given| given.get("amount").is_some());
    told.then_some(it.amount)
}

/// The net amount as it was reported.
pub(crate) fn net_of(it: &StoredConversion) -> Option<Money> {
    it.net_amount.map(|net| Money::new(net, it.amount.currency))
}

/// Why a decided conversion pays nothing, with what its explanation needs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NothingPaid {
    /// The plan that was asked; none when the program had none at the time.
    pub plan: Option<tributary_kernel::PlanId>,
    /// What the choice of the rule hung on.
    pub facts: Option<tributary_commission::ConversionFacts>,
    /// Its answer.
    pub reason: Option<tributary_commission::NotPaid>,
}

impl From<&Unpaid> for NothingPaidTo {
    fn from(it: &Unpaid) -> Self {
        let (partnership, facts, reason) = (it.partnership, it.facts.clone(), it.reason.clone());
        Self { partnership, facts, reason }
    }
}

impl From<Award> for Rewarded {
    fn from(it: Award) -> Self {
        Self { partnership: it.partnership, reward: it.reward, record: it.record }
    }
}

/// What a journey is gathered from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clues {
    /// Clicks that were reported or are the customer's.
    pub(crate) clicks: BTreeSet<[u8; 16]>,
    /// Clicks of other people whose touches count, and whose each is.
    pub(crate) others: BTreeMap<[u8; 16], CustomerId>,
    /// Leads that partners registered: when, and whose.
    pub(crate) leads: Vec<(LeadId, Timestamp, PartnershipId)>,
    /// The code that was used.
    pub(crate) coupon: Option<tributary_directory::Coupon>,
    /// Whose customer it is, since when.
    pub(crate) assigned: Option<Assigned>,
    /// Whom the reporter named.
    pub(crate) named: Option<PartnershipId>,
    /// What the customer came to be, with this conversion.
    pub(crate) stages: Milestones,
}

/// The policy that a program's terms state.
pub(crate) fn policy_of(program: &Program) -> Policy {
    let days = u16::try_from(program.terms.window_days).unwrap_or(u16::MAX);
    Policy {
        click_window_days: days,
        coupon_window_days: days,
        precedence: if program.terms.coupon_over_click {
            Precedence::CouponOverClick
        } else {
            Precedence::ClickOverCoupon
        },
        ..Policy::default()
    }
}

/// Gathers the journey of a conversion.
pub(crate) fn gather(
    world: &World,
    owner: OrganisationId,
    program: ProgramId,
    occurred_at: Timestamp,
    clues: &Clues,
    visits: impl IntoIterator<Item = JourneyTouch>,
) -> Journey {
    let mut touches = Vec::new();
    let mut seen: BTreeSet<[u8; 16]> = BTreeSet::new();
    // The last is taken first: what is the customer's own is nobody else's.
    let others = clues.others.iter().map(|(bytes, whose)| (*bytes, Some(*whose)));
    let mut wanted: Vec<_> = others.collect();
    wanted.extend(clues.clicks.iter().map(|bytes| (*bytes, None)));
    while let Some((bytes, whose)) = wanted.pop() {
        if !seen.insert(bytes) {
            continue;
        }
        let recorded = world.touches.get(&bytes);
        wanted.extend(recorded.and_then(|it| it.previous).map(|before| (before, whose)));
        let touch = click_touch(world, owner, (program, occurred_at), bytes, recorded);
        touches.extend(touch.map(|it| it.of_person(whose)));
    }
    if let Some(coupon) = &clues.coupon
        && let Some(partnership) = world.partnerships.get(&coupon.partnership)
    {
        let mut promoter = promoter(partnership, occurred_at);
        if !coupon.is_valid(occurred_at) {
            promoter.standing = Standing::NotActive;
        }
        touches.push(JourneyTouch::coupon(coupon.id, occurred_at, promoter));
    }
    for (id, at, partnership) in &clues.leads {
        if let Some(partnership) = world.partnerships.get(partnership) {
            let promoter = promoter(partnership, occurred_at);
            touches.push(JourneyTouch::noted(Noted::Lead, *id.as_bytes(), *at, promoter));
        }
    }
    let of_customer =
        clues.assigned.iter().flat_map(|it| it.whose.iter().map(|(id, part)| (*id, it.at, *part)));
    for (id, at, part) in of_customer.chain(clues.named.map(|id| (id, occurred_at, None))) {
        if let Some(partnership) = world.partnerships.get(&id) {
            touches.push(match part {
                Some(part) => {
                    JourneyTouch::assigned_part(at, promoter(partnership, occurred_at), part)
                }
                None => JourneyTouch::assignment(at, promoter(partnership, occurred_at)),
            });
        }
    }
    touches.extend(visits);
    Journey::new(touches).with_milestones(clues.stages)
}

/// A partner as it stood when the conversion happened, however late that is reported.
fn promoter(of: &Partnership, occurred_at: Timestamp) -> Promoter {
    let standing = if of.earned_at(occurred_at) { Standing::Active } else { Standing::NotActive };
    Promoter { partnership: of.id, partner: of.partner, standing }
}

fn click_touch(
    world: &World,
    owner: OrganisationId,
    (program, occurred_at): (ProgramId, Timestamp),
    bytes: [u8; 16],
    recorded: Option<&StoredTouch>,
) -> Option<JourneyTouch> {
    let id = tributary_click::ClickId::from_bytes(bytes);
    let number = recorded.map_or_else(|| id.link_number(), |it| it.link_number);
    let link = world.links.get(&number)?;
    // A customer's clicks may be of another program of the same owner: not of this journey.
    if (link.owner, link.program) != (owner, program) {
        return None;
    }
    // What was clicked in test mode earns in test mode only, however late it is reported.
    let test = world.programs.get(&program).is_some_and(|it| it.program.mode == Mode::Test);
    if recorded.is_some_and(|it| it.test != test) {
        return None;
    }
    let at = recorded.map_or_else(|| id.at(), |it| it.at);
    // A touch may be over, and then nothing but its id's time tells of the test.
    let live_at = world.programs.get(&program).and_then(|it| it.program.live_at);
    if live_at.is_some_and(|live_at| at < live_at) {
        return None;
    }
    let partnership = world.partnerships.get(&link.partnership)?;
    let mut promoter = promoter(partnership, occurred_at);
    if link.status == tributary_directory::LinkStatus::Disabled {
        promoter.standing = Standing::NotActive;
    }
    let consent = match recorded.map(|it| it.consent.as_str()) {
        Some("granted") => Consent::Granted,
        Some("denied") => Consent::Denied,
        // An id that is reported after its consent was taken back earns nothing by itself.
        _ if world.withdrawn_clicks.contains(&bytes) => Consent::Denied,
        _ => Consent::Unknown,
    };
    let proof = match recorded {
        Some(_) => Proof::Recorded,
        None if world.lost_clicks.contains(&bytes) => match world.vouch {
            None => Proof::Unrecorded,
            Some(Vouch::Accept) => Proof::Vouched,
            Some(Vouch::Reject) => Proof::Rejected,
        },
        None => Proof::IdOnly,
    };
    Some(JourneyTouch {
        at,
        touch: TouchRef::Click(ClickRef::from_bytes(bytes)),
        promoter: Some(promoter),
        link: Some(link.id),
        channel: Channel::PARTNER_LINK,
        consent,
        proof,
        part: None,
        person: None,
    })
}
