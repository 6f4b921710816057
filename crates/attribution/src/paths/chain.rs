//! The chain behind the Markov report: states are the last channels of a path.

use std::collections::HashMap;

use super::{Paths, float};

/// A state: the last channels, oldest first, shifted together; a place before the first touch is
/// zero, channel `c` is `c + 1`. Sixteen bits hold a place, so three orders fit.
type Key = u64;
const BITS_PER_PLACE: u32 = 16;

/// The absorbing chain of a set of paths. Conversion and null are no states of their own: a state
/// knows with what probability it converts next, and the rest of its row leads on or to null.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// Where each state's row begins in `edges`; one more at the end.
    rows: Vec<usize>,
    /// Target state and probability, by row, targets ascending.
    edges: Vec<(u32, f64)>,
    /// Probability that the next thing after a state is a conversion.
    converts: Vec<f64>,
    /// The last channel of each state; none for the start, which is state 0.
    last: Vec<Option<u16>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Ends {
    conversions: u64,
    all: u64,
}

impl Chain {
    /// Counts transitions in whole numbers, then divides each by the count of its state.
    /// Neighbouring equal channels are one touch. Order is 1 to 3.
    pub(crate) fn new(paths: &Paths, order: u8) -> Self {
        let mask = (1u64 << (BITS_PER_PLACE * u32::from(order))) - 1;
        let mut numbers: HashMap<Key, u32> = HashMap::from([(0, 0)]);
        let mut keys: Vec<Key> = vec![0];
        let mut ends: Vec<Ends> = vec![Ends::default()];
        let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
        for path in paths.paths() {
            let journeys = path.conversions + path.nulls;
            if journeys == 0 {
                continue;
            }
            let (mut key, mut state, mut before) = (0, 0u32, None);
            for &touch in &path.touches {
                if before == Some(touch) {
                    continue;
                }
                before = Some(touch);
                key = (key << BITS_PER_PLACE | (u64::from(touch) + 1)) & mask;
                let next = *numbers.entry(key).or_insert_with(|| {
                    keys.push(key);
                    ends.push(Ends::default());
                    u32::try_from(keys.len() - 1).expect("fewer states than touches in memory")
                });
                *counts.entry((state, next)).or_default() += journeys;
                ends[index(state)].all += journeys;
                state = next;
            }
            ends[index(state)].all += journeys;
            ends[index(state)].conversions += path.conversions;
        }
        Self::sorted(&keys, &ends, counts)
    }

    /// Numbers states by their keys and lays out the rows, so that hashing never shows. The start's
    /// key is zero: it stays state 0.
    fn sorted(keys: &[Key], ends: &[Ends], counts: HashMap<(u32, u32), u64>) -> Self {
        let mut order: Vec<u32> = (0u32..).take(keys.len()).collect();
        order.sort_unstable_by_key(|&state| keys[index(state)]);
        let mut renumbered = vec![0u32; keys.len()];
        for (new, &old) in (0u32..).zip(&order) {
            renumbered[index(old)] = new;
        }
        let mut counted: Vec<(u32, u32, u64)> = counts
            .into_iter()
            .map(|((from, to), count)| (renumbered[index(from)], renumbered[index(to)], count))
            .collect();
        counted.sort_unstable();
        let mut chain = Self {
            rows: Vec::with_capacity(keys.len() + 1),
            edges: Vec::with_capacity(counted.len()),
            converts: Vec::with_capacity(keys.len()),
            last: Vec::with_capacity(keys.len()),
        };
        let mut counted = counted.into_iter().peekable();
        for (state, &old) in (0u32..).zip(&order) {
            let Ends { conversions, all } = ends[index(old)];
            let all = float(all.max(1));
            chain.rows.push(chain.edges.len());
            while let Some((_, to, count)) = counted.next_if(|(from, ..)| *from == state) {
                chain.edges.push((to, float(count) / all));
            }
            chain.converts.push(float(conversions) / all);
            let last = keys[index(old)] & ((1 << BITS_PER_PLACE) - 1);
            chain.last.push(u16::try_from(last).ok().and_then(|last| last.checked_sub(1)));
        }
        chain.rows.push(chain.edges.len());
        chain
    }

    /// How many states there are, the start included.
    pub(crate) fn states(&self) -> usize {
        self.converts.len()
    }

    pub(crate) fn row(&self, state: usize) -> &[(u32, f64)] {
        &self.edges[self.rows[state]..self.rows[state + 1]]
    }

    pub(crate) fn converts(&self, state: usize) -> f64 {
        self.converts[state]
    }

    /// The channel that a state stands on.
    pub(crate) fn channel(&self, state: usize) -> Option<u16> {
        self.last[state]
    }
}

/// States are numbered in 32 bits and index memory.
pub(crate) fn index(state: u32) -> usize {
    usize::try_from(state).expect("32 bits index memory")
}
