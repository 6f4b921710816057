use tributary_kernel::Timestamp;
use tributary_kernel::limits::JOURNEY_TOUCHES_MAX;

use crate::{JourneyTouch, TouchKind, TouchRef};

/// When the customer came so far; what has not happened is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestones {
    /// When the lead was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_at: Option<Timestamp>,
    /// When the opportunity was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity_at: Option<Timestamp>,
}

impl Milestones {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The touches before a conversion, as they are copied into the decision.
///
/// Invariants: in order of time, then touch; no click twice; at most
/// [`JOURNEY_TOUCHES_MAX`] touches, the oldest left out and counted (an assignment is the last to be:
/// it may be years old and still decide).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Stored")]
pub struct Journey {
    touches: Vec<JourneyTouch>,
    #[serde(skip_serializing_if = "is_zero")]
    left_out: u32,
    #[serde(skip_serializing_if = "Milestones::is_empty")]
    milestones: Milestones,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What is read back; it passes through the same ordering as fresh touches do.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    touches: Vec<JourneyTouch>,
    #[serde(default)]
    left_out: u32,
    #[serde(default)]
    milestones: Milestones,
}

impl From<Stored> for Journey {
    fn from(stored: Stored) -> Self {
        let mut journey = Self::new(stored.touches);
        journey.milestones = stored.milestones;
        journey.left_out = journey.left_out.saturating_add(stored.left_out);
        journey
    }
}

impl Journey {
    /// Puts touches in order, drops repeated ones and leaves out the oldest beyond the limit.
    ///
    /// A click that is there twice (by cookie and by parameter, say) is kept once, in the form with
    /// the better proof. A code used at two moments is two touches.
    #[must_use]
    pub fn new(mut touches: Vec<JourneyTouch>) -> Self {
        touches.sort_unstable_by(|a, b| {
            (a.touch, a.proof, a.at).cmp(&(b.touch, b.proof, b.at)).then_with(|| a.cmp(b))
        });
        touches.dedup_by(|later, kept| {
            later.touch == kept.touch
                && (matches!(later.touch, TouchRef::Click(_)) || later.at == kept.at)
        });
        touches.sort_unstable();
        let excess = touches.len().saturating_sub(JOURNEY_TOUCHES_MAX);
        let mut left_out = 0;
        if excess > 0 {
            touches.retain(|touch| {
                let keep = left_out == excess || touch.touch.kind() == TouchKind::Assignment;
                left_out += usize::from(!keep);
                keep
            });
            // No customer belonged to so many; whoever says so is heard for the latest.
            let absurd = touches.len().saturating_sub(JOURNEY_TOUCHES_MAX);
            left_out += touches.drain(..absurd).len();
        }
        Self { touches, left_out: u32::try_from(left_out).unwrap_or(u32::MAX), ..Self::default() }
    }

    /// The same touches, with what the customer came to be meanwhile.
    #[must_use]
    pub const fn with_milestones(mut self, milestones: Milestones) -> Self {
        self.milestones = milestones;
        self
    }

    /// When lead and opportunity were made.
    #[must_use]
    pub const fn milestones(&self) -> Milestones {
        self.milestones
    }

    /// The touches, oldest first.
    #[must_use]
    pub fn touches(&self) -> &[JourneyTouch] {
        &self.touches
    }

    /// How many older touches were left out.
    #[must_use]
    pub const fn left_out(&self) -> u32 {
        self.left_out
    }
}
