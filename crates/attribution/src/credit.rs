use std::collections::BTreeMap;

use tributary_kernel::{PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::Share;

use crate::weigh::{Seat, shares};
use crate::window::{age_days, within};
use crate::{
    Channel, Consent, CreditKey, Journey, JourneyTouch, Model, Policy, Proof, Standing, TouchKind,
    TouchVerdict, Window,
};

/// The share of a conversion that one touch earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Whose it is.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// Place of the touch in the journey.
    pub touch: u16,
    /// How much of the conversion.
    pub share: Share,
}

/// The share of a conversion that a channel took which is no partner's: nobody is paid for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelCredit {
    /// The channel.
    pub channel: Channel,
    /// Place of the touch in the journey.
    pub touch: u16,
    /// How much of the conversion.
    pub share: Share,
}

/// Who earned, and what became of each touch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The model that was used.
    pub model: Model,
    /// The partners' credits, in the order of their touches. With `channels`, the shares sum to
    /// one, or there are none at all.
    pub credits: Vec<Credit>,
    /// What other channels took, in the order of their touches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelCredit>,
    /// One verdict per touch of the journey, in its order.
    pub verdicts: Vec<TouchVerdict>,
    /// Place of a touch that would earn but needs a person's look first. While it is set there are
    /// no credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u16>,
}

/// Judges a journey: who earned the conversion that occurred at `occurred_at`.
///
/// Windows are counted in the calendar of `zone`, the program's: a touch earns until the same
/// wall-clock time `window_days` days later, that moment included. Of the touches that can earn,
/// those of the highest rank take part (see [`Policy`]), and the model divides between them; ties
/// go to the lower touch id. `docs/attribution.md` has the formula of each model. A journey
/// without touches, or with none that can earn, has no credits; so has one that knows only direct
/// visits. Every input has an answer.
#[must_use]
pub fn credit(
    journey: &Journey,
    occurred_at: Timestamp,
    policy: &Policy,
    zone: &Zone,
) -> Attribution {
    let touches = journey.touches();
    let mut verdicts: Vec<Option<TouchVerdict>> = Vec::with_capacity(touches.len());
    let mut seats: Vec<Seat<'_>> = Vec::with_capacity(touches.len());
    for (place, touch) in (0u16..).zip(touches) {
        let verdict = inability(touch, occurred_at, policy, zone)
            .or_else(|| repeated(touch, &seats, policy.repeat_seconds));
        if verdict.is_none() {
            let at = touch.at.min(occurred_at);
            seats.push(Seat { place, touch, at, key: CreditKey::of(touch) });
        }
        verdicts.push(verdict);
    }
    outranked(&mut seats, policy, &mut verdicts);
    only_direct(&mut seats, &mut verdicts);
    let assigned = seats.last().is_some_and(|seat| is_assignment(seat.touch));
    let shares = if assigned {
        superseded(&mut seats, &mut verdicts);
        assigned_shares(&seats)
    } else {
        shares(&seats, policy, journey)
    };
    Answer { model: policy.model, seats, shares }.told(verdicts)
}

fn is_assignment(touch: &JourneyTouch) -> bool {
    touch.touch.kind() == TouchKind::Assignment
}

/// Takes the seats from assignments that a later one has replaced.
fn superseded(seats: &mut Vec<Seat<'_>>, verdicts: &mut [Option<TouchVerdict>]) {
    let Some((latest, winner)) = seats.last().map(|seat| (seat.at, seat.place)) else { return };
    seats.retain(|seat| {
        let stays = seat.at == latest;
        if !stays {
            verdicts[usize::from(seat.place)] = Some(TouchVerdict::LaterTouchWon { winner });
        }
        stays
    });
}

