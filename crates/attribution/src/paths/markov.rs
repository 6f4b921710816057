use super::chain::Chain;
use super::solve::solve;
use super::{ChannelResult, Paths, PathsError, results};

/// The highest order of a chain.
pub const MARKOV_ORDER_MAX: u8 = 3;
/// What a solved chain may miss its equations by, in any state.
pub const MARKOV_RESIDUAL_MAX: f64 = 1e-12;

/// The Markov report.
#[derive(Debug, Clone, PartialEq)]
pub struct Markov {
    /// The channels' parts, in their order.
    pub channels: Vec<ChannelResult>,
    /// Removal effect of each channel: by what fraction conversions fall without it.
    pub removal_effects: Vec<f64>,
    /// Probability that a journey converts, by the chain.
    pub conversion_probability: f64,
    /// States of the chain, the start included.
    pub states: usize,
    /// What the worst of the equations solved is missed by.
    pub residual: f64,
}

/// The share of each channel by its removal effect in a Markov chain of the given order.
///
/// Neighbouring equal channels are one touch. The states of order n are the last n channels, padded
/// with the start; `P(next | state)` is the relative frequency in the paths. `P` is the probability
/// of converting from the start, `P(-c)` the same when every state whose last channel is `c` leads
/// to null, the removal effect `1 - P(-c) / P`, and shares are the removal effects normalised.
/// Values are divided by the same shares.
///
/// # Errors
/// [`PathsError::Order`], and [`PathsError::Unsolved`] above [`MARKOV_RESIDUAL_MAX`].
pub fn markov(paths: &Paths, order: u8) -> Result<Markov, PathsError> {
    if !(1..=MARKOV_ORDER_MAX).contains(&order) {
        return Err(PathsError::Order);
    }
    let chain = Chain::new(paths, order);
    let whole = solve(&chain, None, &vec![0.0; chain.states()]);
    let converting = whole.probability[0];
    let mut residual = whole.residual;
    let mut removal_effects = Vec::with_capacity(paths.channels().len());
    for channel in (0u16..).take(paths.channels().len()) {
        let without = solve(&chain, Some(channel), &whole.probability);
        residual = residual.max(without.residual);
        // Rounding may leave a channel without effect a hair below zero.
        let effect = 1.0 - without.probability[0] / converting;
        removal_effects.push(if converting > 0.0 { effect.clamp(0.0, 1.0) } else { 0.0 });
    }
    if residual > MARKOV_RESIDUAL_MAX {
        return Err(PathsError::Unsolved);
    }
    let sum: f64 = removal_effects.iter().sum();
    let fraction = |effect: &f64| if sum > 0.0 { effect / sum } else { 0.0 };
    let fractions: Vec<f64> = removal_effects.iter().map(fraction).collect();
    Ok(Markov {
        channels: results(paths, &fractions),
        removal_effects,
        conversion_probability: converting,
        states: chain.states(),
        residual,
    })
}
