//! The published check set: six journeys, every number of it.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use tributary_attribution::paths::{
    Game, HeuristicModel, Method, PathRow, Paths, heuristic, markov, shapley,
};
use tributary_money::shares_from_weights;

fn check_set() -> Paths {
    let rows = [
        ("A>B>C", 10, 1000, 20),
        ("A", 5, 300, 30),
        ("B>C", 8, 700, 15),
        ("C", 4, 250, 10),
        ("A>B", 2, 150, 12),
        ("A>C>B>A", 1, 90, 9),
    ];
    let row = |(path, conversions, value, nulls): (&'static str, u64, i64, u64)| PathRow {
        path: path.split('>').collect(),
        conversions,
        value,
        nulls,
    };
    Paths::new(rows.map(row)).unwrap()
}

/// Numerators over one denominator.
type Fractions = ([u64; 3], u64);

fn near(got: f64, numerator: u64, denominator: u64) -> bool {
    let exact = numerator as f64 / denominator as f64;
    (got - exact).abs() <= 4.0 * f64::EPSILON * exact
}

#[test]
fn totals() {
    let paths = check_set();
    assert_eq!(paths.channels(), ["A", "B", "C"]);
    let totals = paths.totals();
    assert_eq!((totals.conversions, totals.value, totals.nulls), (30, 2490, 96));
    assert_eq!(totals.conversions + totals.nulls, 126);
}

#[test]
fn conversions_by_each_heuristic_model() {
    let table: &[(HeuristicModel, Fractions)] = &[
        (HeuristicModel::First, ([18, 8, 4], 1)),
        (HeuristicModel::Last, ([6, 2, 22], 1)),
        (HeuristicModel::Linear, ([118, 103, 139], 12)),
        (HeuristicModel::LinearDistinct, ([29, 26, 35], 3)),
        (HeuristicModel::Position, ([108, 71, 121], 10)),
        (HeuristicModel::Decay, ([808, 748, 1594], 105)),
    ];
    for (model, (numerators, denominator)) in table {
        let report = heuristic(&check_set(), *model);
        for (channel, numerator) in report.iter().zip(numerators) {
            assert!(near(channel.conversions, *numerator, *denominator), "{model} {channel:?}");
        }
        let shares: Vec<_> = report.iter().map(|channel| channel.share).collect();
        assert_eq!(shares, shares_from_weights(numerators), "{model}");
    }
}

#[test]
fn values_by_first_last_and_linear() {
    let table: &[(HeuristicModel, Fractions)] = &[
        (HeuristicModel::First, ([1540, 700, 250], 1)),
        (HeuristicModel::Last, ([390, 150, 1950], 1)),
        // 753.333, 780.833, 955.833.
        (HeuristicModel::Linear, ([9040, 9370, 11470], 12)),
    ];
    for (model, (numerators, denominator)) in table {
        for (channel, numerator) in heuristic(&check_set(), *model).iter().zip(numerators) {
            assert!(near(channel.value, *numerator, *denominator), "{model} {channel:?}");
        }
    }
}

#[test]
fn shapley_set_game() {
    let report = shapley(&check_set(), Game::Set, Method::Exact).unwrap();
    for (value, numerator) in report.values.iter().zip([29, 26, 35]) {
        assert!(near(*value, numerator, 3), "{value}");
    }
    let shares: Vec<_> = report.channels.iter().map(|channel| channel.share).collect();
    assert_eq!(shares, shares_from_weights(&[29, 26, 35]));
}

#[test]
fn shapley_rate_game() {
    // v(A) = 5/35, v(B) = 0, v(C) = 4/14, v(AB) = 7/49, v(AC) = 9/49, v(BC) = 12/37,
    // v(ABC) = 30/126; by hand over the six orders.
    let v = |conversions: f64, all: f64| conversions / all;
    let (a, b, c) = (v(5.0, 35.0), 0.0, v(4.0, 14.0));
    let (ab, ac, bc, abc) = (v(7.0, 49.0), v(9.0, 49.0), v(12.0, 37.0), v(30.0, 126.0));
    let third = |own: f64, with: [(f64, f64); 2], rest: f64| {
        own / 3.0
            + with.iter().map(|(both, other)| (both - other) / 6.0).sum::<f64>()
            + (abc - rest) / 3.0
    };
    let expected = [
        third(a, [(ab, b), (ac, c)], bc),
        third(b, [(ab, a), (bc, c)], ac),
        third(c, [(ac, a), (bc, b)], ab),
    ];
    let report = shapley(&check_set(), Game::Rate, Method::Exact).unwrap();
    for (value, expected) in report.values.iter().zip(expected) {
        assert!((value - expected).abs() < 1e-15, "{value} {expected}");
    }
    assert!((report.values.iter().sum::<f64>() - abc).abs() < 1e-15);
}

#[test]
fn markov_of_order_1() {
    let report = markov(&check_set(), 1).unwrap();
    assert!(near(report.conversion_probability, 5, 21));
    for (effect, (numerator, denominator)) in
        report.removal_effects.iter().zip([(53_807, 80_985), (1_250, 2_079), (80_303, 107_745)])
    {
        assert!((effect - numerator as f64 / denominator as f64).abs() < 1e-14, "{effect}");
    }
    for (channel, expected) in
        report.channels.iter().zip(["9.911770309", "8.969589358", "11.118640333"])
    {
        assert_eq!(format!("{:.9}", channel.conversions), expected);
    }
    assert!(report.residual < 1e-14);
    assert_eq!(report.states, 4);
}

/// As a few lines of another language found them, with exact fractions.
#[test]
fn markov_of_orders_2_and_3() {
    let table = [
        (2, ["8.774271845", "10.130461165", "11.095266990"]),
        (3, ["8.709677419", "10.161290323", "11.129032258"]),
    ];
    for (order, expected) in table {
        let report = markov(&check_set(), order).unwrap();
        let told = report.channels.iter().map(|channel| format!("{:.9}", channel.conversions));
        assert_eq!(told.collect::<Vec<_>>(), expected, "order {order}");
    }
}

#[test]
fn nothing_to_divide() {
    let none = Paths::new::<&str>([]).unwrap();
    assert!(heuristic(&none, HeuristicModel::Linear).is_empty());
    assert!(markov(&none, 1).unwrap().channels.is_empty());
    assert!(shapley(&none, Game::Set, Method::Exact).unwrap().channels.is_empty());

    let row = |path: &[&'static str], conversions| PathRow {
        path: path.to_vec(),
        conversions,
        value: 0,
        nulls: 3,
    };
    // Journeys of which nothing is known are counted apart; nobody is credited with them.
    let paths = Paths::new([row(&[], 5), row(&["A"], 0)]).unwrap();
    assert_eq!((paths.untouched().conversions, paths.totals().conversions), (5, 0));
    for shares in [
        heuristic(&paths, HeuristicModel::Decay),
        markov(&paths, 2).unwrap().channels,
        shapley(&paths, Game::Rate, Method::Exact).unwrap().channels,
    ] {
        assert!(shares.iter().all(|channel| channel.share.is_zero()), "{shares:?}");
        assert!(shares.iter().all(|channel| channel.conversions.abs() < f64::MIN_POSITIVE));
    }
}
