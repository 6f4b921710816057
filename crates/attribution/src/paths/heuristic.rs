use tributary_kernel::text_enum;
use tributary_money::Share;

use super::{ChannelResult, Path, Paths, float, shares_of};

text_enum! {
    /// Models that look at one path at a time. Repetitions count as touches.
    pub enum HeuristicModel {
        /// All of it to the first touch.
        First = "first",
        /// All of it to the last touch.
        Last = "last",
        /// Every touch of a path the same.
        Linear = "linear",
        /// Every distinct channel of a path the same.
        LinearDistinct = "linear_distinct",
        /// 40 to the first, 40 to the last, 20 shared by those between; of two touches each half.
        Position = "position",
        /// A touch counts half as much as the one after it.
        Decay = "decay",
    }
}

/// What one channel gathers.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    conversions: f64,
    value: f64,
}

/// Credits every path by itself and sums: `Σ conversions × weight`, and the same with values.
///
/// A channel's sum is rounded once per path that it is on, in the order of sorted paths.
#[must_use]
pub fn heuristic(paths: &Paths, model: HeuristicModel) -> Vec<ChannelResult> {
    let mut sums = vec![Sum::default(); paths.channels().len()];
    let mut scratch = Scratch::new(paths.channels().len());
    for path in paths.paths().iter().filter(|path| path.conversions > 0 || path.value != 0) {
        credit(path, model, &mut sums, &mut scratch);
    }
    let conversions: Vec<f64> = sums.iter().map(|sum| sum.conversions).collect();
    let shares: Vec<Share> = shares_of(&conversions);
    let each = paths.channels().iter().zip(&sums).zip(shares);
    each.map(|((channel, sum), share)| ChannelResult {
        channel: channel.clone(),
        conversions: sum.conversions,
        value: sum.value,
        share,
    })
    .collect()
}

/// Working memory for one path.
struct Scratch {
    /// Weight of each channel on the path at hand; nothing elsewhere.
    weights: Vec<f64>,
    /// The channels of the path at hand, in the order met.
    met: Vec<u16>,
    seen: Vec<bool>,
}

impl Scratch {
    fn new(channels: usize) -> Self {
        Self { weights: vec![0.0; channels], met: Vec::new(), seen: vec![false; channels] }
    }

    fn add(&mut self, channel: u16, weight: f64) {
        let index = usize::from(channel);
        if !self.seen[index] {
            self.seen[index] = true;
            self.met.push(channel);
        }
        self.weights[index] += weight;
    }
}

/// Weights are whole numbers (or halvings), so that one division per channel is the only rounding.
fn credit(path: &Path, model: HeuristicModel, sums: &mut [Sum], scratch: &mut Scratch) {
    let touches = &path.touches;
    let last = touches.len() - 1;
    match model {
        HeuristicModel::First => scratch.add(touches[0], 1.0),
        HeuristicModel::Last => scratch.add(touches[last], 1.0),
        HeuristicModel::Linear => touches.iter().for_each(|&touch| scratch.add(touch, 1.0)),
        HeuristicModel::LinearDistinct => {
            for &touch in touches {
                if !scratch.seen[usize::from(touch)] {
                    scratch.add(touch, 1.0);
                }
            }
        }
        HeuristicModel::Position => {
            for (place, &touch) in touches.iter().enumerate() {
                // Anchors times the number of inner touches, which share a fifth.
                let inner = float(u64::try_from(touches.len().saturating_sub(2)).unwrap_or(0));
                let anchor = if touches.len() < 3 { 1.0 } else { 2.0 * inner };
                let weight = if place == 0 || place == last { anchor } else { 1.0 };
                scratch.add(touch, weight);
            }
        }
        HeuristicModel::Decay => {
            let mut weight = 1.0;
            for &touch in touches.iter().rev() {
                scratch.add(touch, weight);
                weight *= 0.5;
            }
        }
    }
    let total: f64 = scratch.met.iter().map(|&it| scratch.weights[usize::from(it)]).sum();
    let (conversions, value) = (float(path.conversions), path.value as f64);
    for channel in scratch.met.drain(..) {
        let index = usize::from(channel);
        let weight = std::mem::take(&mut scratch.weights[index]);
        scratch.seen[index] = false;
        sums[index].conversions += conversions * weight / total;
        sums[index].value += value * weight / total;
    }
}
