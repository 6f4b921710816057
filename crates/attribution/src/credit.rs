use tributary_kernel::{PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::Share;

use crate::{
    Consent, Journey, JourneyTouch, Model, Policy, Promoter, Proof, Standing, TouchKind,
    TouchVerdict,
};

const DAY_MICROSECONDS: i64 = 86_400 * 1_000_000;
/// No calendar day is more than this longer or shorter than 24 hours, summed over any span: clock
/// changes cancel out within a year, and a zone that changed its offset moved it by less than this.
const CALENDAR_SLACK_MICROSECONDS: i64 = 2 * DAY_MICROSECONDS;

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

/// Who earned, and what became of each touch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The model that was used.
    pub model: Model,
    /// The credits, in the order of their touches; their shares sum to one, or there are none.
    pub credits: Vec<Credit>,
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
/// wall-clock time `window_days` days later, that moment included. The formula of the last partner
/// click: of the touches that can earn, the one of highest rank (see [`Policy`]), of these the
/// last, of simultaneous ones that with the higher id.
#[must_use]
pub fn credit(
    journey: &Journey,
    occurred_at: Timestamp,
    policy: &Policy,
    zone: &Zone,
) -> Attribution {
    let Model::LastPartnerClick = policy.model;
    let touches = journey.touches();
    let able: Vec<_> =
        touches.iter().map(|touch| ability(touch, occurred_at, policy, zone)).collect();
    let competing = (0u16..).zip(touches.iter().zip(&able)).filter_map(|(place, (touch, able))| {
        able.as_ref().ok().map(|promoter| (place, touch, *promoter))
    });
    // Touches come in order, and of equal ranks `max_by_key` takes the last.
    let best = competing.max_by_key(|(_, touch, _)| policy.rank(touch.touch.kind()));
    let verdicts =
        touches.iter().zip(able).enumerate().map(|(place, (touch, able))| match (able, best) {
            (Err(verdict), _) => verdict,
            (Ok(_), Some((winner, winning, _))) if usize::from(winner) == place => won(winning),
            (Ok(_), Some((winner, winning, _))) => lost(touch, winner, winning),
            (Ok(_), None) => unreachable!("a touch that can earn competes"),
        });
    let held = best.filter(|(_, touch, _)| touch.proof == Proof::Unrecorded);
    let earned = if held.is_some() { None } else { best };
    Attribution {
        model: policy.model,
        verdicts: verdicts.collect(),
        held: held.map(|(place, ..)| place),
        credits: earned
            .map(|(touch, _, Promoter { partnership, partner, .. })| Credit {
                partnership,
                partner,
                touch,
                share: Share::ONE,
            })
            .into_iter()
            .collect(),
    }
}

fn won(winning: &JourneyTouch) -> TouchVerdict {
    match winning.proof {
        Proof::Unrecorded => TouchVerdict::UnrecordedHeld,
        _ => TouchVerdict::Credited { share: Share::ONE },
    }
}

fn lost(touch: &JourneyTouch, winner: u16, winning: &JourneyTouch) -> TouchVerdict {
    match winning.touch.kind() {
        kind if kind == touch.touch.kind() => TouchVerdict::LaterTouchWon { winner },
        TouchKind::Click => TouchVerdict::ClickWon { winner },
        TouchKind::Coupon => TouchVerdict::CouponWon { winner },
        TouchKind::Assignment => TouchVerdict::AssignmentWon { winner },
    }
}

/// Whether a touch can earn, looked at alone: its promoter, or why not. Of several reasons the
/// first in this order is given.
fn ability(
    touch: &JourneyTouch,
    occurred_at: Timestamp,
    policy: &Policy,
    zone: &Zone,
) -> Result<Promoter, TouchVerdict> {
    let kind = touch.touch.kind();
    if touch.at > occurred_at {
        return Err(TouchVerdict::AfterConversion);
    }
    let Some(promoter) = touch.promoter else {
        return Err(TouchVerdict::NotAPartner);
    };
    if promoter.standing == Standing::NotActive {
        return Err(TouchVerdict::PartnershipNotActive);
    }
    // A code or an assignment follows nobody: only a click is bound to the visitor's consent.
    if kind == TouchKind::Click && touch.consent == Consent::Denied {
        return Err(TouchVerdict::ConsentDenied);
    }
    if touch.proof == Proof::Rejected {
        return Err(TouchVerdict::Rejected);
    }
    if kind == TouchKind::Assignment && !policy.customer_stays {
        return Err(TouchVerdict::NotUsedByPolicy);
    }
    match policy.window_days(kind) {
        Some(window_days) if !within(touch.at, occurred_at, window_days, zone) => {
            let age_days = age_days(touch.at, occurred_at, zone);
            Err(TouchVerdict::OutsideWindow { age_days, window_days })
        }
        _ => Ok(promoter),
    }
}

fn within(at: Timestamp, occurred_at: Timestamp, window_days: u16, zone: &Zone) -> bool {
    let elapsed = occurred_at.microseconds_since(at);
    let window = i64::from(window_days) * DAY_MICROSECONDS;
    // The calendar is asked only near the edge.
    if elapsed <= window - CALENDAR_SLACK_MICROSECONDS {
        return true;
    }
    if elapsed > window + CALENDAR_SLACK_MICROSECONDS {
        return false;
    }
    occurred_at <= zone.plus_days(at, i32::from(window_days))
}

/// Days of the calendar from `at` to `occurred_at`, a begun one counted.
fn age_days(at: Timestamp, occurred_at: Timestamp, zone: &Zone) -> u32 {
    let elapsed = occurred_at.microseconds_since(at);
    let about = (elapsed.saturating_sub(CALENDAR_SLACK_MICROSECONDS) / DAY_MICROSECONDS).max(0);
    let mut days = i32::try_from(about).unwrap_or(i32::MAX - 8);
    while days < i32::MAX - 1 && zone.plus_days(at, days) < occurred_at {
        days += 1;
    }
    days.unsigned_abs()
}
