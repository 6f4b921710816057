//! Properties of the arithmetic, checked against fractions of unbounded whole numbers from another
//! library.

use num_rational::BigRational;
use proptest::prelude::*;
use tributary_money::{
    Currency, Exact, Money, MoneyError, Rate, Rounding, Share, allocate, allocate_by_key,
    shares_from_weights,
};

fn big(value: impl Into<i128>) -> BigRational {
    BigRational::from_integer(value.into().into())
}

fn rates() -> impl Strategy<Value = Rate> {
    (any::<i64>(), 0u32..63, 0u8..=18).prop_map(|(digits, shift, scale)| {
        Rate::new(digits >> shift, scale).expect("digits and scale are in range")
    })
}

fn value_of(rate: Rate) -> BigRational {
    big(rate.digits()) / big(10i128.pow(u32::from(rate.scale())))
}

/// The definition of each mode, told with floors and ceilings.
fn rounded(exact: &BigRational, mode: Rounding) -> BigRational {
    let (floor, ceiling) = (exact.floor(), exact.ceil());
    let half = big(1) / big(2);
    match mode {
        Rounding::Down => exact.trunc(),
        Rounding::HalfUp => (exact + &half).floor(),
        Rounding::HalfAwayFromZero if exact < &big(0) => (exact - &half).ceil(),
        Rounding::HalfAwayFromZero => (exact + &half).floor(),
        Rounding::HalfEven if exact - &floor == half => {
            if (&floor / big(2)).is_integer() {
                floor
            } else {
                ceiling
            }
        }
        Rounding::HalfEven => (exact + &half).floor(),
    }
}

fn fits(value: &BigRational) -> bool {
    *value >= big(i64::MIN) && *value <= big(i64::MAX)
}

fn modes() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(Rounding::ALL)
}

