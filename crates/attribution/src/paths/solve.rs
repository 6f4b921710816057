//! The equations `x = r + Q x`: the probability of converting from each state.

use super::chain::{Chain, index};

/// Sweeps before elimination takes over: chains whose journeys end soon need some tens.
const SWEEPS_MAX: usize = 400;
/// Where sweeping stops: what is left is the noise of rounding.
const SETTLED: f64 = 1e-15;
/// Elimination works on all states at once; beyond these it would not end in sensible time.
const ELIMINATED_STATES_MAX: usize = 3_000;

/// An answer with what it misses by.
#[derive(Debug, Clone)]
pub(crate) struct Solution {
    /// Probability of converting, by state.
    pub(crate) probability: Vec<f64>,
    /// The largest `|x - r - Q x|` of any state.
    pub(crate) residual: f64,
}

/// Solves the chain with the states of `removed` leading to null. `guess` is where sweeping begins:
/// any will do, a near one is quicker.
///
/// Gauss-Seidel sweeps, latest states first, until no state moves; a chain in which journeys go
/// round and round without ending is eliminated instead.
pub(crate) fn solve(chain: &Chain, removed: Option<u16>, guess: &[f64]) -> Solution {
    let states = chain.states();
    let gone = |state: usize| removed.is_some() && chain.channel(state) == removed;
    let mut x: Vec<f64> =
        (0..states).map(|state| if gone(state) { 0.0 } else { guess[state] }).collect();
    let kept: Vec<usize> = (0..states).rev().filter(|&state| !gone(state)).collect();
    for _ in 0..SWEEPS_MAX {
        let mut moved = 0.0f64;
        for &state in &kept {
            let next = stepped(chain, state, &x);
            moved = moved.max((next - x[state]).abs());
            x[state] = next;
        }
        if moved <= SETTLED {
            break;
        }
    }
    let mut found = Solution { residual: residual(chain, &kept, &x), probability: x };
    if found.residual > SETTLED * 16.0 && kept.len() <= ELIMINATED_STATES_MAX {
        let probability = eliminate(chain, &kept);
        let residual = residual(chain, &kept, &probability);
        if residual < found.residual {
            found = Solution { probability, residual };
        }
    }
    found
}

fn stepped(chain: &Chain, state: usize, x: &[f64]) -> f64 {
    let onward = chain.row(state).iter().map(|&(to, p)| p * x[index(to)]);
    onward.fold(chain.converts(state), |sum, it| sum + it)
}

fn residual(chain: &Chain, kept: &[usize], x: &[f64]) -> f64 {
    kept.iter().map(|&state| (stepped(chain, state, x) - x[state]).abs()).fold(0.0, f64::max)
}

/// Takes states out one by one: who went through a state goes straight to where it leads. Every
/// number stays a probability, and nothing is subtracted but a state's own return, so no accuracy
/// is lost however seldom journeys end.
fn eliminate(chain: &Chain, kept: &[usize]) -> Vec<f64> {
    let n = kept.len();
    let mut place = vec![usize::MAX; chain.states()];
    for (at, &state) in kept.iter().enumerate() {
        place[state] = at;
    }
    // Columns: the kept states, conversion, null.
    let width = n + 2;
    let (converts, null) = (n, n + 1);
    let mut m = vec![0.0f64; n * width];
    for (at, &state) in kept.iter().enumerate() {
        let row = &mut m[at * width..(at + 1) * width];
        row[converts] = chain.converts(state);
        let mut rest = 1.0 - chain.converts(state);
        for &(to, p) in chain.row(state) {
            rest -= p;
            let to = place[index(to)];
            // A removed state leads to null.
            row[if to == usize::MAX { null } else { to }] += p;
        }
        row[null] += rest.max(0.0);
    }
    for out in 0..n {
        let (above, below) = m.split_at_mut((out + 1) * width);
        let own = &mut above[out * width..];
        // One minus the return is the sum of all ways on: no cancellation.
        let leaves: f64 = own[out + 1..].iter().sum();
        if leaves > 0.0 {
            own[out + 1..].iter_mut().for_each(|p| *p /= leaves);
        }
        for row in below.chunks_exact_mut(width) {
            let through = std::mem::take(&mut row[out]);
            if through > 0.0 {
                for (to, way) in row[out + 1..].iter_mut().zip(&own[out + 1..]) {
                    *to += through * way;
                }
            }
        }
    }
    let mut x = vec![0.0; chain.states()];
    for at in (0..n).rev() {
        let row = &m[at * width..(at + 1) * width];
        let onward = (at + 1..n).map(|to| row[to] * x[kept[to]]);
        x[kept[at]] = onward.fold(row[converts], |sum, it| sum + it);
    }
    x
}
