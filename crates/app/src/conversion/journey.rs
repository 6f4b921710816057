//! From what is known to a journey, and from a journey to credits.

use std::collections::BTreeSet;

use tributary_attribution::{
    Attribution, Channel, ClickRef, Consent, Journey, JourneyTouch, Policy, Precedence, Promoter,
    Proof, Standing, TouchRef,
};
use tributary_commission::{
    Award, AwardRecord, ConversionFacts, CustomerBefore, EventName, NotPaid, Reward,
    SubscriptionBefore, Unpaid,
};
use tributary_directory::{Mode, Partnership, Program};
use tributary_kernel::{LinkId, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp};
use tributary_money::Money;
use tributary_store::decision::{CustomerCounters, StoredConversion};
use tributary_store::touches::StoredTouch;

use super::agreement::Counted;
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
    /// What is known of the touch that was credited first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// What it added to the plan's counters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<Counted>,
    /// What of it was not paid to whom, and why, where something was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpaid: Vec<NothingPaidTo>,
    /// Credits and gifts that were reached; money is a commission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Rewarded>,
}

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

/// What is known of a touch besides itself; plans with conditions ask for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Context {
    /// The campaign of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// The path of the link: `anna/crm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// How the partner promotes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Sub-ids of the click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_ids: Option<[Option<String>; 5]>,
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

    /// As it is stored.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("our types have string keys")
    }

    /// The partner and link that the rollup counts the conversion for.
    #[must_use]
    pub fn counted_for(&self) -> (Option<PartnerId>, Option<LinkId>) {
        let first = self.attribution.credits.first();
        (first.map(|it| it.partner), credited_link(&self.journey, &self.attribution))
    }
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
    /// The code that was used.
    pub(crate) coupon: Option<tributary_directory::Coupon>,
    /// Whose customer it is, since when.
    pub(crate) assigned: Option<(PartnershipId, Timestamp)>,
    /// Whom the reporter named.
    pub(crate) named: Option<PartnershipId>,
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
) -> Journey {
    let mut touches = Vec::new();
    let mut seen: BTreeSet<[u8; 16]> = BTreeSet::new();
    let mut wanted: Vec<[u8; 16]> = clues.clicks.iter().copied().collect();
    while let Some(bytes) = wanted.pop() {
        if !seen.insert(bytes) {
            continue;
        }
        let recorded = world.touches.get(&bytes);
        wanted.extend(recorded.and_then(|it| it.previous));
        touches.extend(click_touch(world, owner, program, bytes, recorded));
    }
    if let Some(coupon) = &clues.coupon
        && let Some(partnership) = world.partnerships.get(&coupon.partnership)
    {
        let mut promoter = promoter(partnership);
        if !coupon.is_valid(occurred_at) {
            promoter.standing = Standing::NotActive;
        }
        touches.push(JourneyTouch::coupon(coupon.id, occurred_at, promoter));
    }
    let assignments = clues.assigned.into_iter().chain(clues.named.map(|id| (id, occurred_at)));
    for (id, at) in assignments {
        if let Some(partnership) = world.partnerships.get(&id) {
            touches.push(JourneyTouch::assignment(at, promoter(partnership)));
        }
    }
    Journey::new(touches)
}

fn promoter(of: &Partnership) -> Promoter {
    let standing = if of.status.earns() { Standing::Active } else { Standing::NotActive };
    Promoter { partnership: of.id, partner: of.partner, standing }
}

fn click_touch(
    world: &World,
    owner: OrganisationId,
    program: ProgramId,
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
    let partnership = world.partnerships.get(&link.partnership)?;
    let mut promoter = promoter(partnership);
    if link.status == tributary_directory::LinkStatus::Disabled {
        promoter.standing = Standing::NotActive;
    }
    let at = recorded.map_or_else(|| id.at(), |it| it.at);
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
    })
}

/// What is known of the touch that is credited first; none where that is nothing.
pub(crate) fn context_of(
    world: &World,
    journey: &Journey,
    attribution: &Attribution,
) -> Option<Context> {
    let first = attribution.credits.first()?;
    let touch = journey.touches().get(usize::from(first.touch))?;
    let TouchRef::Click(click) = &touch.touch else { return None };
    let recorded = world.touches.get(click.as_bytes());
    let link = touch.link.and_then(|id| world.links.values().find(|link| link.id == id));
    let sub_ids = recorded.and_then(|it| it.sub_ids.as_deref());
    let sub_ids = sub_ids.and_then(|text| serde_json::from_str(text).ok());
    let campaign = link.and_then(|link| link.campaign.clone());
    let method = link.and_then(|link| link.method.map(|method| method.as_str().to_owned()));
    let told = campaign.is_some() || method.is_some() || sub_ids.is_some();
    let plan_asks = world.asks_link;
    (told || plan_asks).then(|| Context {
        campaign,
        link: link.map(|link| link.path.clone()),
        method,
        sub_ids,
    })
}

/// The link of the touch that a credit is for.
fn credited_link(journey: &Journey, attribution: &Attribution) -> Option<LinkId> {
    let first = attribution.credits.first()?;
    journey.touches().get(usize::from(first.touch))?.link
}
