use std::collections::BTreeMap;

use tributary_kernel::text_enum;

use super::{ChannelResult, Path, Paths, PathsError, float, results};

/// Most channels whose Shapley values are exact: two to this many coalitions are looked at.
pub const SHAPLEY_EXACT_CHANNELS_MAX: usize = 20;
/// Orders of channels drawn when the caller does not say.
pub const SHAPLEY_PERMUTATIONS_DEFAULT: u32 = 20_000;

text_enum! {
    /// What a coalition of channels is worth.
    pub enum Game {
        /// The conversions of journeys all of whose channels are in it.
        Set = "set",
        /// The conversion rate of journeys all of whose channels are in it; none without journeys.
        /// A channel can have a negative value here: its share is nothing then.
        Rate = "rate",
    }
}

/// How values are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Over all coalitions: at most [`SHAPLEY_EXACT_CHANNELS_MAX`] channels.
    Exact,
    /// As the mean over orders drawn from a seed: the same seed gives the same bits.
    Sampled {
        /// How many orders, at least two.
        permutations: u32,
        /// The seed.
        seed: u64,
    },
}

impl Method {
    /// Exact where that is possible, else sampled with the default number of orders and seed 0.
    #[must_use]
    pub fn for_channels(channels: usize) -> Self {
        if channels <= SHAPLEY_EXACT_CHANNELS_MAX {
            Self::Exact
        } else {
            Self::Sampled { permutations: SHAPLEY_PERMUTATIONS_DEFAULT, seed: 0 }
        }
    }
}

/// The Shapley report.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapley {
    /// The channels' parts, in their order: totals divided by the values, negative ones as nothing.
    pub channels: Vec<ChannelResult>,
    /// The Shapley values themselves: conversions in the set game, rates in the rate game. They sum
    /// to the worth of all channels together.
    pub values: Vec<f64>,
    /// Standard error of each value; none when they are exact.
    pub standard_errors: Option<Vec<f64>>,
}

/// Shapley values: a channel's mean contribution to the coalition of those before it, over all
/// orders in which the channels can come.
///
/// # Errors
/// [`PathsError::TooManyPlayers`] and [`PathsError::TooFewPermutations`].
pub fn shapley(paths: &Paths, game: Game, method: Method) -> Result<Shapley, PathsError> {
    let channels = paths.channels().len();
    let (values, standard_errors) = match method {
        Method::Exact if channels > SHAPLEY_EXACT_CHANNELS_MAX => {
            return Err(PathsError::TooManyPlayers);
        }
        Method::Exact => (exact(paths, game), None),
        Method::Sampled { permutations: 0 | 1, .. } => {
            return Err(PathsError::TooFewPermutations);
        }
        Method::Sampled { permutations, seed } => {
            let (values, errors) = sampled(paths, game, permutations, seed);
            (values, Some(errors))
        }
    };
    let sum: f64 = values.iter().map(|value| value.max(0.0)).sum();
    let fraction = |value: &f64| if sum > 0.0 { value.max(0.0) / sum } else { 0.0 };
    let fractions: Vec<f64> = values.iter().map(fraction).collect();
    Ok(Shapley { channels: results(paths, &fractions), values, standard_errors })
}

/// Journeys by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Journeys {
    conversions: u64,
    all: u64,
}

impl Journeys {
    const fn add(&mut self, other: Self) {
        self.conversions += other.conversions;
        self.all += other.all;
    }

    const fn of(path: &Path) -> Self {
        Self { conversions: path.conversions, all: path.conversions + path.nulls }
    }

    fn worth(self, game: Game) -> f64 {
        match game {
            Game::Set => float(self.conversions),
            Game::Rate if self.all == 0 => 0.0,
            Game::Rate => float(self.conversions) / float(self.all),
        }
    }
}