/// Weights with many ties, zeros and extremes.
fn weights() -> impl Strategy<Value = Vec<u64>> {
    let weight = prop_oneof![Just(0), 1u64..4, 1u64..1_000_000, any::<u64>()];
    proptest::collection::vec(weight, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rounding_agrees_with_fractions(
        minor in any::<i64>(), shift in 0u32..63, rate in rates(), parts in 0..=Share::PARTS,
        divisor in 1u32.., mode in modes(),
    ) {
        let minor = minor >> shift;
        let share = Share::new(parts).unwrap();
        let found = Exact::of(minor)
            .times(rate)
            .and_then(|exact| exact.times_share(share))
            .and_then(|exact| exact.divided_by(divisor))
            .and_then(|exact| exact.round(mode));
        let exact = big(minor) * value_of(rate) * big(parts) / big(Share::PARTS) / big(divisor);
        let expected = rounded(&exact, mode);
        match found {
            Ok(found) => prop_assert_eq!(big(found), expected),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::Overflow);
                // Refused only for want of room: in the answer, or in the 128 bits of a step.
                let room = BigRational::from_integer(i128::MAX.into());
                let steps = exact.numer().magnitude() * exact.denom().magnitude();
                let large = BigRational::from_integer(steps.into()) > room;
                prop_assert!(large || !fits(&expected), "{} refused", exact);
            }
        }
    }

    #[test]
    fn halves_round_by_their_mode(whole in -1_000i64..1_000, mode in modes()) {
        let halves = Exact::of(2 * whole + 1).divided_by(2).unwrap();
        let expected = rounded(&(big(2 * whole + 1) / big(2)), mode);
        prop_assert_eq!(big(halves.round(mode).unwrap()), expected);
    }

    #[test]
    fn reversal_is_symmetric_except_half_up(
        minor in -1_000_000i64..1_000_000, digits in 0i64..100_000, mode in modes(),
    ) {
        let rate = Rate::new(digits, 4).unwrap();
        let round = |minor| Exact::of(minor).times(rate).unwrap().round(mode).unwrap();
        let (there, back) = (round(minor), round(-minor));
        if mode == Rounding::HalfUp {
            let tie = (i128::from(minor) * i128::from(digits)).rem_euclid(10_000) == 5_000;
            prop_assert_eq!(there + back, i64::from(tie));
        } else {
            prop_assert_eq!(there, -back);
        }
    }

    #[test]
    fn sums_are_exact(a in any::<i32>(), b in any::<i32>(), r in rates(), s in rates()) {
        let term = |minor, rate| Exact::of(i64::from(minor)).times(rate);
        let sum = term(a, r).and_then(|left| left.plus(term(b, s)?));
        let expected = big(a) * value_of(r) + big(b) * value_of(s);
        if let Ok(found) = sum.and_then(|sum| sum.round(Rounding::HalfEven)) {
            prop_assert_eq!(big(found), rounded(&expected, Rounding::HalfEven));
        } else {
            prop_assert!(!fits(&expected) || r.scale().max(s.scale()) > 9);
        }
    }

    #[test]
    fn parts_sum_to_the_whole(total in any::<i64>(), shift in 0u32..63, weights in weights()) {
        let total = total >> shift;
        let parts = allocate(total, &weights);
        prop_assert_eq!(parts.iter().map(|&part| i128::from(part)).sum::<i128>(), total.into());
        if weights.iter().any(|&weight| weight > 0) {
            let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            for (&part, &weight) in parts.iter().zip(&weights) {
                let exact = big(total) * big(weight) / big(whole);
                let distance = big(part) - &exact;
                prop_assert!(distance < big(1) && distance > big(-1), "{part} for {exact}");
                prop_assert!(weight > 0 || part == 0);
            }
        }
    }

    #[test]
    fn a_larger_weight_gets_no_less(total in 0i64.., weights in weights()) {
        let parts = allocate(total, &weights);
        for (i, j) in (0..parts.len()).flat_map(|i| (0..parts.len()).map(move |j| (i, j))) {
            prop_assert!(weights[i] < weights[j] || i > j || parts[i] >= parts[j]);
        }
    }

    #[test]
    fn negative_totals_are_the_mirror(total in 0..=i64::MAX, weights in weights()) {
        let mirrored: Vec<i64> = allocate(-total, &weights).iter().map(|part| -part).collect();
        prop_assert_eq!(mirrored, allocate(total, &weights));
    }

    #[test]
    fn order_does_not_matter_with_fixed_keys(
        total in any::<i64>(),
        (weighted, shuffled) in weights()
            .prop_map(|weights| weights.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|weighted| (Just(weighted.clone()), Just(weighted).prop_shuffle())),
    ) {
        let by_key = |weighted: &[(usize, u64)]| -> std::collections::BTreeMap<usize, i64> {
            let parts = allocate_by_key(total, weighted);
            weighted.iter().map(|(key, _)| *key).zip(parts).collect()
        };
        prop_assert_eq!(by_key(&weighted), by_key(&shuffled));
    }

    #[test]
    fn shares_sum_to_one(weights in weights()) {
        let sum: u64 = shares_from_weights(&weights).iter().map(|s| u64::from(s.get())).sum();
        prop_assert_eq!(sum, u64::from(Share::PARTS));
    }

    #[test]
    fn amounts_round_trip_as_text(
        minor in any::<i64>(), currency in proptest::sample::select(Currency::all()),
    ) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse_decimal(&money.to_decimal_string(), currency), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        let text = serde_json::json!({
            "amount": money.to_decimal_string(), "currency": currency.code(),
        });
        prop_assert_eq!(serde_json::from_value::<Money>(text).unwrap(), money);
    }

    #[test]
    fn rates_round_trip_as_their_one_text(rate in rates()) {
        let text = rate.to_string();
        prop_assert_eq!(text.parse(), Ok(rate));
        let point = text.contains('.');
        prop_assert!(!point || !text.ends_with('0'), "{}", text);
        prop_assert!(text != "-0" && !text.contains('e'));
        let padded = if point { format!("{text}00") } else { format!("{text}.00") };
        prop_assert_eq!(padded.parse(), Ok(rate));
    }

    #[test]
    fn percents_are_hundredths(digits in any::<i64>(), scale in 0u8..=16) {
        let percent = Rate::new(digits, scale).unwrap();
        let rate = Rate::from_percent(&percent.to_string()).unwrap();
        prop_assert_eq!(value_of(rate) * big(100), value_of(percent));
        prop_assert_eq!(rate.to_percent_string(), percent.to_string());
    }

    #[test]
    fn rates_order_like_their_values(a in rates(), b in rates()) {
        prop_assert_eq!(a.cmp(&b), value_of(a).cmp(&value_of(b)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}|[-0-9.]{0,24}") {
        if let Ok(money) = Money::parse_decimal(&text, Currency::KWD) {
            prop_assert_eq!(Money::parse_decimal(&money.to_decimal_string(), Currency::KWD), Ok(money));
        }
        if let Ok(rate) = text.parse::<Rate>() {
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
