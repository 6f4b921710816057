//! `signatures.json` was made by `make_signatures.py` with Stripe's own package, whose version it
//! names; what that package takes, is taken, and nothing else.

use serde_json::Value;
use tributary_connectors::stripe::signature::{SignatureError, verify};
use tributary_kernel::Timestamp;

fn at(second: i64) -> Timestamp {
    Timestamp::from_microsecond(second * 1_000_000)
}

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("signatures.json")).unwrap();
    assert!(file["made_with"].as_str().unwrap().starts_with("stripe "));
    file["cases"].as_array().unwrap().clone()
}

#[test]
fn taken_as_by_the_package_of_stripe() {
    let cases = cases();
    assert!(cases.len() >= 15);
    for case in &cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let now = at(case["now"].as_i64().unwrap());
        let ours = verify(text("header"), text("body").as_bytes(), &[text("secret")], now);
        assert_eq!(ours.is_ok(), case["taken"].as_bool().unwrap(), "{}: {ours:?}", text("case"));
    }
}

#[test]
fn any_of_several_secrets_and_never_an_empty_one() {
    let cases = cases();
    let text = |name: &str| cases[0][name].as_str().unwrap();
    let (header, body, now) = (text("header"), text("body").as_bytes(), at(1_700_000_000));
    assert_eq!(verify(header, body, &["whsec_old", text("secret")], now), Ok(()));
    assert_eq!(verify(header, body, &["whsec_old", ""], now), Err(SignatureError::Wrong));
    assert_eq!(verify(header, body, &[] as &[&str], now), Err(SignatureError::Wrong));
}

#[test]
fn a_clock_that_is_ahead_is_given_the_same_tolerance() {
    let cases = cases();
    let text = |name: &str| cases[0][name].as_str().unwrap();
    let verdict = |second: i64| {
        verify(text("header"), text("body").as_bytes(), &[text("secret")], at(second))
    };
    assert_eq!(verdict(1_700_000_000 - 300), Ok(()));
    assert_eq!(verdict(1_700_000_000 - 301), Err(SignatureError::Stale));
}
