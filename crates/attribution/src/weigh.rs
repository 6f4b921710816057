//! What each model gives to the touches that take part. Pure arithmetic on places: who may take
//! part was decided before.

use tributary_kernel::Timestamp;
use tributary_money::{Share, allocate, allocate_by_key};

use crate::{
    Base, CreditKey, Journey, JourneyTouch, Milestones, Model, ModelSettings, Policy, TouchRef,
};

const DAY_MICROSECONDS: f64 = 86_400.0 * 1_000_000.0;
/// Two to this is one whole weight of a decaying touch: what is below 2^-62 of the youngest
/// touch's weight counts as nothing.
const DECAY_BITS: i32 = 62;

/// A touch that takes part, with its place in the journey.
#[derive(Debug, Clone)]
pub(crate) struct Seat<'a> {
    pub(crate) place: u16,
    pub(crate) touch: &'a JourneyTouch,
    /// When it counts as having happened: not after the conversion.
    pub(crate) at: Timestamp,
    pub(crate) key: CreditKey,
}

impl Seat<'_> {
    const fn is_partners(&self) -> bool {
        self.touch.promoter.is_some()
    }

    /// Ties go to the lower touch; a code used at two moments is two touches.
    const fn tie(&self) -> (TouchRef, Timestamp) {
        (self.touch.touch, self.touch.at)
    }
}

