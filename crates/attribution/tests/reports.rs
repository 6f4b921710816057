//! What holds for every report.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use proptest::prelude::*;
use tributary_attribution::paths::{
    ChannelResult, Game, HeuristicModel, Method, PATH_CHANNELS_MAX, PATH_TOUCHES_MAX, PathRow,
    Paths, PathsError, draft, heuristic, markov, shapley,
};
use tributary_attribution::{Channel, CreditKey, Fitted};
use tributary_kernel::{LocalDate, PartnershipId};

fn row(channels: usize) -> impl Strategy<Value = PathRow> {
    let names: Vec<String> = (0..channels).map(|it| format!("ch{it}")).collect();
    let path = prop::collection::vec(prop::sample::select(names), 0..9);
    (path, 0u64..50, -1_000i64..100_000, 0u64..90)
        .prop_map(|(path, conversions, value, nulls)| PathRow { path, conversions, value, nulls })
}

/// Every report of these paths, as bits.
fn bits(paths: &Paths) -> Vec<(String, u64, u64, u32)> {
    let sampled = Method::Sampled { permutations: 50, seed: 7 };
    let mut all: Vec<ChannelResult> = Vec::new();
    for model in HeuristicModel::ALL {
        all.extend(heuristic(paths, *model));
    }
    for order in 1..=3 {
        all.extend(markov(paths, order).unwrap().channels);
    }
    for game in Game::ALL {
        all.extend(shapley(paths, *game, Method::Exact).unwrap().channels);
        all.extend(shapley(paths, *game, sampled).unwrap().channels);
    }
    let bits = |it: ChannelResult| {
        (it.channel, it.conversions.to_bits(), it.value.to_bits(), it.share.get())
    };
    all.into_iter().map(bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_bits_in_any_order_and_on_any_thread(
        (given, shuffled) in prop::collection::vec(row(6), 0..40)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let one = Paths::new(given).unwrap();
        let other = Paths::new(shuffled).unwrap();
        prop_assert_eq!(&one, &other);
        let here = bits(&one);
        let there = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| bits(&other))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        for bits in there {
            prop_assert_eq!(&here, &bits);
        }
    }

    #[test]
    fn shares_sum_to_one_and_the_parts_to_the_totals(
        rows in prop::collection::vec(row(5), 1..30),
    ) {
        let paths = Paths::new(rows).unwrap();
        let conversions = paths.totals().conversions;
        let reports = HeuristicModel::ALL.iter().map(|model| heuristic(&paths, *model));
        let markovs = (1..=3).map(|order| markov(&paths, order).unwrap().channels);
        let set = shapley(&paths, Game::Set, Method::Exact).unwrap().channels;
        for report in reports.chain(markovs).chain([set]) {
            let shares: u32 = report.iter().map(|it| it.share.get()).sum();
            let expected = if conversions == 0 { 0 } else { 1_000_000_000 };
            prop_assert_eq!(shares, expected);
            let sum: f64 = report.iter().map(|it| it.conversions).sum();
            prop_assert!((sum - conversions as f64).abs() < 1e-9);
            let value: f64 = report.iter().map(|it| it.value).sum();
            if conversions > 0 {
                prop_assert!((value - paths.totals().value as f64).abs() < 1e-6);
            }
        }
    }

    /// Two roads to one number: over all coalitions, and path by path.
    #[test]
    fn the_set_games_value_is_linear_over_distinct_channels(
        rows in prop::collection::vec(row(9), 1..40),
    ) {
        let paths = Paths::new(rows).unwrap();
        let values = shapley(&paths, Game::Set, Method::Exact).unwrap().values;
        let linear = heuristic(&paths, HeuristicModel::LinearDistinct);
        for (value, linear) in values.iter().zip(linear) {
            prop_assert!((value - linear.conversions).abs() < 1e-9, "{value} {linear:?}");
        }
    }

    #[test]
    fn sampling_is_as_near_as_it_says(rows in prop::collection::vec(row(8), 5..40), seed: u64) {
        let paths = Paths::new(rows).unwrap();
        for game in Game::ALL {
            let exact = shapley(&paths, *game, Method::Exact).unwrap();
            let method = Method::Sampled { permutations: 2_000, seed };
            let sampled = shapley(&paths, *game, method).unwrap();
            let errors = sampled.standard_errors.clone().unwrap();
            for ((value, exact), error) in sampled.values.iter().zip(&exact.values).zip(errors) {
                prop_assert!((value - exact).abs() <= 6.0 * error + 1e-9, "{value} {exact} {error}");
            }
            let sums = (sampled.values.iter().sum::<f64>(), exact.values.iter().sum::<f64>());
            prop_assert!((sums.0 - sums.1).abs() < 1e-9);
        }
    }
}

