//! Chance, in whole numbers: the same seed gives the same year on every machine.

use tributary_kernel::{Entropy, SeededEntropy};

const BUFFER_BYTES: usize = 1_024;
/// Parts of a whole that chances are given in.
pub(crate) const PPM: u64 = 1_000_000;

/// A stream of chance.
#[derive(Debug)]
pub(crate) struct Dice {
    source: SeededEntropy,
    buffer: [u8; BUFFER_BYTES],
    used: usize,
}

impl Dice {
    /// The stream of that number of a seed. Parts of the world have streams of their own, so that
    /// a change in one leaves the others as they were.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        // The odd constant of Fibonacci hashing: neighbouring streams get unrelated seeds.
        let seed = seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { source: SeededEntropy::new(seed), buffer: [0; BUFFER_BYTES], used: BUFFER_BYTES }
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > BUFFER_BYTES {
            self.source.fill(&mut self.buffer);
            self.used = 0;
        }
        let bytes = std::array::from_fn(|index| self.buffer[self.used + index]);
        self.used += N;
        bytes
    }

    /// 0 to `n - 1`; 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let bits = u64::from_be_bytes(self.bytes());
        // The high half of the product: even to within n / 2^64.
        u64::try_from((u128::from(bits) * u128::from(n)) >> 64).unwrap_or(0)
    }

    /// `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = to.saturating_sub(from).max(0).unsigned_abs() + 1;
        from + self.below(width).cast_signed()
    }

    /// True this many times in a million.
    pub(crate) fn chance(&mut self, ppm: u64) -> bool {
        self.below(PPM) < ppm
    }

    /// A whole number whose mean is `ppm` millionths.
    pub(crate) fn count(&mut self, ppm: u64) -> u64 {
        ppm / PPM + u64::from(self.chance(ppm % PPM))
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let place = self.below(items.len() as u64);
        &items[usize::try_from(place).expect("below a usize")]
    }

    /// A place, as often as its weight says; none if there is no weight.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> Option<usize> {
        let mut left = self.below(weights.iter().sum());
        weights.iter().position(|weight| {
            if left < *weight {
                return true;
            }
            left -= weight;
            false
        })
    }

    /// A value of a distribution given by its quantiles, at equal distances from the least to the
    /// most.
    pub(crate) fn along(&mut self, quantiles: &[i64]) -> i64 {
        let steps = quantiles.len().saturating_sub(1) as u64;
        let at = self.below(steps * 1_000);
        let place = usize::try_from(at / 1_000).expect("below a usize");
        let (from, to) = (quantiles[place], quantiles[place + 1]);
        from + (to - from) * (at % 1_000).cast_signed() / 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_streams_differ() {
        let draw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..50).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn means_are_as_told() {
        let mut dice = Dice::new(7, 0);
        let hits = (0..100_000).filter(|_| dice.chance(250_000)).count();
        assert!((24_300..25_700).contains(&hits), "{hits}");
        let sum: u64 = (0..10_000).map(|_| dice.count(2_300_000)).sum();
        assert!((22_700..23_300).contains(&sum), "{sum}");
        let weights = [0, 1, 3];
        let thirds = (0..10_000).filter(|_| dice.weighted(&weights) == Some(2)).count();
        assert!((7_200..7_800).contains(&thirds), "{thirds}");
        assert_eq!(dice.weighted(&[0, 0]), None);
        let values: Vec<i64> = (0..10_000).map(|_| dice.along(&[0, 10, 1_000])).collect();
        let low = values.iter().filter(|value| **value <= 10).count();
        assert!((4_700..5_300).contains(&low), "{low}");
        assert!(values.iter().all(|value| (0..=1_000).contains(value)));
    }
}
