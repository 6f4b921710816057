//! Reports over aggregated paths: how often each way through the channels ended in conversions,
//! and what each channel's share of them is by one formula or another.
//!
//! Every report gives the same bits whatever the order of the rows and however many threads the
//! caller has: rows are aggregated in whole numbers and sorted first, and floating point runs in
//! one fixed order, with transcendental functions by `libm`.

mod chain;
mod heuristic;
mod intern;
mod markov;
mod shapley;
mod solve;

use std::collections::BTreeMap;

use tributary_kernel::{FieldError, LocalDate, Refusal};
use tributary_money::Share;

pub use heuristic::{HeuristicModel, heuristic};
pub use markov::{MARKOV_ORDER_MAX, MARKOV_RESIDUAL_MAX, Markov, markov};
pub use shapley::{
    Game, Method, SHAPLEY_EXACT_CHANNELS_MAX, SHAPLEY_PERMUTATIONS_DEFAULT, Shapley, shapley,
};

use crate::{CreditKey, Fitted, WeightsDraft};

/// Touches of one path, all repetitions counted.
pub const PATH_TOUCHES_MAX: usize = 10_000;
/// Channels of one set of paths.
pub const PATH_CHANNELS_MAX: usize = 4_096;

/// One way through the channels, and how often it was gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRow<T = String> {
    /// The channels, first to last. Empty: nothing is known of the way.
    pub path: Vec<T>,
    /// How many of these journeys ended in a conversion.
    pub conversions: u64,
    /// What those were worth together, in the smallest unit of the caller's choice.
    pub value: i64,
    /// How many did not.
    pub nulls: u64,
}

/// Why there is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathsError {
    /// A path of more than [`PATH_TOUCHES_MAX`] touches. `row` counts from 0.
    #[error("row {row}: a path has at most {PATH_TOUCHES_MAX} touches")]
    PathTooLong {
        /// Which.
        row: usize,
    },
    /// A channel without a name. `row` counts from 0.
    #[error("row {row}: a channel has no name")]
    EmptyChannel {
        /// Which.
        row: usize,
    },
    /// More than [`PATH_CHANNELS_MAX`] channels.
    #[error("there are more than {PATH_CHANNELS_MAX} channels")]
    TooManyChannels,
    /// The counts add up to more than 64 bits hold.
    #[error("the counts or values add up to more than fits")]
    Overflow,
    /// A Markov order outside 1 to [`MARKOV_ORDER_MAX`].
    #[error("the order of a Markov chain is 1 to {MARKOV_ORDER_MAX}")]
    Order,
    /// The equations have no answer to the residual promised: the paths are absurd.
    #[error("the chain could not be solved to the residual promised")]
    Unsolved,
    /// Exact Shapley values of more than [`SHAPLEY_EXACT_CHANNELS_MAX`] channels.
    #[error(
        "exact Shapley values are for at most {SHAPLEY_EXACT_CHANNELS_MAX} channels; sample them"
    )]
    TooManyPlayers,
    /// Sampling without permutations.
    #[error("sampling needs at least two permutations")]
    TooFewPermutations,
}

/// An aggregated path: indices into the channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) touches: Vec<u16>,
    pub(crate) conversions: u64,
    pub(crate) value: i64,
    pub(crate) nulls: u64,
}

/// Aggregated paths, in one fixed order whatever order they came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Sorted.
    channels: Vec<String>,
    /// Distinct, not empty, sorted by their touches.
    paths: Vec<Path>,
    /// The sum of all rows without a touch.
    untouched: Totals,
    totals: Totals,
}

/// Sums over paths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Journeys with a conversion.
    pub conversions: u64,
    /// What they were worth.
    pub value: i64,
    /// Journeys without one.
    pub nulls: u64,
}

impl Totals {
    fn plus(self, conversions: u64, value: i64, nulls: u64) -> Option<Self> {
        let it = Self {
            conversions: self.conversions.checked_add(conversions)?,
            value: self.value.checked_add(value)?,
            nulls: self.nulls.checked_add(nulls)?,
        };
        it.conversions.checked_add(it.nulls)?;
        Some(it)
    }
}