/// An assigned customer is divided as it was assigned, whatever the model: by the parts, and what
/// no part is of belongs to nobody. Of several without parts the last has everything.
fn assigned_shares(seats: &[Seat<'_>]) -> Vec<Share> {
    let last = seats.len().saturating_sub(1);
    if seats.get(last).is_some_and(|seat| seat.touch.part.is_none()) {
        let only = |index| if index == last { Share::ONE } else { Share::ZERO };
        return (0..seats.len()).map(only).collect();
    }
    let mut left = Share::PARTS;
    let part = |seat: &Seat<'_>| {
        let part = seat.touch.part.unwrap_or(Share::ZERO).get().min(left);
        left -= part;
        Share::new(part).expect("it is at most the whole")
    };
    seats.iter().map(part).collect()
}

/// What the model said, to be told touch by touch.
struct Answer<'a> {
    model: Model,
    seats: Vec<Seat<'a>>,
    shares: Vec<Share>,
}

impl Answer<'_> {
    fn told(self, mut verdicts: Vec<Option<TouchVerdict>>) -> Attribution {
        let having = || self.seats.iter().zip(&self.shares).filter(|(_, share)| !share.is_zero());
        let held = having()
            .find(|(seat, _)| seat.touch.proof == Proof::Unrecorded)
            .map(|(seat, _)| seat.place);
        let winner = having().next_back().map(|(seat, _)| seat.clone());
        let mut credits = Vec::new();
        let mut channels = Vec::new();
        let given: u32 = self.shares.iter().map(|share| share.get()).sum();
        for (seat, &share) in self.seats.iter().zip(&self.shares) {
            let Seat { place, touch, .. } = *seat;
            let verdict = match (held, touch.promoter) {
                _ if share.is_zero() => self.lost(winner.as_ref()),
                (Some(held), _) if held == place => TouchVerdict::UnrecordedHeld,
                (Some(held), _) => TouchVerdict::Waits { held },
                (None, Some(promoter)) => {
                    let (partnership, partner) = (promoter.partnership, promoter.partner);
                    credits.push(Credit { partnership, partner, touch: place, share });
                    TouchVerdict::Credited { share }
                }
                (None, None) => {
                    let channel = touch.channel.clone();
                    channels.push(ChannelCredit { channel, touch: place, share });
                    TouchVerdict::ChannelCredited { share }
                }
            };
            verdicts[usize::from(place)] = Some(verdict);
        }
        // What of an assigned customer is no partner's.
        if held.is_none()
            && given > 0
            && let Ok(share) = Share::new(Share::PARTS - given.min(Share::PARTS))
            && !share.is_zero()
            && let Some(last) = self.seats.last()
        {
            channels.push(ChannelCredit { channel: Channel::UNASSIGNED, touch: last.place, share });
        }
        let every = "a touch has no seat and a reason, or a seat";
        let verdicts = verdicts.into_iter().map(|verdict| verdict.expect(every)).collect();
        Attribution { model: self.model, credits, channels, verdicts, held }
    }

    fn lost(&self, winner: Option<&Seat<'_>>) -> TouchVerdict {
        match winner {
            Some(seat) if self.model.is_winner_takes_all() => {
                let winner = seat.place;
                if seat.touch.promoter.is_none() {
                    TouchVerdict::ChannelWon { winner }
                } else if self.model == Model::FirstTouch {
                    TouchVerdict::EarlierTouchWon { winner }
                } else {
                    TouchVerdict::LaterTouchWon { winner }
                }
            }
            _ => TouchVerdict::NoShare,
        }
    }
}

