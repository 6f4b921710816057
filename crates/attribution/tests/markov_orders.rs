//! Markov chains of every order against a solver written otherwise: states named in words, dense
//! Gaussian elimination, exact rational numbers.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::collections::BTreeMap;

use num_rational::BigRational;
use proptest::prelude::*;
use tributary_attribution::paths::{PathRow, Paths, PathsError, markov};

type Row = (Vec<char>, u64, u64);

fn whole(number: u64) -> BigRational {
    BigRational::from_integer(number.into())
}

/// `(from, to) -> count`, with `*` for conversion and `-` for null; a state is its last channels.
fn transitions(rows: &[Row], order: usize) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    for (path, conversions, nulls) in rows.iter().filter(|(_, c, n)| c + n > 0) {
        let mut collapsed = path.clone();
        collapsed.dedup();
        let state = |upto: usize| -> String {
            let padded = std::iter::repeat_n('.', order).chain(collapsed[..upto].iter().copied());
            padded.skip(upto).collect()
        };
        for upto in 0..collapsed.len() {
            *counts.entry((state(upto), state(upto + 1))).or_default() += conversions + nulls;
        }
        let end = state(collapsed.len());
        *counts.entry((end.clone(), "*".into())).or_default() += conversions;
        *counts.entry((end, "-".into())).or_default() += nulls;
    }
    counts
}

/// Probability of converting from the start, by elimination with exact numbers.
fn converting(
    counts: &BTreeMap<(String, String), u64>,
    order: usize,
    without: Option<char>,
) -> BigRational {
    let states: Vec<&String> = {
        let mut all: Vec<_> = counts.keys().map(|(from, _)| from).collect();
        all.dedup();
        all.into_iter().filter(|s| without.is_none() || s.chars().last() != without).collect()
    };
    let n = states.len();
    let place = |name: &String| states.iter().position(|state| *state == name);
    // Rows of (I - Q | r).
    let mut m = vec![vec![whole(0); n + 1]; n];
    for (at, state) in states.iter().enumerate() {
        let own = counts.range((state.to_string(), String::new())..);
        let own: Vec<_> = own.take_while(|((from, _), _)| from == *state).collect();
        let total: u64 = own.iter().map(|(_, count)| **count).sum();
        m[at][at] += whole(1);
        for ((_, to), count) in own {
            let p = whole(*count) / whole(total);
            match place(to) {
                _ if to == "*" => m[at][n] += p,
                Some(to) => m[at][to] -= p,
                None => {}
            }
        }
    }
    for column in 0..n {
        let pivot = (column..n).find(|&row| m[row][column] != whole(0)).unwrap();
        m.swap(column, pivot);
        let lead = m[column][column].clone();
        m[column].iter_mut().for_each(|it| *it /= lead.clone());
        for row in (0..n).filter(|&row| row != column) {
            let factor = m[row][column].clone();
            let lead = m[column].clone();
            for (it, lead) in m[row].iter_mut().zip(lead) {
                *it -= factor.clone() * lead;
            }
        }
    }
    let start = ".".repeat(order);
    place(&start).map_or(whole(0), |at| m[at][n].clone())
}

fn removal_effects(
    rows: &[Row],
    order: usize,
    channels: &[String],
) -> (BigRational, Vec<BigRational>) {
    let counts = transitions(rows, order);
    let all = converting(&counts, order, None);
    let effect = |channel: &String| {
        let without = converting(&counts, order, channel.chars().next());
        if all == whole(0) { whole(0) } else { whole(1) - without / all.clone() }
    };
    (all.clone(), channels.iter().map(effect).collect())
}

fn paths(rows: &[Row]) -> Paths {
    let row = |(path, conversions, nulls): &Row| PathRow {
        path: path.iter().map(char::to_string).collect(),
        conversions: *conversions,
        value: 0,
        nulls: *nulls,
    };
    Paths::new(rows.iter().map(row)).unwrap()
}

fn close(got: f64, exact: &BigRational) -> bool {
    let difference = BigRational::from_float(got).unwrap() - exact.clone();
    let tolerance = whole(1) / whole(1_000_000_000_000);
    difference < tolerance && -difference < tolerance
}

fn agree(rows: &[Row], order: u8) {
    let paths = paths(rows);
    let report = markov(&paths, order).unwrap();
    let (all, effects) = removal_effects(rows, order.into(), paths.channels());
    assert!(close(report.conversion_probability, &all), "{report:?}");
    let sum: BigRational = effects.iter().cloned().sum();
    for ((got, channel), exact) in report.removal_effects.iter().zip(&report.channels).zip(&effects)
    {
        assert!(close(*got, exact), "order {order}: {got} is not {exact}");
        if sum != whole(0) {
            let share = exact.clone() / sum.clone();
            let parts = share * whole(1_000_000_000) - whole(channel.share.get().into());
            // Largest remainder: less than one part off, but for the noise of rounding.
            let limit = whole(1_000_001) / whole(1_000_000);
            assert!(parts < limit && -parts < limit, "order {order}: {channel:?}");
        }
    }
    assert!(report.residual < 1e-12);
}

fn row(path: &str, conversions: u64, nulls: u64) -> Row {
    (path.chars().collect(), conversions, nulls)
}

#[test]
fn the_check_set_at_every_order() {
    let rows = [
        row("ABC", 10, 20),
        row("A", 5, 30),
        row("BC", 8, 15),
        row("C", 4, 10),
        row("AB", 2, 12),
        row("ACBA", 1, 9),
    ];
    for order in 1..=3 {
        agree(&rows, order);
    }
    assert_eq!(markov(&paths(&rows), 0), Err(PathsError::Order));
    assert_eq!(markov(&paths(&rows), 4), Err(PathsError::Order));
}

#[test]
fn repeated_neighbours_are_one_state() {
    let twice = [row("AABBBA", 3, 2), row("BB", 1, 4)];
    let once = [row("ABA", 3, 2), row("B", 1, 4)];
    for order in 1..=3 {
        let (twice, once) = (markov(&paths(&twice), order), markov(&paths(&once), order));
        assert_eq!(twice.unwrap(), once.unwrap());
    }
}

/// Journeys of thousands of touches that go round and round: sweeping alone would take thousands of
/// rounds, and still be off.
#[test]
fn journeys_without_end_in_sight() {
    let long: String = "AB".repeat(5_000);
    let middle = format!("{}C", "ABC".repeat(1_500));
    let rows = [row(&long, 1, 0), row(&middle, 0, 1), row("BA", 1, 1)];
    for order in 1..=3 {
        agree(&rows, order);
    }
    // Two that touch nothing but each other, and never convert.
    agree(&[row(&long, 0, 3)], 1);
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let path = prop::collection::vec(prop::sample::select(vec!['A', 'B', 'C', 'D']), 1..7);
    prop::collection::vec((path, 0u64..20, 0u64..40), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_paths_at_any_order(rows in rows(), order in 1u8..=3) {
        agree(&rows, order);
    }
}