impl Paths {
    /// Aggregates rows: equal paths become one. Names are compared as they are.
    ///
    /// # Errors
    /// [`PathsError`] for a limit passed, a nameless channel, or sums that do not fit.
    pub fn new<T: AsRef<str>>(
        rows: impl IntoIterator<Item = PathRow<T>>,
    ) -> Result<Self, PathsError> {
        let mut names = intern::Names::default();
        let mut paths = Vec::new();
        let (mut totals, mut untouched) = (Totals::default(), Totals::default());
        // While all values together fit without their signs, so does every sum of some of them.
        let mut magnitude = 0u64;
        for (index, row) in rows.into_iter().enumerate() {
            let PathRow { path, conversions, value, nulls } = row;
            if path.len() > PATH_TOUCHES_MAX {
                return Err(PathsError::PathTooLong { row: index });
            }
            magnitude = magnitude
                .checked_add(value.unsigned_abs())
                .filter(|sum| i64::try_from(*sum).is_ok())
                .ok_or(PathsError::Overflow)?;
            if path.is_empty() {
                untouched =
                    untouched.plus(conversions, value, nulls).ok_or(PathsError::Overflow)?;
                continue;
            }
            totals = totals.plus(conversions, value, nulls).ok_or(PathsError::Overflow)?;
            let mut touches = Vec::with_capacity(path.len());
            for channel in &path {
                if channel.as_ref().is_empty() {
                    return Err(PathsError::EmptyChannel { row: index });
                }
                touches.push(names.number(channel.as_ref())?);
            }
            paths.push(Path { touches, conversions, value, nulls });
        }
        let (channels, renumbered) = names.sorted();
        for path in &mut paths {
            for touch in &mut path.touches {
                *touch = renumbered[usize::from(*touch)];
            }
        }
        paths.sort_unstable_by(|a, b| a.touches.cmp(&b.touches));
        // Sums of whole numbers: the order of equal paths does not show.
        paths.dedup_by(|later, kept| {
            let same = later.touches == kept.touches;
            if same {
                kept.conversions += later.conversions;
                kept.value += later.value;
                kept.nulls += later.nulls;
            }
            same
        });
        Ok(Self { channels, paths, untouched, totals })
    }

    /// The channels, sorted.
    #[must_use]
    pub fn channels(&self) -> &[String] {
        &self.channels
    }

    /// How many different paths there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether no path has a touch.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Sums over the paths that have touches: what reports divide.
    #[must_use]
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// Sums over the rows without a touch: nobody is credited with these.
    #[must_use]
    pub const fn untouched(&self) -> Totals {
        self.untouched
    }

    pub(crate) fn paths(&self) -> &[Path] {
        &self.paths
    }
}

/// One channel's part in a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelResult {
    /// The channel.
    pub channel: String,
    /// Conversions credited to it.
    pub conversions: f64,
    /// Value credited to it, in the unit of the rows.
    pub value: f64,
    /// Its share of the conversions: the shares of a report sum to one, or are all nothing where
    /// nothing was converted.
    pub share: Share,
}

/// The shares of channels, by largest remainder, ties to the lower channel. `weights` that are
/// negative or not a number count as nothing; without a positive one all shares are nothing.
pub(crate) fn shares_of(weights: &[f64]) -> Vec<Share> {
    /// Weights become parts of 2^62 of the largest: exact but for what is below that.
    const BITS: i32 = 62;
    let largest = weights.iter().copied().fold(0.0, f64::max);
    // Also for an infinite weight, which no sum of counts gives.
    if !(largest > 0.0 && largest.is_finite()) {
        return vec![Share::ZERO; weights.len()];
    }
    let scaled = |weight: &f64| libm::ldexp((weight / largest).max(0.0), BITS) as u64;
    let weights: Vec<u64> = weights.iter().map(scaled).collect();
    tributary_money::shares_from_weights(&weights)
}

/// A count as a float: exact up to 2^53, and the nearest beyond.
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// Divides totals by weights that sum to one.
pub(crate) fn results(paths: &Paths, fractions: &[f64]) -> Vec<ChannelResult> {
    let totals = paths.totals();
    let shares = shares_of(fractions);
    let each = paths.channels().iter().zip(fractions).zip(shares);
    each.map(|((channel, fraction), share)| ChannelResult {
        channel: channel.clone(),
        conversions: float(totals.conversions) * fraction,
        value: totals.value as f64 * fraction,
        share,
    })
    .collect()
}

/// A table of weights from a report, for a person to approve. Channels are the ids of partnerships
/// or names of channels.
///
/// # Errors
/// A refusal names the channels that are neither.
pub fn draft(
    results: &[ChannelResult],
    fitted_by: Fitted,
    period: (LocalDate, LocalDate),
    version: u32,
) -> Result<WeightsDraft, Refusal> {
    let mut weights = BTreeMap::new();
    let mut errors = Vec::new();
    for result in results {
        match result.channel.parse::<CreditKey>() {
            Ok(key) => drop(weights.insert(key, u64::from(result.share.get()))),
            Err(error) => {
                let pointer = format!("/weights/{}", result.channel);
                errors.push(FieldError::new(pointer, "unknown_key", error.to_string()));
            }
        }
    }
    if errors.is_empty() {
        let (from, to) = period;
        Ok(WeightsDraft { fitted_by, from, to, version, weights, unlisted: 0 })
    } else {
        Err(Refusal::invalid(errors))
    }
}