/// Takes the seats from touches of lower rank than the highest present.
fn outranked(seats: &mut Vec<Seat<'_>>, policy: &Policy, verdicts: &mut [Option<TouchVerdict>]) {
    let rank = |seat: &Seat<'_>| policy.rank(seat.touch.touch.kind());
    // Of equal ranks `max_by_key` takes the last.
    let Some(best) = seats.iter().max_by_key(|seat| rank(seat)) else { return };
    let (top, winner) = (rank(best), best.place);
    let verdict = match best.touch.touch.kind() {
        TouchKind::Assignment => TouchVerdict::AssignmentWon { winner },
        TouchKind::Lead => TouchVerdict::RegistrationWon { winner },
        TouchKind::Coupon => TouchVerdict::CouponWon { winner },
        _ if best.touch.promoter.is_none() => TouchVerdict::ChannelWon { winner },
        TouchKind::Click => TouchVerdict::ClickWon { winner },
        _ => TouchVerdict::StrongerTouchWon { winner },
    };
    seats.retain(|seat| {
        let stays = rank(seat) == top;
        if !stays {
            verdicts[usize::from(seat.place)] = Some(verdict);
        }
        stays
    });
}

/// Takes the seats from direct visits where nothing else has one: they name nobody.
fn only_direct(seats: &mut Vec<Seat<'_>>, verdicts: &mut [Option<TouchVerdict>]) {
    if seats.iter().all(|seat| is_direct(seat.touch)) {
        for seat in seats.drain(..) {
            verdicts[usize::from(seat.place)] = Some(TouchVerdict::Direct);
        }
    }
}

pub(crate) fn is_direct(touch: &JourneyTouch) -> bool {
    touch.promoter.is_none() && touch.channel == Channel::DIRECT
}

/// Whether it only repeats an earlier touch.
fn repeated(touch: &JourneyTouch, seats: &[Seat<'_>], seconds: u32) -> Option<TouchVerdict> {
    if seconds == 0 {
        return None;
    }
    let span = i64::from(seconds) * 1_000_000;
    let same = |seat: &&Seat<'_>| {
        seat.touch.touch.kind() == touch.touch.kind() && seat.key == CreditKey::of(touch)
    };
    let earlier = seats.iter().rev().find(same)?;
    let repeats = touch.at.microseconds_since(earlier.touch.at) < span;
    repeats.then_some(TouchVerdict::Duplicate { of: earlier.place })
}

/// Why a touch cannot earn, looked at alone; none if it can. Of several reasons the first in this
/// order is given.
fn inability(
    touch: &JourneyTouch,
    occurred_at: Timestamp,
    policy: &Policy,
    zone: &Zone,
) -> Option<TouchVerdict> {
    let kind = touch.touch.kind();
    if touch.at > occurred_at.plus_seconds(i64::from(policy.skew_seconds)) {
        return Some(TouchVerdict::AfterConversion);
    }
    match touch.promoter {
        None if policy.counts_channel(&touch.channel) => {}
        None if is_direct(touch) => return Some(TouchVerdict::Direct),
        None => return Some(TouchVerdict::NotAPartner),
        Some(promoter) if promoter.standing == Standing::NotActive => {
            return Some(TouchVerdict::PartnershipNotActive);
        }
        Some(_) => {}
    }
    if kind.follows_visitor() && touch.consent == Consent::Denied {
        return Some(TouchVerdict::ConsentDenied);
    }
    if touch.proof == Proof::Rejected {
        return Some(TouchVerdict::Rejected);
    }
    match policy.window(kind) {
        Window::Endless => None,
        Window::Unused => Some(TouchVerdict::NotUsedByPolicy),
        Window::Days(window_days) if within(touch.at, occurred_at, window_days, zone) => None,
        Window::Days(window_days) => {
            let age_days = age_days(touch.at, occurred_at, zone);
            Some(TouchVerdict::OutsideWindow { age_days, window_days })
        }
    }
}

impl Attribution {
    /// What each partnership earned, its touches together, in the order of partnerships.
    #[must_use]
    pub fn by_partnership(&self) -> BTreeMap<PartnershipId, (PartnerId, Share)> {
        let mut sums: BTreeMap<PartnershipId, (PartnerId, Share)> = BTreeMap::new();
        for credit in &self.credits {
            let sum = sums.entry(credit.partnership).or_insert((credit.partner, Share::ZERO));
            sum.1 = sum.1.checked_add(credit.share).expect("shares sum to at most the whole");
        }
        sums
    }
}