/// `φ(i) = Σ |S|! (n-|S|-1)! / n! · (v(S ∪ i) - v(S))` over coalitions without `i`. Sums over
/// subsets are made in place, one channel at a time, in whole numbers.
fn exact(paths: &Paths, game: Game) -> Vec<f64> {
    let n = paths.channels().len();
    let mut within = vec![Journeys::default(); 1 << n];
    for path in paths.paths() {
        let set = path.touches.iter().fold(0usize, |set, &touch| set | 1 << touch);
        within[set].add(Journeys::of(path));
    }
    for bit in (0..n).map(|channel| 1usize << channel) {
        for set in 0..within.len() {
            if set & bit != 0 {
                let smaller = within[set ^ bit];
                within[set].add(smaller);
            }
        }
    }
    let worth: Vec<f64> = within.into_iter().map(|journeys| journeys.worth(game)).collect();
    let weights = coalition_weights(n);
    let value = |channel: usize| {
        let bit = 1usize << channel;
        // By size first: the contributions of one size are whole numbers in the set game.
        let mut by_size = vec![0.0; n];
        for (set, &with) in worth.iter().enumerate().filter(|(set, _)| set & bit != 0) {
            let size = usize::try_from(set.count_ones() - 1).expect("at most 20 channels");
            by_size[size] += with - worth[set ^ bit];
        }
        by_size.iter().zip(&weights).map(|(sum, weight)| sum * weight).sum()
    };
    (0..n).map(value).collect()
}

/// `s! (n-s-1)! / n!` for s = 0 to n-1: one by n times the binomial of n-1 over s.
fn coalition_weights(n: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(n);
    let mut binomial = 1.0;
    let size = float(u64::try_from(n).unwrap_or(u64::MAX));
    for s in 0..n {
        weights.push(1.0 / (size * binomial));
        // Whole and small, so exact.
        let s = float(u64::try_from(s).unwrap_or(u64::MAX));
        binomial = binomial * (size - 1.0 - s) / (s + 1.0);
    }
    weights
}

/// The mean contribution over drawn orders, and its standard error. In one order, a set of channels
/// comes within the coalition with its last member, so an order costs one look at each distinct
/// set.
fn sampled(paths: &Paths, game: Game, permutations: u32, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let n = paths.channels().len();
    let mut sets: BTreeMap<Vec<u16>, Journeys> = BTreeMap::new();
    for path in paths.paths() {
        let mut set = path.touches.clone();
        set.sort_unstable();
        set.dedup();
        sets.entry(set).or_default().add(Journeys::of(path));
    }
    let mut draw = Draw(seed);
    let mut order: Vec<usize> = (0..n).collect();
    let mut place = vec![0usize; n];
    let (mut sums, mut squares) = (vec![0.0; n], vec![0.0; n]);
    for _ in 0..permutations {
        draw.shuffle(&mut order);
        for (at, &channel) in order.iter().enumerate() {
            place[channel] = at;
        }
        let mut complete = vec![Journeys::default(); n];
        for (set, journeys) in &sets {
            let last = set.iter().map(|&channel| place[usize::from(channel)]).max();
            complete[last.expect("a path has a touch")].add(*journeys);
        }
        let mut within = Journeys::default();
        let mut before = 0.0;
        for (&channel, journeys) in order.iter().zip(complete) {
            within.add(journeys);
            let worth = within.worth(game);
            let contribution = worth - before;
            before = worth;
            sums[channel] += contribution;
            squares[channel] += contribution * contribution;
        }
    }
    let drawn = f64::from(permutations);
    let values: Vec<f64> = sums.iter().map(|sum| sum / drawn).collect();
    let error = |(mean, square): (&f64, &f64)| {
        let variance = (square - drawn * mean * mean).max(0.0) / (drawn - 1.0);
        libm::sqrt(variance / drawn)
    };
    let errors = values.iter().zip(&squares).map(error).collect();
    (values, errors)
}

/// Chance from a seed: the SplitMix64 generator of Steele, Lea and Flood (2014).
struct Draw(u64);

impl Draw {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Every order with the same chance, but for 2^-52 of it.
    fn shuffle(&mut self, order: &mut [usize]) {
        for at in (1..order.len()).rev() {
            let below = u128::from(self.next()) * (at as u128 + 1);
            order.swap(at, usize::try_from(below >> 64).expect("below the length"));
        }
    }
}