fn single(path: Vec<String>) -> PathRow {
    PathRow { path, conversions: 1, value: 1, nulls: 1 }
}

#[test]
fn twenty_channels_are_exact_and_more_are_sampled() {
    let names =
        |count: usize| -> Vec<String> { (0..count).map(|it| format!("c{it:02}")).collect() };
    let twenty = Paths::new([single(names(20))]).unwrap();
    let report = shapley(&twenty, Game::Set, Method::for_channels(20)).unwrap();
    assert_eq!(report.standard_errors, None);
    assert!(report.values.iter().all(|value| (value - 0.05).abs() < 1e-12), "{report:?}");

    let more = Paths::new([single(names(21))]).unwrap();
    assert_eq!(shapley(&more, Game::Set, Method::Exact), Err(PathsError::TooManyPlayers));
    let one = Method::Sampled { permutations: 1, seed: 0 };
    assert_eq!(shapley(&more, Game::Set, one), Err(PathsError::TooFewPermutations));
    let report = shapley(&more, Game::Set, Method::for_channels(21)).unwrap();
    assert!(report.standard_errors.unwrap().iter().all(|error| *error > 0.0 && *error < 0.01));
}

#[test]
fn a_channel_that_harms_has_a_negative_value_and_no_share() {
    let row = |path: &[&str], conversions, nulls| PathRow {
        path: path.iter().map(ToString::to_string).collect(),
        conversions,
        value: 0,
        nulls,
    };
    let paths = Paths::new([row(&["good"], 9, 1), row(&["bad", "good"], 0, 90)]).unwrap();
    let report = shapley(&paths, Game::Rate, Method::Exact).unwrap();
    assert!(report.values[0] < 0.0 && report.values[1] > 0.0, "{report:?}");
    assert_eq!(report.channels[0].share.get(), 0);
    assert_eq!(report.channels[1].share.get(), 1_000_000_000);
}

#[test]
fn limits() {
    let touches = |count| vec!["A".to_owned(); count];
    let of = |rows: Vec<PathRow>| Paths::new(rows);
    assert_eq!(
        of(vec![single(touches(1)), single(touches(PATH_TOUCHES_MAX + 1))]),
        Err(PathsError::PathTooLong { row: 1 })
    );
    assert_eq!(of(vec![single(vec![String::new()])]), Err(PathsError::EmptyChannel { row: 0 }));
    let named = |count: usize| (0..count).map(|it| single(vec![it.to_string()])).collect();
    assert!(of(named(PATH_CHANNELS_MAX)).is_ok());
    assert_eq!(of(named(PATH_CHANNELS_MAX + 1)), Err(PathsError::TooManyChannels));
    let huge = PathRow { conversions: u64::MAX, ..single(touches(1)) };
    assert_eq!(of(vec![huge]), Err(PathsError::Overflow));
    let value = |value| PathRow { value, ..single(touches(1)) };
    assert_eq!(of(vec![value(i64::MAX), value(-1)]), Err(PathsError::Overflow));
    assert_eq!(of(vec![value(-i64::MAX)]).unwrap().totals().value, -i64::MAX);

    // As long as a path can be, and every report answers.
    let paths = of(vec![single(touches(PATH_TOUCHES_MAX))]).unwrap();
    assert_eq!(bits(&paths).len(), HeuristicModel::ALL.len() + 3 + 4);
}

#[test]
fn a_report_becomes_a_draft_of_weights() {
    let partner = PartnershipId::from_bytes([3; 16]);
    let row = |path: Vec<String>| single(path);
    let paths = Paths::new([
        row(vec![partner.to_string(), "paid_search".into()]),
        row(vec!["email".into()]),
    ])
    .unwrap();
    let period = (LocalDate::from_days(20_000), LocalDate::from_days(20_030));
    let report = markov(&paths, 1).unwrap();
    let table = draft(&report.channels, Fitted::Markov1, period, 4).unwrap();
    assert_eq!(table.weights.len(), 3);
    assert_eq!(table.weights.values().sum::<u64>(), 1_000_000_000);
    assert!(table.weights.contains_key(&CreditKey::Partnership(partner)));
    assert!(table.weights.contains_key(&CreditKey::Channel(Channel::EMAIL)));
    assert_eq!(table.version, 4);

    let strange = Paths::new([row(vec!["Paid Search".into()])]).unwrap();
    let refusal =
        draft(&markov(&strange, 1).unwrap().channels, Fitted::Markov1, period, 1).unwrap_err();
    assert_eq!(refusal.errors[0].pointer, "/weights/Paid Search");
}