/// The share of each seat, in their order: they sum to one, or all are nothing (a table that gives
/// nobody a weight). `seats` is in the order of the journey.
pub(crate) fn shares(seats: &[Seat<'_>], policy: &Policy, journey: &Journey) -> Vec<Share> {
    let settings = &policy.settings;
    match policy.model {
        _ if seats.is_empty() => Vec::new(),
        Model::LastPartnerClick | Model::LastClick | Model::LastNonDirect => {
            one(seats, seats.len() - 1)
        }
        Model::FirstTouch => one(seats, 0),
        Model::LinearTouches => by_weight(seats, &vec![1; seats.len()]),
        Model::LinearDistinct => by_key(seats, |_| 1),
        Model::TimeDecay => by_weight(seats, &decay(seats, settings.half_life_days)),
        Model::PositionU => by_weight(seats, &u_shape(seats.len(), settings)),
        Model::PositionW => by_weight(seats, &w_shape(seats, settings, journey.milestones())),
        Model::PartnerFirst => partner_first(seats, settings),
        Model::WeightsTable => {
            by_key(seats, |key| policy.table.as_ref().map_or(0, |table| table.weight(key)))
        }
    }
}

fn one(seats: &[Seat<'_>], winner: usize) -> Vec<Share> {
    let mut shares = vec![Share::ZERO; seats.len()];
    shares[winner] = Share::ONE;
    shares
}

fn by_weight(seats: &[Seat<'_>], weights: &[u64]) -> Vec<Share> {
    let weighted: Vec<_> = seats.iter().map(Seat::tie).zip(weights.iter().copied()).collect();
    allocate_by_key(i64::from(Share::PARTS), &weighted).into_iter().map(share).collect()
}

/// First between partners and channels, then between the touches of each.
fn by_key(seats: &[Seat<'_>], weight: impl Fn(&CreditKey) -> u64) -> Vec<Share> {
    let mut order: Vec<usize> = (0..seats.len()).collect();
    order.sort_unstable_by(|&a, &b| {
        (&seats[a].key, seats[a].tie()).cmp(&(&seats[b].key, seats[b].tie()))
    });
    let of_key: Vec<&[usize]> = order.chunk_by(|&a, &b| seats[a].key == seats[b].key).collect();
    let weights: Vec<u64> = of_key.iter().map(|own| weight(&seats[own[0]].key)).collect();
    let mut shares = vec![Share::ZERO; seats.len()];
    if weights.iter().all(|&weight| weight == 0) {
        return shares;
    }
    let parts = allocate(i64::from(Share::PARTS), &weights);
    for (own, part) in of_key.into_iter().zip(parts) {
        if let [only] = *own {
            shares[only] = share(part);
            continue;
        }
        // In the order of ties already.
        for (&index, part) in own.iter().zip(allocate(part, &vec![1; own.len()])) {
            shares[index] = share(part);
        }
    }
    shares
}

fn share(parts: i64) -> Share {
    let parts = u32::try_from(parts).expect("a part is between nothing and the whole");
    Share::new(parts).expect("a part is at most the whole")
}

/// `2^(-age / half-life)` with ages counted from the youngest touch, so that nothing but distances
/// between touches matters and some weight is always whole.
fn decay(seats: &[Seat<'_>], half_life_days: u16) -> Vec<u64> {
    let youngest = seats.iter().map(|seat| seat.at).max().unwrap_or_default();
    let half_life = f64::from(half_life_days.max(1)) * DAY_MICROSECONDS;
    let weight = |seat: &Seat<'_>| {
        let age = youngest.microseconds_since(seat.at);
        let halvings = age as f64 / half_life;
        let scaled = libm::ldexp(libm::exp2(-halvings), DECAY_BITS);
        scaled as u64 // 0 to 2^62
    };
    seats.iter().map(weight).collect()
}

fn u_shape(touches: usize, settings: &ModelSettings) -> Vec<u64> {
    let [first, last, inner] = [settings.u.first, settings.u.last, settings.u.inner].map(u64::from);
    match touches {
        0 => Vec::new(),
        1 => vec![1],
        2 => vec![first, last],
        _ => {
            let between = touches - 2;
            let times = u64::try_from(between).unwrap_or(u64::MAX);
            let mut weights = vec![inner; touches];
            weights[0] = first.saturating_mul(times);
            weights[touches - 1] = last.saturating_mul(times);
            weights
        }
    }
}

fn w_shape(seats: &[Seat<'_>], settings: &ModelSettings, milestones: Milestones) -> Vec<u64> {
    let anchors = [
        (Some(0), settings.w.first),
        (last_by(seats, milestones.lead_at), settings.w.lead),
        (last_by(seats, milestones.opportunity_at), settings.w.opportunity),
    ];
    let mut weights = vec![0; seats.len()];
    let mut is_anchor = vec![false; seats.len()];
    for (place, _) in anchors {
        if let Some(place) = place {
            is_anchor[place] = true;
        }
    }
    let others = is_anchor.iter().filter(|anchor| !**anchor).count();
    // What the others share is divided among them; instead, the anchors are multiplied by them.
    let times = u64::try_from(others.max(1)).unwrap_or(u64::MAX);
    for (place, weight) in anchors {
        if let Some(place) = place {
            weights[place] = u64::saturating_add(weights[place], u64::from(weight) * times);
        }
    }
    for (weight, _) in weights.iter_mut().zip(&is_anchor).filter(|(_, anchor)| !**anchor) {
        *weight = u64::from(settings.w.others);
    }
    weights
}

/// The last touch at or before a moment.
pub(crate) fn last_by(seats: &[Seat<'_>], moment: Option<Timestamp>) -> Option<usize> {
    let moment = moment?;
    seats.iter().rposition(|seat| seat.at <= moment)
}

/// The base model's shares; if the partners together have less than the floor, they are lifted to
/// it and the channels share the rest, both in the base's proportions. Partners whom the base gave
/// nothing get the floor through their last touch.
fn partner_first(seats: &[Seat<'_>], settings: &ModelSettings) -> Vec<Share> {
    let base = match settings.partner_first_base {
        Base::LinearTouches => by_weight(seats, &vec![1; seats.len()]),
        Base::LinearDistinct => by_key(seats, |_| 1),
        Base::TimeDecay => by_weight(seats, &decay(seats, settings.half_life_days)),
        Base::PositionU => by_weight(seats, &u_shape(seats.len(), settings)),
        Base::LastTouch => one(seats, seats.len() - 1),
    };
    let partners: u32 =
        seats.iter().zip(&base).filter(|(seat, _)| seat.is_partners()).map(|(_, s)| s.get()).sum();
    let floor = settings.partner_floor.get();
    let Some(last_partner) = seats.iter().rposition(Seat::is_partners) else { return base };
    if partners >= floor {
        return base;
    }
    let mut weights: Vec<u64> = base.iter().map(|share| u64::from(share.get())).collect();
    if partners == 0 {
        weights[last_partner] = 1;
    }
    let mut shares = vec![Share::ZERO; seats.len()];
    for (whose, total) in [(true, floor), (false, Share::PARTS - floor)] {
        let indices: Vec<usize> =
            (0..seats.len()).filter(|&index| seats[index].is_partners() == whose).collect();
        let own: Vec<_> =
            indices.iter().map(|&index| (seats[index].tie(), weights[index])).collect();
        for (&index, part) in indices.iter().zip(allocate_by_key(i64::from(total), &own)) {
            shares[index] = share(part);
        }
    }
    shares
}
