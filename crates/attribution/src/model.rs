use tributary_kernel::{FieldError, text_enum};
use tributary_money::Share;

use crate::WINDOW_DAYS_MAX;

text_enum! {
    /// How credit is given. The formula of each is in `docs/attribution.md`.
    pub enum Model {
        /// All of it to the last touch of a partner within the window; other channels are passed
        /// over, but for those that the policy lists.
        LastPartnerClick = "last_partner_click",
        /// All of it to the last touch of any channel, a direct visit included.
        LastClick = "last_click",
        /// All of it to the last touch of any channel but a direct visit.
        LastNonDirect = "last_non_direct",
        /// All of it to the first touch.
        FirstTouch = "first_touch",
        /// Every touch the same.
        LinearTouches = "linear_touches",
        /// Every partner (and channel) the same, however many touches it has.
        LinearDistinct = "linear_distinct",
        /// A touch counts half as much as one that is half a life younger.
        TimeDecay = "time_decay",
        /// Weight on the first and the last touch, the rest shared by those between: U-shaped.
        PositionU = "position_u",
        /// Weight on the first touch, the one that made the lead and the one that made the
        /// opportunity, the rest shared by the others: W-shaped.
        PositionW = "position_w",
        /// Another model over partners and channels, but the partners get a floor together.
        PartnerFirst = "partner_first",
        /// By a published table of weights, as a data-driven model found them.
        WeightsTable = "weights_table",
    }
}

impl Model {
    /// Those that decide by a policy alone; the other one needs a table of weights.
    pub const WITHOUT_TABLE: &'static [Self] = match Self::ALL.split_last() {
        Some((Self::WeightsTable, others)) => others,
        _ => panic!("it is declared last"),
    };

    /// Whether one touch takes everything.
    #[must_use]
    pub const fn is_winner_takes_all(self) -> bool {
        matches!(
            self,
            Self::LastPartnerClick | Self::LastClick | Self::LastNonDirect | Self::FirstTouch
        )
    }
}

text_enum! {
    /// The model under [`Model::PartnerFirst`].
    pub enum Base {
        /// [`Model::LinearTouches`].
        LinearTouches = "linear_touches",
        /// [`Model::LinearDistinct`].
        LinearDistinct = "linear_distinct",
        /// [`Model::TimeDecay`].
        TimeDecay = "time_decay",
        /// [`Model::PositionU`].
        PositionU = "position_u",
        /// [`Model::LastClick`], without direct visits.
        LastTouch = "last_touch",
    }
}

/// Weights of the U. Parts, not percent: only their proportions matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UWeights {
    /// Of the first touch.
    pub first: u32,
    /// Of the last touch.
    pub last: u32,
    /// Of all touches between, together.
    pub inner: u32,
}

/// Weights of the W. Parts, not percent: only their proportions matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WWeights {
    /// Of the first touch.
    pub first: u32,
    /// Of the last touch at or before the lead was made.
    pub lead: u32,
    /// Of the last touch at or before the opportunity was made.
    pub opportunity: u32,
    /// Of all others, together.
    pub others: u32,
}

/// What a model can be set to; each model reads its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSettings {
    /// Days in which a touch loses half its weight ([`Model::TimeDecay`]).
    pub half_life_days: u16,
    /// [`Model::PositionU`].
    pub u: UWeights,
    /// [`Model::PositionW`].
    pub w: WWeights,
    /// What all partners together get at least ([`Model::PartnerFirst`]).
    pub partner_floor: Share,
    /// How [`Model::PartnerFirst`] divides before the floor.
    pub partner_first_base: Base,
}

/// Days in which a touch loses half its weight, for a program that does not say.
const HALF_LIFE_DAYS_DEFAULT: u16 = 7;
/// The largest weight: any proportion a person can mean, and no product overflows.
const WEIGHT_MAX: u32 = 1_000_000;
/// Half.
const FLOOR_DEFAULT: u32 = Share::PARTS / 2;

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            half_life_days: HALF_LIFE_DAYS_DEFAULT,
            u: UWeights { first: 40, last: 40, inner: 20 },
            w: WWeights { first: 30, lead: 30, opportunity: 30, others: 10 },
            partner_floor: Share::new(FLOOR_DEFAULT).expect("half is at most the whole"),
            partner_first_base: Base::LinearTouches,
        }
    }
}

impl ModelSettings {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with the settings.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !(1..=WINDOW_DAYS_MAX).contains(&self.half_life_days) {
            let detail = format!("A half-life is 1 to {WINDOW_DAYS_MAX} days.");
            errors.push(FieldError::new("/half_life_days", "out_of_range", detail));
        }
        let u = [self.u.first, self.u.last, self.u.inner];
        let w = [self.w.first, self.w.lead, self.w.opportunity, self.w.others];
        for (pointer, weights) in [("/u", &u[..]), ("/w", &w[..])] {
            if weights.iter().all(|&weight| weight == 0) {
                let detail = "Not all weights can be zero.";
                errors.push(FieldError::new(pointer, "all_zero", detail));
            }
            if weights.iter().any(|&weight| weight > WEIGHT_MAX) {
                let detail = format!("A weight is at most {WEIGHT_MAX}.");
                errors.push(FieldError::new(pointer, "out_of_range", detail));
            }
        }
        errors
    }
}
